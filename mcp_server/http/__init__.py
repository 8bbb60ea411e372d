"""Streamable HTTP on this machine: who is let in, how much is held open, and how it ends."""

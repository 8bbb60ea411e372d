"""Tools for HCL Unica Collaborate."""

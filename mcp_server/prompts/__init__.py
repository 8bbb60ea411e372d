"""Prompts: frequent jobs as texts that tell the assistant which tools to use, in which order, and when to ask."""

from mcp_server.prompts import actito, collaborate
from mcp_server.prompts.prompt import Argument, Prompt

__all__ = ["PROMPTS", "Argument", "Prompt"]

PROMPTS = (*collaborate.PROMPTS, *actito.PROMPTS)

"""Tools of Actito, one module for each category of routes."""

SYSTEM = "actito"

"""Tools for HCL Unica Campaign."""

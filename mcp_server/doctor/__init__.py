"""The doctor looks at every part of the way to the systems, changes nothing, and says what to do."""

from mcp_server.doctor.examination import examine
from mcp_server.doctor.report import Line, Report

__all__ = ["Line", "Report", "examine"]

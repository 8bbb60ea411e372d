"""Settings of `serve --http`: how much is held open for clients at the same time."""

from __future__ import annotations

from pydantic import BaseModel, Field

from mcp_server.settings.installation import Strict


class Http(BaseModel):
    """Bounds of serving over HTTP; where one is reached, what has been idle for longest gives way."""

    model_config = Strict

    max_sessions: int = Field(
        200,
        ge=1,
        le=10_000,
        description="sessions of clients over HTTP; a further one ends that which has been idle for longest",
    )
    session_idle_minutes: float = Field(30, gt=0, le=1440, description="minutes after which an idle session ends")
    max_connections: int = Field(
        500,
        ge=2,
        le=10_000,
        description="connections over HTTP; a further one ends that which has been idle for longest",
    )
    request_seconds: float = Field(
        15, gt=0, le=600, description="seconds within which a request must have arrived as a whole"
    )

"""HCL Unica Platform: login and logout of internal users (manager mode).

A token lives 15 s by default, is not extended by use, and dies with the next login of the same user.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Generic

from pydantic import ConfigDict, Field

from upstream.moment import Moment
from upstream.record import Message, Record
from upstream.request import Answer, Api, Header, Request

PLATFORM_API = Api("unica-platform", "")


class PlatformRequest(Request[Answer], Generic[Answer]):
    """A route of the Platform. Source: Campaign REST API 12.1.0, index page (addresses)."""

    api: ClassVar[Api] = PLATFORM_API


class LoginResponse(Record):
    """A new token. It is opaque, and its life counts from the moment the answer arrived: `create_date` is for people.

    Source: Campaign REST API 12.1.0, index page.
    """

    # Built at once: a reader made before the model is built would not hide the token in its errors.
    model_config = ConfigDict(hide_input_in_errors=True, defer_build=False)

    token_id: str = Field(alias="m_tokenId", min_length=1, repr=False)
    user_name: str = Field("", alias="m_user_name")
    create_date: Moment = None


class Login(PlatformRequest[LoginResponse]):
    """Exchange user name and password for a short-lived token; every earlier token of the user dies.

    401 for wrong credentials, 403 when the API is blocked or wants HTTPS. The password travels in clear text.

    Source: Campaign REST API 12.1.0, index page; Plan documentation (`api_auth_mode`, address without final slash).
    Inferred: the verb, from Unica Deliver, whose login has the same headers and answer.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    method, path, operation, category = (
        "POST",
        "/unica/api/manager/authentication/login/",
        "login",
        "authentication",
    )

    user_name: Annotated[str, Header("m_user_name")]
    password: Annotated[str, Field(repr=False), Header("m_user_password")]
    auth_mode: Annotated[str | None, Header("api_auth_mode")] = None


class Logout(PlatformRequest[Message]):
    """Log the user out and drop the token. The token and its user travel as on every protected call.

    401 when the token is already gone, which comes to the same. Federated users log out at their identity provider.

    Source: Campaign REST API 12.1.0, index page. Inferred: the verb, the empty answer.
    """

    method, path, operation, category = (
        "POST",
        "/unica/api/manager/authentication/logout/",
        "logout",
        "authentication",
    )

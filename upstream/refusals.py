"""What is said when an account, an address or a setting stands in the way: each text names the setting to change."""

from __future__ import annotations

from upstream.errors import Forbidden, LoginRefused, NotConfigured, Unavailable, UpstreamError
from upstream.http import Loss

PAGE = "Platform | Settings | Configuration | Platform | Security | API management"


def setting(system: str, name: str) -> str:
    """The environment variable of a setting, such as CAMPAIGN_MCP_UNICA__PASSWORD."""
    return f"CAMPAIGN_MCP_{system.upper()}__{name}"


def address_setting(system: str, api: str) -> str:
    """The setting with the address of an API; where a system has several, each defaults from that of the system."""
    if api == system:
        return setting(system, "URL")
    name = api.removeprefix(f"{system}-").upper()
    return f"{setting(system, f'{name}_URL')} (or {setting(system, 'URL')})"


def wrong_credentials(system: str, wait: float) -> LoginRefused:
    """401 at the login itself."""
    return LoginRefused(
        f"The login to {system} was refused (401), so user name or password is wrong; the same pair is not tried "
        f"again for {spell(wait)}, or the account would be locked.",
        advice=f"Correct {setting(system, 'USERNAME')} or {setting(system, 'PASSWORD')} and restart: a corrected "
        "password is tried at once. Users of an external directory can't use these APIs. A proxy that drops header "
        "names with underscores looks the same (nginx: underscores_in_headers on).",
        status=401,
        operation="login",
    )


def not_accepted(system: str, wait: float) -> LoginRefused:
    """401 for calls with tokens that a login has just given, and none has ever worked."""
    return LoginRefused(
        f"The login to {system} works, but calls with fresh tokens are refused (401). No attempt for {spell(wait)}.",
        advice="Is the account allowed to use the API? Users of an external directory are not. A proxy before the API "
        "that drops header names with underscores looks the same (nginx: underscores_in_headers on). Many servers "
        "behind one address must share their tokens.",
        status=401,
    )


def killed_too_fast(system: str, wait: float) -> Unavailable:
    """Tokens that did work die faster than calls can be repeated."""
    return Unavailable(
        f"Tokens of {system} die faster than a call can use them: another program keeps logging in with this account.",
        advice=f"Nothing was changed by this call; try again in {spell(wait)}. The lasting remedy is a service account "
        f"of its own in {setting(system, 'USERNAME')}.",
        status=401,
    )


def foreign_logins(system: str) -> str:
    """The warning while calls still succeed."""
    return (
        f"Another program or person keeps logging in to {system} with this account, and each login kills our token; "
        "calls are repeated and get slower. Give this server a service account of its own "
        f"({setting(system, 'USERNAME')})."
    )


def store_away() -> str:
    return (
        "The state database can't be reached, so logins are not shared with other processes of this account "
        "(CAMPAIGN_MCP_STATE_URL)."
    )


def federated_refused(system: str, again: bool) -> LoginRefused:
    """401 with a federated token; `again`: it was read anew and is no other."""
    what = "still the same after reading it again" if again else "and it can't be read again"
    return LoginRefused(
        f"{system} refused the federated token (401), {what}.",
        advice=f"Put a current token into {setting(system, 'FEDERATED_TOKEN')}, or where it comes from into "
        f"{setting(system, 'FEDERATED_TOKEN_FILE')} or {setting(system, 'FEDERATED_TOKEN_COMMAND')}; check user, "
        "client and service provider.",
        status=401,
    )


def federated_unread(system: str, why: str) -> LoginRefused:
    """The file or the command gave no token; `why` holds nothing of its output."""
    return LoginRefused(
        f"The federated token of {system} can't be read: {why}.",
        advice=f"Check {setting(system, 'FEDERATED_TOKEN_FILE')} or {setting(system, 'FEDERATED_TOKEN_COMMAND')}.",
    )


def authentication_wanted(system: str) -> LoginRefused:
    """401 without credentials."""
    return LoginRefused(
        f"{system} wants authentication (401), and the settings say that it does not.",
        advice=f'"Require authentication for API access" is on there: set {setting(system, "AUTH")} to manager with '
        f"{setting(system, 'USERNAME')} and {setting(system, 'PASSWORD')}, or to federated.",
        status=401,
    )


def forbidden(
    system: str, api: str, base: str, operation: str, said: str, *, writes: bool = False, right: str = ""
) -> Forbidden:
    """403: one of the settings of Platform, and which of them depends on how we called; elsewhere a right of the key.

    `writes`: a change that reads of the same API went before, so it is most likely the account that may not do this.
    `right`: what the key needs, where the system names its rights.
    """
    if api == system:
        return Forbidden(
            f"{operation} was refused (403){said}.",
            advice=f"The API key lacks {f'the right {right}' if right else 'a right'}, or may not use this entity: an "
            "administrator of the licence gives rights, where the API users are.",
            status=403,
            operation=operation,
        )
    blocked = f'"Block API access" may be on for this API ({PAGE})'
    right = "the account lacks the right for this action"
    plain = not base.lower().startswith("https:")
    secure = f'"Secure API access over HTTPS" is on by default: use https in {address_setting(system, api)}'
    if writes:
        advice = f"Most likely {right}: give it a role that may do this in Unica; else {blocked}."
    else:
        advice = f"{secure}; or {blocked}, or {right}." if plain else f"{blocked}, or {right}."
    return Forbidden(f"{operation} was refused (403){said}.", advice=advice, status=403, operation=operation)


def no_right(system: str, operation: str, said: str = "") -> Forbidden:
    """401 of an application that answers a missing right so; `said` is empty where it did not say which it is."""
    advice = "Give the account a role that may do this in Unica."
    if not said:
        advice = f"Tokens that work elsewhere are refused here, so most likely a right is missing. {advice}"
    return Forbidden(f"{operation} was refused (401){said}.", advice=advice, status=401, operation=operation)


def redirected(system: str, api: str, operation: str, target: str, status: int) -> NotConfigured:
    """A redirect, which a REST address never answers; `target` is host and path only."""
    return NotConfigured(
        f"{operation} was redirected to {target or 'another address'} ({status}) and not followed.",
        advice=f"{address_setting(system, api)} should be the address of the application itself, as https where the "
        "server wants it, not of a login page or portal.",
        status=status,
        operation=operation,
    )


def login_missing(system: str, status: int) -> NotConfigured:
    """404 or 405 at the login."""
    remedy = (
        f"Check {address_setting(system, 'unica-platform')}: what stands before /unica/api/manager."
        if status == 404
        else f"Set {setting(system, 'LOGIN_METHOD')} to the method that this installation takes (POST or GET)."
    )
    return NotConfigured(f"The login of {system} answered {status}.", advice=remedy, status=status, operation="login")


def not_a_login(system: str, said: str) -> NotConfigured:
    """A success at the login that holds no token."""
    return NotConfigured(
        f"The login of {system} answered without a token{said}.",
        advice=f"Check {address_setting(system, 'unica-platform')}: another application seems to answer there.",
        status=200,
        operation="login",
    )


def unreached(system: str, api: str, base: str, operation: str, loss: Loss) -> UpstreamError:
    """Nothing left: the address is wrong, the certificate isn't trusted, or nobody answers."""
    if loss.kind == "address":
        return NotConfigured(
            f"{operation} was not sent: {loss.detail}.",
            advice=f"Check {address_setting(system, api)}.",
            operation=operation,
        )
    if loss.kind == "certificate":
        return NotConfigured(
            f"{operation} was not sent, as the connection is not trusted: {loss.detail}.",
            advice="Add the authority of your company to the system's certificates, or name its file in SSL_CERT_FILE.",
            operation=operation,
        )
    return Unavailable(
        f"{operation} was not sent: {loss.detail} ({host(base)}).",
        advice=f"Check {address_setting(system, api)}, the network and the proxy variables (HTTPS_PROXY, NO_PROXY).",
        operation=operation,
    )


def host(base: str) -> str:
    """The host of an address, for people: no user, no password, no path."""
    return base.partition("://")[2].partition("/")[0].rpartition("@")[2] or base


def spell(seconds: float) -> str:
    """A wait in words."""
    return f"{seconds / 60:.0f} minutes" if seconds >= 100 else f"{max(1, round(seconds))} s"

"""What is said when an API key stands in the way: each text names the setting to change."""

from __future__ import annotations

from upstream.actito.environments import ENVIRONMENTS
from upstream.errors import LoginRefused, NotConfigured, Unavailable
from upstream.refusals import host, setting, spell


def wrong_key(system: str, address: str, wait: float) -> LoginRefused:
    """401 or 403 where a key should buy a token."""
    return LoginRefused(
        f"The API key was refused by {host(address)}; it is not tried again for {spell(wait)}.",
        advice="A key works on its own host only, which stands beside it in Actito, in the app of the API users. Set "
        f"{setting(system, 'URL')} to that host, or to the name of its environment ({', '.join(ENVIRONMENTS)}), and "
        f"{setting(system, 'API_KEY')} to a key that is not revoked; a corrected one is tried at once.",
        status=401,
        operation="getAccessToken",
    )


def no_tokens_here(system: str, address: str, what: str, status: int) -> NotConfigured:
    """Something else than a token came from the place of the tokens."""
    return NotConfigured(
        f"{host(address)} {what} where {system} hands out tokens (/auth/token).",
        advice=f"Set {setting(system, 'URL')} to the host of the API itself, or to the name of an environment "
        f"({', '.join(ENVIRONMENTS)}).",
        status=status,
        operation="getAccessToken",
    )


def key_not_accepted(system: str, wait: float) -> LoginRefused:
    """401 for calls with tokens that the key has just bought, and none has ever worked."""
    return LoginRefused(
        f"The API key buys tokens from {system}, but calls with fresh ones are refused (401). No attempt for "
        f"{spell(wait)}.",
        advice=f"Is the key of {setting(system, 'API_KEY')} still active? A proxy before the API that drops the "
        "Authorization header looks the same.",
        status=401,
    )


def tokens_die_too_fast(system: str, wait: float) -> Unavailable:
    """Tokens that did work die faster than calls can be repeated."""
    return Unavailable(
        f"Tokens of {system} die faster than a call can use them: another program keeps taking tokens with this key.",
        advice=f"Nothing was changed by this call; try again in {spell(wait)}. The lasting remedy is a key of its own "
        f"in {setting(system, 'API_KEY')}.",
        status=401,
    )


def foreign_tokens(system: str) -> str:
    """The warning while calls still succeed."""
    return (
        f"Tokens of {system} die early, as if another program took tokens with this key and each ended ours; calls are "
        f"repeated and get slower. Give this server a key of its own ({setting(system, 'API_KEY')})."
    )

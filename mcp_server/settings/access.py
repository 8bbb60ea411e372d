"""From settings to the plain values that the session manager takes."""

from __future__ import annotations

from pathlib import Path

from mcp_server.settings.model import Settings
from mcp_server.settings.unica import Unica
from upstream.auth import Authentication, Federated, ManagerLogin, NoAuthentication
from upstream.limits import Policy
from upstream.session import Access


def access(settings: Settings) -> dict[str, Access]:
    """System to how it is reached; a system without an address is absent."""
    if settings.unica is None:
        return {}
    unica = settings.unica
    addresses = {
        "unica-platform": unica.platform_url,
        "unica-campaign": unica.campaign_url,
        "unica-collaborate": unica.collaborate_url,
    }
    return {
        "unica": Access(
            system="unica",
            addresses={api: address for api, address in addresses.items() if address},
            authentication=_authentication(unica),
            policy=_policy(unica),
            overrides=unica.overrides(),
        )
    }


def _authentication(unica: Unica) -> Authentication:
    if unica.auth == "none":
        return NoAuthentication()
    if unica.auth == "manager":
        return ManagerLogin(
            username=unica.username,
            password=unica.password.get_secret_value(),
            token_life=unica.token_life,
            single_use={"auto": None, "yes": True, "no": False}[unica.single_use_tokens],
            method=unica.login_method,
            trailing_slash=unica.login_trailing_slash,
            header_names=unica.header_names,
        )
    return Federated(
        user=unica.federated_user,
        client=unica.federated_client,
        service_provider=unica.federated_service_provider,
        token=unica.federated_token.get_secret_value(),
        token_file=str(Path(unica.federated_token_file).expanduser()) if unica.federated_token_file else "",
        token_command=tuple(unica.federated_token_command),
        header_names=unica.header_names,
    )


def _policy(unica: Unica) -> Policy:
    times = unica.timeouts
    return Policy(
        connect=times.connect,
        read=times.read,
        write=times.write,
        pool=times.pool,
        max_in_flight=unica.max_in_flight,
        cool_down=unica.cool_down_minutes * 60,
    )

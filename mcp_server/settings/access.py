"""From settings to the plain values that the session manager takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from mcp_server.settings.actito import Actito
from mcp_server.settings.model import Settings
from mcp_server.settings.unica import Unica
from upstream.auth import ApiKey, Authentication, Federated, ManagerLogin, NoAuthentication
from upstream.limits import Policy
from upstream.session import Access
from upstream.styles import PathStyle


def access(settings: Settings) -> dict[str, Access]:
    """System to how it is reached; a system without an address is absent."""
    found = {}
    if settings.unica is not None:
        found["unica"] = _unica(settings.unica)
    if settings.actito is not None:
        found["actito"] = _actito(settings.actito)
    return found


def _unica(unica: Unica) -> Access:
    addresses = {
        "unica-platform": unica.platform_url,
        "unica-campaign": unica.campaign_url,
        "unica-collaborate": unica.collaborate_url,
    }
    return Access(
        system="unica",
        addresses={api: address for api, address in addresses.items() if address},
        authentication=_authentication(unica),
        policy=_policy(unica),
        overrides=unica.overrides(),
        time_zone=ZoneInfo(unica.time_zone),
        date_form=unica.date_form,
    )


def _actito(actito: Actito) -> Access:
    return Access(
        system="actito",
        addresses={"actito": actito.url},
        authentication=ApiKey(actito.api_key.get_secret_value()),
        policy=replace(_policy(actito), ca_file=actito.ca_file),
        overrides=actito.overrides(),
        prefixes=actito.prefixes,
        time_zone=ZoneInfo(actito.time_zone),
        path_style=None if actito.path_style == "auto" else PathStyle(actito.path_style),
    )


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


def _policy(system: Unica | Actito) -> Policy:
    times = system.timeouts
    return Policy(
        connect=times.connect,
        read=times.read,
        write=times.write,
        pool=times.pool,
        max_in_flight=system.max_in_flight,
        cool_down=system.cool_down_minutes * 60,
    )

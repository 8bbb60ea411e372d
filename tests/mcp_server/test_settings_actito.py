"""Settings of Actito: its environments, the key, and what is refused; beside those of Unica or alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mcp_server.settings import Settings, SettingsError, load, settings_table
from upstream.auth import ApiKey
from upstream.request import At, Override
from upstream.styles import PathStyle

Load = Callable[..., Settings]

KEY = {"ACTITO__URL": "prod-3", "ACTITO__API_KEY": "sesame-1"}
ACCOUNT = {"UNICA__URL": "https://unica.example.com", "UNICA__USERNAME": "robot", "UNICA__PASSWORD": "sesame-2"}
HERE = {**KEY, "ACTITO__URL": "http://127.0.0.1:8700/actito"}


@pytest.fixture
def read(tmp_path: Path) -> Load:
    """Loads settings from variables (without their prefix) and the text of a file."""

    def read(variables: dict[str, str] | None = None, file: str = "") -> Settings:
        place = tmp_path / "settings.toml"
        place.write_text(file, encoding="utf-8")
        return load({f"CAMPAIGN_MCP_{name}": value for name, value in (variables or {}).items()}, place)

    return read


def problems(read: Load, variables: dict[str, str], file: str = "") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(variables, file)
    lines = [str(each) for each in caught.value.problems]
    assert "sesame" not in "".join(lines)
    return lines


@pytest.mark.parametrize(
    ("url", "address", "environment"),
    [
        ("preprod", "https://api-pre1.actito.com", "preprod"),
        (" PROD-0 ", "https://api.actito.com", "prod-0"),
        ("prod-1", "https://api1.actito.com", "prod-1"),
        ("prod-3", "https://api3.actito.com", "prod-3"),
        ("https://api3.actito.com/", "https://api3.actito.com", "prod-3"),
        ("https://API1.actito.com", "https://API1.actito.com", "prod-1"),
        ("https://gateway.example.com/actito/", "https://gateway.example.com/actito", ""),
        ("http://127.0.0.1:8700/actito", "http://127.0.0.1:8700/actito", ""),
    ],
)
def test_an_environment_by_its_name_or_an_address(read: Load, url: str, address: str, environment: str) -> None:
    settings = read({**KEY, "ACTITO__URL": url})
    assert settings.actito is not None and settings.actito.environment == environment
    access = settings.access()["actito"]
    assert access.system == "actito" and access.addresses == {"actito": address}


def test_the_key_comes_with_the_defaults_of_a_licence(read: Load) -> None:
    settings = read(KEY)
    access = settings.access()["actito"]
    assert access.authentication == ApiKey("sesame-1") and access.policy.max_in_flight == 2
    assert access.path_style is None and access.prefixes == {} and access.overrides == {}
    assert "sesame" not in repr(settings) and "sesame" not in repr(access)


def test_everything_about_the_way_reaches_the_session_manager(read: Load, ca_file: Path) -> None:
    file = f"""
        [actito]
        url = "prod-1"
        api_key = "sesame-1"
        path_style = "legacy"
        max_in_flight = 5
        cool_down_minutes = 2
        ca_file = "{ca_file.as_posix()}"
        [actito.prefixes]
        scenarios = "/scenario-runs/"
        [actito.timeouts]
        read = 120
        [actito.routes.ListEntities]
        path = "/entities/v4/all"
    """
    access = read(file=file).access()["actito"]
    assert access.path_style is PathStyle.LEGACY and access.prefixes == {"scenarios": "scenario-runs"}
    assert (access.policy.max_in_flight, access.policy.read, access.policy.cool_down) == (5, 120, 120)
    assert access.policy.ca_file == str(ca_file)
    assert access.overrides == {"listEntities": Override(path="/entities/v4/all")}
    assert read({**KEY, "ACTITO__PATH_STYLE": "prefixed"}).access()["actito"].path_style is PathStyle.PREFIXED
    by_variables = {"ACTITO__PREFIXES": '{"forms": "f"}', "ACTITO__PREFIXES__entities": "e"}
    assert read({**KEY, **by_variables}).access()["actito"].prefixes == {"forms": "f", "entities": "e"}


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A file with a certificate."""
    import certifi

    place = tmp_path / "ca.pem"
    place.write_bytes(Path(certifi.where()).read_bytes())
    return place


@pytest.mark.parametrize(("content", "what"), [(None, "no such file"), (b"no certificate", "holds no certificates")])
def test_a_file_of_certificates_must_be_usable(read: Load, tmp_path: Path, content: bytes | None, what: str) -> None:
    place = tmp_path / "ca.pem"
    if content is not None:
        place.write_bytes(content)
    (line,) = problems(read, {**KEY, "ACTITO__CA_FILE": str(place)})
    assert line.startswith("CAMPAIGN_MCP_ACTITO__CA_FILE: ") and what in line


def test_the_systems_are_configured_apart(read: Load) -> None:
    for variables, systems in (({}, []), (ACCOUNT, ["unica"]), (KEY, ["actito"]), (ACCOUNT | KEY, ["unica", "actito"])):
        settings = read(variables)
        assert settings.systems == systems == list(settings.access())


# the key


def test_the_key_from_a_file(read: Load, tmp_path: Path) -> None:
    place = tmp_path / "key"
    place.write_text("sesame-3\n", encoding="utf-8")
    settings = read({"ACTITO__URL": "preprod", "ACTITO__API_KEY_FILE": str(place)})
    assert settings.access()["actito"].authentication == ApiKey("sesame-3")
    place.write_text("", encoding="utf-8")
    (line,) = problems(read, {"ACTITO__URL": "preprod", "ACTITO__API_KEY_FILE": str(place)})
    assert line == ("CAMPAIGN_MCP_ACTITO__API_KEY_FILE: the file is empty. Put the API key into it, and nothing else.")


def test_the_key_from_the_keyring(read: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Exception):
        pass

    keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = Broken  # type: ignore[attr-defined]  # a module made by hand
    kept = {("campaign-mcp", "actito"): "sesame-4"}
    keyring.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]  # as above
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    settings = read({"ACTITO__URL": "preprod", "ACTITO__API_KEY_KEYRING": "campaign-mcp/actito"})
    assert settings.access()["actito"].authentication == ApiKey("sesame-4")
    (line,) = problems(read, {"ACTITO__URL": "preprod", "ACTITO__API_KEY_KEYRING": "campaign-mcp/other"})
    assert line.startswith("CAMPAIGN_MCP_ACTITO__API_KEY_KEYRING: the keyring has no such entry")


def test_the_secrets_of_both_systems_are_read(read: Load, tmp_path: Path) -> None:
    password, key = tmp_path / "password", tmp_path / "key"
    password.write_text("sesame-5", encoding="utf-8")
    key.write_text("sesame-6", encoding="utf-8")
    file = f"""
        [unica]
        url = "https://unica.example.com"
        username = "robot"
        password_file = "{password.as_posix()}"
        [actito]
        url = "preprod"
        api_key_file = "{key.as_posix()}"
    """
    settings = read(file=file)
    assert settings.unica is not None and settings.unica.password.get_secret_value() == "sesame-5"
    assert settings.actito is not None and settings.actito.api_key.get_secret_value() == "sesame-6"
    stronger = read({"ACTITO__API_KEY": "sesame-7"}, file)
    assert stronger.actito is not None and stronger.actito.api_key.get_secret_value() == "sesame-7"
    assert stronger.unica is not None and stronger.unica.password.get_secret_value() == "sesame-5"
    key.unlink()
    password.unlink()
    assert [line.partition(":")[0] for line in problems(read, {}, file)] == [
        "CAMPAIGN_MCP_UNICA__PASSWORD_FILE",
        "CAMPAIGN_MCP_ACTITO__API_KEY_FILE",
    ]


# what is refused


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        (
            {"ACTITO__API_KEY": "sesame"},
            "CAMPAIGN_MCP_ACTITO__URL: is needed. Write preprod, prod-0, prod-1, prod-3, or the address of the API.",
        ),
        (
            {"ACTITO__URL": "prod-0"},
            "CAMPAIGN_MCP_ACTITO__API_KEY: is needed. Or name an api_key_file or api_key_keyring.",
        ),
        (
            {**KEY, "ACTITO__API_KEY_FILE": "v"},
            "CAMPAIGN_MCP_ACTITO__API_KEY and CAMPAIGN_MCP_ACTITO__API_KEY_FILE: say the same thing twice. "
            "Keep one of them.",
        ),
        ({**KEY, "ACTITO__API_KEI": "v"}, "CAMPAIGN_MCP_ACTITO__API_KEI: unknown key. Did you mean "),
        ({**KEY, "ACTITO__MAX_IN_FLIGHT": "6"}, "CAMPAIGN_MCP_ACTITO__MAX_IN_FLIGHT: outside its limits. "),
        ({**KEY, "ACTITO__PATH_STYLE": "v"}, "CAMPAIGN_MCP_ACTITO__PATH_STYLE: not one of the words it can be. "),
        (
            {**KEY, "ACTITO__TIME_ZONE": "Europe/Brussel"},
            "CAMPAIGN_MCP_ACTITO__TIME_ZONE: unknown time zone. Did you mean Europe/Brussels?",
        ),
        (
            {**KEY, "ACTITO__PREFIXES": '{"scenario": "v"}'},
            "CAMPAIGN_MCP_ACTITO__PREFIXES: scenario is no category of routes. Did you mean scenarios?",
        ),
    ],
)
def test_faults_of_variables(read: Load, variables: dict[str, str], line: str) -> None:
    (said,) = problems(read, variables)
    assert said.startswith(line)


def test_an_unknown_key_has_the_nearest_of_its_own_system(read: Load) -> None:
    (said,) = problems(read, {**KEY, "ACTITO__API_KEI": "v"})
    assert said.endswith("Did you mean CAMPAIGN_MCP_ACTITO__API_KEY?")
    assert "actito.polcy: unknown key. Did you mean actito.policy?" in problems(read, KEY, "[actito]\npolcy = 'v'")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("prod-2", "neither an environment nor an address. Write preprod, prod-0, prod-1, prod-3, or an address"),
        ("api3.actito.com", "neither an environment nor an address"),
        ("ftp://api3.actito.com", "not an http or https address"),
        ("http://api3.actito.com", "would send the key unencrypted. Write it with https://"),
        ("https://user:sesame@api3.actito.com", "holds a user name or password. Put the key into API_KEY"),
        ("https://api3.actito.com/v4", "holds a part that the server adds itself"),
        ("https://api3.actito.com/auth/token", "holds a part that the server adds itself"),
    ],
)
def test_faults_of_addresses(read: Load, url: str, what: str) -> None:
    (line,) = problems(read, {**KEY, "ACTITO__URL": url})
    assert line.startswith(f"CAMPAIGN_MCP_ACTITO__URL: {what}")


@pytest.mark.parametrize("prefix", ["", "/", "a b", "a?b", "..", "a/../b", "a//b", "å"])
def test_a_prefix_is_a_path(read: Load, prefix: str) -> None:
    (line,) = problems(read, KEY, f"[actito.prefixes]\nscenarios = {prefix!r}")
    assert line.startswith("actito.prefixes: what stands before scenarios is no path")


@pytest.mark.parametrize(("system", "route"), [("UNICA", "ListEntities"), ("ACTITO", "RetireOffers")])
def test_routes_of_another_system_are_unknown(read: Load, system: str, route: str) -> None:
    (line,) = problems(read, {**ACCOUNT, **KEY, f"{system}__ROUTES__{route}__METHOD": "POST"})
    assert line.startswith(f"CAMPAIGN_MCP_{system}__ROUTES__{route}: route") and "is unknown" in line


def test_a_field_of_a_route_can_travel_elsewhere(read: Load) -> None:
    moved = {"ACTITO__ROUTES__GetAccessToken__FIELDS__api_key": "X-Api-Key"}
    assert read({**KEY, **moved}).access()["actito"].overrides == {
        "getAccessToken": Override(fields={"api_key": At("header", "X-Api-Key")})
    }


# production


@pytest.mark.parametrize(
    ("url", "environment", "shown", "production"),
    [
        ("prod-3", "sandbox", "prod-3", True),
        ("prod-0", "", "prod-0", True),
        ("preprod", "preprod", "preprod", False),
        ("preprod", "uat", "preprod", False),
        ("preprod", "", "preprod", True),
        ("https://gateway.example.com", "test", "production", True),
        ("https://api.actito.com:8443", "test", "production", True),
        ("http://127.0.0.1:8700/actito", "sandbox", "sandbox", False),
        ("http://localhost:8700/actito", "sandbox", "sandbox", False),
        ("http://[::1]:8700/actito", "dev", "dev", False),
        ("http://127.0.0.1.example.com", "sandbox", "production", True),
        ("http://127.0.0.1:8700/actito", "", "production", True),
    ],
)
def test_hosts_other_than_preprod_are_production(
    read: Load, url: str, environment: str, shown: str, production: bool
) -> None:
    settings = read({**KEY, "ACTITO__URL": url, "ENVIRONMENT": environment})
    here = settings.surroundings("actito")
    assert (here.environment, here.production) == (shown, production)
    if production:
        (line,) = problems(read, {**KEY, "ACTITO__URL": url, "ENVIRONMENT": environment, "ACTITO__POLICY": "allow"})
        assert line.startswith("CAMPAIGN_MCP_ACTITO__POLICY: allow would destroy without asking, and ")
        fixed = url not in ("preprod", "http://127.0.0.1:8700/actito")
        assert ("every host but preprod" in line) is fixed
        assert ("CAMPAIGN_MCP_ENVIRONMENT" in line) is not fixed
    else:
        allowed = read({**KEY, "ACTITO__URL": url, "ENVIRONMENT": environment, "ACTITO__POLICY": "allow"})
        assert allowed.surroundings("actito").policy == "allow"


def test_each_system_has_its_own_surroundings(read: Load) -> None:
    variables = {
        **ACCOUNT,
        **KEY,
        "ENVIRONMENT": "uat",
        "UNICA__TIME_ZONE": "Asia/Tokyo",
        "UNICA__POLICY": "allow",
        "ACTITO__TIME_ZONE": "Europe/Brussels",
        "ACTITO__POLICY": "block",
    }
    settings = read(variables)
    unica, actito = settings.surroundings("unica"), settings.surroundings("actito")
    assert (unica.environment, unica.production, unica.time_zone, unica.policy) == ("uat", False, "Asia/Tokyo", "allow")
    assert (actito.environment, actito.production) == ("prod-3", True)
    assert (actito.time_zone, actito.policy) == ("Europe/Brussels", "block")
    assert unica.channels_reaching_customers == ["elicitation", "code"]
    assert actito.channels_reaching_customers == ["elicitation"]
    chosen = read({**variables, "CHANNELS_REACHING_CUSTOMERS": "elicitation,code"})
    assert chosen.surroundings("actito").channels_reaching_customers == ["elicitation", "code"]


def test_in_a_system_without_settings_nothing_guarded_may_happen(read: Load) -> None:
    assert read(ACCOUNT).surroundings("actito").policy == "block"
    assert read(KEY).surroundings("unica").policy == "block"


def test_the_table_names_every_variable() -> None:
    table = settings_table()
    for row in (
        "| `CAMPAIGN_MCP_ACTITO__MAX_IN_FLIGHT` | `2` |",
        "| `CAMPAIGN_MCP_ACTITO__PATH_STYLE` | `auto` |",
        "| `CAMPAIGN_MCP_ACTITO__API_KEY` |  |",
        "| `CAMPAIGN_MCP_ACTITO__TIME_ZONE` | as described |",
    ):
        assert row in table

"""Settings: what is read from where, what is refused, and that no message and no log shows a value."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from mcp_server.settings import Settings, SettingsError, load, settings_table
from mcp_server.settings.keys import known_keys
from mcp_server.settings.problems import nearest
from mcp_server.settings.unica import Unica
from tools.clock import of_machine
from upstream.auth import Federated, ManagerLogin, NoAuthentication
from upstream.moment import DateForm
from upstream.request import At, Override

Load = Callable[..., Settings]

ACCOUNT = {"UNICA__URL": "https://unica.example.com/", "UNICA__USERNAME": "robot", "UNICA__PASSWORD": "sesame-1"}
FEDERATED = {
    "UNICA__URL": "https://unica.example.com",
    "UNICA__AUTH": "federated",
    "UNICA__FEDERATED_USER": "robot",
    "UNICA__FEDERATED_CLIENT": "client",
    "UNICA__FEDERATED_SERVICE_PROVIDER": "unica",
}


@pytest.fixture
def read(tmp_path: Path) -> Load:
    """Loads settings from variables (without their prefix) and the text of a file."""

    def read(variables: dict[str, str] | None = None, file: str = "") -> Settings:
        place = tmp_path / "settings.toml"
        place.write_text(file, encoding="utf-8")
        return load({f"CAMPAIGN_MCP_{name}": value for name, value in (variables or {}).items()}, place)

    return read


def problems(read: Load, variables: dict[str, str] | None = None, file: str = "") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(variables, file)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("The settings have ") and len(lines) == len(caught.value.problems) + 1
    return [line.removeprefix("- ") for line in lines[1:]]


def test_nothing_at_all_is_production_without_a_system(read: Load) -> None:
    settings = read()
    assert settings.is_production and settings.environment == "production"
    assert settings.unica is None and settings.access() == {}
    assert settings.channels == ["elicitation", "code"]
    assert settings.channels_reaching_customers == ["elicitation"]
    assert settings.question_minutes == 5


def test_the_names_that_stay(read: Load) -> None:
    settings = read(
        {
            "UNICA__PLATFORM_URL": "https://p.example.com/sub/",
            "UNICA__CAMPAIGN_URL": "https://c.example.com",
            "UNICA__COLLABORATE_URL": "https://l.example.com",
            "UNICA__USERNAME": "robot",
            "UNICA__PASSWORD": " sesame ",
            "UNICA__AUTH": "manager",
            "UNICA__TIME_ZONE": "Europe/Oslo",
            "UNICA__POLICY": "allow",
            "ENVIRONMENT": "uat",
            "STATE_URL": "sqlite://",
        }
    )
    access = settings.access()["unica"]
    assert access.addresses == {
        "unica-platform": "https://p.example.com/sub",
        "unica-campaign": "https://c.example.com",
        "unica-collaborate": "https://l.example.com",
    }
    assert access.authentication == ManagerLogin("robot", " sesame ")
    assert settings.unica is not None and settings.unica.policy == "allow"
    assert settings.unica.time_zone == "Europe/Oslo"
    assert not settings.is_production and settings.state_url == "sqlite://"


def test_addresses_default_from_the_one_of_the_installation(read: Load) -> None:
    access = read({**ACCOUNT, "UNICA__CAMPAIGN_URL": "https://c.example.com:8443/x"}).access()["unica"]
    assert access.addresses == {
        "unica-platform": "https://unica.example.com",
        "unica-campaign": "https://c.example.com:8443/x",
        "unica-collaborate": "https://unica.example.com",
    }


def test_everything_about_the_way_reaches_the_session_manager(read: Load) -> None:
    access = read(
        {
            **ACCOUNT,
            "UNICA__LOGIN_METHOD": "GET",
            "UNICA__LOGIN_TRAILING_SLASH": "false",
            "UNICA__TOKEN_LIFE": "20",
            "UNICA__SINGLE_USE_TOKENS": "yes",
            "UNICA__HEADER_NAMES": '{"M_TOKENID": "x-token"}',
            "UNICA__MAX_IN_FLIGHT": "3",
            "UNICA__TIMEOUTS__READ": "120",
            "UNICA__COOL_DOWN_MINUTES": "2",
        }
    ).access()["unica"]
    assert access.authentication == ManagerLogin(
        "robot", "sesame-1", 20, True, "GET", trailing_slash=False, header_names={"m_tokenId": "x-token"}
    )
    assert (access.policy.max_in_flight, access.policy.read, access.policy.cool_down) == (3, 120, 120)


def test_federated_and_open_accounts(read: Load, tmp_path: Path) -> None:
    token = str(tmp_path / "token")
    by_file = read({**FEDERATED, "UNICA__FEDERATED_TOKEN_FILE": token}).access()["unica"].authentication
    assert by_file == Federated("robot", "client", "unica", token_file=token)
    command = {**FEDERATED, "UNICA__FEDERATED_TOKEN_COMMAND": 'get-token --for "our robot"'}
    by_command = read(command).access()["unica"].authentication
    assert isinstance(by_command, Federated)
    assert by_command.token_command[:2] == ("get-token", "--for")
    as_list = read({**FEDERATED, "UNICA__FEDERATED_TOKEN_COMMAND": '["get-token", "our robot"]'}).access()["unica"]
    assert as_list.authentication == Federated("robot", "client", "unica", token_command=("get-token", "our robot"))
    nobody = read({"UNICA__URL": "http://unica.example.com", "UNICA__AUTH": "none"}).access()["unica"]
    assert nobody.authentication == NoAuthentication()


def test_the_file_has_the_same_keys_and_variables_win(read: Load) -> None:
    file = """
        environment = "test"
        exclude = ["offers_delete", "attributes"]
        [unica]
        url = "https://file.example.com"
        campaign_url = "https://other.example.com"
        username = "robot"
        password_file = "/nowhere"
        max_in_flight = 4
        [unica.timeouts]
        read = 90
        connect = 3
    """
    settings = read({"UNICA__PASSWORD": "sesame-1", "UNICA__TIMEOUTS__READ": "30", "READ_ONLY": "true"}, file)
    access = settings.access()["unica"]
    assert settings.environment == "test" and settings.read_only and settings.exclude == ["offers_delete", "attributes"]
    assert (access.policy.read, access.policy.connect, access.policy.max_in_flight) == (30, 3, 4)
    assert access.authentication == ManagerLogin("robot", "sesame-1")
    assert access.addresses["unica-campaign"] == "https://other.example.com"
    elsewhere = read({"UNICA__URL": "https://x.example.com", "UNICA__PASSWORD": "sesame-1"}, file).access()["unica"]
    assert set(elsewhere.addresses.values()) == {"https://x.example.com"}


def test_lists_and_booleans_and_empty_variables(read: Load) -> None:
    settings = read(
        {"TOOLSETS": "offers, campaigns,", "CONFIRM_ALSO": '["campaigns_save"]', "NO_DELETE": "1", "EXCLUDE": ""}
    )
    assert settings.toolsets == ["offers", "campaigns"]
    assert settings.confirm_also == ["campaigns_save"]
    assert settings.no_delete and not settings.no_send and settings.exclude == []
    blank = read({"READ_ONLY": "", "QUESTION_MINUTES": " ", "ENVIRONMENT": ""}, 'environment = "dev"')
    assert blank.environment == "dev" and not blank.read_only and blank.origin.variables == ()


def test_folders_of_uploads_are_whole_paths(read: Load, tmp_path: Path) -> None:
    assert read().upload_folders == [] and read().upload_max_mb == 10
    settings = read({"UPLOAD_FOLDERS": f"{tmp_path}, ~/Uploads", "UPLOAD_MAX_MB": "2.5"})
    assert settings.upload_folders == [str(tmp_path), str(Path.home() / "Uploads")] and settings.upload_max_mb == 2.5
    assert read({}, f"upload_folders = ['{tmp_path}']").upload_folders == [str(tmp_path)]
    (problem,) = problems(read, {"UPLOAD_FOLDERS": "uploads"})
    assert problem.startswith("CAMPAIGN_MCP_UPLOAD_FOLDERS: holds a folder without its whole path. Write whole paths")


def test_the_settings_file_can_be_named_by_a_variable(tmp_path: Path) -> None:
    place = tmp_path / "other.toml"
    place.write_text('environment = "dev"\n', encoding="utf-8-sig")
    settings = load({"CAMPAIGN_MCP_SETTINGS_FILE": str(place), "CAMPAIGN_MCP_READ_ONLY": "yes"})
    assert settings.environment == "dev"
    assert (settings.origin.file, settings.origin.variables) == (place, ("CAMPAIGN_MCP_READ_ONLY",))


@pytest.mark.parametrize(
    ("environment", "production"),
    [
        *((word, False) for word in ("sandbox", "DEV", "test", " uat ", "preprod")),
        *((word, True) for word in ("prod", "testing", "Production EMEA")),
    ],
)
def test_only_known_words_are_not_production(read: Load, environment: str, production: bool) -> None:
    settings = read({"ENVIRONMENT": environment})
    assert settings.is_production is production
    assert settings.channels_reaching_customers == (["elicitation"] if production else ["elicitation", "code"])


def test_channels(read: Load) -> None:
    assert read({"CHANNELS": "code", "ENVIRONMENT": "dev"}).channels_reaching_customers == ["code"]
    assert read({"CHANNELS": "code"}).channels_reaching_customers == []
    assert read({"CHANNELS_REACHING_CUSTOMERS": "code"}).channels_reaching_customers == ["code"]


@pytest.mark.parametrize("environment", [{}, {"ENVIRONMENT": "prod"}, {"ENVIRONMENT": "sandbox1"}])
def test_allow_is_refused_in_production(read: Load, environment: dict[str, str]) -> None:
    (line,) = problems(read, {**ACCOUNT, **environment, "UNICA__POLICY": "allow"})
    assert line.startswith("CAMPAIGN_MCP_UNICA__POLICY: allow would destroy without asking")
    assert "counts as production" in line and "sandbox, dev, test, uat, preprod" in line


def test_passwords_come_from_a_file_or_the_keyring(read: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sesame-2\r\n", encoding="utf-8")
    without = {name: value for name, value in ACCOUNT.items() if "PASSWORD" not in name}
    by_file = read({**without, "UNICA__PASSWORD_FILE": str(secret)}).access()["unica"]
    assert by_file.authentication == ManagerLogin("robot", "sesame-2")

    keyring = pytest.importorskip("keyring")
    asked = []
    monkeypatch.setattr(keyring, "get_password", lambda *entry: asked.append(entry) or "sesame-3")
    by_keyring = read({**without, "UNICA__PASSWORD_KEYRING": "campaign-mcp/robot"}).access()["unica"]
    assert by_keyring.authentication == ManagerLogin("robot", "sesame-3") and asked == [("campaign-mcp", "robot")]
    monkeypatch.setattr(keyring, "get_password", lambda *entry: None)
    (line,) = problems(read, {**without, "UNICA__PASSWORD_KEYRING": "campaign-mcp/robot"})
    assert line.startswith("CAMPAIGN_MCP_UNICA__PASSWORD_KEYRING: the keyring has no such entry")

    monkeypatch.setitem(sys.modules, "keyring", None)
    (line,) = problems(read, {**without, "UNICA__PASSWORD_KEYRING": "campaign-mcp/robot"})
    assert "Install campaign-mcp[keyring]" in line


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"UNICA_URL": "v"}, "CAMPAIGN_MCP_UNICA_URL: unknown key. Did you mean CAMPAIGN_MCP_UNICA__URL?"),
        (
            {**ACCOUNT, "UNICA__PASWORD": "v"},
            "CAMPAIGN_MCP_UNICA__PASWORD: unknown key. Did you mean CAMPAIGN_MCP_UNICA__PASSWORD?",
        ),
        ({"READONLY": "v"}, "CAMPAIGN_MCP_READONLY: unknown key. Did you mean CAMPAIGN_MCP_READ_ONLY?"),
        ({"READ_ONLY__X": "v"}, "CAMPAIGN_MCP_READ_ONLY__X: unknown key. Did you mean CAMPAIGN_MCP_READ_ONLY?"),
        ({"ZZZZ": "v"}, "CAMPAIGN_MCP_ZZZZ: unknown key. campaign-mcp settings lists all keys."),
        (
            {"READ_ONLY": "v"},
            "CAMPAIGN_MCP_READ_ONLY: neither true nor false. "
            "Write true or false; yes, no, on, off, 1 and 0 do as well.",
        ),
        (
            {**ACCOUNT, "UNICA__SINGLE_USE_TOKENS": "v"},
            "CAMPAIGN_MCP_UNICA__SINGLE_USE_TOKENS: not one of the words it can be. "
            "Write auto, yes or no; true, false, 1 and 0 do as well.",
        ),
        ({"CHANNELS": "v"}, "CAMPAIGN_MCP_CHANNELS.0: not one of the words it can be. Write elicitation or code."),
        ({"CHANNELS": ","}, "CAMPAIGN_MCP_CHANNELS: empty. Name at least one."),
        ({"TOOLSETS": "[v"}, 'CAMPAIGN_MCP_TOOLSETS: not readable as JSON. Write a list as ["a", "b"].'),
        ({"QUESTION_MINUTES": "v"}, "CAMPAIGN_MCP_QUESTION_MINUTES: not a number it can be. Write a number."),
        ({"QUESTION_MINUTES": "0"}, "CAMPAIGN_MCP_QUESTION_MINUTES: outside its limits. Write a number above 0."),
        (
            {"UNICA": "v"},
            'CAMPAIGN_MCP_UNICA: not a table. Write a table, or in a variable JSON such as {"key": "value"}.',
        ),
        (
            {"CHANNELS": "code", "CHANNELS_REACHING_CUSTOMERS": "elicitation"},
            "CAMPAIGN_MCP_CHANNELS_REACHING_CUSTOMERS: elicitation is not among the channels. "
            "Add it to CAMPAIGN_MCP_CHANNELS too.",
        ),
        (
            {"STATE_URL": "mysql://sesame@host/v"},
            "CAMPAIGN_MCP_STATE_URL: not an address of a database. "
            "Write sqlite:///path/to/state.db or postgresql://user:password@host:5432/database.",
        ),
        (
            {**ACCOUNT, "UNICA__TIME_ZONE": "Europe/Olso"},
            "CAMPAIGN_MCP_UNICA__TIME_ZONE: unknown time zone. Did you mean Europe/Oslo?",
        ),
        (
            {**ACCOUNT, "UNICA__TIME_ZONE": "../etc/passwd"},
            "CAMPAIGN_MCP_UNICA__TIME_ZONE: unknown time zone. "
            "Write an IANA name such as Europe/Oslo or America/New_York.",
        ),
        (
            {**ACCOUNT, "UNICA__POLICY": "v"},
            "CAMPAIGN_MCP_UNICA__POLICY: not one of the words it can be. Write block, confirm or allow.",
        ),
        (
            {**ACCOUNT, "UNICA__MAX_IN_FLIGHT": "2.5"},
            "CAMPAIGN_MCP_UNICA__MAX_IN_FLIGHT: not a number it can be. Write a whole number.",
        ),
        (
            {**ACCOUNT, "UNICA__HEADER_NAMES": '{"m_token": "v"}'},
            "CAMPAIGN_MCP_UNICA__HEADER_NAMES: m_token is no documented header. Did you mean m_tokenId?",
        ),
        (
            {**ACCOUNT, "UNICA__HEADER_NAMES__M_TOKENID": "a b"},
            "CAMPAIGN_MCP_UNICA__HEADER_NAMES: the other name of M_TOKENID is no header name. "
            "Use letters, digits, - and _.",
        ),
        (
            {**ACCOUNT, "UNICA__HEADER_NAMES": "{v"},
            "CAMPAIGN_MCP_UNICA__HEADER_NAMES: not a table. "
            'Write a table, or in a variable JSON such as {"key": "value"}.',
        ),
        (
            {**ACCOUNT, "UNICA__PASSWORD_FILE": "v"},
            "CAMPAIGN_MCP_UNICA__PASSWORD and CAMPAIGN_MCP_UNICA__PASSWORD_FILE: say the same thing twice. "
            "Keep one of them.",
        ),
        (
            {"UNICA__URL": "http://h", "UNICA__USERNAME": "u", "UNICA__PASSWORD_FILE": "/nowhere/v"},
            "CAMPAIGN_MCP_UNICA__PASSWORD_FILE: there is no such file. "
            "Write the full path of the file that holds the password.",
        ),
        (
            {"UNICA__URL": "http://h", "UNICA__USERNAME": "u", "UNICA__PASSWORD_KEYRING": "v"},
            "CAMPAIGN_MCP_UNICA__PASSWORD_KEYRING: not of the form service/name. "
            "Write it as campaign-mcp/service-account.",
        ),
        (
            {"UNICA__USERNAME": "u", "UNICA__PASSWORD": "v"},
            "CAMPAIGN_MCP_UNICA__URL: is needed. "
            "Write the address of the installation, such as https://unica.example.com.",
        ),
        (
            {"UNICA__URL": "http://h", "UNICA__PASSWORD": "v"},
            "CAMPAIGN_MCP_UNICA__USERNAME: is needed with auth manager. Write it, or choose another auth.",
        ),
        (
            {"UNICA__URL": "http://h", "UNICA__USERNAME": "u"},
            "CAMPAIGN_MCP_UNICA__PASSWORD: is needed with auth manager. Or name a password_file or password_keyring.",
        ),
        (
            {"UNICA__CAMPAIGN_URL": "http://h", "UNICA__USERNAME": "u", "UNICA__PASSWORD": "v"},
            "CAMPAIGN_MCP_UNICA__PLATFORM_URL: is needed for the login. "
            "Write the address of Platform, or URL for all three.",
        ),
        (
            {**FEDERATED, "UNICA__FEDERATED_TOKEN_COMMAND": "get 'token"},
            "CAMPAIGN_MCP_UNICA__FEDERATED_TOKEN_COMMAND: a quotation mark is not closed. "
            'Write a JSON list such as ["get-token", "--quiet"].',
        ),
        (
            FEDERATED,
            "CAMPAIGN_MCP_UNICA__FEDERATED_TOKEN: is needed with auth federated. "
            "Or name a federated_token_file or _command.",
        ),
    ],
)
def test_faults_of_variables(read: Load, variables: dict[str, str], line: str) -> None:
    assert problems(read, variables) == [line]


KEYS = [".".join(path) for path in known_keys()]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("unica.user", "unica.username"),
        ("unica.pass", "unica.password"),
        ("unica.passwrd", "unica.password"),
        ("unica.zone", "unica.time_zone"),
        ("unica.timezone", "unica.time_zone"),
        ("unica.base_url", "unica.url"),
        ("unica.url_platform", "unica.platform_url"),
        ("unica.timeout", "unica.timeouts"),
        ("unica.timeouts.conect", "unica.timeouts.connect"),
        ("actito.key", "actito.api_key"),
        ("actito.keyfile", "actito.api_key_file"),
        ("env", "environment"),
        ("read-only", "read_only"),
        ("statedb", "state_url"),
        ("unica.verify_ssl", ""),
        ("actito.token", ""),
    ],
)
def test_the_nearest_key_is_the_one_that_was_meant(written: str, meant: str) -> None:
    assert nearest(written, [*KEYS, "unica.timeouts"]) == meant


@pytest.mark.parametrize("key", KEYS)
def test_a_slip_of_the_pen_in_any_key_is_seen(key: str) -> None:
    table, _, name = key.rpartition(".")
    slips = {name + "s", name[:-1], name[1:], name.replace("_", ""), name.replace("_", "-"), name.upper()}
    slips = {f"{table}.{slip}" if table else slip for slip in slips if len(slip) > 2} - {*KEYS}
    assert {nearest(slip, KEYS) for slip in slips} <= {key}


@pytest.mark.parametrize("word", ["true", "TRUE", "yes", "Yes", "on", "1"])
def test_a_switch_takes_the_words_that_people_write(read: Load, word: str) -> None:
    given = ("READ_ONLY", "UNICA__SINGLE_USE_TOKENS", "UNICA__LOGIN_TRAILING_SLASH")
    settings = read({**ACCOUNT, **dict.fromkeys(given, word)})
    assert settings.unica is not None and settings.read_only
    assert settings.unica.single_use_tokens == "yes" and settings.unica.login_trailing_slash


@pytest.mark.parametrize("word", ["false", "No", "off", "0"])
def test_a_switch_takes_the_words_for_no(read: Load, word: str) -> None:
    given = ("READ_ONLY", "UNICA__SINGLE_USE_TOKENS", "UNICA__LOGIN_TRAILING_SLASH")
    settings = read({**ACCOUNT, **dict.fromkeys(given, word)})
    assert settings.unica is not None and not settings.read_only
    assert settings.unica.single_use_tokens == "no" and not settings.unica.login_trailing_slash


def test_a_switch_of_the_file_need_not_be_a_text(read: Load) -> None:
    settings = read(ACCOUNT, "read_only = 1\n[unica]\nsingle_use_tokens = true\nlogin_trailing_slash = 'no'")
    assert settings.unica is not None and settings.read_only
    assert settings.unica.single_use_tokens == "yes" and not settings.unica.login_trailing_slash


def test_words_are_known_in_any_letter_case(read: Load) -> None:
    words = {"UNICA__POLICY": "Block", "UNICA__LOGIN_METHOD": "get", "UNICA__OFFERS_API": "V2", "CHANNELS": "Code"}
    settings = read({**ACCOUNT, **words})
    assert settings.unica is not None and settings.channels == ["code"]
    assert (settings.unica.policy, settings.unica.login_method, settings.unica.offers_api) == ("block", "GET", "v2")


@pytest.mark.parametrize(
    ("address", "open_to_others"),
    [
        ("http://unica.example.com", True),
        ("HTTP://10.1.2.3:7001/x", True),
        ("http://127.0.0.1.example.com", True),
        ("https://unica.example.com", False),
        ("http://localhost:8700", False),
        ("http://127.8.0.1", False),
        ("http://[::1]:8700", False),
    ],
)
def test_plain_http_to_another_machine_is_known(read: Load, address: str, open_to_others: bool) -> None:
    settings = read({**ACCOUNT, "UNICA__URL": address})
    assert settings.in_the_clear == (["CAMPAIGN_MCP_UNICA__URL"] if open_to_others else [])
    gateway = read({"ACTITO__URL": address, "ACTITO__API_KEY": "k"})
    assert gateway.in_the_clear == (["CAMPAIGN_MCP_ACTITO__URL"] if open_to_others else [])


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("unica.example.com", "not an http or https address"),
        ("ftp://unica.example.com", "not an http or https address"),
        ("https://", "not an http or https address"),
        ("https://host:port", "not an address"),
        ("https://robot:sesame@host", "holds a user name or password"),
        ("https://host/?a=sesame", "has more than scheme, host, port and path"),
        ("https://host/Campaign", "holds a part that the server adds itself"),
        ("https://host/unica/api/manager", "holds a part that the server adds itself"),
    ],
)
def test_faults_of_addresses(read: Load, address: str, what: str) -> None:
    (line,) = problems(read, {**ACCOUNT, "UNICA__URL": address})
    assert line.startswith(f"CAMPAIGN_MCP_UNICA__URL: {what}. ") and "sesame" not in line


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("enviroment = 'test'", "enviroment: unknown key. Did you mean environment?"),
        ("[unica]\nurll = 'v'", "unica.urll: unknown key. Did you mean unica.url?"),
        ("url = 'v'", "url: unknown key. Did you mean unica.url?"),
        ("[unica.timeouts]\nreed = 1", "unica.timeouts.reed: unknown key. Did you mean unica.timeouts.read?"),
        ("channels = ['code', 'x']", "channels: not one of the words it can be. Write elicitation or code."),
        ("environment = 3", "environment: not a text. Write it in quotation marks."),
        ("toolsets = 3", 'toolsets: not a list. Write ["a", "b"], or in a variable a,b.'),
        ("unica = 3", 'unica: not a table. Write a table, or in a variable JSON such as {"key": "value"}.'),
        (
            "environment = sesame",
            "CAMPAIGN_MCP_SETTINGS_FILE or the usual file settings.toml: not readable as TOML (at line 1, column 15). "
            'Write texts in quotation marks: url = "https://host".',
        ),
    ],
)
def test_faults_of_the_file(read: Load, file: str, line: str) -> None:
    assert line in problems(read, file=file)


def test_a_named_file_must_be_readable(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('environment = "Østfold"'.encode("latin-1"))
    for place, what in (
        (tmp_path / "absent.toml", "no such file"),
        (latin, "no text in UTF-8"),
        (tmp_path, "can't be read"),
    ):
        with pytest.raises(SettingsError, match=what):
            load({}, place)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "the file is empty"), (b"\xff\xfe\xff", "no text in UTF-8"), (None, "can't be read")],
)
def test_a_file_of_secrets_must_be_usable(read: Load, tmp_path: Path, content: bytes | None, what: str) -> None:
    place = tmp_path / "secret"
    place.mkdir() if content is None else place.write_bytes(content)
    variables = {"UNICA__URL": "http://h", "UNICA__USERNAME": "u", "UNICA__PASSWORD_FILE": str(place)}
    (line,) = problems(read, variables)
    assert line.startswith("CAMPAIGN_MCP_UNICA__PASSWORD_FILE: ") and what in line


def test_the_usual_file_is_in_the_configuration_folder_and_need_not_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    assert load({}).origin.file is None
    (tmp_path / "campaign-mcp").mkdir()
    (tmp_path / "campaign-mcp" / "settings.toml").write_text("read_only = true", encoding="utf-8")
    settings = load({})
    assert settings.read_only and settings.origin.file == tmp_path / "campaign-mcp" / "settings.toml"


def test_every_problem_is_told_at_once(read: Load) -> None:
    lines = problems(
        read,
        {"FOO_BAR_BAZ": "v", "READ_ONLY": "v", "UNICA__URL": "v", "UNICA__POLICY": "v"},
        "exclud = []\n[unica.routes.x]\npat = 'v'",
    )
    assert [line.partition(":")[0] for line in lines] == [
        "CAMPAIGN_MCP_FOO_BAR_BAZ",
        "exclud",
        "unica.routes.x.pat",
        "CAMPAIGN_MCP_READ_ONLY",
        "CAMPAIGN_MCP_UNICA__URL",
        "CAMPAIGN_MCP_UNICA__POLICY",
    ]
    assert lines[2] == "unica.routes.x.pat: unknown key. Did you mean unica.routes.x.path?"


def test_routes_of_the_installation(read: Load) -> None:
    file = """
        [unica.routes.RetireOffers]
        path = "/v1/offers/withdraw"
        fields.offerids = "ids"
        [unica.routes.getCampaign]
        method = "POST"
    """
    expected = {
        "retireOffers": Override("", "/v1/offers/withdraw", {"offer_ids": At("form", "ids", "repeat")}),
        "getCampaign": Override("POST"),
    }
    assert read(ACCOUNT, file).access()["unica"].overrides == expected
    variables = {
        "UNICA__ROUTES": '{"RetireOffers": {"path": "/v1/offers/withdraw", "fields": {"offerids": "ids"}}}',
        "UNICA__ROUTES__getCampaign__METHOD": "POST",
    }
    assert read({**ACCOUNT, **variables}).access()["unica"].overrides == expected


@pytest.mark.parametrize(
    ("name", "key", "value", "hint"),
    [
        ("RetireOfers", "METHOD", "PUT", "RetireOffers"),
        ("RetireOffers", "METHOD", "SESAME", "GET"),
        ("RetireOffers", "PATH", "sesame", "slash"),
        ("RetireOffers", "FIELDS__offerid", "sesame", "offerids"),
        ("RetireOffers", "FIELDS__offerids__PLACE", "sesame", "place the value is unknown"),
    ],
)
def test_an_override_that_fits_no_route_is_fatal(read: Load, name: str, key: str, value: str, hint: str) -> None:
    (line,) = problems(read, {**ACCOUNT, f"UNICA__ROUTES__{name}__{key}": value})
    assert line.startswith(f"CAMPAIGN_MCP_UNICA__ROUTES__{name}: ") and hint in line and "sesame" not in line.casefold()


def test_no_message_and_no_log_shows_a_value(
    read: Load, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYDANTIC_SETTINGS_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    secrets = {"UNICA__PASSWORD": "sesame-1", "STATE_URL": "postgresql://sesame:sesame@h/d"}
    file = '[unica]\nfederated_token = "sesame-2"\nfederated_token_command = ["x", "sesame-3"]'
    good = {**ACCOUNT, **secrets}
    assert "sesame" not in repr(read(good)) and "sesame" not in repr(read(good).access())
    told = "\n".join(problems(read, {**good, "UNICA__POLICY": "sesame", "UNICA__USERNAME": "sesame"}, file))
    assert "sesame" not in told and "POLICY" in told
    assert "Resolving settings" in caplog.text and "sesame" not in caplog.text


def test_the_zone_of_the_machine_is_a_zone(read: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def zone() -> str:
        settings = read(ACCOUNT)
        assert settings.unica is not None
        return settings.unica.time_zone

    monkeypatch.setenv("TZ", "Asia/Kolkata")
    assert zone() == "Asia/Kolkata"
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    assert ZoneInfo(zone())


def test_the_table_names_every_variable() -> None:
    table = settings_table()
    assert "| `CAMPAIGN_MCP_UNICA__POLICY` | `confirm` |" in table
    assert "| `CAMPAIGN_MCP_UNICA__ROUTES__NAME__FIELDS__NAME__PLACE` |" in table
    assert "Undefined" not in table and "sesame" not in table
    assert all(row.count("|") == 4 and not row.rstrip("| ").endswith("|") for row in table.splitlines()[2:])


def test_loading_imports_no_more_than_it_needs() -> None:
    code = (
        "import sys; from mcp_server.settings import load; load({}); "
        "print([name for name in ('httpx', 'sqlalchemy', 'keyring', 'yaml', 'upstream.routes') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("environment", ["sandbox", "dev", " Test "])
def test_a_clock_can_be_set_for_tries(read: Load, environment: str) -> None:
    set_to = read({**ACCOUNT, "ENVIRONMENT": environment, "DATE": " 2027-10-31 "})
    first = set_to.clock()()
    assert timedelta() <= first - datetime(2027, 10, 31, 9, tzinfo=UTC) < timedelta(hours=1)
    in_file = read({**ACCOUNT, "ENVIRONMENT": environment}, "date = 2027-10-31\n")
    assert in_file.date == set_to.date == date(2027, 10, 31)
    assert read(ACCOUNT).clock() is of_machine


@pytest.mark.parametrize("environment", ["", "production", "uat", "preprod", "sandboxes"])
def test_a_clock_can_not_be_set_where_real_work_is_done(read: Load, environment: str) -> None:
    assert problems(read, {**ACCOUNT, "ENVIRONMENT": environment, "DATE": "2027-10-31"}) == [
        "CAMPAIGN_MCP_DATE: the clock can't be set where real work is done. "
        "Leave it out, or set CAMPAIGN_MCP_ENVIRONMENT to sandbox, dev, test."
    ]


def test_a_clock_can_not_be_set_beside_a_system_that_is_always_production(read: Load) -> None:
    actito = {"ACTITO__URL": "prod-1", "ACTITO__API_KEY": "key", "ENVIRONMENT": "test", "DATE": "2027-10-31"}
    assert [line.partition(":")[0] for line in problems(read, actito)] == ["CAMPAIGN_MCP_DATE"]
    assert read({**actito, "ACTITO__URL": "preprod"}).date == date(2027, 10, 31)


@pytest.mark.parametrize(
    "given", ["31.10.2027", "2027-02-30", "20271031", "2027-W10-1", "2027-10-31T10:00", "1969-12-31", "9999-01-01"]
)
def test_a_day_that_no_clock_can_be_set_to_is_refused(read: Load, given: str) -> None:
    assert problems(read, {"ENVIRONMENT": "test", "DATE": given}) == [
        "CAMPAIGN_MCP_DATE: not a day of the years 1970 to 9998. Write yyyy-mm-dd, such as 2026-11-30."
    ]


def test_the_zone_and_the_form_of_dates_reach_the_session(read: Load) -> None:
    access = read({**ACCOUNT, "UNICA__TIME_ZONE": "Asia/Tokyo", "UNICA__DATE_FORM": "dd/mm/yyyy"}).access()["unica"]
    assert access.time_zone == ZoneInfo("Asia/Tokyo") and access.date_form == "dd/mm/yyyy"
    assert problems(read, {**ACCOUNT, "UNICA__DATE_FORM": "slashes"})[0].startswith(
        "CAMPAIGN_MCP_UNICA__DATE_FORM: not one of the words it can be. Write auto, milliseconds, seconds"
    )


def test_the_words_of_the_form_of_dates_are_those_that_the_session_takes() -> None:
    assert get_args(Unica.model_fields["date_form"].annotation) == get_args(DateForm)

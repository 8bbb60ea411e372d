"""Opening: places, file modes, keys, migrations, cleaning; and every way in which a database can be unusable."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import platformdirs
import psycopg
import pytest

from mcp_server.state import State, engine, schema
from mcp_server.state.address import Address
from mcp_server.state.database import Database, Transaction
from mcp_server.state.intents import Item, Whose
from upstream.tokens import StoreUnavailable

pytestmark = pytest.mark.anyio

Sql = Callable[[str], list[tuple[Any, ...]]]
posix = pytest.mark.skipif(sys.platform == "win32", reason="file modes and limits are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def damage(path: Path) -> None:
    """Overwrite everything behind the first page."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


@pytest.fixture
def read_only_url() -> Iterator[str]:
    """A database that was used, in a folder that everybody can enter and nobody can write."""
    folder = Path(tempfile.mkdtemp(prefix="campaign-mcp-"))
    url = f"sqlite:///{folder}/state.db"
    first = State(url)
    anyio.run(first.check)
    anyio.run(first.close)
    (folder / "state.db").chmod(0o444)
    folder.chmod(0o555)
    yield url
    folder.chmod(0o755)
    shutil.rmtree(folder)


async def refusal(state: State) -> str:
    """Why the database can't be used; and nothing of the driver hangs on the error."""
    with pytest.raises(StoreUnavailable) as caught:
        await state.check()
    assert caught.value.__context__ is None and caught.value.__cause__ is None
    assert "CAMPAIGN_MCP_STATE_URL" in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_importing_and_making_a_state_loads_and_opens_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, mcp_server.state as s; s.State(sys.argv[1]); s.State('postgresql://u:p@h/d')\n"
        "print([name for name in ('sqlalchemy', 'sqlite3', 'psycopg') if name in sys.modules])"
    )
    path = tmp_path / "new" / "state.db"
    result = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert result.stdout.strip() == "[]"
    assert not path.parent.exists()


async def test_a_state_can_be_checked_closed_and_used_again(state: State) -> None:
    await state.check()
    token = await state.tokens.publish("a", "one", 1, 15)
    await state.close()
    assert (await state.tokens.publish("a", "two", 2, 15)).generation == token.generation + 1
    await state.close()
    await state.close()


async def test_memory_is_one_database_for_many_calls_at_once(open_state: Callable[[str], State]) -> None:
    state = open_state("sqlite://")
    generations: list[int] = []

    async def publish() -> None:
        generations.append((await state.tokens.publish("a", "x", 1, 15)).generation)

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(publish)
    assert sorted(generations) == list(range(1, 21))
    assert await open_state("sqlite://").tokens.read("a") is None


@posix
async def test_the_default_place_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_state: Callable[[str], State]
) -> None:
    monkeypatch.setattr(platformdirs, "user_state_path", lambda name: tmp_path / "home" / name)
    mask = os.umask(0)
    try:
        state = open_state("")
        await state.check()
    finally:
        os.umask(mask)
    folder = tmp_path / "home" / "campaign-mcp"
    modes = {path.name: mode(path) for path in [folder, *folder.iterdir()]}
    assert modes == {"campaign-mcp": 0o700, "state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
    assert state.place == str(folder / "state.db")


@posix
async def test_a_default_place_that_others_can_read_is_made_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_state: Callable[[str], State]
) -> None:
    monkeypatch.setattr(platformdirs, "user_state_path", lambda name: tmp_path / name)
    path = tmp_path / "campaign-mcp" / "state.db"
    path.parent.mkdir()
    path.parent.chmod(0o755)
    path.touch()
    path.chmod(0o644)
    await open_state("").check()
    assert [mode(path.parent), mode(path)] == [0o700, 0o600]


@posix
async def test_a_folder_of_the_user_keeps_its_mode(tmp_path: Path, open_state: Callable[[str], State]) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(0o755)
    await open_state(f"sqlite:///{folder}/state.db").check()
    assert [mode(folder), mode(folder / "state.db")] == [0o755, 0o600]


async def test_a_file_is_in_wal_mode(sqlite_url: str, open_state: Callable[[str], State]) -> None:
    await open_state(sqlite_url).check()
    with contextlib.closing(sqlite3.connect(file_of(sqlite_url))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_new_file_that_another_process_uses_is_waited_for(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(sqlite3.connect(file_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(time, "sleep", lambda seconds: other.rollback())
        state = State(sqlite_url)
        assert len(state.key_now("seal")) == 32
        anyio.run(state.close)


async def test_who_writes_holds_the_lock_from_the_start(sqlite_url: str, open_state: Callable[[str], State]) -> None:
    state = open_state(sqlite_url)
    await state.check()

    def work(transaction: Transaction) -> None:
        transaction.rows("SELECT name FROM campaign_mcp_key")
        with (
            contextlib.closing(sqlite3.connect(file_of(sqlite_url), timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("DELETE FROM campaign_mcp_key")

    database = Database(Address.of(sqlite_url))
    await database.run(work)
    await database.close()


async def test_a_path_with_odd_characters_is_one_file(tmp_path: Path, open_state: Callable[[str], State]) -> None:
    path = tmp_path / "é 100%20 #1 @x" / "state.db"
    await open_state(f"sqlite:///{path}").check()
    assert path.is_file()


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hunter2@h/d", "sqlite:/x", "sqlite:///x?mode=ro&hunter2", "/tmp/hunter2", "postgresql://", "hunter2"],
)
def test_an_address_of_no_known_form_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="CAMPAIGN_MCP_STATE_URL") as caught:
        State(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://u:hunter2@db.example:5433/state?sslmode=require", "postgresql://db.example:5433/state"),
        ("postgres://db/state", "postgresql://db/state"),
        ("postgresql+psycopg://u:hunter2@[::1]:5432/state", "postgresql://[::1]:5432/state"),
        ("postgresql:///state?host=/run/pg&password=hunter2", "postgresql:///state"),
        ("postgresql://u:hun@ter2@db/state", "a PostgreSQL address"),
        ("postgresql://u:hun?ter2@db/state", "a PostgreSQL address"),
        ("postgresql://u:hun/ter2@db/state", "postgresql://db/state"),
        ("postgresql://db/state?password=hun@ter2", "a PostgreSQL address"),
        ("postgresql://u:hunter2", "a PostgreSQL address"),
    ],
)
def test_an_address_is_said_without_its_secrets(url: str, place: str) -> None:
    assert State(url).place == place
    assert "ter2" not in repr(State(url)) + repr(Address.of(url))


async def test_a_key_is_made_once_and_stays(url: str, open_state: Callable[[str], State]) -> None:
    first, second = open_state(url), open_state(url)
    key = await first.key("seal")
    assert len(key) == 32
    assert second.key_now("seal") == key == first.key_now("seal")
    assert await second.key("approvals") != key
    await first.close()
    await second.close()
    assert await open_state(url).key("seal") == key


async def test_a_known_key_needs_no_database(sqlite_url: str, open_state: Callable[[str], State]) -> None:
    state = open_state(sqlite_url)
    key = await state.key("seal")
    await state.close()
    replace_by_folder(file_of(sqlite_url))
    assert state.key_now("seal") == key
    with pytest.raises(StoreUnavailable):
        state.key_now("another")


async def test_processes_that_open_an_empty_database_at_once_agree(
    url: str, race: Callable[..., list[Any]], sql: Sql
) -> None:
    keys = race(url, "key", processes=3)
    assert len(set(keys)) == 1 and len(bytes.fromhex(keys[0])) == 32
    assert sql("SELECT MAX(version) FROM campaign_mcp_schema") == [(len(schema.MIGRATIONS),)]


async def test_an_older_database_is_brought_up_to_date_with_its_rows(
    url: str, open_state: Callable[[str], State], monkeypatch: pytest.MonkeyPatch, sql: Sql
) -> None:
    before = open_state(url)
    key = await before.key("seal")
    await before.close()
    known = len(schema.MIGRATIONS)
    addition = ("ALTER TABLE campaign_mcp_key ADD COLUMN note TEXT",)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, addition))
    assert await open_state(url).key("seal") == key
    assert sql("SELECT note FROM campaign_mcp_key WHERE name = 'seal'") == [(None,)]
    assert sql("SELECT MAX(version) FROM campaign_mcp_schema") == [(known + 1,)]


async def test_a_migration_that_fails_leaves_nothing_behind(
    url: str, open_state: Callable[[str], State], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (("CREATE TABLE campaign_mcp_key (name TEXT)", "CREATE NONSENSE"),))
        await refusal(open_state(url))
    await open_state(url).check()


async def test_a_newer_database_is_refused_and_left_alone(
    state: State, url: str, open_state: Callable[[str], State], sql: Sql
) -> None:
    await state.approvals.consume("k", 0, channel="code", tool="t", reference="R")
    sql("UPDATE campaign_mcp_consumed SET consumed_at = 1")
    sql("INSERT INTO campaign_mcp_schema (version, applied_at) VALUES (999, 1)")
    assert "newer campaign-mcp (schema 999" in await refusal(open_state(url))
    assert sql("SELECT COUNT(*) FROM campaign_mcp_consumed") == [(1,)]


async def test_rows_of_the_past_go_at_opening_and_others_stay(
    state: State, url: str, open_state: Callable[[str], State], sql: Sql
) -> None:
    for name in ("old", "new"):
        await state.tokens.publish(name, "token", time.time(), 15)
        await state.tokens.refuse(name, "digest", time.time())
        await state.tokens.join(name, "owner")
        await state.approvals.consume(name, 0, channel="code", tool="t", reference=name)
        await state.approvals.issue_code(name, tool="t")
        await state.approvals.redeem_code("2222-2222", name)
        await state.intents.begin(name, "t", Whose("e", "s", name), [Item(f"offer:{name}", name)])
    times = {
        "campaign_mcp_account": ("account", "issued_at"),
        "campaign_mcp_refusal": ("account", "refused_until"),
        "campaign_mcp_holder": ("account", "seen_at"),
        "campaign_mcp_consumed": ("reference", "consumed_at"),
        "campaign_mcp_code": ("reference", "expires_at"),
        "campaign_mcp_guess": ("reference", "guessed_at"),
        "campaign_mcp_intent": ("reference", "intended_at"),
        "campaign_mcp_intent_item": ("label", "changed_at"),
    }
    for table, (name, when) in times.items():
        for row, days in (("old", 31), ("new", 29)):
            sql(f"UPDATE {table} SET {when} = {when} - {days * 86400} WHERE {name} = '{row}'")
    await open_state(url).check()
    left = {table: sorted(sql(f"SELECT {name} FROM {table}")) for table, (name, _) in times.items()}
    assert left.pop("campaign_mcp_account") == [("new",), ("old",)]
    assert left == {table: [("new",)] for table in left}
    assert await state.tokens.read("old") is None
    assert (await state.tokens.publish("old", "token", 1, 15)).generation == 2


async def test_the_database_holds_no_secret_beyond_the_token(
    state: State, url: str, sql: Sql, open_state: Callable[[str], State]
) -> None:
    password, account = "correct horse battery", "https://unica.example|analyst"
    digest = hashlib.sha256(password.encode()).hexdigest()
    await state.tokens.publish(hashlib.sha256(account.encode()).hexdigest(), "the-token", time.time(), 15)
    await state.tokens.refuse("a", digest, time.time() + 60)
    codes = [await state.approvals.issue_code("R", tool="t") for _ in range(3)]
    await state.approvals.redeem_code(codes[0], "R")
    await state.approvals.redeem_code("WRNG-CDXX", "R")
    if url.startswith("sqlite"):
        content = b"".join(each.read_bytes() for each in file_of(url).parent.iterdir())
    else:
        tables = sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        content = repr([sql(f"SELECT * FROM {name}") for (name,) in tables]).encode()
    assert b"the-token" in content and digest.encode() in content
    for secret in (password, account, "WRNGCDXX", "WRNG-CDXX", *codes, *(code.replace("-", "") for code in codes)):
        assert secret.encode() not in content


async def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path, open_state: Callable[[str], State]) -> None:
    text = await refusal(open_state(f"sqlite:///{tmp_path}"))
    assert str(tmp_path) in text and ("directory" in text or "denied" in text)


async def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path, open_state: Callable[[str], State]) -> None:
    (tmp_path / "file").touch()
    assert "can't be used" in await refusal(open_state(f"sqlite:///{tmp_path}/file/state.db"))


async def test_a_file_that_is_no_database_is_said_and_left_alone(
    tmp_path: Path, open_state: Callable[[str], State]
) -> None:
    (tmp_path / "state.db").write_text("a text that somebody needs\n" * 100, encoding="utf-8")
    assert "not a SQLite database" in await refusal(open_state(f"sqlite:///{tmp_path}/state.db"))
    assert (tmp_path / "state.db").read_text(encoding="utf-8") == "a text that somebody needs\n" * 100


async def test_a_damaged_file_is_said(sqlite_url: str, open_state: Callable[[str], State]) -> None:
    state = open_state(sqlite_url)
    await state.check()
    await state.close()
    damage(file_of(sqlite_url))
    assert "the file is damaged" in await refusal(state)


@posix
def test_a_read_only_file_is_said(read_only_url: str, racer: Callable[..., Any]) -> None:
    other = racer(read_only_url, "check as nobody")
    assert other.line() == "ready"
    other.go()
    text = other.line()
    assert text.startswith("The state database can't be used: Permission denied.")
    assert "CAMPAIGN_MCP_STATE_URL" in text


@posix
async def test_a_full_disk_is_said(sqlite_url: str, racer: Callable[..., Any]) -> None:
    import resource

    other = racer(sqlite_url, "fill", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)))
    assert other.line() == "ready"
    other.go()
    text = other.line()
    assert "the disk" in text and "CAMPAIGN_MCP_STATE_URL" in text


async def test_a_database_that_stays_locked_is_said_and_comes_back(
    state: State, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.2)
    await state.tokens.publish("a", "one", 1, 15)
    with contextlib.ExitStack() as stack:
        if url.startswith("sqlite"):
            other = stack.enter_context(contextlib.closing(sqlite3.connect(file_of(url), isolation_level=None)))
            other.execute("BEGIN IMMEDIATE")
        else:
            server = stack.enter_context(psycopg.connect(url))
            server.execute("LOCK TABLE campaign_mcp_schema, campaign_mcp_account IN SHARE MODE")
        assert "locked" in await refusal(state) or not url.startswith("sqlite")
        token = await state.tokens.read("a")
        assert token is not None and token.value == "one"
        with pytest.raises(StoreUnavailable):
            await state.tokens.publish("a", "two", 2, 15)
    await state.check()
    assert (await state.tokens.publish("a", "two", 2, 15)).generation == 2


async def test_a_refused_port_is_said_without_the_password(
    open_state: Callable[[str], State], closed_port: int
) -> None:
    url = f"postgresql://analyst:hunter2%40x@127.0.0.1:{closed_port}/state?options=-c%20x%3Dhunter3"
    state = open_state(url)
    text = await refusal(state)
    assert f"postgresql://127.0.0.1:{closed_port}/state" in text and "refused" in text
    with pytest.raises(StoreUnavailable) as caught:
        await state.key("seal")
    told = "".join(traceback.format_exception(caught.value)) + repr(state) + text
    for secret in ("hunter2", "hunter3"):
        assert secret not in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hun/ter2@x:ter2/state",
        "postgresql://u:hunter2@db",
        "postgresql://u:hunter2",
        "postgresql://u:p@db:1/state?port=hunter2",
        "postgresql://u:p@127.0.0.1:1/state?hunter2=hunter2",
    ],
)
async def test_an_address_with_mistakes_is_said_without_repeating_it(
    url: str, open_state: Callable[[str], State]
) -> None:
    assert "ter2" not in (await refusal(open_state(url))).replace("invalid connection option", "")


async def test_an_address_without_a_database_is_said(open_state: Callable[[str], State]) -> None:
    assert "needs a host and a database" in await refusal(open_state("postgresql://u:p@127.0.0.1:1"))


async def test_without_the_driver_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, open_state: Callable[[str], State]
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "campaign-mcp[postgres]" in await refusal(open_state("postgresql://u:p@127.0.0.1:1/state"))


async def test_a_server_without_the_database_is_said(postgres_url: str, open_state: Callable[[str], State]) -> None:
    assert "does not exist" in await refusal(open_state(f"{postgres_url}_missing"))


async def test_a_server_that_closed_its_connections_is_used_again(
    postgres_url: str, open_state: Callable[[str], State]
) -> None:
    state = open_state(postgres_url)
    await state.tokens.publish("a", "one", 1, 15)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert (await state.tokens.publish("a", "two", 2, 15)).generation == 2


async def test_a_database_that_can_only_be_read_is_said(postgres_url: str, open_state: Callable[[str], State]) -> None:
    state = open_state(postgres_url)
    await state.check()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    await state.close()
    assert "read only" in await refusal(state)


async def test_callers_that_wait_for_a_failing_opening_share_its_failure(
    open_state: Callable[[str], State], silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 2.0)
    state = open_state(f"postgresql://u:p@127.0.0.1:{silent_port}/state")
    texts: list[str] = []

    async def attempt() -> None:
        texts.append(await refusal(state))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(attempt)
    assert len(texts) == 6 and len(set(texts)) == 1

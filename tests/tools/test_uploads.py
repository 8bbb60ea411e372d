"""Files on their way out: what may be read, and that nothing else ever is."""

from __future__ import annotations

import base64
import os
import socket
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import uploads
from tools.errors import Ambiguous, BadArgument, ToolProblem, UnknownName
from tools.uploads import Limits, Picked, bare_name, from_file, from_text

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An allowed folder with a brief in it, beside a folder that is not allowed with a secret."""
    (tmp_path / "allowed" / "2026").mkdir(parents=True)
    (tmp_path / "allowed" / "2026" / "brief.txt").write_bytes(b"Mail all customers.")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_bytes(b"sesame")
    return tmp_path


def allowed(place: Path, *more: str, most: int = 1000) -> Limits:
    return Limits([place / "allowed", *(place / each for each in more)], most)


def link(at: Path, to: Path) -> None:
    try:
        at.symlink_to(to, target_is_directory=to.is_dir())
    except OSError:
        pytest.skip("this account may not make links")


def refused(path: str | Path, limits: Limits) -> str:
    with pytest.raises(BadArgument) as caught:
        from_file(str(path), "", limits)
    return f"{caught.value.message} {caught.value.advice}"


# where from


def test_a_file_below_an_allowed_folder_is_read_by_its_whole_or_its_relative_path(place: Path) -> None:
    whole = place / "allowed" / "2026" / "brief.txt"
    for path in (str(whole), "2026/brief.txt", str(Path("2026") / "brief.txt"), "./2026/brief.txt"):
        picked = from_file(path, "", allowed(place))
        assert picked == Picked("brief.txt", b"Mail all customers.", str(whole.resolve()))
    assert from_file("2026/brief.txt", "other.txt", allowed(place)).name == "other.txt"


def test_without_an_allowed_folder_the_setting_is_named(place: Path) -> None:
    said = refused(place / "allowed" / "2026" / "brief.txt", Limits())
    assert "CAMPAIGN_MCP_UPLOAD_FOLDERS" in said and "content" in said


def test_the_options_of_a_call_carry_what_the_operator_allows() -> None:
    limits = Limits.of({"upload_folders": '["/srv/a:b", "/srv/c,d"]', "upload_max_bytes": "5"})
    assert limits == Limits([Path("/srv/a:b"), Path("/srv/c,d")], 5)
    assert Limits.of({}) == Limits([], 10 * 1024 * 1024)


def test_no_path_leads_out_by_its_words(place: Path) -> None:
    secret = place / "secret" / "key.txt"
    for path in (secret, "../secret/key.txt", "2026/../../secret/key.txt", place / "allowed" / ".." / "secret/key.txt"):
        assert "sesame" not in refused(path, allowed(place))
    assert "not below a folder" in refused(secret, allowed(place))
    assert "not below a folder" in refused(f"{place / 'allowed'}-too/key.txt", allowed(place))


def test_a_path_outside_is_refused_without_a_look_at_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = allowed(place)
    looked: list[str] = []

    def spied(path: Path, strict: bool = False) -> Path:
        looked.append(str(path))
        return Path(os.path.realpath(path, strict=strict))

    monkeypatch.setattr(Path, "resolve", spied)
    there, absent = refused(place / "secret" / "key.txt", limits), refused(place / "secret" / "absent.txt", limits)
    assert there.replace("key", "") == absent.replace("absent", ""), "whether it exists is not told"
    assert {*looked} <= {str(place / "allowed")}
    from_file("2026/brief.txt", "", limits)
    assert any("brief" in each for each in looked), "the spy sees"


def test_no_link_leads_out(place: Path) -> None:
    link(place / "allowed" / "key.txt", place / "secret" / "key.txt")
    link(place / "allowed" / "deep", place / "secret")
    link(place / "allowed" / "up", place)
    for path in ("key.txt", "deep/key.txt", "up/secret/key.txt", place / "allowed" / "deep" / "key.txt"):
        assert "not below a folder" in refused(path, allowed(place))


def test_a_link_within_the_folder_is_followed_and_so_is_the_folder_itself(place: Path) -> None:
    link(place / "allowed" / "latest", place / "allowed" / "2026")
    link(place / "shortcut", place / "allowed")
    really = str((place / "allowed" / "2026" / "brief.txt").resolve())
    assert from_file("latest/brief.txt", "", allowed(place)).source == really
    through = Limits([place / "shortcut"], 1000)
    for path in ("2026/brief.txt", str(place / "shortcut" / "2026" / "brief.txt"), really):
        assert from_file(path, "", through).source == really


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_put_in_between_looking_and_opening_is_not_followed(
    place: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    original = uploads._found

    def then_swapped(path: str, limits: Limits) -> uploads._Found:
        found = original(path, limits)
        if what == "file":
            found.path.unlink()
            link(found.path, place / "secret" / "key.txt")
        else:
            found.path.rename(place / "moved.txt")
            found.path.parent.rmdir()
            (place / "secret" / "brief.txt").write_bytes(b"sesame")
            link(found.path.parent, place / "secret")
        return found

    monkeypatch.setattr(uploads, "_found", then_swapped)
    with pytest.raises(BadArgument, match=r"not read|not below"):
        from_file("2026/brief.txt", "", allowed(place))


def test_where_no_step_by_step_opening_exists_the_path_is_compared_after_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set[object]())
    assert from_file("2026/brief.txt", "", allowed(place)).content == b"Mail all customers."
    original = uploads._found

    def then_swapped(path: str, limits: Limits) -> uploads._Found:
        found = original(path, limits)
        found.path.unlink()
        link(found.path, place / "secret" / "key.txt")
        return found

    monkeypatch.setattr(uploads, "_found", then_swapped)
    assert "not below a folder" in refused("2026/brief.txt", allowed(place))


def test_an_absent_file_is_told_with_the_nearest(place: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        from_file("2026/breif.txt", "", allowed(place))
    assert caught.value.lines == ["brief.txt"]
    with pytest.raises(UnknownName) as caught:
        from_file("2027/brief.txt", "", allowed(place))
    assert caught.value.lines == [] and "Ask the person" in caught.value.advice
    with pytest.raises(UnknownName):
        from_file("x" * 5000, "", allowed(place, "never made"))


def test_a_relative_path_that_is_there_twice_is_not_guessed(place: Path) -> None:
    (place / "more" / "2026").mkdir(parents=True)
    (place / "more" / "2026" / "brief.txt").write_bytes(b"Other")
    with pytest.raises(Ambiguous) as caught:
        from_file("2026/brief.txt", "", allowed(place, "more"))
    assert len(caught.value.lines) == 2
    assert from_file(str(place / "more" / "2026" / "brief.txt"), "", allowed(place, "more")).content == b"Other"
    assert from_file("2026/brief.txt", "", allowed(place, "allowed/2026")).content == b"Mail all customers."


@pytest.mark.parametrize("path", ["", ".", "a\0b", "..", "2026/.."])
def test_what_is_no_path_is_refused(place: Path, path: str) -> None:
    assert "no path" in refused(path, allowed(place))


@pytest.mark.skipif(os.name != "nt", reason="paths of Windows")
@pytest.mark.parametrize("path", [r"\\host\share\x.txt", r"\x.txt", "C:x.txt", r"2026\brief.txt:hidden", r"\\.\pipe\x"])
def test_paths_of_windows_that_lead_elsewhere_are_refused(place: Path, path: str) -> None:
    refused(path, allowed(place))


# what


def test_only_regular_files_are_read(place: Path) -> None:
    for folder in ("2026", place / "allowed"):
        assert "folder" in refused(folder, allowed(place))


@POSIX
def test_a_pipe_a_socket_and_a_device_are_refused_at_once(place: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(place / "allowed" / "pipe")
    with socket.socket(getattr(socket, "AF_UNIX", socket.AF_INET)) as listening:
        here = Path.cwd()
        try:
            os.chdir(place / "allowed")  # the names of sockets are short
            listening.bind("socket")
        finally:
            os.chdir(here)
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.append(refused("pipe", allowed(place))), daemon=True)
        reader.start()
        reader.join(5)
        assert said and "regular" in said[0], "nobody writes into the pipe: reading it would wait for ever"
        assert "not read" in refused("socket", allowed(place))
    assert "regular" in refused("/dev/null", Limits([Path("/dev")]))


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_this_account_may_not_read_is_told(place: Path) -> None:
    (place / "allowed" / "2026" / "brief.txt").chmod(0)
    assert "may not read" in refused("2026/brief.txt", allowed(place))


def test_sizes_are_checked_before_reading(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("read")

    assert len(from_file("2026/brief.txt", "", allowed(place, most=19)).content) == 19
    monkeypatch.setattr(os, "fdopen", never)
    said = refused("2026/brief.txt", allowed(place, most=18))
    assert "19 bytes" in said and "CAMPAIGN_MCP_UPLOAD_MAX_MB" in said
    (place / "allowed" / "empty.txt").touch()
    assert "empty" in refused("empty.txt", allowed(place))


@POSIX
def test_a_file_that_grows_meanwhile_is_not_sent_by_half(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = os.fdopen

    def after_growth(*arguments: object, **options: object) -> object:
        with (place / "allowed" / "2026" / "brief.txt").open("ab") as file:
            file.write(b" And more.")
        return original(*arguments, **options)  # type: ignore[call-overload]  # passed on as it came

    monkeypatch.setattr(os, "fdopen", after_growth)
    with pytest.raises(ToolProblem) as caught:
        from_file("2026/brief.txt", "", allowed(place))
    assert caught.value.code == "file_changing" and caught.value.retry


@POSIX
def test_nothing_stays_open(place: Path) -> None:
    held = Path("/dev/fd")
    if not held.exists():
        pytest.skip("no list of what is open")
    (place / "allowed" / "empty.txt").touch()
    before = len(list(held.iterdir()))
    for path in ("2026/brief.txt", "2026", "empty.txt", "../x", str(place / "allowed")):
        for _ in range(20):
            try:
                from_file(path, "", allowed(place))
            except ToolProblem:
                continue
    assert len(list(held.iterdir())) == before


# base64


def test_base64_is_read_with_or_without_line_breaks() -> None:
    data = bytes(range(256))
    for text in (base64.b64encode(data).decode(), base64.encodebytes(data).decode()):
        assert from_text(text, " brief.bin ", Limits()) == Picked("brief.bin", data, "content of the call")


@pytest.mark.parametrize(
    "text", ["aGVsbG8", "aGVsb-8=", "aGVsbG9=", "aGVs=bG8=", "aGVsbG8=====", "hello world!", "aGVsbG8=x", "äää="]
)
def test_what_is_not_base64_to_the_letter_is_refused(text: str) -> None:
    with pytest.raises(BadArgument, match="not base64"):
        from_text(text, "x.txt", Limits())


def test_other_faults_of_content_are_named() -> None:
    with pytest.raises(BadArgument, match="before the comma"):
        from_text("data:text/plain;base64,aGVsbG8=", "x.txt", Limits())
    with pytest.raises(BadArgument, match="needs a name"):
        from_text("aGVsbG8=", "", Limits())
    with pytest.raises(BadArgument, match="empty"):
        from_text(" ", "x.txt", Limits())
    with pytest.raises(BadArgument, match="at most"):
        from_text(base64.b64encode(b"x" * 1001).decode(), "x.txt", Limits(most=1000))
    assert len(from_text(base64.b64encode(b"x" * 1000).decode(), "x.txt", Limits(most=1000)).content) == 1000


@given(st.binary(min_size=1, max_size=200))
def test_every_content_comes_back_as_it_was(data: bytes) -> None:
    assert from_text(base64.b64encode(data).decode(), "x.bin", Limits()).content == data


# names


@pytest.mark.parametrize(
    "name", ["brief.pdf", "Kampagne Frühling (2).xlsx", ".htaccess", "report", 'a"b.txt', "简报.txt"]
)
def test_names_that_are_taken(name: str) -> None:
    assert bare_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["../x.txt", "a/b.txt", "a\\b.txt", "a\nb.txt", "a\0.txt", "brief\u202egpj.exe", ".", "..", "x" * 256, "é" * 128],
)
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(BadArgument, match="no bare file name"):
        bare_name(name)

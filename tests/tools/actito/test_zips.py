"""Zips that somebody gives: opened within bounds, and nothing in them is believed."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

import pytest

from tools.actito import zips
from tools.actito.zips import unzipped, zipped
from tools.errors import BadArgument


def refused(data: bytes, most: int = 1000) -> str:
    with pytest.raises(BadArgument) as caught:
        list(unzipped(data, most, "It"))
    return caught.value.message


def named(*names: str) -> bytes:
    return zipped([(name, b"x") for name in names])


def test_what_is_packed_comes_out_and_what_systems_add_does_not() -> None:
    files = [("index.html", b"<p>"), ("img/Bild 1.png", b"\x89PNG")]
    extra = [
        (name, b"")
        for name in ("__MACOSX/._index.html", "img/.DS_Store", "img/Thumbs.db", "._x", "desktop.ini", "img/")
    ]
    assert list(unzipped(zipped([*files, *extra]), 1000, "It")) == files
    ((name, _),) = unzipped(named("img\\logo.png"), 1000, "It")
    assert name == "img/logo.png"


@pytest.mark.parametrize(
    "name",
    [
        "../a.png",
        "img/../../a.png",
        "/a.png",
        "C:/a.png",
        "C:a.png",
        "a:b",
        "..",
        "img\\..\\a.png",
        "\\a.png",
        "a\nb.png",
    ],
)
def test_no_name_leads_out(name: str) -> None:
    assert "leads out" in refused(named("index.html", name))


def test_names_that_stand_for_one_file_are_refused() -> None:
    for names in (("a.png", "A.PNG"), ("A.PNG", "a.png")):
        assert f"{names[0]!r} and {names[1]!r}" in refused(named(*names))
    double = named("a.png", "b.png").replace(b"b.png", b"a.png")
    assert "two files for one name" in refused(double)


def test_links_passwords_and_unknown_ways_of_packing_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("a.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/srv/secret.png")
    assert "has a link in it: 'a.png'" in refused(target.getvalue())
    plain = named("a.png")
    start, middle = plain.index(b"PK\x03\x04"), plain.index(b"PK\x01\x02")
    locked = bytearray(plain)
    locked[start + 6] |= 1
    locked[middle + 8] |= 1
    assert "without a password" in refused(bytes(locked)) or "encrypted" in refused(bytes(locked))
    odd = bytearray(plain)
    odd[start + 8 : start + 10] = odd[middle + 10 : middle + 12] = struct.pack("<H", 9)
    assert "packed in a way" in refused(bytes(odd))


def test_a_zip_is_unpacked_within_bounds_whatever_it_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "more bytes" in refused(zipped([("a", b"x" * 1001)]))
    assert "more bytes" in refused(zipped([("a", b"x" * 600), ("b", b"x" * 401)]))
    assert len(list(unzipped(zipped([("a", b"x" * 600), ("b", b"x" * 400)]), 1000, "It"))) == 2
    lying = bytearray(zipped([("a", b"x" * 100_000)]))
    middle = lying.index(b"PK\x01\x02")
    lying[middle + 24 : middle + 28] = struct.pack("<I", 10)
    assert "damaged" in refused(bytes(lying)), "no more is unpacked than it says, and the sum doesn't fit"
    monkeypatch.setattr(zips, "MOST_FILES", 3)
    assert "4 files" in refused(named("a", "b", "c", "d"))


def test_damaged_zips_are_named() -> None:
    good = zipped([("a.png", b"picture" * 50)])
    wrong_sum = good.replace(struct.pack("<I", zlib.crc32(b"picture" * 50)), b"abcd")
    for data in (b"", b"no zip", good[:-10], good[: len(good) // 2], wrong_sum, b"PK\x03\x04" + good[4:40]):
        assert "no zip, or is damaged" in refused(data)
    assert list(unzipped(b"PK\x05\x06" + bytes(18), 10, "It")) == []

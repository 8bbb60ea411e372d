"""Character sets of files: marks, claims, and what is refused rather than stored wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.encodings import by_mark, claim_in, claiming_utf8, decoded, doubts_about, page_text, refuse_controls
from tools.errors import BadArgument


def page(claim: str, text: str, codec: str) -> bytes:
    return f'<html><head><meta charset="{claim}"></head><body>{text}</body></html>'.encode(codec)


def refused(data: bytes) -> str:
    with pytest.raises(BadArgument) as caught:
        page_text(data)
    return f"{caught.value.message} {caught.value.advice}"


WINDOWS = "5 €, œuvre, “curly” – Été"


@pytest.mark.parametrize(
    ("claim", "text", "codec", "read_as"),
    [
        *(
            (each, WINDOWS, "cp1252", "windows-1252")
            for each in ("ISO-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii")
        ),
        *((each, WINDOWS, "cp1252", "windows-1252") for each in ("windows-1252", "x-cp1252", "l1", "ansi_x3.4-1968")),
        ("iso-8859-9", "Şişli € “x”", "cp1254", "windows-1254"),
        ("iso-8859-15", "5 €, œuvre", "iso8859-15", "iso-8859-15"),
        ("iso-8859-2", "Zażółć gęślą", "iso8859-2", "iso-8859-2"),
        ("windows-1250", "Zażółć „gęślą”", "cp1250", "windows-1250"),
        ("windows-1251", "Новости", "cp1251", "windows-1251"),
        ("koi8-r", "Новости", "koi8-r", "koi8-r"),
        ("KOI8-U", "Новини ґ", "koi8-u", "koi8-u"),
        ("ibm866", "Новости", "cp866", "ibm866"),
        ("iso-8859-7", "Ελλάδα", "iso8859-7", "iso-8859-7"),
        ("windows-1253", "Ελλάδα €", "cp1253", "windows-1253"),
        ("iso-8859-8-i", "שלום", "iso8859-8", "iso-8859-8-i"),
        ("windows-1256", "مرحبا", "cp1256", "windows-1256"),
        ("tis-620", "สวัสดี €", "cp874", "windows-874"),
        ("macintosh", "Été “x”", "mac-roman", "macintosh"),
        ("Shift_JIS", "冬のニュース①", "cp932", "shift_jis"),
        ("x-sjis", "冬のニュース", "cp932", "shift_jis"),
        ("windows-31j", "冬①", "cp932", "shift_jis"),
        ("euc-jp", "冬のニュース", "euc-jp", "euc-jp"),
        ("iso-2022-jp", "冬のニュース", "iso-2022-jp", "iso-2022-jp"),
        ("big5", "冬季通訊 裏", "big5hkscs", "big5"),
        ("gb2312", "冬季通讯", "gb2312", "gbk"),
        ("gbk", "冬季通讯 镕", "gbk", "gbk"),
        ("gb2312", "5 € 𠀀", "gb18030", "gbk"),
        ("gb18030", "冬季通讯 𠀀", "gb18030", "gb18030"),
        ("euc-kr", "겨울 소식 똠", "cp949", "euc-kr"),
        ("ks_c_5601-1987", "겨울", "euc-kr", "euc-kr"),
        ("utf-8", "Été", "utf-8", "utf-8"),
        ("iso-8859-1", "Été, but in UTF-8", "utf-8", "utf-8"),
    ],
)
def test_a_page_is_read_in_what_it_claims_as_the_web_reads_it(claim: str, text: str, codec: str, read_as: str) -> None:
    found, name = page_text(page(claim, text, codec))
    assert text in found and name == read_as


def test_the_claim_stands_in_a_meta_tag_or_an_xml_declaration() -> None:
    for head in (
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html;charset=KOI8-R'>",
        '<meta content="text/html; charset = koi8-r" http-equiv="content-type">',
        "<meta charset=koi8-r/>",
        '<?xml version="1.0" encoding="koi8-r"?>',
        '<!-- <meta charset="utf-8"> --><meta charset="koi8-r">',
    ):
        assert "Новости" in page_text(f"{head}<p>Новости</p>".encode("koi8-r"))[0], head
    assert claim_in("<p>charset=koi8-r</p>") == "" == claim_in("<!-- <meta charset=x>")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_marks_and_zeros_win_over_the_claim(codec: str) -> None:
    found, name = page_text(page("iso-8859-1", WINDOWS, codec))
    assert found.startswith("<html>") and WINDOWS in found and name in ("utf-8", "utf-16", "utf-32")


def test_bytes_that_are_not_what_they_claim_are_an_error_with_their_place() -> None:
    assert "not in utf-8, as it claims (utf8): byte 0xE9 in line 2 (position 24)" in refused(
        b"<meta charset=utf8>\n<p>\xe9</p>"
    )
    assert "byte 0x81 in line 3" in refused(b"<meta charset=latin1>\r\n\r\n<p>\x81</p>")
    assert "not in UTF-8 (byte 0xE9 in line 1" in refused(b"<p>\xe9</p>") and "windows-1252" in refused(b"<p>\xe9</p>")
    for unknown in ("klingon", "hz-gb-2312", "utf-7"):
        assert f"claims '{unknown}'" in refused(f"<meta charset={unknown}>".encode() + b"<p>\xe9</p>")
    assert "not in utf-8, as it claims (utf-16)" in refused(b"<meta charset=utf-16><p>\xe9</p>")
    assert "not in UTF-16, as its first bytes say" in refused("<p>x</p>".encode("utf-16") + b"x")


def test_a_few_zeros_are_no_encoding() -> None:
    assert by_mark(b"a;b\n1;2\0\n") == by_mark(b"plain") == by_mark(b"") == by_mark(b"\0\0\0\0") == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\nb\x00", "zero byte, so it is no text or was damaged on its way, first in line 2"),
        ("a\x80", "U+0080, which is what a wrongly converted letter turns into"),
        ("a\x9f", "U+009F"),
        ("a\r\n\r\nb\x1b", "U+001B, first in line 3"),
        ("\ud83d", "half a character (U+D83D)"),
    ],
)
def test_characters_that_no_text_has_are_refused(text: str, named: str) -> None:
    with pytest.raises(BadArgument, match="The page has") as caught:
        refuse_controls(text, "The page")
    assert named in caught.value.message
    refuse_controls("tab\t, page\f, line\r\n, \u00a0, \u200d, \U0001f468", "The page")


def test_a_claim_of_another_character_set_is_corrected_in_what_is_sent() -> None:
    html = '<?xml version="1.0" encoding="ISO-8859-1"?><!-- <meta charset="big5"> --><meta charset=\'koi8-r\'><p>é</p>'
    corrected, claimed = claiming_utf8(html)
    assert claimed == "ISO-8859-1"
    assert corrected == html.replace("ISO-8859-1", "utf-8").replace("koi8-r", "utf-8")
    for right in ('<meta charset="UTF8"><p>é</p>', "<p>charset=koi8-r</p>"):
        assert claiming_utf8(right) == (right, "")


def test_letters_that_were_read_wrongly_before_are_seen() -> None:
    (twice,) = doubts_about("caf\u00c3\u00a9 \u00e2\u20ac\u2122")
    assert "'Ã©'" in twice and "2 times" in twice
    assert doubts_about("a \ufffd b")[0].startswith("1 letter was lost")
    assert doubts_about("JOÃO, À la carte, Â, “â”, 5 €") == []


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_unicode_comes_back_as_it_was(text: str, codec: str) -> None:
    text = text.lstrip("\ufeff")
    data = f"<p>{text}</p>".encode(codec)
    assert page_text(data)[0] == f"<p>{text}</p>"
    assert decoded(text.encode(), "utf-8", "x", "UTF-8") == text

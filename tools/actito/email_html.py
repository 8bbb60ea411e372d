"""The HTML of an e-mail as a marketer reads it: its text, where it links to, and the images that it shows.

Nothing of it is run or fetched: it is read as text, by a parser that forgives what browsers forgive.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote

MOST_CHARACTERS = 500_000
"""Characters that are looked at; mail programs cut messages off at about a fifth of that."""

_SILENT = {"head", "script", "style", "template", "title", "noscript"}
_NOT_SHOWN = {"script", "iframe", "embed", "audio", "video", "track"}
_BLOCKS = {"br", "p", "div", "td", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section"}
_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\"()]{1,2000})['\"]?\s*\)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FILLED_IN = re.compile(r"\$\{|\{\{|\[%|<%|%%")


@dataclass(frozen=True)
class Page:
    """What an e-mail shows. `images` are its references to images, each once and as written.

    `charset` is the character set that the HTML claims, in small letters.
    """

    text: str
    links: Sequence[str]
    images: Sequence[str]
    tags: int
    scripts: bool
    charset: str

    @property
    def local(self) -> Sequence[str]:
        """References to images that have to come along, as names of files: those without an address of their own."""
        return list(dict.fromkeys(file_of(each) for each in self.images if _is_file(each)))

    @property
    def unusable(self) -> Sequence[str]:
        """References that no recipient's mail program can follow: the disk of a machine, or no scheme."""
        return [each for each in self.images if _FILLED_IN.search(each) is None and _leads_nowhere(each)]

    @property
    def without_file(self) -> bool:
        """Whether it shows images by cid: addresses, which mean attachments that this content doesn't have."""
        return any(each.lower().startswith("cid:") for each in self.images)

    @property
    def inline(self) -> bool:
        """Whether it holds images itself, as data: addresses."""
        return any(each.lower().startswith("data:") for each in self.images)


def read_page(html: str) -> Page:
    """The e-mail that this HTML is."""
    reader = _Reader()
    reader.feed(html[:MOST_CHARACTERS])
    reader.close()
    return Page(
        " ".join("".join(reader.words).split()),
        _once(reader.links),
        _once(reader.images),
        reader.tags,
        reader.scripts,
        reader.charset,
    )


def fingerprint(html: str) -> str:
    """A short digest by which two versions of a text are told apart."""
    return hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:12]


def file_of(reference: str) -> str:
    """The name of the file that a reference in HTML means, with its folders: `./img/a%20b.png?v=2` is `img/a b.png`."""
    return unquote(reference.partition("?")[0].partition("#")[0]).strip().removeprefix("./")


def _is_file(reference: str) -> bool:
    return not (_SCHEME.match(reference) or _FILLED_IN.search(reference) or _leads_nowhere(reference))


def _leads_nowhere(reference: str) -> bool:
    if reference.startswith(("//", "\\")):
        return True
    scheme = _SCHEME.match(reference)
    return scheme is not None and scheme[0].lower() not in ("http:", "https:", "cid:", "data:")


def _in_srcset(text: str) -> Iterator[str]:
    """The addresses of a srcset: a comma within one, as those of data: have, doesn't end it."""
    described = False
    for word in text.split():
        if described:
            _, comma, word = word.partition(",")
            described = not comma
        if not described and (address := word.strip(",")):
            yield address
            described = not word.endswith(",")


def _once(texts: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(each for each in (text.strip() for text in texts) if each))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.tags = 0
        self.scripts = False
        self.charset = ""
        self._silent = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        self.scripts = self.scripts or tag == "script"
        given = {name: value or "" for name, value in attrs}
        if self._silent == tag:
            self._depth += 1
        elif not self._silent and tag in _SILENT:
            self._silent, self._depth = tag, 1
        if tag in _BLOCKS:
            self.words.append(" ")
        if tag == "meta":
            said = re.search(r"charset=\s*([\w-]+)", given.get("content", ""), re.IGNORECASE)
            self.charset = self.charset or (given.get("charset") or (said[1] if said else "")).lower()
        if tag in ("a", "area"):
            self.links.append(given.get("href", ""))
        if tag not in _NOT_SHOWN:
            self.images += [given.get("src", ""), given.get("background", "")]
            self.images += _in_srcset(given.get("srcset", ""))
            self.images += _IN_STYLE.findall(given.get("style", ""))
        if tag == "body" and self._silent == "head":
            # A head that was never closed ends where the body begins.
            self._silent, self._depth = "", 0

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append(" ")
        if self._silent == tag:
            self._depth -= 1
            if self._depth <= 0:
                self._silent = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _SILENT:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._silent == "style" or self.lasttag == "style":
            self.images += [each for each in _IN_STYLE.findall(data) if not each.lower().endswith((".woff", ".woff2"))]
        if not self._silent:
            self.words.append(data)

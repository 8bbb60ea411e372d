"""The HTML of an e-mail as a marketer reads it: its text, its links, the images that it shows, and what else it needs.

Nothing of it is run or fetched: it is read as text, by a parser that forgives what browsers forgive.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tools.actito.email_addresses import file_of, is_file, is_filled_in, leads_nowhere
from tools.encodings import claim_in

MOST_CHARACTERS = 500_000
"""Characters that are looked at; mail programs cut messages off at about a fifth of that."""

_SILENT = {"head", "script", "style", "template", "title", "noscript"}
_BLOCKS = {"br", "p", "div", "td", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section"}
_MEDIA = {"audio", "video"}
_LOADED: Mapping[str, tuple[str, str]] = {
    "script": ("script", "src"),
    "iframe": ("frame", "src"),
    "embed": ("embedded file", "src"),
    "object": ("embedded file", "data"),
    "audio": ("sound", "src"),
    "video": ("video", "src"),
    "track": ("subtitles", "src"),
}
"""Tags whose files are no images: what such a file is, and the attribute that names it."""

_STRIPPED = {"script", "form", "iframe", "embed", "object", "audio", "video", "canvas", "svg"}
"""Tags that most mail programs leave out, with what is in them."""

_URL = re.compile(
    r"""url\(\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^'"()]{1,2000}))\s*\)""",
    re.IGNORECASE,
)
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]{1,2000})[^;]*;?""", re.IGNORECASE)
_FONT = re.compile(r"@font-face\s*\{[^}]*\}?", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_FOR_OUTLOOK = re.compile(r"\s*\[if\b(?![^\]]*!\s*\(?\s*(?:mso|ie)\b)[^\]]*\]>(.*)", re.IGNORECASE | re.DOTALL)


@dataclass
class Link:
    """A link: its address as written, and what a reader sees of it."""

    address: str
    words: str = ""


@dataclass(frozen=True)
class Page:
    """What an e-mail shows. `images` are its references to images, each once and as written.

    `charset` is the character set that the HTML claims, in small letters. `needs` are files besides images, by address,
    with what each is. `without_alt` are images without a text in their place, `stripped` the tags that mail programs
    leave out, `base` is where addresses are relative to, `source` the language that it is written in if not HTML.
    """

    text: str
    images: Sequence[str]
    tags: Counter[str]
    charset: str
    anchors: Sequence[Link] = ()
    names: frozenset[str] = frozenset()
    needs: Mapping[str, str] = field(default_factory=dict)
    without_alt: Sequence[str] = ()
    title: str = ""
    language: str = ""
    base: str = ""
    handlers: int = 0

    @property
    def links(self) -> Sequence[str]:
        """The addresses that it links to, each once."""
        return list(dict.fromkeys(each.address for each in self.anchors if each.address))

    @property
    def local(self) -> Sequence[str]:
        """References to images that have to come along, as names of files: those without an address of their own."""
        return list(dict.fromkeys(file_of(each) for each in self.images if is_file(each)))

    @property
    def unusable(self) -> Sequence[str]:
        """References that no recipient's mail program can follow: the disk of a machine, or no scheme."""
        return [each for each in self.images if not is_filled_in(each) and leads_nowhere(each)]

    @property
    def without_file(self) -> Sequence[str]:
        """Images by cid: addresses, which mean attachments that this content doesn't have."""
        return [each for each in self.images if each.lower().startswith("cid:")]

    @property
    def inline(self) -> int:
        """How many images it holds itself, as data: addresses."""
        return sum(each.lower().startswith("data:") for each in self.images)

    @property
    def stripped(self) -> Mapping[str, int]:
        """Tags that most mail programs leave out, with their number."""
        return {name: count for name, count in self.tags.items() if name in _STRIPPED}

    @property
    def source(self) -> str:
        """The language of a template that has to be made HTML first; empty for HTML."""
        if "mjml" in self.tags or any(name.startswith("mj-") for name in self.tags):
            return "MJML"
        if "heml" in self.tags:
            return "HEML"
        return "Inky (Foundation for Emails)" if {"container", "row", "columns"} <= {*self.tags} else ""


def read_page(html: str) -> Page:
    """The e-mail that this HTML is."""
    reader = _read(html[:MOST_CHARACTERS])
    return Page(
        " ".join("".join(reader.words).split()),
        _once(reader.images),
        reader.tags,
        claim_in(html).lower(),
        [Link(each.address.strip(), " ".join(each.words.split())) for each in reader.anchors],
        frozenset(reader.names),
        {address: what for address, what in reader.needs.items() if address},
        _once(reader.without_alt),
        " ".join("".join(reader.title).split()),
        reader.language,
        reader.base,
        reader.handlers,
    )


def fingerprint(html: str) -> str:
    """A short digest by which two versions of a text are told apart."""
    return hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:12]


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


def _urls(css: str) -> Iterator[str]:
    return ((found[1] or found[2] or found[3]).strip() for found in _URL.finditer(css))


def _once(texts: Iterable[str]) -> Sequence[str]:
    """Addresses, each once; a place within the page is none."""
    return list(dict.fromkeys(each for each in (text.strip() for text in texts) if each and not each.startswith("#")))


def _read(html: str) -> _Reader:
    """A reader of this HTML. A tag that never ends is none: Python's parser takes minutes over thousands of them."""
    end = html.rfind(">") + 1
    reader = _Reader()
    reader.feed(html[:end])
    reader.feed(html[end:].partition("<")[0])
    reader.close()
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.title: list[str] = []
        self.anchors: list[Link] = []
        self.names: set[str] = set()
        self.images: list[str] = []
        self.without_alt: list[str] = []
        self.needs: dict[str, str] = {}
        self.tags: Counter[str] = Counter()
        self.handlers = 0
        self.language = self.base = ""
        self._link: Link | None = None
        self._css: list[str] = []
        self._raw: list[str] | None = None
        self._silent = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = {name: value or "" for name, value in attrs}
        self.handlers += sum(name.startswith("on") for name in given)
        self.names |= {given.get("id", ""), given.get("name", "") if tag == "a" else ""}
        if self._silent == tag:
            self._depth += 1
        elif not self._silent and tag in _SILENT:
            self._silent, self._depth = tag, 1
        if tag in _BLOCKS:
            self.words.append(" ")
        if tag in ("style", "title"):
            self._raw = self._css if tag == "style" else self.title
        if tag == "html":
            self.language = self.language or given.get("lang") or given.get("xml:lang") or ""
        elif tag == "base":
            self.base = self.base or given.get("href", "").strip()
        elif tag in ("a", "area"):
            self._begin_link(tag, given)
        elif tag == "link":
            self._note_link(given)
        self._note_files(tag, given)
        if tag == "body" and self._silent == "head":
            # A head that was never closed ends where the body begins.
            self._silent, self._depth = "", 0

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append(" ")
        if tag == "a":
            self._link = None
        if tag in ("style", "title"):
            self._raw = None
        if self._silent == tag:
            self._depth -= 1
            if self._depth <= 0:
                self._silent = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _SILENT:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._raw is not None:
            self._raw.append(data)
        if not self._silent:
            self.words.append(data)
            if self._link is not None:
                self._link.words += data

    def handle_comment(self, data: str) -> None:
        """Read what a comment shows to Outlook alone: its images have to come along too."""
        if found := _FOR_OUTLOOK.match(data):
            shown = _read(found[1])
            self.images += shown.images
            self.needs |= shown.needs

    def parse_html_declaration(self, i: int) -> int:
        """Skip `<![...>` as browsers do: Python's parser fails at some of them."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def close(self) -> None:
        super().close()
        self._note_styles()

    def _begin_link(self, tag: str, given: Mapping[str, str]) -> None:
        if "href" not in given and (given.get("id") or given.get("name") or tag == "area"):
            return  # a place that is linked to
        self._link = Link(given.get("href", ""), given.get("title", ""))
        self.anchors.append(self._link)

    def _note_link(self, given: Mapping[str, str]) -> None:
        relations = given.get("rel", "").lower().split()
        if "stylesheet" in relations:
            self.needs[given.get("href", "").strip()] = "stylesheet"
        elif {"preload", "prefetch", "modulepreload"} & {*relations}:
            self.needs.setdefault(given.get("href", "").strip(), f"preloaded {given.get('as') or 'file'}")

    def _note_files(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in _LOADED:
            what, attribute = _LOADED[tag]
            self.needs[given.get(attribute, "").strip()] = what
        elif tag == "source" and "src" in given:
            self.needs[given["src"].strip()] = "video or sound"
        else:
            self.images.append(given.get("src", ""))
        if tag == "image":
            self.images += [given.get("href", ""), given.get("xlink:href", "")]
        if tag == "img" and "alt" not in given:
            self.without_alt.append(given.get("src") or "an image without address")
        self.images += [given.get("background", ""), given.get("poster", "")]
        self.images += _in_srcset(given.get("srcset", ""))
        self.images += _urls(given.get("style", ""))

    def _note_styles(self) -> None:
        css = _CSS_COMMENT.sub(" ", "".join(self._css))
        self.needs |= {found[1]: "stylesheet" for found in _IMPORT.finditer(css)}
        css = _IMPORT.sub(" ", css)
        for font in _FONT.finditer(css):
            self.needs |= {each: "font" for each in _urls(font[0])}
        self.images += _urls(_FONT.sub(" ", css))

"""The condition of smart offer lists and of the v2 search (inferred: the product's syntax is not public).

    condition   = condition OR condition | condition AND condition | NOT condition | ( condition ) | comparison
    comparison  = name = value | name <> value | name != value | name > value | name >= value | name < value
                | name <= value | name [NOT] LIKE 'pattern' | name [NOT] IN (value, ...) | name IS [NOT] NULL
    value       = 'text' ('' is one quote) | number | TRUE | FALSE

NOT binds tighter than AND, AND tighter than OR; keywords and names are matched without regard to case. A name is one
of the offer's own fields (offerCode, name, description, retired, or uacOfferCode, uacName, uacDescription) or an
attribute of offers. Texts are compared exactly; LIKE knows % and _ and ignores case. An attribute with several values
meets a comparison when one of them does. An attribute without value meets none but IS NULL (and so NOT with it).
Dates are compared with milliseconds or a date text, such as expiry_date >= '2026-12-01'.
"""

from __future__ import annotations

import operator
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from sandbox import json_text
from sandbox.campaign.definitions import OFFER, Definitions
from sandbox.dates import Dialect
from sandbox.refusals import Refused

Predicate = Callable[["Subject"], bool]

_DEEPEST = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?[0-9]+(?:\.[0-9]+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><>|!=|>=|<=|[=<>(),]))"
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_OWN = {
    "offercode": ("code", "TEXT"),
    "uacoffercode": ("code", "TEXT"),
    "name": ("name", "TEXT"),
    "uacname": ("name", "TEXT"),
    "description": ("description", "TEXT"),
    "uacdescription": ("description", "TEXT"),
    "retired": ("retired", "BOOLEAN"),
}
_KEYWORDS = frozenset({"AND", "OR", "NOT", "LIKE", "IN", "IS", "NULL", "TRUE", "FALSE"})


class Subject:
    """An offer under a condition; its attributes are parsed only when one of them is asked for."""

    def __init__(self, row: sqlite3.Row) -> None:
        self._row = row
        self._attributes: dict[str, Any] | None = None

    def own(self, column: str) -> list[Any]:
        """The value of an own field, as a list of one or none."""
        value = self._row[column]
        return [] if value is None else [bool(value) if column == "retired" else value]

    def attribute(self, name: str) -> list[Any]:
        """The values of an attribute."""
        if self._attributes is None:
            self._attributes = json_text.parse(self._row["attributes"])
        value = self._attributes.get(name)
        return value if isinstance(value, list) else [] if value is None else [value]


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int

    @property
    def keyword(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text


@dataclass(frozen=True)
class _Name:
    read: Callable[[Subject], list[Any]]
    type: str
    text: str


def compile_query(query: str, definitions: Definitions, dates: Dialect) -> Predicate:
    """A test for offers; raises Refused with status 400 that says where the condition can't be understood."""
    return _Parser(query, definitions, dates).whole()


class _Parser:
    def __init__(self, query: str, definitions: Definitions, dates: Dialect) -> None:
        self._dates = dates
        self._definitions = definitions
        self._tokens = _tokens(query)
        self._at = 0
        self._depth = 0

    def whole(self) -> Predicate:
        predicate = self._either()
        if self._now.kind != "end":
            self._fail(f"expected AND, OR or the end, found {self._now.text[:40]!r}")
        return predicate

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._now
        self._at += token.kind != "end"
        return token

    def _next_is(self, keyword: str) -> bool:
        found = self._now.keyword == keyword and self._now.kind in ("word", "sign")
        self._at += found
        return found

    def _either(self) -> Predicate:
        parts = [self._both()]
        while self._next_is("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda subject: any(part(subject) for part in parts)

    def _both(self) -> Predicate:
        parts = [self._one()]
        while self._next_is("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda subject: all(part(subject) for part in parts)

    def _one(self) -> Predicate:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail(f"nested deeper than {_DEEPEST} levels")
        try:
            if self._next_is("NOT"):
                inner = self._one()
                return lambda subject: not inner(subject)
            if self._next_is("("):
                inner = self._either()
                if not self._next_is(")"):
                    self._fail("expected )")
                return inner
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Predicate:
        name = self._name()
        if self._next_is("IS"):
            negated = self._next_is("NOT")
            if not self._next_is("NULL"):
                self._fail("expected NULL")
            return lambda subject: bool(name.read(subject)) is negated
        negated = self._next_is("NOT")
        if self._next_is("LIKE"):
            token = self._take()
            if token.kind != "text":
                self._fail("LIKE takes a text in single quotes", token)
            pattern = _unquoted(token.text)
            return _met(name, lambda value: like(str(value), pattern), negated)
        if self._next_is("IN"):
            values = self._values(name)
            return _met(name, lambda value: value in values, negated)
        if negated:
            self._fail("expected LIKE or IN after NOT")
        sign = self._take()
        if sign.text not in _COMPARE or sign.kind != "sign":
            self._fail(f"expected a comparison after {name.text}, found {sign.text[:40]!r}", sign)
        compare, wanted = _COMPARE[sign.text], self._value(name)
        return _met(name, lambda value: compare(value, wanted), negated=False)

    def _name(self) -> _Name:
        token = self._take()
        if token.kind != "word" or token.keyword in _KEYWORDS:
            self._fail(f"expected the name of an attribute, found {token.text[:40] or 'the end'!r}", token)
        definition = self._definitions.find(token.text)
        if token.text.lower() in _OWN:
            column, type_ = _OWN[token.text.lower()]
            return _Name(lambda subject: subject.own(column), type_, token.text)
        if definition is None or definition.component != OFFER:
            self._fail(f"offers have no attribute {token.text[:40]!r}", token)
        name = definition.name
        return _Name(lambda subject: subject.attribute(name), definition.type, token.text)

    def _values(self, name: _Name) -> list[Any]:
        if not self._next_is("("):
            self._fail("expected ( after IN")
        values = [self._value(name)]
        while self._next_is(","):
            values.append(self._value(name))
        if not self._next_is(")"):
            self._fail("expected , or )")
        return values

    def _value(self, name: _Name) -> Any:
        token = self._take()
        if token.kind == "text":
            text = _unquoted(token.text)
        elif token.kind == "number" or token.keyword in ("TRUE", "FALSE"):
            text = token.text
        else:
            self._fail(f"expected a value, found {token.text[:40] or 'the end'!r}", token)
        try:
            return self._dates.read(text) if name.type == "CALENDAR" else _typed(text, name.type)
        except ValueError:
            self._fail(f"{text[:40]!r} is no {name.type} value, as {name.text} needs", token)

    def _fail(self, reason: str, token: _Token | None = None) -> NoReturn:
        position = (token or self._now).position
        raise Refused(400, f"The query can't be understood at character {position + 1}: {reason}", code="INVALID_QUERY")


def like(text: str, pattern: str) -> bool:
    """Whether a text fits a LIKE pattern: % is any text, _ any character, letter case does not matter.

    Segment by segment rather than by regular expression, whose backtracking a hostile pattern could exploit.
    """
    text, segments = text.lower(), pattern.lower().split("%")
    if len(segments) == 1:
        return len(text) == len(segments[0]) and _fits(text, segments[0], 0)
    first, *middle, last = segments
    if len(text) < len(first) + len(last) or not _fits(text, first, 0) or not _fits(text, last, len(text) - len(last)):
        return False
    start, end = len(first), len(text) - len(last)
    for segment in middle:
        places = range(start, end - len(segment) + 1)
        place = next((place for place in places if _fits(text, segment, place)), None)
        if place is None:
            return False
        start = place + len(segment)
    return True


def _fits(text: str, segment: str, start: int) -> bool:
    if "_" not in segment:
        return text.startswith(segment, start)
    part = text[start : start + len(segment)]
    return len(part) == len(segment) and all(s in ("_", t) for s, t in zip(segment, part, strict=True))


def _met(name: _Name, test: Callable[[Any], bool], negated: bool) -> Predicate:
    def predicate(subject: Subject) -> bool:
        values = name.read(subject)
        return bool(values) and any(test(value) for value in values) is not negated

    return predicate


def _typed(text: str, type_: str) -> Any:
    if type_ in ("INTEGER", "DECIMAL", "CURRENCY"):
        return float(text) if "." in text else int(text)
    if type_ == "BOOLEAN":
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError(text)
        return text.lower() in ("true", "1")
    return text


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _tokens(query: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    end = len(query.rstrip())
    while position < end:
        found = _TOKEN.match(query, position)
        if found is None or found.lastgroup is None:
            start = len(query) - len(query[position:].lstrip())
            what = "a text without closing quote" if query[start] == "'" else f"unexpected {query[start]!r}"
            message = f"The query can't be understood at character {start + 1}: {what}"
            raise Refused(400, message, code="INVALID_QUERY")
        tokens.append(_Token(found.lastgroup, found.group(found.lastgroup), found.start(found.lastgroup)))
        position = found.end()
    return [*tokens, _Token("end", "", len(query))]

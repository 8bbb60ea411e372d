"""How the demo looks: plain lines that read well in a terminal and in a log file; colour only at a terminal."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

WIDTH = 100


class Page:
    """Prints the story. What a system or a server said is indented, so that it can be told from the story."""

    def __init__(self) -> None:
        self._colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self._chapters = 0

    def chapter(self, title: str) -> None:
        self._chapters += 1
        self._line()
        self._line(self._in(f"{self._chapters}. {title}", "1"))
        self._line()

    def tell(self, text: str) -> None:
        for line in textwrap.wrap(text, WIDTH):
            self._line(line)

    def copy(self, title: str, text: str) -> None:
        """Something to copy, below a title."""
        self._line()
        self._line(self._in(title, "1"))
        for line in text.splitlines():
            self._line(f"    {line}")

    def call(self, tool: str, arguments: Mapping[str, Any]) -> None:
        said = json.dumps(arguments, ensure_ascii=False)
        for number, line in enumerate(textwrap.wrap(f"{tool} {said}", WIDTH - 4)):
            self._line(self._in(("  > " if number == 0 else "    ") + line, "36"))

    def answer(self, text: str, *, error: bool = False) -> None:
        for line in text.splitlines():
            self._line(self._in(f"  {line}", "31" if error else "0"))

    def progress(self, text: str) -> None:
        """What is said of a call while it runs."""
        self._line(self._in(f"  ... {text}", "2"))

    def question(self, text: str) -> None:
        self._line(self._in("  the person is asked", "33"))
        for line in text.splitlines():
            wrapped = textwrap.wrap(line, WIDTH - 4, subsequent_indent="  ") or [""]
            for part in wrapped:
                self._line(self._in(f"  | {part}", "33"))

    def scripted(self, answer: str) -> None:
        self._line(self._in(f"  scripted person: {answer}", "33"))

    def _in(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour and colour != "0" else text

    def _line(self, text: str = "") -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

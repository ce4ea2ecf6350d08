"""The letters of what is printed: which font, how wide its characters are, what it lacks.

Only the characters that are used are embedded, out of a font that has Latin and the rarer
characters of names (WenQuanYi Zen Hei). Where that font is not installed the reader's own Chinese
font is asked for, which the file then only names. A character that the font lacks is printed as
the mark printers use for it, and counted: a name that is not whole must not look whole.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from service.spreadsheets import visible

FONTS: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
"""Where distributions keep them, the one that has more of the rare characters first."""
MISSING: Final = "〓"
_NAMED_ONLY: Final = "STSong-Light"
_CLOSING: Final = frozenset("，。；：、！？）”’》」』】〉")
SIZE: Final = 9.0
"""Of the words in a table, in points."""


@dataclass(slots=True)
class Face:
    """The font in use: its name, how wide a character is at size 1, what it lacks."""

    name: str
    width_of: Callable[[str], float]
    known: frozenset[str] | None
    missing: int = 0
    wrapped: dict[tuple[str, float], list[str]] = field(default_factory=dict)

    def text(self, written: str) -> str:
        """Fit to be drawn: controls gone, what the font lacks marked and counted."""
        plain = visible(written).replace("\n", " ")
        if plain.isascii():
            return plain
        lacking = [sign for sign in plain if not self._has(sign)]
        self.missing += len(lacking)
        for sign in set(lacking):
            plain = plain.replace(sign, MISSING)
        return plain

    def width(self, text: str, size: float = SIZE) -> float:
        return sum(map(self.width_of, text)) * size

    def lines(self, text: str, width: float) -> list[str]:
        """The text in lines no wider than `width`: Chinese broken anywhere, Latin between words.

        What closes a clause hangs at the end of its line; no line begins with it.
        """
        found = self.wrapped.get((text, width))
        if found is None:
            found = self.wrapped[text, width] = self._lines(text, width)
        return found

    def _lines(self, text: str, width: float) -> list[str]:
        lines, line, left = [], "", width
        for sign in text:
            wide = self.width_of(sign) * SIZE
            if line and wide > left and sign not in _CLOSING:
                done, line = _parted(line, sign)
                lines.append(done)
                left = width - self.width(line)
            line, left = line + sign, left - wide
        return [*lines, line]

    def _has(self, sign: str) -> bool:
        return sign in self.known if self.known is not None else ord(sign) < 0x10000


def _parted(line: str, following: str) -> tuple[str, str]:
    """What stays on a full line and what goes on to the next: a Latin word goes on whole."""
    if following == " " or not following.isascii():
        return line, ""
    at = line.rfind(" ") + 1
    return (line[:at], line[at:]) if at and line[at:].isascii() else (line, "")


@lru_cache(maxsize=1)
def _font() -> tuple[str, Callable[[str], float], frozenset[str] | None]:
    """Registered once for the process; reading it takes a sixth of a second."""
    path = next((each for each in FONTS if Path(each).exists()), None)
    if path is None:
        registerFont(UnicodeCIDFont(_NAMED_ONLY))
        return _NAMED_ONLY, lambda sign: 0.5 if sign.isascii() else 1.0, None
    registerFont(TTFont("paper", path, subfontIndex=0))
    wide = TTFont("measure", path, subfontIndex=0).face
    known = frozenset(map(chr, wide.charToGlyph))
    widths = {chr(code): width / 1000 for code, width in wide.charWidths.items()}
    return "paper", lambda sign: widths.get(sign, 1.0), known


def face() -> Face:
    """A fresh one for each file: what was missing is counted for it alone."""
    return Face(*_font())

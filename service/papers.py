"""A table on paper: landscape A4 as PDF, its heading on every page, marked with who made it.

Drawn line by line on the canvas, which takes a fifth of a second for a thousand rows; reportlab's
own tables take many times as long. Only the characters that are used are embedded, out of a font
that has Latin and the rarer characters of names (WenQuanYi Zen Hei). Where that font is not
installed the reader's own Chinese font is asked for, which the file then only names. A character
that the font lacks is printed as the mark printers use for it, and counted: a name that is not
whole must not look whole.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from service.spreadsheets import visible

FONTS: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
"""Where distributions keep them, the one that has more of the rare characters first."""
MISSING: Final = "〓"
_NAMED_ONLY: Final = "STSong-Light"

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN: Final = 36.0
_SIZE, _TITLE_SIZE, _SMALL = 9.0, 15.0, 8.0
_LEADING: Final = 12.0
_PADDING: Final = 4.0
_GAP: Final = 6.0
_WIDEST: Final = 220.0
_MARK_GREY, _MARK_ROOM = 0.9, 260.0
_LINE_GREY: Final = 0.75

Said = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. `mark`: across every page, and at its foot."""

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    mark: str


@dataclass(slots=True)
class _Face:
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

    def width(self, text: str, size: float = _SIZE) -> float:
        return sum(map(self.width_of, text)) * size

    def lines(self, text: str, width: float) -> list[str]:
        """The text in lines no wider than `width`; broken anywhere, as Chinese is."""
        found = self.wrapped.get((text, width))
        if found is None:
            found = self.wrapped[text, width] = self._lines(text, width)
        return found

    def _lines(self, text: str, width: float) -> list[str]:
        lines, line, left = [], "", width
        for sign in text:
            wide = self.width_of(sign) * _SIZE
            if line and wide > left:
                lines.append(line)
                line, left = "", width
            line, left = line + sign, left - wide
        return [*lines, line]

    def _has(self, sign: str) -> bool:
        return sign in self.known if self.known is not None else ord(sign) < 0x10000


def pdf(paper: Paper, said: Said = lambda done, total: None) -> bytes:
    """The paper as a PDF file, in the language in force. `said(page, pages)` is called while it is drawn."""
    face = _face()
    columns = [face.text(each) for each in paper.columns]
    rows = [[face.text(cell) for cell in row] for row in paper.rows]
    above = [face.text(line) for line in (paper.title, *paper.notes)]
    if face.missing:
        lacking = _("有 %(n)s 处的字打印不出来，印成了〓，请以 Excel 里的为准。", n=face.missing)
        above.append(face.text(lacking))
    widths = _widths(face, columns, rows)
    notes = [line for note in above[1:] for line in face.lines(note, _WIDTH - 2 * _MARGIN)]
    top = _TITLE_SIZE + 2 * _GAP + len(notes) * _LEADING
    pages = list(_pages(face, columns, rows, widths, top))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), pageCompression=1)
    canvas.setTitle(above[0])
    mark = face.text(paper.mark)
    _keep_mark(canvas, face, mark)
    for number, page in enumerate(pages, 1):
        said(number - 1, len(pages))
        canvas.doForm("mark")
        y = _HEIGHT - _MARGIN
        if number == 1:
            y = _heading(canvas, face, above[0], notes)
        _table(canvas, face, [columns, *page], widths, y)
        of = _("第 %(page)s 页，共 %(pages)s 页", page=number, pages=len(pages))
        _foot(canvas, face, mark, face.text(of))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


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


def _face() -> _Face:
    return _Face(*_font())


def _widths(face: _Face, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """As wide as the widest cell, within reason; then all of them fill the page."""
    wanted = []
    for at, column in enumerate(columns):
        widest = max({row[at] for row in rows} | {column}, key=len)
        wanted.append(min(_WIDEST, max(face.width(column), face.width(widest))) + 2 * _PADDING)
    room = _WIDTH - 2 * _MARGIN
    return [width * room / sum(wanted) for width in wanted]


def _pages(
    face: _Face,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    top: float,
) -> Iterator[list[Sequence[str]]]:
    """Rows that stand on one page together; an empty ledger is one page all the same."""
    whole = _HEIGHT - 2 * _MARGIN - _LEADING - _row_height(face, columns, widths)
    page: list[Sequence[str]] = []
    left = whole - top
    for row in rows:
        height = _row_height(face, row, widths)
        if page and height > left:
            yield page
            page, left = [], whole
        page.append(row)
        left -= height
    yield page


def _row_height(face: _Face, row: Sequence[str], widths: Sequence[float]) -> float:
    most = max(
        len(face.lines(cell, width - 2 * _PADDING)) for cell, width in zip(row, widths, strict=True)
    )
    return most * _LEADING + _PADDING


def _heading(canvas: Canvas, face: _Face, title: str, notes: Sequence[str]) -> float:
    y = _HEIGHT - _MARGIN - _TITLE_SIZE
    canvas.setFont(face.name, _TITLE_SIZE)
    canvas.drawString(_MARGIN, y, title)
    canvas.setFont(face.name, _SIZE)
    y -= _GAP
    for line in notes:
        y -= _LEADING
        canvas.drawString(_MARGIN, y + 2, line)
    return y - _GAP


def _table(
    canvas: Canvas,
    face: _Face,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    y: float,
) -> None:
    """The heading's row first, with a stronger line below it."""
    text = canvas.beginText()
    text.setFont(face.name, _SIZE)
    rules = []
    for number, row in enumerate(rows):
        x = _MARGIN
        for cell, width in zip(row, widths, strict=True):
            for at, line in enumerate(face.lines(cell, width - 2 * _PADDING)):
                if line:
                    text.setTextOrigin(x + _PADDING, y - _LEADING * (at + 1) + 1)
                    text.textOut(line)
            x += width
        y -= _row_height(face, row, widths)
        rules.append((_MARGIN, y, _WIDTH - _MARGIN, y))
        if number == 0:
            rules.append((_MARGIN, y - 0.7, _WIDTH - _MARGIN, y - 0.7))
    canvas.setStrokeGray(_LINE_GREY)
    canvas.setLineWidth(0.4)
    canvas.lines(rules)
    canvas.drawText(text)


def _keep_mark(canvas: Canvas, face: _Face, mark: str) -> None:
    """Drawn once, put under every page."""
    canvas.beginForm("mark", 0, 0, _WIDTH, _HEIGHT)
    canvas.setFillGray(_MARK_GREY)
    canvas.setFont(face.name, min(_TITLE_SIZE, _MARK_ROOM / face.width(mark, 1)))
    for x in (0.18, 0.5, 0.82):
        for y in (0.2, 0.5, 0.8):
            canvas.saveState()
            canvas.translate(_WIDTH * x, _HEIGHT * y)
            canvas.rotate(24)
            canvas.drawCentredString(0, 0, mark)
            canvas.restoreState()
    canvas.endForm()


def _foot(canvas: Canvas, face: _Face, mark: str, page: str) -> None:
    canvas.setFont(face.name, _SMALL)
    canvas.drawString(_MARGIN, _MARGIN - 14, mark)
    canvas.drawRightString(_WIDTH - _MARGIN, _MARGIN - 14, page)

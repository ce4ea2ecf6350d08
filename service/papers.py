"""Tables on paper: landscape A4 as PDF, their headings on every page, marked with who made it.

Drawn line by line on the canvas, which takes a fifth of a second for a thousand rows; reportlab's
own tables take many times as long.
"""

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from service.paper_faces import SIZE, Face, face

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN: Final = 36.0
_TITLE_SIZE, _FURTHER_SIZE, _SMALL = 15.0, 11.0, 8.0
_LEADING: Final = 12.0
_PADDING: Final = 4.0
_GAP: Final = 6.0
_BETWEEN: Final = 18.0
_WIDEST: Final = 220.0
_ROOM: Final = _WIDTH - 2 * _MARGIN
_MARK_GREY, _MARK_ROOM = 0.9, 260.0
_LINE_GREY: Final = 0.75

Said = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One table. `notes` stand above it; `numbers`: columns, from 0, that are set to the right."""

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. `mark`: across every page, and at its foot. `further`: tables below."""

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    mark: str
    numbers: Collection[int] = ()
    further: Sequence[Part] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        first = Part(self.title, self.notes, self.columns, self.rows, self.numbers)
        return (first, *self.further)


@dataclass(frozen=True, slots=True)
class _Table:
    """A part as it will be drawn: in lines, with widths in points."""

    title: str
    size: float
    notes: list[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numbers: Collection[int]

    @property
    def top(self) -> float:
        """Height of all that stands above the columns."""
        return self.size + 2 * _GAP + len(self.notes) * _LEADING


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one page holds of a table; `begins`: with its title and notes."""

    table: _Table
    begins: bool
    rows: Sequence[Sequence[str]]


def pdf(paper: Paper, said: Said = lambda done, total: None) -> bytes:
    """The paper as a PDF file, in the language in force. `said(page, pages)` is called while it is drawn."""
    letters = face()
    tables = [_table(letters, part, first=not at) for at, part in enumerate(paper.parts)]
    if letters.missing:
        lacking = _("有 %(n)s 处的字打印不出来，印成了〓，请以 Excel 里的为准。", n=letters.missing)
        tables[0].notes.extend(letters.lines(letters.text(lacking), _ROOM))
    pages = list(_pages(letters, tables))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), pageCompression=1)
    canvas.setTitle(tables[0].title)
    mark = letters.text(paper.mark)
    _keep_mark(canvas, letters, mark)
    for number, page in enumerate(pages, 1):
        said(number - 1, len(pages))
        canvas.doForm("mark")
        y = _HEIGHT - _MARGIN
        for piece in page:
            y = _draw(canvas, letters, piece, y) - _BETWEEN
        of = _("第 %(page)s 页，共 %(pages)s 页", page=number, pages=len(pages))
        _foot(canvas, letters, mark, letters.text(of))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _table(letters: Face, part: Part, *, first: bool) -> _Table:
    columns = [letters.text(each) for each in part.columns]
    rows = [[letters.text(cell) for cell in row] for row in part.rows]
    notes = [line for note in part.notes for line in letters.lines(letters.text(note), _ROOM)]
    return _Table(
        letters.text(part.title),
        _TITLE_SIZE if first else _FURTHER_SIZE,
        notes,
        columns,
        rows,
        _widths(letters, columns, rows),
        part.numbers,
    )


def _widths(letters: Face, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """As wide as the widest cell, within reason, and all together as wide as the page.

    Where there is not room for all, the narrow ones keep theirs and the wide ones share the rest.
    """
    wanted = []
    for at, column in enumerate(columns):
        widest = max(map(letters.width, {row[at] for row in rows} | {column}))
        wanted.append(min(_WIDEST, widest) + 2 * _PADDING)
    if sum(wanted) <= _ROOM:
        return [width * _ROOM / sum(wanted) for width in wanted]
    left, waiting = _ROOM, sorted(wanted)
    while waiting and waiting[0] <= left / len(waiting):
        left -= waiting.pop(0)
    return [min(width, left / max(1, len(waiting))) for width in wanted]


def _pages(letters: Face, tables: Sequence[_Table]) -> Iterator[list[_Piece]]:
    """Pieces that stand on one page together; an empty table has its heading all the same."""
    whole = _HEIGHT - 2 * _MARGIN - _LEADING
    page: list[_Piece] = []
    left = whole
    for table in tables:
        heading = _row_height(letters, table.columns, table)
        heights = [_row_height(letters, row, table) for row in table.rows]
        begins, some = True, list[Sequence[str]]()
        if page and table.top + heading + (heights[0] if heights else 0) > left:
            yield page
            page, left = [], whole
        left -= table.top + heading
        for row, height in zip(table.rows, heights, strict=True):
            if some and height > left:
                yield [*page, _Piece(table, begins, some)]
                page, begins, some = [], False, []
                left = whole - heading
            some.append(row)
            left -= height
        page.append(_Piece(table, begins, some))
        left -= _BETWEEN
    yield page


def _row_height(letters: Face, row: Sequence[str], table: _Table) -> float:
    most = max(
        len(letters.lines(cell, width - 2 * _PADDING))
        for cell, width in zip(row, table.widths, strict=True)
    )
    return most * _LEADING + _PADDING


def _draw(canvas: Canvas, letters: Face, piece: _Piece, y: float) -> float:
    """Draws a piece from `y` downward; answers where it ends."""
    if piece.begins:
        y = _heading(canvas, letters, piece.table, y)
    return _rows(canvas, letters, piece, y)


def _heading(canvas: Canvas, letters: Face, table: _Table, y: float) -> float:
    y -= table.size
    canvas.setFont(letters.name, table.size)
    canvas.drawString(_MARGIN, y, table.title)
    canvas.setFont(letters.name, SIZE)
    y -= _GAP
    for line in table.notes:
        y -= _LEADING
        canvas.drawString(_MARGIN, y + 2, line)
    return y - _GAP


def _rows(canvas: Canvas, letters: Face, piece: _Piece, y: float) -> float:
    """The heading's row first, with a stronger line below it."""
    table = piece.table
    text = canvas.beginText()
    text.setFont(letters.name, SIZE)
    rules = []
    for number, row in enumerate([table.columns, *piece.rows]):
        x = _MARGIN
        for column, (cell, width) in enumerate(zip(row, table.widths, strict=True)):
            for at, line in enumerate(letters.lines(cell, width - 2 * _PADDING)):
                if line:
                    right = width - 2 * _PADDING - letters.width(line)
                    start = x + _PADDING + (right if column in table.numbers else 0)
                    text.setTextOrigin(start, y - _LEADING * (at + 1) + 1)
                    text.textOut(line)
            x += width
        y -= _row_height(letters, row, table)
        rules.append((_MARGIN, y, _WIDTH - _MARGIN, y))
        if number == 0:
            rules.append((_MARGIN, y - 0.7, _WIDTH - _MARGIN, y - 0.7))
    canvas.setStrokeGray(_LINE_GREY)
    canvas.setLineWidth(0.4)
    canvas.lines(rules)
    canvas.drawText(text)
    return y


def _keep_mark(canvas: Canvas, letters: Face, mark: str) -> None:
    """Drawn once, put under every page."""
    canvas.beginForm("mark", 0, 0, _WIDTH, _HEIGHT)
    canvas.setFillGray(_MARK_GREY)
    canvas.setFont(letters.name, min(_TITLE_SIZE, _MARK_ROOM / letters.width(mark, 1)))
    for x in (0.18, 0.5, 0.82):
        for y in (0.2, 0.5, 0.8):
            canvas.saveState()
            canvas.translate(_WIDTH * x, _HEIGHT * y)
            canvas.rotate(24)
            canvas.drawCentredString(0, 0, mark)
            canvas.restoreState()
    canvas.endForm()


def _foot(canvas: Canvas, letters: Face, mark: str, page: str) -> None:
    canvas.setFont(letters.name, _SMALL)
    canvas.drawString(_MARGIN, _MARGIN - 14, mark)
    canvas.drawRightString(_WIDTH - _MARGIN, _MARGIN - 14, page)

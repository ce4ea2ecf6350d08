"""PDF files of tables: every row once, the heading on every page, nothing silently missing."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from service import paper_faces
from service.paper_faces import FONTS, face
from service.papers import Paper, Part, pdf

has_font = pytest.mark.skipif(
    not any(Path(each).exists() for each in FONTS), reason="needs fonts-wqy-zenhei"
)


def paper(rows, **wanted):
    said = {
        "title": "虚构社区 台账",
        "notes": ("每人一行。",),
        "columns": ("序号", "姓名", "备考"),
        "mark": "虚构社区 某甲",
    }
    return Paper(rows=rows, **said | wanted)


def texts(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@has_font
def test_every_row_stands_on_one_page_and_the_heading_on_all():
    rows = [(str(number), f"某{number}", "") for number in range(1, 201)]
    seen = []
    pages = texts(pdf(paper(rows), lambda done, total: seen.append((done, total))))
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert "姓名" in page
        assert f"第 {number} 页，共 {len(pages)} 页" in page
        assert "虚构社区 某甲" in page
    found = re.findall(r"某(\d+)", "\n".join(pages))
    assert [int(number) for number in found] == list(range(1, 201))
    assert seen == [(at, len(pages)) for at in range(len(pages))]


@has_font
def test_an_empty_one_says_what_it_would_hold():
    [page] = texts(pdf(paper([])))
    assert "姓名" in page
    assert "每人一行" in page


@has_font
def test_a_long_cell_is_broken_and_whole():
    long = "很长的内容" * 60
    [page] = texts(pdf(paper([("1", "某", long)])))
    assert "".join(page.split()).count("很长的内容") == 60


@has_font
def test_what_the_font_lacks_is_marked_and_counted():
    [page] = texts(pdf(paper([("1", "某𠮷𠮷", "😀"), ("2", "䶮", "")])))
    assert "某〓〓" in page
    assert "有 3 处的字打印不出来" in page
    assert "䶮" in page


@has_font
def test_only_the_characters_used_are_embedded():
    content = pdf(paper([(str(number), "虚构某", "") for number in range(500)]))
    assert len(content) < 200_000


def test_controls_and_turning_marks_do_not_reach_the_page():
    content = pdf(paper([("1", "甲\x00\u202e乙", "a\nb")]))
    assert content.startswith(b"%PDF-")


def test_without_the_font_the_readers_own_is_named(monkeypatch):
    monkeypatch.setattr(paper_faces, "FONTS", ())
    paper_faces._font.cache_clear()
    try:
        content = pdf(paper([("1", "某甲", "")]))
    finally:
        paper_faces._font.cache_clear()
    assert b"STSong-Light" in content


@has_font
def test_further_tables_stand_below_and_go_on_over_the_page():
    rows = [(str(number), f"某{number}", "") for number in range(1, 61)]
    below = Part(
        "上报的数字", ("照原样。",), ("单位", "上报"), [("甲", "137"), ("乙", "空白")], {1}
    )
    pages = texts(pdf(paper(rows[:3], further=[below])))
    assert len(pages) == 1
    assert "上报的数字" in pages[0]
    assert "照原样" in pages[0]
    pages = texts(pdf(paper(rows, further=[below, Part("别的", (), ("单位",), rows_of("丙", 40))])))
    found = "\n".join(pages)
    assert [int(n) for n in re.findall(r"某(\d+)", found)] == list(range(1, 61))
    assert found.count("丙") == 40
    assert found.count("上报的数字") == found.count("别的") == 1


@has_font
def test_latin_words_are_not_parted_and_no_line_begins_with_a_comma():
    letters = face()
    words = "Members who belong to their employer and reported to the community they live in"
    lines = letters.lines(words, 120)
    assert len(lines) > 2
    assert " ".join("".join(lines).split()) == words
    assert all(line.split()[-1] in words.split() for line in lines)
    lines = letters.lines("党员，" * 30, letters.width("党员，党员") + 0.1)
    assert not [line for line in lines if line.startswith("，")]
    assert "".join(lines) == "党员，" * 30
    assert letters.lines("A" * 90, 60)[0] == "A" * len(letters.lines("A" * 90, 60)[0])


def rows_of(word, how_many):
    return [(word,) for _ in range(how_many)]


@has_font
def test_where_columns_are_too_wide_the_narrow_ones_are_not_broken():
    long = "很长的一个单位名称" * 6
    columns = ("序号", "姓名", *(f"第{n}栏" for n in range(6)))
    [page] = texts(pdf(paper([("1", "某甲", *[long] * 6)], columns=columns)))
    assert "序号" in page
    assert "某甲" in page
    assert "".join(page.split()).count("单位名称") >= 30

"""A page as a person reads it."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}


def words(answer: TestResponse) -> str:
    """The main part's text, without tags, each run of space as one."""
    page = answer.get_data(as_text=True)
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", main))).strip()


def faults(answer: TestResponse) -> list[tuple[str, str]]:
    """(field, sentence) of every fault a form marks."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'class="fault" id="([\w-]+)-fault">([^<]*)<', page)
    return [(field, html.unescape(sentence)) for field, sentence in found]


def hidden(answer: TestResponse, name: str) -> str:
    """The value of the first hidden field of that name."""
    return re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))[1]


def link_in(answer: TestResponse) -> str:
    """The address of the invitation that an answer shows."""
    return re.search(r"/invitations/[\w-]{43}", answer.get_data(as_text=True))[0]

"""An error is a page of its own: what happened, in words, and a way on."""

from __future__ import annotations

from tests.service.pages.reading import words


def test_a_page_that_does_not_exist_has_a_heading_and_a_way_on(colleague, community):
    answer = colleague.client.get(f"{community.pages}/nothing")
    assert answer.status_code == 404
    assert "没有找到" in words(answer)
    assert "回到首页" in words(answer)
    assert "<title>没有找到" in answer.get_data(as_text=True)


def test_a_form_that_expired_says_so(colleague, community):
    answer = colleague.client.post(f"{community.pages}/arrivals/new", data={}, csrf=False)
    assert answer.status_code == 400
    assert "请求不完整" in words(answer)
    assert "过期" in words(answer)


def test_half_a_character_is_refused_and_breaks_nothing(colleague, community):
    """An emoji cut in two is valid JSON, and no text."""
    for where, body in (
        ("search", '{"words": "\\ud83d"}'),
        ("members", '{"name": "甲", "employer": "\\ud83d"}'),
    ):
        answer = colleague.program.post(
            f"{community.api}/{where}", data=body.encode(), content_type="application/json"
        )
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")

"""The record as its readers see it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.audit_words import ACT_WORDS, SUBJECT_WORDS
from tests.factories.members import a_member

ROOT = Path(__file__).parents[3]
COMPUTED = {"household_host_agreed", "household_active", "act"}
"""Acts whose name is put together in the code, and the one that only hands another's on."""


def html(answer) -> str:
    return answer.get_data(as_text=True)


def said_as(node: ast.expr) -> str:
    """The word that stands there; '' for what is only known when it runs."""
    return str(node.value or "") if isinstance(node, ast.Constant) else ""


def noted() -> set[tuple[str, str]]:
    """(act, kind of subject) of everything that the code writes down."""
    found = set()
    for room in ("tenants", "service", "workers"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            said = {
                target.id: node.value.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign | ast.AnnAssign)
                and isinstance(node.value, ast.Constant)
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                name = getattr(getattr(node, "func", None), "id", "")
                if name not in ("note", "note_people") or len(node.args) < 2:
                    continue
                act, *subject = node.args[1:3]
                act = getattr(act, "value", said.get(getattr(act, "id", "")))
                kind = said_as(subject[0]) if subject else ""
                if isinstance(act, str):
                    found.add((act, "member" if name == "note_people" else kind))
    return found


def test_every_act_that_is_noted_has_words():
    acts = {act for act, _kind in noted()} | COMPUTED - {"act"}
    assert len(acts) > 40
    assert acts - ACT_WORDS.keys() == set()


def test_every_kind_of_thing_that_is_noted_has_words():
    assert {kind for _act, kind in noted()} - SUBJECT_WORDS.keys() <= {""}


def test_an_administrator_reads_who_did_what(community, colleague, leader):
    member_id = a_member(community, name="虚构党员癸")
    leader.client.get(f"{community.pages}/members/{member_id}")
    page = html(colleague.client.get(f"{community.pages}/audit"))
    assert "网格长甲" in page
    assert "查看了资料" in page
    assert "虚构党员癸" in page
    assert leader.client.get(f"{community.pages}/audit").status_code == 404


def test_the_record_is_narrowed_by_person_act_day_and_whom(community, colleague, leader):
    one, other = a_member(community, name="虚构甲"), a_member(community, name="虚构乙")
    for member_id in (one, other):
        leader.client.get(f"{community.pages}/members/{member_id}")
    colleague.client.get(f"{community.pages}/members/{one}")
    api = f"{community.api}/audit"

    def asked(**query):
        found = colleague.program.get(api, query_string=query).json["items"]
        return [(line["who"], line["act"]) for line in found]

    assert asked(person=leader.person_id, act="read_member") == [("网格长甲", "read_member")] * 2
    assert asked(subject=one, act="read_member") == [
        ("管理员丙", "read_member"),
        ("网格长甲", "read_member"),
    ]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert asked(since=tomorrow) == []
    page = html(
        colleague.client.get(
            f"{community.pages}/audit", query_string={"words": "虚构乙", "act": "read_member"}
        )
    )
    assert "虚构乙" in page
    assert "虚构甲" not in page
    empty = colleague.client.get(f"{community.pages}/audit?from=2001-01-01&until=2001-01-02")
    assert "没有符合条件的记录" in html(empty)


def test_reading_the_record_is_recorded_too(community, colleague):
    member_id = a_member(community)
    colleague.client.get(f"{community.pages}/members/{member_id}")
    colleague.client.get(f"{community.pages}/audit")
    sheet = html(colleague.client.get(f"{community.pages}/members/{member_id}/sheet"))
    assert "在记录里看到" in sheet
    assert "打印了本人资料和查阅记录" in sheet


def test_the_head_of_the_chain_can_be_taken_along(community, colleague):
    line = html(colleague.client.get(f"{community.pages}/audit/head")).split()
    said = colleague.program.get(f"{community.api}/audit/head").json
    assert int(line[0]) == said["tenant"] == community.tenant_id
    assert int(line[1]) < said["seq"]
    assert len(line[2]) == 64

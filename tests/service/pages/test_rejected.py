"""Rows that were not taken, handed back as a spreadsheet."""

from __future__ import annotations

import io

import openpyxl
from sqlalchemy import text

from tenants.database import db
from tenants.members.import_questions import remember_headers
from tests.factories.imports import a_checked_import
from tests.factories.members import a_member

ROSTER = (
    "姓名,电话,备注,流动类型\n"
    "甲某,19911110001,好,在册\n"
    ',19911110002,"=HYPERLINK(""x"")",在册\n'
    "丙某,19911110003,又,胡说\n"
    "甲某,19911110001,再,在册\n"
    "丁某,19911110004,+1,在册\n"
)


def rows(answer) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_every_row_not_taken_comes_back_as_it_was_with_its_reason(colleague, community):
    a_member(community, name="丁某", phone="19911110004")
    import_id = a_checked_import(community, ROSTER)
    answer = colleague.client.get(f"{community.pages}/imports/{import_id}/rejected")
    assert answer.status_code == 200
    header, *found = rows(answer)
    assert header == ["姓名", "电话", "备注", "流动类型", "没有收下的原因"]
    assert [row[:4] for row in found] == [
        ["", "19911110002", '=HYPERLINK("x")', "在册"],
        ["丙某", "19911110003", "又", "胡说"],
        ["甲某", "19911110001", "再", "在册"],
        ["丁某", "19911110004", "+1", "在册"],
    ]
    said = [row[4] for row in found]
    for part, sentence in zip(("姓名", "胡说", "同一个人", "已有这个人"), said, strict=True):
        assert part in sentence
    with community.acting():
        words = text("SELECT facts FROM audit_entry WHERE act = 'export_rejected'")
        assert db.session.execute(words).scalar_one() == {"count": 4}


def test_the_page_offers_them_only_while_the_file_is_kept(colleague, community):
    where = f"{community.pages}/imports/{a_checked_import(community, ROSTER)}"
    assert "/rejected" in colleague.client.get(where).get_data(as_text=True)
    colleague.client.post(f"{where}/discard")
    assert "/rejected" not in colleague.client.get(where).get_data(as_text=True)
    assert colleague.client.get(f"{where}/rejected").status_code == 404


def test_the_file_is_called_after_the_roster(colleague, community):
    import_id = a_checked_import(community, ROSTER, "流入党员.csv")
    answer = colleague.client.get(f"{community.pages}/imports/{import_id}/rejected")
    assert "%E6%B5%81%E5%85%A5%E5%85%9A%E5%91%98" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_an_office_says_of_its_headers_since_loses_no_row(colleague, community):
    text = "某种名,电话\n甲某,1\n乙某,19911110002\n"
    with community.acting() as scope:
        remember_headers(scope, {"某种名": "name"})
    import_id = a_checked_import(community, text)
    with community.acting() as scope:
        remember_headers(scope, {"某种名": "employer"})
    answer = colleague.client.get(f"{community.pages}/imports/{import_id}/rejected")
    assert [row[:2] for row in rows(answer)] == [["某种名", "电话"], ["甲某", "1"]]

"""Ledgers as PDF, and long ones: made by a worker, kept sealed, marked, expiring, written down."""

from __future__ import annotations

import io
from datetime import date, timedelta
from urllib.parse import unquote

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import text

from service.pages import ledgers as pages
from tenants.administration.tidying import drop_expired
from tenants.database import db
from tenants.exports.lookups import Wish
from tenants.mobility import ledgers
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members
from tests.service.pages.reading import words
from workers.jobs.write_ledger import WRITER

PHONE = "19900008888"


@pytest.fixture
def long(community, monkeypatch):
    """A register of three where two are as many as somebody waits for."""
    for where in (ledgers, pages):
        monkeypatch.setattr(where, "MOST_ROWS", 2)
    return [
        a_member(community, name="=1+1", phone=PHONE),
        a_member(community, name="虚构䶮"),
        a_member(community, name="虚构𠮷"),
    ]


def made(person, form):
    """The page after a worker has done what was asked for, and the file's link."""
    office = person.office
    asked = person.client.post(
        f"{office.pages}/ledgers", data={"of": "register", "as": form}, follow_redirects=True
    )
    assert "可以离开这一页" in words(asked)
    assert work_off(office) == ["done"]
    page = person.client.get(f"{office.pages}/ledgers?of=register")
    with office.acting():
        question = text("SELECT id FROM tenant_export WHERE form = :form AND state = 'ready'")
        export_id = db.session.execute(question, {"form": form}).scalar_one()
    return page, f"{office.pages}/ledgers/{export_id}/file"


def acts(community):
    with community.acting():
        found = text("SELECT act, facts FROM audit_entry WHERE act LIKE '%export%' ORDER BY id")
        return [tuple(row) for row in db.session.execute(found)]


def test_a_short_one_comes_as_pdf_at_once(colleague, community):
    a_member(community, name="虚构䶮", phone=PHONE)
    answer = colleague.client.get(f"{community.pages}/ledgers/file?of=register&as=pdf")
    assert answer.content_type == "application/pdf"
    assert unquote(answer.headers["Content-Disposition"]).endswith(f"{date.today():%Y%m%d}.pdf")
    [page] = PdfReader(io.BytesIO(answer.data)).pages
    said = page.extract_text()
    for expected in (
        f"{community.scope.name} 党员花名册", "虚构", "*******8888", "第 1 页，共 1 页", "序号",
        "名册里登记的每个人一行", "管理员丙",
    ):  # fmt: skip
        assert expected in said
    assert PHONE not in said
    assert colleague.client.get(f"{community.pages}/ledgers/file?as=doc").status_code == 404


def test_a_long_one_is_not_listed_but_asked_for(colleague, community, long):
    page = colleague.client.get(f"{community.pages}/ledgers?of=register")
    assert "这份台账有 3 行" in words(page)
    assert "虚构䶮" not in words(page)
    assert acts(community) == []


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_worker_makes_it_and_every_fetching_is_written_down(colleague, community, long, form):
    page, where = made(colleague, form)
    assert where in page.text
    answer = colleague.client.get(where)
    assert answer.status_code == 200
    assert [act for act, _facts in acts(community)] == [
        "ask_export",
        "export_ledger",
        "fetch_export",
    ]
    facts = acts(community)[1][1]
    assert (facts["kind"], facts["form"], facts["count"]) == ("register", form, 3)
    assert set(facts["people"]) == {str(id_) for id_ in long}
    with community.acting():
        sealed = db.session.execute(text("SELECT file_sealed FROM tenant_export")).scalar_one()
    assert answer.data[:64] not in bytes(sealed)


def test_from_the_progress_of_a_ledger_one_gets_back_to_the_ledgers(colleague, community, long):
    made(colleague, "pdf")
    with community.acting():
        job_id = db.session.execute(text("SELECT job_id FROM tenant_export")).scalar_one()
    page = colleague.client.get(f"{community.pages}/jobs/{job_id}").text
    assert f'href="{community.pages}/ledgers"' in page


def test_the_workbook_says_on_every_printed_page_whose_it_is(colleague, community, long):
    _page, where = made(colleague, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(colleague.client.get(where).data)).active
    assert "管理员丙" in sheet.oddHeader.center.text
    assert community.scope.name in sheet.oddFooter.left.text
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$5:$5")
    names = [row[1].value for row in sheet.iter_rows(min_row=6)]
    assert names == ["=1+1", "虚构䶮", "虚构𠮷"]


def test_the_same_long_one_is_not_made_twice_at_a_time(colleague, community, long):
    for _ in range(2):
        answer = colleague.client.post(
            f"{community.pages}/ledgers", data={"of": "register", "as": "pdf"}
        )
        assert answer.status_code == 302
    assert "已经在导出了" in words(colleague.client.get(f"{community.pages}/ledgers?of=register"))
    assert work_off(community) == ["done"]


def test_a_worker_speaks_the_language_of_whoever_asked(app):
    with app.app_context():
        write = app.extensions[WRITER]
        content = write(Wish("register", "xlsx", "en", None), "X", "Y", [], lambda done, of: None)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["B5"].value == "Name"


def test_after_a_week_it_is_gone(colleague, community, long):
    _page, where = made(colleague, "pdf")
    with community.acting() as scope:
        found = drop_expired(scope, date.today() + timedelta(days=8))
    assert found == {"exports": 1}
    answer = colleague.client.get(where)
    assert answer.status_code == 409
    assert "已经不在了" in words(answer)


def test_only_the_administrator_of_this_tenant_gets_it(
    leader, officer, outsider, colleague, community, long
):
    _page, where = made(colleague, "pdf")
    for person in (leader, officer, outsider):
        assert person.client.get(where).status_code == 404
        asked = person.client.post(f"{community.pages}/ledgers", data={"of": "register"})
        assert asked.status_code == 404
    own = where.replace(community.pages, outsider.office.pages)
    assert outsider.client.get(own).status_code == 404


def test_what_a_tenant_holds_is_not_fetched_as_a_ledger(colleague, community):
    some_members(community, 2)
    colleague.client.post(f"{community.pages}/export")
    assert "done" in work_off(community)
    with community.acting():
        export_id = db.session.execute(text("SELECT id FROM tenant_export")).scalar_one()
    where = f"{community.pages}/ledgers/{export_id}/file"
    assert colleague.client.get(where).status_code == 404

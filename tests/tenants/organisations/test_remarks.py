"""A sentence typed beside an act: read where it is asked for, and gone with the tenant's keys."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from tenants.administration.erasing import KEPT
from tenants.administration.exporting import export
from tenants.audit.lookups import first_break
from tenants.database import db
from tenants.organisations.remarks import opened, sealed_remark
from tests.factories.members import a_member
from tests.service.pages.reading import words

REMARK = "替邻居王虚构转交材料"


@pytest.fixture
def member_id(community):
    return a_member(community, phone="19911112222")


@pytest.fixture
def revealed(colleague, community, member_id):
    answer = colleague.client.post(
        f"{community.pages}/members/{member_id}/reveal",
        data={"field": "phone", "reason": "other", "remark": REMARK},
    )
    assert answer.status_code == 200


def test_whoever_may_read_the_entry_reads_it(revealed, colleague, community, member_id):
    for page in (f"members/{member_id}", f"members/{member_id}/sheet", "audit"):
        assert REMARK in words(colleague.client.get(f"{community.pages}/{page}")), page
    listed = colleague.program.get(f"{community.api}/audit").json["items"]
    assert REMARK in {each["reason"] for each in listed}
    with community.acting() as scope:
        content, _counts = export(scope, lambda done, total: None)
        assert first_break(scope, {})[1] is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert REMARK in archive.read("audit_entry.csv").decode()


def test_without_the_tenants_keys_nobody_reads_it(revealed, community):
    """The audit outlives the tenant, its keys do not."""
    with community.acting():
        kept = db.session.execute(
            text("SELECT facts::text FROM audit_entry WHERE act = 'reveal_field'")
        ).scalar_one()
    assert REMARK not in kept
    assert "tenant_key" not in KEPT


def test_it_belongs_to_whom_it_was_typed_of(community, member_id):
    with community.acting() as scope:
        facts = {"field": "phone", **sealed_remark(scope, REMARK, member_id)}
        assert opened(scope, facts, member_id) == {"field": "phone", "remark": REMARK}
        assert opened(scope, {"remark": "从前的"}, member_id) == {"remark": "从前的"}
        assert sealed_remark(scope, "", member_id) == {}
        with pytest.raises(InvalidTag):
            opened(scope, facts, uuid4())

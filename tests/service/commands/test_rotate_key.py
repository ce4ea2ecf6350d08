"""`wangge rotate-key`."""

from __future__ import annotations

from sqlalchemy import text

from tenants.database import db
from tenants.members.lookups import known_people
from tenants.organisations.sealing import seal_of
from tests.factories.members import some_members


def test_the_command_rotates_and_writes_it_down(command, community):
    some_members(community, 5)
    with community.acting() as scope:
        before = seal_of(scope).key_id
    answer = command("rotate-key", "--tenant", community.slug)
    assert answer.exit_code == 0, answer.output
    assert "5 条记录" in answer.output
    with community.acting() as scope:
        acts = "SELECT act, subject_id, facts FROM audit_entry WHERE act LIKE '%key' ORDER BY id"
        made, ended = db.session.execute(text(acts)).all()
        assert (made.act, ended.act, ended.facts) == ("make_key", "rotate_key", {"moved": 5})
        assert made.subject_id == ended.subject_id == seal_of(scope).key_id != before


def test_after_a_stop_the_command_goes_on(command, community, monkeypatch):
    some_members(community, 5, phone="19900010009")

    def stopped(scope):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tenants.members.resealing.reseal_members", stopped)
        assert command("rotate-key", "--tenant", community.slug).exit_code != 0
    with community.acting() as scope:
        assert known_people(scope, [("", "19900010009", None, "unknown")]) == [True]
    answer = command("rotate-key", "--tenant", community.slug)
    assert "接着做" in answer.output
    assert "5 条记录" in answer.output


def test_a_tenant_that_is_not_there_is_refused(command):
    answer = command("rotate-key", "--tenant", "no-such-tenant")
    assert answer.exit_code == 2
    assert "no-such-tenant" in answer.output

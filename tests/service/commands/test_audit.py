"""`wangge audit verify`: what it says of a chain that holds and of one that does not."""

from __future__ import annotations

from os import environ

import pytest
from sqlalchemy import create_engine

from tenants.audit.actions import note
from tests.factories.jobs import work_off


@pytest.fixture
def anchored(community, tmp_path, monkeypatch):
    """A community with a few entries; the night's job has anchored its chain."""
    from dataclasses import replace

    from tenants.outbox.actions import ask

    config = community.app.config
    monkeypatch.setitem(config, "SETTINGS", replace(config["SETTINGS"], anchors=str(tmp_path)))
    for _ in range(4):
        with community.acting() as scope:
            note(scope, "read_member", "member")
    with community.acting() as scope:
        ask(scope, "anchor_audit", {})
    assert work_off(community) == ["done"]
    return community


def verify(command, community, folder):
    return command("audit", "verify", "--tenant", community.slug, "--anchors", folder)


def test_a_chain_that_holds(command, anchored, tmp_path):
    done = verify(command, anchored, tmp_path)
    assert done.exit_code == 0
    assert "完好" in done.output
    assert "核对了 1 个锚点" in done.output


def test_a_chain_whose_end_was_cut_off(command, anchored, tmp_path):
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        last = f"tenant_id = {anchored.tenant_id} AND id = (SELECT id FROM audit_link WHERE"
        last += f" tenant_id = {anchored.tenant_id} ORDER BY seq DESC LIMIT 1)"
        connection.exec_driver_sql(
            f"WITH cut AS (DELETE FROM audit_link WHERE {last} RETURNING tenant_id, id)"
            " DELETE FROM audit_entry e USING cut"
            " WHERE e.tenant_id = cut.tenant_id AND e.id = cut.id"
        )
    engine.dispose()
    done = verify(command, anchored, tmp_path)
    assert done.exit_code == 1
    assert "库外锚点记下的一条已经不在" in done.output


def test_nobody_by_that_name(command, community):
    done = command("audit", "verify", "--tenant", "no-such-tenant")
    assert done.exit_code == 2


def test_without_a_name_every_tenant_is_walked(command, community, monkeypatch):
    from tenants.people import door

    with community.app.app_context():
        found = {scope.tenant_id for scope in door.audited_tenants()}
    assert {community.tenant_id, community.county.tenant_id} <= found
    monkeypatch.setattr(door, "audited_tenants", lambda slug: [community.scope])
    done = command("audit", "verify")
    assert done.exit_code == 0
    assert community.slug in done.output
    assert "没有库外锚点" in done.output


@pytest.mark.parametrize(
    ("became", "said"), [("closed_at", "已关闭"), ("closed_at, erased_at", "已清除")]
)
def test_what_was_noted_of_a_closed_tenant_is_walked_too(command, community, became, said):
    with community.acting() as scope:
        note(scope, "read_member", "member")
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        moments = ", ".join(f"{name} = now()" for name in became.split(", "))
        which = f"tenant_id = {community.tenant_id}"
        connection.exec_driver_sql(f"UPDATE tenant SET {moments} WHERE id = {community.tenant_id}")
        holds = command("audit", "verify", "--tenant", community.slug)
        connection.exec_driver_sql(
            f"UPDATE audit_entry SET act = 'nothing' WHERE {which} AND act = 'read_member'"
        )
    engine.dispose()
    assert (holds.exit_code, said in holds.output, "完好" in holds.output) == (0, True, True)
    broken = command("audit", "verify", "--tenant", community.slug)
    assert broken.exit_code == 1
    assert "内容与当时不符" in broken.output

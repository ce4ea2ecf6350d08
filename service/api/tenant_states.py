"""A tenant below as a program changes it: paused, closed, opened again, moved, limited."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import g
from marshmallow import fields

from service.api.administration import Unit
from service.api.blueprint import Noun, Sent
from service.rights import needs
from service.saving import saving
from tenants.administration.moving import move_community
from tenants.organisations import states as actions
from tenants.organisations.below import TenantCard, tenant_below, tenants_below

tenant_states = Noun(
    "tenant_states", __name__, title="下级单位的状态", description="暂停、关闭、重开、移动和限额。"
)


class ReasonOfState(Sent):
    """Why; everybody there is told."""

    reason = fields.String(load_default="", metadata={"description": "原因，必须写明。"})


class NewTownship(Sent):
    """Where a community goes."""

    township = fields.String(required=True, metadata={"description": "乡镇（街道）的短名。"})


class TenantLimits(Sent):
    """What one tenant may take of what all share."""

    members = fields.Integer(required=True, metadata={"description": "最多多少名党员。"})
    imports_an_hour = fields.Integer(
        required=True, metadata={"description": "每小时最多导入多少次。"}
    )
    megabytes = fields.Integer(required=True, metadata={"description": "最多存多少 MB。"})


@tenant_states.route("/administration/tenants/<slug>")
@needs("see_tenants")
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
def show(slug: str) -> TenantCard:
    """一个下级单位"""
    return tenant_below(g.scope, slug)


@tenant_states.route("/administration/tenants/<slug>/pause", methods=["POST"])
@needs("manage_tenants")
@tenant_states.arguments(ReasonOfState)
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(409, "CONFLICT")
@tenant_states.alt_response(422, "UNPROCESSABLE_ENTITY")
def pause(said: dict[str, str], slug: str) -> TenantCard:
    """暂停：只能看，不能改"""
    return _changed(slug, lambda card: actions.pause(g.scope, card, said["reason"]))


@tenant_states.route("/administration/tenants/<slug>/resume", methods=["POST"])
@needs("manage_tenants")
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(409, "CONFLICT")
def resume(slug: str) -> TenantCard:
    """恢复"""
    return _changed(slug, lambda card: actions.go_on(g.scope, card))


@tenant_states.route("/administration/tenants/<slug>/close", methods=["POST"])
@needs("manage_tenants")
@tenant_states.arguments(ReasonOfState)
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(409, "CONFLICT")
@tenant_states.alt_response(422, "UNPROCESSABLE_ENTITY")
def close(said: dict[str, str], slug: str) -> TenantCard:
    """关闭

    保留期内可以导出和重新开通；erase_on 那天清除数据。
    """
    return _changed(slug, lambda card: actions.close(g.scope, card, said["reason"], date.today()))


@tenant_states.route("/administration/tenants/<slug>/reopen", methods=["POST"])
@needs("manage_tenants")
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(409, "CONFLICT")
def reopen(slug: str) -> TenantCard:
    """保留期内重新开通"""
    return _changed(slug, lambda card: actions.reopen(g.scope, card, date.today()))


@tenant_states.route("/administration/tenants/<slug>/move", methods=["POST"])
@needs("manage_tenants")
@tenant_states.arguments(NewTownship)
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(409, "CONFLICT")
@tenant_states.alt_response(422, "UNPROCESSABLE_ENTITY")
def move(said: dict[str, str], slug: str) -> TenantCard:
    """把暂停了的社区移到另一个乡镇（街道），历史照旧"""
    townships = {
        card.slug: card.area for card in tenants_below(g.scope) if card.level == "township"
    }
    area = townships.get(said["township"], 0)
    return _changed(slug, lambda card: move_community(g.scope, card, area))


@tenant_states.route("/administration/tenants/<slug>/limits", methods=["POST"])
@needs("manage_tenants")
@tenant_states.arguments(TenantLimits)
@tenant_states.response(200, Unit)
@tenant_states.alt_response(404, "NOT_FOUND")
@tenant_states.alt_response(422, "UNPROCESSABLE_ENTITY")
def limits(said: dict[str, Any], slug: str) -> TenantCard:
    """改限额，马上生效"""
    return _changed(
        slug,
        lambda card: actions.set_limits(
            g.scope,
            card,
            members=said["members"],
            imports=said["imports_an_hour"],
            megabytes=said["megabytes"],
        ),
    )


def _changed(slug: str, change: Callable[[TenantCard], object]) -> TenantCard:
    card = tenant_below(g.scope, slug)
    with saving():
        change(card)
    return tenant_below(g.scope, slug)

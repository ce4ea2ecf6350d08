"""Who is asking, and where they stand."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprint import Noun
from service.front_door import scopes_here
from service.rights import ROLES, signed_in

people = Noun("people", __name__, title="我", description="调用者的任职和权限。")


class Standing(Schema):
    """One role in one tenant, with what it may do."""

    tenant = fields.String(metadata={"description": "机构的短名。"})
    name = fields.String(metadata={"description": "机构的名称。"})
    level = fields.String(metadata={"description": "county、township 或 community。"})
    role = fields.String(metadata={"description": "角色。"})
    rights = fields.List(fields.String(), metadata={"description": "能做什么。"})


class Me(Schema):
    """The caller's own standings. A token has exactly one."""

    standings = fields.List(fields.Nested(Standing))


@people.route("/me")
@signed_in
@people.response(200, Me)
def me() -> dict[str, Any]:
    """调用者的任职"""
    return {
        "standings": [
            {
                "tenant": scope.slug,
                "name": scope.name,
                "level": scope.level,
                "role": scope.role,
                "rights": sorted(ROLES[scope.role]),
            }
            for scope in scopes_here()
        ]
    }

"""One box on the map: buildings for everybody, people for those who may see them."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length

from service.api.blueprint import Noun, Sent
from service.rights import allows, needs
from service.saving import saving
from tenants.audit.actions import note_people
from tenants.errors import InvalidInput
from tenants.marking import N_
from tenants.members.finding import is_number
from tenants.members.lookups import members
from tenants.places.address_lookups import candidates_of, places_of
from tenants.places.buildings_lookups import building_titles
from tenants.scope import Scope

search = Noun("search", __name__, title="查找", description="按楼栋、姓名或完整的电话查找。")

MOST = 8
_PHONES_BY_POST = N_("电话和证件号码不要写在网址里。请用 POST 把它放在请求体里。")


class SearchWords(Sent):
    """What is looked for."""

    words = fields.String(
        required=True,
        validate=Length(1, 60, error=_l("1 到 {max} 个字。")),
        metadata={"description": "楼栋、姓名的一部分；用 POST 时也可以是完整的电话。"},
    )


class FoundBuilding(Schema):
    """A compound or building."""

    id = fields.UUID(metadata={"description": "编号。"})
    kind = fields.String(metadata={"description": "compound 小区或 building 楼栋。"})
    title = fields.String(metadata={"description": "小区和名称。"})
    address = fields.String(metadata={"description": "门牌地址。"})
    lon = fields.Float(metadata={"description": "经度（WGS-84）。"})
    lat = fields.Float(metadata={"description": "纬度（WGS-84）。"})


class FoundPerson(Schema):
    """A member; where exactly they live is for the card."""

    id = fields.UUID(metadata={"description": "编号。"})
    name = fields.String(metadata={"description": "姓名。"})
    building = fields.String(metadata={"description": "住在哪个小区、楼栋；空表示没有选定。"})


class FoundThings(Schema):
    """The surest first, eight of each at most."""

    buildings = fields.List(fields.Nested(FoundBuilding))
    people = fields.List(fields.Nested(FoundPerson))


@search.route("/search")
@needs("see_map")
@search.arguments(SearchWords, location="query")
@search.response(200, FoundThings)
@search.alt_response(422, "UNPROCESSABLE_ENTITY")
def by_words(wanted: dict[str, str]) -> dict[str, Any]:
    """按楼栋或姓名查找

    人只给可以看名册的角色，每次都记入审计。电话号码不能写在网址里，请用 POST。
    """
    if is_number(wanted["words"]):
        raise InvalidInput(_PHONES_BY_POST)
    return _found(g.scope, wanted["words"])


@search.route("/search", methods=["POST"])
@needs("see_map")
@search.arguments(SearchWords)
@search.response(200, FoundThings)
@search.alt_response(422, "UNPROCESSABLE_ENTITY")
def by_body(wanted: dict[str, str]) -> dict[str, Any]:
    """按楼栋、姓名或完整的电话查找"""
    return _found(g.scope, wanted["words"], phones=True)


def _found(scope: Scope, words: str, *, phones: bool = False) -> dict[str, Any]:
    found, _one = ([], None) if is_number(words) else candidates_of(scope, words, limit=MOST)
    places = places_of(scope, found)
    if not allows(scope.role, "see_members"):
        return {"buildings": places, "people": []}
    people = members(scope, words=words, limit=MOST, phones=phones, candidates=found)
    titles = building_titles(scope, (line.home_building_id for line in people))
    answer = {
        "buildings": places,
        "people": [
            {
                "id": line.id,
                "name": line.name,
                "building": titles.get(line.home_building_id, "") if line.home_building_id else "",
            }
            for line in people
        ],
    }
    with saving():
        note_people(scope, "read_members", (line.id for line in people))
    return answer

"""The editor's door: a save with versions, facts of a conflict, faults as GeoJSON, other days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from shapely.geometry import mapping

from tests.factories.grid import a_draft_grid, drawn, part


def address(community, draft_id, rest=""):
    return f"{community.api}/grid/drafts/{draft_id}{rest}"


def cell_of(answer, code):
    return next(f for f in answer.get_json()["features"] if f["properties"]["code"] == code)


def sent(feature, **wanted):
    properties = feature["properties"]
    return {
        "id": feature["id"],
        "version": properties["version"],
        "code": properties["code"],
        "name": properties["label"],
        **wanted,
    }


def test_a_program_reads_changes_and_is_told_what_is_wrong(community, colleague):
    draft_id = a_draft_grid(community)
    answer = colleague.program.get(address(community, draft_id, "/cells"))
    assert answer.get_json()["version"] == 1
    first = cell_of(answer, "G1")
    shape = mapping(part(community, 0, 0.5, 0.6, 1))
    kept = colleague.program.post(
        address(community, draft_id, "/edits"), json={"cells": [sent(first, geometry=shape)]}
    )
    assert kept.status_code == 200
    body = kept.get_json()
    assert (body["version"], body["features"][0]["properties"]["version"]) == (2, 2)
    [fault] = body["faults"]
    assert fault["properties"]["blocking"]
    assert "重叠" in fault["properties"]["sentence"]
    assert fault["geometry"]["type"] == "Polygon"
    assert len(body["window"]) == 4
    faults = colleague.program.get(address(community, draft_id, "/faults")).get_json()
    assert [f["properties"]["code"] for f in faults["features"]] == ["overlap"]
    again = colleague.program.get(address(community, draft_id, "/cells?since=2"))
    assert again.get_json()["features"] == []


def test_an_outdated_version_is_a_conflict_with_both_facts(community, colleague):
    draft_id = a_draft_grid(community)
    first = cell_of(colleague.program.get(address(community, draft_id, "/cells")), "G1")
    edits = address(community, draft_id, "/edits")
    assert (
        colleague.program.post(edits, json={"cells": [sent(first, name="甲")]}).status_code == 200
    )
    late = colleague.program.post(edits, json={"cells": [sent(first, name="乙")]})
    assert late.status_code == 409
    [theirs] = late.get_json()["theirs"]
    assert (theirs["name"], theirs["version"]) == ("甲", 2)


def test_a_bad_shape_comes_back_with_what_to_paint(community, colleague):
    draft_id = a_draft_grid(community)
    lon, lat = community.centre
    bow = [
        [lon, lat],
        [lon + 0.001, lat + 0.001],
        [lon + 0.001, lat],
        [lon, lat + 0.001],
        [lon, lat],
    ]
    cell = {"id": str(uuid4()), "code": "N1", "geometry": {"type": "Polygon", "coordinates": [bow]}}
    answer = colleague.program.post(address(community, draft_id, "/edits"), json={"cells": [cell]})
    assert answer.status_code == 422
    problem = answer.get_json()
    assert "自己交叉" in problem["title"]
    assert problem["shape"]["type"] == "Point"
    assert problem["fault"] == "crossing"


def test_cut_join_and_snap(community, colleague):
    draft_id = a_draft_grid(community)
    cell = drawn(community, draft_id)["G1"]
    west, south, east, north = cell.shape.bounds
    middle = (west + east) / 2 + 0.0003
    line = [[middle, south - 0.001], [middle, north + 0.001]]
    seen = {"id": str(cell.id), "version": 1}
    cut = colleague.program.post(
        address(community, draft_id, "/split"), json={"cell": seen, "line": line}
    )
    assert cut.status_code == 200
    parts = [sent(f) for f in cut.get_json()["features"]]
    assert {p["code"] for p in parts} == {"G1", "G1A"}
    snapped = colleague.program.get(
        address(community, draft_id, f"/cells/{parts[0]['id']}/snapped")
    )
    assert snapped.get_json()["moves"] == []
    ids = [{"id": p["id"], "version": p["version"]} for p in parts]
    joined = colleague.program.post(
        address(community, draft_id, "/merge"), json={"kept": ids[0], "other": ids[1]}
    )
    assert joined.status_code == 200
    assert joined.get_json()["removed"] == [ids[1]["id"]]
    for body in (
        {"cell": seen, "line": [[1], [2]]},
        {"cell": seen, "line": [[lon_(community), 1]]},
    ):
        bad = colleague.program.post(address(community, draft_id, "/split"), json=body)
        assert bad.status_code == 422


def lon_(community):
    return community.centre[0]


def test_a_leader_draws_no_grid(community, leader):
    draft_id = a_draft_grid(community)
    for way in ("/cells", "/faults"):
        assert leader.program.get(address(community, draft_id, way)).status_code == 404


def test_the_cells_of_another_day(community, leader):
    yesterday = date(2025, 12, 31)
    api = f"{community.api}/cells"
    assert leader.program.get(api).get_json()["total"] == 4
    assert leader.program.get(f"{api}?on={yesterday}").get_json()["total"] == 0
    later = date.today() + timedelta(days=9)
    assert leader.program.get(f"{api}?on={later}&bbox=1,2,3,4&zoom=3").get_json()["total"] == 4
    assert leader.program.get(f"{api}?on=gestern").status_code == 422

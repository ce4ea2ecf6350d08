"""A run of assignments on the map: who would go where, as lines and points without names."""

from typing import Any
from uuid import UUID

from flask import Response, g

from service.api.blueprint import Noun
from service.api.features import FeatureCollection, Window, feature_collection
from service.rights import needs
from tenants.matching.assignments.features import person_features, way_features
from tenants.matching.assignments.lookups import run, sites

assignments = Noun("assignments", __name__, title="安排", description="一次安排在地图上的样子。")


@assignments.route("/assignments/<uuid:run_id>/features/ways")
@needs("plan_assignments")
@assignments.arguments(Window, location="query")
@assignments.response(200, FeatureCollection, content_type="application/geo+json")
@assignments.alt_response(404, "NOT_FOUND")
def ways(window: dict[str, Any], run_id: UUID) -> Response:
    """从人到支部的连线

    多于 1500 条时按起点合并,properties.count 是合并的人数。不含姓名。
    """
    run(g.scope, run_id)
    found = way_features(g.scope, run_id, window["bbox"], window["zoom"])
    return feature_collection("ways", *found, people=True)


@assignments.route("/assignments/<uuid:run_id>/features/served")
@needs("plan_assignments")
@assignments.arguments(Window, location="query")
@assignments.response(200, FeatureCollection, content_type="application/geo+json")
@assignments.alt_response(404, "NOT_FOUND")
def served(window: dict[str, Any], run_id: UUID) -> Response:
    """安排了支部的人的位置

    多于 1500 个时合并计数。不含姓名。
    """
    run(g.scope, run_id)
    found = person_features(g.scope, run_id, window["bbox"], window["zoom"], served=True)
    return feature_collection("served", *found, people=True)


@assignments.route("/assignments/<uuid:run_id>/features/unserved")
@needs("plan_assignments")
@assignments.arguments(Window, location="query")
@assignments.response(200, FeatureCollection, content_type="application/geo+json")
@assignments.alt_response(404, "NOT_FOUND")
def unserved(window: dict[str, Any], run_id: UUID) -> Response:
    """没有支部的人的位置

    多于 1500 个时合并计数。不含姓名。
    """
    run(g.scope, run_id)
    found = person_features(g.scope, run_id, window["bbox"], window["zoom"], served=False)
    return feature_collection("unserved", *found, people=True)


@assignments.route("/assignments/<uuid:run_id>/features/sites")
@needs("plan_assignments")
@assignments.arguments(Window, location="query")
@assignments.response(200, FeatureCollection, content_type="application/geo+json")
@assignments.alt_response(404, "NOT_FOUND")
def temporary(window: dict[str, Any], run_id: UUID) -> Response:
    """建议设临时党支部的地点"""
    run(g.scope, run_id)
    west, south, east, north = window["bbox"]
    found = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(site.lon, 7), round(site.lat, 7)]},
            "properties": {"id": str(site.number)},
        }
        for site in sites(g.scope, run_id)
        if west <= site.lon <= east and south <= site.lat <= north
    ]
    return feature_collection("sites", found, len(found), people=False)

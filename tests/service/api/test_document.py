"""The OpenAPI document: whole, true to the routes, readable by anybody."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture(scope="module")
def document(app):
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    return json.loads(answer.data)


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation, item.get("parameters", [])


def references(part):
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_it_is_openapi_3_1_with_a_bearer_token(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["version"] == "v1"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["security"] == [{"bearer": []}]


def test_every_reference_leads_somewhere(document):
    found = set(references(document))
    assert found
    for reference in found:
        part = document
        assert reference.startswith("#/")
        for step in reference[2:].split("/"):
            part = part[step]


def test_every_route_is_described_and_nothing_else(app, document):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, *_ in operations(document)} == routes


ASK_FOR_NOTHING = (
    *("/accept", "/another", "/undo", "/discard", "/end", "/back", "/strike"),
    *("/again", "/withdraw", "/resume", "/reopen", "/take", "/decline", "/think-again"),
    "/strike",
)
"""How addresses end that are called without a word beside them."""


def test_every_operation_says_what_it_is_what_it_takes_and_what_it_answers(document):
    for path, method, operation, shared in operations(document):
        assert re.search("[一-鿿]", operation["summary"]), path
        assert re.search("[一-鿿]", operation["tags"][0]), path
        parameters = [*shared, *operation.get("parameters", [])]
        named = {p["name"] for p in parameters if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), path
        assert all(p["required"] for p in parameters if p["in"] == "path")
        assert len({(p["in"], p["name"]) for p in parameters}) == len(parameters)
        answers = operation["responses"]
        assert any(code.startswith("2") for code in answers), path
        assert all("$ref" in answer or answer["description"] for answer in answers.values()), path
        assert method == "get" or "requestBody" in operation or path.endswith(ASK_FOR_NOTHING)


def test_every_property_is_explained(document):
    unexplained = [
        f"{name}.{property_}"
        for name, schema in document["components"]["schemas"].items()
        for property_, said in schema.get("properties", {}).items()
        if "description" not in said
        and not list(references(said))
        and (name, property_) != ("FeatureCollection", "type")
        and name != "PaginationMetadata"
    ]
    assert unexplained == []


def test_errors_are_described_as_problems(document):
    for answer in document["components"]["responses"].values():
        assert set(answer["content"]) == {"application/problem+json"}


def test_tags_in_use_are_the_tags_described(document):
    described = [tag["name"] for tag in document["tags"]]
    used = {tag for *_, operation, _ in operations(document) for tag in operation["tags"]}
    assert set(described) == used
    assert len(described) == len(used)


def test_it_names_no_third_host(document):
    assert not re.search(r"https?://", json.dumps(document))

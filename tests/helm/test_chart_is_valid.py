"""What the chart renders is what Kubernetes accepts, from the oldest version we name to the newest."""

from __future__ import annotations

import copy
import re
import tomllib
from pathlib import Path

import helm_python
import kubernetes_validate
import pytest
import yaml

from helm.render import CHART

ROOT = CHART.parents[1]
OLDEST = "1.25"
LABEL = re.compile(r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")


def test_the_oldest_version_is_the_one_the_chart_names():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["kubeVersion"] == f">={OLDEST}.0-0"


def test_the_chart_is_of_the_same_version_as_the_application():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert chart["appVersion"] == project["project"]["version"]


@pytest.mark.parametrize("version", [OLDEST, "1.30", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("values", ["default", "full", "lean"])
def test_every_manifest_is_valid_to_the_letter(values, version, request):
    manifests = request.getfixturevalue(values).manifests
    assert {"Deployment", "Job", "Service"} <= {each["kind"] for each in manifests}
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_validator_would_see_a_misspelt_field(default):
    manifest = copy.deepcopy(default.one("Deployment", "wangge-web"))
    manifest["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest, OLDEST, strict=True)


def test_helm_lint_has_nothing_to_say():
    report = helm_python.lint(CHART, {}, strict=True, kube_version=f"v{OLDEST}.0")
    assert report["errors"] == []
    assert [each for each in report["messages"] if each["severity"] > 1] == []


def test_names_and_labels_fit_even_under_a_long_release_name(release):
    long = release(
        {"worker": {"queues": [{"name": "q" * 20, "replicas": 2}]}},
        name="county-office-" + "x" * 39,
    )
    for manifest in long.manifests:
        assert len(manifest["metadata"]["name"]) <= 63
        for label in manifest["metadata"]["labels"].values():
            assert LABEL.match(label), label
    names = [(each["kind"], each["metadata"]["name"]) for each in long.manifests]
    assert len(names) == len(set(names))


def test_two_releases_in_one_namespace_do_not_touch_each_other(release):
    north, south = release(name="north"), release(name="south")
    assert not {each["metadata"]["name"] for each in north.manifests} & {
        each["metadata"]["name"] for each in south.manifests
    }
    selector = south.one("Service", "south-wangge-web")["spec"]["selector"]
    labels = north.workloads()["web"]["spec"]["template"]["metadata"]["labels"]
    assert not selector.items() <= labels.items()


def test_the_packed_chart_renders_the_same(tmp_path: Path):
    archive = helm_python.package(CHART, destination=tmp_path)
    with helm_python.Chart.load(archive) as packed, helm_python.Chart.load(CHART) as loose:
        assert packed.render(name="a", namespace="b") == loose.render(name="a", namespace="b")

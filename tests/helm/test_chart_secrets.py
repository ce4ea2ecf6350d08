"""Who is told what. Secrets come by reference alone, and only the migrate job knows the owner."""

from __future__ import annotations

import re

import helm_python
import pytest

from helm.render import CHART, render

ROOT = CHART.parents[1]
ROOMS = ["service", "workers", "tenants", "geo", "migrations"]

# The table of helm/wangge/templates/_environment.tpl, written a second time on purpose.
WHO_IS_TOLD = {
    "WANGGE_APP_URL": {"web", "worker"},
    "WANGGE_OVERSEE_URL": {"web", "worker"},
    "WANGGE_DISPATCH_URL": {"relay"},
    "WANGGE_OWNER_URL": {"migrate"},
    "WANGGE_REDIS_URL": {"web", "worker", "relay"},
    "WANGGE_SECRET_KEY": {"web"},
    "WANGGE_MASTER_KEY": {"web", "worker"},
    "WANGGE_PUBLIC_URL": {"web"},
    "WANGGE_BASE_MAP": {"web"},
    "WANGGE_ANCHORS": {"worker"},
}
PLAIN = {"HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "WANGGE_PUBLIC_URL"}
PLAIN |= {"WANGGE_ANCHORS"}
NAMES = ["appUrl", "overseeUrl", "dispatchUrl", "ownerUrl", "redisUrl", "secretKey", "masterKey"]


def told(release) -> dict[str, set[str]]:
    """Variable -> the components whose container has it."""
    who: dict[str, set[str]] = {}
    for component, container in release.containers().items():
        for each in container["env"]:
            who.setdefault(each["name"], set()).add(component)
    return {name: components for name, components in who.items() if name.startswith("WANGGE_")}


def test_each_process_is_told_what_it_needs_and_no_more(full):
    assert told(full) == WHO_IS_TOLD


def test_what_is_optional_is_absent_when_nobody_chose_it(default):
    assert told(default) == {
        name: components
        for name, components in WHO_IS_TOLD.items()
        if name not in {"WANGGE_PUBLIC_URL", "WANGGE_BASE_MAP", "WANGGE_ANCHORS"}
    }


def test_every_setting_the_application_reads_reaches_a_pod(full):
    read = {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r"\bWANGGE_[A-Z]+(?:_[A-Z]+)*\b", path.read_text(encoding="utf-8"))
    }
    assert read == told(full).keys()


@pytest.mark.parametrize("values", ["default", "full", "lean"])
def test_no_manifest_holds_a_secret(values, request):
    release = request.getfixturevalue(values)
    assert release.all("Secret") == []
    for container in release.containers().values():
        for each in container["env"]:
            if each["name"] in PLAIN:
                assert set(each) == {"name", "value"}
            else:
                assert set(each) == {"name", "valueFrom"}
                assert set(each["valueFrom"]) == {"secretKeyRef"}


def test_references_are_the_ones_the_office_chose(release):
    chosen = release({"secrets": {"masterKey": {"name": "vault", "key": "kek"}}})
    env = {each["name"]: each for each in chosen.containers()["worker"]["env"]}
    assert env["WANGGE_MASTER_KEY"]["valueFrom"]["secretKeyRef"] == {"name": "vault", "key": "kek"}


def test_the_owner_has_a_secret_to_itself(default):
    holders: dict[str, set[str]] = {}
    for container in default.containers().values():
        for each in container["env"]:
            reference = each.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                holders.setdefault(reference["name"], set()).add(each["name"])
    assert holders["wangge-owner"] == {"WANGGE_OWNER_URL"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "wrong",
    [
        "postgresql://wangge:word@db/wangge",
        {"key": None},
        {"name": "", "key": "a"},
        {"name": "wangge-keys", "key": "postgresql://wangge:word@db/wangge"},
        {"name": "wangge-keys", "key": "a", "value": "a-plain-word"},
    ],
)
def test_a_secret_written_into_the_values_is_refused(name, wrong):
    with pytest.raises(helm_python.HelmError) as refused:
        render({"secrets": {name: wrong}})
    assert f"/secrets/{name}" in str(refused.value)

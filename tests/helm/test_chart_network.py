"""The network policy lets through what the work needs: names, PostgreSQL, Redis, and pages in."""

from __future__ import annotations

import pytest

COMPONENTS = ["web", "worker", "relay", "migrate"]
DNS = {("UDP", 53), ("TCP", 53)}


def ports(rules: list[dict]) -> set[tuple[str, object]]:
    return {(port["protocol"], port["port"]) for rule in rules for port in rule["ports"]}


def policy(release, component: str) -> dict:
    return release.one("NetworkPolicy", f"wangge-{component}")["spec"]


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_pod_is_under_a_policy_for_both_directions(default, component):
    spec = policy(default, component)
    labels = default.workloads()[component]["spec"]["template"]["metadata"]["labels"]
    assert spec["podSelector"]["matchLabels"].items() <= labels.items()
    assert spec["policyTypes"] == ["Ingress", "Egress"]


@pytest.mark.parametrize(
    ("component", "reaches"),
    [
        ("web", DNS | {("TCP", 5432), ("TCP", 6379)}),
        ("worker", DNS | {("TCP", 5432), ("TCP", 6379)}),
        ("relay", DNS | {("TCP", 5432), ("TCP", 6379)}),
        ("migrate", DNS | {("TCP", 5432)}),
    ],
)
def test_out_go_names_postgres_and_redis(default, component, reaches):
    assert ports(policy(default, component)["egress"]) == reaches


@pytest.mark.parametrize("values", ["default", "full"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_no_rule_means_everywhere(values, component, request):
    spec = policy(request.getfixturevalue(values), component)
    for rule in spec["egress"]:
        assert rule["to"] and rule["ports"]
        assert all(peer and all(peer.values()) for peer in rule["to"])
    for rule in spec["ingress"]:
        assert rule["from"] and rule["ports"]


def test_in_comes_the_ingress_controller_to_the_web_alone(default):
    assert policy(default, "web")["ingress"] == [
        {
            "from": [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}
                    }
                }
            ],
            "ports": [{"protocol": "TCP", "port": "http"}],
        }
    ]
    for component in ("worker", "relay", "migrate"):
        assert policy(default, component)["ingress"] == []


def test_servers_outside_the_cluster_are_named_by_address(full):
    (rule,) = [
        rule
        for rule in policy(full, "worker")["egress"]
        if rule["ports"] == [{"protocol": "TCP", "port": 6432}]
    ]
    assert rule["to"] == [{"ipBlock": {"cidr": "192.0.2.5/32"}}]


def test_tiles_are_fetched_by_the_web_alone_and_only_with_a_base_map(full, release):
    tiles = ("TCP", 443)
    assert tiles in ports(policy(full, "web")["egress"])
    assert tiles not in ports(policy(full, "worker")["egress"])
    without = release(
        {"networkPolicy": {"baseMap": {"port": 443, "to": [{"ipBlock": {"cidr": "192.0.2.9/32"}}]}}}
    )
    assert tiles not in ports(policy(without, "web")["egress"])


def test_the_migration_is_let_out_before_it_starts(default):
    first = default.one("NetworkPolicy", "wangge-migrate")["metadata"]["annotations"]
    job = default.workloads()["migrate"]["metadata"]["annotations"]
    assert first["helm.sh/hook"] == job["helm.sh/hook"]
    assert int(first["helm.sh/hook-weight"]) < int(job["helm.sh/hook-weight"])


def test_an_office_with_its_own_policies_switches_ours_off(lean):
    assert lean.all("NetworkPolicy") == []

"""What an office decides in its values is what comes out."""

from __future__ import annotations

import subprocess
import sys

import helm_python
import pytest
import yaml

from helm.render import CHART, merge, render


def test_replicas(release):
    chosen = release({"web": {"replicas": 5}, "relay": {"replicas": 3}})
    assert chosen.workloads()["web"]["spec"]["replicas"] == 5
    assert chosen.workloads()["relay"]["spec"]["replicas"] == 3


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({}, "wangge:0.1.0"),
        ({"repository": "registry.example/a/wangge", "tag": "9"}, "registry.example/a/wangge:9"),
        ({"tag": "9", "digest": "sha256:" + "0" * 64}, "wangge@sha256:" + "0" * 64),
    ],
)
def test_one_image_for_all(release, image, expected):
    containers = release({"image": image}).containers()
    assert {each["image"] for each in containers.values()} == {expected}


def test_without_a_host_there_is_no_ingress(default):
    assert default.all("Ingress") == []


def test_with_a_host_the_ingress_leads_to_the_service(full):
    spec = full.one("Ingress", "wangge-web")["spec"]
    assert spec["ingressClassName"] == "nginx"
    assert spec["tls"] == [{"secretName": "wangge-tls", "hosts": ["wangge.example"]}]
    (rule,) = spec["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    service = full.one("Service", backend["name"])
    assert rule["host"] == "wangge.example"
    assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
    pod = full.workloads()["web"]["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= pod.items()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"ingress": {"host": "a.example"}}, "http://a.example"),
        ({"ingress": {"host": "a.example", "tlsSecret": "t"}}, "https://a.example"),
        ({"ingress": {"host": "a.example"}, "publicUrl": "https://b.example"}, "https://b.example"),
    ],
)
def test_the_public_address(release, values, expected):
    env = {each["name"]: each.get("value") for each in release(values).containers()["web"]["env"]}
    assert env.get("WANGGE_PUBLIC_URL") == expected


@pytest.mark.parametrize("replicas", [0, 1, 2, 3])
@pytest.mark.parametrize("least", [1, 2])
def test_a_budget_always_leaves_a_pod_to_evict(release, replicas, least):
    chosen = release(
        {
            "web": {"replicas": replicas, "minAvailable": least},
            "relay": {"replicas": replicas, "minAvailable": least},
            "worker": {
                "queues": [{"name": "matching", "replicas": replicas}],
                "minAvailable": least,
            },
        }
    )
    budgets = {each["metadata"]["name"]: each["spec"] for each in chosen.all("PodDisruptionBudget")}
    if replicas <= least:
        assert budgets == {}
        return
    assert sorted(budgets) == ["wangge-relay", "wangge-web", "wangge-worker-matching"]
    for name, spec in budgets.items():
        assert spec["minAvailable"] == least
        labels = chosen.one("Deployment", name)["spec"]["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"].items() <= labels.items()


def test_a_budget_counts_the_pods_of_one_queue_only(full):
    budget = full.one("PodDisruptionBudget", "wangge-worker-matching")
    other = full.one("Deployment", "wangge-worker-imports")["spec"]["template"]["metadata"]
    assert not budget["spec"]["selector"]["matchLabels"].items() <= other["labels"].items()


def test_a_queue_may_ask_for_more(full):
    def resources(name):
        pod = full.one("Deployment", name)["spec"]["template"]["spec"]
        return pod["containers"][0]["resources"]

    assert resources("wangge-worker-imports")["limits"] == {"memory": "4Gi"}
    assert resources("wangge-worker-matching")["limits"] == {"memory": "2Gi"}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"replica": 3}, "replica"),
        ({"web": {"replicas": -1}}, "/web/replicas"),
        ({"web": {"replicas": "three"}}, "/web/replicas"),
        ({"worker": {"queues": []}}, "/worker/queues"),
        ({"worker": {"queues": [{"name": "Not A Label", "replicas": 1}]}}, "/worker/queues/0/name"),
        ({"ingress": {"host": "https://a.example/"}}, "/ingress/host"),
        ({"image": {"digest": "latest"}}, "/image/digest"),
        ({"user": 0}, "/user"),
        ({"networkPolicy": {"postgres": {"port": 5432, "to": []}}}, "/networkPolicy/postgres/to"),
        ({"heartbeat": {"file": "/srv/heartbeat"}}, "/heartbeat/file"),
    ],
)
def test_a_slip_in_the_values_stops_the_install_and_is_named(values, where):
    with pytest.raises(helm_python.HelmError) as refused:
        render(values)
    assert where in str(refused.value)


def test_later_values_files_win_key_by_key(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("web: {replicas: 3, threads: 2}\n", encoding="utf-8")
    second.write_text("web: {replicas: 4}\n", encoding="utf-8")
    assert merge([first, second]) == {"web": {"replicas": 4, "threads": 2}}


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = str(CHART.parent / "render.py")
    return subprocess.run(
        [sys.executable, script, *arguments], check=False, capture_output=True, text=True
    )


def test_the_script_prints_one_stream_with_the_migration_first(tmp_path):
    values = tmp_path / "values.yaml"
    values.write_text("web: {replicas: 7}\n", encoding="utf-8")
    done = run_script(str(values), "--name", "county")
    assert done.returncode == 0, done.stderr
    manifests = list(yaml.safe_load_all(done.stdout))
    assert [each["kind"] for each in manifests[:2]] == ["NetworkPolicy", "Job"]
    web = next(each for each in manifests if each["metadata"]["name"] == "county-wangge-web")
    assert web["metadata"]["labels"]["app.kubernetes.io/instance"] == "county"


def test_the_script_says_what_is_wrong_and_prints_nothing(tmp_path):
    values = tmp_path / "values.yaml"
    values.write_text("web: {replica: 7}\n", encoding="utf-8")
    done = run_script(str(values))
    assert (done.returncode, done.stdout) == (1, "")
    assert "replica" in done.stderr
    assert "Traceback" not in done.stderr
    assert run_script(str(tmp_path / "absent.yaml")).returncode == 1

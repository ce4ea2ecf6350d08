"""Pods: no privilege, the right probes, commands that the installed programs understand."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from gunicorn.config import Config

from helm.render import CHART

ROOT = CHART.parents[1]
COMPONENTS = ["web", "worker", "relay", "migrate"]


def test_the_four_kinds_of_process_are_there(default):
    assert sorted(default.workloads()) == sorted(COMPONENTS)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_pod_holds_no_privilege(full, component):
    pod = full.workloads()[component]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_pod_writes_to_its_own_tmp_and_nowhere_else(default, component):
    pod = default.workloads()[component]["spec"]["template"]["spec"]
    assert [set(volume) for volume in pod["volumes"]] == [{"name", "emptyDir"}]
    assert pod["containers"][0]["volumeMounts"] == [{"name": "temporary", "mountPath": "/tmp"}]
    env = {each["name"]: each.get("value") for each in pod["containers"][0]["env"]}
    assert env["HOME"] == "/tmp"


@pytest.mark.parametrize("component", COMPONENTS)
def test_only_workers_write_anchors_and_only_where_told(full, component):
    pod = full.workloads()[component]["spec"]["template"]["spec"]
    claims = [each.get("persistentVolumeClaim") for each in pod["volumes"]]
    mounts = {each["name"]: each["mountPath"] for each in pod["containers"][0]["volumeMounts"]}
    is_worker = component == "worker"
    assert ({"claimName": "audit-anchors"} in claims) is is_worker
    assert mounts.get("anchors") == ("/anchors" if is_worker else None)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_pod_says_what_it_needs(default, component):
    resources = default.containers()[component]["resources"]
    assert {"cpu", "memory"} <= resources["requests"].keys()
    assert "memory" in resources["limits"]


def test_web_is_alive_by_healthz_and_ready_by_readyz(default):
    web = default.containers()["web"]
    assert web["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert web["startupProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert web["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert [port["name"] for port in web["ports"]] == ["http"]


def test_gunicorn_understands_its_command(default):
    command = default.containers()["web"]["command"]
    assert command[0] == "gunicorn"
    # The program's own parser; an option it does not know ends in SystemExit.
    asked = Config().parser().parse_args(command[1:])
    assert asked.args == ["service.app:wsgi()"]
    assert asked.bind == ["0.0.0.0:8000"]
    assert asked.control_socket_disable is True


@pytest.mark.parametrize(
    ("component", "module"),
    [("worker", "service.commands"), ("relay", "service.commands"), ("migrate", "alembic")],
)
def test_the_command_line_understands_its_command(default, component, module):
    python, *words = default.containers()[component]["command"]
    assert (python, words[:2]) == ("python", ["-m", module])
    # --help starts nothing, yet an option or command nobody knows is still refused before it.
    done = subprocess.run(
        [sys.executable, *words, "--help"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_access_log_leaves_search_words_out(default):
    format = next(each for each in default.containers()["web"]["command"] if "logformat" in each)
    # gunicorn's names: r = the request line, q = the query string, f = the referring page.
    assert not any(f"%({name})s" in format for name in "rqf")


def test_web_stays_while_load_balancers_forget_it(default):
    web = default.workloads()["web"]["spec"]["template"]["spec"]
    asked = Config().parser().parse_args(web["containers"][0]["command"][1:])
    assert "time.sleep(5)" in web["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][-1]
    assert web["terminationGracePeriodSeconds"] > 5 + asked.graceful_timeout


@pytest.mark.parametrize("component", ["worker", "relay"])
@pytest.mark.parametrize(("age", "alive"), [(0, True), (120, True), (600, False), (None, False)])
def test_alive_means_a_young_heartbeat(default, component, age, alive, tmp_path):
    container = default.containers()[component]
    assert "--heartbeat=/tmp/heartbeat" in container["command"]
    python, *arguments, script = container["livenessProbe"]["exec"]["command"]
    assert python == "python"
    heartbeat = tmp_path / "heartbeat"
    if age is not None:
        heartbeat.touch()
        then = time.time() - age
        os.utime(heartbeat, (then, then))
    script = script.replace("/tmp/heartbeat", str(heartbeat))
    done = subprocess.run([sys.executable, *arguments, script], check=False, capture_output=True)
    assert (done.returncode == 0) is alive


def test_each_queue_has_processes_of_its_own(full):
    workers = {
        each["metadata"]["labels"]["wangge/queue"]: each
        for each in full.all("Deployment")
        if each["metadata"]["labels"]["app.kubernetes.io/component"] == "worker"
    }
    assert {name: each["spec"]["replicas"] for name, each in workers.items()} == {
        "matching": 3,
        "imports": 2,
    }
    for name, each in workers.items():
        command = each["spec"]["template"]["spec"]["containers"][0]["command"]
        assert [word for word in command if word.startswith("--queue=")] == [f"--queue={name}"]
        selector = each["spec"]["selector"]["matchLabels"]
        for other, elsewhere in workers.items():
            labels = elsewhere["spec"]["template"]["metadata"]["labels"]
            assert (selector.items() <= labels.items()) is (other == name)


def test_the_owner_migrates_before_anything_new_runs(default):
    job = default.workloads()["migrate"]
    annotations = job["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert default.containers()["migrate"]["command"][-2:] == ["upgrade", "head"]
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"

"""A rendered release, asked the way a cluster would read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helm.render import render

Manifest = dict[str, Any]

# Every optional part switched on.
FULL = {
    "image": {"repository": "registry.example/wangge", "tag": "7", "pullSecrets": ["pull"]},
    "secrets": {"baseMap": {"name": "wangge-base-map", "key": "address"}},
    "anchors": {"claim": "audit-anchors"},
    "ingress": {
        "host": "wangge.example",
        "className": "nginx",
        "tlsSecret": "wangge-tls",
        "annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "20m"},
    },
    "worker": {
        "queues": [
            {"name": "matching", "replicas": 3},
            {"name": "imports", "replicas": 2, "resources": {"limits": {"memory": "4Gi"}}},
        ]
    },
    "networkPolicy": {
        "postgres": {"port": 6432, "to": [{"ipBlock": {"cidr": "192.0.2.5/32"}}]},
        "baseMap": {"port": 443, "to": [{"ipBlock": {"cidr": "192.0.2.9/32"}}]},
    },
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "dedicated", "operator": "Exists"}],
}

# Every optional part switched off, one pod of each kind.
LEAN = {
    "web": {"replicas": 1},
    "relay": {"replicas": 1},
    "worker": {"queues": [{"name": "default", "replicas": 1}]},
    "networkPolicy": {"enabled": False},
}


class Release:
    """The manifests of one rendering."""

    def __init__(self, manifests: list[Manifest]) -> None:
        self.manifests = manifests

    def all(self, kind: str) -> list[Manifest]:
        return [each for each in self.manifests if each["kind"] == kind]

    def one(self, kind: str, name: str) -> Manifest:
        return next(each for each in self.all(kind) if each["metadata"]["name"] == name)

    def workloads(self) -> dict[str, Manifest]:
        """Whatever starts pods, by its component: web, worker, relay, migrate."""
        return {
            each["metadata"]["labels"]["app.kubernetes.io/component"]: each
            for each in self.all("Deployment") + self.all("Job")
        }

    def containers(self) -> dict[str, Manifest]:
        """The one container of every workload, by component."""
        return {
            component: each["spec"]["template"]["spec"]["containers"][0]
            for component, each in self.workloads().items()
        }


@pytest.fixture(scope="session")
def release() -> Callable[..., Release]:
    def rendered(values: dict[str, Any] | None = None, **names: str) -> Release:
        return Release(render(values, **names))

    return rendered


@pytest.fixture(scope="session")
def default(release: Callable[..., Release]) -> Release:
    return release()


@pytest.fixture(scope="session")
def full(release: Callable[..., Release]) -> Release:
    return release(FULL)


@pytest.fixture(scope="session")
def lean(release: Callable[..., Release]) -> Release:
    return release(LEAN)

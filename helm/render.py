"""Render the chart without a helm binary, a cluster or a network.

`python helm/render.py [VALUES.yaml ...] [--name N] [--namespace S]` prints the manifests as one
YAML stream, hooks first, as an install would apply them. Helm's own engine does the work (it is
inside helm-python-sdk), so what this prints is what `helm template` prints.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import helm_python
import yaml

CHART = Path(__file__).parent / "wangge"


def render(
    values: dict[str, Any] | None = None, *, name: str = "wangge", namespace: str = "wangge"
) -> list[dict[str, Any]]:
    """The chart's manifests under these values, hooks first and then by template.

    Raises helm_python.HelmError when values.schema.json refuses the values.
    """
    with helm_python.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        texts = chart.render(values, name=name, namespace=namespace)
    manifests = [
        manifest
        for template in sorted(texts)
        if template.endswith(".yaml")
        for manifest in yaml.safe_load_all(texts[template])
        if manifest
    ]
    return sorted(manifests, key=_hook_order)


def merge(files: list[Path]) -> dict[str, Any]:
    """The values files laid over each other, the later one winning key by key."""
    merged: dict[str, Any] = {}
    for file in files:
        _lay_over(merged, helm_python.values_from_yaml(file.read_text(encoding="utf-8")))
    return merged


def _lay_over(under: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            _lay_over(under[key], value)
        else:
            under[key] = value


def _hook_order(manifest: dict[str, Any]) -> tuple[bool, int]:
    annotations = manifest["metadata"].get("annotations") or {}
    return ("helm.sh/hook" not in annotations, int(annotations.get("helm.sh/hook-weight", 0)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the manifests of the wangge chart.")
    parser.add_argument("values", nargs="*", type=Path, help="values files, later ones win")
    parser.add_argument("--name", default="wangge", help="name of the release")
    parser.add_argument("--namespace", default="wangge", help="namespace it is meant for")
    asked = parser.parse_args()
    try:
        manifests = render(merge(asked.values), name=asked.name, namespace=asked.namespace)
    except (helm_python.HelmError, OSError) as error:
        parser.exit(1, f"{error}\n")
    print(yaml.safe_dump_all(manifests, allow_unicode=True, sort_keys=False), end="")


if __name__ == "__main__":
    main()

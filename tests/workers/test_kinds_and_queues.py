"""Every kind of job that is asked for has a worker, and every queue that is rung is drained."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from service.commands.running import worker
from workers.jobs import JOBS
from workers.relay import ERASE, QUEUE, TIMETABLE

PROJECT = Path(__file__).parents[2]
ROOMS = ("service", "workers", "tenants")


def asked_kinds() -> dict[str, str]:
    """Where `ask(scope, kind, ...)` is called -> the kind, constants followed to their value."""
    found = {}
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ask":
                    where = f"{path.relative_to(PROJECT)}:{call.lineno}"
                    found[where] = kind_of(call.args[1], path)
    return found


def kind_of(word: ast.expr, path: Path) -> str:
    if isinstance(word, ast.Constant):
        return str(word.value)
    assert isinstance(word, ast.Name), f"{path}: a kind is a word or a constant's name"
    module = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    return str(getattr(import_module(module), word.id))


def test_there_are_calls_to_look_at():
    assert len(asked_kinds()) >= 5


@pytest.mark.parametrize(("where", "kind"), sorted(asked_kinds().items()))
def test_what_is_asked_for_is_done_by_somebody(where, kind):
    assert kind in JOBS


@pytest.mark.parametrize("kind", TIMETABLE)
def test_what_the_timetable_asks_for_is_done_by_somebody(kind):
    assert kind in JOBS


@pytest.mark.parametrize("kind", JOBS)
def test_nobody_waits_for_work_that_is_never_asked_for(kind):
    assert kind in {*asked_kinds().values(), *TIMETABLE, ERASE}


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_has_its_own_file_named_by_its_verb(kind):
    assert JOBS[kind].__module__ == f"workers.jobs.{kind}"


def test_the_worker_drains_the_queue_that_the_relay_rings():
    (option,) = [parameter for parameter in worker.params if parameter.name == "queue"]
    assert option.default == QUEUE


def test_the_chart_starts_a_worker_for_the_queue_that_the_relay_rings():
    values = yaml.safe_load((PROJECT / "helm/wangge/values.yaml").read_text("utf-8"))
    assert [queue["name"] for queue in values["worker"]["queues"]] == [QUEUE]

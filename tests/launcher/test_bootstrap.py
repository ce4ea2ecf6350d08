"""The shell half of ./run: what a command needs, and when the environment is made again."""

import subprocess

import pytest


def shell(copy, script, *arguments):
    """Runs a line of bash that knows the bootstrap's functions, in the copy's folder."""
    done = subprocess.run(
        ["bash", "-c", f"set -Eeuo pipefail; source launcher/bootstrap.sh; {script}", "run"]
        + list(arguments),
        cwd=copy.root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("", False),
        ("--help", False),
        ("match m.csv b.csv --out o.csv", False),
        ("households h.csv", False),
        ("verify answer.json", False),
        ("words", False),
        ("import --help", False),
        ("import members roster.csv --tenant ten-grid --system gcj02", True),
        ("demo load", True),
        ("migrate", True),
        ("open-county x", True),
    ],
)
def test_which_commands_need_a_database(copy, words, needed):
    assert (shell(copy, 'needs_database "$@"', *words.split()) == 0) is needed


@pytest.mark.parametrize("lock", ["runtime", "development"])
def test_an_unchanged_lock_installs_nothing(installed, lock):
    assert shell(installed, "environment_current $1", lock) == 0


def test_a_changed_development_lock_leaves_the_demo_alone(installed):
    (installed.root / "requirements-dev.lock").write_text("# newer\n")
    assert shell(installed, "environment_current runtime") == 0
    assert shell(installed, "environment_current development") != 0


def test_an_environment_whose_python_is_gone_is_not_current(installed):
    (installed.root / ".run/venv/bin/python").write_text("#!/nowhere/python\n")
    assert shell(installed, "environment_current runtime") != 0


def test_an_installation_that_failed_is_not_taken_for_one(installed):
    (installed.root / "requirements.lock").write_text("--no-such-option\n")
    assert shell(installed, "make_environment runtime") != 0
    assert not list((installed.root / ".run/venv").glob("*.sha256"))


def test_sourced_functions_are_sound(copy):
    for name in ("run", "launcher/bootstrap.sh", "launcher/packages.sh"):
        assert shell(copy, 'bash -n "$1"', name) == 0

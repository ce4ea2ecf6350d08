"""`./run lint`: every check is run, so that one look shows all there is to mend."""

import sys

from launcher.environment import clean_environment
from launcher.places import PROJECT
from launcher.running import run_here
from launcher.words import say

CHECKS = (
    ["-m", "ruff", "check", "."],
    ["-m", "mypy"],
    ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
)


def run_checks() -> int:
    failed = []
    for check in CHECKS:
        if run_here([sys.executable, *check], clean_environment(), PROJECT) != 0:
            failed.append(check[1].split()[0] if check[0] == "-m" else "import-linter")
    say(f"✗ {', '.join(failed)}" if failed else "✓ ruff, mypy, import-linter")
    return 1 if failed else 0

"""`python -m launcher VERB ...`, called by ./run once packages and environment are there."""

import signal
import sys
from types import FrameType

from launcher.command_line import run_command
from launcher.demo import run_demo
from launcher.linting import run_checks
from launcher.testing import keep_services, run_benchmark, run_tests
from launcher.words import CannotContinue, Steps, explain, say

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(verb: str, arguments: list[str]) -> int:
    steps = Steps()
    for number in ENDINGS:
        signal.signal(number, _stop)
    try:
        match verb:
            case "demo":
                return run_demo(arguments, steps)
            case "test":
                return run_tests(arguments, steps)
            case "services":
                return keep_services(steps)
            case "bench":
                return run_benchmark(arguments, steps)
            case "wangge":
                return run_command(arguments, steps)
            case "lint":
                return run_checks()
            case _:
                raise ValueError(verb)
    except CannotContinue as problem:
        explain(problem, steps)
        return 1
    except KeyboardInterrupt:
        say("\n已停止。 Stopped.")
        return 130


def _stop(number: int, frame: FrameType | None) -> None:
    """Any of them ends us by way of every `finally`; a second one does not cut that short."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

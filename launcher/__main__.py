"""`python -m launcher VERB ...`, called by ./run once packages and environment are there."""

import signal
import sys
from types import FrameType

from launcher import testing
from launcher.words import CannotContinue, Steps, explain, say


def main(verb: str, arguments: list[str]) -> int:
    steps = Steps()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        match verb:
            case "test":
                return testing.run_tests(arguments, steps)
            case "services":
                return testing.keep_services(steps)
            case "bench":
                return testing.run_benchmark(arguments, steps)
    except CannotContinue as problem:
        explain(problem, steps)
        return 1
    except KeyboardInterrupt:
        say("\n已停止。 Stopped.")
        return 130
    raise ValueError(verb)


def _stop(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends us as Ctrl-C does: by way of every `finally`."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

"""The collector of cycles rests while a job makes very many plain values."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Reading 50,000 rows makes millions of values and no cycle; looking for one again and again
    costs a fifth of the time. What is no longer referred to goes at once all the same."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()

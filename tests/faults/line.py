"""A line to PostgreSQL that can be cut: a unix socket that passes bytes on until told not to."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread


class Line:
    """Listens as PostgreSQL would in `folder` and passes everything on to the server `beyond`.

    Cut, every connection is broken and new ones are refused, as while a server restarts.
    """

    def __init__(self, folder: Path, beyond: Path) -> None:
        self.folder, self._beyond = folder, beyond / ".s.PGSQL.5432"
        self._here = folder / ".s.PGSQL.5432"
        self._ends: list[socket.socket] = []
        self._lock = Lock()
        self._listener: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._here))
        self._listener.listen(64)
        Thread(target=self._answer, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        self._here.unlink()
        with self._lock:
            ends, self._ends = [self._listener, *self._ends], []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _answer(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._beyond))
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(1 << 16):
            sink.sendall(some)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

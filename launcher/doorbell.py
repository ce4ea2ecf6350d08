"""A private Redis on a unix socket. It only rings: nothing in it needs to outlive a restart."""

import shutil
from pathlib import Path

from launcher.environment import clean_environment
from launcher.places import socket_directory
from launcher.postgres import wait_for
from launcher.processes import Child, data_account


class Doorbell:
    """One Redis below `folder`. Stopping may be repeated."""

    def __init__(self, folder: Path) -> None:
        self.account = data_account()
        self.sockets = socket_directory(folder / "redis", self.account)
        self.log = folder / "logs" / "redis.log"
        self.log.parent.mkdir(exist_ok=True)
        self.child: Child | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def start(self) -> Child:
        """Returns once the socket is there."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.sockets),
        }
        arguments = ["redis-server"]
        for name, value in options.items():
            arguments += [f"--{name}", value]
        self.socket.unlink(missing_ok=True)
        self.child = Child("Redis", arguments, clean_environment(), self.log, account=self.account)
        wait_for(self.child, self.socket.exists)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

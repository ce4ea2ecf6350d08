"""A private PostgreSQL + PostGIS on a unix socket."""

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from launcher.environment import clean_environment
from launcher.places import data_directory, socket_directory
from launcher.processes import Child, as_account, data_account
from launcher.words import CannotContinue

SETTINGS = (
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "shared_buffers=128MB",
    "jit=off",
)
# A throw-away cluster may lose everything on a power cut; it may not be slow.
THROW_AWAY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
START_SECONDS = 60.0


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that answers: where its socket is and which psql speaks to it."""

    sockets: Path
    programs: Path

    def psql(self, *arguments: str, database: str = "postgres") -> str:
        """Runs psql as the superuser and gives its output; raises with its words on an error."""
        target = ["-h", str(self.sockets), "-p", "5432", "-U", "postgres", "-d", database]
        done = subprocess.run(
            [str(self.programs / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", *target, *arguments],
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotContinue(
                f"数据库拒绝了准备语句：{done.stderr.strip()}", "PostgreSQL refused a statement."
            )
        return done.stdout.strip()

    def answers(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", str(self.sockets), "-p", "5432"]
        done = subprocess.run(command, env=clean_environment(), check=False)
        return done.returncode == 0


class Cluster:
    """One cluster below `folder`, made when it is not there. Stopping may be repeated."""

    def __init__(self, folder: Path, *, throw_away: bool = False) -> None:
        self.folder = folder
        self.throw_away = throw_away
        self.account = data_account()
        self.data = data_directory(folder / "postgres", self.account)
        self.sockets = socket_directory(folder / "sockets", self.account)
        self.programs = postgres_programs(self.data / "cluster")
        self.logs = folder / "logs"
        self.logs.mkdir(exist_ok=True)
        self.child: Child | None = None

    @property
    def server(self) -> Server:
        return Server(self.sockets, self.programs)

    def start(self) -> Child:
        """Returns once the server answers."""
        if not (self.data / "cluster").exists():
            self._make()
        self._stop_forgotten()
        arguments = [str(self.programs / "postgres"), "-D", str(self.data / "cluster")]
        arguments += ["-k", str(self.sockets)]
        for setting in SETTINGS + (THROW_AWAY if self.throw_away else ()):
            arguments += ["-c", setting]
        self.child = Child(
            "PostgreSQL",
            arguments,
            clean_environment(),
            self.logs / "postgres.log",
            account=self.account,
            directory=self.data,
            stop_signal=Signals.SIGINT,
        )
        wait_for(self.child, self.server.answers)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self.throw_away:
            shutil.rmtree(self.data, ignore_errors=True)

    def _make(self) -> None:
        making = self.data / "making"
        shutil.rmtree(making, ignore_errors=True)
        options = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        options += ["--no-sync"] if self.throw_away else []
        initdb = [str(self.programs / "initdb"), *options, "-D", str(making)]
        if self._run(initdb, log := self.logs / "initdb.log") != 0:
            raise CannotContinue(
                "不能建立数据库集群：原因见上面（常见的是磁盘已满）。", "initdb failed.", log
            )
        making.rename(self.data / "cluster")  # an interrupted initdb never passes for a cluster

    def _stop_forgotten(self) -> None:
        """A launcher that was killed outright may have left its PostgreSQL on this data."""
        if (self.data / "cluster" / "postmaster.pid").exists():
            stop = [str(self.programs / "pg_ctl"), "stop", "-s", "-m", "fast", "-D"]
            self._run([*stop, str(self.data / "cluster")], self.logs / "pg_ctl.log")

    def _run(self, arguments: list[str], log: Path) -> int:
        with log.open("wb") as output:
            return subprocess.run(
                as_account(self.account, arguments),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data,
                check=False,
            ).returncode


def wait_for(child: Child, ready: Callable[[], bool]) -> None:
    """Until `ready()`; a child that ended, or a minute without an answer, is a failure."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if not child.alive:
            raise CannotContinue(
                f"{child.name} 启动后就停了：原因见上面。",
                f"{child.name} ended while starting.",
                child.log,
            )
        if time.monotonic() > deadline:
            raise CannotContinue(
                f"{child.name} {START_SECONDS:.0f} 秒内没有就绪：机器是否过载？",
                f"{child.name} was not ready in time.",
                child.log,
            )
        time.sleep(0.05)


def postgres_programs(cluster: Path, root: Path = Path("/usr")) -> Path:
    """The bin folder of the PostgreSQL to use: the data's own version, else the newest."""
    installed = {
        int(path.parent.name): path
        for path in root.glob("lib/postgresql/*/bin")
        if (root / f"share/postgresql/{path.parent.name}/extension/postgis.control").exists()
    }
    if not installed:
        raise CannotContinue(
            "没有带 PostGIS 的 PostgreSQL：请安装 postgresql-postgis。",
            "No PostgreSQL with PostGIS found.",
        )
    try:
        version = int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return installed[max(installed)]
    if version not in installed:
        raise CannotContinue(
            f"{cluster} 是 PostgreSQL {version} 的数据，而这里装的是 {max(installed)}："
            f"请安装 postgresql-{version}-postgis-3，"
            "或用 ./run demo --fresh 从头再来（旧数据会删除）。",
            f"The data belongs to PostgreSQL {version}, which is not installed here.",
        )
    return installed[version]

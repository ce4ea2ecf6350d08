"""What cannot work is refused in one clear sentence, with a non-zero exit and nothing half-done."""

import socket

import pytest

from launcher.postgres import postgres_programs
from launcher.words import CannotContinue


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def refused(done, *words):
    """It failed, said those words, said nothing on standard output."""
    assert done.returncode != 0
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr, done.stderr


def test_a_port_in_use(copy, taken_port):
    refused(copy.run("demo", PORT=str(taken_port)), f"端口 {taken_port} 已被占用", "is in use")
    assert not (copy.root / ".run").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none(copy, port):
    refused(copy.run("demo", PORT=port), "不是端口号", "from 1 to 65535")
    assert not (copy.root / ".run").exists()


@pytest.fixture
def little_room(poor_path):
    """A PATH whose df says that 731 MB are left."""
    (poor_path / "df").unlink()
    (poor_path / "df").write_text("#!/bin/sh\necho head; echo dev 9000 8000 731 92% /\n")
    (poor_path / "df").chmod(0o755)
    return str(poor_path)


def test_no_disk_space(copy, little_room):
    refused(copy.run("demo", PORT="1", path=little_room), "731 MB", "1500 MB", "disk left")
    assert not (copy.root / ".run").exists()


def test_what_is_installed_needs_less_room(installed, little_room):
    done = installed.run("demo", PORT="1", path=little_room, as_nobody=True)
    assert "731 MB" not in done.stderr


def test_neither_root_nor_sudo(copy, poor_path):
    done = copy.run("demo", PORT="1", path=str(poor_path), as_nobody=True)
    refused(done, "redis-server", "需要管理员", "no root and no sudo")
    assert not (copy.root / ".run").exists()


def test_no_apt(copy, poor_path):
    (poor_path / "apt-get").unlink()
    done = copy.run("demo", PORT="1", path=str(poor_path), as_nobody=True)
    refused(done, "redis-server", "没有 apt-get")


def test_a_folder_that_cannot_be_written(installed):
    (installed.root / "launcher" / "__pycache__").mkdir(exist_ok=True)
    (installed.root / ".run" / "venv" / "runtime.sha256").write_text("another lock\n")
    done = installed.run("demo", PORT="1", as_nobody=True)
    refused(done, ".run", "权限")


def test_an_unknown_verb_shows_the_known_ones(copy):
    refused(copy.run("dmeo"), "没有 ./run dmeo", "./run demo")


def test_an_unknown_benchmark(copy):
    refused(copy.run("bench", "nothing"), "没有这个基准")


def test_an_unknown_option_of_demo(installed):
    refused(installed.run("demo", "--frehs", PORT="65001"), "--frehs", "--fresh")


def test_data_of_another_postgresql(tmp_path):
    for version in (15, 17):
        (tmp_path / f"lib/postgresql/{version}/bin").mkdir(parents=True)
        (tmp_path / f"share/postgresql/{version}/extension").mkdir(parents=True)
        (tmp_path / f"share/postgresql/{version}/extension/postgis.control").touch()
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    assert postgres_programs(cluster, tmp_path).parent.name == "17"
    (cluster / "PG_VERSION").write_text("15\n")
    assert postgres_programs(cluster, tmp_path).parent.name == "15"
    (cluster / "PG_VERSION").write_text("13\n")
    with pytest.raises(CannotContinue, match="PostgreSQL 13 .*postgresql-13-postgis-3"):
        postgres_programs(cluster, tmp_path)


def test_no_postgresql_with_postgis(tmp_path):
    (tmp_path / "lib/postgresql/15/bin").mkdir(parents=True)
    with pytest.raises(CannotContinue, match="PostGIS"):
        postgres_programs(tmp_path / "cluster", tmp_path)

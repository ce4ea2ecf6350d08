"""Sockets have short, private places; addresses survive any folder name; secrets stay."""

import os
import stat

import pytest
from sqlalchemy import make_url

from launcher.demo import TOLD, told
from launcher.environment import (
    CHOSEN,
    clean_environment,
    database_url,
    kept_secrets,
    read_exports,
    service_urls,
    write_exports,
)
from launcher.places import LONGEST_SOCKET_DIRECTORY, data_directory, socket_directory
from launcher.processes import Account, data_account
from service.settings import NEEDED

OURSELVES = Account(os.geteuid(), os.getegid())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_short_socket_folder_is_kept_and_closed_to_others(tmp_path):
    wanted = tmp_path / "s"
    assert socket_directory(wanted, OURSELVES) == wanted
    assert mode(wanted) == 0o700


def test_a_long_socket_folder_is_exchanged_for_a_short_private_one(tmp_path):
    wanted = tmp_path / ("网" * 30) / "sockets"
    place = socket_directory(wanted, OURSELVES)
    try:
        assert len(os.fsencode(place)) < LONGEST_SOCKET_DIRECTORY
        assert mode(place) == 0o700
        assert place != socket_directory(wanted, OURSELVES), "guessable"
    finally:
        place.rmdir()


def test_what_lay_in_the_socket_folder_is_gone(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "redis.sock").touch()
    assert list(socket_directory(tmp_path / "s", OURSELVES).iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its data to another account")
def test_data_in_a_closed_home_moves_where_postgres_can_reach_it(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    place = data_directory(home / "postgres", data_account())
    try:
        assert not place.is_relative_to(tmp_path)
        assert mode(place) == 0o700
        assert place.stat().st_uid == data_account().uid
        assert place == data_directory(home / "postgres", data_account()), "data would be lost"
    finally:
        place.rmdir()


@pytest.mark.parametrize("folder", ["/tmp/s", "/srv/我的 项目/s", "/srv/a+b&c=d?e#f%20/s"])
def test_any_folder_name_survives_the_address(folder, tmp_path):
    url = make_url(database_url("wangge_app", folder, "wangge"))
    assert (url.username, url.database, url.query["host"]) == ("wangge_app", "wangge", folder)


def test_every_role_has_an_address_and_the_superuser_none(tmp_path):
    urls = service_urls(tmp_path, "wangge", tmp_path / "redis.sock")
    roles = [make_url(url).username for url in urls.values() if url.startswith("postgresql")]
    assert sorted(roles) == ["wangge_app", "wangge_dispatch", "wangge_oversee", "wangge_owner"]


def test_each_process_is_told_what_its_settings_need_and_no_more():
    everything = {name: "x" for names in TOLD.values() for name in names}
    everything |= {"WANGGE_OWNER_URL": "x", "PATH": "/bin"}
    for process in TOLD:
        given = {name for name in told(process, everything) if name != "PATH"}
        # Anchors are kept where there is a folder for them; nothing refuses to start without.
        chosen = {*CHOSEN, "WANGGE_ANCHORS"} & given
        assert given - chosen == set(NEEDED[process])


def test_nothing_of_the_caller_sends_libpq_elsewhere(monkeypatch):
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("WANGGE_APP_URL", "elsewhere")
    assert "elsewhere" not in clean_environment().values()


def test_secrets_are_made_once_and_closed_to_others(tmp_path):
    first = kept_secrets(tmp_path / "secrets")
    assert mode(tmp_path / "secrets") == 0o600
    assert kept_secrets(tmp_path / "secrets") == first
    assert kept_secrets(tmp_path / "others") != first


def test_exports_come_back_as_they_were(tmp_path):
    values = {"A": "it's 'quoted' $HOME", "B": "postgresql+psycopg://x@/y?host=/z"}
    write_exports(tmp_path / "e", values)
    assert read_exports(tmp_path / "e") == values
    assert mode(tmp_path / "e") == 0o600
    assert read_exports(tmp_path / "missing") == {}

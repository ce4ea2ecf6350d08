"""Certificates of true answers are accepted; each change that alters their meaning is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from geo import certificate_file
from geo.assignment import Places, Seats, Unusable, assign
from geo.certificate import Refused, check
from geo.certificate_file import NotACertificate
from tests.geo.assignment_cases import SLACK, town


@pytest.fixture(scope="module")
def certificate():
    """A tight town: a place for each, prices, classes, one told before and one excluded pair."""
    draw = np.random.default_rng(3)
    home = np.array([110, 30]) + draw.normal(0, 0.05, (40, 2))
    lonlat = np.array([110, 30]) + draw.normal(0, 0.05, (9, 2))
    capacity = np.array([6, 6, 5, 5, 5, 5, 5, 5, 0])
    classes = [frozenset("a")] + [frozenset()] * 8
    labels = ["a"] * 6 + [""] * 34
    frozen = np.full(40, -1)
    frozen[7] = np.argmax(np.hypot(*(lonlat[:8] - home[7]).T))
    answer = assign(
        Places(home, None, labels),
        Seats(lonlat, capacity, None, classes),
        frozen=frozen,
        forbidden=[(9, 1)],
        reach_metres=30_000,
    )
    assert answer.proven
    assert answer.price.any()
    return answer.certificate([f"m{i}" for i in range(40)], [f"b{j}" for j in range(9)])


def test_a_true_certificate_is_accepted_from_its_file(certificate, tmp_path):
    path = tmp_path / "proof.json"
    certificate_file.write(path, certificate)
    verdict = check(certificate_file.read(path))
    assert verdict.proven
    assert verdict.gap == 0


def swapped(certificate):
    """Two members trade branches of different length."""
    answer = certificate.branch_of.copy()
    free = np.flatnonzero(certificate.frozen < 0)[10:]
    other = free[answer[free] != answer[free[0]]][0]
    answer[[free[0], other]] = answer[[other, free[0]]]
    return replace(certificate, branch_of=answer)


def changed(certificate, name, at, value):
    array = getattr(certificate, name).copy()
    array[at] = value
    return replace(certificate, **{name: array})


TAMPERINGS = {
    "two members swapped": swapped,
    "a member left out": lambda c: changed(c, "branch_of", 20, -1),
    "a member moved": lambda c: changed(c, "branch_of", 20, (c.branch_of[20] + 1) % 8),
    "into a branch without seats": lambda c: changed(c, "branch_of", 20, 8),
    "no such branch": lambda c: changed(c, "branch_of", 20, 9),
    "the frozen moved": lambda c: changed(c, "branch_of", 7, (c.branch_of[7] + 1) % 8),
    "the frozen set free": lambda c: changed(c, "frozen", 7, -1),
    "a class forgotten": lambda c: replace(c, labels=["b"] * 40),
    "a smaller branch": lambda c: changed(
        c, "capacity", c.branch_of[20], np.bincount(c.branch_of)[c.branch_of[20]] - 1
    ),
    "a bigger branch that would help": lambda c: changed(c, "capacity", np.argmax(c.price), 9),
    "a minimum nobody kept": lambda c: changed(c, "minimum", 8, 1),
    "a price raised": lambda c: changed(c, "price", c.branch_of[20], 10**8),
    "a price forgotten": lambda c: changed(c, "price", np.argmax(c.price), 0),
    "a price below zero": lambda c: changed(c, "price", np.argmin(c.price), -100_000),
    "prices beyond counting": lambda c: changed(c, "price", 0, 1 << 61),
    "a home elsewhere": lambda c: changed(c, "home", 20, [110.2, 30.2]),
    "a home lost": lambda c: changed(c, "home", 20, [np.nan, np.nan]),
    "a branch elsewhere": lambda c: changed(c, "lonlat", 2, [110.2, 30.2]),
    "a shorter reach": lambda c: replace(c, reach=100),
    "the pair excluded": lambda c: replace(c, forbidden=np.array([[20, c.branch_of[20]]])),
    "a smaller total claimed": lambda c: replace(c, total=c.total - 1, lower_bound=c.total - 1),
    "more placed claimed": lambda c: replace(c, placed=c.placed + 1),
    "a better bound claimed": lambda c: replace(c, lower_bound=c.lower_bound + 1),
    "a worse bound claimed": lambda c: replace(c, lower_bound=c.lower_bound - 1),
    "more seats claimed": lambda c: replace(c, more_seats=1),
    "leaving people out made cheap": lambda c: replace(c, penalty=1000),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_tampered_certificate_is_refused_in_words(certificate, what):
    content = certificate_file.sealed(certificate_file.to_json(TAMPERINGS[what](certificate)))
    with pytest.raises(Refused) as refusal:
        check(certificate_file.from_json(json.loads(json.dumps(content))))
    assert str(refusal.value).endswith("。")


def test_prices_are_the_proof_and_any_lie_about_them_shows():
    for seed in range(40):
        members, branches, rules = town(seed)
        certificate = assign(members, branches, **rules).certificate()
        draw = np.random.default_rng(seed)
        where = draw.integers(0, len(branches))
        lie = changed(certificate, "price", where, certificate.price[where] + 10**7)
        if check(certificate).total and certificate.capacity[where] > 0:
            told = np.bincount(certificate.frozen[certificate.frozen >= 0], minlength=len(branches))
            if certificate.capacity[where] > told[where]:
                with pytest.raises(Refused):
                    check(lie)


def test_a_chance_edit_breaks_the_seal(certificate):
    content = certificate_file.sealed(certificate_file.to_json(certificate))
    content["member_ids"] = [*content["member_ids"][1:], "another"]
    with pytest.raises(Refused, match="改动"):
        certificate_file.from_json(content)


def test_the_order_of_keys_means_nothing(certificate):
    content = certificate_file.sealed(certificate_file.to_json(certificate))
    backwards = dict(reversed(content.items()))
    assert check(certificate_file.from_json(backwards)).proven


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "else"),
        ("version", 2),
        ("price", [1, 2]),
        ("price", [0.5] * 9),
        ("price", [10**30] * 9),
        ("home", [[1, 2, 3]] * 40),
        ("home", [[500, 2]] * 40),
        ("home", None),
        ("lonlat", [None] * 9),
        ("labels", [1] * 40),
        ("classes", [[1]] * 9),
        ("member_ids", ["m"] * 40),
        ("forbidden", [[0, 99]]),
        ("reach", "far"),
        ("placed", True),
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(certificate, name, value):
    content = certificate_file.to_json(certificate)
    with pytest.raises(NotACertificate):
        certificate_file.from_json(certificate_file.sealed({**content, name: value}))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"kind": 1}'])
def test_other_files_are_no_certificates(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(NotACertificate):
        certificate_file.read(path)
    with pytest.raises(NotACertificate):
        certificate_file.read(tmp_path / "missing.json")


def test_an_unproven_answer_may_say_so():
    members, branches, _ = town(7, seats_per_person=SLACK)
    try:
        certificate = assign(members, branches, deadline_seconds=0, method="paths").certificate()
    except Unusable:
        pytest.fail("a town with seats can be asked")
    verdict = check(certificate)
    assert verdict.gap >= 0

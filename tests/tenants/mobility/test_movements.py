"""Episodes in the register: leaving, extending, coming back, and what the lists say of it."""

from datetime import date

import pytest

from tenants.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tenants.mobility import actions
from tenants.mobility.actions import Departure, EpisodeDraft
from tenants.mobility.lookups import chosen_pack
from tenants.mobility.movements import movement_card, movements
from tenants.visits.worklist import worklist
from tests.factories.members import a_member, some_members

TODAY = date(2026, 11, 21)


@pytest.fixture
def at_work(colleague):
    """Acting as the community's administrator; the pack is Xijie's since the beginning."""
    with colleague.acting() as scope:
        actions.choose_pack(scope, "xijie", date(2026, 1, 1))
        yield scope


def gone(scope, community_member, started="2026-10-01", **more):
    departure = Departure(community_member, date.fromisoformat(started), **more)
    return actions.leave(scope, departure)


@pytest.fixture
def member(community):
    return a_member(community)


def the_class(scope, episode_id, day=TODAY):
    return movement_card(scope, episode_id, day).movement.answer


def test_a_tenant_that_chose_no_pack_goes_by_the_national_one(colleague):
    with colleague.acting() as scope:
        chosen = chosen_pack(scope, TODAY)
    assert (chosen.pack.id, chosen.since) == ("national-2024", None)


def test_a_choice_holds_from_its_day_and_leaves_the_days_before(at_work):
    actions.choose_pack(at_work, "fuyun", date(2026, 11, 1))
    actions.choose_pack(at_work, "township", date(2026, 11, 1))
    assert chosen_pack(at_work, date(2026, 10, 31)).pack.id == "xijie"
    assert chosen_pack(at_work, TODAY).pack.id == "township"


def test_nobody_chooses_a_pack_that_is_not_there(at_work):
    with pytest.raises(InvalidInput):
        actions.choose_pack(at_work, "mine", TODAY)


def test_a_leader_does_not_choose_the_pack(leader):
    with leader.acting() as scope, pytest.raises(NotAllowed):
        actions.choose_pack(scope, "fuyun", TODAY)


def test_a_departure_is_listed_with_its_class_and_clause(at_work, member):
    episode_id = gone(at_work, member, planned_until=date(2027, 6, 1), fixed=True)
    found = movements(at_work, TODAY)
    (line,) = found.out
    assert (line.facts.id, line.facts.member_id) == (episode_id, member)
    assert (line.answer.name, line.answer.basis) == ("long_fixed", "expected")
    assert line.answer.rule.clause == "002_b488 §一-二"
    assert (found.into, found.coming) == ((), ())


def test_an_extension_counts_from_its_day(at_work, member):
    episode_id = gone(at_work, member, planned_until=date(2026, 11, 10))
    actions.extend(at_work, episode_id, date(2027, 2, 1), date(2026, 11, 5))
    assert the_class(at_work, episode_id, date(2026, 11, 4)).name == "short"
    assert the_class(at_work, episode_id).name == "medium"
    kinds = [each.kind for each in movement_card(at_work, episode_id, TODAY).movement.findings]
    assert "extension_crosses" in kinds


def test_coming_back_closes_it_and_can_be_taken_back(at_work, member):
    episode_id = gone(at_work, member)
    actions.come_back(at_work, episode_id, date(2026, 11, 20), TODAY)
    actions.debrief(at_work, episode_id, TODAY, TODAY)
    assert movements(at_work, TODAY).out == ()
    assert the_class(at_work, episode_id).name == "none"
    with pytest.raises(Conflict):
        actions.extend(at_work, episode_id, date(2027, 1, 1), TODAY)
    actions.take_back_return(at_work, episode_id)
    card = movement_card(at_work, episode_id, TODAY)
    assert (card.movement.answer.name, card.movement.facts.debriefed_on) == ("short", None)


@pytest.mark.parametrize("back", [date(2026, 11, 22), date(2026, 9, 30)])
def test_a_return_that_cannot_be_is_refused(at_work, member, back):
    episode_id = gone(at_work, member)
    with pytest.raises(InvalidInput):
        actions.come_back(at_work, episode_id, back, TODAY)


def test_what_cannot_be_said_of_an_absence_is_refused(at_work, member):
    episode_id = gone(at_work, member)
    with pytest.raises(Conflict):
        actions.debrief(at_work, episode_id, TODAY, TODAY)
    with pytest.raises(Conflict):
        actions.take_back_return(at_work, episode_id)
    with pytest.raises(InvalidInput):
        actions.extend(at_work, episode_id, date(2026, 9, 1), TODAY)
    with pytest.raises(InvalidInput):
        gone(at_work, member, planned_until=date(2026, 9, 1))
    with pytest.raises(InvalidInput):
        gone(at_work, member, season_first=4)
    with pytest.raises(InvalidInput):
        gone(at_work, member, season_first=4, season_last=13)


def test_a_persons_word_keeps_its_reason_and_can_be_taken_back(at_work, member):
    episode_id = gone(at_work, member, started="2026-03-01", fixed=True)
    with pytest.raises(InvalidInput):
        actions.say_class(at_work, episode_id, "long_roving", "  ", TODAY)
    actions.say_class(at_work, episode_id, "long_roving", "换过两个工地", TODAY)
    answer = the_class(at_work, episode_id)
    assert (answer.name, answer.derived) == ("long_roving", "long_fixed")
    actions.say_class(at_work, episode_id, "", "", TODAY)
    assert the_class(at_work, episode_id).derived is None


def test_settled_elsewhere_and_the_place(at_work, member):
    episode_id = gone(at_work, member, started="2026-03-01")
    assert the_class(at_work, episode_id).reason == "place_not_known"
    actions.say_place(at_work, episode_id, False)
    assert the_class(at_work, episode_id).name == "long_roving"
    actions.settle_elsewhere(at_work, episode_id, TODAY)
    assert the_class(at_work, episode_id).reason == "settled"


def test_who_changes_class_in_fourteen_days(at_work, community):
    soon, later = some_members(community, 2)
    gone(at_work, soon, started="2026-09-01")
    gone(at_work, later, started="2026-09-10")
    found = movements(at_work, TODAY)
    assert [(each.facts.member_id, each.on) for each in found.coming] == [(soon, date(2026, 12, 1))]


def test_a_herder_has_no_line_in_the_fourteen_days(at_work, member):
    actions.choose_pack(at_work, "fuyun", date(2026, 1, 1))
    episode_id = gone(at_work, member, started="2026-04-05", season_first=4, season_last=10)
    october = date(2026, 10, 25)
    assert the_class(at_work, episode_id, october).name == "seasonal"
    assert movements(at_work, october).coming == ()


def test_incoming_people_count_from_living_or_working_here(at_work, community):
    actions.choose_pack(at_work, "one-month", date(2026, 1, 1))
    home = a_member(community, affiliation="incoming", residence="inside")
    draft = EpisodeDraft(home, "inflow", date(2026, 10, 21))
    actions.open_episodes(at_work, [draft])
    found = movements(at_work, TODAY, beside="xijie")
    (line,) = found.into
    assert (line.answer.name, line.beside.reason) == ("inflow_candidate", "basis_not_met")


def test_a_start_nobody_knows_lies_before_it_was_written_down(at_work, member):
    actions.open_episodes(at_work, [EpisodeDraft(member, "outflow", None, "务工", "外地区")])
    (line,) = movements(at_work, date.today()).out
    assert (line.answer.name, line.answer.reason) == ("unknown", "length_not_known")


def test_a_return_never_recorded_is_shown_beside_the_new_absence(at_work, member):
    old = gone(at_work, member, started="2026-01-01")
    new = gone(at_work, member, started="2026-10-01")
    (line,) = movements(at_work, TODAY).out
    assert line.facts.id == new
    assert [each.history_id for each in line.findings if each.kind == "return_not_recorded"] == [
        str(old)
    ]


def test_a_leader_sees_the_absences_of_their_own_cell_only(leader, community):
    mine = a_member(community, home=community.inside(1))
    theirs = a_member(community, home=community.inside(3))
    with community.acting() as scope:
        for each in (mine, theirs):
            actions.leave(scope, Departure(each, date(2026, 10, 1)))
    with leader.acting() as scope:
        (line,) = movements(scope, TODAY).out
        assert line.facts.member_id == mine
        with pytest.raises(NotFound):
            actions.leave(scope, Departure(theirs, date(2026, 10, 1)))


def test_another_tenant_sees_no_episode(community, member, outsider):
    with community.acting() as scope:
        episode_id = actions.leave(scope, Departure(member, date(2026, 10, 1)))
    with outsider.acting() as scope:
        assert movements(scope, TODAY).out == ()
        for act in (
            lambda: movement_card(scope, episode_id, TODAY),
            lambda: actions.come_back(scope, episode_id, TODAY, TODAY),
            lambda: actions.extend(scope, episode_id, TODAY, TODAY),
            lambda: actions.say_class(scope, episode_id, "short", "x", TODAY),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_card_tells_the_classes_passed_and_the_next(at_work, member):
    episode_id = gone(at_work, member, started="2026-07-31", fixed=True)
    card = movement_card(at_work, episode_id, TODAY)
    assert [(str(each.first), each.name) for each in card.spans] == [
        ("2026-07-31", "short"),
        ("2026-10-31", "medium"),
    ]
    assert (card.coming[0], card.coming[1].name) == (date(2027, 1, 31), "long_fixed")


def test_a_planned_departure_is_on_its_card_before_it_begins(at_work, member):
    episode_id = gone(at_work, member, started="2026-12-05")
    card = movement_card(at_work, episode_id, TODAY)
    assert (card.spans, card.movement.answer.name) == ((), "none")
    assert card.report == "due"
    found = movements(at_work, TODAY)
    assert [each.facts.id for each in found.ahead] == [episode_id]
    assert (found.out, found.ahead[0].answer.name) == ((), "short")


def test_who_came_back_lately_is_listed_to_be_talked_to(at_work, community):
    lately, long_ago = some_members(community, 2)
    recent = gone(at_work, lately)
    actions.come_back(at_work, recent, date(2026, 11, 20), TODAY)
    old = gone(at_work, long_ago, started="2026-01-01")
    actions.come_back(at_work, old, date(2026, 8, 22), TODAY)
    assert [each.id for each in movements(at_work, TODAY).back] == [recent]


def test_a_departure_registered_by_mistake_is_withdrawn_until_more_was_said(at_work, member):
    mistaken, real = gone(at_work, member), gone(at_work, member)
    actions.withdraw(at_work, mistaken)
    with pytest.raises(NotFound):
        movement_card(at_work, mistaken, TODAY)
    actions.extend(at_work, real, date(2027, 1, 1), TODAY)
    with pytest.raises(Conflict):
        actions.withdraw(at_work, real)


def alerts(found) -> set[str]:
    """What the list says of the first absence; that it was registered late asks for nothing."""
    return {each.kind for each in found.out[0].findings} - {"registered_late"}


def test_a_herder_is_on_nobodys_list_in_season_and_on_it_afterwards(colleague, community):
    """Issue: an April-October pattern raises no alert in season, under whatever pack."""
    herder = a_member(community)
    with colleague.acting() as scope:
        actions.choose_pack(scope, "fuyun", date(2020, 1, 1))
        actions.choose_pack(scope, "township", date(2026, 8, 1))
        gone(scope, herder, started="2026-04-05", season_first=4, season_last=10)
        for day in (date(2026, 7, 5), date(2026, 9, 30), date(2026, 10, 31)):
            assert worklist(scope, day).lines == ()
            found = movements(scope, day)
            assert found.coming == ()
            assert alerts(found) == set()
        late = date(2026, 11, 1)
        assert [line.member_id for line in worklist(scope, late).lines] == [herder]
        assert alerts(movements(scope, late)) == {"season_over"}

"""The reports of the sources entered, counted and set beside what they say (domain T6, T7, T8, T9).

What does not add up there does not add up here: it is shown, never made to agree.
"""

from datetime import date

from tenants.database import db
from tenants.members.actions import enter_members
from tenants.mobility.actions import Departure, EpisodeDraft, leave, open_episodes
from tenants.mobility.tracing import begin_traces
from tenants.mobility.untraced import untraced
from tenants.organisations.actions import keep_reported_figure
from tenants.oversight.breakdowns import breakdowns
from tenants.oversight.lookups import own_line, reported_below
from tenants.oversight.rules import beside_computed, gaps
from tenants.oversight.summaries import summarise
from tenants.scope import Scope
from tests.factories.counties import Community, a_community, a_county, beside
from tests.factories.members import a_draft

DAY = date.today()
NAME_ONLY = {"phone": "", "address": "", "home": None}


def entered(community: Community, scope: Scope, how_many: int, **wanted: object) -> list:
    return enter_members(scope, [a_draft(community, **wanted) for _ in range(how_many)])


def counted(scope: Scope):
    summarise(scope, DAY, DAY)
    db.session.commit()
    return own_line(scope, DAY)


def test_579_are_230_and_349_of_whom_only_a_roster_came(community):
    """T6: "on the roster and never seen"."""
    with community.acting() as scope:
        entered(community, scope, 230)
        entered(community, scope, 349, **NAME_ONLY)
        keep_reported_figure(scope, "members.affiliated", "579")
        assert begin_traces(scope, DAY) == 349
        line = counted(scope)
        assert (line["affiliated"], line["untraced"], line["present"]) == (579, 349, 230)
        assert len(untraced(scope, limit=1000)) == 349
        [figure] = beside_computed(reported_below(scope), {scope.area: line})
        assert (figure.value, figure.computed) == ("579", 579)


def test_33_with_4_in_and_9_out_are_28_present(community):
    """T7, Q9: the 9 read as part of the 33; the other reading stands beside it as reported."""
    with community.acting() as scope:
        own = entered(community, scope, 33)
        came = entered(community, scope, 4, affiliation="incoming")
        for member_id in own[:9]:
            leave(scope, Departure(member_id, date(2026, 1, 5)))
        open_episodes(scope, [EpisodeDraft(each, "inflow", date(2026, 2, 1)) for each in came])
        for key, value in (
            ("members.affiliated", "33"),
            ("mobility.in", "4"),
            ("mobility.out", "9"),
            ("members.present", "37"),
        ):
            keep_reported_figure(scope, key, value)
        line = counted(scope)
        found = {
            each.key: (each.value, each.computed)
            for each in beside_computed(reported_below(scope), {scope.area: line})
        }
    assert found == {
        "members.affiliated": ("33", 33),
        "mobility.in": ("4", 4),
        "mobility.out": ("9", 9),
        "members.present": ("37", 28),
    }


def test_a_county_with_24_out_and_91_in_keeps_158_percent_as_it_was_reported(app):
    """T8, Q2: +158 % fits no integers; it is kept with its reading and compared with nothing."""
    county = a_county(app, "虚构牧业县")
    one = a_community(county, name="甲村")
    other = a_community(county, name="乙村", centre=beside(one))
    for community, out, into in ((one, 20, 60), (other, 4, 31)):
        with community.acting() as scope:
            own = entered(community, scope, 40)
            came = entered(community, scope, into, affiliation="incoming")
            for member_id in own[:out]:
                leave(scope, Departure(member_id, date(2026, 1, 5)))
            open_episodes(scope, [EpisodeDraft(each, "inflow", date(2026, 2, 1)) for each in came])
            counted(scope)
    with county.acting() as scope:
        keep_reported_figure(scope, "mobility.out", "24")
        keep_reported_figure(scope, "mobility.in", "91")
        keep_reported_figure(scope, "other", "+158%", "只能读作“为以前的 158%”：115 / 73")
        line = counted(scope)
        own = [each for each in reported_below(scope) if each.area == scope.area]
        found = {e.key: (e.value, e.computed) for e in beside_computed(own, {scope.area: line})}
    assert found == {
        "mobility.out": ("24", 24),
        "mobility.in": ("91", 91),
        "other": ("+158%", None),
    }


def test_137_in_age_bands_of_135_keep_their_gap_and_ours_add_up(community):
    """T9, Q1: 28 + 20 + 87 = 135 of 137; two have no known age here, and nobody is made up."""
    ages = {1990: 28, 1970: 20, 1950: 87}
    with community.acting() as scope:
        for year, how_many in ages.items():
            entered(community, scope, how_many, born_on=date(year, 3, 1), born_precision="day")
        entered(community, scope, 2)
        for key, value in (
            ("members.total", "137"),
            ("members.age_under_50", "28"),
            ("members.age_50_to_59", "20"),
            ("members.age_60_and_over", "87"),
        ):
            keep_reported_figure(scope, key, value)
        counted(scope)
        [gap] = gaps(reported_below(scope))
        assert (gap.total, gap.parts, gap.missing) == (137, 135, 2)
        age = next(each for each in breakdowns(scope, DAY) if each.kind == "age")
    assert dict(age.parts) == {"under_50": 28, "50_to_59": 20, "60_and_over": 87, "unknown": 2}
    assert age.total == 137

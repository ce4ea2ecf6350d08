"""Two counties that exist nowhere, to look at and to try things on. The same every time."""

from datetime import date

from service.demo.names import telephones
from service.demo.plan import drawn_up
from service.demo.rural_county import RURAL_COUNTY
from service.demo.urban_district import URBAN_DISTRICT
from service.demo.values import DemoCounty

WRITTEN = date(2026, 11, 20)
"""The day the demo takes for today unless another is given."""


def counties(today: date = WRITTEN) -> tuple[DemoCounty, ...]:
    """The urban district and the rural county.

    Only what began some days ago (movements, arrivals, the herding season) moves with `today`;
    people, places and every count stay.
    """
    numbers = telephones()
    return tuple(drawn_up(plan, today, numbers) for plan in (URBAN_DISTRICT, RURAL_COUNTY))

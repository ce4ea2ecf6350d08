"""A roster to try the import with: twelve people newly come to the community of ten grids.

As offices have them: a spreadsheet saved as GB18030, coordinates read off a Chinese map (GCJ-02),
dates more or less exact, one person without a place, two lines that cannot be right.
"""

import csv
import io
from datetime import date, timedelta

from geo.coordinates import from_wgs84
from service.demo import WRITTEN, counties
from service.demo.dice import Dice
from service.demo.names import OTHER_DISTRICTS, REASONS, person_name, telephones
from service.demo.values import Building, Sex

COMMUNITY = "heyuan"
ENCODING, SYSTEM = "gb18030", "gcj02"
HEADER = (
    "姓名", "性别", "出生日期", "入党时间", "联系电话", "现居住地址", "经度", "纬度",
    "流动类型", "流入时间", "流出地", "单位类别", "流入原因",
)  # fmt: skip
PEOPLE = 12
BAD_ROWS = {7: "经度与纬度颠倒", 11: "没有这一天：2月30日"}
"""Row of the file as a spreadsheet counts it (the header is 1) -> what is wrong there."""
PLACELESS_ROW = 9
ENTERPRISE_ROWS = (4, 12)

_FIRST_TELEPHONE = 2_800_001


def inflow_roster(today: date = WRITTEN) -> bytes:
    """The file's bytes. The same day gives the same bytes."""
    district = counties(today)[0]
    buildings = district.tenant(COMMUNITY).buildings
    dice, numbers = Dice("roster"), telephones(_FIRST_TELEPHONE)
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(HEADER)
    for row in range(2, 2 + PEOPLE):
        sheet.writerow(_line(row, dice, dice.pick(buildings), next(numbers), today))
    return text.getvalue().encode(ENCODING)


def _line(row: int, dice: Dice, building: Building, phone: str, today: date) -> tuple[str, ...]:
    sex: Sex = "女" if dice.chance(0.5) else "男"
    year = dice.whole(1974, 1999)
    born = f"{year}-{dice.whole(1, 12):02d}-{dice.whole(1, 28):02d}"
    joined = f"{year + dice.whole(21, 26)}年{dice.whole(1, 12)}月"
    came = today - timedelta(days=dice.whole(3, 40))
    place = _place(building)
    address = f"{building.address}{dice.whole(1, 3)}单元{dice.whole(1, 6)}01室"
    if row == PLACELESS_ROW:
        place, address = ("", ""), ""
    elif row not in BAD_ROWS:
        pass
    elif "颠倒" in BAD_ROWS[row]:
        place = place[1], place[0]
    else:
        born = f"{year}-02-30"
    return (
        person_name(dice, sex, year), sex, born, joined, phone, address, *place,
        "流入", came.isoformat(), dice.pick(OTHER_DISTRICTS),
        "企业" if row in ENTERPRISE_ROWS else "", REASONS[dice.pick(("labour", "trade"))],
    )  # fmt: skip


def _place(building: Building) -> tuple[str, str]:
    """Longitude and latitude as GCJ-02, to six digits as map sites print them."""
    lon, lat = from_wgs84(building.lon, building.lat, SYSTEM)
    return f"{float(lon):.6f}", f"{float(lat):.6f}"

"""Yunting (云汀区), a district of three subdistricts and nine communities that exists nowhere."""

from service.demo.draft import Draft
from service.demo.four_branches import write as four_branches
from service.demo.four_grids import HOUSEHOLDS
from service.demo.four_grids import write as four_grids
from service.demo.ground import MeshPlan
from service.demo.housing import town_compounds, town_sites
from service.demo.ordinary import Extra, Numbers, ordinary
from service.demo.plan import CommunityPlan, CountyPlan, TownshipPlan
from service.demo.ten_grids import write as ten_grids
from service.demo.values import DemoTenant

# Blocks of about 200 x 250 m in a stretch of desert without towns.
_MESH = MeshPlan(
    columns=14, rows=10, centre=(103.6, 40.1), step=(200.0, 250.0),
    turn_degrees=9.0, jitter=0.13, bend=0.03, bends_per_edge=1,
)  # fmt: skip

_CHART = """
b0 b0 b1 b1 c0 c0 c1 c1 e0 e0 e1 e1 e1 e2
b0 b0 b1 b1 c0 c0 c1 c1 e0 e0 e1 e1 e2 e2
b2 b2 b1 a0 a1 a2 c2 c2 e3 e3 d0 d0 e2 e2
b2 b2 b3 a3 a4 a5 c2 c2 e3 d1 d0 d2 f0 f0
b2 b3 b3 a6 a7 a8 a9 c2 d1 d1 d3 d2 f0 f0
h0 h0 h1 h1 g0 g0 g1 g1 g1 d3 d3 d2 f1 f1
h0 h0 h1 g2 g2 g3 g3 g4 g4 f2 f2 f2 f1 f1
h2 h2 h1 h1 g5 g5 g5 i0 i0 i1 f2 f3 f3 f3
h2 h2 h3 h3 i2 i2 i0 i0 i1 i1 i1 f3 f3 f3
h2 h3 h3 i2 i2 i2 i3 i3 i3 i3 i1 i1 f3 f3
"""

_SUBDISTRICTS = (
    TownshipPlan("qiyun", "栖云街道", "abc"),
    TownshipPlan("tinglan", "听澜街道", "def"),
    TownshipPlan("nanting", "南汀街道", "ghi"),
)

_MARKET = Extra("灯市商户联合党支部", "joint", ("商户",), free=4, others=8)
_RIVERSIDE = Extra("渡口流动党员之家", "members_home", free=5, others=2)
_COMMUNITIES = {
    "a": CommunityPlan("heyuan", "禾苑社区", ten_grids),
    "b": CommunityPlan("liuan", "柳岸社区", ordinary(Numbers(18, 3, 2))),
    "c": CommunityPlan("shuyuanli", "书院里社区", ordinary(Numbers(14, 2, 3))),
    "d": CommunityPlan("jixi", "集西社区", four_grids, HOUSEHOLDS),
    "e": CommunityPlan("dengshi", "灯市社区", ordinary(Numbers(20, 6, 2, extra=_MARKET))),
    "f": CommunityPlan("taying", "塔影社区", ordinary(Numbers(16, 2, 1))),
    "g": CommunityPlan("laohuai", "老槐社区", four_branches),
    "h": CommunityPlan("dukou", "渡口社区", ordinary(Numbers(15, 5, 2, extra=_RIVERSIDE))),
    "i": CommunityPlan("dihua", "荻花社区", ordinary(Numbers(12, 1, 1))),
}


def _district(draft: Draft, communities: tuple[DemoTenant, ...]) -> None:
    draft.station("云汀区党员服务中心", "service_center", draft.site("02"), "周一至周六 8:30-18:00")
    draft.employ("county_admin", "区委组织部管理员")


def _subdistrict(draft: Draft) -> None:
    draft.station(f"{draft.tenant.name}党员服务站", "service_station", draft.site("02"))
    draft.employ("upper_officer", "街道党工委组织委员")


URBAN_DISTRICT = CountyPlan(
    slug="yunting",
    name="云汀区",
    number=1,
    reach_metres=3_000,
    mesh=_MESH,
    chart=_CHART,
    sites=town_sites,
    compounds=town_compounds,
    households=(12, 40),
    townships=_SUBDISTRICTS,
    communities=_COMMUNITIES,
    write_county=_district,
    write_township=_subdistrict,
)

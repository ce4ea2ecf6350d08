"""Lanchuan (岚川县), a pasture county of nine townships that exists nowhere.

Reported by the source: 24 out, 91 in, "+158%", one county service centre, nine township stations
and two enterprise stations.
"""

from service.demo.draft import Draft
from service.demo.ground import MeshPlan
from service.demo.housing import pasture_settlements, pasture_sites
from service.demo.ordinary import Extra, Numbers, ordinary
from service.demo.plan import CommunityPlan, CountyPlan, TownshipPlan
from service.demo.values import DemoTenant

SOURCE = "县域流动党员调研报告"

# Blocks of about 12 x 12 km in a desert without towns, well inside the border.
_MESH = MeshPlan(
    columns=12, rows=9, centre=(101.2, 40.5), step=(12_000.0, 12_000.0),
    turn_degrees=-6.0, jitter=0.16, bend=0.07, bends_per_edge=2,
)  # fmt: skip

_CHART = """
j0 j0 j1 j1 l0 l0 l1 l1 m0 m0 m1 m1
j0 j2 j2 j1 l2 l0 l1 l1 m0 n0 n0 m1
k0 k0 k1 l2 l2 l3 l3 n1 n1 n1 n2 n2
k0 k1 k1 d0 d0 a0 a1 b0 f0 f0 g0 g0
c0 c0 d1 d1 e0 a0 a1 b0 b1 f1 g1 g0
c0 c1 c1 d1 e0 e1 a2 b2 b1 f1 g1 h0
c2 c2 c1 i2 e1 e1 i1 i1 f2 f2 h1 h0
c2 c3 i2 i2 i0 i0 i1 i3 i3 f2 h1 h1
c3 c3 c3 i4 i4 i4 i5 i5 i3 i3 h2 h2
"""

_TOWNSHIPS = (
    TownshipPlan("lankou", "岚口镇", "ab"),
    TownshipPlan("baiwei", "白苇乡", "c"),
    TownshipPlan("qingduo", "青垛乡", "de"),
    TownshipPlan("fengling", "风岭镇", "f"),
    TownshipPlan("tuoquan", "驼泉乡", "gh"),
    TownshipPlan("yuanshang", "塬上乡", "i"),
    TownshipPlan("xueping", "雪坪乡", "jk"),
    TownshipPlan("muyun", "牧云镇", "l"),
    TownshipPlan("dongtan", "东滩乡", "mn"),
)

_WIND = Extra("风岭风电场党支部", "enterprise", ("企业",), station="风岭风电场党员服务站")
_DAIRY = Extra("牧云乳业党支部", "enterprise", ("企业",), station="牧云乳业党员服务站")
_TOWN_HOME = Extra("县城流动党员之家", "members_home", free=8, others=3)
_COMMUNITIES = {
    "a": CommunityPlan("chengzhong", "城中社区", ordinary(Numbers(24, 18, 3, extra=_TOWN_HOME))),
    "b": CommunityPlan("chengbei", "城北社区", ordinary(Numbers(18, 12, 2))),
    "c": CommunityPlan("baiweihu", "白苇湖村", ordinary(Numbers(9, 3, 3, 2, remote=True))),
    "d": CommunityPlan("duoqian", "垛前村", ordinary(Numbers(12, 6, 1))),
    "e": CommunityPlan("duohou", "垛后村", ordinary(Numbers(8, 4, 1))),
    "f": CommunityPlan("fenglingkou", "风岭口社区", ordinary(Numbers(10, 16, 1, extra=_WIND))),
    "g": CommunityPlan("shangquan", "上泉村", ordinary(Numbers(9, 5, 2, 1))),
    "h": CommunityPlan("xiaquan", "下泉村", ordinary(Numbers(7, 3, 1, 1))),
    "i": CommunityPlan("yuanding", "塬顶村", ordinary(Numbers(9, 3, 3, 3))),
    "j": CommunityPlan("pingshang", "坪上村", ordinary(Numbers(8, 2, 2, 2))),
    "k": CommunityPlan("pingxia", "坪下村", ordinary(Numbers(6, 2, 2, 1))),
    "l": CommunityPlan("yunchang", "云场社区", ordinary(Numbers(11, 11, 1, extra=_DAIRY))),
    "m": CommunityPlan("tantou", "滩头村", ordinary(Numbers(8, 4, 1, 1))),
    "n": CommunityPlan("tanwei", "滩尾村", ordinary(Numbers(6, 2, 1, 1, full=True))),
}


def _county(draft: Draft, communities: tuple[DemoTenant, ...]) -> None:
    draft.station("岚川县党员服务中心", "service_center", draft.site("02"), "周一至周六 9:30-18:30")
    draft.employ("county_admin", "县委组织部管理员")
    moves = [member.movement for tenant in communities for member in tenant.members]
    arrived, left = moves.count("inflow"), moves.count("outflow")
    draft.report("mobility.in", 91, arrived, "流入党员", SOURCE)
    draft.report("mobility.out", 24, left, "流出党员", SOURCE)
    draft.report("mobility.total", None, arrived + left, "流入与流出合计，原报告未给出", SOURCE)
    draft.report(
        "mobility.growth_percent", 158, None,
        "读作“增长 158%”：24、91 或 115 都没有整数的上期数与之相符", SOURCE,
    )  # fmt: skip
    draft.report(
        "mobility.percent_of_previous", 158, round((arrived + left) / 73 * 100),
        "读作“为上期的 158%”：上期合计 73 人时相符（115÷73=157.5%）", SOURCE,
    )  # fmt: skip


def _township(draft: Draft) -> None:
    draft.station(
        f"{draft.tenant.name}党员服务站",
        "service_station",
        draft.site("02"),
        "周一至周五 10:00-18:00",
    )
    draft.employ("upper_officer", "乡镇党委组织委员")


RURAL_COUNTY = CountyPlan(
    slug="lanchuan",
    name="岚川县",
    number=2,
    reach_metres=40_000,
    mesh=_MESH,
    chart=_CHART,
    sites=pasture_sites,
    compounds=pasture_settlements,
    households=(1, 6),
    townships=_TOWNSHIPS,
    communities=_COMMUNITIES,
    write_county=_county,
    write_township=_township,
)

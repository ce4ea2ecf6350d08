"""Rosters on their way in, through the real action and the real check."""

from __future__ import annotations

from uuid import UUID

from tenants.members.imports import start_import
from tests.factories.counties import Community
from tests.factories.jobs import work_off


def a_checked_import(community: Community, text: str = "", filename: str = "名册.csv") -> UUID:
    """A roster that a worker has checked and nobody has decided about. `text`: WGS-84 CSV."""
    lon, lat = community.inside(1)
    content = text or f"姓名,性别,经度,纬度\n来者甲,男,{lon},{lat}\n,女,{lon},{lat}\n"
    with community.acting() as scope:
        import_id = start_import(scope, filename, content.encode("gb18030"), "wgs84")
    work_off(community)
    return import_id

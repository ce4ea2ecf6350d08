"""What is wrong with a place that somebody typed, in one sentence."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.words import SYSTEM_WORDS
from service.written import metres
from tenants.members.typed_places import TypedFault

FAULT_SENTENCES = {
    "unreadable": _l("“%(value)s”不是经纬度。请填度数，例如 103.6012。"),
    "incomplete": _l("经度和纬度要一起填。请把这一个也填上，或把两个都留空。"),
    "swapped": _l("经度和纬度填反了。在我国，经度是较大的数（73 到 136），请对调。"),
    "zero": _l("0, 0 不是真实的位置。请填正确的坐标，或留空。"),
    "projected": _l("这是以米为单位的平面坐标。请换算成经纬度（度）再填。"),
    "off_earth": _l("这个数超出了经纬度的范围。请核对。"),
    "system_missing": _l("请选择坐标系：同一个点在不同地图上相差几百米。"),
}


def fault_sentence(fault: TypedFault, otherwise: str) -> str:
    """The fault; `otherwise` ends it where the place is outside and no other reading fits."""
    if fault.code != "outside":
        return str(FAULT_SENTENCES[fault.code]) % {"value": fault.value[:30]}
    said = _("这个位置在本辖区以外约 %(distance)s。", distance=metres(fault.metres))
    if fault.fits == "swapped":
        return said + _("把经度和纬度对调后就在辖区内，请核对。")
    if fault.fits:
        name = SYSTEM_WORDS[fault.fits][0]
        return said + _("如果这是 %(system)s 坐标，就在辖区内，请核对坐标系。", system=name)
    return said + otherwise

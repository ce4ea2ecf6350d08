"""How people write a place -> one spelling of it. Pure.

What stands behind a building (unit, floor, room) takes no part, so nothing of it is needed or kept.
"""

import re
import unicodedata
from typing import Final

_TRADITIONAL: Final = str.maketrans(
    "號樓棟單層戶園區縣鄉鎮莊灣東華龍鳳陽橋場廣門蘭雲錦綠麗馬萬興豐順寧慶國際學館醫車裡後頭溝嶺島"
    "濱蘇楊黃劉陳張趙吳鄭孫謝許鄧蕭葉呂榮銀鐵鋼電紅楓樺關長風飛鳥魚羅賈賀聖陸邊遠達連運農機織紡"
    "糧資產業勞動務營房勝錢鹽煙鑼鼓樂歡悅義禮賢聯團衛廳庫廠臺灘潤澤潔淨滿漢溫澗凱歐韓盧龐",
    "号楼栋单层户园区县乡镇庄湾东华龙凤阳桥场广门兰云锦绿丽马万兴丰顺宁庆国际学馆医车里后头沟岭岛"
    "滨苏杨黄刘陈张赵吴郑孙谢许邓萧叶吕荣银铁钢电红枫桦关长风飞鸟鱼罗贾贺圣陆边远达连运农机织纺"
    "粮资产业劳动务营房胜钱盐烟锣鼓乐欢悦义礼贤联团卫厅库厂台滩润泽洁净满汉温涧凯欧韩卢庞",
)
_NOISE: Final = re.compile(r"[^0-9A-Z\u3007\u3400-\u9fff\uf900-\ufaff#-]+")
_DASHES: Final = re.compile("[‐‑‒–—―−－~～_]+")
_NUMERAL: Final = re.compile(
    "[零〇一二两三四五六七八九十百]+(?=号|栋|幢|座|单元|层|楼|室|户|门|期|区|组|队|弄|巷|院|#)"
)
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_NUMBER: Final = "(?:[A-Z]?[0-9]+[A-Z]?(?:-[0-9]+)?|[A-Z]|[甲乙丙丁戊己庚辛壬癸])"
# 号楼 3号楼, 3栋, 3幢, A座, 3#, 3#楼 are one thing; 3楼 only when a unit follows, else it is a floor.
_HOUSE: Final = re.compile(
    f"({_NUMBER})(?:号(?:住宅)?[楼栋幢座]|[栋幢座]楼?|#[楼栋幢座]?|楼(?=[0-9A-Z]+单元))"
)
HOUSE_NUMBER: Final = re.compile(f"{_NUMBER}号楼")
_DASHED: Final = re.compile(
    r"(?<![0-9A-Z-])([0-9]+[A-Z]?|[A-Z])-(?:[0-9]{1,2}-[0-9]{1,4}|[0-9]{3,4})(?:[室号户])?$"
)
_INDOORS: Final = re.compile(
    r"(?:[0-9A-Z]+单元|[0-9]+[层楼]|[0-9A-Z-]+[室房]|(?<=号)[0-9]{1,4}[户号]?$).*$"
)
_BARE: Final = re.compile(_NUMBER)
_MERE_NUMBER: Final = re.compile(f"{_NUMBER}号楼?")


def normalised(text: str) -> str:
    """One spelling for all ways to write a place: 清和小区 三栋2单元301 -> 清和小区3号楼.

    Full width, traditional characters, 号楼/栋/幢/座/#, Chinese numerals; what lies inside the
    building is cut off. '' when nothing is left.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_TRADITIONAL)
    plain = _NOISE.sub("", _DASHES.sub("-", plain)).strip("-").replace("社群", "社区")
    plain = _NUMERAL.sub(lambda found: str(_numeral(found[0])), plain)
    plain = re.sub("第(?=[0-9])", "", plain)
    plain = _HOUSE.sub(r"\1号楼", plain)
    houses = list(HOUSE_NUMBER.finditer(plain))
    if houses:
        return plain[: houses[-1].end()]
    dashed = _DASHED.search(plain)
    if dashed:
        return f"{plain[: dashed.start()]}{dashed[1]}号楼"
    return _INDOORS.sub("", plain)


def normal_name(name: str) -> str:
    """As `normalised`, and a bare number or letter is a building's: 3 and 3楼 -> 3号楼."""
    found = normalised(name) or normalised(name.rstrip("楼樓 "))
    return f"{found}号楼" if _BARE.fullmatch(found) else found


def is_mere_number(name: str) -> bool:
    """Whether a normal name is no more than a building's number: 3号楼, 3号, A号楼."""
    return _MERE_NUMBER.fullmatch(name) is not None


def bare_number(name: str) -> str:
    """3号 and 3号楼 -> 3; other names stay."""
    return name.removesuffix("楼").removesuffix("号") if is_mere_number(name) else name


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key under which 2号楼 comes before 10号楼."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts
    )


def _numeral(signs: str) -> int:
    """二十三 -> 23, 一百零五 -> 105, 二〇三 -> 203."""
    if not set(signs) & set("十百"):
        return int("".join(str(_DIGITS[sign]) for sign in signs))
    total, digit = 0, 0
    for sign in signs:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit

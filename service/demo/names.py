"""Invented names and numbers, from short lists."""

from collections.abc import Iterator
from itertools import count

from service.demo.dice import Dice
from service.demo.values import Sex

_SURNAMES = (
    "陈林何郭罗梁宋唐许韩冯曹彭曾萧田董袁潘余"
    "杜叶程苏魏吕丁任沈卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱侯"
)
_OLDER: dict[Sex, str] = {
    "男": "守田 长根 存厚 广林 庆余 德全 满仓 宝山 茂松 延年 树棠 安顺 福海 兴旺 有粮 喜来",
    "女": "桂香 秀兰 月娥 凤琴 巧云 淑珍 玉芬 素梅 翠莲 春桃 彩霞 金花 腊梅 银屏 菊英 惠芳",
}
_YOUNGER: dict[Sex, str] = {
    "男": "松年 泊舟 怀川 予安 望秋 砚青 景行 知远 向北 承禾 明岳 书屹 亦辰 牧野 临风 启帆",
    "女": "知禾 雨棠 若汀 清荷 听雪 晚晴 一苇 念初 溪月 采薇 青黛 语笙 疏桐 芷兰 云岫 安澜",
}
_OLDER_UNTIL = 1972

OTHER_DISTRICTS = (
    "澄州市石桥湾区",
    "岭海市沙浦新区",
    "云澜市东渡区",
    "海屿市临港新区",
    "松陵市北郊区",
    "江汀市滨河新区",
    "平溪市柏林口区",
    "远山市矿口区",
)

REASONS = {
    "farm_work": "务农",
    "seasonal_herding": "季节性转场放牧",
    "labour": "务工",
    "trade": "经商",
    "graduate": "毕业待业",
    "veteran": "退役返乡",
    "with_family": "随子女或家属居住",
    "firm_closed": "原单位改制或关闭",
    "relocated": "拆迁搬迁",
}


def person_name(dice: Dice, sex: Sex, birth_year: int) -> str:
    """Surname and given name as that generation might bear it. Two people may share one."""
    given = (_OLDER if birth_year < _OLDER_UNTIL else _YOUNGER)[sex].split()
    return dice.pick(_SURNAMES) + dice.pick(given)


def telephones(first: int = 2_100_001) -> Iterator[str]:
    """Landline numbers below an area code that no place has (0300), so nobody can be rung up.

    Eleven digits, of the form an import takes for a telephone number.
    """
    return (f"0300{number}" for number in count(first))

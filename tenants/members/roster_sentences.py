"""What a roster's faults say to a person: what is wrong, and what to do about it.

The sentences are message ids: pages translate them and fill the %(name)s places.
"""

from typing import Final

from geo.projected import METRES as UNNAMED_ZONE
from geo.projected import PROJECTED, meridian_of
from tenants.marking import N_

FILE_SENTENCES: Final[dict[str, str]] = {
    "unreadable_file": N_(
        "打不开“%(filename)s”:它不是 Excel(.xlsx、.xls)、ODS 或 CSV 表格,或已损坏、加了密码。"
        "请在表格软件里重新打开,另存为 .xlsx 后再导入。"
    ),
    "empty_file": N_("“%(filename)s”里没有人员行。请检查是否选对了文件和工作表。"),
    "two_tables": N_(
        "有两列“%(column)s”，第 %(row)s 行两列里写着不同的人。如果是两张表并排，"
        "请把右边的一张接到左边的下面；如果有一列不是党员本人，请改掉它的列名，再导入。"
    ),
    "unknown_columns": N_(
        "没有认出表头。文件里看到的是:%(found)s。需要有“姓名”,以及手机、住址、经度和纬度、"
        "出生日期、流动类型等列中的至少一列。请改好列名再导入。"
    ),
    "half_coordinates": N_(
        "有“%(present)s”列,但没有“%(absent)s”列。请补上这一列,或把两列都删掉再导入。"
    ),
    "wrong_encoding": N_(
        "“%(filename)s”的文字编码无法识别(约在第 %(line)s 行)。"
        "请在表格软件里另存为 .xlsx,或另存为“CSV UTF-8”后再导入。"
    ),
    "too_large": N_(
        "“%(filename)s”太大:一次最多 %(most_rows)s 行、%(most_megabytes)s 兆。"
        "请分成几个文件,或删掉表格以外的空行空列后再导入。"
    ),
    "other_community": N_(
        "这份名册写的是“%(found)s”,不是“%(community)s”。请换到那个社区导入,或检查是否选错了文件。"
    ),
    "all_outside": N_(
        "名册里有坐标的 %(points)s 人全部在“%(community)s”边界以外,最近的也有%(distance)s。"
        "请检查是否选错了文件、社区或坐标系。"
    ),
    "system_mismatch": N_(
        "您选的坐标系是 %(declared)s，按它有 %(inside)s 人落在社区边界内；"
        "按 %(better)s 则有 %(inside_better)s 人（共 %(points)s 人有坐标）。"
        "请向给名册的单位核实，再决定按哪一种来读。"
    ),
    "columns_swapped": N_(
        "“%(lon)s”和“%(lat)s”两列像是互相写反了（%(swapped)s 人，共 %(points)s 人有坐标）。"
        "请核对后决定是否对调着读，或把两列的列名改好再导入。"
    ),
    "projected_metres": N_(
        "“%(lon)s”和“%(lat)s”里是以米为单位的平面坐标，不是经纬度。"
        "请选出它的中央经线，以及哪一列是东、哪一列是北。"
    ),
}

ROW_SENTENCES: Final[dict[str, str]] = {
    "name_missing": N_("没有姓名。请填上姓名;如果这一行不是人员,请删掉它。"),
    "name_unusable": N_("“%(value)s”不是姓名。请填上姓名;如果这一行不是人员,请删掉它。"),
    "two_names": N_("“%(value)s”像是两个人写在一格里。请一人一行。"),
    "date_impossible": N_("日期“%(value)s”不成立(%(why)s)。请写成 2015-03-01、2015年3月或 2015。"),
    "phone_unusable": N_("电话“%(value)s”不能用。请填 11 位手机号或带区号的座机;没有电话就留空。"),
    "coordinates_incomplete": N_("只有经度或只有纬度。请补全另一个,或两个都留空。"),
    "coordinates_impossible": N_(
        "坐标“%(value)s”不是可用的经纬度。经度应像 116.3913,纬度应像 39.9075;不知道就留空。"
    ),
    "coordinates_swapped": N_("经度和纬度写反了(%(value)s)。请把这一行的两个数对调。"),
    "zero_point": N_("坐标是 0, 0,不是真实位置。请填正确的坐标,或留空。"),
    "outside_tenant": N_(
        "位置在社区边界以外约%(distance)s。请核对坐标;如果人住在外面,流动类型请填“外住”。"
    ),
    "other_community": N_("这一行属于“%(value)s”,不是“%(community)s”。请到那个社区导入。"),
    "kind_unknown": N_("不认识的流动类型“%(value)s”。请填在册、流入、流出或外住。"),
    "not_a_member": N_("写的是“%(value)s”，还不是党员，所以不登记。入了党再导入；写错了请改正。"),
    "class_unknown": N_("不认识的类别“%(value)s”。请从这些里选:%(known)s。"),
    "control_characters": N_("文字里有看不见的控制字符。请在表格里重新输入这一格。"),
    "quotes_unbalanced": N_(
        "这一格里混进了好几列内容,多半是少了一个引号。请检查这一行和下面几行的引号。"
    ),
    "text_too_long": N_("这一格有 %(length)s 个字,最多 %(most)s 个。请缩短。"),
    "duplicate_in_file": N_("与第 %(first)s 行是同一个人(%(same)s),没有重复登记。"),
    "duplicate_in_sheet": N_(
        "与工作表“%(sheet)s”第 %(first)s 行是同一个人（%(same)s），没有重复登记。"
    ),
}

ALREADY_REGISTERED: Final = N_(
    "名册里已有这个人(手机号相同,或姓名和出生日期相同),这一行没有重复登记。"
)

KNOWN_SENTENCES: Final[dict[str, str]] = {
    "known_changed": N_("名册里已有这个人，有几处不同；没有决定更新的，资料不动。"),
    "possibly_known": N_("可能是名册里已有的人（%(same)s）；没有决定的，不登记。"),
    "changed_meanwhile": N_("检查之后，有人改过这个人的资料，所以没有更新；请再导入一次看看。"),
}
"""Of rows that are, or may be, people the register knows."""

SIGN_WORDS: Final[dict[str, str]] = {
    "card": N_("姓名和证件号码相同"),
    "card_only": N_("证件号码相同，姓名不同"),
    "phone": N_("姓名和电话相同"),
    "phone_only": N_("电话相同，姓名不同"),
    "name_birth": N_("姓名和出生日期相同"),
    "name_joined": N_("姓名和入党日期相同"),
}

REMARK_SENTENCES: Final[dict[str, str]] = {
    "sex_unknown": N_("不认识的性别“%(value)s”,已留空。"),
    "kind_assumed": N_("没有写流动类型,按“在册”登记。"),
    "month_ambiguous": N_("“%(value)s”可能是 1 月也可能是 10 月,只记下了年份。"),
    "further_phones": N_("有几个电话,只记下了第一个。"),
    "phone_of_another": N_("电话旁边写着是家人或别人的，照样记下了；不对的话请在资料里更正。"),
    "ditto": N_("写的是“同上”，没有记下，其余照收。请写全再导入。"),
    "departure_left_out": N_(
        "写了外出时间，但流动类型不是“流出”，所以没有登记外出。确实外出的，请写上“流出”再导入。"
    ),
    "arrival_left_out": N_(
        "写了流入时间，但流动类型不是“流入”，所以没有当作流入党员。确实是的，请写上“流入”再导入。"
    ),
    "document_unusable": N_("证件号码不能用（%(why)s），没有记下，其余照收。请核对证件后再登记。"),
}

SKIP_SENTENCES: Final[dict[str, str]] = {
    "total": N_("合计行,不是人员。"),
    "header_repeated": N_("重复的表头,不是人员。"),
    "footer": N_("表尾说明,不是人员。"),
    "note": N_("标题或说明文字，不是人员。"),
}

WHY_DATE: Final[dict[str, str]] = {
    "form": N_("看不懂写法"),
    "short_year": N_("年份只写了两位"),
    "calendar": N_("没有这一天"),
    "future": N_("晚于今天"),
    "too_early": N_("早于 1900 年"),
    "before_birth": N_("早于出生日期"),
    "under_age": N_("距今不满 18 年"),
}

WHY_DOCUMENT: Final[dict[str, str]] = {
    "form": N_("不是 18 位的居民身份证号码"),
    "old_form": N_("是已经停用的 15 位号码"),
    "lost_digits": N_("表格软件把它当成了数，末几位已经丢失"),
    "checksum": N_("校验位对不上"),
}

SAME_WHAT: Final[dict[str, str]] = {
    "document": N_("姓名和证件号码相同"),
    "phone": N_("姓名和电话相同"),
    "birth_and_address": N_("姓名、出生日期和住址相同"),
}

METRES: Final = N_(" %(metres)s 米")
KILOMETRES: Final = N_(" %(kilometres)s 公里")

SYSTEM_NAMES: Final[dict[str, str]] = {
    "wgs84": "WGS-84",
    "gcj02": "GCJ-02",
    "bd09": "BD-09",
    "cgcs2000": "CGCS2000",
    UNNAMED_ZONE: "CGCS2000",
    **{system: f"CGCS2000 {meridian_of(system)}°" for system in PROJECTED},
}


def distance_words(metres: float) -> str:
    """Metres as people say them: 35 -> ' 35 米', 2480 -> ' 2.5 公里'."""
    if metres < 1000.0:
        return METRES % {"metres": max(1, round(metres))}
    kilometres = metres / 1000.0
    return KILOMETRES % {
        "kilometres": f"{kilometres:.1f}" if kilometres < 100.0 else f"{kilometres:.0f}"
    }

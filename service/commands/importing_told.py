"""What `wangge import members` says on a terminal of a roster it has checked or taken in."""

from typing import Any

from rich.console import Console

from tenants.members.roster_sentences import SKIP_SENTENCES

FAULTS_SHOWN = 50


def tell(answer: dict[str, Any]) -> None:
    """The figures, each row that was not taken, what is worth saying, and what to do next."""
    console = Console()
    console.print(
        "共 {rows} 行:可以登记 {accepted} 人,拒绝 {rejected} 行,重复 {duplicates} 行。".format(
            **answer
        )
    )
    for fault in answer["faults"][:FAULTS_SHOWN]:
        where = f"{fault['sheet']} " if fault["sheet"] else ""
        column = f"“{fault['column']}”" if fault["column"] else ""
        line = f"  {where}第 {fault['row']} 行{column}:{fault['sentence']}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(answer["faults"]) > FAULTS_SHOWN:
        console.print(f"  ……还有 {len(answer['faults']) - FAULTS_SHOWN} 处,用 --json 查看全部。")
    if answer["faults"] and not answer["handed_back"]:
        console.print("没有收下的行,用 --rejected OUT.xlsx 取回改好再导入。")
    impact = answer["impact"]
    if impact["changed"] or impact["possible"]:
        console.print(
            "已在名册、资料不同的 {changed} 人（--changed 决定），"
            "可能已在名册的 {possible} 人（--possible 决定）。".format(**impact)
        )
    _tell_remarks(console, impact)
    homes = impact["homes"]
    if any(homes.values()):
        console.print(
            "没有坐标、按住址找楼栋：对得上的 {certain} 人，要人选的 {unsure} 人，"
            "没有对上的 {unknown} 人。".format(**homes)
        )
    if answer["dry_run"]:
        console.print("这是试运行,什么都没有登记;去掉 --dry-run 再运行一次才登记。")
        return
    if answer["arrivals"]:
        console.print(f"{answer['arrivals']} 位流入党员正在等待匹配支部。")
    if answer["accepted"]:
        console.print("已经登记;30 天内可以在“导入名册”页整份撤销。")


def _tell_remarks(console: Console, impact: dict[str, Any]) -> None:
    """What the page says too: of rows that are taken all the same, and of what nobody reads."""
    lines = []
    for group in impact["remarks"]:
        column = f"“{group['column']}”:" if group["column"] else ""
        lines.append(f"{column}{group['sentence']}{_rows(group)}")
    passed = impact["passed_over"]
    for words, names in (
        ("没有认出表头、没有读的工作表", passed["sheets"]),
        ("隐藏着、没有读的工作表", passed["hidden"]),
        ("没有用到的列", passed["columns"]),
    ):
        if names:
            lines.append(f"{words}:{'、'.join(names)}。")
    lines += [f"{SKIP_SENTENCES[group['code']]}{_rows(group)}" for group in passed["rows"]]
    if lines:
        console.print("另外请看一看:")
    for line in lines:
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _rows(group: dict[str, Any]) -> str:
    """共 2 行:3、东区 7 -- as many as are named."""
    named = "、".join(f"{sheet} {number}".strip() for sheet, number in group["rows"])
    more = "等" if group["count"] > len(group["rows"]) else ""
    return f"(共 {group['count']} 行:{named}{more})"

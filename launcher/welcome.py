"""What a demo says when it is ready: where it is, and with which accounts to look round."""

import json
import socket
import unicodedata

from launcher.county import ACCOUNTS
from launcher.places import PROJECT

ROLES = {
    "county_admin": "县级管理员",
    "upper_officer": "乡镇（街道）干部",
    "community_admin": "社区管理员",
    "branch_officer": "支部委员",
    "grid_leader": "网格长",
}


def announce(host: str, port: int) -> None:
    """The address and the accounts, on standard output."""
    print(f"\n网格已就绪  http://localhost:{port}")
    if host == "0.0.0.0" and (own := own_address()):
        print(f"同一网络的平板  http://{own}:{port}   （只给本机用：HOST=127.0.0.1 ./run demo）")
    print()
    accounts = json.loads(ACCOUNTS.read_text("utf-8"))
    print(table([["角色", "单位", "账号", "密码"], *a_few(accounts)]))
    print(f"\n全部 {len(accounts)} 个账号和令牌在 {ACCOUNTS.relative_to(PROJECT)}。", end="")
    print("Ctrl-C 停止，数据保留。", flush=True)


def a_few(accounts: list[dict[str, str]]) -> list[list[str]]:
    """The first two accounts of each role: enough to look round, and the address stays in sight."""
    shown: dict[str, list[list[str]]] = {}
    for account in accounts:
        role = account["role"]
        row = [ROLES.get(role, role), *(account[key] for key in ("tenant", "email", "password"))]
        shown.setdefault(role, []).append(row)
    return [row for rows in shown.values() for row in rows[:2]]


def own_address() -> str | None:
    """This machine's address in its network. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def table(rows: list[list[str]]) -> str:
    """Columns aligned on a terminal, where a Chinese character is two cells wide."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            word + " " * (width - cells(word)) for word, width in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def cells(word: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)

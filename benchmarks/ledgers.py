# needs: nothing
"""Ledgers as files: `./run bench ledgers [--lines 1000 5000 20000 100000]`.

Lines as an inflow ledger has them, with invented names, written as XLSX and as PDF by the code
that pages and workers use, beside what both need first: the texts of the rows. Seconds are the
processor's. The peak is that of the whole process so far, so the longest ledger comes last.

Measured on two shared cores (reportlab 5.1, openpyxl 3.1, fonts-wqy-zenhei):

       lines    texts      xlsx     MB       pdf     MB  peak MiB
        1000   0.03 s    0.23 s   0.06    0.30 s   0.28       247
        5000   0.24 s    1.06 s   0.28    0.91 s   0.77       247
       20000   0.42 s    2.61 s   1.12    3.38 s   2.42       277
      100000   1.91 s   19.01 s   5.59   21.03 s  11.26       498

So 5,000 lines are a second of somebody's waiting, and what is longer is a worker's.
"""

from __future__ import annotations

import argparse
from datetime import date
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import process_time

from flask import Flask

from service import languages
from service.ledgers import cells, written
from tenants.database import new_id
from tenants.mobility.ledgers import LedgerLine

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = "".join(map(chr, range(0x4E00, 0x5200)))


def some_lines(how_many: int) -> list[LedgerLine]:
    chance = Random(7)
    return [
        LedgerLine(
            member_id=new_id(),
            name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2)))),
            sex=chance.choice("男女"),
            joined_on=date(chance.randint(1980, 2020), 7, 1),
            joined_precision="month",
            started_on=date(2026, chance.randint(1, 12), chance.randint(1, 28)),
            started_precision="day",
            ended_on=None,
            ended_precision="unknown",
            other_place=chance.choice(("邻县某区", "虚构市虚构区")),
            masked_phone=f"*******{chance.randint(0, 9999):04}",
            branch=f"虚构社区第{chance.randint(1, 9)}支部",
            state="open",
        )
        for _ in range(how_many)
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000, 5_000, 20_000, 100_000])
    parser.add_argument("--keep", help="write the last PDF here")
    asked = parser.parse_args()
    app = Flask("service")
    languages.attach_words(app)
    print(f"{'lines':>8} {'texts':>8} {'xlsx':>9} {'MB':>6} {'pdf':>9} {'MB':>6} {'peak MiB':>9}")
    with app.app_context():
        written("inflow", "pdf", "虚构社区", "某甲", some_lines(1))  # reads the font
        for how_many in asked.lines:
            lines = some_lines(how_many)
            began = process_time()
            cells("inflow", lines)
            said = [f"{how_many:>8} {process_time() - began:>6.2f} s"]
            for form in ("xlsx", "pdf"):
                began = process_time()
                content = written("inflow", form, "虚构社区", "某甲", lines)
                said.append(f"{process_time() - began:>7.2f} s {len(content) / 1e6:>6.2f}")
            peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
            print(*said, f"{peak:>9.0f}", flush=True)
        if asked.keep:
            with open(asked.keep, "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main()

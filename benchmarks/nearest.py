# needs: database
"""The whole nearest job over its own bare read and write, over SQL alone, and over the ORM.

    ./run bench nearest [--million] [--rounds 5]

Every figure is a ratio of medians within this run, the variants taken in turn. The compute alone
is in benchmarks/nearest_compute.py.

Measured on two shared cores (Python 3.11, numpy 2.4, scipy 1.17, PostgreSQL 15 + PostGIS 3.3,
fsync off), medians of five:

    job over bare read + write, 100 k x 5 k         1.30   0.28 s / 0.21 s
    the same, 1 M x 50 k                            1.54   3.30 s / 2.14 s
    job over SQL LATERAL geography <->, 100 k       0.094  (1/11; SQL 2.85 s, and on a sphere)
    job over a query per member by the ORM, 100 k   0.003  (1/345; ORM 91 s, scaled from 500)
"""

import argparse
import os
import uuid
from typing import Any

import psycopg
from geoalchemy2 import Geography, Geometry
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.nearest_job import bare_job, empty_results, fill, sql_job, whole_job
from benchmarks.nearest_turns import in_turn, line


class Base(DeclarativeBase):
    """The benchmark's own tables, mapped."""

    __table_args__ = {"schema": "nearest_benchmark"}


class Member(Base):
    """A person at a place."""

    __tablename__ = "member"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[Any] = mapped_column(Geometry("POINT", 4326))


class Branch(Base):
    """A branch at a place."""

    __tablename__ = "branch"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ground: Mapped[Any] = mapped_column(Geography("POINT", 4326))


class Result(Base):
    """Who goes where in a run."""

    __tablename__ = "result"
    run: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    branch: Mapped[uuid.UUID]
    metres: Mapped[float]
    status: Mapped[int]


def orm_job(session: Session, members: int) -> None:
    """A query for each member, as an application that thinks in objects does it."""
    run = uuid.uuid4()
    for member in session.scalars(select(Member).limit(members)).all():
        here = member.place
        metres = Branch.ground.ST_Distance(here.ST_AsEWKT().cast(Geography))
        near = session.execute(
            select(Branch.id, metres)
            .order_by(Branch.ground.op("<->")(here.ST_AsEWKT().cast(Geography)))
            .limit(1)
        ).one()
        session.add(Result(run=run, member=member.id, branch=near[0], metres=near[1], status=0))
    session.commit()
    session.expunge_all()


def over_bare(connection: psycopg.Connection[Any], size: str, rounds: int, limit: float) -> None:
    """The job over its own reading and writing."""
    whole, bare = in_turn(
        rounds,
        lambda: whole_job(connection),
        lambda: bare_job(connection),
        before=lambda: empty_results(connection),
    )
    line(
        f"job over bare read + write, {size}", whole / bare, limit, f"{whole:.3f} s / {bare:.3f} s"
    )


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--orm-sample", type=int, default=500)
    options.add_argument("--million", action="store_true", help="measure 1 M x 50 k as well")
    chosen = options.parse_args()
    url = os.environ["WANGGE_OWNER_URL"]
    engine = create_engine(url)
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        fill(connection, 100_000, 5_000)
        over_bare(connection, "100000 x 5000", chosen.rounds, 1.5)
        with Session(engine) as session:
            job, sql, orm = in_turn(
                chosen.rounds,
                lambda: whole_job(connection),
                lambda: sql_job(connection),
                lambda: orm_job(session, chosen.orm_sample),
                before=lambda: empty_results(connection),
            )
        line("job over SQL LATERAL geography <->, 100000", job / sql, 1 / 8, f"{sql:.2f} s by SQL")
        scaled = orm * 100_000 / chosen.orm_sample
        words = f"{scaled:.0f} s by ORM, scaled from {chosen.orm_sample} members in {orm:.2f} s"
        line("job over a query per member by the ORM, 100000", job / scaled, 1 / 100, words)
        if chosen.million:
            fill(connection, 1_000_000, 50_000)
            over_bare(connection, "1000000 x 50000", chosen.rounds, 2.0)
        connection.execute("DROP SCHEMA nearest_benchmark CASCADE")
        connection.commit()


if __name__ == "__main__":
    main()

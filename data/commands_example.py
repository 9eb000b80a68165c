"""The command that makes an illustrative store of any size, for benchmarks: invented areas, and returns for them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError, StoreError

if TYPE_CHECKING:
    from data.example import LargeExample
    from data.sources import Reading

BY: Final = "the dashboard itself"
MOST_LSOAS, MOST_QUARTERS = 33_755, 12


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Describe what may be said."""
    command.add_argument("--lsoas", type=int, required=True, metavar="N", help=f"how many, {MOST_LSOAS:,} at most")
    command.add_argument(
        "-o", "--output", required=True, metavar="URL", help="a new store, such as sqlite:///big.sqlite"
    )
    command.add_argument("--quarters", type=int, default=MOST_QUARTERS, metavar="N", help="how many; 12 otherwise")
    command.add_argument("--indicators", nargs="+", metavar="NAME", help="only these; all otherwise")
    command.add_argument("--not-released", action="store_true", help="leave releasing to the first start")


def example(chosen: argparse.Namespace) -> int:
    """Make the store, fill it, and release what it holds."""
    from data.answers.current import ensure_current
    from data.example import large_example
    from data.store.engine import open_store

    refuse_sizes(chosen)
    made = large_example(chosen.lsoas, quarters=chosen.quarters, indicators=chosen.indicators)
    address = chosen.output if "://" in chosen.output else f"sqlite:///{chosen.output}"
    engine = open_store(address)
    rows = fill(engine, made)
    if not chosen.not_released:
        ensure_current(engine)
    engine.dispose()
    print(f"The store holds {chosen.lsoas:,} invented neighbourhoods and {rows:,} illustrative rows.")
    return 0


def refuse_sizes(chosen: argparse.Namespace) -> None:
    """Say which sizes there are."""
    for words, asked, most in (("--lsoas", chosen.lsoas, MOST_LSOAS), ("--quarters", chosen.quarters, MOST_QUARTERS)):
        if not 1 <= asked <= most:
            raise DataError(f"There is no store of {words} {asked:,}", expected=f"a number from 1 to {most:,}")


def fill(engine: Any, made: LargeExample) -> int:
    """Put the invented areas and their returns into an empty store; give how many rows of returns that was."""
    from data.store.engine import writing
    from data.store.state import mark_prepared

    with writing(engine) as connection:
        refuse_filled(connection)
        keep(connection, areas_of(made), "ILLUSTRATIVE_areas")
        rows = 0
        for name, reading in readings_of(made):
            keep(connection, reading, name)
            rows += reading.rows_read
        mark_prepared(connection, "an illustrative store made for benchmarks")
    return rows


def refuse_filled(connection: Any) -> None:
    """Never mix invented areas with real ones."""
    from data.store.submissions import select_submissions

    if len(select_submissions(connection)):
        raise StoreError("This store holds something already", todo="Name a new one, which will be made")


def areas_of(made: LargeExample) -> Reading:
    """Give the invented areas, their deprivation and their population."""
    from data.sources import Reading

    frames = {"area": made.area, "deprivation": made.deprivation, "population": made.population}
    return Reading("this_dashboard", "invented", len(made.area), frames, illustrative=True)


def readings_of(made: LargeExample) -> Iterator[tuple[str, Reading]]:
    """Read each invented return as any return is read, one indicator at a time, so that little stands in memory.

    The reader refuses areas that do not exist, as it should: while it reads, their codes begin as real ones do.
    """
    from data.sources import ReadingContext, long_return

    areas = made.area.assign(area_code="E" + made.area["area_code"].str[1:])
    context = ReadingContext(load_areas=lambda: areas)
    with TemporaryDirectory(prefix="first1001-") as folder:
        for number, (sender, rows) in enumerate(made.returns):
            path = Path(folder) / f"ILLUSTRATIVE_{sender}_{number}.csv"
            write(rows.assign(area_code="E" + rows["area_code"].str[1:]), path)
            reading = long_return.read(path, context)
            read = reading.frames["observation"]
            frames = {"observation": read.assign(area_code="X" + read["area_code"].str[1:])}
            yield path.name, replace(reading, frames=frames)
            path.unlink()


def write(rows: Any, path: Path) -> None:
    """Write a return as its sender would."""
    rows.rename(columns={"indicator_id": "indicator"}).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def keep(connection: Any, reading: Reading, name: str) -> None:
    """Store a part as an illustrative file of this dashboard's own making."""
    import hashlib

    from data.intake.loading import store_reading

    digest = hashlib.sha256(name.encode()).hexdigest()
    store_reading(connection, reading, name, digest, loaded_by=BY, illustrative=True)

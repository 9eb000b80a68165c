"""Fills a new store with the embedded reference and the illustrative returns: once, whole, whoever starts first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import sqlalchemy as sa

from data import reference
from data.intake.cross_check import check_areas, context_of
from data.intake.loading import fingerprint, read_guarded, store_reading
from data.sources import Reading
from data.store.engine import reading, writing
from data.store.state import mark_prepared, prepared

BY = "the dashboard itself"
EMBEDDED = "embedded reference 1"
WAIT_SECONDS = 600
MID_2022 = "2022-06-30"
WriteReturns = Callable[[Path], Iterable[Path]]


def prepare_store(engine: sa.Engine, *, write_returns: WriteReturns | None = None) -> bool:
    """Fill an empty store; say whether anything was done.

    Everything is written in one transaction under the store's write lock: a process that starts at the same time
    waits and finds it done, and a process that is killed leaves the store empty for the next one.
    """
    with reading(engine) as connection:
        if prepared(connection) is not None:
            return False
    with writing(engine, wait_seconds=WAIT_SECONDS) as connection:
        if prepared(connection) is not None:
            return False
        for name, part in embedded():
            store_reading(connection, part, name, fingerprint(reference.FOLDER / name), loaded_by=BY)
        store_published(connection)
        store_illustrative(connection, write_returns or illustrative_returns)
        mark_prepared(connection, EMBEDDED)
    return True


def embedded() -> Iterable[tuple[str, Reading]]:
    """Give each embedded part with the file that it comes from, areas first."""
    yield "msoa21_names.csv", areas()
    yield "lsoa21_deprivation.csv", deprivation()
    yield "council_outlines.csv", layers()


def areas() -> Reading:
    """Give every embedded area with the areas that hold it."""
    from data.geography.hierarchy import embedded_areas

    frame = embedded_areas()
    return Reading("ons_lookup_lsoa21", "Census 2021, embedded", len(frame), {"area": frame})


def deprivation() -> Reading:
    """Give the embedded indices of 2025, and the mid-2022 population that they are based on."""
    facts = reference.lsoas()
    domains = [
        facts.rename(columns={"lsoa21cd": "area_code"} | {f"{name}_{kind}": kind for kind in KINDS})
        .assign(edition="2025", domain=name)
        .loc[:, ["area_code", "edition", "domain", *KINDS]]
        for name in ("imd", "idaci")
    ]
    people = facts.melt("lsoa21cd", list(AGE_BANDS), "age_band", "count").rename(columns={"lsoa21cd": "area_code"})
    population = people.assign(
        age_band=people["age_band"].map(AGE_BANDS),
        reference_date=MID_2022,
        edition="mid-2022, as used by the indices of 2025",
        estimate=False,
        method="",
    )
    frames = {"deprivation": pd.concat(domains, ignore_index=True), "population": population}
    return Reading("iod2025", "2025, embedded", len(facts), frames)


KINDS = ("score", "rank", "decile")
AGE_BANDS = {"population_mid2022": "all", "children_0_15_mid2022": "0-15"}


def layers() -> Reading:
    """Give the layers that are drawn from the embedded facts."""
    from data.geography.layers import embedded_layers

    built = embedded_layers().values()
    rows = [(layer.layer, layer.method, layer.edition, layer.content) for layer in built]
    frame = pd.DataFrame(rows, columns=["layer", "method", "edition", "content"])
    return Reading("this_dashboard", "drawn from embedded outlines and centroids", len(frame), {"geometry": frame})


def store_published(connection: sa.Connection) -> None:
    """Load the embedded published statistics as any such file is loaded."""
    from data.sources import published_statistics

    path = reference.FOLDER / "published_statistics.csv"
    part = published_statistics.read(path, context_of(connection))
    held = check_areas(connection, part, publication=True, file=path.name)
    store_reading(connection, held, path.name, fingerprint(path), loaded_by=BY)


def store_illustrative(connection: sa.Connection, write_returns: WriteReturns) -> None:
    """Write the illustrative returns to files and load those as any return is loaded."""
    with TemporaryDirectory() as folder:
        for path in write_returns(Path(folder)):
            part = read_guarded(path, connection)
            store_reading(connection, part, path.name, fingerprint(path), loaded_by=BY, illustrative=True)


def illustrative_returns(folder: Path) -> Iterable[Path]:
    """Generate the illustrative returns, hubs, registers and documents."""
    from data.example import write_returns
    from data.example.documents import write_documents
    from data.example.hubs import write_hubs
    from data.example.registers import write_registers

    return (*write_returns(folder), *write_hubs(folder), *write_registers(folder), *write_documents(folder))

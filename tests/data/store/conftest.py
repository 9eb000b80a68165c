"""A small store: two councils, two neighbourhoods in each, and a submission to hang rows on."""

from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa

from data.store.areas import load_areas
from data.store.engine import writing
from data.store.submissions import Provenance, add_submission

BCP, DORSET, ICS = "E06000058", "E06000059", "E54000041"
BOSCOMBE, KINSON = "E01015302", "E01015303"
BRIDPORT, SWANAGE = "E01020400", "E01020401"


def provenance(name: str = "return.csv", *, illustrative: bool = False, source_id: str = "long_return") -> Provenance:
    """Describe a file by its name alone."""
    return Provenance(
        source_id=source_id,
        file_name=name,
        sha256=name.encode().hex().ljust(64, "0")[:64],
        edition="2025/26 Q4",
        loaded_by="a steward",
        rows_read=1,
        rows_accepted=1,
        illustrative=illustrative,
    )


@pytest.fixture
def places(store: sa.Engine) -> sa.Engine:
    """The areas alone."""
    rows = [
        (BOSCOMBE, "lsoa21", "Boscombe", BCP),
        (KINSON, "lsoa21", "Kinson", BCP),
        (BRIDPORT, "lsoa21", "Bridport", DORSET),
        (SWANAGE, "lsoa21", "Swanage", DORSET),
        (BCP, "lad", "Bournemouth, Christchurch and Poole", None),
        (DORSET, "lad", "Dorset", None),
        (ICS, "icb", "NHS Dorset", None),
    ]
    frame = pd.DataFrame(rows, columns=["area_code", "area_type", "area_name", "lad_code"])
    with writing(store) as connection:
        submission = add_submission(connection, provenance("areas.csv", source_id="areas"))
        assert submission == 1
        load_areas(connection, frame, submission)
    return store

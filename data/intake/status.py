"""What is loaded, as plain values for the command line and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from data.catalogue.signing import sign_off_words
from data.store.geometry import select_layers
from data.store.observations import select_observed_indicators
from data.store.submissions import select_submissions

FILE = (
    "file_name",
    "source_id",
    "supplier",
    "publication",
    "edition",
    "extract_date",
    "sha256",
    "loaded_at",
    "loaded_by",
    "rows_read",
    "rows_accepted",
    "illustrative",
    "signed_off_at",
)


def status_of(connection: sa.Connection) -> dict[str, Any]:
    """Give the current files, the indicators with figures, and the map layers."""
    files = select_submissions(connection, current=True)[list(FILE)]
    observed = select_observed_indicators(connection)
    records = files.astype("object").where(files.notna(), None).to_dict("records")
    return {
        "files": [
            {**{str(name): value for name, value in one.items()}, "sign_off": sign_off_of(one)} for one in records
        ],
        "indicators": {
            "with_figures": len(observed),
            "illustrative": int((observed["illustrative_rows"] > 0).sum()),
        },
        "layers": [
            {"layer": layer.layer, "method": layer.method, "edition": layer.edition, "sha256": layer.sha256}
            for layer in select_layers(connection)
        ],
    }


def sign_off_of(file: Mapping[Any, Any]) -> str:
    """Say whether a file was signed off."""
    return sign_off_words(file["source_id"], file["signed_off_at"], illustrative=bool(file["illustrative"]))

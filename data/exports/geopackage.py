"""An answer's areas as a GeoPackage: one layer with real types, and in the file itself what its rows mean."""

from __future__ import annotations

import datetime as dt
import json
import struct
import tempfile
from pathlib import Path
from typing import Any, Final

from data.answers.answer import Answer
from data.answers.geometry import ATTRIBUTION
from data.exports.geo import drawn_as, outlines_or_refuse
from data.exports.parquet import about
from data.exports.table import Plain, kinds_of

LAYER: Final = "figures"
POLYGON, MULTI_POLYGON = 3, 6  # kinds of shape, OGC 06-103r4
NUMPY: Final = {"text": "object", "whole": "int64", "number": "float64", "day": "datetime64[D]", "yes_no": "bool"}
#: What stands under the mask of an empty cell: the file holds nothing there.
EMPTY: Final[dict[str, Plain]] = {"text": "", "whole": 0, "number": 0.0, "day": dt.date(1970, 1, 1), "yes_no": False}


def gpkg_bytes(answer: Answer, on: dt.date) -> bytes:
    """Write the rows as a layer, as of a day; a row whose area has no outline, such as England, has none here."""
    import numpy as np
    import pyogrio
    from pyogrio import raw

    table, (outlines, layers) = outlines_or_refuse(answer)
    shapes = np.array([shape_of(outlines.get(str(code))) for code in table["area_code"]], dtype="object")
    columns, masks = [], []
    for name, kind in kinds_of(table).items():
        values = [str(one) if kind == "text" and one is not None else one for one in table[name]]
        masks.append(np.array([one is None for one in values]))
        columns.append(np.array([EMPTY[kind] if one is None else one for one in values], dtype=NUMPY[kind]))
    meant = {**about(answer), "outlines": drawn_as(layers), "attribution": ATTRIBUTION}
    said = {"first1001": json.dumps(meant, ensure_ascii=False)}
    title = f"{'ILLUSTRATIVE: ' if answer.illustrative else ''}{answer.question}"
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{on.isoformat()}T00:00:00.000Z"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.gpkg"
        raw.write(
            path,
            shapes,
            columns,
            list(table.columns),
            masks,
            layer=LAYER,
            driver="GPKG",
            crs="EPSG:4326",
            geometry_type="MultiPolygon",
            dataset_metadata=said,
            layer_options={"DESCRIPTION": title},
        )
        return path.read_bytes()


def shape_of(geometry: dict[str, Any] | None) -> bytes | None:
    """Write an outline as well-known binary; every one as several polygons, so that all are of one kind."""
    if geometry is None:
        return None
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return struct.pack("<BII", 1, MULTI_POLYGON, len(parts)) + b"".join(map(_polygon, parts))


def _polygon(rings: list[list[list[float]]]) -> bytes:
    lines = [
        struct.pack(f"<I{2 * len(ring)}d", len(ring), *(number for at in ring for number in at[:2])) for ring in rings
    ]
    return struct.pack("<BII", 1, POLYGON, len(rings)) + b"".join(lines)

"""An answer's table as Parquet: typed columns, and what the table means in the file's own description."""

from __future__ import annotations

import io
import json
from typing import Final

from data.answers.answer import Answer
from data.exports.table import kinds_of, long_table

TYPES: Final = {"text": "string", "whole": "int64", "number": "float64", "day": "date32", "yes_no": "bool_"}


def parquet_bytes(answer: Answer) -> bytes:
    """Write the rows, each column with its type."""
    import pyarrow as pa
    from pyarrow import parquet

    table = long_table(answer)
    arrays, fields = [], []
    for name, kind in kinds_of(table).items():
        made = getattr(pa, TYPES[kind])()
        values = [str(one) if kind == "text" and one is not None else one for one in table[name]]
        arrays.append(pa.array(values, type=made))
        fields.append(pa.field(name, made))
    schema = pa.schema(fields, metadata={b"first1001": json.dumps(about(answer), ensure_ascii=False).encode()})
    content = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), content)
    return content.getvalue()


def about(answer: Answer) -> dict[str, object]:
    """Say what a program must know about the rows."""
    return {
        "question": answer.question,
        "finding": answer.finding,
        "unit": answer.unit,
        "illustrative": answer.illustrative,
        "disclosure": answer.disclosure,
        "notes": list(answer.notes),
        "sources": [line.words() for line in answer.sources],
    }

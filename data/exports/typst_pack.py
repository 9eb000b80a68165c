"""A board pack as a tagged PDF that keeps to PDF/UA-1: Typst refuses to write one that does not.

The pack goes in as data (JSON), which the template reads. No word of it ever becomes part of Typst's own source.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from data.catalogue import ics
from data.errors import DataError
from data.exports.pack import CONTENTS, Block, Heading, Items, Pack, Picture, Table, Text, document_title

TEMPLATE: Final = Path(__file__).with_name("pack.typ")
STANDARD: Final = "ua-1"


def pdf_bytes(pack: Pack) -> bytes:
    """Write a pack as PDF; the same pack always gives the same bytes."""
    import typst

    try:
        content = typst.compile(
            TEMPLATE,
            font_paths=[font_folder()],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"pack": json.dumps(data_of(pack), ensure_ascii=False)},
            pdf_standards=[STANDARD],
            timestamp=dt.datetime.combine(pack.on, dt.time(), tzinfo=dt.UTC),
        )
    except typst.TypstError as error:
        raise DataError(f"the PDF cannot be written: {error.message}", todo="Take the pack as DOCX instead") from error
    return content


def font_folder() -> Path:
    """Find the typeface, which is installed with the product: nothing is fetched."""
    return Path(str(files("font_source_sans_pro") / "files"))


def data_of(pack: Pack) -> dict[str, object]:
    """Give a pack as the template reads it."""
    return {
        "title": pack.title,
        "document_title": document_title(pack),
        "subtitle": pack.subtitle,
        "author": ics().label,
        "banner": pack.banner,
        "footer": pack.footer,
        "contents": CONTENTS,
        "cover_header": list(pack.cover_header),
        "cover": [{"label": one.label, "words": one.words, "written": one.written} for one in pack.cover],
        "blocks": [block_data(block) for block in pack.blocks],
    }


def block_data(block: Block) -> dict[str, object]:
    """Give one block as the template reads it."""
    if isinstance(block, Heading):
        return {"kind": "heading", "words": block.words, "level": block.level}
    if isinstance(block, Text):
        return {"kind": block.kind, "words": block.words}
    if isinstance(block, Items):
        return {"kind": "items", "items": list(block.items)}
    if isinstance(block, Table):
        rows = [list(row) for row in block.rows]
        shape = {"widths": list(block.widths), "right": list(block.right)}
        return {"kind": "table", "caption": block.caption, "header": list(block.header), "rows": rows, **shape}
    if isinstance(block, Picture):
        return {"kind": "picture", "caption": block.caption, "svg": block.drawing.svg, "alt": block.drawing.alt}
    raise TypeError(f"no such block: {type(block).__name__}")

"""Where figures come from, in few lines: the files of one publication stand together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from data.answers.answer import SourceLine


def source_lines(sources: Iterable[SourceLine]) -> list[str]:
    """Write each publication once, with all its editions and files, in the order in which they first come."""
    together: dict[SourceLine, dict[SourceLine, None]] = {}
    for source in sources:
        together.setdefault(_publication(source), {})[source] = None
    return [_line(list(files)) for files in together.values()]


def _publication(source: SourceLine) -> SourceLine:
    return replace(source, edition="", extract_date=None, sha256="")


def _line(files: list[SourceLine]) -> str:
    if len(files) == 1:
        return files[0].words()
    first = files[0]
    editions: dict[str, list[str]] = {}
    for one in files:
        dated = f", extracted {one.extract_date:%-d %B %Y}" if one.extract_date else ""
        editions.setdefault(f"{one.edition}{dated}", []).append(one.sha256[:12])
    label = "ILLUSTRATIVE, not real: " if first.illustrative else ""
    words = "; ".join(f"{edition}: file{'s' * (len(shas) > 1)} {', '.join(shas)}" for edition, shas in editions.items())
    return f"{label}{first.supplier}, {first.publication} ({words})"

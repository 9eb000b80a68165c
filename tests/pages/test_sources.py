"""The line of sources under a page: each publication once, every edition and file named."""

from __future__ import annotations

import datetime as dt

from data.answers.answer import SourceLine
from pages.components.sources import source_lines

RETURN = SourceLine("Local organisations", "First 1001 days long return", "2025/26 Q3", None, "a" * 64, True)
LATER = SourceLine("Local organisations", "First 1001 days long return", "2025/26 Q4", None, "b" * 64, True)
SAME = SourceLine("Local organisations", "First 1001 days long return", "2025/26 Q4", None, "c" * 64, True)
REAL = SourceLine("Local organisations", "First 1001 days long return", "2025/26 Q4", None, "d" * 64, False)
DATED = SourceLine("MHCLG", "Indices of deprivation", "2025", dt.date(2026, 1, 5), "e" * 64, False)


def test_a_publication_of_one_file_is_said_as_in_every_file() -> None:
    assert source_lines([DATED, DATED]) == [DATED.words()]


def test_files_of_one_publication_stand_in_one_line_by_edition() -> None:
    assert source_lines([RETURN, DATED, LATER, SAME, RETURN]) == [
        "ILLUSTRATIVE, not real: Local organisations, First 1001 days long return "
        f"(2025/26 Q3: file {'a' * 12}; 2025/26 Q4: files {'b' * 12}, {'c' * 12})",
        f"MHCLG, Indices of deprivation (2025, extracted 5 January 2026; file {'e' * 12})",
    ]


def test_a_real_file_never_stands_in_a_line_with_an_invented_one() -> None:
    assert source_lines([LATER, REAL]) == [LATER.words(), REAL.words()]

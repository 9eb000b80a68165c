"""Text that a spreadsheet program would run, kept from being run."""

from __future__ import annotations

import re

#: A spreadsheet would run text that begins like this as a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def safe_text(text: str) -> str:
    """Keep text from being run as a formula by the program that opens it."""
    return f"'{text}" if _FORMULA.match(text) else text

"""The options of ``load`` and ``check`` that say what a document is: its own file may not."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.errors import DataError

if TYPE_CHECKING:
    from data.intake.documents import Particulars

OPTIONS: Final = {
    "title": "a document's title",
    "organisation": "the body that published a document",
    "kind": "a document's kind, such as minutes or joint forward plan",
    "date": "the day a document was published, such as 2025-03-31",
    "link": "a document's public address",
}


def add_particulars(command: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    for name, words in OPTIONS.items():
        command.add_argument(f"--{name}", default="", metavar="TEXT", help=words)


def particulars_for(chosen: argparse.Namespace, files: list[Path]) -> Particulars | None:
    """Give what the options say; they describe one file, so with several nothing may be said."""
    given = {name: getattr(chosen, name) for name in OPTIONS}
    if not any(given.values()):
        return None
    if len(files) > 1:
        named = ", ".join(f"--{name}" for name, value in given.items() if value)
        raise DataError(
            "particulars describe one document", found=f"{len(files)} files and {named}", todo="Load it alone"
        )
    from data.intake.documents import Particulars

    given["published_on"] = given.pop("date")
    return Particulars(**given)

"""Which neighbourhood a postcode lies in. A postcode is no question of the dashboard's: it is never kept or logged.

It is not in the list of questions, because answers to those are kept by what was asked.
"""

from __future__ import annotations

import re
from typing import Final

from data.answers.opened import reading
from data.errors import StoreError
from data.store.postcodes import count_postcodes, find_postcode

_LONGEST: Final = 12
_SHAPE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", re.ASCII)


def postcodes_loaded() -> bool:
    """Say whether the ONS postcode lookup has been loaded."""
    with reading() as connection:
        return count_postcodes(connection) > 0


def neighbourhood_of(typed: str) -> str:
    """Give the code of the neighbourhood, or nothing where the lookup holds no such postcode.

    What the database says of a failure may hold what was asked, so it goes no further than here.
    """
    tidy = "".join(typed[:_LONGEST].split()).upper()
    if not _SHAPE.fullmatch(tidy):
        return ""
    try:
        with reading() as connection:
            return find_postcode(connection, tidy) or ""
    except StoreError as error:
        place = error.file
    raise StoreError("the postcode could not be looked up", file=place, todo="Try again in a minute")

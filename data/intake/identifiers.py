"""What identifies one person: recognised in a cell, named by its kind, and never repeated."""

from __future__ import annotations

import re

NHS_NUMBER = re.compile(r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d])")
POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d[\dABEHMNPRV-Y]?|\d[A-HJKPS-UW]) *\d[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
# A quick look that none of the three escapes: an @, ten digits, or a digit followed by two letters that end a word.
SUSPECT = re.compile(r"@|\d{3}[ -]?\d{3}[ -]?\d{4}|\d *[a-z]{2}\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
BIRTH_DATE_COLUMN = re.compile(
    r"^\W*(?:d\.?o\.?b\.?|(?:mother|baby|child|infant|person|parent)?\W*(?:date of birth|birth ?date))\W*$",
    re.IGNORECASE,
)
WEIGHTS = range(10, 1, -1)  # NHS Data Dictionary: the first nine digits are weighted 10 to 2


def is_nhs_number(digits: str) -> bool:
    """Hold ten digits to the NHS number's check digit (modulus 11); one digit repeated is nobody's number."""
    if len(set(digits)) == 1:
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False)) % 11
    check = (11 - remainder) % 11
    return check != 10 and check == int(digits[9])


def identifier_in(cell: str, *, postcodes: bool = True) -> str | None:
    """Name the kind of personal identifier that a cell holds, or None."""
    if any(is_nhs_number(re.sub(r"\D", "", found)) for found in NHS_NUMBER.findall(cell)):
        return "an NHS number"
    if EMAIL.search(cell):
        return "an e-mail address"
    if postcodes and POSTCODE.search(cell):
        return "a full postcode"
    return None


def is_birth_date_column(name: str) -> bool:
    """Say whether a column is headed as a date of birth."""
    return BIRTH_DATE_COLUMN.match(name.replace("_", " ")) is not None

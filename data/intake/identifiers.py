"""What identifies one person: recognised in a text, named by its kind, and never repeated.

The rules, and what they do not find, are written out in docs/guard.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Final

from data.intake.titled_names import holds_titled_name

NHS_NUMBER = "an NHS number"
INSURANCE_NUMBER = "a National Insurance number"
BIRTH_DATE = "a date of birth"
NAME = "the name of a person"
EMAIL = "an e-mail address"
PHONE = "a phone number"
POSTCODE = "a full postcode"
KINDS = (NHS_NUMBER, INSURANCE_NUMBER, BIRTH_DATE, NAME, EMAIL, PHONE, POSTCODE)

# The first letters of every postcode of the United Kingdom and the islands (Royal Mail, 124 areas).
AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|"
    "GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|"
    "PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|"
    "YO|ZE|B|E|G|L|M|N|S|W"
)
_POSTCODE = re.compile(
    rf"(?<![^\W_])(?P<out>(?:{AREAS})\d[\dA-Z]?|GIR)[\s.-]{{0,3}}(?P<digit>\d)(?P<letters>[ABD-HJLNP-UW-Z]{{2}})(?![^\W_])",
    re.IGNORECASE,
)
_ORDINALS = {"1st", "2nd", "3rd", *(f"{digit}th" for digit in "4567890")}
# HMRC, NIM39110: two letters, six digits, a last letter A to D. QQ stands only in HMRC's own examples.
_INSURANCE = re.compile(
    r"(?<![^\W_])(?:QQ|(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    r"[\s./-]{0,3}\d\d[\s./-]{0,3}\d\d[\s./-]{0,3}\d\d[\s./-]{0,3}[A-D](?![^\W_])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+'%-])[\w.+'%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE
)

_DIGITS = re.compile(r"(?<![\d.])\d(?:[^\S\n]{0,3}-?[^\S\n]{0,3}\d)*")
_THREE_THREE_FOUR = re.compile(r"(?<!\d)(?<!\d\.)\d{3}[\s.,/_-]{1,3}\d{3}[\s.,/_-]{1,3}\d{4}(?!\d)")
_SCIENTIFIC = re.compile(r"(?<![\d.])\d\.\d{1,20}E\+?0?9(?!\d)", re.IGNORECASE)
_NUMBER_OF_A_TABLE = re.compile(r"-?\d{1,8}(?:\.\d+)?(?:E-\d+)?", re.IGNORECASE)
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})(?!\d)|\d{8}(?!\d)|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[-\s]?(?:of\s)?{_MONTH}[-\s,]{{1,2}}'?\d{{2,4}}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_DAY = re.compile(
    r"\b(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|"
    r"(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d\d)\b"
)
_OF_BIRTH = r"(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?-?date|birthday)"
_BORN = re.compile(
    rf"(?:(?<![^\W_]){_OF_BIRTH}(?:\s+(?:is|was|on))?[\s:=,;()\[\]-]{{0,5}}|(?<![^\W_])born(?:\s+on)?[\s:,(]{{1,3}})"
    rf"(?:the\s+)?{DATE}(?P<range>\s*(?:to|until|-)\s*(?:the\s+)?{DATE})?",
    re.IGNORECASE,
)
_DATE_THEN_BORN = re.compile(rf"(?<!\d){DATE}\W{{0,3}}\(?{_OF_BIRTH}", re.IGNORECASE)

# What a phone number begins with: + and a country, 00, or 0 and a digit that British numbers go on with.
_PHONE_START = re.compile(r"(?<![\w.])(?<!\d,)(?:\(?\+|\(?00|\(?0\)?[\s.-]?[1235789]|44[\s-])")
_FRACTION = re.compile(r"(?<!\d)\d{1,4}\.\d{5,}")

#: A quick look that nothing which is recognised below escapes; most texts end here.
SUSPECT = re.compile(
    r"@|[(\[]at[)\]]|\d(?:[\s./,_()-]{0,7}\d){7}|\d\.\d+e\+?0?9|\d[a-z\d]?[\s.-]{0,3}\d[a-z]{2}(?![a-z\d])|"
    r"\d[\s./-]{0,3}[a-d](?![^\W_])|d\.?\s?o\.?\s?b|birth|born|\b(?:mr|mrs|ms|miss|mx|master|baby|dr|prof)\b|"
    r"name|called|nhs|insurance|nino|address|known.as|GIR",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Write look-alikes plainly: wide and foreign digits, every kind of dash and space; nothing invisible is left."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    plain: dict[str, str | int | None] = {}
    for letter in set(text):
        kind = unicodedata.category(letter)
        if kind == "Cf":
            plain[letter] = ""
        elif kind == "Pd" or letter == "\u2212":
            plain[letter] = "-"
        elif kind == "Nd" and not letter.isascii():
            plain[letter] = str(unicodedata.decimal(letter))
    return text.translate(str.maketrans(plain)) if plain else text


def identifiers_in(text: str, *, kinds: Collection[str] = KINDS, as_phone: bool = False) -> tuple[str, ...]:
    """Name every kind of personal identifier that a text holds; ``as_phone`` where a heading says that it is one."""
    plain = clean(text)
    if not as_phone and (SUSPECT.search(plain) is None or _NUMBER_OF_A_TABLE.fullmatch(plain)):
        return ()
    plain = _HASH.sub(" ", plain)
    labelled = as_phone and PHONE in kinds and holds_phone(plain, labelled=True)
    return tuple(
        kind for kind, holds in FINDERS.items() if kind in kinds and (holds(plain) or (labelled and kind == PHONE))
    )


# ---- NHS numbers ----------------------------------------------------------------------------------------------------


def is_nhs_number(digits: str) -> bool:
    """Hold ten digits to the NHS number's check digit (NHS Data Dictionary, modulus 11)."""
    from stdnum.gb import nhs

    return bool(nhs.is_valid(digits))


def holds_nhs_number(text: str) -> bool:
    """Say whether a valid NHS number stands in a text, with any spaces or hyphens, or as a number."""
    return any(is_nhs_number(digits) for digits in ten_digits(text))


def ten_digits(text: str) -> Iterator[str]:
    """Give every ten digits that may be read as one number.

    Digits that belong to a longer number, or stand behind a decimal point, are none; nor is a date and what follows it.
    """
    for found in _THREE_THREE_FOUR.finditer(text):
        yield re.sub(r"\D", "", found[0])
    for found in _SCIENTIFIC.finditer(text):
        number = float(found[0])
        if number.is_integer():
            yield str(int(number))
    for found in _DIGITS.finditer(text):
        after = text[found.end() : found.end() + 2]
        if after[:1] == "." and after[1:].isdigit() and text[found.end() + 1 :].lstrip("0")[:1].isdigit():
            continue  # a number with a fraction that is not zero
        yield from ten_of(re.findall(r"\d+", found[0]))


def ten_of(groups: list[str]) -> Iterator[str]:
    """Give the groups of digits that stand alone as ten, or that make ten together."""
    yield from (group for group in groups if len(group) == 10)
    joined = "".join(groups)
    if len(groups) > 1 and len(joined) == 10 and not any(_YEAR.fullmatch(group) for group in groups[:-1]):
        yield joined


# ---- dates of birth -------------------------------------------------------------------------------------------------


def holds_birth_date(text: str) -> bool:
    """Say whether a text gives a date and calls it one of birth; "born 1 April 2024 to …" is a period."""
    if _DATE_THEN_BORN.search(text):
        return True
    return any(found["range"] is None for found in _BORN.finditer(text))


def is_date(text: str) -> bool:
    """Say whether a text is one day and nothing else."""
    return re.fullmatch(DATE + r"(?:[T ][\d:.]+Z?)?", text.strip(), re.IGNORECASE) is not None


def is_day(text: str) -> bool:
    """Say whether a text is one day, as a date or as a spreadsheet's number for it (1927 to 2064)."""
    return is_date(text) or re.fullmatch(r"[1-5]\d{4}(?:\.0+)?", text.strip()) is not None


# ---- how to reach somebody ------------------------------------------------------------------------------------------


def holds_postcode(text: str) -> bool:
    """Say whether a full postcode stands in a text; "E1 2nd floor" is none."""
    for found in _POSTCODE.finditer(text):
        ending = found["digit"] + found["letters"]
        if ending not in _ORDINALS or found["out"].islower():
            return True
    return False


def holds_phone(text: str, *, labelled: bool = False) -> bool:
    """Say whether a phone number stands in a text.

    It begins with 0 or +, as counts and codes do not; only where a heading says so may the 0 be missing.
    """
    if not labelled and _PHONE_START.search(text) is None:
        return False
    from phonenumbers import Leniency, PhoneNumberMatcher

    plain = _FRACTION.sub(" ", _DAY.sub(" ; ", text))
    found = PhoneNumberMatcher(plain, "GB", leniency=Leniency.POSSIBLE, max_tries=500)
    return any(is_phone(match, labelled=labelled) for match in found)


def is_phone(match: object, *, labelled: bool) -> bool:
    """Hold a candidate to what British or foreign numbers look like."""
    from phonenumbers import PhoneNumberMatch, is_valid_number

    if not isinstance(match, PhoneNumberMatch):
        raise TypeError("a candidate of phonenumbers is expected")
    number, written = match.number, match.raw_string
    national = str(number.national_number)
    british = number.country_code == 44 and len(national) in {9, 10} and national[0] in "123578"
    if not (british or is_valid_number(number)):
        return False
    return labelled or _PHONE_START.match(written) is not None


FINDERS: Final[dict[str, Callable[[str], bool]]] = {
    NHS_NUMBER: holds_nhs_number,
    INSURANCE_NUMBER: lambda text: _INSURANCE.search(text) is not None,
    BIRTH_DATE: holds_birth_date,
    NAME: holds_titled_name,
    EMAIL: lambda text: _EMAIL.search(text) is not None,
    PHONE: holds_phone,
    POSTCODE: holds_postcode,
}

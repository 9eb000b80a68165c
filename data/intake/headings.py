"""What a column's heading, or a label on a form, says about the cells beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.intake.identifiers import BIRTH_DATE, INSURANCE_NUMBER, NAME, NHS_NUMBER, is_day

HOME_ADDRESS = "a home address"
#: The kinds that a heading gives away, in the plural.
COLUMNS_OF = {
    BIRTH_DATE: "dates of birth",
    NHS_NUMBER: "NHS numbers",
    INSURANCE_NUMBER: "National Insurance numbers",
    NAME: "names of people",
    HOME_ADDRESS: "home addresses",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ROLES = re.compile(
    r"\b(?:service users?|health visitors?|(?:key|social|support|family|outreach) workers?|next of kin|"
    r"emergency contact|named nurse|lead professional|parent budd(?:y|ies))\b"
)
_WORDS_FOR_PEOPLE = """
    mother mothers mum mums mummy father fathers dad dads parent parents carer carers guardian guardians partner
    partners patient patients client clients baby babies babys infant infants child children childs person people
    sibling siblings twin twins staff employee practitioner midwife midwives nurse doctor gp volunteer buddy worker
    contact participant attendee member learner trainee respondent interviewee lead manager visitor user
"""
_PEOPLE = frozenset(_WORDS_FOR_PEOPLE.split())
_FILLING_WORDS = "the of for a an my your their her his s on in dd mm yy yyyy ddmmyyyy ddmmyy format"
_FILLING = frozenset(_FILLING_WORDS.split())
_HEADINGS = {
    BIRTH_DATE: """
        dob, d o b, date birth, birth date, birthdate, birth dt, dt birth, dateofbirth, birthday, date born
    """,
    NHS_NUMBER: "nhs number, nhs no, nhs num, nhs id, nhsnumber, nhsno, nhs numbers",
    INSURANCE_NUMBER: """
        national insurance, national insurance number, national insurance no, ni number, ni no, nino
    """,
    NAME: """
        surname, surnames, forename, forenames, first name, first names, firstname, last name, lastname, full name,
        fullname, given name, given names, middle name, middle names, maiden name, family name, preferred name, known as
    """,
    HOME_ADDRESS: "home address",
}
#: The same where the heading speaks of people as well: "mother's name", "name of the child", "baby born on".
_OF_PEOPLE = {BIRTH_DATE: "born", NAME: "name, names, initials", HOME_ADDRESS: "address, address line"}
#: Headings below which a date is one of birth, and a count is not.
_MAYBE_BIRTH = frozenset({"born", "birth", "birth day"})
#: A column headed "name" beside one of these is a list of people; hubs, services and measures have none of them.
_BESIDE_PEOPLE = """
    sex, gender, age, ethnicity, ethnic group, ethnic origin, address, role, job title, job role, relationship,
    gestation, edd, due date, marital status, occupation, language spoken, dietary requirements, allergies
"""
_PHONE_HEADINGS = """
    phone, telephone, tel, mobile, phone number, telephone number, mobile number, mobile no, tel no, phone no,
    contact number, contact no, home phone, mobile phone, telephone no, contact telephone number, contact telephone
"""


def listed(words: str) -> frozenset[str]:
    """Read a list with commas."""
    return frozenset(" ".join(one.split()) for one in words.split(","))


_PHONES = listed(_PHONE_HEADINGS)
_PERSONAL = listed(_BESIDE_PEOPLE)
_KINDS = {heading: kind for kind, words in _HEADINGS.items() for heading in listed(words)}
_KINDS_OF_PEOPLE = {heading: kind for kind, words in _OF_PEOPLE.items() for heading in listed(words)}
_LONGEST = 60  # characters; a heading is short, and a longer text is a sentence


def heading_kind(text: str) -> str | None:
    """Name the kind of identifier that a column headed so would hold, or None."""
    if len(text) > _LONGEST:
        return None
    plain, people = plain_words(text)
    return _KINDS.get(plain) or (_KINDS_OF_PEOPLE.get(plain) if people else None)


def is_list_of_people(headings: Iterable[str]) -> bool:
    """Say whether a table with a column "name" lists people, by what stands beside it."""
    return any(plain_words(heading)[0] in _PERSONAL for heading in headings if len(heading) <= _LONGEST)


def may_be_births(text: str) -> bool:
    """Say whether a column headed so may hold dates of birth as well as counts."""
    return len(text) <= _LONGEST and plain_words(text)[0] in _MAYBE_BIRTH


def is_phone_heading(text: str) -> bool:
    """Say whether a column headed so would hold phone numbers."""
    return len(text) <= _LONGEST and plain_words(text)[0] in _PHONES


def plain_words(text: str) -> tuple[str, bool]:
    """Give a heading's words without those for people, articles and date formats; and whether it speaks of people."""
    words = re.sub(r"[^a-z]+", " ", _CAMEL.sub(" ", text).replace("’", "'").casefold()).strip()
    spoken = _ROLES.sub("person", words).split()
    contact = "contact" in spoken and words in _PHONES
    kept = [word for word in spoken if word not in _FILLING and (contact or word not in _PEOPLE)]
    return " ".join(kept), any(word in _PEOPLE for word in spoken)


def answers(kind: str, text: str) -> bool:
    """Say whether a cell beside or below a label of this kind fills it in."""
    text = text.strip()
    if kind == BIRTH_DATE:
        return is_day(text)
    if kind in {NHS_NUMBER, INSURANCE_NUMBER}:
        return sum(letter.isdigit() for letter in text) >= 6
    first = text.split(" ", 1)[0]
    return len(text) > 1 and first[:1].isupper() and first.isalpha() and first.casefold() not in _NOT_ANSWERS


_WORDS_OF_A_GUIDE = "yes no not required optional none na never do text the example must may for"
_NOT_ANSWERS = frozenset(_WORDS_OF_A_GUIDE.split())

"""Each kind of identifier is told from what a return really holds, however it is written."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from data.intake.headings import heading_kind, is_phone_heading
from data.intake.identifiers import (
    BIRTH_DATE,
    EMAIL,
    INSURANCE_NUMBER,
    NAME,
    NHS_NUMBER,
    PHONE,
    POSTCODE,
    identifiers_in,
    is_nhs_number,
)

# 943 476 5919 is the NHS Data Dictionary's own example of a number that passes the check.
# 9×10 + 4×9 + 3×8 + 4×7 + 7×6 + 6×5 + 5×4 + 9×3 + 1×2 = 299; 299 mod 11 = 2; 11 − 2 = 9, the last digit
NUMBER = "9434765919"


def check_digit(nine: str) -> int:
    """The last digit by the Data Dictionary's steps; 10 means that the number is never issued."""
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return (11 - remainder) % 11


def with_check_digit(nine: str) -> str:
    """The number that begins so; where none is issued, the next that is."""
    while check_digit(nine) == 10:
        nine = f"{(int(nine) + 1) % 10**9:09d}"
    return f"{nine}{check_digit(nine)}"


nine_digits = st.integers(0, 999_999_999).map("{:09d}".format)
numbers = nine_digits.map(with_check_digit)
large_numbers = st.integers(100_000_000, 999_999_998).map(str).map(with_check_digit)
gaps = st.sampled_from(["", " ", "-", "  ", "\u00a0", "\u2009", "\u2011", "\u2013", " - ", "."])


def test_the_check_digit_is_worked_out_as_the_data_dictionary_does() -> None:
    assert is_nhs_number(NUMBER)
    assert [digit for digit in "0123456789" if is_nhs_number(NUMBER[:9] + digit)] == ["9"]
    assert not is_nhs_number("9434765917")


def test_a_remainder_that_gives_ten_is_never_valid() -> None:
    # the first nine digits 100000001: 1×10 + 1×2 = 12; 12 mod 11 = 1; 11 − 1 = 10
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10))


@settings(deadline=None)
@given(nine_digits, st.integers(0, 9))
def test_a_number_is_valid_only_with_its_own_check_digit(nine: str, last: int) -> None:
    assert is_nhs_number(f"{nine}{last}") is (check_digit(nine) == last)


@settings(deadline=None)
@given(numbers, gaps, st.sampled_from(["{}", "NHS no. {}", "seen at home ({}) in May", "{};", "x{}x", "12 visits: {}"]))
@example("0000000000", "", "{}")
def test_a_valid_number_is_found_in_any_spacing(number: str, gap: str, words: str) -> None:
    written = words.format(gap.join([number[:3], number[3:6], number[6:]]))
    assert NHS_NUMBER in identifiers_in(written)


@settings(deadline=None)
@given(numbers, st.lists(st.integers(1, 9), max_size=4, unique=True))
def test_a_valid_number_is_found_in_odd_groups(number: str, cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), 10]
    groups = [number[start:end] for start, end in itertools.pairwise(ends)]
    assume(not any(re.fullmatch("(19|20)..", group) for group in groups))  # reads as a year in a list of years
    assert NHS_NUMBER in identifiers_in(" ".join(groups))


@settings(deadline=None)
@given(large_numbers)
def test_a_valid_number_is_found_as_a_number(number: str) -> None:
    value = int(number)
    for written in (str(value), f"{value}.0", repr(float(value)), f"{value:.9E}", f"{value:.9e}", f"{value / 1e9!r}E9"):
        assert NHS_NUMBER in identifiers_in(written), "one of the ways in which programs write a whole number"


@settings(deadline=None)
@given(numbers, st.sampled_from("123456789"))
def test_digits_of_a_longer_number_or_of_a_fraction_are_no_number(number: str, more: str) -> None:
    for written in (more + number, number + more, f"0.{number}", f"{number}.{more}", f"0.00{number}"):
        assert NHS_NUMBER not in identifiers_in(written)


@settings(deadline=None)
@given(nine_digits, st.integers(0, 9))
def test_ten_digits_that_fail_the_check_are_no_number(nine: str, last: int) -> None:
    assume(check_digit(nine) != last)
    assert NHS_NUMBER not in identifiers_in(f"{nine}{last}")


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_pseudonym_is_never_taken_for_an_identifier(made: bytes) -> None:
    assert identifiers_in(made.hex()) == ()


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(str),
    st.sampled_from(["{}", "{} to 2025-06-30", "{} 00:00:00", "{}T00:00:00", "period {}"]),
)
def test_a_plain_date_identifies_nobody(day: str, words: str) -> None:
    assert identifiers_in(words.format(day)) == ()


@settings(deadline=None)
@given(st.integers(-(10**9) + 1, 10**9 - 1))
def test_a_count_identifies_nobody(count: int) -> None:
    assert identifiers_in(str(count)) == ()


@settings(deadline=None)
@given(st.floats(-1e8, 1e8))
def test_a_figure_identifies_nobody(figure: float) -> None:
    assert identifiers_in(repr(figure)) == ()


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_look(text: str) -> None:
    assert set(identifiers_in(text)) <= {
        *(NHS_NUMBER, INSURANCE_NUMBER, BIRTH_DATE, NAME, EMAIL, PHONE, POSTCODE),
    }


@pytest.mark.parametrize(
    "text",
    [
        *("9" * 50_000, "1 " * 25_000, "a" * 50_000 + "@", "a." * 25_000 + "@", "0" + "1 " * 25_000),
        *("Mrs " * 12_000, "born " * 10_000, "12-" * 16_000, "A1 " * 16_000, "(" * 50_000 + "0", "+" * 50_000),
    ],
    ids=lambda text: text[:6],
)
def test_a_very_long_text_takes_no_long_time(text: str) -> None:
    import time

    started = time.process_time()
    identifiers_in(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("943 476 5919", NHS_NUMBER),
        ("943.476.5919", NHS_NUMBER),
        ("９４３ ４７６ ５９１９", NHS_NUMBER),
        ("943\u200b4765919", NHS_NUMBER),
        ("٩٤٣٤٧٦٥٩١٩", NHS_NUMBER),
        ("on 01/02/2024 943 476 5919 came", NHS_NUMBER),
        ("9434765919, 12", NHS_NUMBER),
        ("0000000000", NHS_NUMBER),
        ("QQ 12 34 56 C", INSURANCE_NUMBER),
        ("ab123456d", INSURANCE_NUMBER),
        ("NI: AB-12-34-56-A.", INSURANCE_NUMBER),
        ("dob 01/02/2024", BIRTH_DATE),
        ("DOB: 2024-02-01", BIRTH_DATE),
        ("D.O.B. 1.2.24", BIRTH_DATE),
        ("date of birth is 1st February 2024", BIRTH_DATE),
        ("Baby, born 3 Mar 2024, at home", BIRTH_DATE),
        ("born on 03/03/2024", BIRTH_DATE),
        ("01/02/2024 (dob)", BIRTH_DATE),
        ("birthday: March 3, 2024", BIRTH_DATE),
        ("dob 01022024", BIRTH_DATE),
        ("dob 01/02/2024 - 12 weeks old", BIRTH_DATE),
        ("twins, dob 01/02/2024 and 02/02/2024", BIRTH_DATE),
        ("Mrs J Smith", NAME),
        ("mrs smith", NAME),
        ("visited MR SMITH", NAME),
        ("Mr & Mrs O'Brien", NAME),
        ("Ms. Patel-Jones", NAME),
        ("Miss Łukasik came", NAME),
        ("Baby Jones", NAME),
        ("BABY JONES", NAME),
        ("Baby girl Jones", NAME),
        ("seen by Dr Smith", NAME),
        ("Mum's name: Sarah", NAME),
        ("surname: Jones", NAME),
        ("a mum called Sarah", NAME),
        ("someone@example.org", EMAIL),
        ("first.last+tag@nhs.net", EMAIL),
        ("mailto:a.b@dorset.nhs.uk?subject=x", EMAIL),
        ("someone (at) example.org", EMAIL),
        ("01202 123456", PHONE),
        ("01202123456", PHONE),
        ("(01202) 123456", PHONE),
        ("ring 07700 900123 after six", PHONE),
        ("07700-900-123", PHONE),
        ("+44 7700 900123", PHONE),
        ("+44 (0)1202 123456", PHONE),
        ("00441202123456", PHONE),
        ("44 7700 900123", PHONE),
        ("020 7946 0018", PHONE),
        ("+33 1 42 68 53 00", PHONE),
        ("BH1 4QT", POSTCODE),
        ("bh14qt", POSTCODE),
        ("W1A 1AA", POSTCODE),
        ("BH1-4QT", POSTCODE),
        ("lives at DT11  7XX now", POSTCODE),
        ("BH1\u00a04QT", POSTCODE),
        ("GIR 0AA", POSTCODE),
        ("JE2 3AB", POSTCODE),
    ],
)
def test_each_kind_is_found(text: str, kind: str) -> None:
    assert identifiers_in(text) == (kind,)


@pytest.mark.parametrize(
    "text",
    [
        *("", "12", "<5", "2025-04-01", "01/04/2025", "2025/26 Q4", "2023/24 to 2025/26", "2023-24 2024-25"),
        *("E01015272", "E06000058", "E54000041", "J81051", "RDZ20", "QVV", "BH1", "BH1 4", "DT11"),
        *("9434765918", "19434765919", "0.9434765919", "943476591", "100040735262", "12345678901"),
        *("01/04/2025 - 30/06/2025", "2025-12-31 14:30:00", "9,434,765,919"),
        *("E1 2nd floor", "stage S1 1st draft", "B23.5", "A12 1st", "Q4 2nd", "ASQ3 and 6 to 8 weeks"),
        *("buddy_allocated", "new_birth_visit_14_days", "date of birth known for 98%", "DOB recorded"),
        *("Babies born 01/04/2024 to 30/06/2024", "born between 1 April 2024 and 31 March 2025"),
        *("babies born in 2024", "babies born 2024-04-01 - 2024-06-30", "born on or after 1 April 2024"),
        *("Date of birth 01/04/2024 to 30/06/2024", "born 1 April 2024 until the 30 June 2024"),
        *("Baby Friendly Initiative", "Baby Steps", "Mother and Baby Unit", "BABY BUDDY", "Baby A", "baby clinic"),
        *("MR scan", "MS Teams", "ＭＳ Ｐゴシック", "ms", "Master Plan", "Miss", "Mr", "mr/mrs", "Dr Newman's Surgery"),
        *("Hub name: Boscombe", "Provider name: Dorset HealthCare", "Mother: White British"),
        *("@dorset", "see https://nhsdorset.nhs.uk/", "3 @ 5"),
        *("call 111", "999", "1202123456", "441202123456", "0.1202123456", "000012345678", "0 1 2 3 4 5 6 7 8 9 10"),
        *("10 20 30", "1, 2, 3", "12 of 14", "AB123456", "TN123456A", "GB123456A"),
    ],
)
def test_what_a_return_really_holds_passes(text: str) -> None:
    assert identifiers_in(text) == ()


def test_a_number_without_its_zero_is_a_phone_only_where_a_heading_says_so() -> None:
    assert identifiers_in("7700900123") == ()
    assert identifiers_in("7700900123", as_phone=True) == (PHONE,)
    assert identifiers_in("12", as_phone=True) == ()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        *((name, BIRTH_DATE) for name in ("DOB", "D.O.B.", "Date of birth", "date_of_birth", "DateOfBirth")),
        *((name, BIRTH_DATE) for name in ("Baby date of birth", "birth_date", "PERSON_BIRTH_DATE", "mother's DOB")),
        *((name, BIRTH_DATE) for name in ("Baby's date of birth (dd/mm/yyyy)", "dob_baby", "Child DOB 1")),
        *((name, NHS_NUMBER) for name in ("NHS number", "NHSNumber", "nhs_no", "Mother NHS No.", "Baby's NHS number")),
        *((name, INSURANCE_NUMBER) for name in ("NI number", "National Insurance number", "nino")),
        *(
            (name, NAME)
            for name in ("Surname", "first_name", "LastName", "Mother's name", "Name of child", "Baby name")
        ),
        *(
            (name, NAME)
            for name in ("Full name", "Patient name", "Health visitor name", "Known as", "Service user name")
        ),
        *((name, "a home address") for name in ("Home address", "Mother's address", "Child address line 1")),
        *((name, None) for name in ("Live births", "new birth visit by 14 days", "Date of visit", "dob_recorded")),
        *(
            (name, None)
            for name in ("name", "Area name", "Hub name", "Provider name", "Setting name", "Family hub name")
        ),
        *(
            (name, None)
            for name in ("indicator_name", "GP practice name", "Birth weight", "Address", "NHS trust", "born")
        ),
        *((name, None) for name in ("Telephone", "Telephone contacts", "baby", "Number of names", "")),
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, kind: str | None) -> None:
    assert heading_kind(heading) == kind


def test_a_column_of_phone_numbers_is_known_by_its_heading() -> None:
    phones = ["Telephone", "Mobile no.", "Mother's phone number", "Contact number", "contact_telephone_number"]
    assert [name for name in phones if not is_phone_heading(name)] == []
    others = ["Telephone contacts", "Phone calls made", "Mobile clinics", "Number of contacts"]
    assert [name for name in others if is_phone_heading(name)] == []

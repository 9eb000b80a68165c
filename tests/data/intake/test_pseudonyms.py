"""Pseudonyms link the rows of one person, tell nothing about them, and are made without showing anybody's number."""

from __future__ import annotations

import csv
import hashlib
import hmac
import logging
import os
import stat
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from data import commands
from data.errors import DataError, DataErrors, UnreadableFile, WrongColumns, WrongValues
from data.intake.guard import refuse_identifiers
from data.intake.pseudonyms import (
    is_weak,
    key_check,
    plain_identifier,
    plain_nhs_number,
    pseudonym,
    read_key,
    write_new_key,
    write_pseudonyms,
)

KEY = bytes.fromhex("8f1d3c5a7be2904416cdd8a3f75e62b10937ac4bf0285e91d76a43cb1e9f7d04")
# Two numbers that pass the check: 943 476 5919 is the Data Dictionary's own.
# 4010232137: 4×10 + 0×9 + 1×8 + 0×7 + 2×6 + 3×5 + 2×4 + 1×3 + 3×2 = 92; 92 mod 11 = 4; 11 − 4 = 7, the last digit
FIRST, SECOND = "9434765919", "4010232137"


def hmac_by_hand(key: bytes, message: bytes) -> str:
    """RFC 2104: H(K xor opad, H(K xor ipad, text)) with blocks of 64 bytes."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).hexdigest()


def test_a_pseudonym_is_the_keyed_hash_of_the_ten_digits() -> None:
    assert pseudonym(FIRST, KEY) == hmac_by_hand(KEY, b"9434765919")
    # RFC 4231, test case 2, holds the reference itself
    assert hmac_by_hand(b"Jefe", b"what do ya want for nothing?").startswith("5bdcc146bf60754e6a042426089575c7")


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(min_size=1))
def test_pseudonyms_are_64_digits_and_the_same_each_time(key: bytes, identifier: str) -> None:
    made = pseudonym(identifier, key)
    assert len(made) == 64
    assert made == hmac.new(key, identifier.encode(), "sha256").hexdigest() == pseudonym(identifier, key)


def test_another_key_or_another_person_gives_another_pseudonym() -> None:
    other = bytes(reversed(KEY))
    made = {pseudonym(FIRST, KEY), pseudonym(SECOND, KEY), pseudonym(FIRST, other), pseudonym(SECOND, other)}
    assert len(made) == 4


@pytest.mark.parametrize(
    "written",
    [
        *(FIRST, "943 476 5919", "943-476-5919", " 9434765919 ", 9434765919, 9434765919.0, "9434765919.0"),
        *("943\u00a0476\u00a05919", "943\u2011476\u20115919", "９４３４７６５９１９", "943\u200b4765919"),
    ],
)
def test_every_way_to_write_a_number_gives_one_form(written: object) -> None:
    assert plain_nhs_number(written) == FIRST


@pytest.mark.parametrize(
    "written",
    ["9434765918", "943476591", "94347659190", "0000000000", "1111111111", "unknown", "943476591X", 1.5, True, "٩", ""],
)
def test_what_is_no_number_that_anybody_has_is_told(written: object) -> None:
    assert plain_nhs_number(written) is None


def test_numbers_of_two_other_systems_are_never_the_same() -> None:
    assert plain_identifier("RiO")(" ab 12 ") == "RIO:AB 12"
    assert plain_identifier("RiO")(12.0) == plain_identifier("rio")("12") == "RIO:12"
    assert plain_identifier("RiO")("12") != plain_identifier("SystmOne")("12")


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_a_new_key_is_random_and_private_and_can_be_read(tmp_path: Path) -> None:
    made = {write_new_key(tmp_path / f"{n}.key") for n in range(20)}
    assert len(made) == 20
    assert {read_key(tmp_path / f"{n}.key") for n in range(20)} == made
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "0.key").stat().st_mode) == 0o600


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    write_new_key(path)
    before = path.read_bytes()
    with pytest.raises(UnreadableFile, match="already"):
        write_new_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        *("", "secret", "password" * 8, "zz" * 32, "8f" * 31, "8f" * 33, "00" * 32, "ff" * 32, "0123456789abcdef" * 4),
        *(bytes(range(32)).hex(), bytes(range(0, 224, 7)).hex(), (KEY[:16] * 2).hex(), (KEY[:8] * 4).hex()),
        *(b"correct horse battery staple 123".hex(), (b"\0" * 16 + KEY[:16]).hex()),
    ],
)
def test_a_weak_key_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_text(text)
    with pytest.raises(WrongValues) as refused:
        read_key(path)
    assert not text or text not in str(refused.value)
    assert "--new-key" in str(refused.value)


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_key(tmp_path / "none.key")


@settings(deadline=None)
@given(st.randoms(use_true_random=True))
def test_a_random_key_is_not_called_weak(source: Any) -> None:
    assert not is_weak(source.randbytes(32))


def test_the_check_of_a_key_tells_keys_apart_and_gives_none_away() -> None:
    assert len(key_check(KEY)) == 8
    assert key_check(KEY) != key_check(bytes(reversed(KEY)))
    assert key_check(KEY) not in KEY.hex()


# ---- files ----------------------------------------------------------------------------------------------------------

ROWS = [
    ["month", "NHS Number", "event", "area_code"],
    ["2025-04", "943 476 5919", "new_birth_visit", "E01015272"],
    ["2025-05", SECOND, "new_birth_visit", "E01015273"],
    ["2025-06", "", "six_week_review", "E01015272"],
    ["2025-07", FIRST, "six_week_review", "E01015272"],
]
EXPECTED = [
    ["month", "pseudonym", "event", "area_code"],
    ["2025-04", hmac_by_hand(KEY, FIRST.encode()), "new_birth_visit", "E01015272"],
    ["2025-05", hmac_by_hand(KEY, SECOND.encode()), "new_birth_visit", "E01015273"],
    ["2025-06", "", "six_week_review", "E01015272"],
    ["2025-07", hmac_by_hand(KEY, FIRST.encode()), "six_week_review", "E01015272"],
]


def write_csv(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ",")]
)
def test_a_text_file_gets_pseudonyms_in_place_of_numbers(encoding: str, delimiter: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "events.csv", ROWS, encoding=encoding, delimiter=delimiter)
    written = write_pseudonyms(source, tmp_path / "out.csv", column="nhs_number", key=KEY)
    assert read_csv(tmp_path / "out.csv") == EXPECTED
    assert (written.rows, written.empty) == (4, 1)
    refuse_identifiers(tmp_path / "out.csv")


def test_a_workbook_gets_pseudonyms_and_keeps_nothing_beside_its_values(tmp_path: Path) -> None:
    import datetime as dt

    book = Workbook()
    book.active.append(["events of the quarter"])
    book.active.append(["month", "NHS number", "count"])
    book.active.append([dt.datetime(2025, 4, 1), 9434765919, 12])  # noqa: DTZ001 (a workbook's dates have no zone)
    book.active.append([dt.datetime(2025, 5, 1), SECOND, "=1+1"])  # noqa: DTZ001
    book.create_sheet("Hidden").append([FIRST])
    book.properties.description = FIRST
    book.save(tmp_path / "events.xlsx")
    write_pseudonyms(tmp_path / "events.xlsx", tmp_path / "out.xlsx", column="NHS number", key=KEY)
    made = load_workbook(tmp_path / "out.xlsx")
    assert made.sheetnames == ["Return"]
    rows = [list(row) for row in made["Return"].iter_rows(values_only=True)]
    assert rows[1] == ["month", "pseudonym", "count"]
    assert rows[2] == [dt.datetime(2025, 4, 1), hmac_by_hand(KEY, FIRST.encode()), 12]  # noqa: DTZ001
    refuse_identifiers(tmp_path / "out.xlsx")


def test_a_wrong_number_refuses_the_whole_file_by_its_row_and_writes_nothing(tmp_path: Path) -> None:
    rows = [*ROWS, ["2025-08", "9434765918", "x", "y"]]
    source = write_csv(tmp_path / "events.csv", rows)
    with pytest.raises(DataErrors) as refused:
        write_pseudonyms(source, tmp_path / "out.csv", column="NHS number", key=KEY)
    said = " ".join([str(refused.value), *map(str, refused.value.problems)])
    assert "row 6: this is no valid NHS number" in said
    assert "943" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv"]


def test_what_still_identifies_somebody_beside_the_column_is_refused(tmp_path: Path) -> None:
    rows = [[*row, note] for row, note in zip(ROWS, ["dob", "01/02/2024", "", "see 943 476 5919", ""], strict=True)]
    source = write_csv(tmp_path / "events.csv", rows)
    with pytest.raises(DataErrors) as refused:
        write_pseudonyms(source, tmp_path / "out.csv", column="NHS number", key=KEY)
    said = [str(problem) for problem in refused.value.problems]
    assert "events.csv, row 1, column 'dob': a column of dates of birth" in said[0]
    assert "events.csv, row 4" in said[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv"]


def test_a_missing_column_another_kind_of_file_and_a_file_in_the_way_are_told(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "events.csv", ROWS)
    with pytest.raises(WrongColumns, match="the column of identifiers is missing"):
        write_pseudonyms(source, tmp_path / "out.csv", column="patient", key=KEY)
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(UnreadableFile, match="already"):
        write_pseudonyms(source, tmp_path / "out.csv", column="NHS number", key=KEY)
    with pytest.raises(UnreadableFile, match="already"):
        write_pseudonyms(source, source, column="NHS number", key=KEY)
    assert (tmp_path / "out.csv").read_text() == "mine"
    (tmp_path / "map.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(UnreadableFile, match="neither CSV nor XLSX"):
        write_pseudonyms(tmp_path / "map.geojson", tmp_path / "new.csv", column="NHS number", key=KEY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "map.geojson", "out.csv"]


def test_numbers_of_another_system_are_taken_by_its_name(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "events.csv", [["id", "event"], ["ab12", "x"]])
    write_pseudonyms(source, tmp_path / "out.csv", column="id", key=KEY, system="RiO")
    assert read_csv(tmp_path / "out.csv")[1] == [hmac_by_hand(KEY, b"RIO:AB12"), "x"]


def test_a_long_file_is_written_in_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    with source.open("w") as file:
        file.write("NHS number,note\n")
        file.writelines(f"{FIRST},{'x' * 200}{n}\n" for n in range(50_000))  # 11 MB
    tracemalloc.start()
    write_pseudonyms(source, tmp_path / "out.csv", column="NHS number", key=KEY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 2**20
    assert (tmp_path / "out.csv").read_bytes().count(b"\n") == 50_001


# ---- the command ----------------------------------------------------------------------------------------------------


def test_the_command_makes_a_key_and_pseudonyms_and_shows_no_number(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/store.sqlite")
    source, key, out = write_csv(tmp_path / "events.csv", ROWS), tmp_path / "a.key", tmp_path / "out.csv"
    assert commands.main(["pseudonym", "--new-key", str(key)]) == 0
    assert commands.main(["pseudonym", str(source), "--key", str(key), "-o", str(out)]) == 0
    said = capsys.readouterr()
    assert "4 rows. 1 of them have no identifier" in said.out
    assert key_check(read_key(key)) in said.out
    assert key.read_text().strip() not in said.out + said.err
    bad = write_csv(tmp_path / "bad.csv", [*ROWS, ["", "943 476 5918", "", ""]])
    assert commands.main(["pseudonym", str(bad), "--key", str(key), "-o", str(tmp_path / "no.csv")]) == 1
    said = capsys.readouterr()
    assert "row 6: this is no valid NHS number" in said.err
    for number in (FIRST, SECOND, "943 476", "5918"):
        assert number not in said.out + said.err + caplog.text + out.read_text()
    assert not (tmp_path / "store.sqlite").exists()


def test_the_command_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["pseudonym"]) == 1
    assert "a file, a key or the name of the new file is missing" in capsys.readouterr().err


def test_pseudonyms_need_no_store_and_no_streamlit() -> None:
    import subprocess
    import sys

    look = "import sys, data.intake.pseudonyms; print([n for n in ('sqlalchemy', 'streamlit') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_damaged_workbook_is_told_without_its_content(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["NHS number"])
    book.active.append([FIRST])
    book.save(tmp_path / "a.xlsx")
    whole = (tmp_path / "a.xlsx").read_bytes()
    for end in range(0, len(whole), 501):
        (tmp_path / "cut.xlsx").write_bytes(whole[:end])
        with pytest.raises(DataError) as refused:
            write_pseudonyms(tmp_path / "cut.xlsx", tmp_path / "out.xlsx", column="NHS number", key=KEY)
        assert FIRST not in str(refused.value)

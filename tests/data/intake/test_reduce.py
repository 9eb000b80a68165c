"""The sender's command: what forms systems export goes in, and nothing that tells of anybody comes out."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data import commands
from data.answers.release import exact_rows, read_basis
from data.catalogue.questionnaire import questionnaire
from data.intake.loading import load
from data.intake.proposal import propose
from data.intake.pseudonyms import pseudonym, read_key, write_new_key
from data.sources import read_file
from data.store.engine import reading

HOME, NEXT_DOOR = "E01015272", "E01015273"
#: Numbers of the range that is kept for tests; each has a valid last digit.
NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069")
ANSWERS = {
    "about-contact": "carry-on",
    "about-role": "birthing-parent",
    "about-weeks": 12,
    "about-route": "online",
    "about-language": "english",
    "about-alone": "yes",
    "about-consent-record": "yes",
    "about-consent-counts": "yes",
    "health-general": "good",
    "finance-manage": "pay-easily",
    "housing-home": "home-settled",
    "safety-home": "safe-always",
    "safety-fear": "fear-no",
    "support-lonely": "lonely-hardly",
    "preparedness-score": 8,
    "office-lsoa": HOME,
}
Run = Callable[..., Path]


def answer(link: str, value: Any) -> dict[str, Any]:
    """An answer as FHIR writes it."""
    kind = questionnaire().question(link).kind
    if kind == "choice":
        return {"valueCoding": {"system": questionnaire().code_system, "code": value}}
    return {{"integer": "valueInteger", "date": "valueDate", "string": "valueString"}[kind]: value}


def response(number: str, day: str = "2025-05-10", **changed: Any) -> dict[str, Any]:
    """A completed response; changed answers are named with underscores, and None leaves one out."""
    answers = {**ANSWERS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    items = [{"linkId": link, "answer": [answer(link, value)]} for link, value in answers.items() if value is not None]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire().canonical,
        "status": "completed",
        "authored": f"{day}T10:00:00+01:00",
        "subject": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}},
        "item": [{"linkId": "start", "item": items}],
    }


def bundle(path: Path, *responses: dict[str, Any]) -> Path:
    """Write a Bundle of resources."""
    entries = [{"resource": one} for one in responses]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "our.key"
    write_new_key(path)
    return path


@pytest.fixture
def reduce(tmp_path: Path, key: Path) -> Run:
    """Run the command on files, with the status that is expected, and give the folder that it wrote to."""

    def run(*files: Path, status: int = 0, more: tuple[str, ...] = ()) -> Path:
        folder = tmp_path / "to send"
        asked = ["reduce", *map(str, files), "--key-file", str(key), "-o", str(folder), "--supplier", "Forms", *more]
        assert commands.main(asked) == status
        return folder

    return run


def events_in(folder: Path) -> list[dict[str, str]]:
    with (folder / "pathway_events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts_in(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "long_return.csv", dtype=str, keep_default_na=False)


def cell(counts: pd.DataFrame, indicator: str, group: str = "", area: str = HOME) -> tuple[str, str] | None:
    rows = counts[(counts["indicator_id"] == indicator) & (counts["breakdown_value"] == group)]
    rows = rows[rows["area_code"] == area]
    return None if rows.empty else (rows["numerator"].iloc[0], rows["denominator"].iloc[0])


# ---- what comes out -------------------------------------------------------------------------------------------------


def test_only_pseudonyms_months_and_counts_come_out(tmp_path: Path, reduce: Run, key: Path) -> None:
    forms = [response(number, health_general="very-bad") for number in NUMBERS[:2]]
    folder = reduce(bundle(tmp_path / "export.json", *forms))
    assert sorted(path.name for path in folder.iterdir()) == ["long_return.csv", "pathway_events.csv"]
    names = {pseudonym(number, read_key(key)) for number in NUMBERS[:2]}
    events = events_in(folder)
    assert {(row["pseudonym"], row["event"], row["month"], row["lsoa21cd"]) for row in events} == {
        (name, event, "2025-05", HOME) for name in names for event in ("antenatal_form", "need_found")
    }
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert not any(number in text for number in NUMBERS)
    assert "very-bad" not in text
    assert "2025-05-10" not in text
    assert read_key(key).hex() not in text


def test_the_command_says_what_it_did_and_shows_nobody(tmp_path: Path, reduce: Run, capsys) -> None:
    reduce(bundle(tmp_path / "export.json", response(NUMBERS[0]), {**response(NUMBERS[1]), "status": "in-progress"}))
    said = capsys.readouterr().out
    assert "1 form is counted." in said
    assert "Left out, because they are not completed: 1." in said
    assert "Nobody said how many pregnancies were booked" in said
    assert not any(number in said for number in NUMBERS)


def test_the_same_form_gives_the_pseudonym_that_the_pseudonym_command_gives(
    tmp_path: Path, reduce: Run, key: Path
) -> None:
    folder = reduce(bundle(tmp_path / "export.json", response("999 000 0018")))
    table, made = tmp_path / "people.csv", tmp_path / "made.csv"
    table.write_text("NHS number,visits\n9990000018,1\n", encoding="utf-8")
    assert commands.main(["pseudonym", str(table), "--key", str(key), "-o", str(made)]) == 0
    assert events_in(folder)[0]["pseudonym"] in made.read_text(encoding="utf-8")


def test_counts_are_those_that_one_counts_by_hand(tmp_path: Path, reduce: Run) -> None:
    forms = [
        response(NUMBERS[0], support_lonely="lonely-often", finance_manage="pay-not", preparedness_score=4),
        response(NUMBERS[1], support_lonely="not-said", health_general="bad", preparedness_score=5),
        response(NUMBERS[2], about_role="partner", support_lonely="lonely-mostly", office_lsoa=NEXT_DOOR),
    ]
    counts = counts_in(reduce(bundle(tmp_path / "export.json", *forms)))
    assert set(counts["period"]) == {"2025/26 Q1"}
    assert cell(counts, "loneliness") == ("1", "1")  # the second would rather not say
    assert cell(counts, "loneliness", "Non-birthing partner", NEXT_DOOR) == ("1", "1")
    assert cell(counts, "low_preparedness") == ("1", "2")  # 4 is below 5, and 5 is not
    assert cell(counts, "poor_self_rated_health") == ("1", "2")
    assert cell(counts, "financial_strain", "Birthing parent") == ("1", "2")
    needs = counts[counts["indicator_id"] == "form_needs_found"].set_index("breakdown_value")["numerator"].to_dict()
    # lonely twice (support), going without (finance), bad health: 4 needs
    assert needs == {
        **{"": "4", "Support": "2", "Finance": "1", "Health": "1"},
        **dict.fromkeys(("Relationship", "Housing", "Safety"), "0"),
    }


def test_the_services_part_gives_links_and_needs_acted_on(tmp_path: Path, reduce: Run) -> None:
    acted = {"office_outcome": "outcome-acted", "office_match": "matched"}
    forms = [
        response(NUMBERS[0], office_outcome_date="2025-06-07", office_match_date="2025-05-14", **acted),  # 28, 4 days
        response(NUMBERS[1], office_outcome_date="2025-06-08", office_match_date="2025-06-03", **acted),  # 29, 24 days
        response(NUMBERS[2], office_outcome="outcome-open", office_match="possible"),
    ]
    folder = reduce(bundle(tmp_path / "export.json", *forms))
    counts = counts_in(folder)
    assert cell(counts, "needs_acted_on") == ("1", "3")
    assert cell(counts, "form_linked") == ("2", "3")
    assert cell(counts, "form_unmatched", area="E06000058") == ("1", "")
    days = counts[counts["indicator_id"] == "form_link_median_days"].iloc[0]
    assert (days["value"], days["denominator"]) == ("14", "2")  # half way between 4 and 24
    assert sorted(row["event"] for row in events_in(folder)).count("record_matched") == 2


def test_the_share_of_booked_pregnancies_needs_somebody_who_knows_the_bookings(tmp_path: Path, reduce: Run) -> None:
    # 12 full weeks on 10 May 2025: due 28 weeks later, on 22 November 2025, which is 2025/26 Q3
    forms = [response(NUMBERS[0]), response(NUMBERS[1], about_weeks=17), response(NUMBERS[2], about_role="partner")]
    bookings = tmp_path / "bookings.csv"
    rows = f"{HOME},2025/26 Q3,9\n{HOME},2025/26 Q4,7\n{NEXT_DOOR},2025/26 Q3,8\n"
    bookings.write_text(f"lsoa21cd,period,bookings\n{rows}", encoding="utf-8")
    counts = counts_in(reduce(bundle(tmp_path / "export.json", *forms), more=("--bookings", str(bookings))))
    done = counts[counts["indicator_id"] == "pregnancy_form_completed"]
    assert done[["area_code", "period", "numerator", "denominator"]].to_numpy().tolist() == [
        [HOME, "2025/26 Q3", "2", "9"],  # the partner's form is no second pregnancy
        [HOME, "2025/26 Q4", "0", "7"],
        [NEXT_DOOR, "2025/26 Q3", "0", "8"],
    ]
    early = counts[counts["indicator_id"] == "pregnancy_form_by_16_weeks"]
    assert early["numerator"].tolist() == ["1", "0", "0"]


def test_consent_is_followed_for_the_record_and_for_the_counts_apart(tmp_path: Path, reduce: Run, key: Path) -> None:
    forms = [
        response(NUMBERS[0], about_consent_counts="no"),
        response(NUMBERS[1], about_consent_record="no"),
    ]
    folder = reduce(bundle(tmp_path / "export.json", *forms))
    assert {row["pseudonym"] for row in events_in(folder)} == {pseudonym(NUMBERS[0], read_key(key))}
    assert cell(counts_in(folder), "poor_self_rated_health") == ("0", "1")


def test_whoever_stops_contact_is_counted_nowhere_and_no_reason_is_sent(tmp_path: Path, reduce: Run) -> None:
    stop = response(NUMBERS[0], "2025-07-02", **dict.fromkeys(ANSWERS), about_contact="stop-contact")
    stop["item"] = [{"linkId": "about-contact", "answer": [answer("about-contact", "stop-contact")]}]
    folder = reduce(bundle(tmp_path / "export.json", response(NUMBERS[0]), response(NUMBERS[1]), stop))
    assert cell(counts_in(folder), "poor_self_rated_health") == ("0", "1")
    stops = [row["month"] for row in events_in(folder) if row["event"] == "stop_contact"]
    assert stops == ["2025-07"]


def test_a_second_form_of_the_same_pregnancy_counts_once_and_completes_the_services_part(
    tmp_path: Path, reduce: Run
) -> None:
    again = response(NUMBERS[0], "2025-06-07", about_weeks=16, health_general="bad", office_match="matched")
    later = response(NUMBERS[0], "2026-10-01", about_weeks=9)
    folder = reduce(bundle(tmp_path / "export.json", again, response(NUMBERS[0]), later))
    counts = counts_in(folder)
    assert cell(counts, "form_linked") == ("1", "1")
    health = counts[(counts["indicator_id"] == "poor_self_rated_health") & (counts["breakdown_type"] == "")]
    assert health[["period", "numerator", "denominator"]].to_numpy().tolist() == [
        ["2025/26 Q1", "0", "1"],
        ["2026/27 Q3", "0", "1"],
    ]


def test_answers_that_were_not_to_be_asked_are_not_counted(tmp_path: Path, reduce: Run) -> None:
    # not alone: what is said about safety is not used, and no need is made of it
    forms = [response(NUMBERS[0], about_alone="no", safety_home="safe-no", safety_fear="fear-yes")]
    folder = reduce(bundle(tmp_path / "export.json", *forms))
    needs = counts_in(folder)
    needs = needs[(needs["indicator_id"] == "form_needs_found") & (needs["breakdown_value"] == "Safety")]
    assert needs["numerator"].tolist() == ["0"]


def test_conflict_beside_fear_leaves_the_count_of_conflict(tmp_path: Path, reduce: Run) -> None:
    together = {"relationship_partner": "yes", "relationship_disagree": "frequent"}
    forms = [response(NUMBERS[0], **together), response(NUMBERS[1], **together, safety_fear="fear-yes")]
    counts = counts_in(reduce(bundle(tmp_path / "export.json", *forms)))
    rows = counts[(counts["indicator_id"] == "relationship_distress") & (counts["breakdown_type"] == "")]
    assert rows[["area_code", "numerator", "denominator"]].to_numpy().tolist() == [["E02003187", "1", "1"]]


# ---- tables and postcodes -------------------------------------------------------------------------------------------


def table(path: Path, *rows: dict[str, Any]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def flat(number: str, **changed: Any) -> dict[str, Any]:
    answers = {**ANSWERS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    place = {"lsoa21cd": answers.pop("office-lsoa")}
    return {"NHS number": number, "Name": "Someone", "completed_on": "10/05/2025", **answers, **place}


def test_a_table_gives_the_same_as_a_bundle(tmp_path: Path, reduce: Run, key: Path) -> None:
    folder = reduce(bundle(tmp_path / "export.json", response(NUMBERS[0]), response(NUMBERS[1], health_general="bad")))
    expected = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    rows = (flat(NUMBERS[0]), flat(NUMBERS[1], health_general="Bad"))  # the words of the choice do as well
    reduce(table(tmp_path / "export.csv", *rows))
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == expected
    assert "Someone" not in "".join(expected.values())


def test_a_workbook_with_numbers_and_dates_is_read_as_it_was_meant(tmp_path: Path, reduce: Run, key: Path) -> None:
    row = flat(NUMBERS[0]) | {"NHS number": int(NUMBERS[0]), "completed_on": pd.Timestamp("2025-05-10")}
    path = tmp_path / "export.xlsx"
    pd.DataFrame([row]).to_excel(path, index=False)
    events = events_in(reduce(path))
    assert [(one["pseudonym"], one["month"]) for one in events] == [(pseudonym(NUMBERS[0], read_key(key)), "2025-05")]


def test_a_postcode_is_looked_up_and_families_elsewhere_are_left_out(tmp_path: Path, reduce: Run, capsys) -> None:
    lookup = tmp_path / "nspl.csv"
    lookup.write_text(f"pcds,lsoa21cd\nBH1 1AA,{HOME}\nBH1 1AB,{NEXT_DOOR}\n", encoding="utf-8")
    forms = [
        response(NUMBERS[0], office_lsoa=None, about_postcode="bh11aa"),
        response(NUMBERS[1], office_lsoa=None, about_postcode="SW1A 1AA"),
    ]
    folder = reduce(bundle(tmp_path / "export.json", *forms), more=("--postcodes", str(lookup)))
    assert {row["lsoa21cd"] for row in events_in(folder)} == {HOME}
    assert "Left out, without a neighbourhood of Dorset ICS that could be found: 1." in capsys.readouterr().out
    assert re.search("BH1|SW1A", (folder / "pathway_events.csv").read_text(encoding="utf-8")) is None


# ---- what is refused ------------------------------------------------------------------------------------------------

SECRET = "9990000019"  # its last digit is wrong


def patient_without_number() -> dict[str, Any]:
    return {**response(NUMBERS[0]), "subject": {"reference": "Patient/1"}}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (response(SECRET), "no valid identifier"),
        (response(NUMBERS[0], about_weeks=46), "column 'about-weeks'"),
        (response(NUMBERS[0], health_general="secret"), "column 'health-general'"),
        (response(NUMBERS[0], about_role=None), "must be answered"),
        (response(NUMBERS[0], "2199-01-01"), "day of completion"),
        ({**response(NUMBERS[0]), "questionnaire": "https://secret.example"}, "another questionnaire"),
        (patient_without_number(), "nobody is named"),
        ({**response(NUMBERS[0]), "item": {"secret": 1}}, "not laid out"),
        ({**response(NUMBERS[0]), "item": [{"linkId": "secret", "answer": [{"valueString": "x"}]}]}, "not in version"),
    ],
)
def test_what_is_wrong_is_told_without_what_was_answered(
    tmp_path: Path, reduce: Run, capsys, made: dict[str, Any], words: str
) -> None:
    folder = reduce(bundle(tmp_path / "export.json", response(NUMBERS[5]), made), status=1)
    told = capsys.readouterr().err
    assert words in told
    assert "in entry 2" in told
    assert SECRET not in told
    assert "secret" not in told
    assert not folder.exists()


HOSTILE = {
    "cut short": '{"resourceType": "Bundle", "entry": [',
    "endless lists": '{"resourceType": "Bundle", "entry": ' + "[" * 5000 + "]" * 5000 + "}",
    "a number that is none": '{"resourceType": "Bundle", "entry": [NaN]}',
    "an endless number": '{"resourceType": "Bundle", "total": ' + "9" * 10000 + ', "entry": []}',
    "another resource": '{"resourceType": "Patient", "id": "9990000018"}',
    "no responses": '{"resourceType": "Bundle", "entry": []}',
    "entries that are no list": '{"resourceType": "Bundle", "entry": 7}',
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_sentence(tmp_path: Path, reduce: Run, capsys, name: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(HOSTILE[name], encoding="utf-8")
    reduce(path, status=1)
    told = capsys.readouterr().err.strip()
    assert told.count("\n") == 0
    assert "export.json" in told
    assert "9990000018" not in told


def test_nothing_is_written_over(tmp_path: Path, reduce: Run, capsys) -> None:
    reduce(bundle(tmp_path / "export.json", response(NUMBERS[0])))
    reduce(bundle(tmp_path / "export.json", response(NUMBERS[1])), status=1)
    assert "Choose another folder" in capsys.readouterr().err


def test_a_table_without_what_is_needed_names_the_columns(tmp_path: Path, reduce: Run, capsys) -> None:
    rows = [{name: value for name, value in flat(NUMBERS[0]).items() if name not in {"NHS number", "about-role"}}]
    reduce(table(tmp_path / "export.csv", *rows), status=1)
    assert "nhs number, about-role" in capsys.readouterr().err


# ---- the whole chain ------------------------------------------------------------------------------------------------


def test_from_the_form_to_continuity(tmp_path: Path, reduce: Run, key: Path, ready_sqlite: sa.Engine) -> None:
    """Six forms of one neighbourhood; the health visiting service sends what it saw of five of them, under one key."""
    forms = [response(number, "2025-01-10", about_weeks=20) for number in NUMBERS[:5]]
    forms.append(response(NUMBERS[5], "2025-05-20", about_weeks=36))  # the forms, too, reach to the last births
    early = response("4010232137", "2020-01-10", about_weeks=20)
    folder = reduce(bundle(tmp_path / "export.json", early, *forms))
    names = [pseudonym(number, read_key(key)) for number in NUMBERS]
    seen = [(pseudonym("4010232137", read_key(key)), "2020-05", ("antenatal_contact", "birth", "new_birth_visit"))]
    seen += [(name, "2025-05", ("antenatal_contact", "birth", "new_birth_visit")) for name in names[:3]]
    seen += [(names[3], "2025-05", ("birth", "new_birth_visit"))]  # nobody came before the birth
    seen += [(names[4], "2025-05", ("antenatal_contact", "birth", "new_birth_visit", "stop_contact"))]
    lines = ["pseudonym,event,month,lsoa21cd,supplier"]
    lines += [f"{name},{event},{month},{HOME},Health visiting" for name, month, steps in seen for event in steps]
    lines += [f"{'f' * 64},booked,2025-06,{HOME},Health visiting"]
    visits = tmp_path / "visits.csv"
    visits.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for path in (folder / "pathway_events.csv", visits, folder / "long_return.csv"):
        proposal = propose(path, ready_sqlite)
        assert proposal.passes, proposal.problems
        load(path, ready_sqlite, loaded_by="a steward")
    with reading(ready_sqlite) as connection:
        rows = exact_rows(connection, "continuity_to_new_birth", read_basis(connection))
    june = rows[rows["period_from"] == "2025-04-01"]
    # of six with a form, one has no birth yet and one stopped contact: four, of whom three had every step
    assert june[["area_code", "numerator", "denominator"]].to_numpy().tolist() == [[HOME, 3, 4]]
    assert read_file(folder / "long_return.csv").frames["observation"]["indicator_id"].nunique() > 4

"""The catalogue is held to its schema, to the two documents and to the publications it names."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data import catalogue
from data.catalogue.definitions import Ask, Indicator
from data.catalogue.reading import FOLDER, read_catalogue
from data.errors import DataError, EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues

SHARED = Path(__file__).resolve().parents[3] / "shared"
QUOTES_SHA256 = "d6ec1b49a794b1bd5c54611f5aad6dce1177a09b4df4ecf808859c21f9eeb5d6"  # of "id, tab, quote" lines
MOST_WORDS = 25
POLARITY = {
    "Higher is better": "high_is_good",
    "Lower is better": "low_is_good",
    "Context (no judgement)": "no_judgement",
    "Yes/No (yes is better)": "high_is_good",
}
REVIEW_CODES = ["C1", "C2", "C3", "C8i", "C8ii", "C4", "C5", "C6i", "C6ii", "C6iii", "C6iv", "C6v", "C6vi", "C6vii"]
INDICATORS = {indicator.id: indicator for indicator in catalogue.indicators()}


def shared(name: str) -> Path:
    """A file beside the project, or skip."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is kept beside the project, not in it")
    return path


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file beside the project."""
    with shared(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---- the asks -------------------------------------------------------------------------------------------------------


def test_no_day_is_claimed_to_be_agreed_with_a_sender() -> None:
    assert [part.id for part in catalogue.expected() if part.due_after_days is not None] == []
    assert "No due date has been agreed" in catalogue.late_rule().statement
    assert "own rule" in catalogue.late_rule().statement


def test_there_are_107_asks_and_their_words_are_unchanged() -> None:
    asks = catalogue.asks()
    lines = "\n".join(f"{ask.id}\t{ask.quote}" for ask in asks)
    assert len(asks) == 63 + 44  # the proposal's and the plan's
    assert [ask.document for ask in asks] == ["proposal"] * 63 + ["plan"] * 44
    assert hashlib.sha256(lines.encode()).hexdigest() == QUOTES_SHA256


def test_asks_are_those_of_the_list_beside_the_project() -> None:
    listed = rows("asks.csv")
    names = ("numerator", "denominator", "unit", "grain", "source")
    for ask, row in zip(catalogue.asks(), listed, strict=True):
        assert (ask.id, ask.quote, ask.line) == (row["id"], row["quote"], int(row["line"]))
        assert [getattr(ask, name) for name in names] == [row[name] for name in names]
        assert (ask.indicator_name, ask.target_words, ask.access) == (
            row["indicator"],
            row["target"],
            row["access"].lower(),
        )
        assert ask.polarity == POLARITY[row["polarity"]]


@pytest.mark.parametrize("ask", catalogue.asks(), ids=lambda ask: ask.id)
def test_the_headline_of_every_ask_points_the_way_it_asks_for(ask: Ask) -> None:
    assert ask.indicators or ask.registers
    if ask.indicators:
        assert INDICATORS[ask.indicators[0]].polarity == ask.polarity
        assert not INDICATORS[ask.indicators[0]].context


def test_section_titles_use_the_words_of_their_asks() -> None:
    for section in catalogue.sections():
        quotes = " ".join(ask.quote for ask in catalogue.asks() if ask.section == section).casefold()
        said, title = set(re.findall(r"\w+", quotes)), set(re.findall(r"\w+", section.title.casefold()))
        assert title <= said | {"a", "an", "and", "of", "the", "in", "not", "as"}, section.title


def test_the_numbers_that_points_ask_for_come_by_the_long_return() -> None:
    plan = re.compile(r"B(3|5|7|9|11|13|15|17|19|21|23|25)\.|A(3|9|11|12|13|14|15|16|17|18|19)\.|A7\.2")
    for ask in catalogue.asks():
        if plan.match(ask.id) and ask.id not in {"A3.1", "A11.1", "B7.1"}:  # registers, and a test of trends
            assert any(INDICATORS[name].returned_by == "long_return" for name in ask.indicators), ask.id


# ---- the indicators -------------------------------------------------------------------------------------------------


def test_every_indicator_answers_an_ask_or_is_context() -> None:
    for indicator in catalogue.indicators():
        assert indicator.asks or indicator.context, indicator.id


def test_short_names_fit_a_table_header() -> None:
    assert [entry.id for entry in catalogue.indicators() if len(entry.short_name) > 40] == []


def test_targets_are_published_or_said_to_be_implied() -> None:
    """A published target rests on a figure marked (F) in the list of asks, or on a context indicator's publication."""
    for indicator in catalogue.indicators():
        if indicator.target is None:
            continue
        words = " ".join(catalogue.ask(name).target_words for name in indicator.asks)
        if indicator.target.implied:
            assert "implie" in words, indicator.id
            assert indicator.target.value == 100
        elif indicator.asks:
            assert re.search(r"\bF[,:)]", words), indicator.id
        else:
            assert indicator.context, indicator.id
        assert indicator.target.words
        assert indicator.target.source


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("antenatal_review_scphn_home", 98),  # HCP Annex A, 6 February 2026
        ("children_per_health_visitor", 250),  # Institute of Health Visiting
        ("good_level_development_age_5", 75),  # CP 1362: by 2028
        ("perinatal_mental_health_access", 10),  # NHS England, not a formal standard
        ("smoking_at_delivery", 6),  # national ambition
    ],
)
def test_published_targets_are_those_of_their_publications(name: str, value: float) -> None:
    target = catalogue.indicator(name).target
    assert target is not None
    assert (target.value, target.implied) == (value, False)


def test_no_other_indicator_has_a_published_level() -> None:
    levels = [
        entry.id
        for entry in catalogue.indicators()
        if entry.target and entry.target.value is not None and not entry.target.implied
    ]
    assert len(levels) == 5


def test_the_whole_review_suite_is_there_locally_and_as_published() -> None:
    local = " ".join(f"{entry.name} {entry.caveat}" for entry in catalogue.indicators() if not entry.context)
    for code in ("C1", "C2", "C3", "C8i", "C8ii", "C4", "C5", "C6i", "C6ii"):
        assert f"({code})" in local
    domains = [name for name in INDICATORS if name.startswith("asq3_") and INDICATORS[name].tool == "ASQ-3"]
    assert len(domains) == 5
    assert sorted(entry.hv_code for entry in catalogue.indicators() if entry.hv_code) == sorted(REVIEW_CODES)


def test_the_antenatal_contact_is_a_count() -> None:
    for name in ("antenatal_contact_count", "antenatal_contact_count_published"):
        contact = catalogue.indicator(name)
        assert (contact.value_type, contact.denominator) == ("count", "")
        assert "percentage" in contact.caveat


def test_smoking_at_delivery_does_not_compare_the_councils() -> None:
    apart = [entry.fingertips_id for entry in catalogue.indicators() if not entry.councils_comparable]
    assert apart == [93085]


def test_the_two_training_denominators_stay_apart() -> None:
    direct, everyone = catalogue.indicator("imhcf_trained_direct_contact"), catalogue.indicator("all_staff_attended")
    assert "direct-contact" in direct.denominator
    assert everyone.denominator.startswith("All staff")
    assert "not competence" in everyone.caveat


def test_separation_is_pooled_and_stands_beside_safety() -> None:
    for entry in catalogue.indicators():
        if entry.theme != "outcomes":
            continue
        assert entry.pooled_only
        assert entry.area_grain == "lad"
        safety = entry.id in {"re_referrals", "serious_incidents"}
        assert safety or entry.paired_with == ("re_referrals", "serious_incidents"), entry.id


def test_asq3_share_of_the_dfe_tool_states_its_trap() -> None:
    trap = next(entry for entry in catalogue.indicators() if entry.lait_short == "HCP_PHOF")
    assert "not review coverage" in trap.caveat
    assert trap.denominator == "Completed 2 to 2½ year reviews"


def test_counts_of_people_are_disclosive_unless_their_publisher_protects_them() -> None:
    people = re.compile(r"\b(mothers|babies|children|parents|families|infants|women|staff|people)\b", re.IGNORECASE)
    harmless = {"children_per_health_visitor", "public_reach", "prevention_spend_per_child", "public_health_spend_0_4"}
    for entry in catalogue.indicators():
        things = entry.value_type in {"share_of_items", "yes_no"} or entry.theme in {"investment", "strategy"}
        ours = catalogue.source(entry.source).protected_by == "us"
        if ours and not things and people.search(f"{entry.numerator} {entry.denominator}"):
            assert entry.disclosive or entry.id in harmless, entry.id


@pytest.mark.parametrize(
    ("breakdown", "whole"),
    [
        ("practitioner", "reviews"),
        ("place_of_visit", "reviews|contacts"),
        ("outcome_of_offer", "offers"),
        ("workforce_group", "staff|people|cases|posts|groups|needs"),
        ("hub", "families|each hub"),
    ],
)
def test_what_is_split_has_a_whole_that_can_be_split(breakdown: str, whole: str) -> None:
    """Babies without a visit have no visitor, so coverage is never split by who visited."""
    for entry in catalogue.indicators():
        if breakdown in entry.breakdowns and entry.value_type != "count":
            assert re.search(whole, entry.denominator, re.IGNORECASE), entry.id


def test_medians_are_sent_by_councils_because_they_do_not_add_up() -> None:
    for entry in catalogue.indicators():
        if entry.value_type == "median":
            assert entry.area_grain in {"lad", "icb"}, entry.id
            assert entry.over_time == "latest", entry.id


# ---- the words ------------------------------------------------------------------------------------------------------


def prose() -> Iterator[tuple[str, str]]:
    """Every text that a person reads and that is not a quotation."""
    for entry in catalogue.indicators():
        for field in ("name", "definition", "numerator", "denominator", "caveat"):
            yield f"{entry.id}.{field}", getattr(entry, field)
    for term in catalogue.glossary():
        yield term.term, term.meaning
    for register in catalogue.registers():
        yield register.id, register.holds
        for column in register.columns:
            yield f"{register.id}.{column.name}", column.meaning
    for breakdown in catalogue.breakdowns():
        yield breakdown.id, breakdown.meaning
    for page in catalogue.pages():
        yield page.slug, page.question
    for spelling in catalogue.long_return().spellings:
        yield spelling.status, spelling.meaning
    yield "ics", catalogue.ics().statement
    yield "disclosure", catalogue.disclosure().statement


def test_sentences_have_at_most_25_words() -> None:
    long = [
        (name, sentence)
        for name, text in prose()
        for sentence in re.split(r"(?<=[.?!])\s+", text)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert long == []


def test_definitions_and_caveats_are_whole_sentences() -> None:
    for entry in catalogue.indicators():
        assert entry.definition.endswith("."), entry.id
        assert entry.caveat.endswith("."), entry.id


@pytest.mark.parametrize(
    "wrong",
    [
        r"\b(program|programs|center|centers|behavior|organization|recognize|counseling|pediatric|labor)\b",
        r"insecure attachment|attachment disorder",
        r"\b(mentally ill|broken famil|bad parent|hard.to.reach|failing mothers?|removed from)",
        r"\b(leverage|utilise|stakeholders?|going forward)\b",
    ],
)
def test_no_text_uses_words_that_mislead(wrong: str) -> None:
    assert [(name, text) for name, text in prose() if re.search(wrong, text)] == []


def test_dorset_never_stands_alone_for_the_council() -> None:
    """ "Dorset" alone means four things, so a text says which, or speaks of the place as a whole."""
    meant = r"(NHS|University Hospitals|Public Health) Dorset|Dorset (Council area|ICS|HealthCare|County|Parent)"
    whole = r"(outside|about|for|one) Dorset|Dorset’s ICS"
    for name, text in prose():
        assert "Dorset" not in re.sub(f"{meant}|{whole}", "", text), name


def test_attachment_is_never_diagnosed() -> None:
    concern = catalogue.indicator("parent_infant_relationship_concern")
    assert "not a diagnosis of attachment" in concern.caveat
    assert concern.tool
    assert [name for name in INDICATORS if "attachment" in name] == []


def test_the_glossary_has_sixty_terms_and_more() -> None:
    terms = [term.term for term in catalogue.glossary()]
    assert len(terms) >= 60
    assert {"LSOA", "Core20", "Suppressed", "Health visitor", "Parent buddy", "Ring-fence"} <= set(terms)


# ---- the system, its rule and its returns ---------------------------------------------------------------------------


def test_the_system_and_the_label_of_the_council_area() -> None:
    ics = catalogue.ics()
    assert (ics.label, ics.icb.code, ics.sub_icb_code) == ("Dorset ICS", "E54000041", "E38000045")
    assert {place.code: place.label for place in ics.lads} == {"E06000058": "BCP", "E06000059": "Dorset Council area"}
    assert [place.code for place in ics.benchmarks] == ["E92000001", "E12000009"]
    every = [ics.icb, ics.region, ics.country, *ics.lads, *ics.neighbours]
    assert "Dorset" not in [place.label for place in every]


@pytest.mark.parametrize(("code", "label"), [("E06000059", "Dorset Council area"), ("E12000009", "South West")])
def test_places_are_found_by_code(code: str, label: str) -> None:
    place = catalogue.ics().place(code)
    assert place is not None
    assert place.label == label
    assert catalogue.ics().place("E09000001") is None


def test_the_rule_for_small_numbers() -> None:
    rule = catalogue.disclosure()
    assert rule.zero_shown
    assert (rule.suppress_from, rule.suppress_to, rule.round_to) == (1, 7, 5)
    assert rule.protect_complement
    assert (rule.share_of_areas, rule.share_before_councils, rule.share_of_groups) == (0.8, 0.3, 0.8)
    assert rule.fifths_from == "year"
    assert rule.area_order == ("lsoa21", "msoa21", "ward", "lad", "icb")
    assert rule.period_order == ("quarter", "year", "three_years")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("*", "suppressed"),
        (" <5 ", "suppressed"),
        ("[C]", "suppressed"),
        ("Fewer  than 5", "suppressed"),
        ("", "not_collected"),
        ("-", "not_collected"),
        ("[x]", "not_collected"),
        ("n/a", "not_applicable"),
        ("Failed validation", "failed_validation"),
        ("not yet due", "immature"),
        ("0", None),
        ("12", None),
        ("-1", None),
    ],
)
def test_marks_mean_what_people_mean_by_them(text: str, status: str | None) -> None:
    assert catalogue.long_return().status_of(text) == status


def test_the_long_return_has_the_columns_its_reader_knows() -> None:
    from data.sources.long_return import OPTIONAL, REQUIRED

    columns = {column.name: column.required for column in catalogue.long_return().columns}
    assert {name for name, required in columns.items() if required} <= set(REQUIRED)
    assert set(REQUIRED) <= set(columns) <= {*REQUIRED, *OPTIONAL}


def test_every_register_has_a_source_and_an_example_for_each_required_column() -> None:
    for register in catalogue.registers():
        assert catalogue.source(register.source).protected_by == "us"
        for column in register.columns:
            assert column.example or not column.required, f"{register.id}.{column.name}"
            assert column.kind != "choice" or column.example in column.allowed, f"{register.id}.{column.name}"


def test_sources_are_public_pages_with_their_licence() -> None:
    for source in catalogue.sources():
        published = source.kind == "publication"
        assert (source.protected_by == "publisher") == published, source.id
        assert source.url.startswith("https://") == published, source.id
        if published and source.id != "published_documents":  # each of those bodies has a licence of its own
            assert source.licence.startswith("Open Government Licence v3.0"), source.id
            assert "Open Government Licence v" in source.attribution, source.id


# ---- against the publications ---------------------------------------------------------------------------------------


def test_measures_of_the_dfe_tool_exist() -> None:
    published = {row["Measure_short"] for row in rows("opendata/lait_early_years_dorset_bcp_sw_england.csv")}
    assert {entry.lait_short for entry in catalogue.indicators() if entry.lait_short} <= published


def test_maternity_dimensions_and_measures_exist() -> None:
    published = rows("opendata/nhs_maternity_statistics_msds_annual.csv")
    measures = {(row["Dimension"], row["Measure"]) for row in published}
    for entry in catalogue.indicators():
        if entry.msds:
            for dimension in entry.msds.dimension:
                assert any((dimension, measure) in measures for measure in entry.msds.measure), entry.id


def test_every_published_statistic_has_its_indicator() -> None:
    names = {name for entry in catalogue.indicators() for name in entry.published_names}
    assert {row["indicator"] for row in rows("facts/published_statistics.csv")} <= names
    assert {row["metric"] for row in rows("opendata/hv_metrics_england_published_headlines.csv")} <= names


# ---- reading --------------------------------------------------------------------------------------------------------


def test_names_that_do_not_exist_are_refused() -> None:
    for pick in (catalogue.ask, catalogue.indicator, catalogue.source, catalogue.register, catalogue.page):
        with pytest.raises(UnknownName, match="no_such_name"):
            pick("no_such_name")
    with pytest.raises(UnknownName, match="no_such_name"):
        catalogue.breakdown("no_such_name")


def test_definitions_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.ask("A1.1").quote = "other words"  # type: ignore[misc]


def test_the_catalogue_is_read_once() -> None:
    assert catalogue.indicators() is catalogue.indicators()
    assert catalogue.indicator("buddy_allocated") is INDICATORS["buddy_allocated"]


def test_importing_and_reading_brings_in_nothing_heavy() -> None:
    heavy = ["pandas", "numpy", "sqlalchemy", "streamlit"]
    code = f"import sys, data.catalogue as c; c.indicators(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    assert done.stdout.strip() == "[]"


# ---- broken files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the catalogue to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def replace(old: str, new: str) -> Callable[[str], str]:
    """Change the first place where the old words stand, and be sure that they stand there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


BUDDIES = "indicators/buddies.toml"
FAULTS: list[tuple[str, Callable[[str], str], type[DataError], str]] = [
    (BUDDIES, replace('unit = "', 'colour = "red"\nunit = "'), WrongColumns, r"buddies_in_post.*unknown key.*colour"),
    (BUDDIES, replace('polarity = "no_judgement"\n', ""), WrongColumns, r"buddies_in_post.*lacks a key.*polarity"),
    (BUDDIES, replace('"no_judgement"', '"more_is_good"'), WrongValues, r"buddies_in_post.*polarity.*more_is_good"),
    (BUDDIES, replace("multiplier = 1.0", 'multiplier = "1"'), WrongValues, r"buddies_in_post.*multiplier.*wrong type"),
    (
        BUDDIES,
        replace("multiplier = 1.0", "multiplier = true"),
        WrongValues,
        r"buddies_in_post.*multiplier.*wrong type",
    ),
    (BUDDIES, replace("multiplier = 1.0", "multiplier = 0"), WrongValues, r"buddies_in_post.*above zero"),
    (BUDDIES, replace("point = 2", "point = 4"), WrongValues, r"buddies_in_post.*point is not 0 to 3"),
    (BUDDIES, replace('["B11.1"]', '["B99.1"]'), UnknownName, r"buddies_in_post.*unknown ask.*B99\.1"),
    (BUDDIES, replace('["B11.1"]', "[11]"), WrongValues, r"buddies_in_post.*asks.*wrong type"),
    (BUDDIES, replace('["B11.1"]', "[]"), WrongValues, r"buddies_in_post.*no ask"),
    (BUDDIES, replace('page = "parent_buddies"', 'page = "buddy"'), UnknownName, r"unknown page.*buddy"),
    (BUDDIES, replace('"long_return"', '"post"'), UnknownName, r"buddies_in_post.*unknown return.*post"),
    (BUDDIES, replace('source = "first', 'source = "last'), UnknownName, r"buddies_in_post.*unknown source"),
    (BUDDIES, replace('"families_per_buddy"', '"buddies_in_post"'), WrongValues, r"same id.*buddies_in_post"),
    (BUDDIES, replace('"Buddies in post"', f'"{"B" * 41}"'), WrongValues, r"short name is over 40"),
    (BUDDIES, replace('denominator = ""', 'denominator = "posts"'), WrongValues, r"a count has no denominator"),
    (BUDDIES, replace("[[indicator]]", "[[indicators]]"), WrongColumns, r"buddies.toml.*unknown key.*indicators"),
    (BUDDIES, replace('id = "', "id = "), UnreadableFile, r"buddies.toml.*not valid TOML"),
    ("indicators/outcomes.toml", replace('"lad"', '"lsoa21"'), WrongValues, r"never shown below a council"),
    (
        "indicators/outcomes.toml",
        replace('["re_referrals"', '["re_referral"'),
        UnknownName,
        r"unknown indicator.*re_referral",
    ),
    ("asks.toml", replace('"strategy_actions_on_track"', '"strategy_stage"'), WrongValues, r"A1\.1.*name each other"),
    ("asks.toml", replace('id = "A1.2"', 'id = "A1.1"'), WrongValues, r"same id.*A1\.1"),
    (
        "asks.toml",
        replace('registers = ["commitments"', 'registers = ["promises"'),
        UnknownName,
        r"A1\.1.*unknown register",
    ),
    (
        "asks.toml",
        replace(
            '[[ask]]\nid = "A1.1"\ndocument = "proposal"\nline = 1',
            '[[ask]]\nid = "A1.1"\ndocument = "proposal"\nline = 77',
        ),
        UnknownName,
        r"A1\.1.*no section",
    ),
    (
        "registers.toml",
        replace('source = "register_commitments"', 'source = "nobody"'),
        UnknownName,
        r"commitments.*nobody",
    ),
    ("registers.toml", replace('kind = "code"', 'kind = "colour"'), WrongValues, r"commitments / id.*colour"),
    ("returns.toml", replace('"*"', '"[C]"'), WrongValues, r"lower case"),
    ("returns.toml", replace('"*"', '"-"'), WrongValues, r"same id stands twice.*-"),
    ("expected.toml", replace('    "buddies_in_post",\n', ""), WrongValues, r"has no sender.*buddies_in_post"),
    ("expected.toml", replace('"buddies_in_post"', '"imd_score"'), WrongValues, r"has no sender"),
    ("expected.toml", replace('"buddies_in_post"', '"buddy_allocated"'), WrongValues, r"twice.*buddy_allocated"),
    ("expected.toml", replace("late_after_days = 45", "late_after_days = 135"), WrongValues, r"contradicts itself"),
    ("expected.toml", replace("late_after_days = 45", "late_after_days = 44"), WrongValues, r"own days"),
    ("disclosure.toml", replace("suppress_to = 7", "suppress_to = 0"), WrongValues, r"contradicts itself"),
    ("disclosure.toml", replace("of_groups = 0.8", "of_groups = 0.0"), WrongValues, r"contradicts itself"),
    ("disclosure.toml", replace("of_groups = 0.8", "of_groups = 50"), WrongValues, r"contradicts itself"),
    ("disclosure.toml", replace("zero_shown = true", 'zero_shown = "yes"'), WrongValues, r"zero_shown.*wrong type"),
    ("ics.toml", replace('label = "BCP"', 'lable = "BCP"'), WrongColumns, r"unknown key.*lable"),
    ("pages.toml", lambda _: "", EmptyFile, r"pages.toml.*no entries"),
    ("pages.toml", replace('["pregnancy_form_completed"', '["no_such_form"'), UnknownName, r"pages.toml.*no_such_form"),
    ("pages.toml", replace("headlines = [", 'headlines = ["loneliness", '), WrongValues, r"too many.*found 5"),
    ("glossary.toml", lambda _: "term = 3", WrongValues, r"glossary.toml.*no list"),
]


@pytest.mark.parametrize(("file", "spoil", "kind", "words"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_broken_file_is_refused_by_name(
    broken: Path, file: str, spoil: Callable[[str], str], kind: type[DataError], words: str
) -> None:
    path = broken / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(kind, match=words) as caught:
        read_catalogue(broken)
    assert Path(file).name.removesuffix(".toml") in str(caught.value) or "indicators" in str(caught.value)


def test_a_missing_file_is_named(broken: Path) -> None:
    (broken / "sources.toml").unlink()
    with pytest.raises(UnreadableFile, match=r"sources\.toml.*missing"):
        read_catalogue(broken)


def test_the_copy_is_sound_before_it_is_spoilt(broken: Path) -> None:
    assert read_catalogue(broken) == catalogue.catalogue()


def test_another_system_loads_by_changing_one_file(broken: Path) -> None:
    path = broken / "ics.toml"
    text = path.read_text(encoding="utf-8").replace("E54000041", "E54000038").replace('"Dorset ICS"', '"Somerset ICS"')
    path.write_text(text, encoding="utf-8")
    other = read_catalogue(broken)
    assert other.ics.icb.code == "E54000038"
    assert other.indicators == catalogue.indicators()


def test_every_theme_file_is_read() -> None:
    themes = {path.stem for path in (FOLDER / "indicators").glob("*.toml")}
    assert {entry.theme for entry in catalogue.indicators()} == themes
    assert all(isinstance(entry, Indicator) for entry in catalogue.indicators())

"""Terms of art are explained: in the glossary, beside each picture, and at the end of each page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from data.answers.explained import in_order, terms_in
from data.catalogue import glossary
from data.catalogue.reading_guides import reading_guide, reading_guides
from data.errors import UnknownName
from tests.test_plain_words import every_text, plain_of

ROOT = Path(__file__).parents[1]
#: What pages and files say, and what the catalogue defines; errors that only a sender of files meets are left out.
READ_BY_ALL = ("pages", "data/answers", "data/catalogue")
ABBREVIATION = re.compile(r"(?<![\w/@_.:{-])[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*(?:[:-][A-Z0-9]+)*(?![\w_=]|[/.]\w)")
#: Short for what everybody calls so, kinds of file that a reader chooses by these letters, and names of programs.
EVERYDAY = frozenset(
    {"NHS", "GP", "UK", "HM", "OS", "OGL", "UTC", "MB", "KB", "ID", "OK", "AA"}
    | {"PDF", "CSV", "XLSX", "ODS", "DOCX", "PNG", "SVG", "JSON", "ZIP", "HTML", "TOML", "XML", "OpenDocument"}
    | {"PHEindicatormethods", "McClean", "FILE", "NAME", "EXAMPLE", "PLUS", "LibreOffice"}
)
#: Words of statistics, public money and protection, by how they begin: wherever one is said, it is explained.
TERMS_OF_ART = (
    *("confidence", "95% limits", "95% interval", "median", "denominator", "numerator", "percentage point"),
    *("slope index", "relative index", "XmR", "run chart", "kappa", "quintile", "decile", "benchmark", "prevalence"),
    *("cohort", "suppressed", "differencing", "complement", "finest safe grain", "bivariate", "hexagon", "trajectory"),
    *("deflator", "apportion", "outturn", "recurrent", "ring-fence", "real terms", "statutory care", "whole-time"),
    *("pseudonym", "SHA-256", "caseload", "co-production", "perinatal", "antenatal", "reflective supervision"),
    *("looked after", "care proceedings", "serious incident", "local ambition", "equality duty", "referral"),
)


@cache
def read_by_all() -> list[tuple[str, str]]:
    return [(one.where, plain_of(one.words)) for one in every_text() if one.where.startswith(READ_BY_ALL)]


def spellings() -> set[str]:
    return {name.casefold() for one in glossary() for name in (one.term, *one.also)}


def explained(term: str, words: str) -> bool:
    """Whether what a page lists for these words holds this very term."""
    names = {name.casefold() for one in terms_in(words) for name in (one.term, *one.also)}
    return any(term.casefold() in name for name in names)


def test_every_abbreviation_is_explained() -> None:
    known = spellings()
    unknown = {
        found: where
        for where, words in read_by_all()
        for found in ABBREVIATION.findall(words)
        if found not in EVERYDAY and not {found.casefold(), found.casefold().removesuffix("s")} & known
    }
    assert unknown == {}


@pytest.mark.parametrize("term", TERMS_OF_ART)
def test_every_term_of_art_is_explained_where_it_is_said(term: str) -> None:
    said = [words for _, words in read_by_all() if term.casefold() in words.casefold()]
    assert any(term.casefold() in name for name in spellings())
    assert [words for words in said if not explained(term, words)] == []


def test_a_guide_needs_no_word_that_is_explained_nowhere_and_each_stands_beside_a_picture() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "pages").rglob("*.py"))
    assert {kind for kind in reading_guides() if f'"{kind}"' not in code} == set()
    assert all(guide.summary.startswith("How to read") and guide.points for guide in reading_guides().values())
    with pytest.raises(UnknownName, match="no guide to such a picture"):
        reading_guide("pie")


def test_a_term_is_found_as_a_word_of_its_own() -> None:
    found = {one.term for one in terms_in("The LSOAs’ median and the 95% limits, by decile.")}
    assert {"LSOA", "Median", "Confidence interval", "Deprivation decile"} <= found
    assert "Median" not in {one.term for one in terms_in("Comedians")}
    assert "Child in need" not in {one.term for one in terms_in("the cinema, or a cin")}  # CIN only in capitals
    terms = [one.term for one in in_order([*glossary(), *glossary()])]
    assert terms == sorted(set(terms), key=str.casefold)

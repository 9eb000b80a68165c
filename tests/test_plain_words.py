"""Every sentence that a reader meets is short and in plain words; docs/words.md says how that is measured."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyphen
import pytest

from data.catalogue import glossary

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "data" / "catalogue"
#: A sentence has fewer words than this.
MOST_WORDS = 25
#: Flesch and Kincaid's school grade, as used by GOV.UK: grade 8 is read at 13.
MOST_GRADE = 8.0
#: The grade of a short text is chance. From so many words on it is held, more loosely below the second number.
ENOUGH_WORDS, MANY_WORDS = 15, 25
#: What one sentence of 15 to 24 words may have: one long name in it adds two grades.
MOST_GRADE_OF_ONE = 10.0
#: A label of fewer words is no sentence.
FEWEST_WORDS = 4
#: Python in which readers' words stand, and what is read by people who write code only.
CODE = ("pages", "data/answers", "data/actions", "data/intake", "data/sources", "data/exports", "data/errors.py")
#: Keys of the catalogue that hold names, codes or somebody else's words, which are not sentences of ours.
NOT_OURS = frozenset(
    {"quote", "grain", "indicator_name", "unit", "name", "short_name", "published_names", "also", "other_names"}
    | {"publication", "licence", "attribution", "supplier", "source", "source_document", "patterns", "spellings"}
    | {"excluded", "columns", "values", "allowed", "cadence", "address", "url"}
)
#: Texts that a reader meets in somebody else's words, or that can't be simpler, each with its reason.
ELSEWHERE = {
    "asks.toml": "the documents' own words",
    "lexicon.toml": "patterns of words to look for",
    "ics.toml": "names of places, as publishers write them",
    "questionnaire_codes.json": "codes and their names",
}


#: Single texts that stay harder, each with its reason.
HARD: dict[str, str] = {}


@dataclass(frozen=True)
class Text:
    """Words that a reader meets: where they stand, and what they are once placeholders are filled."""

    where: str
    words: str

    @property
    def file(self) -> str:
        return self.where.split(":")[0]


# ---- what is read ---------------------------------------------------------------------------------------------------


def catalogue_texts() -> Iterator[Text]:
    """The reviewed texts of the catalogue."""
    for file in sorted([*CATALOGUE.rglob("*.toml"), *CATALOGUE.glob("*.json")]):
        if file.name not in ELSEWHERE:
            read = tomllib.loads if file.suffix == ".toml" else json.loads
            yield from told(read(file.read_text(encoding="utf-8")), f"{file.relative_to(ROOT)}:")


def told(part: Any, where: str, key: str = "") -> Iterator[Text]:
    """Every text of a part that is a sentence of ours; ``where`` takes up the name of the entry."""
    if isinstance(part, dict):
        label = next((part[name] for name in ("id", "term", "slug", "linkId") if isinstance(part.get(name), str)), "")
        for name, value in part.items():
            yield from told(value, f"{where}{label}:" if label else where, str(name))
    elif isinstance(part, list):
        for one in part:
            yield from told(one, where, key)
    elif isinstance(part, str) and key not in NOT_OURS and len(part.split()) >= FEWEST_WORDS:
        yield Text(f"{where}{key}", part)


def code_texts() -> Iterator[Text]:
    """The sentences in the code's strings, with a plain word in place of each value."""
    for top in CODE:
        for file in sorted([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            for line, words in strings_of(file):
                if is_sentence(words):
                    yield Text(f"{name}:{line}", words)


@cache
def strings_of(file: Path) -> tuple[tuple[int, str], ...]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told_already = {id(one) for one in docstrings(tree)}
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            told_already |= {id(part) for part in node.values}
            words = "".join(part.value if isinstance(part, ast.Constant) else "five" for part in node.values)
            found.append((node.lineno, words))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told_already:
            found.append((node.lineno, node.value))
    return tuple(found)


def docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def is_sentence(words: str) -> bool:
    """Whether a string is said to a reader: words, not a pattern, a path or mark-up alone."""
    plain = plain_of(words)
    a_list = "\n" in words.strip() and not re.search(r"[.!?]", words)
    return (
        len(plain.split()) >= FEWEST_WORDS
        and not a_list
        and not re.search(r"[{}\\=]|\b(SELECT|PRAGMA|CREATE)\b", plain)
    )


def plain_of(words: str) -> str:
    """Words without mark-up and links."""
    words = re.sub(r"<[^>]*>", " ", words)
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", words)
    return re.sub(r"\s+", " ", words.replace("**", "").replace("`", "")).strip()


# ---- how it is measured ---------------------------------------------------------------------------------------------

TERM = "term"
_HYPHENS = pyphen.Pyphen(lang="en_GB")


@cache
def terms_of_art() -> re.Pattern[str]:
    """Every word that the glossary explains, longest first, one or many of it."""
    names = {name for one in glossary() for name in (one.term, *one.also)}
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in ordered)})(?:s|’s)?(?!\w)", re.IGNORECASE)


def sentences_of(words: str) -> list[str]:
    """Split a text into sentences; a list's parts and what follows a semicolon or a colon stand by themselves."""
    return [one for one in re.split(r"(?<=[.!?])[”’)]*\s+|;\s+|:\s+|\n+", plain_of(words)) if one.strip()]


def words_of(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-zÀ-ÿ0-9£%½]+(?:[’'.,-][A-Za-zÀ-ÿ0-9]+)*", sentence)


#: An e that is written at the end and not said: not after b-l as in table, nor in wanted and places.
_SILENT = re.compile(r"(?<![^aeiouy]l)(?:(?<=[^aeiouy])e|(?<=[^aeiouytd])ed|(?<=[^aeiouyscgxz])es)$")
_SPOKEN_APART = re.compile(r"i[aou](?!us)|^ar(?=eas?$)")


@cache
def syllables(word: str) -> int:
    """Syllables by sound or by hyphenation, whichever are more; a number counts as one."""
    own = re.sub(r"[^a-zà-ÿ]", "", word.lower())
    if not own:
        return 1
    groups = len(re.findall(r"[aeiouyà-ÿ]+", _SILENT.sub("", own)))
    groups += len(_SPOKEN_APART.findall(re.sub(r"[tcs]io", "", own)))
    return max(groups, len(_HYPHENS.positions(own)) + 1, 1)


def grade(words: str) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975); a term of art is one word."""
    sentences = [one for one in map(words_of, sentences_of(terms_of_art().sub(TERM, plain_of(words)))) if one]
    every = [word for sentence in sentences for word in sentence]
    if not every:
        return 0.0
    return 0.39 * len(every) / len(sentences) + 11.8 * sum(map(syllables, every)) / len(every) - 15.59


@cache
def every_text() -> tuple[Text, ...]:
    """All of it, read once."""
    return (*catalogue_texts(), *code_texts())


def length(text: Text) -> int:
    return len(words_of(plain_of(text.words)))


def whole(words: str) -> str:
    """End a label with a full stop, so that it is a sentence beside others."""
    plain = plain_of(words)
    return plain if plain[-1:] in ".!?" else f"{plain}."


# ---- what is held ---------------------------------------------------------------------------------------------------


def test_no_sentence_has_25_words() -> None:
    long = {
        text.where: sentence
        for text in every_text()
        for sentence in sentences_of(text.words)
        if len(words_of(sentence)) >= MOST_WORDS
    }
    assert long == {}


def test_every_text_can_be_read_at_thirteen() -> None:
    hard = {
        text.where: (round(grade(text.words), 1), text.words)
        for text in every_text()
        if grade(text.words) > (MOST_GRADE if length(text) >= MANY_WORDS else MOST_GRADE_OF_ONE)
        and length(text) >= ENOUGH_WORDS
        and text.where not in HARD
    }
    assert hard == {}


def test_the_words_of_each_file_together_can_be_read_at_thirteen() -> None:
    files = defaultdict(list)
    for text in every_text():
        files[text.file].append(whole(text.words))
    graded = {name: grade(" ".join(words)) for name, words in files.items() if len(words_of(" ".join(words))) >= 50}
    assert len(graded) > 150  # the files are found
    assert {name: round(found, 1) for name, found in graded.items() if found > MOST_GRADE} == {}


def test_every_exception_is_still_needed() -> None:
    found = {text.where: text.words for text in every_text()}
    assert {where for where in HARD if where not in found or grade(found[where]) <= MOST_GRADE_OF_ONE} == set()
    assert {name for name in ELSEWHERE if not (CATALOGUE / name).is_file()} == set()


# ---- the measure itself ---------------------------------------------------------------------------------------------


def test_the_grade_is_what_its_authors_say() -> None:
    # 6 words in 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # 7 words in 2 sentences, 11 syllables (ba-by, vis-it, fam-i-ly): 0.39 * 3.5 + 11.8 * 11 / 7 - 15.59
    assert grade("The baby had a visit. Family smiled.") == pytest.approx(0.39 * 3.5 + 11.8 * 11 / 7 - 15.59)


SPOKEN = {"area": 3, "baby": 2, "cared": 1, "decided": 3, "families": 3, "table": 2, "smiled": 1, "places": 2}
SPOKEN |= {"deprivation": 4, "neighbourhood": 3, "period": 3, "national": 3, "quarter": 2, "people": 2, "2025": 1}


@pytest.mark.parametrize(("word", "count"), SPOKEN.items())
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_term_that_the_glossary_explains_counts_as_one_plain_word() -> None:
    assert grade("The slope index of inequality fell.") == grade("The term fell.")
    assert grade("The concentration coefficient fell.") > grade("The term fell.")


def test_placeholders_count_as_one_word_and_mark_up_as_none(tmp_path: Path) -> None:
    file = tmp_path / "said.py"
    file.write_text('"""Not this docstring at all."""\nsay(f"<b>{a}</b> of {b} babies " f"were seen.")\n')
    assert [plain_of(words) for _, words in strings_of(file) if is_sentence(words)] == [
        "five of five babies were seen."
    ]


def test_a_hard_text_and_a_long_sentence_are_found() -> None:
    hard = "Utilisation of multidimensional interdisciplinary methodologies necessitates organisational change."
    assert grade(hard) > 20
    assert len(words_of("five " * 25)) == MOST_WORDS
    assert sentences_of("It rose (see the map). It fell; nobody knows why: it may be chance.") == [
        *("It rose (see the map).", "It fell", "nobody knows why", "it may be chance.")
    ]

"""Words for babies are found, words that only look like them are left out with a reason, and every find is shown."""

from __future__ import annotations

import pytest

from data.answers.lexicon import find_mentions
from data.catalogue.lexicon import BABIES, lexicon, read_lexicon
from data.errors import UnknownName, WrongValues


def found(text: str, stage: str = BABIES) -> list[str]:
    """Give the words that count."""
    return [text[one.start : one.end] for one in find_mentions(text) if one.stage == stage and not one.left_out]


def left_out(text: str) -> list[str]:
    """Give the words for babies that are found and do not count."""
    return [text[one.start : one.end] for one in find_mentions(text) if one.stage == BABIES and one.left_out]


@pytest.mark.parametrize(
    "text",
    [
        *("Every baby", "all babies", "an infant", "Infants", "the unborn", "antenatal", "perinatal", "newborn"),
        *("new-born", "from conception", "1001 days", "1,001 days", "1,000 days", "the 1001 critical days"),
        *("under two", "under twos", "under-2s", "children under two years", "parent-infant", "infant mental health"),
        *("health visitor", "Health visiting", "maternity", "neonatal", "breastfeeding", "breast-feeding", "breastfed"),
        *(
            "infant feeding",
            "a family hub",
            "Family Hubs",
            "Start for Life",
            "Healthy Babies",
            "Best Start",
            "early years",
        ),
        *("early years", "fathers", "a dad", "the baby’s", "BABIES"),
    ],
)
def test_each_word_of_the_starter_lexicon_counts_once(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the baby boom of 1946", "baby"),
        ("baby boomers retire", "baby"),
        ("two infant schools", "infant"),
        ("an infant and junior school", "infant"),
        ("see attachment 1", "attachment"),
        ("Attachments: the budget", "Attachments"),
        ("our partners in the voluntary sector", "partners"),
        ("partner organisations", "partner"),
        ("NHS partners will support parents", "partners"),
        ("seen in under two weeks", "under two"),
        ("the early years of the plan", "early years"),
    ],
)
def test_words_that_mean_something_else_are_found_and_left_out_with_a_reason(text: str, word: str) -> None:
    assert found(text) == []
    assert left_out(text) == [word]
    assert next(one.left_out for one in find_mentions(text) if one.stage == BABIES)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a secure attachment to a carer", "attachment"),
        ("mothers and their partners", "partners"),
        ("her partner may stay after the birth", "partner"),
    ],
)
def test_a_word_about_a_family_near_by_lets_attachment_and_partner_count(text: str, word: str) -> None:
    assert word in found(text)


def test_near_is_six_words() -> None:
    assert found("partner one two three four five mothers") == ["partner"]
    assert found("partner one two three four five six mothers") == []
    assert found("mothers one two three four five partner") == ["partner"]
    assert found("mothers one two three four five six partner") == []


def test_no_word_counts_twice_and_the_longest_wins() -> None:
    assert found("infant mental health and infant feeding for babies") == [
        "infant mental health",
        "infant feeding",
        "babies",
    ]
    assert found("parent-infant relationships") == ["parent-infant"]
    assert found("Healthy Babies") == ["Healthy Babies"]


@pytest.mark.parametrize("text", ["", "misconception", "prenatally", "babysitting", "infantry", "paternity"])
def test_words_inside_other_words_are_not_found(text: str) -> None:
    assert found(text) == []
    assert left_out(text) == []


@pytest.mark.parametrize(
    ("stage", "text", "count"),
    [
        ("older", "older people with frailty and dementia in care homes", 4),
        ("working_age", "working-age adults in employment", 2),
        ("school_age", "pupils at infant schools", 2),
        ("end_of_life", "palliative care at the end of life", 2),
        ("children", "children and young people", 1),
        ("older", "the figure falls again", 0),
        ("school_age", "send the letter", 0),
    ],
)
def test_other_stages_of_life_are_counted_by_lists_of_their_own(stage: str, text: str, count: int) -> None:
    assert len(found(text, stage)) == count


def test_letters_that_grow_when_written_small_move_nothing() -> None:
    text = "İ baby"  # the small form of the first letter has two characters
    assert found(text) == ["baby"]


def test_a_stage_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownName, match="no such stage"):
        lexicon().stage("toddlers")


TERM = '[[stage.term]]\nlabel = "baby"\npatterns = ["baby"]\n'
HEAD = 'near = 6\nper_words = 10000\ncaveat = ""\n[[stage]]\nid = "babies"\nname = "Babies"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + TERM + 'after = ["boom"]\n', "keys that mean nothing"),
        (HEAD + TERM + 'not_before = ["boom"]\n', "does not say why"),
        (HEAD + TERM.replace('"baby"]', '"ba*"]'), "fits too many words"),
        (HEAD + TERM + HEAD[HEAD.index("[[") :] + TERM, "one id"),
    ],
)
def test_a_lexicon_that_could_not_be_counted_by_is_refused(text: str, message: str) -> None:
    with pytest.raises(WrongValues, match=message):
        read_lexicon(text.encode())


def test_words_may_be_left_out_for_what_stands_near() -> None:
    words = read_lexicon((HEAD + TERM + 'not_near = ["doll"]\nreason = "a toy"\n').encode())
    text = "a baby and a doll; one two three four five a baby"
    assert [one.left_out for one in find_mentions(text, words)] == [
        "a toy",
        "",
    ]

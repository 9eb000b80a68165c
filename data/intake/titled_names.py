"""Names of people, as far as their form gives them away: a title before them, or words that announce them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?"
_TITLED = re.compile(
    rf"(?<![^\W_])(?P<title>mr|mrs|ms|miss|mx|master|baby|dr|prof|professor)\b\.?(?P<rest>(?:[^\S\n]+{_WORD}){{1,5}})",
    re.IGNORECASE,
)
_PERSON = (
    r"(?:mother|mum|mummy|father|dad|parent|carer|guardian|partner|patient|client|baby|infant|child|son|daughter|"
    r"sibling|brother|sister|twin|person|service user)"
)
_ANNOUNCED = re.compile(
    rf"(?<![^\W_])(?:(?:(?i:first|last|full|maiden|given|middle|family) (?i:names?)|(?i:surname|forename)s?|"
    rf"(?i:{_PERSON})(?:['’]?s)?['’]? (?i:(?:first |full )?names?))(?: (?i:is|was)|\s?[:=-])\s?|"
    rf"(?i:{_PERSON}) (?:(?i:is|was) )?(?i:called|named) )(?P<name>{_WORD})"
)
# Two capitals may be a scan (MR) or a firm's product (MS), and these words make no name of what stands before them.
_AFTER_TITLE = frozenset(
    {"and", "or", "scan", "scans", "imaging", "teams", "excel", "word", "office", "society", "nurse"}
)
_PRACTICE = re.compile(r"surgery|practice|partners|medical|health cent|clinic|['’]s\b|&", re.IGNORECASE)
#: Words that follow "Master", "Miss" or "Baby" in the names of things: services, groups, programmes and papers.
_WORDS_FOR_THINGS = """
    agreement class copy data degree degrees file index key list of patient plan planning plans record register schedule
    service spreadsheet sheet trainer version out outs england

    a an and are as at basics beats blues born bounce box boxes brain brains buddy buddies bank banks bath bathing board
    boogie boom bistro books book boy boys cafe café cafes calm care carrier carriers change changing chat check checks
    clinic clinics clothes clothing club clubs cohort colic college connect connections contact contacts count day days
    death deaths development drop equipment event events experience explorers express family families fed feeding feed
    first food foods foot for formula friendly from gate girl girls group groups growth gym hammock has health hearing
    home homes hospital hub hubs hygiene in incubator infant is initiative journey kit language leader leaders led life
    lifeline loss lounge love massage matters mat mental milk minds monitor monitors mortality movement music name names
    network not number numbers nutrition on one or pack packs parent parents pathway pathways photo place plan play
    playgroup podcast portal premature preparation product products programme programmes project proof pregnancy ready
    record records red register return review reviews rhyme rhymes room rooms safe safety scan scans scheme seat seen
    sensory service services session sessions shop show showers shower signing signs singing sing skills sleep sling
    slings social space sparks splash stage star stars start starts station stay step steps stories story storytime
    strategy stuff support surgery survey swim swimming swing talk talking team teams teeth teething the theatre time to
    toddler toddlers together tooth touch toys tracker twin two twos umbrella unit units university unlimited
    vaccination vaccinations video visit visits visitor visitors voice voices walk walks was watch wearing week weeks
    weigh weighing weight welcome welcoming well wellbeing when who wipes with without world yoga your zone
"""
THINGS = frozenset(_WORDS_FOR_THINGS.split())
_CHILD = frozenset({"boy", "girl", "twin", "one", "two"})


def holds_titled_name(text: str) -> bool:
    """Say whether a text gives a name after a title ("Mrs J Smith", "Baby Jones") or announces one."""
    if any(found["name"][0].isupper() for found in _ANNOUNCED.finditer(text)):
        return True
    return any(is_titled_name(found, text[found.end() :]) for found in _TITLED.finditer(text))


def titled_names(text: str) -> Iterator[tuple[int, int]]:
    """Give the letters that each name after a title covers, as far as its words begin with capitals."""
    found = _TITLED.search(text)
    while found:
        until = found.end("title")
        if is_titled_name(found, text[found.end() :]):
            words = re.match(r"(?:\.?\s+[A-Z][^\s,;:()]*)+", text[until:]) or re.match(r"\.?\s+\S+", text[until:])
            until += words.end() if words else 0
            yield found.start(), until
        found = _TITLED.search(text, until)


def is_titled_name(found: re.Match[str], after: str) -> bool:
    """Tell a person from a thing of which the first word looks like a title."""
    title, words = found["title"], found["rest"].split()
    known, first = title.casefold(), words[0]
    if first.casefold() in _AFTER_TITLE or (title.isupper() and len(title) < 3 and not first[0].isupper()):
        return False
    if known in {"mr", "mrs", "mx"}:
        return True
    if not title[0].isupper():
        return False
    if known == "baby":
        return is_surname(words)
    if known in {"dr", "prof", "professor"}:
        return first[0].isupper() and _PRACTICE.search(" ".join(words) + after[:40]) is None
    shouted = known != "ms" or not title.isupper() or (len(first) > 2 and is_in_capitals(first))
    return shouted and first[0].isupper() and first.casefold().rstrip(".") not in THINGS


def is_in_capitals(word: str) -> bool:
    """Say whether each letter of a word is a capital; letters of scripts without capitals are none."""
    return all(letter != letter.lower() for letter in word if letter.isalpha())


def is_surname(words: list[str]) -> bool:
    """Say whether the words after "Baby" are a name: "Baby Jones", "Baby girl Smith"; not "Baby A", not a programme."""
    while words and words[0].casefold() in _CHILD:
        words = words[1:]
    if not words:
        return False
    initial = len(words[0].rstrip(".")) == 1
    if initial and len(words) > 1:
        words = words[1:]
    first = words[0].rstrip(".")
    return len(first) > 1 and first[0].isupper() and first.casefold() not in THINGS

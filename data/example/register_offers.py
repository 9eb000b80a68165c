"""Illustrative offers of local groups: invented throughout, at places that hold a town, with no real group's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

INVENTED: Final = "Invented example"
#: The group in a word, what it offers, for whom, languages, where, who may come, how often, since, places, how found.
GROUPS: Final = (
    (
        *("a stay and play", "peer support; stay and play", "every family", "English; Polish", "E01015272"),
        *("families nearby", "once a week", 2021, 15, "drop in"),
    ),
    (
        *("a dads’ group", "dads’ group", "dads and partners; young parents", "English", "E01034274"),
        *("its council area", "every two weeks", 2024, 10, "book online; through a family hub"),
    ),
    (
        *("feeding support", "infant feeding; peer support", "every family", "English; Portuguese", "E01020554"),
        *("families nearby", "once a week", 2019, 12, "drop in; through a midwife or health visitor"),
    ),
    (
        *("a listening line", "perinatal mental health", "parents with mental health needs", "", "E01032644"),
        *("all of Dorset", "when a family asks", 2023, None, "book by phone"),
    ),
)
NAMES: Final = (
    *("group_name", "offers", "for_whom", "languages", "area_code", "covers", "how_often", "since_year", "places"),
    "how_found",
)


def community_offers() -> Iterator[Mapping[str, object]]:
    """Make a few offers that a moderator would have accepted."""
    for at, group in enumerate(GROUPS, start=1):
        said = dict(zip(NAMES, group, strict=True))
        yield {
            **said,
            "id": f"EX-CO-{at:02}",
            "group_name": f"{INVENTED}: {said['group_name']}",
            "places": "" if said["places"] is None else said["places"],
            "free": "yes",
            "about": f"{INVENTED}: no such group meets here",
            "told_on": f"2026-03-{at:02}",
            "status": "accepted",
            "status_on": "2026-03-09",
        }

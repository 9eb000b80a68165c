"""Where each ask is answered: a page with what is chosen and opened there; or the template that would fill it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from data.answers.loaded import template_choices
from data.catalogue import indicator
from data.catalogue.definitions import Ask

#: Pages that offer a closer look at each of their figures, over time and by deprivation.
LOOKED_INTO: Final = frozenset(
    {
        *("accountability", "inequalities", "investment", "parent_buddies"),
        *("pregnancy_and_pathway", "reach", "workforce"),
    }
)
_HUBS: Final = ("reach", {"hubs": "true"})
_PROVISION: Final = ("inequalities", {"provision": "true"})
_BEHIND: Final = ("", {"behind": "true"})
#: What is answered better elsewhere than by a closer look: the page, and what is opened there.
ELSEWHERE: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "strategy_stage": ("accountability", {"asked": "true"}),
    "kpis_aligned": ("accountability", {"kpi_register": "true"}),
    "coproduction_groups": ("accountability", {"coproduction": "true"}),
    "milestones_on_track": ("accountability", {"milestones": "true"}),
    "hubs_full_core_offer": _HUBS,
    "hub_stressor_services": _HUBS,
    "panel_representation": ("reach", {"groups": "true"}),
    "spend_by_beneficiary": ("investment", {}),
    "public_health_grant": ("investment", {}),
    "headline_equity_gap": ("inequalities", {}),
    "provision_gap_before_birth": _PROVISION,
    "provision_gap_after_birth": _PROVISION,
    "workforce_plan_current": ("workforce", {"plan": "true"}),
    "representation_score": ("in_their_own_words", {}),
    "outcomes_improving": _BEHIND,
    **{f"point_{point}_rollup": _BEHIND for point in (1, 2, 3)},
}


def link(page: str, **choices: str) -> str:
    """Write the address of an answer: its page and what is chosen there."""
    return f"{page}?{urlencode(choices)}" if choices or not page else page


def answer_address(one: Ask, leading: str, place: str = "") -> str:
    """Give the view that answers an ask with the figure that leads, at a place; its page where there is no figure."""
    if not leading:
        return link(one.page)
    if leading in ELSEWHERE:
        page, choices = ELSEWHERE[leading]
        return link(page, **choices)
    definition = indicator(leading)
    if definition.page in LOOKED_INTO:
        at = {"place": place} if place else {}
        return link(definition.page, look="true", indicator=definition.short_name, **at)
    return link(one.page)


def template_of(one: Ask) -> str:
    """Name the template that would fill an ask: of the first of its indicators that is sent in, else of a register."""
    offered = dict(template_choices())
    for each in map(indicator, one.indicators):
        if each.returned_by == "long_return":
            return f"long_return_{each.page}"
        if each.returned_by in offered:
            return each.returned_by
    return next(iter(one.registers), "long_return")


def template_title(one: Ask) -> str:
    """Give the title of that template, as the Data page lists it."""
    return dict(template_choices())[template_of(one)]


def template_address(one: Ask) -> str:
    """Give the view of the Data page that offers that template."""
    return link("data", template=template_title(one))

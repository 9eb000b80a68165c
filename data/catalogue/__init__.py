"""Reviewed definitions: what was asked, how each ask is measured, who sends it and how it is protected."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from data.errors import UnknownName

if TYPE_CHECKING:
    from data.catalogue.definitions import (
        Ask,
        Breakdown,
        Catalogue,
        DisclosureRule,
        ExpectedPart,
        Ics,
        Indicator,
        LateRule,
        LongReturn,
        Page,
        Register,
        Section,
        SignOffRule,
        Source,
        Term,
    )

Entry = TypeVar("Entry")


@cache
def catalogue() -> Catalogue:
    """Everything, read and checked once."""
    from data.catalogue.reading import read_catalogue  # the first question pays for reading, not the import

    return read_catalogue()


def asks() -> tuple[Ask, ...]:
    """All asks in the order of the two documents."""
    return catalogue().asks


def sections() -> tuple[Section, ...]:
    """The headings under which the documents group their asks."""
    return catalogue().sections


def indicators() -> tuple[Indicator, ...]:
    """All indicators, theme by theme."""
    return catalogue().indicators


def sources() -> tuple[Source, ...]:
    """Every publication, return and register."""
    return catalogue().sources


def registers() -> tuple[Register, ...]:
    """Every list that is kept rather than counted."""
    return catalogue().registers


def breakdowns() -> tuple[Breakdown, ...]:
    """Every way of splitting an indicator."""
    return catalogue().breakdowns


def pages() -> tuple[Page, ...]:
    """The pages in the order of the menu."""
    return tuple(one for one in catalogue().pages if one.in_menu)


def every_page() -> tuple[Page, ...]:
    """All pages: those of the menu, and those that are opened by a link that was given for them."""
    return catalogue().pages


def ics() -> Ics:
    """The integrated care system that is being reported on."""
    return catalogue().ics


def disclosure() -> DisclosureRule:
    """The rule for small numbers."""
    return catalogue().disclosure


def long_return() -> LongReturn:
    """The columns of the long return and the marks it accepts."""
    return catalogue().long_return


def expected() -> tuple[ExpectedPart, ...]:
    """The parts of the long return, each with who is expected to send it."""
    return catalogue().expected


def late_rule() -> LateRule:
    """When a return counts as late or missing."""
    return catalogue().late_rule


def sign_off_rule() -> SignOffRule:
    """Who may sign a return off."""
    return catalogue().sign_off_rule


def glossary() -> tuple[Term, ...]:
    """Terms of art in plain English."""
    return catalogue().glossary


def ask(name: str) -> Ask:
    """The ask with this id, such as ``B9.2``."""
    return _pick("ask", name, _asks_by_id())


def indicator(name: str) -> Indicator:
    """The indicator with this id."""
    return _pick("indicator", name, _indicators_by_id())


def source(name: str) -> Source:
    """The source with this id."""
    return _pick("source", name, {entry.id: entry for entry in sources()})


def register(name: str) -> Register:
    """The register with this id."""
    return _pick("register", name, {entry.id: entry for entry in registers()})


def breakdown(name: str) -> Breakdown:
    """The breakdown with this id."""
    return _pick("breakdown", name, {entry.id: entry for entry in breakdowns()})


def page(slug: str) -> Page:
    """The page with this slug."""
    return _pick("page", slug, {entry.slug: entry for entry in every_page()})


@cache
def _asks_by_id() -> dict[str, Ask]:
    return {entry.id: entry for entry in asks()}


@cache
def _indicators_by_id() -> dict[str, Indicator]:
    return {entry.id: entry for entry in indicators()}


def _pick(what: str, name: str, known: dict[str, Entry]) -> Entry:
    if name not in known:
        raise UnknownName(f"there is no {what} {name!r}", todo="Check the spelling against the catalogue")
    return known[name]

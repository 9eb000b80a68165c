"""Hold the entries of the catalogue against each other: no double ids, no reference to what does not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from data.catalogue.definitions import AreaType, Ask, Catalogue, Indicator, Page
from data.errors import UnknownName, WrongValues

SHORT_NAME_LENGTH = 40  # a longer name does not fit a table header or a phone
MOST_HEADLINES = 4  # more than four figures are a table, not headlines
COUNCIL_OR_WIDER: frozenset[AreaType] = frozenset({"lad", "icb", "region", "country"})
LONG_RETURN = "long_return"


def check_catalogue(catalogue: Catalogue) -> None:
    """Raise on the first entry that contradicts another."""
    _check_unique("asks.toml", (ask.id for ask in catalogue.asks))
    _check_unique("indicators", (indicator.id for indicator in catalogue.indicators))
    _check_unique("indicators", (indicator.short_name for indicator in catalogue.indicators))
    _check_unique("sources.toml", (source.id for source in catalogue.sources))
    _check_unique("registers.toml", (register.id for register in catalogue.registers))
    _check_unique("breakdowns.toml", (breakdown.id for breakdown in catalogue.breakdowns))
    _check_unique("pages.toml", (page.slug for page in catalogue.pages))
    _check_unique("glossary.toml", (term.term.casefold() for term in catalogue.glossary))
    for key in ("hv_code", "lait_short", "fingertips_id"):
        _check_unique("indicators", (str(getattr(entry, key)) for entry in catalogue.indicators if getattr(entry, key)))
    _check_spellings(catalogue)
    _check_registers(catalogue)
    for indicator in catalogue.indicators:
        _check_indicator(indicator, catalogue)
    for ask in catalogue.asks:
        _check_ask(ask, catalogue)
    for page in catalogue.pages:
        _check_page(page, catalogue)
    _check_rule(catalogue)
    _check_expected(catalogue)


def _check_unique(file: str, names: Iterable[str]) -> None:
    if double := [name for name, count in Counter(names).items() if count > 1]:
        raise WrongValues("the same id stands twice", file=file, found=", ".join(double))


def _check_known(names: Iterable[str], known: Iterable[str], *, file: str, entry: str, what: str) -> None:
    if unknown := sorted(set(names) - set(known)):
        raise UnknownName(f"entry {entry!r} names an unknown {what}", file=file, found=", ".join(unknown))


def _check_indicator(indicator: Indicator, catalogue: Catalogue) -> None:
    file, entry = f"indicators/{indicator.theme}.toml", indicator.id
    sources = [source.id for source in catalogue.sources]
    returns = [LONG_RETURN, *sources, *(register.id for register in catalogue.registers)]
    pages = [page.slug for page in catalogue.pages]
    breakdowns = [breakdown.id for breakdown in catalogue.breakdowns]
    others = [other.id for other in catalogue.indicators if other.id != indicator.id]
    _check_known(indicator.asks, [ask.id for ask in catalogue.asks], file=file, entry=entry, what="ask")
    _check_known([indicator.page], pages, file=file, entry=entry, what="page")
    _check_known([indicator.source], sources, file=file, entry=entry, what="source")
    _check_known([indicator.returned_by], returns, file=file, entry=entry, what="return")
    _check_known(indicator.breakdowns, breakdowns, file=file, entry=entry, what="breakdown")
    related = [*indicator.paired_with, *filter(None, [indicator.benchmark_from])]
    _check_known(related, others, file=file, entry=entry, what="indicator")
    if problem := _contradiction(indicator):
        raise WrongValues(f"entry {entry!r}: {problem}", file=file)


def _contradiction(indicator: Indicator) -> str:
    """Name the first thing in one definition that cannot be true together with another."""
    rules = {
        "the id is not in snake_case": not indicator.id.replace("_", "").isalnum()
        or indicator.id.lower() != indicator.id,
        f"the short name is over {SHORT_NAME_LENGTH} characters": len(indicator.short_name) > SHORT_NAME_LENGTH,
        "it answers no ask and is not marked as context": not indicator.asks and not indicator.context,
        "the point is not 0 to 3": indicator.point not in range(4),
        "a count has no denominator": indicator.value_type == "count" and bool(indicator.denominator),
        "a proportion needs a denominator": indicator.value_type == "proportion" and not indicator.denominator,
        "the multiplier must be above zero": indicator.multiplier <= 0,
        "what is pooled is never shown below a council": (
            indicator.pooled_only and indicator.area_grain not in COUNCIL_OR_WIDER
        ),
    }
    return next((problem for problem, broken in rules.items() if broken), "")


def _check_ask(ask: Ask, catalogue: Catalogue) -> None:
    file = "asks.toml"
    indicators = {indicator.id: indicator for indicator in catalogue.indicators}
    registers = [register.id for register in catalogue.registers]
    _check_known([ask.page], [page.slug for page in catalogue.pages], file=file, entry=ask.id, what="page")
    _check_known(ask.indicators, indicators, file=file, entry=ask.id, what="indicator")
    _check_known(ask.registers, registers, file=file, entry=ask.id, what="register")
    if not ask.indicators and not ask.registers:
        raise WrongValues(f"entry {ask.id!r} is answered by no indicator and no register", file=file)
    named = {indicator.id for indicator in catalogue.indicators if ask.id in indicator.asks}
    if apart := sorted(named.symmetric_difference(ask.indicators)):
        raise WrongValues(f"entry {ask.id!r} and its indicators do not name each other", file=file, found=apart)


def _check_page(page: Page, catalogue: Catalogue) -> None:
    file = "pages.toml"
    known = [indicator.id for indicator in catalogue.indicators]
    _check_known(page.headlines, known, file=file, entry=page.slug, what="indicator")
    if len(page.headlines) > MOST_HEADLINES:
        raise WrongValues(
            f"entry {page.slug!r} leads with too many figures",
            file=file,
            found=str(len(page.headlines)),
            expected=f"at most {MOST_HEADLINES}",
        )


def _check_registers(catalogue: Catalogue) -> None:
    sources = [source.id for source in catalogue.sources]
    for register in catalogue.registers:
        _check_known([register.source], sources, file="registers.toml", entry=register.id, what="source")
        _check_unique("registers.toml", (f"{register.id}.{column.name}" for column in register.columns))


def _check_spellings(catalogue: Catalogue) -> None:
    spellings = [text for entry in catalogue.long_return.spellings for text in entry.spellings]
    _check_unique("returns.toml", spellings)
    if unread := [text for text in spellings if text != " ".join(text.split()).casefold()]:
        raise WrongValues("spellings are kept in lower case", file="returns.toml", found=", ".join(unread))


def _check_rule(catalogue: Catalogue) -> None:
    rule = catalogue.disclosure
    shares = (rule.share_of_areas, rule.share_before_councils, rule.share_of_groups)
    if not 0 < rule.suppress_from <= rule.suppress_to or rule.round_to < 1 or not all(0 < one <= 1 for one in shares):
        raise WrongValues("the rule contradicts itself", file="disclosure.toml", found=rule)


def _check_expected(catalogue: Catalogue) -> None:
    """Hold the expected parts to the long return: each of its indicators in one part, and no other."""
    file, rule = "expected.toml", catalogue.late_rule
    _check_unique(file, (part.id for part in catalogue.expected))
    named = [name for part in catalogue.expected for name in part.indicators]
    _check_unique(file, named)
    returned = {indicator.id for indicator in catalogue.indicators if indicator.returned_by == LONG_RETURN}
    if apart := sorted(returned.symmetric_difference(named)):
        raise WrongValues(
            "an indicator of the long return has no sender, or one of another source has", file=file, found=apart
        )
    if not 0 < rule.late_after_days < rule.missing_after_days or rule.quarters_shown < 1 or rule.years_shown < 1:
        raise WrongValues("the rule contradicts itself", file=file, found=rule)
    if str(rule.late_after_days) not in rule.statement or str(rule.missing_after_days) not in rule.statement:
        raise WrongValues("the statement does not give the rule's own days", file=file, found=rule.statement)

"""What a definition holds: one frozen record for each kind of entry in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Document = Literal["proposal", "plan"]
Polarity = Literal["high_is_good", "low_is_good", "no_judgement"]
ValueType = Literal[
    "proportion", "rate", "ratio", "mean", "median", "count", "score", "yes_no", "share_of_items"
]  # share_of_items: n of N things such as sectors or hubs, never people
AreaType = Literal["lsoa21", "msoa21", "ward", "lad", "icb", "region", "country", "lsoa11"]
PeriodType = Literal["quarter", "year", "three_years", "snapshot"]
ValueStatus = Literal[
    "shown", "rounded", "suppressed", "not_collected", "failed_validation", "not_applicable", "immature"
]
YearBegins = Literal["april", "september", "january"]  # what "2023/24" or "2023" means for a published figure
OverTime = Literal["sum", "latest"]
Access = Literal["public", "local", "mixed"]
SourceKind = Literal["publication", "local_return", "register", "computed"]
ProtectedBy = Literal["publisher", "us"]
# choices: several of the allowed words, with semicolons between
ColumnKind = Literal["text", "long_text", "date", "whole_number", "number", "yes_no", "choice", "choices", "code"]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of asks under one heading, as the document groups them."""

    document: Document
    line: int
    point: int
    title: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that the proposal or the plan asks for, in its own words, and how it is measured.

    The first of ``indicators`` is the headline: it points the way the ask points.
    """

    id: str
    document: Document
    line: int
    quote: str
    page: str
    indicators: tuple[str, ...]
    registers: tuple[str, ...]
    indicator_name: str
    numerator: str
    denominator: str
    unit: str
    polarity: Polarity
    target_words: str
    grain: str
    source: str
    access: Access
    section: Section


@dataclass(frozen=True, slots=True)
class Target:
    """A level to reach, in the indicator's unit. ``implied`` means read out of the text, not published as a figure."""

    words: str
    source: str
    value: float | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Msds:
    """Where an indicator stands in NHS Maternity Statistics: its dimension and the measures that are counted."""

    dimension: tuple[str, ...]
    measure: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A reviewed definition: what is counted, over what, at what grain, which way is better and who sends it."""

    id: str
    name: str
    short_name: str
    theme: str
    asks: tuple[str, ...]
    point: int
    page: str
    definition: str
    numerator: str
    denominator: str
    value_type: ValueType
    multiplier: float
    unit: str
    polarity: Polarity
    area_grain: AreaType
    period_grain: PeriodType
    over_time: OverTime
    source: str
    access: Access
    returned_by: str
    disclosive: bool
    caveat: str
    target: Target | None = None
    breakdowns: tuple[str, ...] = ()
    pooled_only: bool = False
    context: bool = False
    councils_comparable: bool = True
    paired_with: tuple[str, ...] = ()
    tool: str = ""
    matures_after_days: int | None = None
    benchmark_from: str = ""
    fingertips_id: int | None = None
    fingertips_sex: str = ""
    fingertips_age: str = ""
    lait_short: str = ""
    msds: Msds | None = None
    hv_code: str = ""
    published_names: tuple[str, ...] = ()
    year_begins: YearBegins = "april"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, a local return or a register, and the words that must travel with its figures."""

    id: str
    name: str
    supplier: str
    publication: str
    kind: SourceKind
    licence: str
    attribution: str
    url: str
    edition: str
    cadence: str
    protected_by: ProtectedBy


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a return or register, as the person who fills it in needs to know it."""

    name: str
    kind: ColumnKind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    example: str = ""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """A list that is kept rather than counted, such as commitments or funding lines.

    A file speaks for the whole register, or, with ``sent_by``, for those that this column names: what they have on
    the register and leave out of their next file is withdrawn. ``expected`` says how often something new should stand
    on it, a quarter or a year, and ``keeper`` from whom; empty where nothing is expected.
    """

    id: str
    name: str
    holds: str
    source: str
    store_table: str
    columns: tuple[Column, ...]
    sent_by: str = ""
    expected: str = ""
    keeper: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The ways in which people write one value status."""

    status: ValueStatus
    meaning: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LongReturn:
    """The one long return: a row for each indicator, area, period and group."""

    id: str
    name: str
    source: str
    columns: tuple[Column, ...]
    spellings: tuple[Spelling, ...]

    def status_of(self, text: str) -> ValueStatus | None:
        """Say what a mark such as ``*`` or ``<5`` means, or None when it is no known mark."""
        mark = " ".join(text.split()).casefold()
        return next((entry.status for entry in self.spellings if mark in entry.spellings), None)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A way of splitting an indicator. ``derived`` ones are worked out here and never sent in."""

    id: str
    name: str
    meaning: str
    values: tuple[str, ...]
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the dashboard, the question it answers, and the figures that it leads with: four at most.

    One that is not in the menu is opened by a link that was given for it.
    """

    slug: str
    title: str
    question: str
    headlines: tuple[str, ...] = ()
    in_menu: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """An area with the label that is always used for it on screen."""

    code: str
    area_type: AreaType
    name: str
    label: str
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ics:
    """The integrated care system that is being reported on."""

    name: str
    label: str
    icb: Place
    icb_ods_code: str
    sub_icb_code: str
    sub_icb_ods_code: str
    nhs_region_code: str
    provider_codes: tuple[str, ...]
    region: Place
    country: Place
    lads: tuple[Place, ...]
    neighbours: tuple[Place, ...]
    statement: str
    accessibility_contact: str = ""

    @property
    def benchmarks(self) -> tuple[Place, ...]:
        """The areas a figure is compared with, widest first."""
        return (self.country, self.region)

    def place(self, code: str) -> Place | None:
        """The named place with this code, if it is one of the system's own or a benchmark or neighbour."""
        places = (self.country, self.region, self.icb, *self.lads, *self.neighbours)
        return next((place for place in places if place.code == code), None)


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """How small numbers are protected."""

    name: str
    source: str
    url: str
    statement: str
    zero_shown: bool
    suppress_from: int
    suppress_to: int
    round_to: int
    protect_complement: bool
    values_left_open: int
    releases_remembered: int
    share_of_areas: float
    share_before_councils: float
    share_of_groups: float
    fifths_from: PeriodType
    area_order: tuple[AreaType, ...]
    period_order: tuple[PeriodType, ...]


@dataclass(frozen=True, slots=True)
class ExpectedPart:
    """A part of the long return and who is expected to send it; ``due_after_days`` only once agreed."""

    id: str
    name: str
    sender: str
    indicators: tuple[str, ...]
    every_neighbourhood: bool = True
    due_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class LateRule:
    """When a return counts as late or missing, in days after its period ended; ``statement`` says whose rule it is."""

    late_after_days: int
    missing_after_days: int
    quarters_shown: int
    years_shown: int
    statement: str


@dataclass(frozen=True, slots=True)
class SignOffRule:
    """Who may sign a return off: with ``two_people``, somebody else than who loaded it."""

    two_people: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term of art in plain English."""

    term: str
    meaning: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every reviewed definition, checked against each other."""

    asks: tuple[Ask, ...]
    sections: tuple[Section, ...]
    indicators: tuple[Indicator, ...]
    sources: tuple[Source, ...]
    registers: tuple[Register, ...]
    breakdowns: tuple[Breakdown, ...]
    pages: tuple[Page, ...]
    ics: Ics
    disclosure: DisclosureRule
    long_return: LongReturn
    expected: tuple[ExpectedPart, ...]
    late_rule: LateRule
    sign_off_rule: SignOffRule
    glossary: tuple[Term, ...]

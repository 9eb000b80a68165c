"""The kinds of truth that an illustrative indicator can have. All parameters are data, so that tests can read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people, whose chance on the log-odds (logit) scale is

        logit(base) + slope × (fifth − 3) + trend × quarter + step + council + outlier + extra

    ``cohort`` are those counted below the line: a cohort of ``data.example.cohorts``, or ``met:ID`` for those who met
    another indicator (``met:ID+ID`` for several). ``inside`` is an earlier step of a funnel with the same cohort:
    everyone counted here is counted there. ``beyond`` draws only from those who did not meet that one; ``including``
    does the same and then counts both. ``starts`` is the first quarter for which anything is returned. ``at_date``
    counts on the last day of a period rather than through it; ``flow`` counts events through it though the cohort is
    there all the time.
    """

    cohort: str
    base: float
    slope: float = 0.0
    trend: float = 0.0
    step: tuple[int, float] | None = None
    council: float = 0.0
    outliers: Mapping[str, float] | None = None
    extra: Mapping[int, float] | None = None
    inside: str = ""
    beyond: str = ""
    including: str = ""
    starts: int = -999
    at_date: bool = False
    flow: bool = False

    def logit(self, fifth: Reals, second_council: Reals, quarter: Reals) -> Reals:
        """Work out the log-odds without outliers."""
        total = np.log(self.base / (1 - self.base)) + self.slope * (fifth - 3) + self.trend * quarter
        total = total + self.council * second_council
        if self.step:
            total = total + self.step[1] * (quarter >= self.step[0])
        for number, added in (self.extra or {}).items():
            total = total + added * (fifth == number)
        return np.asarray(total, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Events:
    """Events that one person can have several of: Poisson, mean = people × level × exp(slope × (fifth − 3) + …)."""

    cohort: str
    level: float
    slope: float = 0.0
    trend: float = 0.0
    council: float = 0.0
    starts: int = -999
    at_date: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """Exactly the sum of other lines, such as visits by 14 days and visits after."""

    parts: tuple[str, ...]
    cohort: str = ""
    starts: int = -999
    at_date: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A mean or middle value over the people whom ``cohort`` counts, each drawn from a normal distribution."""

    cohort: str
    centre: float
    spread: float
    slope: float = 0.0
    trend: float = 0.0
    council: float = 0.0
    starts: int = -999


@dataclass(frozen=True, slots=True)
class Staff:
    """A share of staff: logit(base) + level of the group + trend × pace of the group × quarter.

    ``of`` says who stands below the line: ``direct``, ``all``, ``cases:N`` (N audited cases a group and quarter),
    ``met:ID``, ``new:ID`` (those who first met ID in the quarter) or ``past:ID`` (those who had met it a year ago).
    ``plus`` counts those of another indicator among direct-contact staff and adds other staff, so that the whole never
    has fewer than the part. ``stream`` shares another indicator's luck and so its people.
    """

    of: str
    base: float
    trend: float = 0.0
    plus: str = ""
    stream: str = ""


@dataclass(frozen=True, slots=True)
class StaffScore:
    """A mean over the staff ``of`` counts."""

    of: str
    centre: float
    spread: float


@dataclass(frozen=True, slots=True)
class StaffCount:
    """Staff in post, or posts: headcount of each group times ``factor``; ``vacant`` is the known vacant share."""

    factor: float
    vacant: float | None = None


@dataclass(frozen=True, slots=True)
class StaffFlow:
    """One count of ``data.example.staff_flows`` above the line and another below it."""

    above: str
    below: str


@dataclass(frozen=True, slots=True)
class Things:
    """``n`` of N things in each area (pathways, records audited): logit(base) + trend × quarter + council.

    Indicators with one ``stream`` speak of the same things, so that all-trained settings are among any-trained ones.
    """

    things: int
    base: float
    trend: float = 0.0
    council: float = 0.0
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in each area: level × the line ``per`` × (1 + growth) ** (quarter / 4) × noise; ``per`` may be 1."""

    level: float
    per: str = ""
    growth: float = 0.0
    council: float = 1.0
    noise: float = 0.02
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line over another; each is a cohort, ``met:ID``, ``amount:ID`` or ``core20:ID`` (only fifth 1)."""

    above: str
    below: str


@dataclass(frozen=True, slots=True)
class Given:
    """A fixed figure for each of the twelve quarters."""

    values: tuple[float, ...]


People = Share | Events | Total
Truth = Share | Events | Total | Score | Staff | StaffScore | StaffCount | StaffFlow | Things | Amount | Ratio | Given

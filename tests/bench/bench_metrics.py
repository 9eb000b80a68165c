"""Every statistic for 33,755 areas and 20 periods: time, peak memory, and the same row by row in the reference style.

The reference style is what an analyst writes with statsmodels, scipy or pandas for one row, one area or one baby at a
time. It is timed on a sample and scaled up; the budget of each statistic is a fiftieth of that. The twins do not always
produce every column of the statistic, and a twin written for a whole period at once would be far closer: for the
concentration index of areas, the targeting ratio and coverage by age about as fast. Run it with
``tests/bench/run.py metrics``.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from figures import Figure, table

from metrics.between_groups import between_group_measures
from metrics.clusters import getis_ord, global_moran, local_moran
from metrics.comparison import compare
from metrics.concentration import concentration_index, concentration_index_of_individuals
from metrics.funnels import proportion_funnel_significance, rate_funnel_significance, ratio_funnel_significance
from metrics.gaps import gap, population_attributable
from metrics.inequality import slope_index_of_inequality
from metrics.inequality_elsewhere import scotpho_inequality, who_slope_index
from metrics.life_expectancy import START_AGES, life_expectancy
from metrics.lorenz import gini
from metrics.maturity import coverage_by_age
from metrics.means import mean
from metrics.missing_out import babies_missing_out, babies_short_of_target
from metrics.neighbours import neighbour_pairs
from metrics.proportionality import targeting_ratio
from metrics.proportions import proportion
from metrics.quantiles import quantile
from metrics.rates import rate
from metrics.reach import nearest_by_great_circle, share_within, two_step_floating_catchment
from metrics.run_chart import run_charts_of_many
from metrics.small_areas import empirical_bayes_rate, empirical_bayes_rate_of_neighbours
from metrics.standardisation import directly_standardised_rate, indirectly_standardised_ratio
from metrics.trend import recent_trend
from metrics.xmr import xmr_of_many

AREAS, PERIODS, HUBS, NEIGHBOURS = 33_755, 20, 40, 6
TIMES_FASTER = 50


@dataclass(frozen=True)
class Case:
    """One statistic: all of it at once, and one unit of it (a row or an area) in the reference style."""

    name: str
    whole: Callable[[], object]
    one: Callable[[int], object]
    units: int
    sample: int = 200


class England:
    """Made-up counts for every small area and period, in long columns and as a panel."""

    def __init__(self) -> None:
        generator = np.random.default_rng(1001)
        shape = (AREAS, PERIODS)
        self.n = generator.integers(20, 400, shape).astype(float)
        self.x = generator.binomial(self.n.astype(int), 0.3).astype(float)
        self.area = np.repeat(np.arange(AREAS), PERIODS)
        self.period = np.tile(np.arange(PERIODS), AREAS)
        self.step = self.period + 1.0  # the 20 periods stand for 20 ordered groups where a statistic needs groups
        self.score = generator.normal(size=AREAS)
        self.fifth = quantile(self.score)
        self.value = self.x / self.n
        self.error = np.sqrt(self.value * (1 - self.value) / self.n) + 0.001
        self.standard = np.tile(generator.integers(1000, 7000, PERIODS).astype(float), AREAS)
        self.latitude, self.longitude = generator.uniform(50, 55, AREAS), generator.uniform(-5, 1, AREAS)
        self.hubs = generator.uniform(50, 55, HUBS), generator.uniform(-5, 1, HUBS)
        self.cost = generator.uniform(0, 60, (AREAS, HUBS))
        offsets = np.array([-184, -183, -1, 1, 183, 184])
        self.near = (np.arange(AREAS)[:, None] + offsets) % AREAS
        self.pairs = neighbour_pairs(self.near.tolist(), AREAS)

    def long(self, name: str) -> np.ndarray:
        column: np.ndarray = getattr(self, name).ravel()
        return column


def cases(data: England) -> Iterator[Case]:
    """List every statistic with its twin in the reference style."""
    yield from counts(data)
    yield from groups(data)
    yield from series(data)
    yield from neighbourhoods(data)
    yield from journeys(data)


def counts(data: England) -> Iterator[Case]:
    """Statistics of one row each."""
    from scipy import stats
    from statsmodels.stats.proportion import proportion_confint

    x, n, value = data.long("x"), data.long("n"), data.long("value")
    rows = x.size

    def exact(i: int) -> tuple[float, float]:
        return stats.chi2.ppf(0.025, 2 * x[i]) / 2 / n[i], stats.chi2.ppf(0.975, 2 * x[i] + 2) / 2 / n[i]

    def judged(i: int) -> str:
        low, high = proportion_confint(x[i], n[i], method="wilson")
        return "better" if low > 0.3 else "worse" if high < 0.3 else "similar"

    table = proportion(x, n)
    yield Case(
        "proportion (Wilson)", lambda: proportion(x, n), lambda i: proportion_confint(x[i], n[i], method="wilson"), rows
    )
    yield Case("rate (Byar's, exact)", lambda: rate(x, n), exact, rows)
    yield Case(
        "comparison with a benchmark",
        lambda: compare(table["lowercl"], table["uppercl"], 0.3, "high_is_good"),
        judged,
        rows,
    )
    yield Case(
        "mean (Student's t)",
        lambda: mean(value, groups=data.area),
        lambda i: stats.t.interval(0.95, PERIODS - 1, data.value[i].mean(), stats.sem(data.value[i])),
        AREAS,
    )
    yield Case(
        "quantiles",
        lambda: quantile(value, groups=data.period),
        lambda i: stats.percentileofscore(data.value[:, i % PERIODS], value[i], kind="strict"),
        rows,
    )
    yield Case("funnel significance: proportion", lambda: proportion_funnel_significance(x, n), judged, rows)
    yield Case("funnel significance: ratio", lambda: ratio_funnel_significance(x, n * 0.3), exact, rows)
    yield Case(
        "funnel significance: rate", lambda: rate_funnel_significance(x, x / n * 1e5, denominator=n), exact, rows
    )
    yield Case(
        "babies short of a target",
        lambda: babies_short_of_target(x, n, 0.9),
        lambda i: 0.9 * n[i] - n[i] * np.array(proportion_confint(x[i], n[i], method="wilson")),
        rows,
    )


def groups(data: England) -> Iterator[Case]:
    """Statistics of 20 ordered groups in each of 33,755 sets."""
    import statsmodels.api as sm
    from scipy import stats

    x, n, value, error = (data.long(name) for name in ("x", "n", "value", "error"))
    standard, step, area = data.standard, data.step, data.area
    weights = data.standard[:PERIODS]

    def dobson(i: int) -> tuple[float, ...]:
        frame = pd.DataFrame({"x": data.x[i], "n": data.n[i], "weight": weights})
        events, whole = frame["x"].sum(), frame["weight"].sum()
        value = (frame["weight"] * frame["x"] / frame["n"]).sum() / whole
        spread = np.sqrt((frame["weight"] ** 2 * frame["x"] / frame["n"] ** 2).sum() / whole**2 / events)
        low, high = stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
        return value, value + spread * (low - events), value + spread * (high - events)

    def smr(i: int) -> float:
        expected = (weights * 0.3 / weights * data.n[i]).sum()
        return float(stats.chi2.ppf(0.975, 2 * data.x[i].sum() + 2) / 2 / expected)

    def line(i: int, family: Any = None) -> Any:
        share = data.n[i] / data.n[i].sum()
        rank = sm.add_constant(share.cumsum() - share / 2)
        ends = [[1.0, 0.0], [1.0, 1.0]]
        if family is not None:
            fit = sm.GLM(data.value[i], rank, family=family, var_weights=data.n[i]).fit(cov_type="HC1")
        else:
            fit = sm.WLS(data.value[i], rank, weights=data.n[i]).fit(cov_type="HC1")
        return fit.conf_int(), fit.get_prediction(ends).conf_int()

    def table_of(i: int) -> pd.DataFrame:
        frame = pd.DataFrame({"x": data.x[i], "n": data.n[i], "value": data.value[i]})
        frame["share"] = frame["n"] / frame["n"].sum()
        mean_value = (frame["share"] * frame["value"]).sum()
        frame["distance"] = frame["value"] - mean_value
        return frame

    def lorenz(i: int) -> float:
        frame = table_of(i).sort_values("value")
        amount = (frame["x"] / frame["x"].sum()).cumsum()
        return float(1 - (frame["share"] * (amount + amount.shift(fill_value=0))).sum())

    running = {"weight": 0.0, "product": 0.0}
    rows = pd.DataFrame({"x": x, "n": n, "value": value})

    def ranked(i: int) -> None:
        row = rows.iloc[i]
        rank = running["weight"] + row["n"] / 2
        running["weight"] += row["n"]
        running["product"] += row["n"] * row["value"] * rank

    def provided(i: int) -> None:
        row = rows.iloc[i]
        running["weight"] += row["n"]
        running["product"] += row["x"]

    deaths, people = np.minimum(x, n), n * 3
    yield Case(
        "directly standardised rate", lambda: directly_standardised_rate(x, n, standard, areas=area), dobson, AREAS
    )
    yield Case(
        "indirectly standardised ratio",
        lambda: indirectly_standardised_ratio(x, n, standard * 0.3, standard, areas=area),
        smr,
        AREAS,
    )
    yield Case(
        "life expectancy",
        lambda: life_expectancy(deaths, people, np.tile(START_AGES, AREAS), areas=area),
        lambda i: life_table(data.x[i], data.n[i] * 3),
        AREAS,
    )
    yield Case(
        "slope index (PHE)",
        lambda: slope_index_of_inequality(
            step, n, value, standard_error=error, areas=area, value_type="proportion", limits="approximate"
        ),
        line,
        AREAS,
    )
    yield Case("slope index (WHO linear)", lambda: who_slope_index(value, n, step, groups=area), line, AREAS)
    yield Case(
        "slope index (WHO logit)",
        lambda: who_slope_index(value, n, step, model="logit", groups=area),
        lambda i: line(i, sm.families.Binomial()),
        AREAS,
        60,
    )
    yield Case(
        "ScotPHO measures",
        lambda: scotpho_inequality(value[::2], n[::2], step[::2], 0.3, groups=area[::2]),
        line,
        AREAS,
    )
    yield Case(
        "concentration index",
        lambda: concentration_index(value, n, step, bounds=(0, 1), groups=area),
        lambda i: (line(i), line(i)),  # one regression for the absolute index and one for the relative
        AREAS,
    )
    yield Case(
        "concentration index of areas, 20 periods",
        lambda: concentration_index_of_individuals(value, np.repeat(data.score, PERIODS), n, groups=data.period),
        ranked,
        x.size,
        2000,
    )
    yield Case("Gini", lambda: gini(value, n, groups=area), lorenz, AREAS)
    yield Case(
        "absolute and relative gap",
        lambda: gap(value, step, polarity="high_is_good", standard_error=error, groups=area),
        lambda i: table_of(i).iloc[[0, -1]],
        AREAS,
    )
    yield Case(
        "attributable risk and fraction",
        lambda: population_attributable(value, n, step, polarity="high_is_good", groups=area),
        table_of,
        AREAS,
    )
    yield Case(
        "between-group measures",
        lambda: between_group_measures(value, n, polarity="high_is_good", standard_error=error, groups=area),
        table_of,
        AREAS,
    )
    fifth = np.repeat(data.fifth, PERIODS)
    yield Case(
        "babies missing out, each neighbourhood",
        lambda: babies_missing_out(x, n, fifth, areas=area, groups=data.period),
        lambda i: newcombe(x[i], n[i], 200_000.0, 690_000.0),
        x.size,
    )
    yield Case(
        "targeting ratio",
        lambda: targeting_ratio(x, n, fifth, groups=data.period),
        provided,
        x.size,
        2000,
    )


def newcombe(x: float, n: float, best_x: float, best_n: float) -> object:
    """Interval of one shortfall in the reference style."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    return confint_proportions_2indep(best_x, best_n, x, n, method="newcomb")


def life_table(deaths: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """Chiang's life table of one area as a table, with its interval."""
    from scipy import stats

    frame = pd.DataFrame({"deaths": deaths, "people": people, "start": START_AGES})
    frame["mortality"] = frame["deaths"] / frame["people"]
    frame["width"] = (frame["start"].shift(-1) - frame["start"]).fillna(2 / frame["mortality"].iloc[-1])
    frame["dying"] = frame["mortality"] * frame["width"] / (1 + frame["mortality"] * frame["width"] / 2)
    frame["alive"] = (1 - frame["dying"]).cumprod().shift(fill_value=1)
    frame["years"] = frame["width"] * frame["alive"] * (1 - frame["dying"] / 2)
    frame["left"] = frame["years"][::-1].cumsum()
    frame["variance"] = frame["dying"] ** 2 * (1 - frame["dying"]) / frame["deaths"]
    error = np.sqrt((frame["alive"] ** 2 * frame["left"] ** 2 * frame["variance"]).sum())
    return stats.norm.interval(0.95, frame["years"].sum(), error)


def series(data: England) -> Iterator[Case]:
    """Statistics of one series for each area."""
    import statsmodels.api as sm

    panel = data.value
    lower, upper = panel - 1.96 * data.error.reshape(panel.shape), panel + 1.96 * data.error.reshape(panel.shape)
    time_axis = sm.add_constant(np.arange(5))

    def xmr_by_hand(i: int) -> pd.DataFrame:
        frame = pd.DataFrame({"y": panel[i]})
        spread = frame["y"].diff().abs().mean() * 2.66
        frame["outside"] = (frame["y"] - frame["y"].mean()).abs() > spread
        frame["side"] = np.sign(frame["y"] - frame["y"].mean())
        frame["shift"] = frame["side"].rolling(7).sum().abs() == 7
        frame["trend"] = np.sign(frame["y"].diff()).rolling(6).sum().abs() == 6
        return frame

    def trend_by_hand(i: int) -> list[float]:
        weight = 1 / ((upper[i, -5:] - lower[i, -5:]) / 3.92) ** 2
        slopes = [sm.WLS(panel[i, -5:], time_axis, weights=weight).fit().params[1]]
        for left_out in range(5):
            kept = np.arange(5) != left_out
            slopes.append(sm.WLS(panel[i, -5:][kept], time_axis[kept], weights=weight[kept]).fit().params[1])
        return slopes

    yield Case("XmR charts", lambda: xmr_of_many(panel, direction="increase", target=0.3), xmr_by_hand, AREAS)
    yield Case("run charts", lambda: run_charts_of_many(panel), xmr_by_hand, AREAS)
    yield Case("recent trend (DHSC)", lambda: recent_trend(panel, lower, upper), trend_by_hand, AREAS)
    review, now = data.long("x") * 5, data.long("x") * 5 + data.long("n")
    babies = pd.DataFrame({"review": review, "now": now})

    def covered(i: int) -> list[tuple[bool, bool]]:
        row = babies.iloc[i]
        return [(row["review"] <= age, row["now"] >= age) for age in range(0, 720, 30)]

    yield Case(
        "coverage by age, 24 ages",
        lambda: coverage_by_age(review, now, np.arange(0, 720, 30)),
        covered,
        review.size,
        2000,
    )


def neighbourhoods(data: England) -> Iterator[Case]:
    """Statistics that need neighbours; the checked pairs serve every period."""
    from scipy import stats

    x, n, near = data.x[:, 0], data.n[:, 0], data.near
    value = data.value[:, 0]
    average, spread_of_all = value.mean(), value.std()
    z = value - average
    permutations = np.random.default_rng(2)

    def shrunk(row: int) -> float:
        i = row % AREAS
        around = [i, *near[i]]
        mean_rate = sum(x[j] for j in around) / sum(n[j] for j in around)
        spread = sum(n[j] * (x[j] / n[j] - mean_rate) ** 2 for j in around) / sum(n[j] for j in around)
        return float(mean_rate + spread * (x[i] / n[i] - mean_rate))

    def moran(i: int) -> float:
        drawn = [z[permutations.choice(AREAS - 1, NEIGHBOURS, replace=False)].mean() for _ in range(99)]
        return float((z[i] * np.array(drawn) >= z[i] * z[near[i]].mean()).mean())

    def hot(row: int) -> tuple[float, float]:
        around = [row % AREAS, *near[row % AREAS]]
        score = (sum(value[j] for j in around) - len(around) * average) / spread_of_all
        return score, 2 * stats.norm.sf(abs(score))

    def alike(row: int) -> tuple[float, float]:
        i = row % AREAS
        return float(z[i] * z[near[i]].mean()), float(z[i] ** 2)

    def each_period(call: Callable[[np.ndarray], object]) -> Callable[[], list[object]]:
        return lambda: [call(data.value[:, period]) for period in range(PERIODS)]

    rows = AREAS * PERIODS
    yield Case(
        "empirical Bayes (all)",
        lambda: empirical_bayes_rate(data.long("x"), data.long("n"), groups=data.period),
        shrunk,
        rows,
    )
    yield Case(
        "empirical Bayes (neighbours)",
        lambda: [empirical_bayes_rate_of_neighbours(data.x[:, p], data.n[:, p], data.pairs) for p in range(PERIODS)],
        shrunk,
        rows,
    )
    yield Case("Gi*", each_period(lambda column: getis_ord(column, data.pairs)), hot, rows)
    yield Case("Moran's I", each_period(lambda column: global_moran(column, data.pairs)), alike, rows)
    yield Case(
        "local Moran, 99 permutations, 1 period",
        lambda: local_moran(value, data.pairs, permutations=99),
        moran,
        AREAS,
        20,
    )


def journeys(data: England) -> Iterator[Case]:
    """Statistics that need distances."""
    from pyproj import Geod

    rows = AREAS * PERIODS
    ellipsoid, (hub_latitude, hub_longitude) = Geod(ellps="WGS84"), data.hubs

    def nearest(i: int) -> float:
        ends = zip(hub_longitude, hub_latitude, strict=True)
        return min(ellipsoid.inv(data.longitude[i], data.latitude[i], *end)[2] for end in ends)

    yield Case(
        f"nearest of {HUBS} hubs, 1 period",
        lambda: nearest_by_great_circle(data.latitude, data.longitude, *data.hubs),
        nearest,
        AREAS,
    )
    distance = np.repeat(data.cost.min(axis=1), PERIODS)
    people = pd.DataFrame({"n": data.long("n"), "distance": distance})
    yield Case(
        "share within a distance",
        lambda: share_within(data.long("n"), distance, 5, groups=data.period),
        lambda i: people.iloc[i]["n"] * (people.iloc[i]["distance"] <= 5),
        rows,
        2000,
    )
    supply = np.ones(HUBS)
    served = np.zeros(HUBS)

    def catchment(row: int) -> float:
        area, period = divmod(row, PERIODS)
        access = 0.0
        for hub in range(HUBS):  # the demand of each hub, then each area's share of each hub
            if data.cost[area, hub] <= 30:
                served[hub] += data.n[area, period]
        for hub in range(HUBS):
            if data.cost[area, hub] <= 30:
                access += supply[hub] / served[hub]
        return access

    yield Case(
        f"two-step floating catchment, {HUBS} hubs",
        lambda: two_step_floating_catchment(data.n, supply, data.cost, 30),
        catchment,
        rows,
    )


def main() -> int:
    """Print the table of every statistic."""
    print(table(measure()))
    return 0


def measure(_rig: object = None) -> list[Figure]:
    """Time every statistic and its twin."""
    return [measured(case) for case in cases(England())]


def measured(case: Case) -> Figure:
    """Time one statistic (the best of five runs), its peak memory, and the sampled rows of the reference style."""
    seconds = min(timed(case.whole) for _ in range(5))
    tracemalloc.start()
    case.whole()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    sample = np.random.default_rng(0).choice(case.units, size=min(case.sample, case.units), replace=False)
    each = min(timed(lambda: [case.one(int(i)) for i in sample]) for _ in range(2)) / sample.size
    reference = each * case.units
    how = f"{reference / seconds:,.0f}× ({reference:,.1f} s row by row); peak {peak:,.0f} MB"
    size = f"{AREAS:,}" if "1 period" in case.name else f"{AREAS:,} × {PERIODS}"
    return Figure(f"{case.name}, {size}", seconds, reference / TIMES_FASTER, "s", how)


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started

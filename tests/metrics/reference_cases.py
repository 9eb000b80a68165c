"""Every method of the reference vectors as a function from a vector's inputs to a mapping with its expected keys.

The metrics answer in the project's own terms. What is done here, and only here, is the packaging of the reference
packages: their column names, labels, row order, and the few quirks that the metrics deliberately do not copy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from metrics.between_groups import between_group_measures
from metrics.clusters import getis_ord, global_moran, local_moran
from metrics.concentration import concentration_index, concentration_index_of_individuals
from metrics.disclosure import protect_counts
from metrics.disclosure_attack import (
    Relation,
    attack_intervals,
    disclosed_by_linked_tables,
    intervals_of_rounded_cells,
    numerators_behind_percentage,
    recovered_from_rolling_sums,
)
from metrics.disclosure_patterns import elimination_pattern, is_protected, smallest_protection
from metrics.disclosure_rules import (
    ResearchThresholds,
    cell_key_noise,
    check_research_table,
    friends_and_family_suppression,
    hospital_count,
    mental_health_count,
    midpoint_six,
    mortality_rate_display,
    redact_then_round,
)
from metrics.funnels import (
    proportion_funnel,
    proportion_funnel_significance,
    rate_funnel,
    rate_funnel_points,
    rate_funnel_significance,
    ratio_funnel,
    ratio_funnel_significance,
)
from metrics.gaps import gap, population_attributable
from metrics.inequality import slope_index_of_inequality
from metrics.inequality_elsewhere import scotpho_inequality, who_slope_index
from metrics.life_expectancy import life_expectancy
from metrics.lorenz import gini, lorenz_curve
from metrics.means import mean
from metrics.proportions import proportion
from metrics.quantiles import quantile
from metrics.ranks import fractional_rank
from metrics.rates import rate
from metrics.reach import (
    nearest_by_ellipsoid,
    nearest_by_great_circle,
    nearest_by_grid,
    two_step_floating_catchment,
)
from metrics.small_areas import empirical_bayes_rate, empirical_bayes_rate_of_neighbours
from metrics.standardisation import (
    directly_standardised_rate,
    directly_standardised_rate_of_repeat_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)
from metrics.xmr import XmrChart, xmr

Inputs = Mapping[str, Any]
Outputs = Mapping[str, Any]

COMPUTE: dict[str, Callable[[Inputs], Outputs]] = {}


def computes(method: str) -> Callable[[Callable[[Inputs], Outputs]], Callable[[Inputs], Outputs]]:
    """Enter a function in COMPUTE under the name of a vector's method."""

    def enter(function: Callable[[Inputs], Outputs]) -> Callable[[Inputs], Outputs]:
        COMPUTE[method] = function
        return function

    return enter


def plain(values: object) -> Any:
    """Turn arrays and numpy numbers into plain lists and numbers, with None for what is not defined."""
    if isinstance(values, (list, tuple, np.ndarray, pd.Series, pd.Index)):
        return [plain(value) for value in values]
    if isinstance(values, np.bool_):
        return bool(values)
    if isinstance(values, np.integer):
        return int(values)
    if isinstance(values, (float, np.floating)):
        return float(values) if math.isfinite(values) else None
    return None if values is pd.NA else values


def floats(values: Sequence[float | None]) -> np.ndarray:
    """Turn a list with None for missing into floats."""
    return np.array([math.nan if value is None else value for value in values], dtype=float)


def r_text(number: float) -> str:
    """Write a number as R does: the shorter of its fixed and scientific forms, fixed when they are equal."""
    fixed = f"{number:.15g}" if abs(number) < 1e15 else f"{number:.0f}"
    digits, exponent = f"{number:.14e}".split("e")
    short = f"{digits.rstrip('0').rstrip('.')}e{int(exponent):+03d}"
    return fixed if len(fixed) <= len(short) else short


def fixed_text(number: float) -> str:
    """Write a number as R's format(scientific = FALSE)."""
    return f"{number:.15g}" if abs(number) < 1e15 else f"{number:.0f}"


def levels(confidence: float | Sequence[float]) -> list[float]:
    """List the confidence levels as fractions."""
    given = confidence if isinstance(confidence, (list, tuple)) else [confidence]
    return [level / 100 if level >= 90 else level for level in given]


def level_text(confidence: float | Sequence[float]) -> str:
    return ", ".join(f"{level * 100:.15g}%" for level in levels(confidence))


def with_limits(
    confidence: float | Sequence[float], compute: Callable[[float], pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Compute at each confidence level; return the first result and the limits under the reference's names."""
    tables = {level: compute(level) for level in levels(confidence)}
    names = ["cl"] if len(tables) == 1 else [f"{level * 100:.1f}cl".replace(".", "_") for level in tables]
    limits = {}
    for name, table in zip(names, tables.values(), strict=True):
        limits[f"lower{name}"], limits[f"upper{name}"] = plain(table["lowercl"]), plain(table["uppercl"])
    return next(iter(tables.values())), limits


# Fingertips methods -------------------------------------------------------------------------------------------------


def summed(inputs: Inputs) -> pd.DataFrame:
    """Sum counts within groups; the reference leaves the rows of a single group as they are."""
    data = pd.DataFrame({"x": floats(inputs["x"]), "n": floats(inputs["n"])})
    if not inputs.get("group"):
        return data
    data.insert(0, "area", list(inputs["group"]))
    if len(set(data["area"])) == 1:
        return data
    return data.groupby("area", as_index=False).agg(lambda column: column.sum(skipna=False))


def rows_of(table: pd.DataFrame, confidence: object, **texts: object) -> dict[str, Any]:
    """Repeat metadata for each row, as the reference's type "full" does."""
    known = {"confidence": level_text(confidence)} if confidence is not None else {}
    return {name: [text] * len(table) for name, text in (known | texts).items()}


@computes("phe_proportion")
def phe_proportion(inputs: Inputs) -> Outputs:
    data, confidence, multiplier = summed(inputs), inputs["confidence"], inputs["multiplier"]
    statistic = "percentage" if multiplier == 100 else f"proportion of {r_text(multiplier)}"
    table, limits = with_limits(
        confidence or 0.95, lambda level: proportion(data["x"], data["n"], confidence=level, multiplier=multiplier)
    )
    texts = rows_of(table, confidence, statistic=statistic)
    if confidence is not None:
        texts |= limits | rows_of(table, confidence, method="Wilson")
    return {name: plain(data[name]) for name in data} | {"value": plain(table["value"])} | texts


@computes("phe_rate")
def phe_rate(inputs: Inputs) -> Outputs:
    data, confidence, multiplier = summed(inputs), inputs["confidence"], inputs["multiplier"]
    table, limits = with_limits(
        confidence, lambda level: rate(data["x"], data["n"], confidence=level, multiplier=multiplier)
    )
    texts = rows_of(table, confidence, statistic=f"rate per {fixed_text(multiplier)}")
    return {name: plain(data[name]) for name in data} | {
        "value": plain(table["value"]),
        "method": poisson_method(data["x"]),
        **limits,
        **texts,
    }


def poisson_method(counts: pd.Series) -> list[str | None]:
    return [None if math.isnan(count) else "Exact" if count < 10 else "Byars" for count in counts]


@computes("phe_mean")
def phe_mean(inputs: Inputs) -> Outputs:
    table, limits = with_limits(
        inputs["confidence"],
        lambda level: mean(floats(inputs["values"]), groups=inputs.get("group"), confidence=level),
    )
    texts = rows_of(table, inputs["confidence"], statistic="mean", method="Student's t-distribution")
    return {"area": plain(table.index), **{name: plain(table[name]) for name in table}, **limits, **texts}


def column(inputs: Inputs, role: str) -> np.ndarray:
    return floats(inputs["data"][inputs[role]])


def labels(inputs: Inputs) -> list[Any] | None:
    return list(inputs["data"][inputs["group"]]) if inputs.get("group") else None


@computes("calculate_dsr")
def calculate_dsr(inputs: Inputs) -> Outputs:
    return standardised(
        inputs,
        lambda level: directly_standardised_rate(
            *(column(inputs, role) for role in ("x", "n", "stdpop")),
            areas=labels(inputs),
            confidence=level,
            multiplier=inputs["multiplier"],
            missing_is_zero=True,
        ),
        "Dobson",
    )


@computes("calculate_dsr_nonindependent")
def calculate_dsr_nonindependent(inputs: Inputs) -> Outputs:
    return standardised(
        inputs,
        lambda level: directly_standardised_rate_of_repeat_events(
            *(column(inputs, role) for role in ("persons", "eventfreq", "n", "stdpop")),
            list(inputs["data"][inputs["ageband"]]),
            areas=labels(inputs),
            confidence=level,
            multiplier=inputs["multiplier"],
            missing_is_zero=True,
        ),
        "Dobson, with confidence adjusted for non-independent events",
    )


def standardised(inputs: Inputs, compute: Callable[[float], pd.DataFrame], method: str) -> Outputs:
    table, limits = with_limits(inputs["confidence"], compute)
    per = f"dsr per {fixed_text(inputs['multiplier'])}"
    statistic = ["dsr NA for total count < 10" if few else per for few in table["total_count"] < 10]
    texts = rows_of(table, inputs["confidence"], method=method)
    columns = {name: plain(table[name]) for name in ("total_count", "total_pop", "value")}
    return {"area": plain(table.index), **columns, "statistic": statistic, **limits, **texts}


@computes("calculate_ISRate")
def calculate_israte(inputs: Inputs) -> Outputs:
    statistic = f"indirectly standardised rate per {fixed_text(inputs['multiplier'])}"
    arguments, keywords = indirect(inputs)
    table, limits = with_limits(
        inputs["confidence"],
        lambda level: indirectly_standardised_rate(
            *arguments, **keywords, multiplier=inputs["multiplier"], confidence=level
        ),
    )
    return indirect_result(table, limits, inputs, statistic)


@computes("calculate_ISRatio")
def calculate_isratio(inputs: Inputs) -> Outputs:
    statistic = f"indirectly standardised ratio x {fixed_text(inputs['refvalue'])}"
    arguments, keywords = indirect(inputs)
    table, limits = with_limits(
        inputs["confidence"],
        lambda level: indirectly_standardised_ratio(
            *arguments, **keywords, refvalue=inputs["refvalue"], confidence=level
        ),
    )
    return indirect_result(table, limits, inputs, statistic)


def indirect(inputs: Inputs) -> tuple[list[Any], dict[str, Any]]:
    """Repeat the reference population for each area by position, as the reference does."""
    areas = labels(inputs)
    population = column(inputs, "n")
    within = pd.Series(range(population.size)).groupby(areas or [0] * population.size).cumcount().to_numpy()
    reference = [floats(inputs[name])[within] for name in ("x_ref", "n_ref")]
    totals = inputs.get("observed_totals")
    keywords: dict[str, Any] = {"areas": areas, "missing_is_zero": True}
    if totals is None:
        return [column(inputs, "x"), population, *reference], keywords
    keywords["observed"] = pd.Series(floats(totals[inputs["x"]]), index=totals[inputs["group"]])
    return [None, population, *reference], keywords


def indirect_result(table: pd.DataFrame, limits: dict[str, Any], inputs: Inputs, statistic: str) -> Outputs:
    columns = {name: plain(table[name]) for name in table if name not in ("lowercl", "uppercl")}
    texts = rows_of(table, inputs["confidence"], statistic=statistic)
    return {
        "area": plain(table.index),
        "method": poisson_method(table["observed"]),
        **columns,
        **limits,
        **texts,
    }


@computes("phe_quantile")
def phe_quantile(inputs: Inputs) -> Outputs:
    assigned = quantile(
        floats(inputs["values"]), inputs["nquantiles"], invert=inputs["invert"], groups=inputs.get("group")
    )
    return {"quantile": plain(assigned)}


@computes("phe_sii")
def phe_sii(inputs: Inputs) -> Outputs:
    data = inputs["data"]
    value = floats(data["x"]) / column(inputs, "population") if inputs["value_from_x"] else floats(data["value"])
    spread = (
        {"standard_error": floats(data["se"])}
        if inputs["se_supplied"]
        else {"lowercl": floats(data["lowercl"]), "uppercl": floats(data["uppercl"])}
    )
    tables = {
        level: slope_index_of_inequality(
            column(inputs, "quantile"),
            column(inputs, "population"),
            value,
            **spread,
            value_type=("other", "rate", "proportion")[inputs["value_type"]],
            transform=inputs["transform"],
            multiplier=inputs["multiplier"],
            areas=labels(inputs),
            confidence=level,
            repetitions=400_000,
        ).dropna(subset=["sii"])
        for level in levels(inputs["confidence"])
    }
    first = next(iter(tables.values()))
    # The reference scales the intercept only when it transforms.
    scale = 1.0 if inputs["transform"] else abs(inputs["multiplier"])
    limits = {
        f"{index}_{side}{level * 100:.1f}cl".replace(".", "_"): plain(table[f"{index}_{side}cl"])
        for level, table in tables.items()
        for index in ("sii", "rii")
        for side in ("lower", "upper")
    }
    columns = {"sii": plain(first["sii"]), "rii": plain(first["rii"]), "intercept": plain(first["intercept"] / scale)}
    return {"area": plain(first.index), **columns, **limits}


@computes("phe_life_expectancy")
def phe_life_expectancy(inputs: Inputs) -> Outputs:
    data, confidence = inputs["data"], inputs["confidence"]
    areas = labels(inputs)
    arguments = [floats(data[name]) for name in ("deaths", "pops", "startage")]
    table, limits = with_limits(confidence, lambda level: life_expectancy(*arguments, areas=areas, confidence=level))
    table = table.assign(**limits)
    # The reference puts areas it could not compute last.
    impossible = table.groupby("area")["uppercl" if "uppercl" in table else "upper95_0cl"].transform(
        lambda limit: limit.isna().all()
    )
    table = pd.concat([table[~impossible], table[impossible]])
    texts = rows_of(table, confidence, method="Chiang, using Silcocks et al for confidence limits")
    return {
        "area": plain(table["area"]),
        "startage": plain(table["start_age"]),
        "statistic": [f"life expectancy at {age}" for age in table["start_age"]],
        **{name: plain(table[name]) for name in ("value", "pops_used", "dths_used", *limits)},
        **texts,
    }


def funnel_name(name: str) -> str:
    """Give the reference's name of a funnel column."""
    if name.endswith(("_2s", "_3s")):
        return f"{name}_limit"
    whole = {"population": "Population", "observed": "Observed_events", "events": "Events"}
    return whole.get(name, name.replace("_expected", "_exp_events").replace("_population", "_population_1_year"))


def rate_arguments(inputs: Inputs) -> dict[str, Any]:
    """Collect what the rate funnels share."""
    given = inputs.get("denominator")
    return {
        "numerator": floats(inputs["numerator"]),
        "rate": floats(inputs["rate"]),
        "denominator": None if given is None else floats(given),
        "rate_type": inputs["rate_type"],
        "multiplier": inputs["multiplier"],
    }


@computes("calculate_funnel_limits")
def calculate_funnel_limits(inputs: Inputs) -> Outputs:
    if inputs["statistic"] == "rate":
        table = rate_funnel(**rate_arguments(inputs), years=inputs["years_of_data"])
    elif inputs["statistic"] == "ratio":
        table = ratio_funnel(
            floats(inputs["numerator"]), floats(inputs["denominator"]), ratio_type=inputs["ratio_type"]
        )
    else:
        # The reference cuts upper limits at 100 whatever the multiplier.
        table = proportion_funnel(
            floats(inputs["numerator"]), floats(inputs["denominator"]), multiplier=inputs["multiplier"], highest=100
        )
    return {funnel_name(name): plain(table[name]) for name in table}


@computes("calculate_funnel_points")
def calculate_funnel_points(inputs: Inputs) -> Outputs:
    table = rate_funnel_points(**rate_arguments(inputs), years=inputs["years_of_data"])
    return {"rate_chart": plain(table["rate"]), "denominator_derived": plain(table["population"])}


@computes("assign_funnel_significance")
def assign_funnel_significance(inputs: Inputs) -> Outputs:
    if inputs["statistic"] == "rate":
        return {"significance": plain(rate_funnel_significance(**rate_arguments(inputs)))}
    counts = floats(inputs["numerator"]), floats(inputs["denominator"])
    if inputs["statistic"] == "ratio":
        return {"significance": plain(ratio_funnel_significance(*counts))}
    if np.isnan(counts).any():  # a missing count makes the reference's average, and so every comparison, missing
        return {"significance": ["Not significant"] * counts[0].size}
    return {"significance": plain(proportion_funnel_significance(*counts))}


# Making Data Count --------------------------------------------------------------------------------------------------

SPECIAL_CAUSE_LABELS = {
    "common cause": "Common Cause",
    "above upper limit": "Above UCL",
    "below lower limit": "Below LCL",
    "rising trend": "7 Point Trend (Increasing)",
    "falling trend": "7 Point Trend (Decreasing)",
    "two in three near upper limit": "2 in 3 Above CL",
    "two in three near lower limit": "2 in 3 Below CL",
    "shift above mean": "7 Points Above CL",
    "shift below mean": "7 Points Below CL",
}
TRIAL_BELOW_IN_PACKAGE = 13  # NHSRplotthedots 0.2.2 warns below 13 points where its text says 12


def xmr_chart(inputs: Inputs, **options: Any) -> tuple[XmrChart, list[int]]:
    """Put the points in order of date, as the package does, and draw the chart; return it with its rebases."""
    values, dates = floats(inputs["values"]), inputs.get("dates")
    dates = np.array(dates if dates is not None else [f"{place:09d}" for place in range(values.size)])
    order = np.argsort(dates, kind="stable")
    given = inputs.get("rebase_at_index_1based") or []
    chosen = [dates[place - 1] for place in (given if isinstance(given, list) else [given])]
    rebases = [int(place) for place in np.flatnonzero(np.isin(dates[order], chosen))]
    chart = xmr(
        values[order],
        direction=inputs["improvement_direction"],
        target=inputs.get("target"),
        rebase_at=rebases,
        fix_after=inputs.get("fix_after_n_points"),
        screen_outliers=inputs["screen_outliers"],
        **options,
    )
    return chart, rebases


@computes("xmr_spc")
def xmr_spc(inputs: Inputs) -> Outputs:
    chart, rebases = xmr_chart(inputs, outside_counts_as_near=False)
    points = chart.points
    kinds = [kind if kind == "common_cause" else f"special_cause_{kind}" for kind in points["point_type"]]
    stretches = np.diff([0, *(place for place in rebases if place), len(points)])
    flags = {
        name: [None if math.isnan(flag) else bool(flag) for flag in points[name]]
        for name in ("outside_limits", "close_to_limits")
    }
    # Without limits the package still answers that a target is met inconsistently.
    judged = inputs.get("target") is not None and inputs["improvement_direction"] != "neutral"
    limits = {name: plain(points[name]) for name in ("mean", "lpl", "upl")}
    return {
        **limits,
        **{f"{name}_first": column[0] for name, column in limits.items()},
        **flags,
        "relative_to_mean": plain(points["relative_to_mean"]),
        "special_cause_type": [SPECIAL_CAUSE_LABELS[cause] for cause in points["special_cause"]],
        "point_type": kinds,
        "variation_icon": chart.variation,
        "assurance_type": chart.assurance or ("inconsistent" if judged else None),
        "short_group_warning": bool((stretches < TRIAL_BELOW_IN_PACKAGE).any()),
    }


@computes("xmr_spc_mdc2023_two_sigma")
def xmr_spc_mdc2023_two_sigma(inputs: Inputs) -> Outputs:
    chart, _ = xmr_chart(inputs, outside_counts_as_near=True)
    special = np.flatnonzero(chart.points["special_cause"] != "common cause") + 1
    return {"special_cause_index_1based": plain(special)}


# Inequality summary measures ----------------------------------------------------------------------------------------

JUDGEMENT = ("low_is_good", "high_is_good")


def estimate(table: pd.DataFrame, name: str, error: str = "_se", scale: float = 1.0) -> dict[str, Any]:
    """Read one measure of a one-row table in healthequal's four fields."""
    row = table.iloc[0]
    known = {
        "estimate": row[name],
        "se": row.get(f"{name}{error}", math.nan) / scale,
        "lowerci": row.get(f"{name}_lowercl"),
        "upperci": row.get(f"{name}_uppercl"),
    }
    return {field: plain(value) for field, value in known.items()}


def who_gap(inputs: Inputs, **ends: Any) -> dict[str, Any]:
    given = inputs.get("se")
    table = gap(
        floats(inputs["est"]),
        polarity=JUDGEMENT[inputs["favourable_indicator"]],
        standard_error=None if given is None else floats(given),
        **ends,
    )
    return {"d": estimate(table, "absolute_gap"), "r": estimate(table, "relative_gap", "_log_se")}


@computes("who_d_r_aci_rci")
def who_d_r_aci_rci(inputs: Inputs) -> Outputs:
    order = floats(inputs["subgroup_order"])
    table = concentration_index(floats(inputs["est"]), floats(inputs["pop"]), order)
    return who_gap(inputs, order=order) | {name: estimate(table, name) for name in ("aci", "rci")}


@computes("who_par_paf")
def who_par_paf(inputs: Inputs) -> Outputs:
    order = inputs.get("subgroup_order")
    table = attributable(inputs, None if order is None else floats(order))
    paf = estimate(table, "paf")
    return {"par": estimate(table, "par"), "paf": paf | {"se_as_fraction": percent(paf["se"])}}


def percent(number: float | None) -> float | None:
    return None if number is None else number / 100


def attributable(inputs: Inputs, order: np.ndarray | None) -> pd.DataFrame:
    return population_attributable(
        floats(inputs["est"]),
        floats(inputs["pop"]),
        order,
        polarity=JUDGEMENT[inputs["favourable_indicator"]],
        scale=inputs["indicator_scale"],
    )


def guessed_scale(values: np.ndarray) -> float:
    """Guess the scale of an indicator from its largest value, as healthequal does for its slope indices."""
    return next(scale for scale in (1, 100, 1_000, 10_000, 100_000, 1_000_000) if np.nanmax(values) <= scale)


def who_slope(inputs: Inputs, model: str) -> Outputs:
    values = floats(inputs["est"])
    scale = guessed_scale(values)
    table = who_slope_index(values, floats(inputs["pop"]), floats(inputs["subgroup_order"]), model=model, scale=scale)
    return {"sii": estimate(table, "sii", scale=scale), "rii": estimate(table, "rii", "_log_se")}


@computes("who_sii_rii_logit")
def who_sii_rii_logit(inputs: Inputs) -> Outputs:
    return who_slope(inputs, "logit")


@computes("who_sii_rii_linear")
def who_sii_rii_linear(inputs: Inputs) -> Outputs:
    return who_slope(inputs, "linear")


@computes("who_nonordered")
def who_nonordered(inputs: Inputs) -> Outputs:
    place = inputs.get("reference_index_1based")
    marks = None if place is None else (np.arange(len(inputs["est"])) == place - 1).astype(float)
    table = between_group_measures(
        floats(inputs["est"]),
        floats(inputs["pop"]),
        polarity=JUDGEMENT[inputs["favourable_indicator"]],
        standard_error=floats(inputs["se"]) if inputs.get("se") else None,
        reference=marks,
    )
    known = [name for name in table if not name.endswith(("_se", "cl"))]
    shares = attributable({**inputs, **only_known(inputs)}, None)
    gaps = who_gap(inputs, reference=marks)
    return gaps | {name: estimate(table, name) for name in known} | {n: estimate(shares, n) for n in ("par", "paf")}


def only_known(inputs: Inputs) -> dict[str, list[float]]:
    """Leave out groups without an estimate, as the reference does where groups have no order."""
    known = [value is not None for value in inputs["est"]]
    return {name: [v for v, kept in zip(inputs[name], known, strict=True) if kept] for name in ("est", "pop")}


@computes("concentration_index")
def concentration_indices(inputs: Inputs) -> Outputs:
    table = concentration_index(
        floats(inputs["est"]),
        floats(inputs["pop"]),
        floats(inputs["subgroup_order"]),
        bounds=(inputs["lower_bound"], inputs["upper_bound"]),
    )
    return {name: estimate(table, name) for name in ("aci", "rci", "wagstaff", "erreygers")}


@computes("concentration_index_individual")
def concentration_index_individual(inputs: Inputs) -> Outputs:
    health, ranking = floats(inputs["health"]), floats(inputs["rank_variable"])
    given = inputs.get("weights")
    weights = np.ones(health.size) if given is None else floats(given)
    known = ~(np.isnan(health) | np.isnan(ranking) | np.isnan(weights))
    health, ranking, weights = health[known], ranking[known], weights[known]
    row = concentration_index_of_individuals(health, ranking, weights, ties="given_order").iloc[0]
    # rineq's factor for small samples, which is 1 when weights are equal.
    share = weights / weights.sum()
    factor = (1 - 1 / share.size) / (1 - (share**2).sum()) if share.size > 1 else math.nan
    return {
        "CI": plain(row["ci"] * factor),
        "generalised": plain(row["generalised"] * factor),
        "erreygers_using_data_range": plain(row["erreygers"] * factor),
        "wagstaff_assuming_bounds_0_1": plain(row["wagstaff"] * factor),
        "fractional_rank": plain(fractional_rank(ranking, weights, ties="given_order")),
    }


@computes("gini_lorenz")
def gini_lorenz(inputs: Inputs) -> Outputs:
    values = floats(inputs["x"])
    weights = np.ones(values.size) if inputs.get("weights") is None else floats(inputs["weights"])
    curve, row = lorenz_curve(values, weights), gini(values, weights).iloc[0]
    return {
        "lorenz_p": plain(curve["population_share"]),
        "lorenz_L": plain(curve["value_share"]),
        "gini": plain(row["gini"]),
        "gini_small_sample_corrected": plain(row["gini_corrected"]),
    }


@computes("scotpho_inequality")
def scotpho(inputs: Inputs) -> Outputs:
    rates = floats(inputs["rate"])
    row = scotpho_inequality(
        rates, floats(inputs["denominator"]), np.arange(rates.size) + 1.0, inputs["overall_rate"]
    ).iloc[0]
    limits = {
        f"{side}_{name}": plain(row[f"{name}_{limit}"])
        for name in ("sii", "rii", "rii_int")
        for side, limit in (("lowci", "lowercl"), ("upci", "uppercl"))
    }
    return {name: plain(row[name]) for name in ("sii", "rii", "rii_int", "par", "abs_range", "rel_range")} | limits


# Small areas, clusters, reach ---------------------------------------------------------------------------------------

PERMUTATIONS = 99_999  # as many as the reference drew


def neighbour_lists(inputs: Inputs) -> list[list[int]]:
    near = inputs["neighbours_0based"]
    return [list(near[str(place)]) for place in range(len(near))]


@computes("eb_marshall_global")
def eb_marshall_global(inputs: Inputs) -> Outputs:
    table = empirical_bayes_rate(floats(inputs["events"]), floats(inputs["population"]))
    return {
        "smoothed_rate": plain(table["smoothed_rate"]),
        "prior_mean_b": plain(table["prior_mean"])[0],
        "prior_variance_a": plain(table["prior_variance"])[0],
    }


@computes("eb_marshall_local")
def eb_marshall_local(inputs: Inputs) -> Outputs:
    table = empirical_bayes_rate_of_neighbours(
        floats(inputs["events"]),
        floats(inputs["population"]),
        neighbour_lists(inputs),
        include_self=inputs["include_self"],
    )
    return {"smoothed_rate": plain(table["smoothed_rate"])}


@computes("local_moran")
def local_moran_case(inputs: Inputs) -> Outputs:
    values, near = floats(inputs["x"]), neighbour_lists(inputs)
    table = local_moran(values, near, permutations=PERMUTATIONS, seed=12345)
    areas = int((~np.isnan(values)).sum())
    return {
        "Ii_n_denominator": plain(table["local_i"] * areas / (areas - 1)),
        "Ii_n_minus_1_denominator": plain(table["local_i"]),
        "quadrant": [quadrant or None for quadrant in table["quadrant"]],
        "global_moran_I": plain(global_moran(values, near)),
        "p_sim_one_sided_folded": plain(table["p_one_sided"]),
    }


@computes("getis_ord")
def getis_ord_case(inputs: Inputs) -> Outputs:
    result = {}
    for star, name in ((False, "Gi"), (True, "Gi_star")):
        table = getis_ord(floats(inputs["x"]), neighbour_lists(inputs), star=star)
        result[name], result[f"{name}_z"] = plain(table["g"]), plain(table["z"])
        result[f"{name}_rowstd_value"] = plain(table["g_mean"])
    return result


@computes("two_sfca")
def two_sfca(inputs: Inputs) -> Outputs:
    areas, providers = list(inputs["demand"]), list(inputs["supply"])
    cost = np.array([floats([inputs["cost"][area].get(hub) for hub in providers]) for area in areas])
    steps = inputs.get("step_weights_upper_bound_to_weight")
    demand = floats(list(inputs["demand"].values()))
    access, ratio = two_step_floating_catchment(
        demand,
        floats(list(inputs["supply"].values())),
        cost,
        inputs["max_cost"],
        step_weights={float(bound): weight for bound, weight in steps.items()} if steps else None,
    )
    return {
        "provider_ratio_R": dict(zip(providers, plain(ratio), strict=True)),
        "accessibility_A": dict(zip(areas, plain(access), strict=True)),
        "conservation_sum_A_times_demand": plain(access @ demand),
    }


def places(inputs: Inputs, name: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    pairs = np.array(list(inputs[name].values()), dtype=float)
    return list(inputs[name]), pairs[:, 0], pairs[:, 1]


@computes("nearest_hub_latlon")
def nearest_hub_latlon(inputs: Inputs) -> Outputs:
    areas, latitude, longitude = places(inputs, "areas_lat_lon")
    hubs, hub_latitude, hub_longitude = places(inputs, "hubs_lat_lon")
    sphere = nearest_by_great_circle(latitude, longitude, hub_latitude, hub_longitude)
    ellipsoid = nearest_by_ellipsoid(latitude, longitude, hub_latitude, hub_longitude)
    return {
        area: {
            "nearest_hub": hubs[sphere["nearest"][row]],
            "great_circle_km_R6371.009": plain(sphere["distance_km"][row]),
            "haversine_angle_rad": plain(sphere["angle_rad"][row]),
            "wgs84_geodesic_km": plain(ellipsoid["distance_km"][row]),
            "nearest_hub_geodesic": hubs[ellipsoid["nearest"][row]],
        }
        for row, area in enumerate(areas)
    }


@computes("nearest_hub_bng")
def nearest_hub_bng(inputs: Inputs) -> Outputs:
    areas, easting, northing = places(inputs, "areas_easting_northing")
    hubs, hub_easting, hub_northing = places(inputs, "hubs_easting_northing")
    table = nearest_by_grid(easting, northing, hub_easting, hub_northing)
    return {
        area: {"nearest_hub": hubs[table["nearest"][row]], "distance_m": plain(table["distance_m"][row])}
        for row, area in enumerate(areas)
    }


# Disclosure ---------------------------------------------------------------------------------------------------------


def ends(interval: tuple[float, float]) -> list[float | None]:
    return [plain(float(end)) for end in interval]


@computes("sdc_attack_intervals")
def sdc_attack_intervals(inputs: Inputs) -> Outputs:
    hidden = inputs["suppressed"]
    published = {
        cell: count for cell, count in inputs["true_values_for_building_the_test"].items() if cell not in hidden
    }
    relations = [Relation(each["total"], tuple(each["parts"])) for each in inputs["relations"]]
    known = {cell: tuple(pair) for cell, pair in (inputs["attacker_knows_bounds"] or {}).items()}
    found = attack_intervals(published, relations, bounds=known)
    intervals = {cell: found.get(cell, known.get(cell, (0, math.inf))) for cell in hidden}
    exact = {cell: least for cell, (least, most) in intervals.items() if least == most}
    return {
        "intervals": {cell: ends(pair) for cell, pair in intervals.items()},
        "exactly_recovered": exact,
        "safe": not exact,
    }


def between(text: str) -> tuple[int, int]:
    """Read the two numbers of a rule such as "1 <= count <= 7"."""
    low, high = re.findall(r"\d+", text)[:2]
    return int(low), int(high)


@computes("sdc_secondary_suppression")
def sdc_secondary_suppression(inputs: Inputs) -> Outputs:
    table = np.array(inputs["table"], dtype=float)
    rows = inputs["rows"] or [f"r{row + 1}" for row in range(table.shape[0])]
    columns = inputs["cols"] or [f"c{column + 1}" for column in range(table.shape[1])]
    small, width = between(inputs["primary_rule"]), inputs["required_interval_width"]
    published = inputs["margins_published"]
    best = smallest_protection(table, small=small, width=width, margins_published=published)
    eliminated = elimination_pattern(table, small=small)

    def names(cells: Sequence[tuple[int, int]]) -> list[str]:
        return [f"{rows[row]}|{columns[column]}" for row, column in cells]

    def judged(cells: tuple[tuple[int, int], ...]) -> dict[str, Any]:
        safe = is_protected(table, best.primary, cells, width=width, margins_published=published)
        return {"secondary": names(cells), "safe": safe}

    # Two of the packages search for the smallest pattern, two publish by elimination.
    searching, eliminating = judged(best.secondary), judged(eliminated)
    return {
        "primary": names(best.primary),
        "primary_only_intervals": {
            name: ends(best.primary_only[cell]) for name, cell in zip(names(best.primary), best.primary, strict=True)
        },
        "min_number_of_secondary_cells": len(best.secondary),
        "min_total_value_hidden_at_that_number": best.hidden_total,
        "one_optimal_pattern": names(best.secondary),
        "number_of_patterns_of_that_size": best.patterns,
        "reference_package_patterns": {
            "sdcTable_OPT": searching,
            "sdcTable_HITAS": searching,
            "sdcTable_SIMPLEHEURISTIC": eliminating,
            "GaussSuppression": eliminating,
        },
    }


@computes("sdc_linked_tables")
def sdc_linked_tables(inputs: Inputs) -> Outputs:
    zones = [(zone["members"], zone["value"]) for zone in inputs["published"]]
    low, high = inputs["sensitive_if_between"]
    order = list(inputs["atoms_true_values_for_building_the_test"])
    found = [
        {"members": sorted(members, key=order.index), "value": count}
        for members, count in disclosed_by_linked_tables(zones, sensitive=(low, high))
    ]
    return {"disclosed_small_groups": found, "safe": not found}


@computes("sdc_rounded_table")
def sdc_rounded_table(inputs: Inputs) -> Outputs:
    text = inputs["rule"]
    low, high = (int(number) for number in re.search(r"(\d+)-(\d+)", text).groups())
    rule = {"suppress_from": low, "suppress_to": high, "round_to": int(re.search(r"nearest (\d+)", text)[1])}
    counts = inputs["true_counts"]
    cells = [*counts, "Total"]
    table = protect_counts([*counts.values(), sum(counts.values())], **rule)
    shown = dict(zip(cells, plain(table["numerator"]), strict=True))
    total = shown.pop("Total")
    intervals = intervals_of_rounded_cells(shown, total, **rule)
    return {
        "published": {cell: "*" if count is None else count for cell, count in {**shown, "Total": total}.items()},
        "attacker_intervals_for_suppressed": {cell: ends(pair) for cell, pair in intervals.items()},
    }


@computes("sdc_count_rounding")
def sdc_count_rounding(inputs: Inputs) -> Outputs:
    keys = {"level": inputs["level"], "replacement": inputs["replacement"]}
    return {"published": [hospital_count(count, **keys) for count in inputs["counts"]]}


@computes("sdc_count_rounding_errors")
def sdc_count_rounding_errors(inputs: Inputs) -> Outputs:
    return {"raises": [is_refused(count) for count in inputs["counts"]]}


def is_refused(count: Any) -> bool:
    try:
        hospital_count(count)
    except ValueError:
        return True
    return False


@computes("sdc_redact_then_round")
def sdc_redact_then_round(inputs: Inputs) -> Outputs:
    keys = {"redact_at_or_below": inputs["redact_at_or_below"], "round_to": inputs["round_to"]}
    published = {name: redact_then_round(floats(counts), **keys) for name, counts in inputs["counts"].items()}
    return {
        "published": {name: plain(counts) for name, counts in published.items()},
        "totals": {name: float(np.nansum(counts)) for name, counts in published.items()},
    }


@computes("sdc_midpoint6")
def sdc_midpoint6(inputs: Inputs) -> Outputs:
    return {"rounded": plain(midpoint_six(floats(inputs["counts"])))}


@computes("ons_mortality_rate_display")
def ons_mortality_rate_display(inputs: Inputs) -> Outputs:
    table = mortality_rate_display(floats(inputs["deaths"]))
    return {name: plain(table[name]) for name in table}


@computes("sdc_percentage_reveals_count")
def sdc_percentage_reveals_count(inputs: Inputs) -> Outputs:
    counts = numerators_behind_percentage(inputs["denominator"], inputs["percent"], inputs["decimal_places"])
    return {"compatible_numerators": counts, "uniquely_revealed": len(counts) == 1}


@computes("sdc_rolling_difference")
def sdc_rolling_difference(inputs: Inputs) -> Outputs:
    found = recovered_from_rolling_sums(
        inputs["published_rolling_sums"], inputs["published_single_periods"], inputs["window"]
    )
    return {"recovered": {str(place): count for place, count in found.items()}}


@computes("acro_cell_checks")
def acro_cell_checks(inputs: Inputs) -> Outputs:
    given = inputs["thresholds"]
    limits = ResearchThresholds(
        fewest=given["safe_threshold"],
        dominant=given["safe_nk_n"],
        dominant_share=given["safe_nk_k"],
        p_ratio=given["safe_pratio_p"],
        zeros_are_disclosive=given["zeros_are_disclosive"],
    )
    cells = {cell: floats(values) for cell, values in inputs["microdata"].items()}
    status, outcome = check_research_table(cells, inputs["aggregate"], limits)
    return {"status": status, "cell_outcome": outcome}


@computes("sdc_count_rounding_mhsds")
def sdc_count_rounding_mhsds(inputs: Inputs) -> Outputs:
    return {"published": [mental_health_count(count) for count in inputs["counts"]]}


@computes("nhse_fft_suppression")
def nhse_fft_suppression(inputs: Inputs) -> Outputs:
    rows, small = inputs["rows"], between(inputs["threshold"])
    parents, responses = [row["parent"] for row in rows], [row["responses"] for row in rows]
    table = friends_and_family_suppression(
        responses,
        parents,
        suppressed_parents=inputs["parents_suppressed_at_their_own_level"],
        highest_small=small[1],
    )
    hidden = table["suppressed"].to_numpy()
    codes = np.array([row["code"] for row in rows], dtype=object)
    published = {code: count for code, count, gone in zip(codes, responses, hidden, strict=True) if not gone}
    relations = []
    for parent in dict.fromkeys(parents):
        members = [place for place, each in enumerate(parents) if each == parent]
        published["parent", parent] = sum(responses[place] for place in members)
        relations.append(Relation(("parent", parent), tuple(codes[place] for place in members)))
    bounds = dict.fromkeys(codes[table["first_level"].to_numpy() == 1], small)
    intervals = attack_intervals(published, relations, bounds=bounds)
    return {name: plain(table[name]) for name in table} | {
        "attacker_intervals_if_parent_total_published_and_first_level_cells_recognisable": {
            code: ends(intervals[code]) for code in codes[hidden]
        }
    }


@computes("sdc_cell_key")
def sdc_cell_key(inputs: Inputs) -> Outputs:
    table = pd.DataFrame(inputs["ptable"])
    table = table[table["i"] <= inputs["largest_i_class"]]
    return {
        cell: {"cell_key": key, "noise": noise, "published": published}
        for cell, (key, noise, published) in cell_key_noise(inputs["record_keys"], table).items()
    }

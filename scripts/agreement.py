"""The table of agreement with gbstats and statsmodels; run by scripts/agreement.

Each row is one number of one method: the same inputs go to `waypost stats --batch` and to their function. A number that is
missing, not finite, or raises counts as "undefined"; gbstats says "p = 1" with a message where it refuses, which is undefined
as well. Two numbers agree when they differ by less than 1e-6 of their size (1e-9 of one at most).
"""

import json
import math
import random
import subprocess
import sys
import warnings

import numpy as np
from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig, GaussianPrior
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.models.statistics import ProportionStatistic, RatioStatistic, SampleMeanStatistic
from gbstats.utils import check_srm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
    test_proportions_2indep,
)
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

warnings.simplefilter("ignore")
np.seterr(all="ignore")
PROGRAM, COUNT = sys.argv[1], int(sys.argv[2])
EDGES = [(0, 50, 0, 60), (9, 9, 7, 7), (0, 50, 5, 60), (0, 0, 5, 10), (1, 1, 0, 1), (5, 60, 0, 50), (50, 50, 40, 60)]
rng = random.Random(2026)


def tables():
    for x_a, n_a, x_b, n_b in EDGES:
        yield {"x_a": x_a, "n_a": n_a, "x_b": x_b, "n_b": n_b, "alpha": 0.05}
    for _ in range(COUNT):
        n_a, n_b = (int(10 ** rng.uniform(1.3, 5)) for _ in "ab")
        p = rng.choice([0.01, 0.05, 0.2, 0.5, 0.9])
        draw = lambda n: sum(rng.random() < p for _ in range(n)) if n < 2000 else min(n, max(0, round(rng.gauss(n * p, (n * p * (1 - p)) ** 0.5))))
        yield {"x_a": draw(n_a), "n_a": n_a, "x_b": draw(n_b), "n_b": n_b, "alpha": 0.05}


def sums():
    """Two samples, as values."""
    yield {"a": [3.0] * 5, "b": [3.0] * 5}
    yield {"a": [3.0] * 5, "b": [4.0] * 5}
    yield {"a": [2.0] * 5, "b": [1.0, 2.0, 4.0]}
    yield {"a": [-1.0, 1.0, 0.0], "b": [1.0, 2.0, 4.0]}
    yield {"a": [1.0], "b": [2.0, 3.0]}
    for _ in range(COUNT):
        size, spread = (rng.randint(5, 300), rng.randint(5, 300)), rng.choice([0.2, 1, 5])
        yield {k: [round(rng.gauss(10 + s, spread * (1 + s)), 6) for _ in range(n)] for k, n, s in zip("ab", size, (0, rng.random()))}


def arm(values):
    n = len(values)
    mean = math.fsum(values) / n
    var = math.fsum((v - mean) ** 2 for v in values) / (n - 1) if n > 1 else None
    return {"n": n, "mean": mean, "var": var if var is not None else 0.0}


def gb_mean(values):
    return SampleMeanStatistic(n=len(values), sum=math.fsum(values), sum_squares=math.fsum(v * v for v in values))


def gb(test):
    result = test.compute_result()
    if result.error_message:
        raise ValueError(result.error_message)
    return result


def gb_share(t, relative):
    config = FrequentistConfig(difference_type="relative" if relative else "absolute", alpha=t["alpha"])
    a, b = (ProportionStatistic(n=t["n_" + k], sum=t["x_" + k]) for k in "ab")
    return gb(TwoSidedTTest(a, b, config))


def pairs():
    for kind in ["zero", "alike"]:
        rows = [(1.0, 0.0 if kind == "zero" else 1.0)] * 6
        yield {"a": rows, "b": rows}
    for _ in range(COUNT):
        def unit():
            views = rng.randint(1, 12)
            return (float(sum(rng.random() < 0.3 for _ in range(views))), float(views))
        yield {k: [unit() for _ in range(rng.randint(10, 200))] for k in "ab"}


def pair_sums(rows, names):
    m, d = [r[0] for r in rows], [r[1] for r in rows]
    total = [len(rows), sum(m), sum(v * v for v in m), sum(d), sum(v * v for v in d), sum(v * w for v, w in rows)]
    return dict(zip(names, total))


RATIO = ["n", "sum_m", "sum_m2", "sum_d", "sum_d2", "sum_md"]


def gb_ratio(rows):
    m, d = gb_mean([r[0] for r in rows]), gb_mean([r[1] for r in rows])
    return RatioStatistic(n=len(rows), m_statistic=m, d_statistic=d, m_d_sum_of_products=sum(v * w for v, w in rows))


def effects():
    for _ in range(COUNT):
        yield {"diff": rng.gauss(0, 0.2), "se": 10 ** rng.uniform(-2, 0), "credible": 0.95, "prior_mean": 0.0, "prior_sd": 0.3}
    for diff in (1e-3, 1.0, 40.0):
        yield {"diff": diff, "se": 1.0, "credible": 0.95, "prior_mean": None, "prior_sd": None}


def gb_effect(t):
    """gbstats takes two samples; these have the wanted difference and standard error."""
    n, var = 1000, t["se"] ** 2 * 1000 / 2
    stat = lambda mean: SampleMeanStatistic(n=n, sum=n * mean, sum_squares=var * (n - 1) + n * mean * mean)
    prior = GaussianPrior(t["prior_mean"] or 0, (t["prior_sd"] or 1) ** 2, t["prior_sd"] is not None)
    config = EffectBayesianConfig(difference_type="absolute", prior_effect=prior, prior_type="absolute")
    return gb(EffectBayesianABTest(stat(5.0), stat(5.0 + t["diff"]), config))


def sequences():
    for values in sums():
        a, b = arm(values["a"]), arm(values["b"])
        se = math.sqrt(a["var"] / a["n"] + b["var"] / b["n"])
        yield {"values": values, "diff": b["mean"] - a["mean"], "se": se, "n": a["n"] + b["n"], "alpha": 0.05, "tuning": 5000}


def gb_sequence(t):
    config = SequentialConfig(difference_type="absolute", alpha=0.05, sequential_tuning_parameter=5000)
    return gb(SequentialTwoSidedTTest(gb_mean(t["values"]["a"]), gb_mean(t["values"]["b"]), config))


def splits():
    yield {"counts": [0, 0], "weights": [0.5, 0.5]}
    yield {"counts": [100, 90, 0], "weights": [0.5, 0.5, 0]}
    for _ in range(COUNT):
        k = rng.randint(2, 5)
        weights = [rng.choice([1, 1, 2, 5]) for _ in range(k)]
        n = 10 ** rng.uniform(1, 6)
        counts = [max(0, round(rng.gauss(n * w / sum(weights), (n * w / sum(weights)) ** 0.5))) for w in weights]
        yield {"counts": counts, "weights": [w / sum(weights) for w in weights]}


def families():
    for _ in range(COUNT):
        yield {"p": [rng.random() ** rng.choice([1, 3, 9]) for _ in range(rng.randint(1, 30))]}


def designs():
    for _ in range(min(COUNT, 100)):
        yield {"delta": rng.choice([0.05, 0.2, 0.5, 1.0]), "sd": 1.0, "alpha": rng.choice([0.01, 0.05]), "power": rng.choice([0.8, 0.9]), "ratio": 1.0, "sides": 2}


def share_designs():
    for _ in range(COUNT):
        p1 = rng.uniform(0.02, 0.6)
        yield {"p1": p1, "p2": p1 * rng.choice([0.8, 1.05, 1.2]), "alpha": 0.05, "power": 0.8, "ratio": 1.0, "sides": 2}


def arcsine(t):
    h = 2 * math.asin(math.sqrt(t["p2"])) - 2 * math.asin(math.sqrt(t["p1"]))
    return NormalIndPower().solve_power(h, alpha=t["alpha"], power=t["power"], ratio=1)


def welch(t):
    return CompareMeans(DescrStatsW(t["b"]), DescrStatsW(t["a"])).ttest_ind(usevar="unequal")[1]


def two(t):
    return t["x_b"], t["n_b"], t["x_a"], t["n_a"]


def both(values):
    return {"a": arm(values["a"]), "b": arm(values["b"]), "alpha": 0.05}


same = lambda t: t
without = lambda *names: lambda t: {k: v for k, v in t.items() if k not in names}
one = lambda t: {"x": t["x_a"], "n": t["n_a"], "alpha": 0.05}
ratio = lambda t: {**{k: pair_sums(t[k], RATIO) for k in "ab"}, "alpha": 0.05}
score = lambda t: test_proportions_2indep(*two(t), value=-0.02, method="score", compare="diff", alternative="larger", correction=False)

# whose, what, inputs, our method, how ours are given, our key, theirs
ROWS = [
    ("statsmodels", "two shares, pooled z: p", tables, "prop_z_test", same, "p_value", lambda t: proportions_ztest([t["x_b"], t["x_a"]], [t["n_b"], t["n_a"]])[1]),
    ("statsmodels", "two shares, Wald: upper limit", tables, "prop_z_test", same, "ci_high", lambda t: confint_proportions_2indep(*two(t), method="wald", compare="diff")[1]),
    ("statsmodels", "two shares, Newcombe: lower limit", tables, "prop_diff_newcombe", same, "ci_low", lambda t: confint_proportions_2indep(*two(t), method="newcomb", compare="diff")[0]),
    ("statsmodels", "two shares, Agresti-Caffo: upper limit", tables, "prop_diff_agresti_caffo", same, "ci_high", lambda t: confint_proportions_2indep(*two(t), method="agresti-caffo", compare="diff")[1]),
    ("statsmodels", "two shares, score interval: lower limit", tables, "prop_diff_miettinen_nurminen", same, "ci_low", lambda t: confint_proportions_2indep(*two(t), method="score", compare="diff")[0]),
    ("statsmodels", "two shares, score non-inferiority: p", tables, "noninferiority_prop", lambda t: {**t, "margin": 0.02}, "p_score", lambda t: score(t).pvalue),
    ("statsmodels", "one share, Wilson: upper limit", tables, "prop_ci_single", one, "wilson_high", lambda t: proportion_confint(t["x_a"], t["n_a"], method="wilson")[1]),
    ("statsmodels", "one share, Clopper-Pearson: lower limit", tables, "prop_ci_single", one, "clopper_pearson_low", lambda t: proportion_confint(t["x_a"], t["n_a"], method="beta")[0]),
    ("statsmodels", "two averages, Welch: p", sums, "welch_t", both, "p_value", welch),
    ("statsmodels", "units for two averages", designs, "power_mean", same, "n1_t", lambda t: TTestIndPower().solve_power(t["delta"], alpha=t["alpha"], power=t["power"], ratio=1)),
    ("statsmodels", "units for two shares, arcsine", share_designs, "power_prop", same, "n1_arcsine", arcsine),
    ("statsmodels", "Holm: every p", families, "p_adjust", same, "holm", lambda t: list(multipletests(t["p"], method="holm")[1])),
    ("statsmodels", "Benjamini-Hochberg: every p", families, "p_adjust", same, "bh", lambda t: list(multipletests(t["p"], method="fdr_bh")[1])),
    ("gbstats", "two averages, absolute: p", sums, "welch_t", both, "p_value", lambda t: gb(TwoSidedTTest(gb_mean(t["a"]), gb_mean(t["b"]), FrequentistConfig(difference_type="absolute"))).p_value),
    ("gbstats", "two averages, relative: upper limit", sums, "rel_lift", both, "ci_t_high", lambda t: gb(TwoSidedTTest(gb_mean(t["a"]), gb_mean(t["b"]), FrequentistConfig())).ci[1]),
    ("gbstats", "two shares, decided: p (ours is the score test)", tables, "prop_z_test", same, "p_value", lambda t: gb_share(t, False).p_value),
    ("gbstats", "ratio, absolute: p", pairs, "ratio_delta", ratio, "p_value", lambda t: gb(TwoSidedTTest(gb_ratio(t["a"]), gb_ratio(t["b"]), FrequentistConfig(difference_type="absolute"))).p_value),
    ("gbstats", "sequential: upper limit", sequences, "seq_asymptotic_cs", without("values"), "ci_high", lambda t: gb_sequence(t).ci[1]),
    ("gbstats", "Bayesian: chance to win", effects, "bayes_normal", same, "chance_to_win", lambda t: gb_effect(t).chance_to_win),
    ("gbstats", "Bayesian: expected loss of the treatment", effects, "bayes_normal", same, "loss_choose_b", lambda t: gb_effect(t).risk[1]),
    ("gbstats", "sample ratio mismatch: p", splits, "srm_chi2", same, "p_value", lambda t: check_srm(t["counts"], t["weights"])),
]


WHY = [
    "statsmodels, score intervals and tests of a difference: release 0.15.0 and before solves a wrong cubic (statsmodels issue",
    "10269: 56/70 against 48/80 gives 0.0526 to 0.3440 for the published 0.0528 to 0.3382), and raises where an arm has no success.",
    "statsmodels, arcsine: counts the power of the far tail as well.",
    "gbstats, two shares: divides by n and does not pool, where our test is the score test; it refuses when an arm does not vary.",
    "gbstats, split: an arm of weight 0 adds a degree of freedom.",
]


def ask(questions):
    """Answers of `waypost stats --batch`, in order."""
    lines = "".join(json.dumps({"id": str(i), "method": m, "inputs": q}) + "\n" for i, (m, q) in enumerate(questions))
    done = subprocess.run([PROGRAM, "stats", "--batch"], input=lines, capture_output=True, text=True)
    return [json.loads(line).get("result", {}) for line in done.stdout.splitlines()]


def defined(value):
    if isinstance(value, list):
        return value if value and all(defined(v) is not None for v in value) else None
    try:
        value = float(value)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def theirs_of(function, inputs):
    try:
        return defined(function(inputs))
    except Exception:
        return None


def apart(a, b):
    if isinstance(a, list):
        return max(map(apart, a, b))
    return 0.0 if abs(a - b) <= 1e-9 else abs(a - b) / max(abs(a), abs(b))


def shown(inputs):
    if "x_a" in inputs:
        return "{x_a}/{n_a} against {x_b}/{n_b}".format(**inputs)
    text = json.dumps(inputs)
    return text if len(text) < 60 else text[:57] + "..."


def main():
    print(f"{'with':<12} {'what':<48} {'cases':>5} {'agree':>6} {'differ':>6} {'only we':>7} {'only they':>9} {'neither':>7}")
    notes, failed = [], False
    for whose, what, make, method, given, key, function in ROWS:
        cases = list(make())
        answers = ask([(method, given(t)) for t in cases])
        counts = dict.fromkeys(["agree", "differ", "ours", "theirs", "none"], 0)
        examples = {}
        for t, answer in zip(cases, answers, strict=True):
            a, b = defined(answer.get(key)), theirs_of(function, t)
            if a is None or b is None:
                kind = "none" if a is None and b is None else "theirs" if a is None else "ours"
            else:
                kind = "agree" if apart(a, b) <= 1e-6 else "differ"
            counts[kind] += 1
            if kind in ("differ", "ours", "theirs") and kind not in examples:
                examples[kind] = f"{shown(t)}: ours {a}, theirs {b}"
        print(f"{whose:<12} {what:<48} {len(cases):>5} {counts['agree']:>6} {counts['differ']:>6} {counts['ours']:>7} {counts['theirs']:>9} {counts['none']:>7}")
        notes += [f"  {whose}, {what} ({kind}): {text}" for kind, text in examples.items()]
    print("\nwhy some differ:")
    print("\n".join("  " + line for line in WHY))
    print("\nfor example:")
    print("\n".join(notes))


main()

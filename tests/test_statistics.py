"""Intervals hold as often as they say: on laws that are known, against tables, and against plain ways to count."""

import random
from math import inf, isclose, pi, sqrt, tan
from statistics import NormalDist, correlation, mean, stdev

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ticketcore.errors import InvalidInput, NotFound
from ticketcore.sim.statistics import (
    batch_means,
    contenders,
    differences,
    enough,
    mean_of,
    mser5,
    pareto,
    quantile,
    quantiles,
    ratio_of,
    select_best,
    student_quantile,
)
from ticketcore.sim.statistics.student import above

numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


def held(hits, trials, confidence):
    """Whether so many hits are what a confidence promises, but for one case in 20,000."""
    return abs(hits / trials - confidence) <= 4.1 * sqrt(confidence * (1 - confidence) / trials)


# Student's t.


@pytest.mark.parametrize(
    ("share", "freedom", "value"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.30265),
        (0.95, 5, 2.01505),
        (0.975, 10, 2.22814),
        (0.995, 10, 3.16927),
        (0.9995, 9, 4.78091),
        (0.975, 30, 2.04227),
        (0.975, 120, 1.97993),
    ],
)
def test_the_tables_of_t(share, freedom, value):
    assert isclose(student_quantile(share, freedom), value, rel_tol=3e-6)
    assert student_quantile(1 - share, freedom) == -student_quantile(share, freedom)


@given(st.floats(0.501, 0.999999))
def test_t_of_few_degrees_by_its_closed_forms(share):
    assert isclose(student_quantile(share, 1), tan(pi * (share - 0.5)), rel_tol=1e-9, abs_tol=1e-12)
    part = 4 * share * (1 - share)
    assert isclose(student_quantile(share, 2), 2 * (share - 0.5) * sqrt(2 / part), rel_tol=1e-9, abs_tol=1e-12)
    root = sqrt(share * (1 - share)) * 2
    four = 2 * sqrt(np.cos(np.arccos(root) / 3) / root - 1)
    assert isclose(student_quantile(share, 4), four, rel_tol=1e-6, abs_tol=1e-7)


@given(st.floats(0.0, 30), st.integers(1, 60))
def test_t_is_the_integral_of_its_density(value, freedom):
    places = np.arctan(np.linspace(0, value, 20_001) / sqrt(freedom))  # where the density is smooth
    between = np.cos((places[1:] + places[:-1]) / 2) ** (freedom - 1)
    half = np.cos((np.arange(20_000) + 0.5) * pi / 40_000) ** (freedom - 1)
    whole = half.sum() * pi / 40_000
    assert abs(0.5 - above(value, freedom) - (between * np.diff(places)).sum() / whole / 2) < 1e-6


def test_t_of_many_degrees_is_normal():
    for share in (0.6, 0.9, 0.975, 0.9995):
        assert isclose(student_quantile(share, 10**7), NormalDist().inv_cdf(share), rel_tol=1e-6)


# Intervals.


@pytest.mark.parametrize(("count", "confidence"), [(2, 0.9), (5, 0.95), (20, 0.99)])
def test_means_are_covered_as_often_as_promised(count, confidence):
    chance = random.Random(7)
    runs = ([chance.gauss(3, 2) for _ in range(count)] for _ in range(3000))
    assert held(sum(mean_of(run, confidence).covers(3) for run in runs), 3000, confidence)


def test_ratios_are_covered_as_often_as_promised():
    """The ratio of means is a fifth, the mean of ratios is not."""
    chance, hits, off, naive = random.Random(8), 0, [], []
    for _ in range(800):
        bottoms = [chance.gammavariate(4, 25) for _ in range(40)]
        tops = [bottom * 0.2 + chance.gauss(0, 3) + 100 - bottom for bottom in bottoms]  # 0.2 + 100/bottom - 1
        estimate = ratio_of(tops, bottoms)
        hits += estimate.covers(0.2)
        off.append(estimate.mean)
        naive.append(mean(top / bottom for top, bottom in zip(tops, bottoms, strict=True)))
    assert 0.92 < hits / 800 < 0.965  # the delta method is near, and better the more replications there are
    assert abs(mean(off) - 0.2) < 0.02 < abs(mean(naive) - 0.2)


@given(st.lists(numbers, min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_a_mean_is_that_of_the_library_in_any_order(values, chance):
    estimate = mean_of(values, 0.9)
    assert isclose(estimate.mean, mean(values), rel_tol=1e-12, abs_tol=1e-9)
    width = student_quantile(0.95, len(values) - 1) * stdev(values) / sqrt(len(values))
    assert isclose(estimate.half_width, width, rel_tol=1e-9, abs_tol=1e-6)
    assert (estimate.high - estimate.low) / 2 == pytest.approx(estimate.half_width, abs=1e-6)
    chance.shuffle(values)
    assert mean_of(values, 0.9) == estimate


@given(st.lists(st.tuples(numbers, st.floats(0.5, 9)), min_size=2, max_size=9))
def test_a_ratio_is_as_unsure_as_leaving_each_out_in_turn_says(pairs):
    """The jackknife, which is another way to the same."""
    tops, bottoms = ([pair[side] for pair in pairs] for side in (0, 1))
    estimate = ratio_of(tops, [100.0 + bottom / 10 for bottom in bottoms])
    bottoms = [100.0 + bottom / 10 for bottom in bottoms]
    count = len(pairs)
    without = [(sum(tops) - top) / (sum(bottoms) - bottom) for top, bottom in zip(tops, bottoms, strict=True)]
    error = sqrt((count - 1) / count * sum((value - mean(without)) ** 2 for value in without))
    width = student_quantile(0.975, count - 1) * error
    assert isclose(estimate.half_width, width, rel_tol=0.02, abs_tol=1e-6)


def test_an_estimate_says_what_it_is():
    exact, single = mean_of([2.0, 2.0]), mean_of([5.0])
    assert (exact.low, exact.high, exact.relative, exact.count) == (2, 2, 0, 2)
    assert (single.mean, single.half_width, single.relative) == (5, inf, inf)
    assert mean_of([-1.0, 1.0]).relative == inf
    assert mean_of([-3.0, -1.0]).relative > 0


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.integers(0, 100))
def test_a_quantile_is_the_least_that_enough_do_not_exceed(values, percent):
    found = quantile(values, percent / 100)
    fits = [value for value in values if 100 * sum(other <= value for other in values) >= percent * len(values)]
    assert found == min(fits)
    assert quantiles(sorted(values), [0, percent / 100, 1]) == [min(values), found, max(values)]


@given(st.lists(st.floats(5, 6), max_size=40), st.sampled_from([0.01, 0.03, 0.1]), st.integers(2, 8))
def test_enough_is_the_first_time_whatever_comes_later(values, relative, least):
    count = enough(values, relative, least=least)
    narrow = [
        number
        for number in range(least, len(values) + 1)
        if mean_of(values[:number]).relative <= relative / (1 + relative)
    ]
    assert count == (narrow[0] if narrow else None)
    if count is not None:
        assert enough(values[:count], relative, least=least) == count
        assert enough([*values, -1e9], relative, least=least) == count


def test_stopping_early_costs_little():
    chance, hits, errors = random.Random(9), 0, []
    for _ in range(400):
        values = [chance.gauss(10, 2) for _ in range(200)]
        estimate = mean_of(values[: enough(values, 0.1, least=10)])
        hits += estimate.covers(10)
        errors.append(abs(estimate.mean - 10) / 10)
    assert hits / 400 > 0.9
    assert sum(error > 0.1 for error in errors) / 400 < 0.08


# One long run.


def autoregression(chance, part, count, begin=0.0):
    values, value = [], begin
    for _ in range(count):
        value = part * value + chance.gauss(0, 1)
        values.append(value)
    return values


def test_batches_cover_what_single_values_do_not():
    chance, batches, plain = random.Random(10), 0, 0
    for _ in range(300):
        values = autoregression(chance, 0.9, 3000)[1000:]
        batches += batch_means(values, 20).estimate.covers(0)
        plain += mean_of(values).covers(0)
    assert held(batches, 300, 0.95) or batches / 300 > 0.88
    assert plain / 300 < 0.5


def test_batches_say_when_they_are_too_short():
    chance = random.Random(11)
    long = [batch_means(autoregression(chance, 0.3, 3000), 30).independent for _ in range(100)]
    short = [batch_means(autoregression(chance, 0.95, 300), 60).independent for _ in range(100)]
    assert sum(long) >= 85
    assert sum(short) <= 10


@settings(max_examples=30)
@given(st.lists(numbers, min_size=8, max_size=60), st.integers(2, 8))
def test_batches_are_of_the_end_and_equal(values, batches):
    found = batch_means(values, batches)
    assert found.size == len(values) // batches
    used = values[len(values) - found.size * batches :]
    means = [mean(used[place : place + found.size]) for place in range(0, len(used), found.size)]
    assert isclose(found.estimate.mean, mean(means), rel_tol=1e-9, abs_tol=1e-6)
    assert found.estimate.count == batches
    assume(batches > 2 and stdev(means) > 1)
    assert -1 <= found.correlation <= 1
    if stdev(means[1:]) > 0.1 and stdev(means[:-1]) > 0.1 and batches > 6:
        assert abs(found.correlation - correlation(means[1:], means[:-1])) < 1.2


@settings(max_examples=30)
@given(st.lists(st.floats(-9, 9), min_size=20, max_size=120))
def test_mser_is_the_least_of_all_places_to_cut(values):
    means = [sum(values[place : place + 5]) / 5 for place in range(0, len(values) - 4, 5)]

    def worth(place):
        rest = means[place:]
        return sum((value - mean(rest)) ** 2 for value in rest) / len(rest) ** 2

    worths = [worth(place) for place in range(len(means) // 2 + 1)]
    found = mser5(values)
    assert found.dropped % 5 == 0
    assert worths[found.dropped // 5] <= min(worths) + 1e-9
    assert found.settled == (found.dropped // 5 < len(means) // 2)


def test_mser_finds_the_end_of_the_beginning():
    chance = random.Random(12)
    noise = [chance.gauss(0, 1) for _ in range(2000)]
    found = mser5([value + 30 * 0.97**place for place, value in enumerate(noise)])
    assert 80 <= found.dropped <= 400
    assert found.settled
    assert not mser5([float(place) for place in range(100)]).settled


# Which is better.


def test_all_differences_hold_at_once():
    chance, hits = random.Random(13), 0
    truth = {"a": 0.0, "b": 0.5, "c": 0.5, "d": 2.0}
    for _ in range(1000):
        common = [chance.gauss(0, 5) for _ in range(8)]
        samples = {name: [value + each + chance.gauss(0, 1) for each in common] for name, value in truth.items()}
        found = differences(samples, confidence=0.9)
        hits += all(each.estimate.covers(truth[each.one] - truth[each.other]) for each in found)
        assert len(found) == 6
    assert hits / 1000 >= 0.9 - 4.1 * sqrt(0.09 / 1000)  # Bonferroni promises at least so much


def test_differences_to_one():
    samples = {"a": [1.0, 2.0, 3.1], "b": [5.0, 6.1, 7.0], "c": [1.1, 1.9, 3.0]}
    found = differences(samples, to="a")
    assert [(each.one, each.other, each.better) for each in found] == [("b", "a", "b"), ("c", "a", None)]
    assert differences({"a": samples["a"]}) == ()
    assert [each.better for each in differences(samples, to="b")] == ["b", "b"]


def test_the_best_is_among_the_contenders():
    chance, hits, sizes = random.Random(14), 0, []
    truth = {"a": 1.0, "b": 0.9, "c": 0.5, "d": 0.0}
    for _ in range(800):
        common = [chance.gauss(0, 3) for _ in range(10)]
        samples = {name: [value + each + chance.gauss(0, 0.4) for each in common] for name, value in truth.items()}
        found = contenders(samples, 0.9)
        hits += "a" in found
        sizes.append(len(found))
    assert hits / 800 >= 0.9 - 4.1 * sqrt(0.09 / 800)
    assert mean(sizes) < 2.6


def test_the_best_is_chosen_as_often_as_promised_and_the_others_drawn_less():
    hits, used = 0, {"a": [], "b": [], "c": []}
    for seed in range(250):

        def draw(name, replication, seed=seed):
            common = random.Random(f"{seed} {replication}").gauss(0, 3)
            return (
                common
                + {"a": 0.0, "b": 0.5, "c": -2.0}[name]
                + random.Random(f"{seed} {replication} {name}").gauss(0, 1)
            )

        found = select_best(draw, ["a", "b", "c"], worth=0.5, confidence=0.9)
        hits += found.best == "b"
        for name, count in found.used.items():
            used[name].append(count)
    assert hits / 250 >= 0.9 - 4.1 * sqrt(0.09 / 250)
    assert mean(used["c"]) < mean(used["a"]) <= mean(used["b"])


@given(st.integers(0, 10**6), st.sampled_from([0.8, 0.9, 0.99]), st.sampled_from([5, 10]))
@settings(max_examples=20)
def test_two_are_drawn_as_long_as_the_paper_says(seed, confidence, begin):
    """Kim and Nelson (2001), section 3, for two systems and c = 1, step by step."""
    chance = random.Random(seed)
    values = {name: [chance.gauss(mean, 1) for _ in range(4000)] for name, mean in (("a", 0.0), ("b", 0.3))}
    found = select_best(lambda name, number: values[name][number], values, 0.3, confidence, begin)
    apart = [a - b for a, b in zip(values["a"], values["b"], strict=True)]
    eta = ((2 * (1 - confidence)) ** (-2 / (begin - 1)) - 1) / 2
    scaled = 2 * eta * (begin - 1) * stdev(apart[:begin]) ** 2 / 0.3**2
    count = begin
    while count <= int(scaled) and abs(sum(apart[:count]) / count) <= max(0.0, 0.3 / (2 * count) * (scaled - count)):
        count += 1
    assert found.used == {"a": count, "b": count}
    assert found.best == ("a" if sum(apart[:count]) > 0 else "b")


def test_one_alone_is_the_best():
    assert select_best(lambda name, replication: 0.0, ["a"], worth=1, begin=3).used == {"a": 3}
    same = select_best(lambda name, replication: 1.0, ["a", "b"], worth=1)
    assert (same.best, same.used) == ("a", {"a": 10, "b": 10})


@given(st.dictionaries(st.integers(0, 7), st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_pareto_leaves_nothing_that_is_beaten(points):
    front = pareto(points)
    for name, (one, two) in points.items():
        beaten = any(a >= one and b >= two and (a, b) != (one, two) for a, b in points.values())
        assert (name in front) != beaten


@settings(max_examples=20)
@given(st.lists(numbers, min_size=2, max_size=6))
def test_nothing_depends_on_the_kind_of_sequence(values):
    assert mean_of(np.array(values)) == mean_of(values) == mean_of(iter(values))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: student_quantile(0, 3), "share"),
        (lambda: student_quantile(1, 3), "share"),
        (lambda: student_quantile(0.5, 0), "freedom"),
        (lambda: mean_of([]), "values"),
        (lambda: mean_of([1, 2], 1), "confidence"),
        (lambda: mean_of([1, 2], 0), "confidence"),
        (lambda: ratio_of([1], [1, 2]), "bottoms"),
        (lambda: ratio_of([1, 2], [1, -1]), "bottoms"),
        (lambda: ratio_of([], []), "tops"),
        (lambda: quantile([], 0.5), "values"),
        (lambda: quantile([1], 1.5), "share"),
        (lambda: enough([1, 2], 0), "relative"),
        (lambda: mser5([1.0] * 19), "values"),
        (lambda: batch_means([1.0] * 9, 10), "values"),
        (lambda: batch_means([1.0] * 9, 1), "batches"),
        (lambda: differences({"a": [1], "b": [1, 2]}), "samples"),
        (lambda: contenders({}), "samples"),
        (lambda: contenders({"a": [1.0], "b": [2.0]}, 0.3), "confidence"),
        (lambda: select_best(lambda name, replication: 1, [], 1), "names"),
        (lambda: select_best(lambda name, replication: 1, ["a", "b"], 0), "worth"),
        (lambda: select_best(lambda name, replication: 1, ["a", "b"], 1, 0.4), "confidence"),
    ],
)
def test_what_cannot_be_names_its_field(make, field):
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field


def test_a_name_that_is_not_there():
    with pytest.raises(NotFound):
        differences({"a": [1.0, 2.0]}, to="b")

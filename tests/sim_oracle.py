"""What simulated queues should come to, by closed formulas, and how far from it a mean of replications may lie.

Imports nothing of ticketcore.
"""

import math
from statistics import fmean, stdev


def erlang_a(servers, rate, served, leaves):
    """M/M/n+M: the part that leaves, the mean time in queue, and how busy a server is (Garnett, Mandelbaum, Reiman)."""
    weights, weight, n = [1.0], 1.0, 0
    while n < servers or weight > 1e-18 * sum(weights):
        n += 1
        weight *= rate / (min(n, servers) * served + max(n - servers, 0) * leaves)
        weights.append(weight)
    total = sum(weights)
    waiting = sum(max(n - servers, 0) * w for n, w in enumerate(weights)) / total
    busy = sum(min(n, servers) * w for n, w in enumerate(weights)) / total
    return leaves * waiting / rate, waiting / rate, busy / servers


def erlang_c(servers, load):
    """M/M/n: the probability of waiting."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def priority_waits(servers, rates, served):
    """Non-preemptive priorities, the first the highest, in M/M/n: the mean wait of each (Cobham, 1954)."""
    load = sum(rates) / served
    first = erlang_c(servers, load) / (servers * served) / (1 - 0)
    sums = [sum(rates[:k]) / (servers * served) for k in range(len(rates) + 1)]
    return [first / ((1 - sums[k]) * (1 - sums[k + 1])) for k in range(len(rates))]


def single_server_wait(rate, mean, cv):
    """M/G/1: the mean wait (Pollaczek and Khinchine)."""
    load = rate * mean
    return load * mean * (1 + cv**2) / (2 * (1 - load))


def student(probability, degrees):
    """How many standard errors either way a mean lies within, with this probability."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)

    def beyond(t):  # by x = t / u, so that the tail is finite; Simpson's rule
        def density(u):
            return 0.0 if u == 0 else scale * (1 + (t / u) ** 2 / degrees) ** (-(degrees + 1) / 2) * t / u**2

        steps = 2000
        inner = sum((4 if i % 2 else 2) * density(i / steps) for i in range(1, steps))
        return (density(0) + inner + density(1)) / (3 * steps)

    low, high = 0.1, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 2 * beyond(middle) > 1 - probability else (low, middle)
    return low


def errors(values, truth):
    """How many standard errors the mean of the replications lies from the truth."""
    return (fmean(values) - truth) / (stdev(values) / math.sqrt(len(values)))

"""What queues do on average, by brute force: chains of all states, as linear equations.  Imports no ticketcore."""

from collections import defaultdict, deque
from math import exp

import numpy as np


def birth_death(birth, death, states):
    """The stationary chances of a chain that moves by one."""
    weights = [1.0]
    for state in range(states - 1):
        weights.append(weights[-1] * birth(state) / death(state + 1))
    total = sum(weights)
    return [weight / total for weight in weights]


def stationary(moves, start):
    """The stationary chances of all states that can be reached, where ``moves(state)`` gives (rate, next) pairs."""
    numbers, queue, found = {start: 0}, deque([start]), []
    while queue:
        state = queue.popleft()
        for rate, other in moves(state):
            if other not in numbers:
                numbers[other] = len(numbers)
                queue.append(other)
            found.append((numbers[state], numbers[other], rate))
    balance = np.zeros((len(numbers), len(numbers)))
    for one, other, rate in found:
        balance[other, one] += rate
        balance[one, one] -= rate
    balance[0] = 1
    right = np.zeros(len(numbers))
    right[0] = 1
    chances = np.linalg.solve(balance, right)
    return {state: chances[number] for state, number in numbers.items()}


def exponential(matrix):
    """The exponential of a matrix, by its series and repeated squaring."""
    halvings = max(0, int(np.ceil(np.log2(max(np.abs(matrix).sum(axis=0).max(), 1e-9)))) + 4)
    scaled = matrix / 2**halvings
    result = term = np.eye(len(matrix))
    for number in range(1, 16):
        term = term @ scaled / number
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return result


def generator(birth, death, states):
    """The matrix whose exponential moves a column of chances on."""
    rates = np.zeros((states, states))
    for state in range(states):
        if state + 1 < states:
            rates[state + 1, state] += birth
            rates[state, state] -= birth
        if state:
            rates[state - 1, state] += death(state)
            rates[state, state] -= death(state)
    return rates


def still_waiting(agents, service_rate, patience_rate, chances, time):
    """The share of customers who wait for longer than this, where ``chances`` are of how many they find."""
    ahead = max(1, len(chances) - agents)
    rates = np.zeros((ahead, ahead))  # by how many are before them in the queue
    for before in range(ahead):
        leaves = agents * service_rate + before * patience_rate
        rates[before, before] -= leaves + patience_rate
        if before:
            rates[before - 1, before] += leaves
    begin = np.array([*chances[agents:], *[0.0] * (ahead - len(chances[agents:]))])
    return float((exponential(rates * time) @ begin).sum())


def after_departures(arrival_rate, services, states):
    """How many an M/G/1 leaves behind, as chances, where ``services`` are pairs of a chance and a handling time."""
    come = [0.0] * states
    for chance, time in services:
        part = chance * exp(-arrival_rate * time)
        for number in range(states):
            come[number] += part
            part *= arrival_rate * time / (number + 1)
    matrix = np.zeros((states, states))
    for state in range(states):
        for number, chance in enumerate(come):
            matrix[min(states - 1, max(state - 1, 0) + number), state] += chance
    balance = matrix - np.eye(states)
    balance[0] = 1
    right = np.zeros(states)
    right[0] = 1
    return np.linalg.solve(balance, right)


def priorities(rates, means, agents, longest):
    """Mean waits of two classes of which the first goes first, with one agent or with one mean."""

    def moves(state):
        serving, one, two = state  # of one agent the class, of several how many are busy
        busy = serving > 0 if agents == 1 else serving
        for place, rate in enumerate(rates):
            if busy < agents:
                yield rate, (place + 1 if agents == 1 else serving + 1, one, two)
            elif place == 0 and one < longest:
                yield rate, (serving, one + 1, two)
            elif place == 1 and two < longest:
                yield rate, (serving, one, two + 1)
        if busy:
            speed = 1 / means[serving - 1] if agents == 1 else serving / means[0]
            if one:
                yield speed, (1 if agents == 1 else serving, one - 1, two)
            elif two:
                yield speed, (2 if agents == 1 else serving, one, two - 1)
            else:
                yield speed, (0 if agents == 1 else serving - 1, 0, 0)

    chances = stationary(moves, (0, 0, 0))
    return tuple(
        sum(chance * state[place + 1] for state, chance in chances.items()) / rate for place, rate in enumerate(rates)
    )


def longest_first(rates, servers, longest):
    """The chain of who waits in which order and who is idle in which order; ``servers`` are (classes, rate) pairs."""

    def moves(state):
        waiting, idle = state
        for name, rate in rates.items():
            able = [server for server in idle if name in servers[server][0]]
            if able:
                yield rate, (waiting, tuple(server for server in idle if server != able[0]))
            elif len(waiting) < longest:
                yield rate, ((*waiting, name), idle)
        for server, (classes, rate) in enumerate(servers):
            if server not in idle:
                fits = [place for place, name in enumerate(waiting) if name in classes]
                if fits:
                    yield rate, (waiting[: fits[0]] + waiting[fits[0] + 1 :], idle)
                else:
                    yield rate, (waiting, (*idle, server))

    chances = stationary(moves, ((), tuple(range(len(servers)))))
    delayed, queues, idle = defaultdict(float), defaultdict(float), [0.0] * len(servers)
    for (waiting, order), chance in chances.items():
        for name in rates:
            queues[name] += chance * waiting.count(name)
            delayed[name] += chance * all(name not in servers[server][0] for server in order)
        for server in order:
            idle[server] += chance
    return delayed, queues, [1 - part for part in idle]


def two_kinds(agents, arrival_rate, service_rate, kinds, longest):
    """The share who leave and the mean queue where customers are of kinds (share, rate of leaving)."""

    def moves(state):
        busy, waiting = state
        for kind, (share, _) in enumerate(kinds):
            if busy < agents:
                yield arrival_rate * share, (busy + 1, waiting)
            elif len(waiting) < longest:
                yield arrival_rate * share, (busy, (*waiting, kind))
        if waiting:
            yield busy * service_rate, (busy, waiting[1:])
        elif busy:
            yield busy * service_rate, (busy - 1, ())
        for place, kind in enumerate(waiting):
            yield kinds[kind][1], (busy, waiting[:place] + waiting[place + 1 :])

    chances = stationary(moves, (0, ()))
    leaving = sum(chance * sum(kinds[kind][1] for kind in state[1]) for state, chance in chances.items())
    return leaving / arrival_rate, sum(chance * len(state[1]) for state, chance in chances.items())

"""The picture of the lifecycle: every arrow runs between the states that it belongs to, and its label can be read."""

import re
from itertools import combinations, pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from docs.drawing import BOX, HEIGHT, LINES, PLACES, WIDTH, svg
from docs.generate import table
from ticketcore.model import REQUEST, Move

TABLE = table(REQUEST)
START = (320, 20)
CHARACTER = (8.5, 15)
"""No character of a label is wider or higher than this, in pixels."""


class Area(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Area") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def distance(self, x: float, y: float) -> float:
        """From a point to the border, or to the nearest point of it."""
        outside = max(self.left - x, x - self.right, self.top - y, y - self.bottom)
        return abs(outside)


def box(state: str | None) -> Area:
    x, y, width, height = (*START, 16, 16) if state is None else (*PLACES[state], *BOX)
    return Area(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def label_area(source: str | None, target: str) -> Area:
    line = LINES[source, target]
    width = len(label(source, target)) * CHARACTER[0]
    left = {"start": line.x, "middle": line.x - width / 2, "end": line.x - width}[line.side]
    return Area(left, line.y - CHARACTER[1] * 0.8, left + width, line.y + CHARACTER[1] * 0.2)


def label(source: str | None, target: str) -> str:
    return ", ".join(move for move, state in TABLE[source].items() if state == target)


def points(path: str) -> list[tuple[float, float]]:
    """Points along a path of lines and curves, close together (de Casteljau)."""
    found: list[tuple[float, float]] = []
    for command, words in re.findall(r"([MHVQC])([-\d, ]+)", path):
        numbers = [float(number) for number in re.findall(r"-?\d+", words)]
        x, y = found[-1] if found else (0.0, 0.0)
        if command == "H":
            numbers = [numbers[0], y]
        elif command == "V":
            numbers = [x, numbers[0]]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        found.extend([corners[0]] if command == "M" else [at([(x, y), *corners], step / 100) for step in range(1, 101)])
    return found


def at(corners: list[tuple[float, float]], share: float) -> tuple[float, float]:
    while len(corners) > 1:
        corners = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(corners)]
    return corners[0]


every_arrow = pytest.mark.parametrize(("source", "target"), LINES)


def test_there_is_an_arrow_for_each_pair_of_states_that_a_move_leads_between_and_no_other():
    assert {(source, target) for source, moves in TABLE.items() for target in moves.values() if source != target} == {
        *LINES
    }


@every_arrow
def test_an_arrow_runs_from_its_state_to_its_state_and_through_no_other(source, target):
    path = points(LINES[source, target].path)
    assert box(source).distance(*path[0]) <= 2
    assert box(target).distance(*path[-1]) <= 6
    others = [box(state) for state in PLACES if state not in (source, target)]
    assert not [point for point in path for other in others if other.overlaps(Area(*point, *point))]


@every_arrow
def test_a_label_stands_beside_its_arrow_and_on_nothing(source, target):
    mine = label_area(source, target)
    own = [mine.distance(*point) for point in points(LINES[source, target].path)]
    assert min(own) <= 16
    assert not [state for state in PLACES if box(state).overlaps(mine)]
    lines = [point for line in LINES.values() for point in points(line.path)]
    assert not [point for point in lines if mine.overlaps(Area(*point, *point))]
    assert Area(0, 0, WIDTH, HEIGHT).overlaps(mine)
    assert min(mine.left, mine.top, WIDTH - mine.right, HEIGHT - mine.bottom) >= 0


def test_no_label_stands_on_another():
    for one, other in combinations(LINES, 2):
        assert not label_area(*one).overlaps(label_area(*other)), (one, other)


def test_the_picture_says_what_the_table_says():
    drawn = ElementTree.fromstring(svg(TABLE))
    texts = {
        (int(item.get("x")), int(item.get("y"))): item.text for item in drawn.iter("{http://www.w3.org/2000/svg}text")
    }
    for source, target in LINES:
        line = LINES[source, target]
        assert texts.pop((line.x, line.y)) == label(source, target)
    stays = {state: label(state, state) for state in PLACES if label(state, state)}
    assert sorted(texts.values()) == sorted([*PLACES, *(f"↻ {words}" for words in stays.values())])
    for (x, y), words in texts.items():
        (state,) = (state for state in PLACES if box(state).overlaps(Area(x, y, x, y)))
        assert words in (state, f"↻ {stays.get(state)}")


def test_only_what_is_final_has_a_second_border():
    assert svg(TABLE).count('class="last"') == 1
    assert svg({"new": {Move.CLOSE: "closed"}, "closed": {}, "open": {}}).count('class="last"') == 2


@pytest.mark.parametrize("odd", [{"parked": {}}, {"closed": {Move.REOPEN: "open"}}])
def test_what_has_no_place_is_not_drawn_in_silence(odd):
    with pytest.raises(KeyError):
        svg(odd)

"""The picture of the lifecycle as an SVG: its places and lines are drawn by hand, its words are the table's.

Colours are chosen to be readable on white and on black, since the reader's theme is not known to an image.
"""

from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from ticketcore.model import Move

Table = Mapping[str | None, Mapping[Move, str]]
"""From each state, the state to which each move leads; None is the ticket that does not exist yet."""

WIDTH, HEIGHT = 640, 590
"""Of the picture, in pixels."""

BOX = (120, 48)
"""Width and height of a state."""

PLACES: Mapping[str, tuple[int, int]] = {
    "new": (320, 100),
    "pending": (86, 270),
    "open": (320, 270),
    "on_hold": (554, 270),
    "solved": (320, 450),
    "closed": (320, 556),
}
"""The middle of each state."""


class Line(NamedTuple):
    """How an arrow runs, as the path of an SVG, and where its label stands: at ``x``, ``y``, to which side of it."""

    path: str
    x: int
    y: int
    side: str = "middle"


LINES: Mapping[tuple[str | None, str], Line] = {
    (None, "new"): Line("M320,28 V74", 330, 56, "start"),
    ("new", "open"): Line("M320,124 V244", 330, 160, "start"),
    ("new", "pending"): Line("M260,106 Q86,106 86,244", 146, 150, "start"),
    ("new", "on_hold"): Line("M380,106 Q554,106 554,244", 494, 150, "end"),
    ("new", "solved"): Line("M260,92 C-68,92 -68,458 258,458", 40, 350, "start"),
    ("new", "closed"): Line("M380,92 C716,92 716,556 386,556", 600, 420, "end"),
    ("open", "pending"): Line("M260,258 H148", 204, 250),
    ("pending", "open"): Line("M146,282 H258", 202, 300),
    ("open", "on_hold"): Line("M380,258 H492", 436, 250),
    ("on_hold", "open"): Line("M494,282 H382", 438, 300),
    ("pending", "on_hold"): Line("M116,246 C142,176 498,176 523,244", 400, 188),
    ("on_hold", "pending"): Line("M524,294 C498,376 142,376 117,296", 400, 374),
    ("open", "solved"): Line("M304,294 V424", 296, 404, "end"),
    ("solved", "open"): Line("M336,426 V296", 346, 404, "start"),
    ("pending", "solved"): Line("M86,294 Q86,442 258,442", 116, 376, "start"),
    ("on_hold", "solved"): Line("M554,294 Q554,442 382,442", 524, 376, "end"),
    ("solved", "closed"): Line("M320,474 V526", 330, 506, "start"),
}
"""An arrow for each pair of states that a move leads between."""

HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">
<title>The life of a ticket</title>
<style>
text {{ font: 15px system-ui, sans-serif; fill: #717885; }}
.name {{ font-weight: 600; fill: #fff; text-anchor: middle; }}
.stays {{ font-size: 13px; fill: #fff; text-anchor: middle; }}
path {{ fill: none; stroke: #717885; stroke-width: 1.5; }}
rect {{ fill: #41618f; }}
.last {{ stroke: #41618f; stroke-width: 2; fill: none; }}
</style>
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0,0 L10,5 L0,10 Z" style="fill: #717885; stroke: none"/></marker></defs>
<circle cx="320" cy="20" r="8" fill="#717885"/>
"""


def svg(table: Table) -> str:
    """The picture of the table.  ``KeyError`` when it has a state or an arrow that has no place here.

    Moves between the same two states share an arrow; those that leave the state as it is are named in its box.  A
    state that nothing leads out of has a second border.
    """
    return "\n".join([HEAD.rstrip(), *_arrows(table), *_states(table), "</svg>", ""])


def _arrows(table: Table) -> list[str]:
    drawn = []
    for source, moves in table.items():
        for target in dict.fromkeys(moves.values()):
            if target != source:
                line = LINES[source, target]
                drawn.append(f'<path d="{line.path}" marker-end="url(#head)"/>')
                drawn.append(_text(line.x, line.y, _label(moves, target), f'text-anchor="{line.side}"'))
    return drawn


def _states(table: Table) -> list[str]:
    drawn = []
    width, height = BOX
    for state, moves in table.items():
        if state is None:
            continue
        x, y = PLACES[state]
        corner = f'x="{x - width // 2}" y="{y - height // 2}"'
        drawn.append(f'<rect {corner} width="{width}" height="{height}" rx="10"/>')
        stays = _label(moves, state)
        drawn.append(_text(x, y - 3 if stays else y + 5, state, 'class="name"'))
        if stays:
            drawn.append(_text(x, y + 15, f"\N{CLOCKWISE OPEN CIRCLE ARROW} {stays}", 'class="stays"'))
        if not moves:
            outer = f'x="{x - width // 2 - 4}" y="{y - height // 2 - 4}" width="{width + 8}" height="{height + 8}"'
            drawn.append(f'<rect class="last" {outer} rx="13"/>')
    return drawn


def _label(moves: Mapping[Move, str], target: str) -> str:
    return ", ".join(move for move, following in moves.items() if following == target)


def _text(x: int, y: int, words: str, attribute: str) -> str:
    return f'<text x="{x}" y="{y}" {attribute}>{escape(words)}</text>'

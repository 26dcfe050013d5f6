"""How alike what is said is, by vectors of a host's own: an extra, of which nothing is asked where there is none."""

import math
from collections.abc import Callable, Sequence
from operator import mul

import attrs

from ticketcore.errors import InvalidInput

Vector = tuple[float, ...]
"""Numbers that point where a text does, of length 1; none where the text points nowhere."""


@attrs.frozen
class Likeness:
    """Lets vectors of sentences speak for a ticket, beside what was learned.

    ``embed`` gives the vector of a text, of ``size`` numbers; it has to give the same for the same text, and should
    remember what it gave, for a desk asks for each recent message again.  ``weight`` is by how much a cosine of 1 more
    than the mean of the candidates raises the log odds of a ticket, and by how much one of 1 less than is usual within
    this contact's tickets raises those of opening one.
    """

    embed: Callable[[str], Sequence[float]]
    size: int
    weight: float = 2.0

    def vector(self, text: str) -> Vector:
        """The vector of a text, made of length 1.

        Raises ``InvalidInput`` if ``embed`` gives another number of numbers, or one that is infinite or not a number.
        """
        found = [float(each) for each in self.embed(text)]
        if len(found) != self.size:
            raise InvalidInput("embed", f"must give {self.size} numbers, gave {len(found)}")
        length = math.hypot(*found)
        if not math.isfinite(length):
            raise InvalidInput("embed", "must give finite numbers")
        return tuple(each / length for each in found) if length else ()


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """How alike two vectors point, of which ``one`` is of length 1; 0 where one points nowhere."""
    length = math.hypot(*other) if one and other else 0.0
    return sum(map(mul, one, other)) / length if length else 0.0

"""How long a simulation goes on, and which part of it counts."""

from datetime import timedelta

import attrs

from ticketcore.checks import whole
from ticketcore.errors import InvalidInput
from ticketcore.sim.laws import check_length, is_length


def _warm_up(_owner: object, _attribute: object, value: object) -> None:
    if isinstance(value, timedelta):
        check_length(value, "SteadyState.warm_up")
    elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidInput("SteadyState.warm_up", f"must be a length of time or a number of tickets, not {value!r}")


@attrs.frozen
class SteadyState:
    """A desk that never closes, as it is in the long run: as many ``tickets`` count, after a ``warm_up``.

    The warm-up is a number of tickets or a length of time; it takes the desk from its first moment, in which nobody
    waits and nobody works, to what is usual.  Figures by time are of the time until the last ticket comes; all that
    have come are finished.  Anything else is ``InvalidInput``, naming the field.
    """

    tickets: int = attrs.field(validator=whole(1))
    warm_up: int | timedelta = attrs.field(default=0, validator=_warm_up)


@attrs.frozen
class Terminating:
    """A day, or a week, from its beginning: what comes within this ``length`` of time.

    What has come by then is finished, unless ``finish`` is false: then everything stops.  A length that is none is
    ``InvalidInput``.
    """

    length: timedelta = attrs.field(validator=is_length(above=True))
    finish: bool = True


Extent = SteadyState | Terminating
"""How long a simulation goes on."""

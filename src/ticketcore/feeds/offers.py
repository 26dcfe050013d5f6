"""Facts about offers: what agents said to them."""

import attrs

from ticketcore.checks import is_name, is_optional_name
from ticketcore.feeds.observed import About, Observed, is_about


@attrs.frozen
class AcceptFact(Observed):
    """``agent`` took the ticket ``about``, which they were offered."""

    KIND = "accept"

    about: About = attrs.field(validator=is_about)
    agent: str = attrs.field(validator=is_name)


@attrs.frozen
class DeclineFact(Observed):
    """``agent`` did not take the ticket ``about``, which they were offered; ``reason`` is the id of why, if known."""

    KIND = "decline"

    about: About = attrs.field(validator=is_about)
    agent: str = attrs.field(validator=is_name)
    reason: str | None = attrs.field(default=None, validator=is_optional_name)


OfferFact = AcceptFact | DeclineFact
"""What a feed tells about offers."""

"""Which ticket a message names, how far that is to be believed, and what a machine may bring about.

``machines`` tells what may come of a message that no person wrote.
"""

from ticketcore.matching.machines import machine_verdict

__all__ = ["machine_verdict"]

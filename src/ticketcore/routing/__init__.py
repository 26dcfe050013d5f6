"""Which queue a new ticket goes to, of which type it is, its tags, the skills that it asks for and its priority.

The desk's rules are asked in order, and the first that applies wins; without one the ticket goes to the default queue.
Then the rules of that queue's team are asked in the same way, of the next queue's team, and so on: a team may route to
teams.  Teams do not route in circles, which a configuration refuses.

Rules are made ready once for a configuration: their keywords in an index, which finds in one look at a message those
of all rules.  How long a queue is and who is on duty is asked for only when the answer to all else makes it matter.
"""

from ticketcore.routing.ready import IndexOf, QueueLook, Ready, ready
from ticketcore.routing.walking import Routable, route, walk

__all__ = ["IndexOf", "QueueLook", "Ready", "Routable", "ready", "route", "walk"]

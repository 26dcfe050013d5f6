"""A recorded desk lived through again: under another policy or staff, or to see that it decided as it is recorded.

``scenario_of`` makes of a history what the laboratory simulates, ``anonymous`` takes all names from that, and
``check`` asks the desk's own router for each decision again.  The first two need the extra ``sim``.
"""

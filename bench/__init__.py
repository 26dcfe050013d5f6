"""Side by side with peers, in one run: ``make bench [AREA=name]``.

Each line of output is a JSON object: ``area``, ``peer``, ``metric``, ``value``, ``unit``.  A line with ``goal`` and
``met`` is a goal: its value is the ratio measured in this run, its goal the least that it should be.
"""

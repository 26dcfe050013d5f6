"""The laboratory: what a desk would do under other policies, with other people, on other days.

``ticketcore.sim.scenario`` says what is simulated, ``ticketcore.sim.running`` simulates it, with the engine of
assignment that a desk uses.  ``ticketcore.sim.theory`` are closed formulas to hold simulations to,
``ticketcore.sim.statistics`` says how sure a figure is.  Importing this package, or theory or statistics, loads none of
the extra ``sim``.
"""

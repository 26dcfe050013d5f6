"""Proof that the tests can fail: every small change of the rules and of the stores' commits must make some test fail.

``python -m proof`` makes the changes (``mutants``), runs the tests on each (``trials``; which tests, says ``plan``),
and compares what survived with ``survivors.toml``, which gives the reason of each survivor.
"""

"""The command line, ``ticketcore``: a thin face over public functions.

Exit codes: 0 done; 1 some of the input was rejected, and is listed on standard error; 2 the arguments cannot be used;
3 the database cannot serve, or the output cannot be written; 130 interrupted.  What was done before stays done in every
case.  ``--json`` prints one JSON value on standard output, for programs.
"""

from ticketcore.cli.main import main

__all__ = ["main"]

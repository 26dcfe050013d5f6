"""What something costs, counted: the same on a busy machine as on an idle one."""

import sys
from collections.abc import Callable


def steps(run: Callable[[], object]) -> int:
    """How many lines and calls of Python it takes, those of loops and comprehensions each time round."""
    count = 0

    def trace(_: object, event: str, __: object) -> object:
        nonlocal count
        count += event in ("line", "call")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type] # typeshed wants a tracer that knows its own type
    try:
        run()
    finally:
        sys.settrace(before)
    return count

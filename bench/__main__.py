"""Run the benches of one area, or of all."""

import importlib
import sys

AREAS = (
    *("eventstore", "desks", "intake", "calendars", "transitions", "clocks", "assignment", "planning", "fairness"),
    *("keywords", "simulation"),
)


def main() -> int:
    wanted = sys.argv[1:] or AREAS
    for area in wanted:
        if area not in AREAS:
            print(f"no bench {area!r}; there are: {', '.join(AREAS)}", file=sys.stderr)
            return 2
        importlib.import_module(f"bench.{area}").main()
    return 0


sys.exit(main())

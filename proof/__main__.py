"""Run the tests on every mutant: ``python -m proof [--module NAME]... [--list]``.

Ends with 0 when what survived is what ``survivors.toml`` lists, and with 1 when a mutant survived that is not listed,
or one is listed that was killed or does not exist.  Ends with 2 when the tests fail without any change.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from proof.mutants import Key, Mutant, mutants
from proof.plan import TARGETS, Target
from proof.survivors import faults, reasons, shown
from proof.trials import Broken, surviving

KNOWN = Path(__file__).with_name("survivors.toml")


def survivors(target: Target, made: Sequence[Mutant], known: Mapping[Key, str], workers: int) -> list[Mutant]:
    """The mutants of one module that pass all tests; prints the line about it."""
    start = time.monotonic()
    left = set(surviving(target, [mutant.source for mutant in made], workers))
    found = [mutant for mutant in made if mutant.source in left]
    counts = (len(made), len(made) - len(found), len(found), sum(mutant.key in known for mutant in found))
    print("{:24}{:8}{:8}{:11}{:7}{:9.0f}".format(target.module, *counts, time.monotonic() - start), flush=True)
    return found


def main() -> int:
    """The report; what the program ends with."""
    parser = argparse.ArgumentParser(prog="python -m proof", description="Run the tests on every mutant.")
    parser.add_argument("--module", action="append", choices=TARGETS, help="only this one; may be given again")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many trials run at once")
    asked = parser.parse_args()
    targets = [TARGETS[module] for module in asked.module or TARGETS]
    made = {target: mutants(target.module, target.path.read_bytes()) for target in targets}
    if asked.list:
        print("\n".join(shown(mutant) for each in made.values() for mutant in each))
        return 0
    modules = {target.module for target in targets}
    known = {key: why for key, why in reasons(KNOWN.read_text(encoding="utf-8")).items() if key.module in modules}
    print(f"{'module':24}{'mutants':>8}{'killed':>8}{'survivors':>11}{'known':>7}{'seconds':>9}")
    try:
        survived = [mutant for target in targets for mutant in survivors(target, made[target], known, asked.workers)]
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 2
    found = list(faults([mutant for each in made.values() for mutant in each], survived, known))
    for fault in found:
        print(f"\n{fault}")
    for mutant in survived:
        if mutant.key in known:
            print(f"\nknown: {shown(mutant)}\n    {known[mutant.key]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

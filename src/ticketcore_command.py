"""The script ``ticketcore``: to be interrupted ends it with a word, also while the library is still being imported."""

import os
import signal
import sys
from types import FrameType


def _end(_: int, __: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), b"ticketcore: interrupted; nothing was done yet\n")
    os._exit(130)


def main() -> None:
    """Run the command line of this process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    from ticketcore.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()

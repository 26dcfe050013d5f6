"""A desk described in a file, ``desk.toml``: reading it, writing it, and telling it from what a store follows.

Texts and values come in, texts and values come out; opening files, as UTF-8, is yours.  Only secrets, which stand in no
desk.toml, are fetched from where it says (``load_keys``).
"""

from ticketcore.config.differing import Difference, differences
from ticketcore.config.keys import KeySource, load_keys, read_keys
from ticketcore.config.reading import read_desk, undefined_guards, workflow_faults
from ticketcore.config.values import DeskFile
from ticketcore.config.writing import write_desk

__all__ = [
    "DeskFile",
    "Difference",
    "KeySource",
    "differences",
    "load_keys",
    "read_desk",
    "read_keys",
    "undefined_guards",
    "workflow_faults",
    "write_desk",
]

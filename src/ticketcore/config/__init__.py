"""A desk described in a file, ``desk.toml``: reading it, writing it, and telling it from what a store follows.

Texts and values come in, texts and values come out; opening files, as UTF-8, is yours.
"""

from ticketcore.config.differing import Difference, differences
from ticketcore.config.reading import read_desk, undefined_guards, workflow_faults
from ticketcore.config.values import DeskFile
from ticketcore.config.writing import write_desk

__all__ = ["DeskFile", "Difference", "differences", "read_desk", "undefined_guards", "workflow_faults", "write_desk"]

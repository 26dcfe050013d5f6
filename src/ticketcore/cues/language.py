"""What the table of a language says."""

from collections.abc import Mapping

import attrs


@attrs.frozen
class Language:
    """The ``cues`` of one language: for each name of a cue, the words that give it, alternatives apart by ``|``.

    A word that ends with ``*`` stands for all that begin with it.  Case, accents and width do not matter.  ``code`` is
    that of ISO 639-1.  Every language has the same names of cues, and the weights belong to the names.
    """

    code: str
    cues: Mapping[str, str]

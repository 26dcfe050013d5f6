"""What the table of a language says: how mail programs and people word what stands around a reply.

To add a language, add a ``Language`` to ``western`` or ``eastern``.  All languages are looked for at once, since a mail
mixes them: the program may be set to one and its owner write another.  Case, accents and width do not matter.  The
words are the author's own knowledge of what mail programs write; the "-- " before a signature is that of RFC 3676, 4.3.
"""

import attrs


def _words(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("|") if each.strip())


@attrs.frozen
class Language:
    """The words of one language, alternatives apart by ``|``.

    ``code``: ISO 639-1.  ``openers``: how the line above a quote begins ("On").  ``verbs``: what it says its writer
    did ("wrote").  ``quoting``: how that line begins where it names a writer and no date.  ``senders``, ``dates``,
    ``recipients`` and ``subjects``: names of the fields in a copied header.  ``originals`` and ``forwards``: what
    stands between dashes, or alone before a colon, above a quoted and above a forwarded message.  ``greetings``:
    how a letter is closed, followed by nothing but a name.  ``devices``: how the line begins or ends in which a
    telephone signs.  ``disclaimers``: how legal notices and list footers begin.  ``people``: words for those who
    talk to each other, which no writer's name has.
    """

    code: str
    openers: tuple[str, ...] = attrs.field(converter=_words)
    verbs: tuple[str, ...] = attrs.field(converter=_words)
    senders: tuple[str, ...] = attrs.field(converter=_words)
    dates: tuple[str, ...] = attrs.field(converter=_words)
    recipients: tuple[str, ...] = attrs.field(converter=_words)
    subjects: tuple[str, ...] = attrs.field(converter=_words)
    originals: tuple[str, ...] = attrs.field(converter=_words)
    forwards: tuple[str, ...] = attrs.field(converter=_words)
    greetings: tuple[str, ...] = attrs.field(converter=_words)
    devices: tuple[str, ...] = attrs.field(converter=_words)
    quoting: tuple[str, ...] = attrs.field(default="", converter=_words)
    disclaimers: tuple[str, ...] = attrs.field(default="", converter=_words)
    people: tuple[str, ...] = attrs.field(default="", converter=_words)

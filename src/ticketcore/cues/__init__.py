"""What people write, by what it is a cue for: tables of nine languages, and how they are found in a text.

The tables here say what customers ask for; what people do in a conversation is said in ``ticketcore.segmenting``.
"""

from ticketcore.cues.eastern import CHINESE, JAPANESE
from ticketcore.cues.english import ENGLISH
from ticketcore.cues.finding import Finder, Span
from ticketcore.cues.germanic import DUTCH, GERMAN
from ticketcore.cues.language import Language
from ticketcore.cues.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

__all__ = ["LANGUAGES", "Finder", "Language", "Span"]

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, CHINESE, JAPANESE)
"""Every language with a table."""

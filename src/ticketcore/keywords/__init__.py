"""Which of many keywords stand in a text, in any script: one look at the text finds them all.

A keyword stands in a text as a whole word where its script has words, and anywhere where it has none, whatever the
case, accents and width, and wherever a line of it ends.  ``index_of`` chooses how they are looked for by how many there
are, and by their scripts.  ``ticketcore.keywords.automaton`` has one more way, which needs the extra ``keywords``.
"""

from ticketcore.keywords.indexes import Few, PrefixTable, Together, TokenSet, index_of, sought

__all__ = ["Few", "PrefixTable", "Together", "TokenSet", "index_of", "sought"]

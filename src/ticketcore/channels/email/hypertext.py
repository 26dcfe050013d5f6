"""HTML to the text that it shows, by one pass over its tags.

A tokenizer, not a parser: no tree is built, so nesting costs nothing and no text is lost however deep it stands.
What a tag repeats excludes the next ``<``, and an end that was not found once is not looked for again, so the work
is linear in the HTML whatever it holds.
"""

import re
from html import unescape

_MARKUP = re.compile(r"<(?:!--|/?[a-zA-Z!?][^<>]*+>)")
"""What begins like a tag or comment; a comment may have no end."""

_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s<>/"']*+)[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+>""")
_BROKEN_TAG = re.compile(r"<(/?)([a-zA-Z!?][^\s<>/]*+)[^<>]*+>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = {
    name: re.compile(f"</{name}" + ("|<body" if name == "head" else "") + r"(?![\w-])", re.IGNORECASE)
    for name in ("head", "script", "style", "title", "template", "textarea", "noframes")
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"}
_LINES = _PARAGRAPHS | {
    *("br", "div", "li", "tr", "dt", "dd", "hr", "thead", "tbody", "tfoot", "caption", "option", "legend", "body"),
    *("address", "article", "aside", "center", "fieldset", "figcaption", "figure", "footer", "form", "header"),
    *("main", "nav", "section"),
}
_CELLS = {"td", "th"}


def shown(html: str) -> str:
    """The text that the HTML shows: a line for each block, row and item, an empty one around paragraphs.

    >>> print(shown("<style>p{}</style><p>Dear&nbsp;all,<br>it is  <b>late</b>.<p>Kim"))
    Dear all,
    it is late.
    <BLANKLINE>
    Kim
    """
    page = _Page()
    position = 0
    while found := _MARKUP.search(html, position):
        if found.start() > position:
            page.words(html[position : found.start()])
        position = page.markup(html, found.start())
    page.words(html[position:])
    return page.text()


class _Page:
    """The lines so far, and what is known about the rest of the HTML."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.preformatted = 0
        self.without_end: set[str] = set()

    def markup(self, html: str, at: int) -> int:
        """Take what begins with the ``<`` at ``at``; gives where to go on."""
        if html.startswith("<!--", at):
            end = self._find_comment_end(html, at + 4)
            if end:
                return end
        match = _TAG.match(html, at) or _BROKEN_TAG.match(html, at)
        if match is None:
            self.line.append("<")
            return at + 1
        name = match[2].lower()
        if name in _HIDDEN and not match[1]:
            return self._after_hidden(html, name, match.end())
        self._tag(name, bool(match[1]))
        return match.end()

    def _find_comment_end(self, html: str, start: int) -> int:
        """Where a comment has ended; 0 when it never does, and its text is then shown."""
        end = -1 if "!" in self.without_end else html.find("-->", start)
        if end < 0:
            self.without_end.add("!")
            return 0
        return end + 3

    def _after_hidden(self, html: str, name: str, start: int) -> int:
        """Where the content of an element has ended that is not shown."""
        match = None if name in self.without_end else _HIDDEN[name].search(html, start)
        if match is None:
            self.without_end.add(name)
            return start
        return match.start()

    def _tag(self, name: str, closes: bool) -> None:
        if name in _LINES:
            is_empty = not self._break()
            if (name in _PARAGRAPHS or (name == "br" and is_empty)) and self.lines and self.lines[-1]:
                self.lines.append("")
        elif name in _CELLS and self.line:
            self.line.append(" ")
        if name == "pre":
            self.preformatted = max(0, self.preformatted + (-1 if closes else 1))

    def words(self, piece: str) -> None:
        """Take text between tags."""
        if "&" in piece:
            piece = _without_entities(piece)
        if self.preformatted:
            first, *others = piece.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for other in others:
                self._break()
                self.line.append(other)
        else:
            self.line.append(_SPACES.sub(" ", piece))

    def _break(self) -> bool:
        """End the line; whether it held anything."""
        line = "".join(self.line).replace("\xa0", " ")
        if not self.preformatted:
            line = _SPACES.sub(" ", line).strip()
        if line or self.preformatted:
            self.lines.append(line.rstrip())
        self.line.clear()
        return bool(line)

    def text(self) -> str:
        """All lines."""
        self._break()
        return "\n".join(self.lines).strip("\n")


def _without_entities(piece: str) -> str:
    """The standard library's entities; it raises on a number of more digits than Python reads."""
    try:
        return unescape(piece)
    except ValueError:
        return piece

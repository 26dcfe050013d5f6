"""Pictures as SVG to stand in a page.

Text stays text, so that it can be searched and takes the font of the page; colours are variables of the page's style,
so that they follow light and dark.  The same figures give the same bytes.
"""

import io
import re
from collections.abc import Callable, Mapping

import matplotlib.figure
from matplotlib.axes import Axes

SIZES: Mapping[str, tuple[float, float]] = {"wide": (7.2, 3.0), "narrow": (3.3, 3.3)}
"""Width and height, in inches of 72 units: for a screen or paper, and for a telephone."""

INK = "#101010"
"""Of lines and letters."""

FAINT = "#dcdcdc"
"""Of a grid."""

COLOURS = ("#d55e00", "#0072b2", "#999999")
"""Of bands and lines."""

_VARIABLES = {INK: "--ink", FAINT: "--line", **{colour: f"--band-{i}" for i, colour in enumerate(COLOURS)}}


def drawn(draw: Callable[[Axes], None], name: str, size: str, title: str, words: str, columns: int = 3) -> str:
    """A picture of one of ``SIZES`` as an ``<svg>``, whose ids begin with its name so that several can stand in a page.

    ``title`` and ``words`` say what is in it to who cannot see it; they are not escaped, nor is what is drawn.
    ``columns`` is how many entries of the legend stand beside each other where there is room, 0 for no legend.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever the host's own settings are
        matplotlib.rc("svg", fonttype="none", hashsalt="ticketcore")
        matplotlib.rc("font", size=9)
        matplotlib.rc("text", color=INK)
        matplotlib.rc("axes", edgecolor=INK, facecolor="none", grid=True, axisbelow=True)
        matplotlib.rc("axes.spines", top=False, right=False)
        matplotlib.rc("grid", color=FAINT)
        matplotlib.rc("xtick", color=INK)
        matplotlib.rc("ytick", color=INK)
        matplotlib.rc("hatch", linewidth=0.6)
        figure = matplotlib.figure.Figure(figsize=SIZES[size], layout="constrained")
        figure.patch.set_alpha(0)
        draw(figure.add_subplot())
        if columns:
            figure.legend(
                loc="outside upper left",
                ncols=columns if size == "wide" else -(-columns * 2 // 3),
                frameon=False,
                handlelength=1.6,
                columnspacing=1,
            )
        output = io.StringIO()
        figure.savefig(output, format="svg", metadata={"Date": None})
    return _inline(output.getvalue(), f"{name}-{size}", title, words)


def _inline(svg: str, name: str, title: str, words: str) -> str:
    """The picture without what belongs to a file of its own, in the colours and the font of the page."""
    svg = re.sub(r"\s*<metadata>.*?</metadata>|\s*<style.*?</style>|xlink:(?=href)", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]*; ", "", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    box = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    assert box is not None, "matplotlib says how large a picture is"
    opening = f'<svg class="{name.rpartition("-")[2]}" {box[0]} role="img" aria-labelledby="{name}-title {name}-words">'
    return f'{opening}<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>{body}'

"""The site is whole: it builds without a warning, its links lead somewhere, and it has every public name.

The first half of this file builds the site and checks it, the second shows on small texts that each check can fail.
"""

import ast
import doctest
import re
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from test_docstrings import module_name

from docs import rendering

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "ticketcore").glob("**/*.py"))

LOADED = {
    **dict.fromkeys(("script", "iframe", "embed", "audio", "track", "input"), ("src",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    **dict.fromkeys(("image", "use"), ("href", "xlink:href")),
    "object": ("data",),
    "video": ("src", "poster"),
}
"""What a browser loads by itself, by tag.  A ``link`` is looked at by its ``rel``, an ``a`` is only followed."""

LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
FETCHED = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")]*)|@import\s+['\"]((?:https?:)?//[^'\"]*)", re.IGNORECASE)
LOOKED_AT = {".html", ".css", ".svg"}
INERT = {".js", ".map", ".png", ".txt", ""}
"""Files beside the pages that load nothing when they are shown, or, as scripts, are searched for addresses."""

ADDRESS = re.compile(r"(fetch|import|open|src|href)\W{0,4}['\"`](https?:)?//", re.IGNORECASE)


class Page(NamedTuple):
    """What a page names: its anchors, what it links to, and what a browser loads for it."""

    anchors: frozenset[str]
    links: tuple[str, ...]
    loads: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(given[name] for name in ("id", "name") if name in given and tag != "meta")
        if tag in ("a", "area") and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and "href" in given:
            loaded = not LOADED_LINKS.isdisjoint(given.get("rel", "").lower().split())
            (self.loads if loaded else self.links).append(given["href"])
        for name in LOADED.get(tag, ()):
            if name in given:
                self.loads.extend(part.split()[0] for part in given[name].split(",") if part.split())
        self.loads.extend(one or other for one, other in FETCHED.findall(given.get("style", "")))


def page(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    return Page(frozenset(reader.anchors), tuple(reader.links), tuple(reader.loads))


def dead_ends(site: Path) -> Iterator[str]:
    """Links and loaded files of a site that are not in it, and anchors that the page they point into does not have."""
    pages = {path: page(path.read_text(encoding="utf-8")) for path in sorted(site.glob("**/*.html"))}
    for path, read in pages.items():
        for link in (*read.links, *read.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                yield f"{path.name}: {link} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{path.name}: {link} names no place"


def fetched_from_outside(site: Path) -> Iterator[str]:
    """What a browser would fetch from another host to show a page: scripts, styles, images, fonts."""
    for path in sorted(site.glob("**/*.html")):
        for link in page(path.read_text(encoding="utf-8")).loads:
            parts = urlsplit(link)
            if parts.netloc or parts.scheme not in ("", "data"):
                yield f"{path.name}: {link}"
    for path in sorted(path for path in site.glob("**/*") if path.suffix in LOOKED_AT):
        for one, other in FETCHED.findall(path.read_text(encoding="utf-8")):
            yield f"{path.name}: {one or other}"
    for path in sorted(site.glob("**/*.js")):
        if found := ADDRESS.search(path.read_text(encoding="utf-8")):
            yield f"{path.name}: {found[0]}"


def public_names(name: str, source: str) -> Iterator[str]:
    """A module's public names in full: itself, classes, functions, methods, properties, fields and constants."""
    if any(part.startswith("_") for part in name.split(".")):
        return
    yield name
    yield from _names_in(name, ast.parse(source).body)


def _names_in(owner: str, body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _names_in(owner, node.body)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                yield f"{owner}.{node.name}"
                if isinstance(node, ast.ClassDef):
                    yield from _names_in(f"{owner}.{node.name}", node.body)
        elif not (isinstance(node, ast.Assign) and re.match(r"(typing\.)?TypeVar", ast.unparse(node.value))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            yield from (
                f"{owner}.{target.id}"
                for target in targets
                if isinstance(target, ast.Name) and not target.id.startswith("_")
            )


def inventory(path: Path) -> set[str]:
    """The Python names that a site has a place for, from its ``objects.inv`` (version 2 of Sphinx's format)."""
    head, _, packed = path.read_bytes().partition(b"zlib.\n")
    assert head.startswith(b"# Sphinx inventory version 2\n")
    entries = (line.split(" ") for line in zlib.decompress(packed).decode().splitlines())
    return {name for name, kind, *_ in entries if kind.startswith("py:")}


# The site.


def built(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Build a site as ``make docs`` does."""
    options = ["--quiet", "--fail-on-warning", "--keep-going", "--nitpicky"]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    done = built(ROOT / "docs", target)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return target


@pytest.mark.slow
def test_the_site_has_no_dead_ends(site):
    assert not list(dead_ends(site))


@pytest.mark.slow
def test_the_site_needs_nothing_from_outside(site):
    assert not list(fetched_from_outside(site))
    unknown = {path.suffix for path in (site / "_static").glob("**/*")} - LOOKED_AT - INERT
    assert not unknown, "files of another kind may fetch what these checks do not see"


@pytest.mark.slow
def test_the_reference_has_every_public_name(site):
    wanted = {name for path in SOURCES for name in public_names(module_name(path), path.read_text(encoding="utf-8"))}
    wanted = {name for name in wanted if not name.startswith("ticketcore.cli.")}  # Called from a shell, not imported.
    assert not sorted(wanted - inventory(site / "objects.inv"))


@pytest.mark.slow
def test_the_site_has_every_page(site):
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").glob("**/*.md")}
    assert pages <= {path.relative_to(site) for path in site.glob("**/*.html")}
    assert list(site.glob("**/lifecycle.svg"))


def test_the_examples_in_the_extension():
    assert doctest.testmod(rendering).failed == 0


# Each check can fail.


@pytest.fixture
def small(tmp_path):
    """A site of two pages that is whole."""
    (tmp_path / "style.css").write_text("a { background: url(data:image/png;base64,x) }")
    (tmp_path / "two.html").write_text("<h1 id='top'>Two</h1>")
    (tmp_path / "one.html").write_text(
        "<link rel='stylesheet' href='style.css?v=1'><a href='two.html#top'>2</a><a href='#here' id='here'>1</a>"
        "<a href='https://example.org/'>out</a><a href='mailto:a@example.org'>mail</a>"
    )
    return tmp_path


def test_a_whole_site_has_no_faults(small):
    assert not [*dead_ends(small), *fetched_from_outside(small)]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<a href='three.html'>3</a>", "three.html leads nowhere"),
        ("<a href='two.html#below'>2</a>", "two.html#below names no place"),
        ("<a href='#below'>1</a>", "#below names no place"),
        ("<img src='picture.svg'>", "picture.svg leads nowhere"),
        ("<script src='s.js'></script>", "s.js leads nowhere"),
        ("<link rel='stylesheet' href='s.css'>", "s.css leads nowhere"),
        ("<link rel='next' href='three.html'>", "three.html leads nowhere"),
        ("<a href='../elsewhere.html'>out</a>", "elsewhere.html leads nowhere"),
        ("<a href='/two.html'>2</a>", "/two.html leads nowhere"),
    ],
)
def test_a_dead_end_is_found(html, words, small):
    (small / "one.html").write_text(html)
    assert words in "\n".join(dead_ends(small))


@pytest.mark.parametrize(
    "html",
    [
        "<script src='https://example.org/s.js'></script>",
        "<script src='//example.org/s.js'></script>",
        "<img src='http://example.org/p.png'>",
        "<img srcset='two.html 1x, https://example.org/p.png 2x'>",
        "<link rel='stylesheet' href='https://example.org/s.css'>",
        "<link rel='preconnect' href='https://example.org'>",
        "<p style='background: url(https://example.org/p.png)'>",
        "<style>@import 'https://example.org/s.css';</style>",
        "<svg><use href='https://example.org/p.svg#a'></svg>",
    ],
)
def test_what_is_fetched_by_a_page_is_found(html, small):
    (small / "one.html").write_text(html)
    assert "example.org" in "\n".join(fetched_from_outside(small))


@pytest.mark.parametrize("text", ["a { src: url('//example.org/f.woff2') }", '@import "https://example.org/s.css";'])
def test_what_is_fetched_by_a_style_is_found(text, small):
    (small / "style.css").write_text(text)
    assert "example.org" in "\n".join(fetched_from_outside(small))


@pytest.mark.parametrize(
    "text", ['fetch("https://example.org/x")', "a.src = `//example.org/x`", 'import "//example.org"']
)
def test_what_is_fetched_by_a_script_is_found(text, small):
    (small / "script.js").write_text(text)
    assert "//" in "\n".join(fetched_from_outside(small))


def test_public_names():
    source = """
from elsewhere import imported
X = 1
Y: int = 2
_z, T = 3, TypeVar("T")
T = TypeVar("T")
def f(a): b = 1
def _g(): ...
if X:
    async def h(): ...
class A:
    x: int
    _y: int
    Z = 1
    @property
    def p(self): ...
    def __init__(self): self.q = 1
class _B:
    x: int
"""
    names = ["m", "m.X", "m.Y", "m.f", "m.h", "m.A", "m.A.x", "m.A.Z", "m.A.p"]
    assert list(public_names("m", source)) == names
    assert not list(public_names("package._m", source))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("# One\n\n[x](missing.md)\n", "missing.md"),
        ("# One\n\n[x](#missing)\n", "missing"),
        ("# One\n\n```{eval-rst}\n.. autofunction:: ticketcore.errors.missing\n```\n", "missing"),
        ("# One\n\n```{eval-rst}\n.. py:function:: f(x: ticketcore.Missing)\n```\n", "Missing"),
    ],
)
def test_a_warning_fails_the_build(page, words, tmp_path):
    for name in ("conf.py", "rendering.py", "_static/site.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / "docs" / name).read_text(encoding="utf-8"))
    (tmp_path / "index.md").write_text(page)
    done = built(tmp_path, tmp_path / "built")
    assert done.returncode
    assert words in done.stderr


@pytest.mark.slow
def test_a_name_without_a_place_is_found(tmp_path):
    for name in ("conf.py", "rendering.py", "_static/site.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / "docs" / name).read_text(encoding="utf-8"))
    (tmp_path / "index.md").write_text("# One\n\n```{eval-rst}\n.. automodule:: ticketcore.errors\n```\n")
    assert not built(tmp_path, tmp_path / "built").returncode
    names = inventory(tmp_path / "built" / "objects.inv")
    assert {"ticketcore.errors", "ticketcore.errors.Refused", "ticketcore.errors.StoreFault.FULL"} <= names
    assert "ticketcore.ports.Store" not in names

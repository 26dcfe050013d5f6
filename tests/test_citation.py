"""``CITATION.cff`` is of version 1.2.0 of the Citation File Format, and says what the project file says."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

REQUIRED = {"cff-version", "message", "title", "authors"}
KNOWN = REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url"),
    *(
        "preferred-citation",
        "references",
        "repository",
        "repository-artifact",
        "repository-code",
        "type",
        "url",
        "version",
    ),
}
"""The keys of the format: https://github.com/citation-file-format/citation-file-format, schema-guide.md, 1.2.0."""

ENTITY = {
    *("address", "alias", "city", "country", "date-end", "date-start", "email", "fax", "location", "name", "orcid"),
    *("post-code", "region", "tel", "website"),
}
"""The keys of an author who is not a person."""


def faults(citation, project):
    """What is wrong with a citation file, read, of a project."""
    if missing := REQUIRED - citation.keys():
        yield f"missing: {sorted(missing)}"
    if unknown := citation.keys() - KNOWN:
        yield f"unknown: {sorted(unknown)}"
    if citation.get("cff-version") != "1.2.0":
        yield "cff-version"
    if citation.get("type", "software") not in ("software", "dataset"):
        yield "type"
    for key in ("message", "title", "abstract", "version", "license"):
        if not (isinstance(citation.get(key, "x"), str) and citation.get(key, "x").strip()):
            yield f"{key}: no text"
    authors = citation.get("authors")
    if (
        not isinstance(authors, list)
        or not authors
        or any("name" not in author or author.keys() - ENTITY for author in authors)
    ):
        yield "authors"
    elif [author["name"] for author in authors] != [author["name"] for author in project["authors"]]:
        yield "authors: not those of the project"
    keywords = citation.get("keywords", ["x"])
    if len(set(keywords)) != len(keywords) or not keywords:
        yield "keywords"
    yield from (f"{key}: not the project's" for key in ("version", "license") if citation.get(key) != project[key])
    if citation.get("title") != project["name"]:
        yield "title: not the project's name"


def test_the_citation_file_is_valid_and_up_to_date():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert not list(faults(citation, PROJECT))
    assert citation["abstract"] == PROJECT["description"]


WHOLE = {
    "cff-version": "1.2.0",
    "message": "Cite it.",
    "title": "x",
    "authors": [{"name": "The authors"}],
    "version": "1.0",
    "license": "MIT",
}
ITS_PROJECT = {"name": "x", "version": "1.0", "license": "MIT", "authors": [{"name": "The authors"}]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"message": None}, "message"),
        ({"autors": []}, "unknown"),
        ({"cff-version": "1.1.0"}, "cff-version"),
        ({"type": "book"}, "type"),
        ({"version": 1.0}, "version: no text"),
        ({"version": "1.1"}, "version: not the project's"),
        ({"license": "BSD"}, "license: not the project's"),
        ({"title": "y"}, "title: not"),
        ({"authors": []}, "authors"),
        ({"authors": [{"family-names": "X"}]}, "authors"),
        ({"authors": [{"name": "Others"}]}, "authors: not those"),
        ({"keywords": ["a", "a"]}, "keywords"),
    ],
)
def test_what_is_wrong_is_found(change, words):
    found = "\n".join(faults(WHOLE | change, ITS_PROJECT))
    assert words in found
    assert bool(words) == bool(found)


def test_what_is_missing_is_found():
    for key in REQUIRED:
        citation = {name: value for name, value in WHOLE.items() if name != key}
        assert re.search(f"missing.*{key}", "\n".join(faults(citation, ITS_PROJECT)))

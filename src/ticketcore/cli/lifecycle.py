"""``ticketcore lifecycle``: check the workflows of a desk.toml, and draw them."""

import sys
from pathlib import Path

import click

from ticketcore import drawing
from ticketcore.cli.common import UNUSABLE, fail, json_option, plain, print_json, read_file, read_text
from ticketcore.config import undefined_guards, workflow_faults
from ticketcore.errors import InvalidInput
from ticketcore.model import Configuration, Workflow

_DRAWN = {"mermaid": drawing.mermaid, "dot": drawing.dot}


@click.group()
def lifecycle() -> None:
    """Check the workflows of a desk.toml, or draw them.

    Example: ticketcore lifecycle check desk.toml
    """


@lifecycle.command()
@click.argument("desk_file", metavar="DESK.toml", type=click.Path(path_type=Path))
@click.option("--guard", "guards", multiple=True, help="A guard that your program defines; may be given again.")
@json_option
def check(desk_file: Path, guards: tuple[str, ...], as_json: bool) -> None:
    """List everything that is wrong with the workflows of the file.

    Of guards, only the native rules are known here; say with --guard which others your program defines.

    Example: ticketcore lifecycle check desk.toml --guard tested
    """
    text = read_text(desk_file)
    wrong = workflow_faults(text)
    unknown = _undefined(text, guards)
    for error in (*wrong, *unknown):
        click.echo(f"{desk_file}: {error}", err=True)
    if unknown:
        click.echo("Only native rules are known here; say with --guard which others your program defines.", err=True)
    if as_json:
        print_json([plain(_as_json(error)) for error in (*wrong, *unknown)])
    if wrong or unknown:
        sys.exit(UNUSABLE)
    if not as_json:
        sound = ", ".join(workflow.id for workflow in read_file(desk_file).configuration.workflows)
        click.echo(f"{desk_file}: {sound}: no faults")


def _undefined(text: str, guards: tuple[str, ...]) -> tuple[InvalidInput, ...]:
    try:
        return undefined_guards(text, guards)
    except InvalidInput:  # It is no TOML, and that was said.
        return ()


def _as_json(error: InvalidInput) -> dict[str, object]:
    return {"line": error.line, "field": error.field, "reason": error.reason}


@lifecycle.command()
@click.argument("desk_file", metavar="[DESK.toml]", required=False, type=click.Path(path_type=Path))
@click.option("--workflow", "id", default=None, help="Which workflow, if the file has several.")
@click.option("--format", "language", type=click.Choice(list(_DRAWN)), default="mermaid", show_default=True)
@click.option("--locale", default="en", show_default=True, help="The language of the labels, such as de or pt-BR.")
@click.option("--customer", is_flag=True, help="With the labels that customers read.")
@json_option
def draw(desk_file: Path | None, id: str | None, language: str, locale: str, customer: bool, as_json: bool) -> None:
    """Draw a workflow, for Mermaid or Graphviz; the usual one without a file.

    Example: ticketcore lifecycle draw desk.toml --workflow repair --format dot
    """
    configuration = Configuration() if desk_file is None else read_file(desk_file).configuration
    workflow = _asked(configuration, id)
    drawn = _DRAWN[language](workflow, locale, customer)
    if as_json:
        print_json({"workflow": workflow.id, "format": language, "drawing": drawn})
    else:
        click.echo(drawn, nl=False)


def _asked(configuration: Configuration, id: str | None) -> Workflow:
    known = {workflow.id: workflow for workflow in configuration.workflows}
    if id is None and len(known) > 1:
        fail(f"there are several workflows; say which with --workflow: {', '.join(known)}")
    if id is not None and id not in known:
        fail(f"--workflow: there is no {id!r}, but {', '.join(known)}")
    return known[id or next(iter(known))]

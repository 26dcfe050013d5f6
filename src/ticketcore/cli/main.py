"""The command ``ticketcore`` and its subcommands."""

import os
import sys

import click

from ticketcore.cli.configuring import config
from ticketcore.cli.lifecycle import lifecycle
from ticketcore.cli.listing import tickets
from ticketcore.cli.running import run
from ticketcore.cli.showing import show

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="ticketcore")
def ticketcore() -> None:
    """Turn customers' messages into tickets, and tickets into fairly shared work.

    Example: ticketcore run mail.mbox --desk desk.toml --store desk.db
    """


for command in (run, tickets, show, config, lifecycle):
    ticketcore.add_command(command)


def main() -> None:
    """Run the command line of this process."""
    try:
        with ticketcore.make_context("ticketcore", sys.argv[1:]) as context:
            ticketcore.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("ticketcore: interrupted; what was done before is kept", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Nobody reads on; nothing is left to flush.

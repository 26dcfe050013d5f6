"""The command ``ticketcore`` and its subcommands."""

import os
import signal
import sys
from io import TextIOWrapper

import click

from ticketcore.cli.agents import agents
from ticketcore.cli.common import UNSERVED, fail
from ticketcore.cli.configuring import config
from ticketcore.cli.held import held
from ticketcore.cli.lifecycle import lifecycle
from ticketcore.cli.listing import tickets
from ticketcore.cli.running import run
from ticketcore.cli.segments import segment, thread
from ticketcore.cli.showing import show
from ticketcore.cli.simulating import simulate
from ticketcore.cli.texts import classify, reply_text
from ticketcore.errors import InvalidInput
from ticketcore.feeds.files import why

INTERRUPTED = 130
"""The exit code after Ctrl-C or SIGTERM."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="ticketcore")
def ticketcore() -> None:
    """Turn customers' messages into tickets, and tickets into fairly shared work.

    Example: ticketcore run mail.mbox --desk desk.toml --store desk.db
    """


for command in (run, tickets, agents, show, held, config, lifecycle, segment, thread, classify, reply_text, simulate):
    ticketcore.add_command(command)


def main() -> None:
    """Run the command line of this process; to be asked to end (SIGTERM) is to be interrupted."""
    _prepare_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ticketcore.make_context("ticketcore", sys.argv[1:]) as context:
            ticketcore.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except InvalidInput as error:
        fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        _ignore_signals()
        fail("interrupted; what was done before is kept", INTERRUPTED)
    except BrokenPipeError:
        _stop_writing()
    except OSError as error:
        _stop_writing()
        fail(f"{error.filename or 'the output'}: {why(error)}", UNSERVED)
    finally:
        _ignore_signals()


def _prepare_streams() -> None:
    """Have somewhere to write to where there is nothing, and escape what an encoding lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop_writing() -> None:
    """Nobody reads on, or nothing more can be written: what is left must not be tried again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ignore_signals() -> None:
    """From here on it ends as it was going to."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)

"""The commands, each calling what a page calls. `python -m inspections` and `flask --app inspections` are one.

Exit codes: 0 done, 1 refused, 2 bad input.
"""

import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext

from inspections import create_app
from inspections.refusal import Refusal


class OneSentence(FlaskGroup):
    """A group whose commands answer a refusal with its sentence and exit code 1, never with a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(1)


@click.group(cls=OneSentence, create_app=create_app, add_default_commands=False)
def main() -> None:
    """巡回驻点: the county's roving supervision."""

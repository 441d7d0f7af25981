"""`python -m inspections`: the same commands as `flask --app inspections`."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from inspections import create_app
from inspections.cli import answer_refusals
from inspections.operations.commands import OPERATIONS
from inspections.site.settings import BadSetting


def started() -> Flask:
    """The application; where a setting is wrong its sentence instead, exit 2."""
    try:
        return create_app()
    except BadSetting as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)


group = FlaskGroup(create_app=started, add_default_commands=False, set_debug_flag=False, help="巡回驻点")
for command in OPERATIONS:  # these work where no application would start, and leave the folder as it is
    answer_refusals(command)
    group.add_command(command)

if __name__ == "__main__":
    group(prog_name="python -m inspections")

"""`python -m inspections`: the same commands as `flask --app inspections`."""

from flask.cli import FlaskGroup

from inspections import create_app

FlaskGroup(create_app=create_app, add_default_commands=False, help="巡回驻点")(
    prog_name="python -m inspections"
)

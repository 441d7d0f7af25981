"""`python -m inspections config`: the commands of whoever runs the machine. None needs the application."""

from collections.abc import Iterable

import click
from flask import current_app

from inspections.site import settings
from inspections.site.settings import Settings


def chosen() -> Settings:
    """The settings of the application where there is one, else of file and environment."""
    if current_app:
        found: Settings = current_app.extensions["settings"]
        return found
    return settings.read()


@click.group("config", help="本机的设置：数据目录中的 inspections.toml 和 INSPECTIONS_* 环境变量。")
def config() -> None:
    """The typed configuration."""


@config.command("check", help="核对设置；有不认识的名称或不对的值，逐条说明，退出码 2。")
def config_check() -> None:
    read = chosen()
    click.echo(f"设置有效（{read.instance / settings.FILE}）。")


@config.command("show", help="列出现在生效的全部设置；口令、密钥不显示。")
def config_show() -> None:
    for name, value in settings.shown(chosen()):
        told = settings.about(name)
        click.echo(f"{name} = {value}  # {told.words}" + (f"，{told.unit}" if told.unit else ""))


OPERATIONS: Iterable[click.Command] = (config,)

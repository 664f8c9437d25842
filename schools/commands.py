"""Commands of the operator: the first account."""

from __future__ import annotations

import secrets

import click
from flask import Blueprint, current_app

from core import clock
from core.database import database
from core.problems import Refused
from schools import staff

blueprint = Blueprint("staff_commands", __name__, cli_group=None)


@blueprint.cli.command("create-admin")
@click.option("--login", prompt="Nama masuk / login")
@click.option("--name", prompt="Nama / name")
@click.option("--password", default="", help="Left out, a good one is made and printed once.")
def create_admin(login: str, name: str, password: str) -> None:
    """Makes an account that may do everything, and prints its password once."""
    made = password or secrets.token_urlsafe(12)
    try:
        hashed = staff.hash_password(made)
        with database().writing() as db:
            staff.create(db, login, name, "admin", hashed, clock.now())
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{staff.read_login(login)}\t{made if not password else '(kata sandi Anda / your password)'}")
    click.echo(f"{current_app.extensions['settings'].public_base_url}/login")

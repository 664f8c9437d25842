"""Commands of the operator: accounts and their passwords."""

from __future__ import annotations

import secrets

import click
from flask import Blueprint, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.database import database
from core.problems import Problem, Refused
from schools import logins, staff
from schools.tables import School

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


@blueprint.cli.group("staff")
def accounts() -> None:
    """Accounts of teachers, planners, stations, operators."""


@accounts.command("create")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(staff.ROLES))
@click.option("--school", "npsn", default="", help="The NPSN of a teacher's school.")
@click.option("--station", "slug", default="", help="The short name of a station's station.")
def create(login: str, name: str, role: str, npsn: str, slug: str) -> None:
    """Makes an account and prints its password once."""
    made = secrets.token_urlsafe(12)
    try:
        hashed = staff.hash_password(made)
        with database().writing() as db:
            school = db.scalars(select(School.id).where(School.npsn == npsn)).first() if npsn else None
            if npsn and school is None:
                raise Refused(Problem("school", _("Sekolah dengan NPSN %(npsn)s tidak ada.", npsn=npsn)))
            if slug and current_app.extensions["station_by_slug"](db, slug) is None:
                raise Refused(Problem("station", _("Tidak ada stasiun dengan nama pendek %(slug)s.", slug=slug)))
            staff.create(db, login, name, role, hashed, clock.now(), school_id=school, station_slug=slug or None)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{staff.read_login(login)}\t{made}")


@accounts.command("password")
@click.argument("login")
def password(login: str) -> None:
    """A new password, printed once; every browser that was logged in is logged out."""
    made = secrets.token_urlsafe(12)
    hashed = staff.hash_password(made)
    with database().writing() as db:
        found = staff.staff_of(db, login)
        if found is None:
            raise click.ClickException(_("Akun %(login)s tidak ada.", login=staff.read_login(login)))
        found.password_hash = hashed
        logins.end_all(db, found.id)
    click.echo(f"{staff.read_login(login)}\t{made}")

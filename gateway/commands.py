"""``flask lines …`` and ``flask outbox …``: what an operator types."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from flask import Blueprint
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, msisdn
from core.database import database
from core.problems import Refused
from gateway import broadcasts, line_files, operating
from gateway.lines import lines
from gateway.outbox import RANK
from gateway.tables import Line
from schools.tables import Class, School

blueprint = Blueprint("gateway_commands", __name__, cli_group=None)
lines_group = AppGroup("lines", help="The lines we own: short codes, service codes, senders.")
outbox_group = AppGroup("outbox", help="What waits, what is unknown, what is dead.")
blueprint.cli.add_command(lines_group)
blueprint.cli.add_command(outbox_group)


@blueprint.cli.command()
@click.argument("npsn")
@click.argument("text")
@click.option("--line", "address", required=True, help="Address of the SMS line that it goes over.")
@click.option("--class", "room", default=None, help="Only this class.")
@click.option("--send", is_flag=True, help="Send it; without, only count it.")
@click.option("--typed", default="", help="The number of messages, where there are more than a hundred.")
def announce(npsn: str, text: str, address: str, room: str | None, send: bool, typed: str) -> None:
    """Count an announcement TEXT to the school NPSN: messages, segments, rupiah. With --send it goes out."""
    try:
        with database().writing() as db:
            school = db.scalar(select(School).where(School.npsn == npsn))
            line = db.scalar(select(Line).where(Line.medium == "sms", Line.address == address, Line.is_active))
            in_school = Class.school_id == (school.id if school is not None else None)
            class_id = db.scalar(select(Class.id).where(in_school, Class.name == room)) if room is not None else None
            if school is None or line is None or (room is not None and class_id is None):
                raise Refused("Sekolah, kelas, atau jalur tidak ada. / There is no such school, class or line.")
            found = broadcasts.estimate(db, school, class_id, text, line, clock.now())
            if send:
                broadcasts.announce(
                    db, key=secrets.token_hex(16), school=school, class_id=class_id, text=text, line=line, now=clock.now(),
                    typed=typed,
                )  # fmt: skip
    except Refused as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    begins = f"{found.begins:%Y-%m-%dT%H:%M}Z"
    click.echo(f"{found.messages} pesan / messages, {found.segments} segmen / segments, Rp{found.rupiah}, {begins}")


@lines_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Add or change the lines of FILE (TOML, one [[line]] each). A file with anything wrong changes nothing."""
    try:
        found = line_files.read(file.read_text(encoding="utf-8-sig"))
    except Refused as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None
    except UnicodeDecodeError:
        click.echo(f"{file.name} bukan UTF-8. / It is not UTF-8.", err=True)
        raise SystemExit(1) from None
    try:
        with database().writing() as db:
            for data in found:
                line_files.save(db, data)
    except IntegrityError:
        click.echo("Sebuah token dipakai dua jalur. / Two lines have the same token.", err=True)
        raise SystemExit(1) from None
    lines().expire()
    click.echo(f"{len(found)} jalur dimuat. / lines loaded.")


@lines_group.command()
def show() -> None:
    """Print every line as TOML that `lines load` takes. It holds secrets."""
    with database().reading() as db:
        click.echo(line_files.write(db.scalars(select(Line).order_by(Line.id))), nl=False)


@outbox_group.command("list")
@click.option("--state", type=click.Choice(sorted([*RANK, *operating.SETS])), default=None, help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def list_(state: str | None, limit: int) -> None:
    """Print the newest messages, numbers masked; without --state how many there are of each."""
    with database().reading() as db:
        if state is None:
            for name, count in sorted(operating.counts(db).items(), key=lambda pair: RANK[pair[0]]):
                click.echo(f"{name:10} {count}")
            return
        for row in operating.listed(db, state, limit):
            at = row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            click.echo(f"{row.id}\t{at}\t{msisdn.masked(row.msisdn)}\t{row.segments} seg\t{row.attempts}x\t{row.reason}")


@outbox_group.command()
def release() -> None:
    """Send what a restored copy holds back."""
    with database().writing() as db:
        count = operating.release(db, clock.now())
    click.echo(f"{count} pesan dilepas. / messages released.")


@outbox_group.command()
@click.argument("message_id", metavar="ID", type=int)
def resend(message_id: int) -> None:
    """Send message ID again, which is unknown, failed, expired or cancelled."""
    try:
        with database().writing() as db:
            again = operating.resend(db, message_id, clock.now()).id
    except Refused as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    click.echo(f"Pesan {message_id} dikirim ulang sebagai {again}. / Sent again as {again}.")

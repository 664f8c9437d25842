"""``flask backup`` and ``flask restore``: a copy of everything, and back."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Blueprint, current_app

from core import backup, clock, file_copies
from core.database import Database, database
from core.problems import Refused
from gateway import operating

blueprint = Blueprint("backup_commands", __name__, cli_group=None)
FILE = click.Path(dir_okay=False, path_type=Path)


@blueprint.cli.command("backup")
@click.argument("file", type=FILE)
def backup_(file: Path) -> None:
    """Copy the database into FILE while it is used, look whether the copy is whole, and put handed-in files into FILE.files."""
    try:
        count = backup.save(current_app.extensions["settings"], file)
    except (Refused, OSError) as error:
        _end(error)
    click.echo(f"{file}: {file.stat().st_size} bita, utuh. / bytes, whole.")
    if count:
        click.echo(f"{file_copies.beside(file)}: {count} berkas. / files.")


@blueprint.cli.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Make FILE the database, with the files of FILE.files. Nothing may serve; nothing is sent until `outbox release`."""
    database().close()
    try:
        held, before, files = backup.put_back(current_app.extensions["settings"], file, _seal)
    except (Refused, OSError) as error:
        _end(error)
    if before is not None:
        click.echo(f"Yang sebelumnya ada di {before}. / The database before it is there.")
    if files:
        click.echo(f"{files} berkas dikembalikan, masing-masing utuh. / files are back, each of them whole.")
    click.echo(f"{held} pesan ditahan; `outbox release` mengirimnya. / {held} messages held until `outbox release`.")


def _seal(copy: Database) -> int:
    return copy.step(lambda db: operating.seal(db, clock.now()), seconds=60)


def _end(error: Exception) -> None:
    click.echo(str(error), err=True)
    raise SystemExit(1)

"""``flask export-results``, ``flask take-down``."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Blueprint

from broadcast_schedule import papers
from core import files
from core.database import database
from lessons import media, results_csv
from lessons.media_views import folder
from lessons.tables import Quiz

blueprint = Blueprint("lessons_commands", __name__, cli_group=None)


@blueprint.cli.command("export-results")
@click.option("--quiz", "quiz_id", required=True, type=click.IntRange(1, 2**31 - 1), help="The quiz's id.")
@click.option("--format", "format_", default="csv", type=click.Choice(["csv", "xlsx"]), show_default=True)
@click.option("--excel", is_flag=True, help="Semicolon and byte order mark, as an Indonesian Excel wants it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_results(quiz_id: int, format_: str, excel: bool, output: Path | None) -> None:
    """Print every answer to a quiz, of all schools, one row each."""
    with database().reading() as db:
        if db.get(Quiz, quiz_id) is None:
            raise click.ClickException(f"There is no quiz {quiz_id}.")
        found = list(results_csv.rows(db, quiz_id))
    raw = results_csv.write_xlsx(found) if format_ == "xlsx" else results_csv.write(found, excel=excel).encode()
    if output is None:
        click.echo(raw, nl=False)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {len(found)} answers.", err=True)


@blueprint.cli.command("take-down")
@click.argument("address")
def take_down(address: str) -> None:
    """Take a recording or a picture off every page and off the disk: ADDRESS is its web address or its SHA-256."""
    found = re.search(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", address)
    if found is None:
        raise click.ClickException("There is no SHA-256 in that: 64 digits and letters, as in /files/<SHA-256>.jpg.")
    with database().writing() as db:
        schools = media.take_down(db, found[0])
        is_an_episodes = found[0] in papers.digests(db)
    if not is_an_episodes:  # a planner handed the very same in for stations
        files.path_of(folder(), found[0]).unlink(missing_ok=True)
    if not schools:
        raise click.ClickException("No school has that file (any more).")
    kept = "; an episode has the same file, so stations still fetch it" if is_an_episodes else " and from the disk"
    click.echo(f"Gone from {schools} schools{kept}; backups still hold it.")

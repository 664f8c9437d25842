"""``flask export-results``."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Blueprint

from core.database import database
from lessons import results_csv
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

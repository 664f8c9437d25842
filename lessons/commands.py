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
@click.option("--format", "format_", default="csv", type=click.Choice(["csv", "xlsx"]), help="csv.")
@click.option("--excel", is_flag=True, help="Semicolon and byte order mark, as an Indonesian Excel wants it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_results(quiz_id: int, format_: str, excel: bool, output: Path | None) -> None:
    """Print every answer to a quiz, of all schools, one row each."""
    if format_ != "csv":
        raise click.ClickException("XLSX is not written yet. Use --format csv --excel: a spreadsheet opens it.")
    with database().reading() as db:
        if db.get(Quiz, quiz_id) is None:
            raise click.ClickException(f"There is no quiz {quiz_id}.")
        text = results_csv.write(results_csv.rows(db, quiz_id), excel=excel)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        output.write_bytes(text.encode())
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {text.count(chr(10)) - 1} answers.", err=True)

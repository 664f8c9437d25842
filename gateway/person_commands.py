"""``flask erase-learner``, ``export-learner``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import Blueprint

from core import clock
from core.database import database
from core.problems import Refused
from gateway import person_file, persons

blueprint = Blueprint("person_commands", __name__, cli_group=None)


@blueprint.cli.command("erase-learner")
@click.argument("learner_id", type=click.IntRange(1, 2**31 - 1))
def erase_learner(learner_id: int) -> None:
    """Take a person out of everything that is held, and print the proof as JSON. It cannot be undone."""
    now = clock.now()
    try:
        with database().writing() as db:
            number = persons.learner(db, learner_id).msisdn or ""
            busy = persons.on_their_way(db, number) if number and not persons.sharers(db, persons.learner(db, learner_id)) else 0
            if busy:
                raise click.ClickException(f"{busy} messages to this number are on their way. Ask again in a minute.")
            proof = persons.erase(db, learner_id, now)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    database().forget()
    click.echo(json.dumps(proof, ensure_ascii=False))


@blueprint.cli.command("export-learner")
@click.argument("learner_id", type=click.IntRange(1, 2**31 - 1))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_learner(learner_id: int, output: Path | None) -> None:
    """Print all that is held of a learner as JSON."""
    try:
        with database().reading() as db:
            told = person_file.write(db, learner_id, clock.now())
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    raw = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    if output is None:
        click.echo(raw, nl=False)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None

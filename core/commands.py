"""``flask db …``: the schema, by Alembic."""

from __future__ import annotations

import click
from flask import Blueprint

from core.database import database
from core.migrations import applied, config_for, heads, is_newer
from core.migrations import upgrade as bring_up

NAME_LIMIT = 32  # of the column in which Alembic keeps it
blueprint = Blueprint("db", __name__, cli_group="db")
blueprint.cli.help = "The schema: upgrade, downgrade, revision, current."


@blueprint.cli.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema to REVISION (the newest)."""
    bring_up(database(), revision)
    click.echo(f"The schema is at {applied(database())}.")


@blueprint.cli.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Take the schema back to REVISION (one step). Take a backup first."""
    from alembic import command

    if is_newer(found := applied(database())):
        raise click.ClickException(f"This version does not know {found}: take it back with the version that made it.")
    command.downgrade(config_for(database()), revision)
    click.echo(f"The schema is at {applied(database()) or 'nothing'}.")


@blueprint.cli.command()
@click.argument("message")
@click.option("--id", "revision_id", help="Its name; by default the next number and the message.")
def revision(message: str, revision_id: str | None) -> None:
    """Write a migration: what the tables have and the database lacks."""
    from alembic import command

    words = "_".join("".join(c if c.isalnum() else " " for c in message.lower()).split())
    count = max((int(head[:4]) for head in heads()), default=0) + 1
    name = revision_id or f"{count:04}_{words}"[:NAME_LIMIT].rstrip("_")
    command.revision(config_for(database()), message, autogenerate=True, rev_id=name)


@blueprint.cli.command()
def current() -> None:
    """Say where the schema is, and where it should be."""
    click.echo(f"{applied(database()) or 'nothing'} (newest: {', '.join(heads())})")

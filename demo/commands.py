"""``flask demo``: seeds what is not there yet, and says what a visitor may try."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import Blueprint, current_app

from core import clock
from core.database import database
from core.migrations import is_behind, upgrade
from demo import content, lines, people, timetables
from lessons.library import library

blueprint = Blueprint("demo", __name__, cli_group=None)


@blueprint.cli.command("demo")
@click.option("--json", "as_json", is_flag=True, help="One JSON object alone on standard output.")
def demo(as_json: bool) -> None:
    """Seed the demo (once) and print it."""
    if is_behind(database()):  # it may be the first command of all, before any start
        upgrade(database())
    made = seed()
    click.echo(json.dumps(made, ensure_ascii=False, indent=1) if as_json else told(made))


def seed() -> dict[str, Any]:
    """The whole demo, made in one transaction where it is missing. The same object at every call."""
    secret, now = current_app.config["SECRET_KEY"], clock.now()
    with database().writing() as db:
        made = people.seed(db, now, secret)
        made["stations"] = timetables.seed(db, now, secret)
        made |= content.seed(db, now, made["schools"])
        made["lines"] = lines.seed(db, secret, made["course"])
    library().expire()
    return made


def told(made: dict[str, Any]) -> str:
    """The demo in a dozen lines, for somebody at a terminal."""
    ussd = next(line for line in made["lines"] if line["provider"] == "simulator" and line["medium"] == "ussd")
    sms = next(line for line in made["lines"] if line["provider"] == "simulator" and line["medium"] == "sms")
    rows = [
        ("Telepon web", f"/phone — hubungi {ussd['address']}, atau kirim {made['quiz']['keyword']} ke {sms['address']}"),
        *((f"Guru sekolah {name}", _login(school["teachers"][0])) for name, school in made["schools"].items()),
        ("Perencana siaran", _login(made["planner"])),
        ("Operator", _login(made["operator"])),
        ("Admin", _login(made["admin"])),
        *((f"Stasiun {s['slug']}", f"/stations/{s['slug']}/timetable.ics?key={s['calendar_token']}") for s in made["stations"]),
    ]
    return "\n".join(f"  {label:<24}{text}" for label, text in rows)


def _login(staff: dict[str, str]) -> str:
    return f"{staff['login']} / {staff['password']}"

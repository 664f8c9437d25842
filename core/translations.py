"""``flask translate``: the phrases of the code into the language files, and a new language begun."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from flask import Blueprint

from core.phrases import FOLDER, compile_all
from core.settings import ROOT

blueprint = Blueprint("translations", __name__, cli_group="translate")

# Lines of a file's head that would change at every run, or name a person.
_FLEETING = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team",
        "Generated-By",
    )
)  # fmt: skip


@blueprint.cli.command("update")
def update() -> None:
    """Take new phrases of the code into every language file; those that are gone leave it."""
    with tempfile.TemporaryDirectory() as folder:
        template = extracted(Path(folder))
        _pybabel("update", "-i", str(template), "-d", str(FOLDER), "--no-fuzzy-matching", "--ignore-obsolete", "-w", "120")
    for file in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        _settle(file)
    compile_all()


@blueprint.cli.command("new")
@click.argument("code")
def new(code: str) -> None:
    """Begin the language CODE ("jv"): a file with every phrase, said in Indonesian until it is translated."""
    if (FOLDER / code).exists():
        raise click.ClickException(f"translations/{code} is there already.")
    with tempfile.TemporaryDirectory() as folder:
        _pybabel("init", "-i", str(extracted(Path(folder))), "-d", str(FOLDER), "-l", code, "-w", "120")
    _settle(FOLDER / code / "LC_MESSAGES" / "messages.po")
    click.echo(f"translations/{code}/LC_MESSAGES/messages.po")


def _settle(file: Path) -> None:
    """Gives ``file`` a head that is the same after every run; translators' comments at the phrases stay."""
    _, first, rest = file.read_text("utf-8").partition('msgid ""')
    head = f"# Kentongan, {file.parent.parent.name}. What is empty is said in Indonesian.\n"
    lines = (first + rest).splitlines(keepends=True)
    file.write_text(head + "".join(line for line in lines if not line.startswith(_FLEETING)), "utf-8")


def extracted(folder: Path) -> Path:
    """A template in ``folder`` with every phrase that the code has now."""
    template = folder / "messages.pot"
    keywords = [word for name in ("N_", "lazy_gettext", "_l") for word in ("-k", name)]
    _pybabel("extract", "-F", str(ROOT / "babel.cfg"), *keywords, "--no-location", "-w", "120", "-o", str(template), str(ROOT))
    return template


def _pybabel(*arguments: str) -> None:
    from babel.messages.frontend import CommandLineInterface  # not in every serving process's memory

    CommandLineInterface().run(["pybabel", "-q", *arguments])  # type: ignore[no-untyped-call]

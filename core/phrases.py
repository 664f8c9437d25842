"""Phrases of the phone and of the pages, in every language: gettext, the source being Bahasa Indonesia.

``translations/<code>/LC_MESSAGES/messages.po`` is a language. What it lacks is said in Indonesian.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.settings import ROOT

SOURCE = "id"
FOLDER = ROOT / "translations"


def languages() -> tuple[str, ...]:
    """Codes of all languages there are, Indonesian first. A new one is seen at the next start."""
    return _languages(FOLDER)


@lru_cache(maxsize=8)
def _languages(folder: Path) -> tuple[str, ...]:
    return (SOURCE, *sorted(p.parent.parent.name for p in folder.glob("*/LC_MESSAGES/messages.po")))


def catalog(language: str) -> NullTranslations:
    """The gettext catalog of ``language``; an unknown language is Indonesian."""
    source = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language not in languages() or not source.exists():
        return NullTranslations()
    compile_catalog(source)
    with source.with_suffix(".mo").open("rb") as file:
        return GNUTranslations(file)


def compile_catalog(source: Path) -> None:
    """Writes ``messages.mo`` beside ``source``, and with its date, where none of that date is: a release may be older than it."""
    target, date = source.with_suffix(".mo"), source.stat().st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == date:
        return
    with source.open("rb") as file:
        po = read_po(file, locale=source.parent.parent.name)
    buffer = BytesIO()
    write_mo(buffer, po)
    half = target.with_suffix(f".{os.getpid()}-{id(buffer)}.half")  # two processes may start at once
    half.write_bytes(buffer.getvalue())
    half.chmod(0o644)  # whoever started first, everybody reads it
    os.utime(half, ns=(date, date))
    half.replace(target)


def compile_all() -> None:
    for source in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        compile_catalog(source)


def phrases(language: str) -> Callable[..., str]:
    """``_("Soal %(n)d dari %(total)d", n=3, total=10)`` in ``language``. Extracted by ``pybabel`` as ``_``."""
    return _phrases(language, FOLDER)


@lru_cache(maxsize=32)
def _phrases(language: str, folder: Path) -> Callable[..., str]:
    translate = catalog(language).gettext

    def say(text: str, **values: object) -> str:
        said = translate(text)
        return said % values if values else said

    return say

"""The files that people handed in, beside a copy of the database: FILE.files holds each under its digest."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from core import files
from core.problems import Refused

EVERY = frozenset(family for family, _marks in files.KINDS.values())
LARGEST = 1 << 40
DAMAGED = "{file} rusak: isinya lain daripada namanya. / It is damaged: its content is not what its name says."


def beside(copy: Path) -> Path:
    """Where the files of a copy lie."""
    return copy.with_name(copy.name + ".files")


def kept(folder: Path) -> list[Path]:
    """Every file that is whole."""
    return sorted(path for path in folder.glob("??/*") if files.DIGEST.fullmatch(path.name) and path.is_file())


def save(folder: Path, target: Path) -> int:
    """Puts all files into the new folder ``target``; how many. None at all makes no folder.

    A file never changes, so where ``target`` is on the same disk it takes no room (hard links). Called after the database was
    copied: whatever that names was whole before. Raises Refused where ``target`` is there.
    """
    if target.exists():
        raise Refused(f"{target} sudah ada. / {target} is there already.")
    found, part = kept(folder), target.with_name(target.name + ".part")
    if not found:
        return 0
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(0o700)
    try:
        for file in found:
            _linked(file, part / file.name)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return len(found)


def put_back(source: Path, folder: Path) -> int:
    """Takes the files of a copy in again, each read through and told by its digest; how many. What is there already stays.

    Raises Refused at the first that is not what its name says; those before it are in, and swept away if nothing names them.
    """
    names = sorted(path for path in source.glob("*") if files.DIGEST.fullmatch(path.name)) if source.is_dir() else []
    for path in names:
        try:
            with path.open("rb") as stream:
                digest = files.keep(folder, stream, most=LARGEST, families=EVERY).digest
        except files.UnknownKind:
            digest = ""
        if digest != path.name:
            raise Refused(DAMAGED.format(file=path))
    return len(names)


def _linked(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(file, target)
        target.chmod(0o600)

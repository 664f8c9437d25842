"""The front page, and which version answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, send_from_directory

from core.version import VERSION, revision
from schools.access import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public("says what this is")
def home() -> Any:
    return render_template("home.html")


@blueprint.get("/version")
@public("says only which version answers")
def version() -> dict[str, str]:
    return {"name": "kentongan", "version": VERSION, "revision": revision()}


@blueprint.get("/favicon.ico")
@public("browsers ask for it unbidden")
def favicon() -> Any:
    return send_from_directory("core/static", "icon.svg", max_age=86_400)

"""What every route of the stations' API shares: what describes it, its blueprint, its keys, its refusals.

A route is described with ``described(...)`` and says what is wrong with ``core.errors.problem``: RFC 9457 documents, as all of
/api/ does. Every room's modules may add routes to ``blueprint`` by importing it: as-run and carriage do.
"""

from __future__ import annotations

import json as written
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from broadcast_schedule.feed_views import admit
from core.errors import problem
from core.pages import csrf

F = TypeVar("F", bound=Callable[..., Any])
blueprint = Blueprint("api", __name__, url_prefix="/api/v1/stations")
csrf.exempt(blueprint)


@dataclass(frozen=True, slots=True)
class Described:
    """What a route takes and gives: names in ``api_models``, which nobody loads to answer. ``reads`` lets a calendar token in."""

    answers: str
    reads: bool
    query: str
    json: str
    operation_id: str


def described(answers: str, *, operation_id: str, reads: bool = True, query: str = "", json: str = "") -> Callable[[F], F]:
    """A route with its answers. ``reads`` lets a calendar token in; what writes needs the station's key."""
    told = Described(answers, reads, query, json, operation_id)

    def note(view: F) -> F:
        view.described = told  # type: ignore[attr-defined]
        return view

    return note


def station(db: Session, slug: str) -> Row[Any]:
    """The station's row for who may read it. Else a problem document: 401 without a right key, 404 with another station's."""
    try:
        return admit(db, slug)
    except HTTPException as error:
        raise _as_problem(error) from None


def as_problem(response: Response) -> Response:
    """A feed's one-line refusal as the API says it; what is no refusal stays as it is."""
    if response.status_code < 400:
        return response
    made = problem(response.status_code, TITLES.get(response.status_code, ""), response.get_data(as_text=True).strip())
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            made.headers[name] = response.headers[name]
    made.headers["Cache-Control"] = "no-store"
    return made


TITLES = {400: "Bad request", 401: "Unauthorized", 404: "Not found"}


def _as_problem(error: HTTPException) -> HTTPException:
    return HTTPException(response=as_problem(error.response)) if error.response is not None else error  # type: ignore[arg-type]


def document() -> dict[str, Any]:
    """The OpenAPI document of all routes that are described."""
    from broadcast_schedule import api_document  # with pydantic and spectree: 10 MB that only this page needs

    return api_document.document()


def as_json(body: Any, indent: int | None = None) -> str:
    """JSON as the models of ``api_models`` write themselves: instants in RFC 3339."""
    return written.dumps(body, ensure_ascii=False, separators=(",", ": " if indent else ":"), indent=indent, default=_instant)


def _instant(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")

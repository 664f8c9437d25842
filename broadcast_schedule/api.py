"""What every route of the stations' API shares: its description (OpenAPI, by spectree), its blueprint, its keys, its refusals.

A route is described with ``described(...)`` and says what is wrong with ``core.errors.problem``: RFC 9457 documents, as all of
/api/ does. Every room's modules may add routes to ``blueprint`` by importing it: as-run and carriage do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response
from pydantic import BaseModel, Field
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from broadcast_schedule.feed_views import admit
from core.errors import problem
from core.pages import csrf

F = TypeVar("F", bound=Callable[..., Any])
blueprint = Blueprint("api", __name__, url_prefix="/api/v1/stations")
csrf.exempt(blueprint)

spec = SpecTree(
    "flask",
    title="Kentongan: stations",
    version="v1",
    description="What a station reads of its timetable, and what it says back. Errors are problem documents (RFC 9457).",
    mode="strict",
    path="apidoc",
    security_schemes=[
        SecurityScheme(
            name="stationKey",
            data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer", description="The station's key, kt_…"),
        ),
        SecurityScheme(
            name="calendarToken",
            data=SecuritySchemeData(type=SecureType.API_KEY, name="key", field_in=InType.QUERY, description="Reads alone: kc_…"),
        ),
    ],
)


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


class Window(BaseModel):
    """Which days: by default today in the station's zone, and 14 days."""

    from_: str | None = Field(None, alias="from", description="First local day, YYYY-MM-DD; from 60 days back to 400 ahead.")
    days: int | None = Field(None, ge=1, le=400)


class Airing(BaseModel):
    title: str
    episode: str
    start: datetime
    end: datetime
    quiz_keyword: str


def described(answers: type[BaseModel], reads: bool = True, **more: Any) -> Callable[[F], F]:
    """A route with its answers. ``reads`` lets a calendar token in; what writes needs the station's key."""
    names = ["stationKey", "calendarToken"] if reads else ["stationKey"]
    keys: list[dict[str, list[str]]] = [{name: []} for name in names]
    refusals = {"HTTP_400": Problem, "HTTP_401": Problem, "HTTP_404": Problem}
    made = Answers(HTTP_200=answers, **refusals)
    given: Callable[[F], F] = spec.validate(resp=made, tags=["stations"], security=keys, skip_validation=True, **more)
    return given


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
    made: dict[str, Any] = spec.spec
    return made

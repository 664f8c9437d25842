"""The OpenAPI document of the stations' API, made by spectree of what ``api.described`` noted. Imported when it is asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask, current_app
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData

from broadcast_schedule import api_models
from broadcast_schedule.api import Described
from broadcast_schedule.api_models import Problem


@cache
def document() -> dict[str, Any]:
    """Of all routes of the running application that are described."""
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
                data=SecuritySchemeData(
                    type=SecureType.API_KEY, name="key", field_in=InType.QUERY, description="Reads alone: kc_…"
                ),
            ),
        ],
    )
    described = Flask(__name__, static_folder=None)  # spectree describes an application: one that has these routes alone
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if told := getattr(view, "described", None):
            marked = spec.validate(**_models(told), tags=["stations"], security=_keys(told), skip_validation=True)(view)
            described.add_url_rule(rule.rule, rule.endpoint.replace(".", "_"), marked, methods=rule.methods)
    with described.app_context():
        made: dict[str, Any] = spec.spec
    return made


def _models(told: Described) -> dict[str, Any]:
    refusals = {f"HTTP_{status}": Problem for status in (400, 401, 404)}
    taken = {part: getattr(api_models, name) for part, name in (("query", told.query), ("json", told.json)) if name}
    answers = Answers(HTTP_200=getattr(api_models, told.answers), **refusals)
    return {"resp": answers, "operation_id": told.operation_id, **taken}


def _keys(told: Described) -> list[dict[str, list[str]]]:
    return [{name: []} for name in (("stationKey", "calendarToken") if told.reads else ("stationKey",))]

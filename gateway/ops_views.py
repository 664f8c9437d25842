"""What an operator sees first: what needs her, what went over the lines, what it cost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_date, format_timedelta, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.alive import redis_state, worker_state
from core.database import database
from core.pages import page_language
from core.phrases import SOURCE
from core.problems import Problem, Refused
from core.settings import Settings
from gateway import needs, postponed, school_limits, traffic_report, undelivered
from gateway.tables import Line
from gateway.traffic_report import ZONE, Sums, Traffic
from schools.access import requires

blueprint = Blueprint("ops", __name__, url_prefix="/ops", template_folder="templates")


@blueprint.app_template_filter("ago")
def ago(since: datetime) -> str:
    """How long it has been: "3 jam"."""
    return str(format_timedelta(clock.now() - since, threshold=1.2))


@blueprint.app_template_filter("day_short")
def day_short(instant: datetime) -> str:
    """Sen 13 Apr, on the operator's clock."""
    return str(format_date(instant.astimezone(clock.zone(ZONE)).date(), "EEE d MMM"))


@blueprint.app_template_filter("pair")
def pair(word: str) -> tuple[str, str]:
    """A word as a choice that is called what it is: for the macro ``select``."""
    return word, word


@blueprint.app_template_global()
def state_words(state: str) -> str:
    """What has become of a message out, in two words."""
    return {
        "created": _("menunggu"), "held": _("ditahan"), "claimed": _("segera dikirim"), "sending": _("sedang dikirim"),
        "unknown": _("tidak diketahui"), "sent": _("terkirim"), "delivered": _("sampai"), "failed": _("gagal"),
        "expired": _("kedaluwarsa"), "cancelled": _("dibatalkan"), "dropped": _("dibatalkan atau kedaluwarsa"),
        "waiting": _("menunggu"),
    }.get(state, state)  # fmt: skip


@blueprint.get("/")
@requires("operator")
def overview() -> Any:
    settings: Settings = current_app.extensions["settings"]
    now = clock.now()
    services = _services(settings)
    with database().reading() as db:
        found, lost = needs.needs(db, now), undelivered.suspects(db, now)
        day = traffic_report.last_hours(db, now).total()
        spent = traffic_report.today(db, now).total()
        has_lines = db.scalar(select(Line.id).where(Line.is_active.is_(True)).limit(1)) is not None
    limit = settings.sms_budget_daily_segments
    return render_template(
        "gateway/ops.html", needs=found, lost=lost, services=services, day=day, spent=spent, limit=limit, has_lines=has_lines,
        is_over=bool(limit) and spent.segments > limit,
    )  # fmt: skip


def _services(settings: Settings) -> list[tuple[str, str]]:
    """(what is wrong, what to do) with the worker and with Redis."""
    found = []
    if worker_state(settings, current_app.extensions.get("worker")) != "ok":
        remedy = (
            _("Mulai pekerjanya: flask --app app worker")
            if settings.redis_url
            else _("Mulai ulang layanan; bila terjadi lagi, jalankan flask --app app doctor.")
        )
        found.append((_("Pekerja tidak berjalan: SMS tidak dijawab dan tidak dikirim."), remedy))
    if redis_state(settings.redis_url) not in ("ok", "not wanted"):
        found.append(
            (
                _("Redis tidak menjawab. Tidak ada yang hilang, tetapi balasan lebih lambat satu dua detik."),
                _("Periksa layanan Redis dan REDIS_URL."),
            )
        )
    return found


@blueprint.get("/traffic")
@requires("operator")
def traffic() -> Any:
    now = clock.now()
    with database().reading() as db:
        hours, days = traffic_report.last_hours(db, now), traffic_report.last_days(db, now)
        lines = {line.id: line for line in db.scalars(select(Line))}
    return render_template(
        "gateway/ops_traffic.html", hours=_drawn(hours, _hour), days=_drawn(days, day_short), day=hours.total(),
        fortnight=days.total(), outcomes=_outcomes(days.total()), by_line=_by_line(days, lines), zone=_zone(now),
    )  # fmt: skip


def _drawn(found: Traffic, label: Any) -> list[dict[str, Any]]:
    return [{"label": label(at), "sums": sums} for at, sums in found.by_time()]


def _hour(at: datetime) -> str:
    local = at.astimezone(clock.zone(ZONE))
    return f"{local:%H.%M}" if page_language() == SOURCE else f"{local:%H:%M}"


def _zone(now: datetime) -> str:
    return clock.zone_label(now, ZONE)


def _outcomes(total: Sums) -> list[dict[str, Any]]:
    """What became of what was posted, as rows of the macro ``bars``; each with its share."""
    of = sum(total.outcomes.values())
    rows = []
    for name in ("delivered", "sent", "waiting", "unknown", "failed", "dropped"):
        if count := total.outcomes[name]:
            share = _("%(count)s (%(share)s%%)", count=count, share=max(1, round(100 * count / of)))
            rows.append({"label": state_words(name), "value": count, "shown": share})
    return rows


def _by_line(found: Traffic, lines: dict[int, Line]) -> list[tuple[Line, Sums]]:
    """Busy lines, the busiest first."""
    pairs = [(lines[line_id], sums) for line_id, sums in found.by_line().items() if line_id in lines]
    return sorted(pairs, key=lambda pair: -(pair[1].mo + pair[1].hops + pair[1].mt))


@blueprint.get("/budget")
@requires("operator")
def budget() -> Any:
    return _budget_page({"npsn": "", "segments": ""}, {})


@blueprint.post("/budget")
@requires("operator")
def limit_school() -> Any:
    """A school's daily limit. What waited for it is looked at again at once."""
    typed = {name: request.form.get(name, "")[:40] for name in ("npsn", "segments")}
    try:
        with database().writing() as db:
            school = school_limits.change(db, typed["npsn"], typed["segments"])
            school_id, name = school.id, school.name
    except Refused as refused:
        return _budget_page(typed, {problem.where: problem for problem in refused.problems}), 422
    now = clock.to_ms(clock.now())
    database().step(lambda db: postponed.raised(db, school_id, now))
    flash(_("Batas harian %(school)s disimpan.", school=name), "done")
    return redirect(url_for("ops.budget"), 303)


def _budget_page(typed: dict[str, str], problems: dict[str, Problem]) -> str:
    settings: Settings = current_app.extensions["settings"]
    now = clock.now()
    with database().reading() as db:
        lines = {line.id: line for line in db.scalars(select(Line))}
        now_spent = traffic_report.today(db, now)
        days = traffic_report.last_days(db, now)
        schools = school_limits.today(db, now)
    by_line = [(line, sums) for line, sums in _by_line(now_spent, lines) if sums.segments]
    senders = [line for line in lines.values() if line.medium == "sms" and line.is_active]
    unpriced = [line for line in senders if not any((line.prices or {}).values())]
    return render_template(
        "gateway/ops_budget.html", today=now_spent.total(), by_line=by_line, limit=settings.sms_budget_daily_segments,
        days=[_spent_day(at, sums) for at, sums in days.by_time()], fortnight=days.total(), unpriced=unpriced, zone=_zone(now),
        schools=schools, typed=typed, problems=problems,
    )  # fmt: skip


def _spent_day(at: datetime, sums: Sums) -> dict[str, Any]:
    segments = ngettext("%(num)s segmen", "%(num)s segmen", sums.segments)
    return {"label": day_short(at), "value": sums.segments, "sums": sums, "shown": segments}

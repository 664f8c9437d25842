"""/metrics: what a Prometheus keeps watch over. No phone number and no name is in it; a line is its id.

Hops and their times are counted by the process that answers, since it began (label ``process``); all else is the database's.
"""

from __future__ import annotations

import hmac
import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.alive import worker_state
from core.database import database
from core.settings import Settings
from core.version import VERSION, revision
from gateway import ledger, meters, needs, operating, traffic_report
from gateway.gates import gates
from gateway.outbox import RANK
from gateway.tables import Budget, Line
from lessons.tables import Conversation
from schools.access import current_staff, public

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

blueprint = Blueprint("metrics", __name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")  # a proxy on this machine is not a reader on this machine


@blueprint.get("/metrics")
@public("this machine itself, METRICS_TOKEN, or an operator's login")
def metrics() -> Response:
    settings: Settings = current_app.extensions["settings"]
    if not _may_read(settings):
        abort(401, "Dari mesin ini, dengan METRICS_TOKEN, atau sebagai operator. / From this machine, with METRICS_TOKEN, "
              "or as an operator.", www_authenticate=_bearer())  # fmt: skip
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    with database().reading() as db:
        found = [*_of_the_database(db, settings), *_of_this_process(db, settings)]

    class Collector:
        def collect(self) -> Iterator[Metric]:
            return iter(found)

    return Response(generate_latest(Collector()), content_type=CONTENT_TYPE_LATEST)


def _may_read(settings: Settings) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.metrics_token and hmac.compare_digest(given.encode(), f"Bearer {settings.metrics_token}".encode()):
        return True
    is_here = (request.remote_addr or "") in ("127.0.0.1", "::1", "::ffff:127.0.0.1")
    if is_here and not any(name in request.headers for name in FORWARDED):
        return True
    staff = current_staff()
    return staff is not None and staff.role in ("operator", "admin")


def _bearer() -> Any:
    from werkzeug.datastructures import WWWAuthenticate

    return WWWAuthenticate("bearer", {"realm": "metrics"})


def _of_the_database(db: Session, settings: Settings) -> Iterator[Metric]:
    now = clock.now()
    counts, out, into = operating.counts(db), needs.outbox_waits(db, now), needs.inbox_waits(db)
    late_out, late_in = needs.age_seconds(out["created"][1], now), needs.age_seconds(into["waiting"][1], now)
    yield _gauge("outbox_messages", "Messages out by state.", {(state,): counts.get(state, 0) for state in RANK}, ["state"])
    yield _gauge("outbox_oldest_seconds", "Age of the oldest message that should have left.", late_out)
    yield _gauge("inbox_messages", "Messages in by state.", {(name,): into[name][0] for name in into}, ["state"])
    yield _gauge("inbox_oldest_seconds", "Age of the oldest message that waits for its answer.", late_in)
    yield _gauge(
        "spool_lines", "Messages and reports on this machine that the database has not taken yet.", needs.spool_waits()[0]
    )
    conversations = db.scalar(select(func.count()).select_from(Conversation)) or 0
    yield _gauge("conversations", "Numbers that have ever talked to us.", conversations)
    spent = traffic_report.today(db, now).by_line().items()
    yield _gauge("segments_today", "Segments that left since midnight WIB.", {(str(k),): v.segments for k, v in spent}, ["line"])
    yield _gauge("rupiah_today", "Their price.", {(str(k),): v.rupiah for k, v in spent}, ["line"])
    yield from _ledger(db.get(Budget, (ledger.today(now), ledger.ALL)))
    rests = db.execute(select(Line.id, Line.rest_until).where(Line.medium == "sms", Line.is_active.is_(True)))
    resting: dict[tuple[str, ...], int] = {
        (str(row.id),): int(row.rest_until is not None and row.rest_until > now) for row in rests
    }
    yield _gauge("line_resting", "1 where a sender found the line's network broken and it is left alone.", resting, ["line"])
    yield _gauge("segments_daily_budget", "SMS_BUDGET_DAILY_SEGMENTS; 0 is no limit.", settings.sms_budget_daily_segments)


def _ledger(book: Budget | None) -> Iterator[Metric]:
    """Today's ledger, which the limits are held against: exact, while ``rupiah_today`` adds up the messages of each line."""
    segments = {("reserved",): book.segments_reserved, ("spent",): book.segments_spent} if book else {}
    rupiah = {("reserved",): book.rupiah_reserved, ("spent",): book.rupiah_spent} if book else {}
    none: dict[tuple[str, ...], int] = {("reserved",): 0, ("spent",): 0}
    yield _gauge("ledger_segments", "Segments of today's ledger.", none | segments, ["state"])
    yield _gauge("ledger_rupiah", "Rupiah of today's ledger.", none | rupiah, ["state"])


def _of_this_process(db: Session, settings: Settings) -> Iterator[Metric]:
    lines = db.execute(select(Line.id, Line.provider, Line.medium, Line.is_active).order_by(Line.id)).all()
    info: dict[tuple[str, ...], int] = {(str(line.id), line.provider, line.medium): int(line.is_active) for line in lines}
    yield _gauge("line_active", "Lines; 0 where switched off.", info, ["line", "provider", "medium"])
    process = str(os.getpid())
    yield from _hops(process)
    yield _shed(process)
    routes = gates().state().items()
    ways = ["route", "process"]
    yield _gauge(
        "route_requests", "Requests of this process under way to a network.", {(k, process): v[0] for k, v in routes}, ways
    )
    yield _gauge("route_broken", "1 where this process leaves it alone.", {(k, process): int(v[1]) for k, v in routes}, ways)
    wal = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")
    if database().is_sqlite:
        yield _gauge("sqlite_wal_bytes", "Size of the write-ahead log.", wal.stat().st_size if wal.exists() else 0)
    alive = worker_state(settings, current_app.extensions.get("worker")) == "ok"
    yield _gauge("worker_alive", "1 where a worker answers and sends.", int(alive))
    yield _gauge("build_info", "Which version runs.", {(VERSION, revision()): 1}, ["version", "revision"])
    yield _gauge("process_resident_bytes", "Memory of the process that answers.", _resident())


def _hops(process: str) -> Iterator[Metric]:
    from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    hops = CounterMetricFamily("kentongan_ussd_hops", "USSD hops by how they ended.", labels=["line", "process", "outcome"])
    took = HistogramMetricFamily("kentongan_ussd_seconds", "From a hop's request to its screen.", labels=["line", "process"])
    slowest = GaugeMetricFamily("kentongan_ussd_p99_seconds", "99 of 100 hops took less.", labels=["line", "process"])
    for line_id, meter in sorted(meters.read().items()):
        for outcome, count in meter.outcomes.items():
            hops.add_metric([str(line_id), process, outcome], count)
        below, buckets = 0, []
        for edge, count in zip([*(str(ms / 1000) for ms in meters.EDGES_MS), "+Inf"], meter.buckets, strict=True):
            below += count
            buckets.append((edge, below))
        took.add_metric([str(line_id), process], buckets, sum_value=meter.seconds)
        edge = meter.below_ms(0.99)
        slowest.add_metric([str(line_id), process], math.inf if edge is None else edge / 1000)
    yield hops
    yield slowest
    yield took


def _shed(process: str) -> Metric:
    from prometheus_client.metrics_core import CounterMetricFamily

    found = CounterMetricFamily("kentongan_shed", "Requests answered at once that we are busy.", labels=["kind", "process"])
    counts: Counter[str] = current_app.extensions["shedding"].shed
    for kind in ("hop", "light", "page", "long"):
        found.add_metric([kind, process], counts[kind])
    return found


def _gauge(name: str, words: str, value: float | dict[tuple[str, ...], int], labels: list[str] | None = None) -> Metric:
    from prometheus_client.metrics_core import GaugeMetricFamily

    if not isinstance(value, dict):
        return GaugeMetricFamily(f"kentongan_{name}", words, value=value)
    found = GaugeMetricFamily(f"kentongan_{name}", words, labels=labels)
    for label, number in value.items():
        found.add_metric(list(label), number)
    return found


def _resident() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):  # not Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

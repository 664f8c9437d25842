"""What the operator reads on standard error: one line an event, for people or for a collector.

No phone number and no word of a learner stands in it: numbers are masked wherever they are, and of an exception's message
stays what is neither quoted nor a query, since that is where data hides. Python's own loggers end in the same place.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo

from core.msisdn import masked
from core.request_id import request_id
from core.settings import Settings

# Ten digits or more, with or without a plus: every MSISDN, and now and then an id that is as long.
_NUMBER = re.compile(r"(?<![\w.])\+?\d{10,15}(?!\w)")
_ENCODED = re.compile(r"%2B(?=\d{10})", re.I)  # a plus in an address
_QUOTED = re.compile(r"'[^']*(?:'|$)|\"[^\"]*(?:\"|$)")  # also one that was cut off
_QUERY = re.compile(r"\?\S+=\S*")
_TOKEN = re.compile(r"(/gateway/[a-z]+/)[A-Za-z0-9_-]{16,}")  # the secret in a webhook's path
LONGEST = 300  # characters of an exception's message


def init_logs(settings: Settings) -> None:
    """LOG_LEVEL and LOG_FORMAT take effect. Standard output stays free: commands print their answers there."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
        structlog.processors.ExceptionRenderer(traceback_of),
        without_numbers,
    ]
    renderer = _renderer(settings)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
    )
    others = _Others()
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _without_queries, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _Others)] + [others]
    root.setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))  # below, libraries log whole requests


class _Others(logging.StreamHandler):  # type: ignore[type-arg]
    """Where loggers that are not ours end; standard error as it is now, not as it was at the start."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _renderer(settings: Settings) -> Any:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _with_request_id(logger: Any, method: str, event: EventDict) -> EventDict:
    if found := request_id():
        event.setdefault("request_id", found)
    return event


def _without_queries(logger: Any, method: str, event: EventDict) -> EventDict:
    """Libraries log addresses, and in those stand messages and passwords."""
    return {**event, "event": _TOKEN.sub(r"\1…", _QUERY.sub("?…", str(event.get("event", ""))))}


def without_numbers(logger: Any, method: str, event: EventDict) -> EventDict:
    """Every phone number in every text of the event as its last three digits."""
    return {key: numbers_masked(value) if isinstance(value, str) else value for key, value in event.items()}


def numbers_masked(text: str) -> str:
    return _NUMBER.sub(_mask, _ENCODED.sub("+", text))


def without_data(message: str) -> str:
    """An exception's message without what is quoted in it, without queries of addresses, numbers masked, of bounded length."""
    return numbers_masked(_TOKEN.sub(r"\1…", _QUERY.sub("?…", _QUOTED.sub("'…'", message))))[:LONGEST]


def traceback_of(exc_info: ExcInfo) -> str:
    """The frames of an exception and of those before it, each message without its data."""
    chain: list[BaseException] = []
    error: BaseException | None = exc_info[1]
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = []
    for found in reversed(chain):
        parts += traceback.format_list(traceback.extract_tb(found.__traceback__))
        parts.append(f"{type(found).__qualname__}: {without_data(str(found))}\n")
    return "".join(parts).rstrip("\n")


def _mask(found: re.Match[str]) -> str:
    return masked(found[0])

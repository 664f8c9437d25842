"""What the operator reads on standard error: one line an event, for people or for a collector, without phone numbers."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

from core.msisdn import masked
from core.settings import Settings

# Ten digits or more, with or without a plus: every MSISDN, and now and then an id that is as long.
_NUMBER = re.compile(r"(?<![\w.])\+?\d{10,15}(?!\w)")


def init_logs(settings: Settings) -> None:
    """LOG_LEVEL and LOG_FORMAT take effect. Standard output stays free: commands print their answers there."""
    is_json = settings.log_format == "json"
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            without_numbers,
            renderer
            if is_json
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
    )


def without_numbers(logger: Any, method: str, event: EventDict) -> EventDict:
    """Every phone number in every text of the event as its last three digits."""
    return {key: _NUMBER.sub(_mask, value) if isinstance(value, str) else value for key, value in event.items()}


def _mask(found: re.Match[str]) -> str:
    return masked(found[0])

"""SMS and DLRs that the database could not take, kept in the spool until ``workers.spool`` gives them to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import structlog
from flask import current_app

from core.settings import Settings
from core.spool import Spool
from gateway.tables import Line
from gateway.traffic import Dlr, Mo

log = structlog.get_logger()


def spool() -> Spool:
    """The spool of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return Spool(settings.instance_dir / "spool")


def keep_sms(line: Line, mo: Mo, msisdn: str, came: int, said_at: int | None, error: Exception) -> None:
    """Raises OSError where it could not be kept: then the network must bring it again."""
    entry: dict[str, Any] = {"what": "sms", "line": line.id, "id": mo.id, "msisdn": msisdn, "text": mo.text}
    spool().append({**entry, "received_at": came, "said_at": said_at})
    log.warning("sms_spooled", line=line.id, error=type(error).__name__)


def keep_dlr(line: Line, dlr: Dlr, came: int, error: Exception) -> None:
    """As ``keep_sms``."""
    spool().append({"what": "dlr", "line": line.id, "provider": line.provider, "dlr": asdict(dlr), "received_at": came})
    log.warning("dlr_spooled", line=line.id, error=type(error).__name__)

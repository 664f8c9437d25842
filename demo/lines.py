"""The demo's lines: one of each provider and medium. The generic ones speak as Kannel does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.derived import derived
from gateway.tables import Line

# Rupiah a segment by network prefix: what Indonesian aggregators ask, rounded; "" is any other number.
PRICES = {"": 350, "+62811": 400, "+62812": 400, "+62813": 400, "+62814": 330, "+62815": 330, "+62817": 320, "+62895": 300}

# provider, medium, address, profile, send_url
LINES = (
    ("africastalking", "ussd", "*384*77#", "", ""),
    ("africastalking", "sms", "38477", "", ""),
    ("africastalking", "voice", "+622150990077", "", ""),
    ("twilio", "sms", "+12025550177", "", ""),
    ("http", "sms", "77077", "kannel", "http://127.0.0.1:13013/cgi-bin/sendsms"),
    ("http", "ussd", "*123*77#", "", ""),
    ("simulator", "ussd", "*123*77#", "", ""),
    ("simulator", "sms", "77077", "", ""),
    ("simulator", "voice", "+622150990077", "", ""),
)
KANNEL_LOGIN = {"username": "kentongan", "password": "kentongan"}


def seed(db: Session, secret: str, course: str) -> list[dict[str, Any]]:
    """Makes the lines that are not there yet. Returns the ``lines`` of the demo's JSON."""
    found = []
    for provider, medium, address, profile, send_url in LINES:
        token = derived(secret, f"line {provider} {medium}")
        line = db.scalar(select(Line).where(Line.provider == provider, Line.medium == medium, Line.address == address))
        if line is None:
            line = Line(
                provider=provider, medium=medium, address=address, token=token, profile=profile, send_url=send_url,
                budget=160, prices=PRICES, options=dict(KANNEL_LOGIN) if profile == "kannel" else {}, default_course=course,
            )  # fmt: skip
            db.add(line)
        found.append({"provider": provider, "medium": medium, "address": address, "token": line.token})
    return found

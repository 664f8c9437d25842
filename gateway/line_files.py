"""Lines as TOML, one ``[[line]]`` each: what ``flask lines load`` reads and ``lines show`` prints, checked field by field."""

from __future__ import annotations

import json
import re
import secrets
import tomllib
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from gateway import networks, provider
from gateway.profiles import PROFILES, is_template, names_in
from gateway.tables import Line
from lessons.filters import ROUTES

MEDIA = ("ussd", "sms", "voice")
KINDS: dict[str, type] = {
    "provider": str, "medium": str, "address": str, "profile": str, "send_url": str, "token": str, "old_token": str,
    "budget": int, "prices": dict, "options": dict, "default_course": str, "is_active": bool, "networks": list,
    "filters": str,
}  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")  # 22 characters of base64 are 128 bits
_PATTERNS = ("accepted", "refused", "provider_id")


def new_token() -> str:
    """A token that nobody can guess: 192 bits."""
    return secrets.token_urlsafe(24)


def read(text: str) -> list[dict[str, Any]]:
    """The lines of a TOML file, as dicts that ``save`` takes. Raises Refused with everything that is wrong in it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"TOML tidak terbaca / the TOML cannot be read: {error}") from None
    found = data.get("line")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found) or set(data) != {"line"}:
        raise Refused("Tulis setiap jalur sebagai [[line]]. / Write each line as [[line]].")
    wrong = [
        Problem(f"line {n}.{p.where}", f"[[line]] {n}: {p.what}", p.remedy)
        for n, one in enumerate(found, 1)
        for p in problems(one)
    ]
    if wrong:
        raise Refused(wrong)
    return found


def problems(data: dict[str, Any]) -> list[Problem]:
    """What is wrong with one line's fields; empty where it can be saved."""
    found = [Problem(name, f"{name} is not a field of a line.") for name in data if name not in KINDS]
    for name, kind in KINDS.items():
        if name in data and (not isinstance(data[name], kind) or (kind is int and isinstance(data[name], bool))):
            found.append(Problem(name, f"{name} must be a {kind.__name__}."))
    if found:
        return found
    of = provider.find(data.get("provider", ""))
    if of is None:
        found.append(Problem("provider", f"provider must be one of {', '.join(provider.all_providers())}."))
    if data.get("medium") not in MEDIA:
        found.append(Problem("medium", f"medium must be one of {', '.join(MEDIA)}."))
    elif of is not None and data["medium"] not in of.methods:
        found.append(Problem("medium", f"{data['provider']} has no {data['medium']}."))
    if not 1 <= len(data.get("address", "").strip()) <= 40:
        found.append(Problem("address", "address must be 1 to 40 characters."))
    if data.get("profile", "") not in PROFILES:
        found.append(Problem("profile", f"profile must be one of {', '.join(filter(None, PROFILES))}, or empty."))
    if not re.fullmatch(r"|https?://\S+", data.get("send_url", "")):
        found.append(Problem("send_url", "send_url must begin with http:// or https://."))
    for name in ("token", "old_token"):
        if data.get(name) and not _TOKEN.fullmatch(data[name]):
            found.append(Problem(name, f"{name} must be 22 to 64 letters, digits, - or _.", "Leave it out and one is made."))
    if data.get("filters", ROUTES[0]) not in ROUTES:
        found.append(Problem("filters", f"filters must be one of {', '.join(ROUTES)}."))
    if not 40 <= data.get("budget", 160) <= 182:
        found.append(Problem("budget", "budget must be 40 to 182 septets."))
    return found + _networks(data.get("networks", [])) + _prices(data.get("prices", {})) + _options(data.get("options", {}))


def _networks(named: list[Any]) -> list[Problem]:
    found = [Problem("networks", f"networks: at most {networks.MOST}.")] if len(named) > networks.MOST else []
    for one in named:
        try:
            networks.read(one if isinstance(one, str) else "")
        except ValueError:
            found.append(
                Problem("networks", f"networks: {one!r} is no address or network.", "Write for example 196.201.212.0/24.")
            )
    return found


def _prices(prices: dict[str, Any]) -> list[Problem]:
    ok = all(re.fullmatch(r"\+?[0-9]{0,15}", p) and type(v) is int and 0 <= v <= 1_000_000 for p, v in prices.items())
    return [] if ok else [Problem("prices", "prices must map prefixes of a number to whole rupiah.")]


def _options(options: dict[str, Any]) -> list[Problem]:
    found = []
    for name in _PATTERNS:
        try:
            re.compile(str(options.get(name, "")))
        except re.error as error:
            found.append(Problem(f"options.{name}", f"options.{name} is not a regular expression: {error}."))
    if options.get("send_as", "query") not in ("query", "form", "json"):
        found.append(Problem("options.send_as", "options.send_as must be query, form or json."))
    if options.get("method", "GET") not in ("GET", "POST", "PUT"):
        found.append(Problem("options.method", "options.method must be GET, POST or PUT."))
    rate = options.get("per_second", 1)
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 0 < rate <= 10_000:
        found.append(Problem("options.per_second", "options.per_second must be segments a second, above 0."))
    failover = options.get("failover", {})
    if not isinstance(failover, dict) or not all(
        "/" in name and type(w) is int and 0 <= w <= 100 for name, w in failover.items()
    ):
        found.append(Problem("options.failover", 'options.failover must map "provider/address" to weights of 0 to 100.'))
    for name in ("inbound", "dlr", "states", "ussd"):
        if not _maps(options.get(name, {}), lambda value: True):
            found.append(Problem(f"options.{name}", f"options.{name} must map names to texts."))
    for name in ("headers", "send", "gsm7", "ucs2"):
        if not _maps(options.get(name, {}), is_template):
            found.append(Problem(f"options.{name}", f"options.{name} must map names to texts with {{names}} in them."))
    path = options.get("dlr_path", "")
    if not isinstance(path, str) or not is_template(path) or names_in(path) - {"id"}:
        found.append(Problem("options.dlr_path", "options.dlr_path may name {id} and nothing else."))
    return found


def _maps(part: Any, is_good: Callable[[str], bool]) -> bool:
    return isinstance(part, dict) and all(isinstance(value, str) and is_good(value) for value in part.values())


def save(db: Session, data: dict[str, Any]) -> Line:
    """Adds the line, or changes the one of the same provider, medium and address. ``data`` has passed ``problems``.

    A changed token keeps the one before as old_token, so that callbacks under way still arrive; an empty old_token ends
    that. Without a token a new line gets one, an old one keeps its own. Raises IntegrityError for a token of another line.
    """
    data = {name: value for name, value in data.items() if name != "token" or value}
    if "old_token" in data:
        data["old_token"] = data["old_token"] or None
    same = (Line.provider == data["provider"], Line.medium == data["medium"], Line.address == data["address"])
    line = db.scalar(select(Line).where(*same))
    if line is None:
        line = Line(**{"token": new_token(), "options": {}, "prices": {}, **data})
        db.add(line)
    else:
        if data.get("token", line.token) != line.token and "old_token" not in data:
            line.old_token = line.token
        for name, value in data.items():
            setattr(line, name, value)
    db.flush()
    return line


def write(lines: Iterable[Line]) -> str:
    """The lines as TOML that ``read`` takes; what is at its default is left out."""
    return "\n".join("\n".join(["[[line]]", *_rows(line)]) + "\n" for line in lines)


def _rows(line: Line) -> Iterable[str]:
    for name in KINDS:
        value = getattr(line, name)
        is_default = (
            value in ("", None, {}, [])
            or (name == "is_active" and value)
            or (name, value) in (("budget", 160), ("filters", ROUTES[0]))
        )
        if not is_default:
            yield f"{name} = {toml(value)}"


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(str(k))} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a basic string of TOML has JSON's escapes

"""A line as a form: prices as lines of "prefix rupiah", options as TOML, secrets in them masked until they are typed anew."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.problems import Problem, Refused
from core.text import clean
from gateway import line_files
from gateway.tables import Line
from lessons.filters import ROUTES

KEPT = "••••••"  # what stands for a secret; sent back unchanged it means the one there is
REST = "lainnya"  # the price of every other number
LONGEST = 8000
_SECRET = re.compile(r"pass|secret|token|key|auth", re.I)
FIELDS = (
    "provider",
    "medium",
    "address",
    "profile",
    "send_url",
    "budget",
    "default_course",
    "is_active",
    "prices",
    "options",
    "networks",
    "filters",
)


def typed_of(line: Line | None) -> dict[str, str]:
    """What the form of ``line`` shows; of a new one, what most lines have."""
    if line is None:
        return dict.fromkeys(FIELDS, "") | {"budget": "160", "is_active": "1", "filters": ROUTES[0]}
    return {
        "provider": line.provider, "medium": line.medium, "address": line.address, "profile": line.profile,
        "send_url": line.send_url, "budget": str(line.budget), "default_course": line.default_course,
        "is_active": "1" if line.is_active else "", "prices": _prices(line.prices or {}), "options": _options(line.options or {}),
        "networks": "\n".join(line.networks or []), "filters": line.filters,
    }  # fmt: skip


def routes() -> list[tuple[str, str]]:
    """What a line's route may filter, as choices."""
    words = {
        "strict": _("Angka, tautan, dan kata yang dicurigai (nomor panjang, jalur murah)"),
        "registered": _("Tautan, nomor telepon, dan judi (nama pengirim terdaftar)"),
        "none": _("Tidak ada (modem sendiri, atau kontrak tanpa saringan)"),
    }
    return [(route, words[route]) for route in ROUTES]


def read(form: Mapping[str, str], line: Line | None) -> dict[str, Any]:
    """The fields of a line, ready for ``apply``. Raises Refused with everything that is wrong, each beside its field."""
    said = {name: clean(form.get(name, ""), LONGEST).strip() for name in FIELDS if name not in ("prices", "options")}
    found: list[Problem] = []
    data: dict[str, Any] = {
        "provider": line.provider if line else said["provider"],
        "medium": line.medium if line else said["medium"],
        "address": said["address"],
        "profile": said["profile"],
        "send_url": said["send_url"],
        "default_course": said["default_course"].upper()[:20],
        "is_active": bool(said["is_active"]),
        "filters": said["filters"] or ROUTES[0],
        "networks": re.split(r"[\s,;]+", said["networks"]) if said["networks"] else [],
    }
    if re.fullmatch("[0-9]{1,4}", said["budget"]):
        data["budget"] = int(said["budget"])
    else:
        found.append(_problem("budget"))
    for name, reader in (("prices", _read_prices), ("options", _read_options)):
        try:
            data[name] = reader(form.get(name, "")[:LONGEST], line)
        except Refused as refused:
            found += refused.problems
    found += [_problem(one.where) for one in line_files.problems(data)]
    if found:
        raise Refused({one.where: one for one in found}.values())
    return data


def apply(line: Line, data: Mapping[str, Any]) -> None:
    """Writes the fields; whether another line has the same address, the database says."""
    for name, value in data.items():
        setattr(line, name, value)


def _problem(where: str) -> Problem:
    field = where.split(".")[0]
    words = {
        "provider": _("Pilih penyedia dari daftar."),
        "medium": _("Penyedia ini tidak punya medium itu. Pilih yang lain."),
        "address": _("Tulis alamatnya: nomor, kode pendek, atau kode USSD, paling panjang 40 huruf."),
        "profile": _("Pilih profil dari daftar."),
        "send_url": _("Alamat kirim harus diawali http:// atau https://."),
        "filters": _("Pilih apa yang disaring dari daftar."),
        "budget": _("Tulis bilangan 40 sampai 182."),
        "networks": _("Tulis satu alamat atau jaringan pada tiap baris, misalnya: 196.201.212.0/24"),
        "prices": _("Tulis satu awalan nomor dan satu harga bulat pada tiap baris, misalnya: +62812 400"),
        "options": _("Ada opsi yang tidak dikenal bentuknya: %(name)s. Periksa di docs/operate.md.", name=where),
    }
    return Problem(field, words.get(field, where))


def taken() -> Problem:
    """Another line has this provider, medium and address."""
    return Problem("address", _("Jalur lain sudah memakai penyedia, medium, dan alamat ini."))


def _prices(prices: Mapping[str, int]) -> str:
    return "\n".join(f"{prefix or REST} {price}" for prefix, price in prices.items())


def _read_prices(text: str, line: Line | None) -> dict[str, int]:
    found = {}
    for row in text.splitlines():
        if row.strip():
            match = re.fullmatch(rf"({REST}|\+?[0-9]{{1,15}})[\s=:]+(?:Rp\s*)?([0-9][0-9.]{{0,8}})", row.strip(), re.I)
            if match is None:
                raise Refused(_problem("prices"))
            found["" if match[1].lower() == REST else match[1]] = int(match[2].replace(".", ""))
    return found


def _options(options: Mapping[str, Any]) -> str:
    return "\n".join(f"{_name(name)} = {line_files.toml(value)}" for name, value in _masked(options).items())


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _masked(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _masked(value) if isinstance(value, dict) else KEPT if _SECRET.search(name) and value else value
        for name, value in options.items()
    }


def _read_options(text: str, line: Line | None) -> dict[str, Any]:
    try:
        found = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"line (\d+)", str(error))
        words = _('Baris %(n)s tidak terbaca sebagai TOML. Tulis misalnya: username = "kentongan"', n=place[1] if place else "?")
        raise Refused(Problem("options", words)) from None
    try:
        json.dumps(found)
    except TypeError:  # TOML has dates, JSON has none
        raise Refused(_problem("options")) from None
    return _unmasked(found, (line.options or {}) if line is not None else {})


def _unmasked(typed: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Secrets that were sent back as KEPT are those of before."""
    found: dict[str, Any] = {}
    for name, value in typed.items():
        old = before.get(name)
        if isinstance(value, dict):
            found[name] = _unmasked(value, old if isinstance(old, dict) else {})
        else:
            found[name] = (old if isinstance(old, str) else "") if value == KEPT else value
    return found

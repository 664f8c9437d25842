"""Settings from the environment or ``.env``: what the operator decides. Each is described in docs/operate.md."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from click import ClickException
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"
INSTANCE = ROOT / "instance"


class Wrong(Exception):
    """Why a value is none, as one clause."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("Input should be a valid string")
    return value


def _path(value: Any) -> Path:
    return value if isinstance(value, Path) else Path(_text(value))


def _between(least: int, most: int | None = None) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        try:
            number = int(value)
        except (ValueError, TypeError):
            raise Wrong("Input should be a valid integer") from None
        if number < least:
            raise Wrong(f"Input should be greater than or equal to {least}")
        if most is not None and number > most:
            raise Wrong(f"Input should be less than or equal to {most}")
        return number

    return read


def _matching(pattern: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not re.fullmatch(pattern, text := _text(value)):
            raise Wrong(f"String should match pattern '^{pattern}$'")
        return text

    return read


def _trimmed(value: Any) -> str:
    return _text(value).strip().rstrip("/")


def _database(value: Any) -> str:
    value = _trimmed(value)
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Wrong("sqlite:///… or postgresql://…")
    return value


def _redis(value: Any) -> str:
    value = _trimmed(value)
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise Wrong("redis://…, rediss://… or unix://…")
    return value


def _address(value: Any) -> str:
    value = _trimmed(value)
    if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise Wrong("an address with http:// or https://")
    return value


def _level(value: Any) -> str:
    value = _text(value).upper()
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise Wrong("DEBUG, INFO, WARNING or ERROR")
    return value


def _setting(default: Any, read: Callable[[Any], Any]) -> Any:
    """``read`` makes the value of what was given, or raises Wrong."""
    return field(default=default, metadata={"read": read})


@dataclass(kw_only=True, repr=False)  # it holds secrets
class Settings:
    """Plain, and not pydantic's: that is 9 MB of each serving process for what is read once."""

    database_url: str = _setting("", _database)
    redis_url: str = _setting("", _redis)
    secret_key: str = _setting("", _text)
    public_base_url: str = _setting("", _address)
    host: str = _setting("127.0.0.1", _text)
    port: int = _setting(8000, _between(0, 65535))
    trusted_proxies: int = _setting(0, _between(0, 5))  # how many stand in front and set X-Forwarded-For, -Proto, -Host
    web_concurrency: int = _setting(1, _between(1, 64))
    log_level: str = _setting("INFO", _level)
    log_format: str = _setting("console", _matching("(console|json)"))
    sentry_dsn: str = _setting("", _text)
    metrics_token: str = _setting("", _text)  # reads /metrics from elsewhere
    default_region: str = _setting("ID", _matching("[A-Z]{2}"))
    instance_dir: Path = field(default=INSTANCE, metadata={"read": _path})

    at_username: str = _setting("sandbox", _text)
    at_api_key: str = _setting("", _text)
    at_sender_id: str = _setting("", _text)
    at_base_url: str = _setting("", _address)
    http_base_url: str = _setting("", _address)
    twilio_account_sid: str = _setting("", _text)
    twilio_auth_token: str = _setting("", _text)
    twilio_from: str = _setting("", _text)
    twilio_base_url: str = _setting("", _address)
    smtp_url: str = _setting("", _text)
    email_from: str = _setting("", _text)
    sms_budget_daily_segments: int = _setting(0, _between(0))  # 0: no limit
    media_mb_per_school: int = _setting(200, _between(0, 1_000_000))  # recordings and pictures, in all

    def __post_init__(self) -> None:
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance_dir / 'kentongan.db'}"
        if not self.public_base_url:
            self.public_base_url = f"http://{self.host}:{self.port}"

    @property
    def files_dir(self) -> Path:
        """Where what people hand in lies (core.files)."""
        return self.instance_dir / "files"


class BadSettings(ClickException):
    """One sentence that names every setting that is missing or wrong; a command shows it instead of a traceback."""


def read_settings(_env_file: Path | None = ENV_FILE, **overrides: object) -> Settings:
    """The settings, ``overrides`` (tests) before environment before ``.env``.

    Raises BadSettings naming every wrong one at once. Without a SECRET_KEY one is made and kept under the
    instance folder (mode 600), so that logins outlive a restart.
    """
    given: Mapping[str, Any] = {**_written(_env_file), **_lower(os.environ), **overrides}
    values, wrong = {}, []
    for each in fields(Settings):
        if each.name in given:
            try:
                values[each.name] = each.metadata["read"](given[each.name])
            except Wrong as why:
                wrong.append(f"{each.name.upper()}: {why}")
    if wrong:
        raise BadSettings(f"Pengaturan salah atau kurang / wrong or missing settings: {'; '.join(wrong)}")
    settings = Settings(**values)
    if not settings.secret_key:
        settings.secret_key = _kept_secret(settings.instance_dir)
    return settings


def _written(env_file: Path | None) -> dict[str, Any]:
    return _lower(dotenv_values(env_file, encoding="utf-8")) if env_file is not None else {}


def _lower(named: Mapping[str, str | None]) -> dict[str, Any]:
    return {name.lower(): value for name, value in named.items() if value is not None}


def _kept_secret(instance: Path) -> str:
    """The one in the instance folder, made where there is none yet, or an empty file that a kill or a full disk left."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of two starts at once the second reads what the first has written
        kept = file.read().strip() or secrets.token_urlsafe(48)
        file.seek(0)
        file.write(kept)
        file.flush()
        os.fsync(file.fileno())
    return kept

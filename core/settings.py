"""Settings from the environment or ``.env``: what the operator decides. Each is described in docs/operate.md."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from pathlib import Path

from click import ClickException
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=ROOT / ".env", env_file_encoding="utf-8", extra="ignore")

    database_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    public_base_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trusted_proxies: int = Field(0, ge=0, le=5)  # how many stand in front and set X-Forwarded-For, -Proto, -Host
    web_concurrency: int = Field(1, ge=1, le=64)
    log_level: str = "INFO"
    log_format: str = Field("console", pattern="^(console|json)$")
    sentry_dsn: str = ""
    metrics_token: str = ""  # reads /metrics from elsewhere
    default_region: str = Field("ID", pattern="^[A-Z]{2}$")
    instance_dir: Path = ROOT / "instance"

    at_username: str = "sandbox"
    at_api_key: str = ""
    at_sender_id: str = ""
    at_base_url: str = ""
    http_base_url: str = ""
    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_from: str = ""
    twilio_base_url: str = ""
    smtp_url: str = ""
    email_from: str = ""
    sms_budget_daily_segments: int = Field(0, ge=0)  # 0: no limit
    media_mb_per_school: int = Field(200, ge=0, le=1_000_000)  # recordings and pictures, in all

    @field_validator("database_url", "redis_url", "public_base_url", "at_base_url", "http_base_url", "twilio_base_url")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip().rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("sqlite:///… or postgresql://…")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("redis://…, rediss://… or unix://…")
        return value

    @field_validator("public_base_url", "at_base_url", "http_base_url", "twilio_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError("an address with http:// or https://")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _defaults(self) -> Settings:
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance_dir / 'kentongan.db'}"
        if not self.public_base_url:
            self.public_base_url = f"http://{self.host}:{self.port}"
        return self

    @property
    def files_dir(self) -> Path:
        """Where what people hand in lies (core.files)."""
        return self.instance_dir / "files"


class BadSettings(ClickException):
    """One sentence that names every setting that is missing or wrong; a command shows it instead of a traceback."""


def read_settings(**overrides: object) -> Settings:
    """The settings, ``overrides`` (tests) before environment before ``.env``.

    Raises BadSettings naming every wrong one at once. Without a SECRET_KEY one is made and kept under the
    instance folder (mode 600), so that logins outlive a restart.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        told = [(str(e["loc"][0]).upper() if e["loc"] else "?", e["msg"].removeprefix("Value error, ")) for e in error.errors()]
        wrong = "; ".join(f"{name}: {why}" for name, why in told)
        raise BadSettings(f"Pengaturan salah atau kurang / wrong or missing settings: {wrong}") from None
    if not settings.secret_key:
        settings.secret_key = _kept_secret(settings.instance_dir)
    return settings


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

from __future__ import annotations

import pytest

from core.settings import BadSettings, read_settings


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("database_url", "mysql://x/y", "postgresql://x/y"),
        ("database_url", "kentongan.db", "sqlite:///kentongan.db"),
        ("redis_url", "127.0.0.1:6379", "redis://127.0.0.1:6379/0"),
        ("public_base_url", "kentongan", "https://kentongan.example.id"),
        ("http_base_url", "127.0.0.1:13013", "http://127.0.0.1:13013"),
        ("at_base_url", "http://", "http://127.0.0.1:8001"),
        ("twilio_base_url", "ftp://x", "http://[::1]:8002"),
    ],
)
def test_a_wrong_address_is_named_and_a_right_one_taken(tmp_path, name, wrong, right):
    given = {"_env_file": None, "instance_dir": tmp_path}
    with pytest.raises(BadSettings, match=f": {name.upper()}: "):
        read_settings(**given, **{name: wrong})
    assert getattr(read_settings(**given, **{name: right}), name) == right


def test_every_wrong_setting_is_in_the_one_sentence(tmp_path):
    with pytest.raises(BadSettings) as refused:
        read_settings(_env_file=None, instance_dir=tmp_path, port="x", log_level="LOUD", database_url="mysql://x")
    names = [part.split(":")[0] for part in refused.value.message.split(" settings: ")[1].split("; ")]
    assert (sorted(names), refused.value.message.count("\n")) == (["DATABASE_URL", "LOG_LEVEL", "PORT"], 0)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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


def test_a_secret_is_made_once_and_kept_to_ourselves(tmp_path):
    made = [read_settings(_env_file=None, instance_dir=tmp_path).secret_key for _ in range(2)]
    assert (made[0], len(made[0]) >= 43) == (made[1], True)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_start_that_was_killed_before_it_wrote_the_secret_leaves_no_empty_one(tmp_path):
    (tmp_path / "secret_key").touch(0o600)
    made = [read_settings(_env_file=None, instance_dir=tmp_path).secret_key for _ in range(2)]
    assert (made[0], len(made[0]) >= 43) == (made[1], True)


def test_of_two_starts_at_once_both_have_the_same_secret(tmp_path):
    with ThreadPoolExecutor(8) as starts:
        made = list(starts.map(lambda n: read_settings(_env_file=None, instance_dir=tmp_path).secret_key, range(8)))
    assert (len(set(made)), len(made[0]) >= 43) == (1, True)

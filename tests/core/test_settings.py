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


@pytest.mark.parametrize(
    ("name", "wrong", "why"),
    [
        ("port", "x", "Input should be a valid integer"),
        ("port", "", "Input should be a valid integer"),
        ("port", "65536", "Input should be less than or equal to 65535"),
        ("web_concurrency", 0, "Input should be greater than or equal to 1"),
        ("media_mb_per_school", "-1", "Input should be greater than or equal to 0"),
        ("log_format", "xml", "String should match pattern '^(console|json)$'"),
        ("default_region", "id", "String should match pattern '^[A-Z]{2}$'"),
        ("secret_key", 5, "Input should be a valid string"),
    ],
)
def test_a_wrong_value_is_told(tmp_path, name, wrong, why):
    with pytest.raises(BadSettings) as refused:
        read_settings(_env_file=None, instance_dir=tmp_path, **{name: wrong})
    assert refused.value.message.split(" settings: ")[1] == f"{name.upper()}: {why}"


def test_overrides_go_before_the_environment_and_that_before_the_file(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("# ours\nPORT=8001\nexport HOST='0.0.0.0'\nLOG_LEVEL=warning\nUNKNOWN=1\nBARE\n")
    monkeypatch.setenv("PORT", " 8002 ")
    monkeypatch.setenv("log_level", "error")
    for name in ("HOST", "LOG_LEVEL", "PUBLIC_BASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    found = read_settings(_env_file=file, instance_dir=str(tmp_path), log_level="debug")
    assert (found.port, found.host, found.log_level, found.public_base_url) == (8002, "0.0.0.0", "DEBUG", "http://0.0.0.0:8002")
    assert found.database_url == f"sqlite:///{tmp_path}/kentongan.db"


def test_settings_do_not_tell_their_secrets(tmp_path):
    assert "hushhush" not in repr(read_settings(_env_file=None, instance_dir=tmp_path, secret_key="hushhush"))


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

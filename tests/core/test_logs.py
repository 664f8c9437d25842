"""No log line holds a phone number, whatever was logged; the settings are obeyed."""

from __future__ import annotations

import json

import pytest
import structlog

from core.logs import init_logs
from tests.conftest import settings_for


@pytest.fixture
def logged(tmp_path, capsys):
    """Logs with the given settings; returns what stood on standard error, line by line."""

    def log(work, **settings):
        init_logs(settings_for(tmp_path, **settings))
        work(structlog.get_logger())
        captured = capsys.readouterr()
        assert captured.out == ""
        return captured.err.splitlines()

    yield log
    structlog.reset_defaults()


def test_json_is_one_object_a_line(logged):
    (line,) = logged(lambda log: log.info("sent", line=3, msisdn="+6281200001234"), log_format="json")
    said = json.loads(line)
    del said["timestamp"]
    assert said == {"event": "sent", "line": 3, "level": "info", "msisdn": "•••••••••••234"}


def test_numbers_are_masked_in_sentences_and_tracebacks(logged):
    def fail(log):
        try:
            raise ValueError("no such learner: 081200001234")
        except ValueError:
            log.exception("answer for +6281200001234 failed")

    assert [word for line in logged(fail) for word in line.split() if "1200001234" in word] == []


def test_short_numbers_and_keys_stay(logged):
    (line,) = logged(lambda log: log.info("x", line="*123*77#", segment=160, key="kc_62812000012345"), log_format="json")
    said = json.loads(line)
    assert (said["line"], said["segment"], said["key"]) == ("*123*77#", 160, "kc_62812000012345")


def test_what_is_below_the_level_is_not_said(logged):
    assert logged(lambda log: log.info("quiet"), log_level="WARNING") == []
    assert len(logged(lambda log: log.warning("loud"), log_level="WARNING")) == 1

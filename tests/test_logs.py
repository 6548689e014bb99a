"""The log in text and as JSON: one line a record, the error in it, no record lost to what a message holds."""

import io
import json
import logging
from datetime import datetime

import pytest

import config
import logs


@pytest.fixture
def written(monkeypatch):
    """A stream to which the root's one handler writes."""
    stream = io.StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(stream)])
    return stream


def test_each_record_is_one_object_on_one_line(written):
    logs.write_as("json")
    log = logging.getLogger("madoguchi.test")
    log.warning("request rule=%s", "/my/\n図書館")
    try:
        raise ValueError("二行の\n理由")
    except ValueError:
        log.exception("failed")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "WARNING",
        "madoguchi.test",
        "request rule=/my/\n図書館",
    )
    assert first["at"].endswith("+00:00")
    assert "error" not in first
    assert second["error"].endswith("ValueError: 二行の\n理由")


def test_text_is_for_people(written):
    logs.write_as("text")
    logging.getLogger("madoguchi.test").warning("request rule=%s", "/my/")
    moment, line = written.getvalue().split(" ", 1)
    assert datetime.fromisoformat(moment).utcoffset() is not None
    assert line == "WARNING madoguchi.test request rule=/my/\n"


def test_a_form_of_the_log_that_does_not_exist_is_refused_by_name(monkeypatch, tmp_path):
    with monkeypatch.context() as changed:
        changed.setenv("MADOGUCHI_INSTANCE", str(tmp_path))
        for name, value in (("LOG_FORMAT", "xml"), ("METRICS_ALLOW", "127.0.0.1/40"), ("METRICS_ALLOW", "localhost")):
            changed.setenv(f"MADOGUCHI_{name}", value)
            with pytest.raises(config.WrongSetting, match=name):
                config.load()
            changed.delenv(f"MADOGUCHI_{name}")

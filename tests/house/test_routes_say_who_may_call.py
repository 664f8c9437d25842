"""Every route says aloud who may call it: a forgotten guard is then a red test, not an open door."""

from __future__ import annotations

from flask import Flask

from schools.access import public


def faults(app: Flask) -> list[str]:
    views = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.rpartition(".")[2] != "static"}
    return [f"{path} ({name})" for name, path in views.items() if not getattr(app.view_functions[name], "access", "")]


def test_every_route_says_who_may_call_it(app):
    assert "\n".join(faults(app)) == ""


def test_a_route_without_a_word_is_found():
    app = Flask("planted")
    app.add_url_rule("/open", "open", lambda: "")
    app.add_url_rule("/said", "said", public("says nothing")(lambda: ""))
    assert faults(app) == ["/open (open)"]

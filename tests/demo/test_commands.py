from __future__ import annotations

import json

from app import create_app
from tests.conftest import settings_for


def test_the_first_command_of_all_makes_the_tables_and_prints_json_alone(tmp_path):
    (tmp_path / "empty").mkdir()
    app = create_app(settings_for(tmp_path / "empty"))
    try:
        said = [app.test_cli_runner().invoke(args=["demo", "--json"]).stdout for _ in range(2)]
    finally:
        app.extensions["database"].close()
    assert (said[0] == said[1], sorted(json.loads(said[0]))) == (
        True,
        ["admin", "course", "lines", "operator", "planner", "quiz", "schools", "stations"],
    )

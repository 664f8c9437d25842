"""Floors: what the same server and database do for the least that could be called an answer."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from core.database import _sqlite_module, _sqlite_profile


def application() -> Flask:
    """``POST /insert``: a form field read, a row inserted and durably committed, a text answered. ``GET /bare``: nothing."""
    app = Flask(__name__)
    insert_durably = _inserter(os.environ["FLOOR_DATABASE"])

    @app.post("/insert")
    def insert() -> Response:
        insert_durably(request.form["text"])
        return Response("CON good", mimetype="text/plain")

    @app.get("/bare")
    def bare() -> Response:
        return Response("good", mimetype="text/plain")

    return app


def _inserter(database: str) -> Callable[[str], None]:
    """Inserts one row in a commit of its own, on a connection of the calling thread."""
    local = threading.local()
    if database.startswith("postgresql"):
        import psycopg

        def connect() -> Any:
            return psycopg.connect(database, autocommit=True)
    else:
        module = _sqlite_module()

        def connect() -> Any:
            connection = module.connect(database, timeout=5)
            _sqlite_profile(connection)
            return connection

    mark = "%s" if database.startswith("postgresql") else "?"
    kind = "bigserial PRIMARY KEY" if database.startswith("postgresql") else "INTEGER PRIMARY KEY"
    connect().execute(f"CREATE TABLE IF NOT EXISTS hops (id {kind}, typed TEXT)")

    def insert(text: str) -> None:
        if not hasattr(local, "connection"):
            local.connection = connect()
        local.connection.execute(f"INSERT INTO hops (typed) VALUES ({mark})", (text,))

    return insert

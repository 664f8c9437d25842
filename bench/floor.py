"""Floors: what the same server and database do for the least that could be called an answer."""

from __future__ import annotations

import os
import threading

from flask import Flask, Response, request

from core.database import _sqlite_module, _sqlite_profile


def application() -> Flask:
    """``POST /insert``: a form field read, a row inserted and durably committed, a text answered. ``GET /bare``: nothing."""
    app = Flask(__name__)
    module, path, local = _sqlite_module(), os.environ["FLOOR_DATABASE"], threading.local()

    def connection():
        if not hasattr(local, "connection"):
            local.connection = module.connect(path, timeout=5)
            _sqlite_profile(local.connection)
        return local.connection

    connection().execute("CREATE TABLE IF NOT EXISTS hops (id INTEGER PRIMARY KEY, typed TEXT)")

    @app.post("/insert")
    def insert() -> Response:
        connection().execute("INSERT INTO hops (typed) VALUES (?)", (request.form["text"],))  # autocommit: its own durable commit
        return Response("CON good", mimetype="text/plain")

    @app.get("/bare")
    def bare() -> Response:
        return Response("good", mimetype="text/plain")

    return app

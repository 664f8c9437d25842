"""What all tests share: an application on a SQLite of its own, with every table made."""

from __future__ import annotations

import contextvars

import pytest
from flask.testing import FlaskClient

from app import create_app
from core.database import Base
from core.settings import read_settings


@pytest.fixture
def settings(tmp_path):
    return read_settings(
        _env_file=None,
        secret_key="a secret of the tests",
        instance_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/kentongan.db",
    )


class Browser(FlaskClient):
    """Each request in a context of its own, as on a server: under the fixture's context all would share one ``g``."""

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def app(settings):
    app = create_app(settings)
    app.test_client_class = Browser
    app.config["TESTING"] = True
    Base.metadata.create_all(app.extensions["database"].engine)
    with app.app_context():
        yield app
    app.extensions["database"].close()


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def client(app):
    return app.test_client()

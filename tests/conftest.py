"""What all tests share: an application on a database of its own, and the services that some of them need.

``app``/``database``/``client`` are on SQLite; ``any_database`` runs a test on SQLite and on PostgreSQL;
``served`` is the address of ``app`` on a real socket; ``postgresql_url`` and ``redis_url`` are throw-away servers.
"""

from __future__ import annotations

import contextvars
import os
import shutil
import threading
from importlib import import_module

import hypothesis
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app, equip
from core.database import Base, Database
from core.migrations import upgrade
from core.settings import ROOT, read_settings
from tests import services

for room, name in sorted((path.parent.name, path.stem) for path in (*ROOT.glob("*/tables.py"), *ROOT.glob("*/*_tables.py"))):
    import_module(f"{room}.{name}")  # a test of one room still has every table


# Fewer examples at a developer's desk; HYPOTHESIS_PROFILE=thorough (.ci/run) looks longer.
hypothesis.settings.register_profile("desk", max_examples=40, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=200, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*services): what must be installed besides, see tests/services.py")


def pytest_collection_modifyitems(items):
    brings = {"postgresql_url": "postgresql", "redis_url": "redis"}
    for item in items:
        for fixture, service in brings.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(services.needs(service))
        if "postgresql" in getattr(getattr(item, "callspec", None), "params", {}).values():  # any_database and its like
            item.add_marker(services.needs("postgresql"))


def pytest_runtest_setup(item):
    services.look_for_needs(item)


def pytest_terminal_summary(terminalreporter):
    reports = [r for found in terminalreporter.stats.values() for r in found if isinstance(r, pytest.TestReport)]
    lines = services.summary(reports)
    if lines:
        terminalreporter.section("services")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """A database file with every table and no row, to be copied: making the tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "kentongan.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    database.close()
    return path


def settings_for(folder, **more):
    """Settings of a test: nothing from the environment's files, everything it writes under ``folder``."""
    given = {"secret_key": "a secret of the tests", "instance_dir": folder, "database_url": f"sqlite:///{folder}/kentongan.db"}
    return read_settings(_env_file=None, **{**given, **more})


@pytest.fixture
def settings(tmp_path, empty_sqlite):
    shutil.copy(empty_sqlite, tmp_path / "kentongan.db")
    return settings_for(tmp_path)


class Browser(FlaskClient):
    """Each request in a context of its own, as on a server: under the fixture's context all would share one ``g``.

    Answers are read to the end and closed, files too.
    """

    def open(self, *args, buffered=True, **kwargs):
        kwargs["buffered"] = buffered
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def one_app(tmp_path_factory):
    """The application that ``app`` equips anew for each test: its routes and templates are made once."""
    app = create_app(settings_for(tmp_path_factory.mktemp("one")))
    app.extensions["database"].close()
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(one_app, settings):
    """An application on a database of its own. What a test puts into its config and extensions is gone after it."""
    config, extensions = dict(one_app.config), dict(one_app.extensions)
    equip(one_app, settings)
    one_app.config["TESTING"] = True
    with one_app.app_context():
        yield one_app
    one_app.extensions["database"].close()
    for kept, before in ((one_app.config, config), (one_app.extensions, extensions)):
        kept.clear()
        kept.update(before)


@pytest.fixture
def own_app(settings):
    """An application of the test's own, to add routes to."""
    app = create_app(settings)
    app.test_client_class = Browser
    app.config["TESTING"] = True
    with app.app_context():
        yield app
    app.extensions["database"].close()


@pytest.fixture
def database(app):
    return app.extensions["database"]


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def served(app):
    """The address of ``app`` on the loopback, for programs that are not ours: http://127.0.0.1:<port>."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture(scope="session")
def postgresql_cluster():
    with services.postgresql() as url:
        database = Database(url)
        upgrade(database)
        database.close()
        yield url


@pytest.fixture
def postgresql_url(postgresql_cluster):
    """A PostgreSQL database with every table and no row. One for each process of the tests, emptied before each test."""
    database = Database(postgresql_cluster)
    # DELETE, because a TRUNCATE makes new files for every table and index: a tenth of a second for each test.
    emptied = "".join(f'DELETE FROM "{table.name}";' for table in Base.metadata.sorted_tables)
    counted = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign key stands in the way
        connection.execute(text(emptied))
        connection.execute(text(counted))
    database.close()
    return postgresql_cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request, settings):
    """The database of an application (whose context is entered), once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        settings = settings.model_copy(update={"database_url": request.getfixturevalue("postgresql_url")})
    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        yield app.extensions["database"]
    app.extensions["database"].close()


@pytest.fixture(scope="session")
def redis_server():
    with services.redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_server):
    """An empty Redis of our own."""
    from redis import Redis

    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return redis_server

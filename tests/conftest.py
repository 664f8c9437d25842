"""What all tests share: an application on a database of its own, and the services that some of them need.

``app``/``database``/``client`` are on SQLite; ``any_database`` runs a test on SQLite and on PostgreSQL;
``served`` is the address of ``app`` on a real socket; ``postgresql_url`` and ``redis_url`` are throw-away servers.
"""

from __future__ import annotations

import contextvars
import gc
import os
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import hypothesis
import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, make_url, text

import core.database
from app import create_app, equip
from core.database import Base, Database
from core.migrations import upgrade
from core.settings import ROOT, read_settings
from schools import staff
from tests import kept, services

for room, name in sorted((path.parent.name, path.stem) for path in (*ROOT.glob("*/tables.py"), *ROOT.glob("*/*_tables.py"))):
    import_module(f"{room}.{name}")  # a test of one room still has every table


# Fewer examples at a developer's desk, other ones each time; HYPOTHESIS_PROFILE=thorough (.ci/run) looks longer, see
# tests/examples.py, and at the same ones each time, however slow the machine: a green tree stays green.
hypothesis.settings.register_profile("desk", max_examples=20, deadline=None)
TOO_SLOW = hypothesis.HealthCheck.too_slow
hypothesis.settings.register_profile(
    "thorough", max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=[TOO_SLOW]
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))


sys.dont_write_bytecode = False  # rewriting the asserts of all tests takes each process five seconds: the next run finds them


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*services): what must be installed besides, see tests/services.py")
    gc.disable()  # until everything is loaded: a fifth of the suite's time went into counting what stays


def pytest_collection_finish(session):
    gc.collect()
    gc.freeze()  # the application, the tests: never looked at again
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(items):
    brings = {"postgresql_url": "postgresql", "redis_url": "redis"}
    for item in items:
        for fixture, service in brings.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(services.needs(service))
                item.add_marker(pytest.mark.slow)
        if "postgresql" in getattr(getattr(item, "callspec", None), "params", {}).values():  # any_database and its like
            item.add_marker(services.needs("postgresql"))
            item.add_marker(pytest.mark.slow)  # it starts a server; the same stands on SQLite


def pytest_runtest_setup(item):
    services.look_for_needs(item)


def pytest_terminal_summary(terminalreporter):
    reports = [r for found in terminalreporter.stats.values() for r in found if isinstance(r, pytest.TestReport)]
    lines = services.summary(reports)
    if lines:
        terminalreporter.section("services")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """learn(url): engines on that kind of database share one dialect and the SQL it made; else each test makes all SQL anew."""
    learnt = {}

    def learn(url, **options):
        first = create_engine(url, query_cache_size=5000, **options)
        first.connect().close()  # the dialect learns what this database can do
        first.dispose()
        learnt[first.dialect.name] = first

    def share(url, **options):
        first = learnt.get(make_url(url).get_backend_name())
        if first is None:
            return create_engine(url, **options)
        engine = create_engine(url, _initialize=False, **options)
        if on_connect := engine.dialect.on_connect_url(engine.url):  # all of the initializing that a new connection needs
            event.listen(engine, "connect", lambda connection, _record: on_connect(connection))
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.database, "create_engine", share)
        learn("sqlite://", module=core.database._sqlite_module())
        yield learn


SYNCED = core.database._sqlite_profile


@pytest.fixture(scope="session", autouse=True)
def disk_not_awaited():
    """Commits of this process are not awaited on the disk, which a kill of it does not undo. ``synced`` has the real profile."""

    def careless(connection):
        SYNCED(connection)
        connection.execute("PRAGMA synchronous=OFF").close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.database, "_sqlite_profile", careless)
        yield


@pytest.fixture
def synced(monkeypatch):
    """SQLite with the profile of a server. Named with ``usefixtures``, so that it is before the application."""
    monkeypatch.setattr(core.database, "_sqlite_profile", SYNCED)


@pytest.fixture(scope="session", autouse=True)
def verified_once():
    """Whether a password is a hash's is found once: the same two give the same answer, and take 40 ms each time."""

    class Remembering:
        def __init__(self):
            self.hash, self.check_needs_rehash = real.hash, real.check_needs_rehash
            self.found = {}

        def verify(self, hashed, password):
            if (hashed, password) not in self.found:
                try:
                    self.found[hashed, password] = real.verify(hashed, password)
                except Exception as error:
                    self.found[hashed, password] = error
            if isinstance(found := self.found[hashed, password], Exception):
                raise found
            return found

    with pytest.MonkeyPatch.context() as patch:
        real = staff._hasher
        patch.setattr(staff, "_hasher", Remembering())
        yield


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


@pytest.fixture(scope="session")
def read_once(tmp_path_factory):
    return settings_for(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def settings(tmp_path, empty_sqlite, read_once):
    """As of ``settings_for(tmp_path)``, where an empty database is; reading the environment takes longer than many a test."""
    path = tmp_path / "kentongan.db"
    kept.put_empty(empty_sqlite, path)
    yield replace(read_once, instance_dir=tmp_path, database_url=f"sqlite:///{path}")
    kept.forget(path)


class Browser(FlaskClient):
    """Each request in a context of its own, as on a server: under the fixture's context all would share one ``g``.

    Answers are read to the end and closed, files too.
    """

    def open(self, *args, buffered=True, **kwargs):
        kwargs["buffered"] = buffered
        return contextvars.Context().run(super().open, *args, **kwargs)


@contextmanager
def equipped(app, settings):
    """``app`` on the database of ``settings``, in its context. What is put into its config and extensions is gone after it."""
    config, extensions = dict(app.config), dict(app.extensions)
    equip(app, settings)
    app.config["TESTING"] = True
    with app.app_context():
        yield app
    app.extensions["database"].close()
    for now, before in ((app.config, config), (app.extensions, extensions)):
        now.clear()
        now.update(before)


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
    with equipped(one_app, settings) as app:
        yield app


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
def postgresql_cluster(compiled_once):
    with services.postgresql() as url:
        compiled_once(url)
        database = Database(url)
        upgrade(database)
        # DELETE, because a TRUNCATE makes new files for every table and index: a tenth of a second for each test.
        emptied = "".join(f'DELETE FROM public."{table.name}";' for table in Base.metadata.sorted_tables)
        counted = "PERFORM setval(seqrelid::regclass, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) > 0;"
        with database.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA tests"))
            connection.execute(  # as replica: no foreign key stands in the way
                text(
                    "CREATE FUNCTION tests.emptied() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica "
                    f"AS $$ BEGIN {emptied} {counted} END $$"
                )
            )
        database.close()
        # One connection for all tests: the first time that one empties every table it takes a hundred times as long.
        dsn = url.replace("postgresql+psycopg", "postgresql")
        cluster = SimpleNamespace(url=url, dsn=dsn, connection=psycopg.connect(dsn, autocommit=True))
        yield cluster
        cluster.connection.close()


@pytest.fixture
def postgresql_url(postgresql_cluster):
    """A PostgreSQL database with every table and no row. One for each process of the tests, emptied before each test."""
    try:
        postgresql_cluster.connection.execute("SELECT tests.emptied()")
    except psycopg.OperationalError:  # a test ended all connections
        postgresql_cluster.connection = psycopg.connect(postgresql_cluster.dsn, autocommit=True)
        postgresql_cluster.connection.execute("SELECT tests.emptied()")
    return postgresql_cluster.url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request, settings, one_app):
    """The database of an application (whose context is entered), once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgresql_url"))
    with equipped(one_app, settings) as app:
        yield app.extensions["database"]


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

"""A migrated database for every test that asks for one, on SQLite and on PostgreSQL.

`database_url` is parametrised: a test that uses it (through `app`, `client`, `session`) runs once on each. A
PostgreSQL server is named by TEST_POSTGRESQL_URL; `make test` starts one. Without it those runs are skipped by name,
and with CI=true that is a failure.

The suite runs in several processes side by side (scripts/test): what lasts a session is made once in each of them, and
is named after its process wherever they could meet.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from campaigns import create_app
from campaigns.db import begin_writing, db
from campaigns.i18n import speaking
from config import Settings
from tests.databases import TEMPLATE, beside, copied, database
from tests.paper_fonts import fonts, furnish_fonts

KEY = "a test key of more than thirty-two bytes, used nowhere else"
BUSY, WAITING = ("tests/browser/", "tests/test_demo.py"), ("tests/faults/",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what starts whole servers: left for the end, it would keep one process busy and the other waiting.

    Browsers want more than a processor each, and faults mostly wait, so their files come in turns.
    """
    turns: dict[Path, float] = {}
    for kind in (BUSY, WAITING):
        files = list(dict.fromkeys(item.path for item in items if item.nodeid.startswith(kind)))
        turns |= {path: number / len(files) for number, path in enumerate(files)}
    items.sort(key=lambda item: turns.get(item.path, 1))


@pytest.fixture(scope="session", autouse=True)
def fonts_are_swept_up() -> Iterator[None]:
    """Nothing is left behind."""
    yield
    shutil.rmtree(fonts())


def settings_for(url: str, data_dir: Path) -> Settings:
    """Settings as production has them, on another database."""
    furnish_fonts(data_dir)
    return Settings.from_env(
        {
            "SECRET_KEY": KEY,
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "PUBLIC_URL": "http://localhost",
            "AGENCY_NAME": "Success Agency",
            "AGENCY_REGISTRATION_NUMBER": "516179157",
        }
    )


def migrate(url: str, data_dir: Path) -> None:
    """Bring an empty database to the newest schema, as `flask db upgrade` does."""
    app = create_app(settings_for(url, data_dir))
    with app.app_context():
        begin_writing()
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session", autouse=True)
def rules_compiled_once() -> Iterator[None]:
    """Addresses are the same in every test's application; werkzeug would read and compile them each time anew.

    That is most of what making an application takes. What is compiled depends on nothing but what is the key here.
    """
    compile_rule, kept = Rule.compile, {}

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if key not in kept:
            compile_rule(rule)
            kept[key] = (
                {name: vars(rule)[name] for name in ("_parts", "_trace", "_converters", "arguments")},
                (
                    vars(rule)["_build"].__func__,
                    vars(rule)["_build_unknown"].__func__,
                ),
            )
        read, builders = kept[key]
        vars(rule).update(read)
        rule._build, rule._build_unknown = (each.__get__(rule, None) for each in builders)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def imports_are_not_garbage() -> None:
    """Every test leaves an application behind; looking for it among all that was imported took a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English, whatever the one before spoke."""
    with speaking("en"):
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the PostgreSQL server, which makes databases and drops them; it is kept, for it has its price."""
    server = os.environ.get("TEST_POSTGRESQL_URL", "")
    if not server:
        missing("PostgreSQL (TEST_POSTGRESQL_URL)")
    with psycopg.connect(server, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_server: psycopg.Connection[Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a PostgreSQL server with a migrated database of this process, named TEMPLATE."""
    server = os.environ["TEST_POSTGRESQL_URL"]
    with database(postgresql_server, TEMPLATE, "template0 ENCODING 'UTF8'"):
        migrate(beside(server, TEMPLATE), tmp_path_factory.mktemp("pg"))
        yield server


def missing(what: str) -> None:
    """Skip, naming what the machine lacks; in CI nothing may be lacking."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI runs everything")
    pytest.skip(f"{what} is missing")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database of each kind."""
    template = request.getfixturevalue(f"{request.param}_template")
    with copied(request, str(template) if request.param == "sqlite" else TEMPLATE, tmp_path) as url:
        yield url


class CompiledTemplates(BytecodeCache):
    """Templates as one application compiled them, for all that come after it in this process."""

    compiled: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of the same source."""
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        assert bucket.code is not None
        self.compiled[bucket.key, bucket.checksum] = bucket.code


SPELT: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def spell_once(engine: Engine) -> None:
    """Let an engine know the statements that others of its kind have spelt: a third of a test's time went there.

    SQLAlchemy keeps them by the dialect itself, so engines that share them share one. It learns of its server at the
    first connection of the engine it was made for, which must be now: that engine's own test may never connect.
    """
    if engine.dialect.name not in SPELT:
        engine.connect().close()
    engine.dialect, spelt = SPELT.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=spelt)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on that database, with an application context pushed."""
    app = create_app(settings_for(database_url, tmp_path))
    app.jinja_env.bytecode_cache = CompiledTemplates()
    with app.app_context():
        spell_once(db.engine)
        begin_writing()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The database session of that application context."""
    return db.session  # type: ignore[return-value]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An HTTP client without a sign-in."""
    return app.test_client()

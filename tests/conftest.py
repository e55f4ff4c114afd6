"""What every test may ask for: the sandbox and the site in process or as real programs, and a watched browser."""

import fcntl
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import quote
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser

from booking.services import business_settings, cache, upstream
from booking.services.passwords import Argon2
from tests.browser import PageOpener, open_chromium
from tests.environment import ROOT
from tests.live import Prepared, Server, manage, run_sandbox, run_site, site_environment
from tests.shop import Shop
from tests.wsgi_adapter import WsgiAdapter

_HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all parallel workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def once(shared_folder: Path) -> Callable[[str, Callable[[Path], object]], Path]:
    """`once(name, make)` calls `make(path)` in one of the parallel workers only, and answers the path to all."""

    def make_once(name: str, make: Callable[[Path], object]) -> Path:
        path, done = shared_folder / name, shared_folder / f"{name}.done"
        with (shared_folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                make(path)
                done.touch()
        return path

    return make_once


@pytest.fixture(scope="session")
def filled_sandbox_database(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A sandbox database with the demo business in it. Copy it; `sandbox_app` does."""
    from sandbox import create_app  # here, so that a fault in the sandbox fails only the tests that use it

    return once("sandbox.sqlite3", lambda path: create_app(path, data="demo"))


@pytest.fixture
def sandbox_app(filled_sandbox_database: Path, tmp_path: Path) -> WSGIApplication:
    """The sandbox in this process, with the demo business in a database of its own. Mount it by a WsgiAdapter."""
    from sandbox import create_app

    database = tmp_path / "sandbox.sqlite3"
    for part in filled_sandbox_database.parent.glob(f"{filled_sandbox_database.name}*"):
        if part.suffix not in {".lock", ".done"}:
            shutil.copyfile(part, tmp_path / part.name)
    return create_app(database, data="demo")


@pytest.fixture
def shop(sandbox_app: WSGIApplication, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Shop]:
    """The site on a sandbox of its own, both in this process, with empty caches."""
    shop = Shop(WsgiAdapter(sandbox_app))
    monkeypatch.setattr(upstream, "bookeo", lambda: shop.client)
    cache.forget_everything()
    business_settings.forget()
    yield shop
    cache.forget_everything()
    business_settings.forget()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """As little work for each password as Argon2 allows: what keeps guessers busy would keep the tests busy too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2, "time_cost", 1)
        patch.setattr(Argon2, "memory_cost", 8)
        yield


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sandbox as a process over HTTP, one for each parallel worker."""
    with run_sandbox(tmp_path_factory.mktemp("sandbox")) as server:
        yield server


@pytest.fixture(scope="session")
def collected_static_files(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of collected, hashed and compressed static files."""

    def collect(path: Path) -> None:
        manage(["collectstatic", "--no-input", "--verbosity", "0"], site_environment(path.parent, path))

    return once("static", collect)


@pytest.fixture(scope="session")
def migrated_database(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A database of the site with all tables and no rows. Copy it."""

    def migrate(path: Path) -> None:
        address = {"DATABASE_URL": f"sqlite:///{quote(str(path))}"}
        manage(["migrate", "--verbosity", "0"], site_environment(path.parent, path.parent) | address)

    return once("migrated.sqlite3", migrate)


@pytest.fixture(scope="session")
def prepared(migrated_database: Path, collected_static_files: Path) -> Prepared:
    """What `run_site` needs."""
    return Prepared(migrated_database, collected_static_files)


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory, sandbox_server: Server, prepared: Prepared) -> Iterator[Server]:
    """The site as in production (gunicorn, its own database), on `sandbox_server`; one for each parallel worker."""
    folder = tmp_path_factory.mktemp("site")
    with run_site(folder, prepared, sandbox_url=sandbox_server.url) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for each parallel worker."""
    with pytest.MonkeyPatch.context() as patch, open_chromium() as chromium:
        # Playwright leaves an event loop running in this thread; Django would refuse its database to later tests.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield chromium


@pytest.fixture
def new_page(
    browser: Browser, live_site: Server, sandbox_server: Server, request: pytest.FixtureRequest
) -> Iterator[PageOpener]:
    """Opens pages on the site: `page = new_page(width=360); page.goto(live_site.url)`.

    When the test fails, pictures of its pages are in var/test-failures.
    """
    opener = PageOpener(browser, allowed_origins=[live_site.url, sandbox_server.url])
    yield opener
    if request.node.stash.get(_HAS_FAILED, False):
        opener.save_pictures(ROOT / "var" / "test-failures", request.node.name)
    opener.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever the order is, long tests come first in it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know whether their test has failed."""
    report = yield
    if report.when == "call":
        item.stash[_HAS_FAILED] = report.failed
    return report

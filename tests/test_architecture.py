"""The arrows of the house, read from its source: who may import whom, and what nobody may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver
from django.utils.module_loading import import_string

from bookeo_site import urls as root_urls
from booking import entry_urls, manager_urls, urls
from tests.environment import ROOT

PROGRAMS = ("booking", "bookeo_site", "sandbox", "deploy")
HTTP_CLIENTS = {"requests", "urllib3", "httpx", "aiohttp", "http.client", "urllib.request"}
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "shared", "tools"}
# From the page to the wire: each may import the ones to its right, never to its left.
ROOMS = ("views", "forms", "presenters", "drafts", "services", "bookeo")
# Whoever catches everything has a reason that fits in a line.
CATCH_ALL = {
    "booking/bookeo/calls.py": "an observer's fault must not turn a booking that was made into an error",
    "booking/services/cache.py": "those who wait for a fetch share its failure, whatever it is",
    "booking/services/window_file.py": "rolls back and raises again",
    "booking/tasks.py": "a worker outlives every task, and counts and logs what became of it",
    "sandbox/app.py": "a client of the API must never read a web server's own page",
    "sandbox/store.py": "rolls back and raises again",
}
VIEW_DECORATORS = {"require_safe", "require_http_methods", "require_GET", "require_POST"}


def _modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _imports(source: str, package: str = "") -> set[str]:
    """Every module and name that the source imports, in full: `from a.b import c` is both a.b and a.b.c."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def _offenders(folder: str, *, outside: str = "", forbidden: set[str]) -> list[str]:
    """Modules of a folder, but not of the one `outside`, that import something forbidden."""
    return [
        f"{_name(path)} imports {imported}"
        for path in _modules(folder)
        if not (outside and path.is_relative_to(ROOT / outside))
        for imported in sorted(_imports(path.read_text(), ".".join(path.relative_to(ROOT).parent.parts)))
        if any(imported == name or imported.startswith(f"{name}.") for name in forbidden)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "import requests.adapters",
        "from requests import Session",
        "def f():\n    import requests as r",
        "if True:\n    from requests.adapters import HTTPAdapter",
    ],
)
def test_imports_are_seen_wherever_they_stand(source: str) -> None:
    assert any(name == "requests" or name.startswith("requests.") for name in _imports(source))


def test_relative_imports_are_seen_in_full() -> None:
    assert "booking.bookeo.Bookeo" in _imports("from ..bookeo import Bookeo", "booking.views")
    assert "booking.views.http" in _imports("from . import http", "booking.views")


@pytest.mark.parametrize("folder", ["booking", "bookeo_site"])
def test_only_the_wire_speaks_http(folder: str) -> None:
    assert _offenders(folder, outside="booking/bookeo", forbidden=HTTP_CLIENTS) == []


def test_the_wire_knows_neither_django_nor_the_other_rooms() -> None:
    forbidden = {"django", "bookeo_site", *(f"booking.{room}" for room in (*ROOMS[:-1], "models", "urls", "checks"))}
    assert _offenders("booking/bookeo", forbidden=forbidden) == []


def test_sandbox_and_site_are_strangers() -> None:
    assert _offenders("sandbox", forbidden={"booking", "bookeo_site", "django"}) == []
    assert _offenders("booking", forbidden={"sandbox"}) == []
    assert _offenders("bookeo_site", forbidden={"sandbox"}) == []


def test_programs_do_not_know_their_tests() -> None:
    assert [offender for folder in PROGRAMS for offender in _offenders(folder, forbidden={"tests", "pytest"})] == []


def test_views_never_reach_past_the_services() -> None:
    assert _offenders("booking/views", forbidden={"booking.bookeo"}) == []


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_never_point_back(room: str) -> None:
    left = {f"booking.{other}" for other in ROOMS[: ROOMS.index(room)]} | {"booking.urls", "bookeo_site"}
    assert (ROOT / "booking" / room).is_dir()
    assert _offenders(f"booking/{room}", forbidden=left) == []


def test_no_room_is_a_drawer() -> None:
    parts = {part for path in _modules(*PROGRAMS, "tests") for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not parts & DRAWERS


def test_nobody_catches_everything_without_a_reason() -> None:
    catching = {
        _name(path)
        for path in _modules(*PROGRAMS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and _is_catch_all(node)
    }
    assert catching <= set(CATCH_ALL)


def _is_catch_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or (isinstance(name, ast.Name) and name.id in _EVERYTHING) for name in names)


_EVERYTHING = {"Exception", "BaseException"}


def _patterns() -> list[tuple[str, URLPattern]]:
    """Every address, by the name that templates and code call it; those of signing in stand in no namespace."""
    lists = {"booking:": urls.urlpatterns, "manager:": manager_urls.urlpatterns, "": entry_urls.urlpatterns}
    return [
        (f"{space}{pattern.name}", pattern)
        for space, patterns in lists.items()
        for pattern in patterns
        if isinstance(pattern, URLPattern)
    ]


def test_every_address_has_a_name_of_its_own_and_a_view() -> None:
    patterns = _patterns()
    names = [name for name, _ in patterns]
    assert len(names) == len(set(names))
    assert len(names) == sum(len(module.urlpatterns) for module in (urls, manager_urls, entry_urls))
    assert all(pattern.name and callable(pattern.callback) for _, pattern in patterns)
    for space in ("booking", "manager"):
        known = set(get_resolver().namespace_dict[space][1].reverse_dict)
        assert {name.removeprefix(f"{space}:") for name in names if name.startswith(f"{space}:")} <= known


def test_every_view_has_an_address() -> None:
    """Views that are classes are allauth's, under our templates."""
    functions = [p.callback for _, p in _patterns() if not hasattr(p.callback, "view_class")]
    reachable = {f"{view.__module__}.{view.__name__}" for view in functions}
    views = {
        ".".join([*path.relative_to(ROOT).with_suffix("").parts, node.name])
        for path in _modules("booking/views")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and _decorators(node) & VIEW_DECORATORS
    }
    assert views == reachable


def _decorators(function: ast.FunctionDef) -> set[str]:
    calls = (d.func if isinstance(d, ast.Call) else d for d in function.decorator_list)
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("handler", ["handler400", "handler403", "handler404", "handler500"])
def test_every_failure_has_a_page(handler: str) -> None:
    assert callable(import_string(getattr(root_urls, handler)))


def test_templates_lead_to_addresses_that_exist() -> None:
    names = {name for name, _ in _patterns()}
    pages = sorted((ROOT / "templates").rglob("*.html"))
    links = [(page.name, name) for page in pages for name in re.findall(r"{% url '([^']+)'", page.read_text())]
    assert links
    assert [link for link in links if link[1] not in names] == []


def test_every_template_is_used() -> None:
    """By name in the source, or by another template; names of pages of the checkout are made of their addresses'."""
    sources = [path.read_text() for path in _modules("booking", "bookeo_site")]
    sources += [page.read_text() for page in (ROOT / "templates").rglob("*.html")]
    pages = {str(page.relative_to(ROOT / "templates")) for page in (ROOT / "templates").rglob("*.html")}
    unused = {page for page in pages if not any(re.search(rf"[\"']{page}", source) for source in sources)}
    made_of_addresses = {f"booking/{str(pattern.name).replace('-', '_')}.html" for _, pattern in _patterns()}
    assert unused <= made_of_addresses

"""Promises of the package as a whole: its walls, and its public names."""

import ast
import subprocess
import sys
from pathlib import Path

import booking
import booking.bookeo as wire

PACKAGE = Path(wire.__file__).parent
HOUSE = Path(booking.__file__).parent


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_wire_knows_nothing_of_django_or_of_the_rest_of_the_house() -> None:
    code = "import sys, booking.bookeo; print([m for m in sys.modules if m.startswith(('django', 'booking.'))])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = ast.literal_eval(out.stdout)
    assert [name for name in loaded if not name.startswith("booking.bookeo")] == []


def test_nothing_else_in_the_house_speaks_http() -> None:
    others = [path for path in HOUSE.rglob("*.py") if PACKAGE not in path.parents]
    assert [path for path in others if _imports(path) & {"requests", "urllib3", "httpx"}] == []


def test_public_names_exist_once() -> None:
    assert len(wire.__all__) == len(set(wire.__all__))
    assert [name for name in wire.__all__ if not hasattr(wire, name)] == []

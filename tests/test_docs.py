"""Documents name what exists."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.environment import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(booking(?:\.\w+)+)`", ARCHITECTURE))))
def test_architecture_names_things_that_exist(name: str) -> None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_resolve(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert not missing


def test_readme_explains_every_setting() -> None:
    settings = (ROOT / "bookeo_site" / "settings.py").read_text()
    names = set(re.findall(r"""env\.\w+\(\s*["'](\w+)["']""", settings))
    readme = (ROOT / "README.md").read_text()
    assert names
    assert not [name for name in sorted(names) if name not in readme]


def test_readme_names_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", "\n".join(p.read_text() for p in DOCUMENTS), re.MULTILINE))
    assert named <= targets

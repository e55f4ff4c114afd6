"""What the configuration of gunicorn does besides saying where to listen."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.environment import ROOT

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """As gunicorn reads it. What it changes in the environment is put back."""
    monkeypatch.setenv(FOLDER, "")
    monkeypatch.delenv(FOLDER)
    config = ModuleType("config")
    source = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    exec(compile(source, "gunicorn.conf.py", "exec"), config.__dict__)  # noqa: S102 - as gunicorn itself reads it
    yield config
    config.logging.getLogger("gunicorn.error").removeFilter(config.hide_tokens)


def test_counts_of_processes_that_are_gone_are_put_aside(
    config: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    monkeypatch.setenv(FOLDER, str(tmp_path))
    names = [f"counter_{os.getpid()}.db", f"counter_{gone.pid}.db", f"gauge_all_{gone.pid}.db", "notes.txt"]
    for name in names:
        (tmp_path / name).touch()

    config.on_starting(None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [names[0], names[3]]


def test_server_without_a_folder_has_one_of_its_own_while_it_runs(config: ModuleType) -> None:
    config.on_starting(None)
    folder = Path(os.environ[FOLDER])
    assert folder.is_dir()
    config.on_exit(None)
    assert not folder.exists()


def test_folder_that_is_shared_is_made_and_stays(
    config: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "new" / "folder"))
    config.on_starting(None)
    config.on_exit(None)
    assert (tmp_path / "new" / "folder").is_dir()


@pytest.mark.parametrize(
    ("environment", "are_json"),
    [
        ({}, True),
        ({"DEMO": "false"}, True),
        ({"DEMO": "true"}, False),
        ({"DJANGO_DEBUG": "True"}, False),
        ({"DEMO": "true", "LOG_FORMAT": "json"}, True),
        ({"LOG_FORMAT": "line"}, False),
    ],
)
def test_lines_of_the_server_look_like_those_of_the_site(
    config: ModuleType, environment: dict[str, str], are_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEMO", "DJANGO_DEBUG", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert config.lines_are_json() is are_json

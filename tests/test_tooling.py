"""How the project is checked and set up: Makefile, lock files, the web server's configuration, .ci/run."""

import logging
import os
import re
import subprocess
from types import ModuleType

import pytest

from tests.environment import ROOT

DEPLOY = ROOT / "deploy"


def test_make_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    done = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 - any make will do

    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {line.split()[1] for line in done.stdout.splitlines()} == targets
    assert phony
    assert set(phony[1].split()) == targets


def locked_versions(name: str) -> dict[str, str]:
    """Package to version, after making sure that each has a hash."""
    requirements = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pinned = [line for line in requirements if line.strip() and not line.strip().startswith("#")]
    assert pinned
    assert [
        line for line in pinned if not re.match(r"[\w.-]+(\[[\w, -]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ] == []
    return {name: rest.split()[0] for name, _, rest in (line.partition("==") for line in pinned)}


def test_locks_are_hashed_and_agree() -> None:
    runtime, development = locked_versions("requirements.txt"), locked_versions("requirements-dev.txt")

    assert {name: development.get(name) for name in runtime} == runtime


def test_gunicorn_never_logs_what_opens_a_draft() -> None:
    config = ModuleType("config")
    source = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    exec(compile(source, "gunicorn.conf.py", "exec"), config.__dict__)  # noqa: S102 - as gunicorn itself reads it
    log = logging.getLogger("gunicorn.error")
    record = log.makeRecord(
        "gunicorn.error",
        logging.ERROR,
        "",
        0,
        "Error handling request %s",
        ("/checkout/" + "a1_-" * 8 + "/check/?code=X",),
        None,
    )
    assert config.accesslog is None
    assert log.filter(record)
    assert record.getMessage() == "Error handling request /checkout/…/check/?…"
    log.removeFilter(config.hide_tokens)


def test_ci_runs_every_check_and_insists_on_the_browser() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")

    assert os.access(script, os.X_OK)
    assert text.endswith("\nmake check\n")
    assert "export REQUIRE_BROWSER=1\n" in re.sub(r" +#.*", "", text)
    subprocess.run(["bash", "-n", script], check=True)  # noqa: S603, S607 - any bash will do


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together here, so that this file does not name them either.
    forbidden = [f"/{'work'}/", f"/{'root'}/", f"{'pypi'}.org/simple", f"{'python'}hosted.org", f"registry.{'npmjs'}"]
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")  # noqa: S603
    files = [ROOT / name for name in names if name and not name.startswith("tests/vendor/")]

    assert files
    found = [
        (file.name, word)
        for file in files
        if file.is_file()
        for word in forbidden
        if word.encode() in file.read_bytes()
    ]
    assert found == []

"""`make demo`: what it says when it cannot start, and that it starts, answers, and leaves nothing behind."""

import ast
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.environment import ROOT
from tests.live import free_port

DEPLOY = ROOT / "deploy"
PARTS_OF_THE_SITE = ("bookeo_site", "booking", "sandbox", "templates", "static")
RUN = "; import runpy; sys.path.insert(0, 'deploy'); runpy.run_path(sys.argv.pop(1), run_name='__main__')"
AS_OLD_PYTHON = "import sys; sys.version_info = (3, 8, 10)" + RUN
WITHOUT_ENSUREPIP = "import sys; sys.modules['ensurepip'] = None" + RUN


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what starts the demo, in a folder with a space in its name, with a lock file that asks for nothing."""
    folder = tmp_path / "a copy"
    shutil.copytree(DEPLOY, folder / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def deploy_modules(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """`import install` and its neighbours work, on the copy."""
    monkeypatch.syspath_prepend(checkout / "deploy")
    yield checkout
    for name in ("install", "child", "demo_settings"):
        sys.modules.pop(name, None)


def run(*command: str, folder: Path, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run Python with these arguments; its exit code and what it said."""
    done = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("script", ["demo.py", "install.py"])
def test_old_python_gets_one_sentence(script: str) -> None:
    path = DEPLOY / script
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))

    code, said = run("-c", AS_OLD_PYTHON, str(path), folder=ROOT)

    assert code == 1
    assert re.fullmatch(r"\w+( \w+)? needs Python 3\.11 or newer, and was started with 3\.8\.", said)


def test_demo_explains_itself() -> None:
    code, said = run("deploy/demo.py", "--help", folder=ROOT)

    assert code == 0
    assert "SANDBOX_PORT" in said


@pytest.mark.parametrize("variable", ["PORT", "SANDBOX_PORT"])
def test_demo_names_the_variable_of_a_taken_port(checkout: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = run("deploy/demo.py", folder=checkout, environment={"PORT": str(free_port()), variable: port})

    assert (code, said) == (1, f"Port {port} is taken by another program: set {variable} to a free port.")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a port from 1 to 65535, not 'http'."),
        ({"PORT": "65535"}, "SANDBOX_PORT must be a port from 1 to 65535, not '65536'."),
        ({"HOST": "192.0.2.1", "PORT": "8000"}, "set HOST to an address of this machine."),
    ],
)
def test_demo_refuses_addresses_that_cannot_be(checkout: Path, environment: Mapping[str, str], sentence: str) -> None:
    code, said = run("deploy/demo.py", folder=checkout, environment=environment)

    assert code == 1
    assert said.endswith(sentence)
    assert len(said.splitlines()) == 1


def test_demo_says_what_to_install_when_venv_is_missing(checkout: Path) -> None:
    ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}

    code, said = run("-c", WITHOUT_ENSUREPIP, "deploy/demo.py", folder=checkout, environment=ports)

    assert (code, said.count("\n")) == (1, 0)
    assert "apt install python3-venv" in said


def test_demo_reset_removes_the_demo_data_only(checkout: Path) -> None:
    var = checkout / "var"
    var.mkdir()
    for name in ("sandbox.sqlite3", "sandbox.sqlite3-wal", "demo-site.sqlite3", "demo-secret-key", "site.sqlite3"):
        (var / name).touch()
    (var / "demo-queue.sqlite3").touch()
    (var / "demo-metrics").mkdir()

    code, _ = run("deploy/demo.py", "--reset", folder=checkout)

    assert code == 0
    assert sorted(path.name for path in var.iterdir()) == ["demo.lock", "log", "site.sqlite3"]


def test_demo_keeps_a_real_account_out(deploy_modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import demo_settings

    (deploy_modules / "var").mkdir()
    for name in ("BOOKEO_SECRET_KEY", "BOOKEO_EXTRA", "DATABASE_URL", "DJANGO_SECRET_KEY"):
        monkeypatch.setenv(name, "a-real-one")
    environment = demo_settings.site_environment(demo_settings.Addresses("127.0.0.1", 8000, 8001))

    assert "a-real-one" not in environment.values()
    assert environment["BOOKEO_BASE_URL"] == "http://127.0.0.1:8001/v2"
    key_file = deploy_modules / "var" / "demo-secret-key"
    assert environment["DJANGO_SECRET_KEY"] == key_file.read_text(encoding="utf-8")
    assert key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/webhooks/bookeo/"),
        ("::1", "http://[::1]:8000/webhooks/bookeo/"),
        ("0.0.0.0", "http://127.0.0.1:8000/webhooks/bookeo/"),  # noqa: S104 - nothing listens here
        ("192.0.2.1", ""),
    ],
)
def test_sandbox_tells_a_site_on_this_machine_of_changes(deploy_modules: Path, host: str, address: str) -> None:
    import demo_settings

    assert demo_settings.Addresses(host, 8000, 8001).webhook_url == address


def test_demo_shows_the_end_of_the_log_of_a_program_that_died(deploy_modules: Path) -> None:
    from child import LOGS, Child

    LOGS.mkdir(parents=True)
    link_this_environment(deploy_modules)
    child = Child("site", ["-c", "print('because of this'); raise SystemExit(3)"], os.environ)

    with pytest.raises(SystemExit) as stopped:
        child.wait_until_it_answers("127.0.0.1", free_port(), "/")
    assert (
        stopped.value.code == "The site stopped by itself (exit code 3).\nThe end of var/log/site.log:\nbecause of this"
    )


def test_install_happens_once_for_each_change_of_a_lock(
    deploy_modules: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import install

    link_this_environment(deploy_modules)
    (deploy_modules / "requirements-dev.txt").write_text("", encoding="utf-8")
    installed: list[str] = []
    monkeypatch.setattr(install, "_has_pip", lambda: True)
    monkeypatch.setattr(install, "_pip_install", installed.append)

    for lock in (
        "requirements.txt",
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-dev.txt",
        "requirements.txt",
    ):
        install.install(lock)
    assert installed == ["requirements.txt", "requirements-dev.txt"]

    (deploy_modules / "requirements.txt").write_text("# changed", encoding="utf-8")
    install.install("requirements.txt")
    install.install("requirements-dev.txt")
    assert installed[2:] == ["requirements.txt", "requirements-dev.txt"]
    assert capsys.readouterr().out.count("Installing") == 4


def link_this_environment(folder: Path) -> None:
    """Let the copy use the packages of the running Python, with notes of its own on what is installed."""
    (folder / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)


def test_demo_starts_answers_and_leaves_nothing_behind(checkout: Path) -> None:
    for part in PARTS_OF_THE_SITE:
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / file, checkout)
    link_this_environment(checkout)
    digest = sha256((checkout / "requirements.txt").read_bytes()).hexdigest()
    (checkout / ".venv" / "installed-locks.json").write_text(json.dumps({"requirements.txt": digest}), encoding="utf-8")
    ports = [free_port(), free_port()]
    environment = {**os.environ, "PORT": str(ports[0]), "SANDBOX_PORT": str(ports[1]), "BOOKEO_API_KEY": "a-real-one"}

    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, checkout / "deploy" / "demo.py"], env=environment, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout
        said = []
        for line in demo.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        statuses = [status_of(port) for port in ports]
        worker_log = checkout / "var" / "log" / "worker.log"
        wait_until(lambda: "the worker begins" in worker_log.read_text(encoding="utf-8"))
        demo.send_signal(signal.SIGTERM)
        said += demo.stdout.readlines()

    assert f"The demo is ready: http://127.0.0.1:{ports[0]}/\n" in said
    assert statuses == [200, 200]
    assert said[-1] == "The demo has stopped. Its data is kept in var/.\n"
    assert demo.returncode == 0
    assert worker_log.read_text(encoding="utf-8").endswith("the worker has stopped\n")
    assert [port for port in ports if is_listening(port)] == []


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def status_of(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

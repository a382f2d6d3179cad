"""The promises of the build: what the locks hold, what stands at the top, how the two processes end."""

import contextlib
import fnmatch
import os
import re
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

TOP = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = TOP / "requirements.lock"
DEVELOPMENT = TOP / "requirements-dev.lock"
STATED_TOP = {
    *("manage.py", "pyproject.toml", "README.md", "Makefile", "requirements.lock", "requirements-dev.lock"),
    *("izportal", "zones", "projects", "onestop", "templates", "static", "tests", ".ci"),
}


def pins_of(lock):
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pins)


def run(*command, cwd=TOP):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
def test_lock_holds_hashes_and_no_addresses(lock):
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|^/.*", text, re.MULTILINE) == []


def test_locks_agree_with_each_other():
    development = pins_of(DEVELOPMENT)
    assert {name: development.get(name) for name in pins_of(RUNTIME)} == pins_of(RUNTIME)


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [(RUNTIME, PROJECT["project"]["dependencies"]), (DEVELOPMENT, PROJECT["dependency-groups"]["dev"])],
    ids=["runtime", "development"],
)
def test_lock_answers_every_requirement(lock, wanted):
    pins = pins_of(lock)
    requirements = [Requirement(line) for line in wanted]
    unmet = [str(need) for need in requirements if not need.specifier.contains(pins.get(need.name.lower(), "0"))]
    assert unmet == []


@pytest.mark.parametrize("name", ["django", "django-environ", "psycopg2-binary", "django-import-export"])
def test_runtime_lock_holds_what_the_board_asked_for(name):
    assert name in pins_of(RUNTIME)


def test_psycopg3_is_in_no_lock():
    assert {"psycopg", "psycopg-binary"} & (set(pins_of(RUNTIME)) | set(pins_of(DEVELOPMENT))) == set()


def test_every_requirement_gives_its_reason():
    lines = (TOP / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if re.match(r'\s+"[a-z0-9-]+(\[[a-z0-9,]+\])?[><=]', line)]
    stated = len(PROJECT["project"]["dependencies"]) + len(PROJECT["dependency-groups"]["dev"])
    assert len(wanted) == stated
    assert [line for line in wanted if not re.search(r"#\s\S.+", line)] == []


def test_nothing_stands_at_the_top_without_a_reason():
    ignored = [line.strip("/") for line in (TOP / ".gitignore").read_text(encoding="utf-8").split()]
    standing = {entry.name for entry in TOP.iterdir() if entry.name != ".git"}
    standing = {name for name in standing if not any(fnmatch.fnmatch(name, pattern) for pattern in ignored)}
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    assert STATED_TOP - standing == set()
    assert {name for name in standing if f"`{name}" not in readme} == set()


def test_ci_runs_the_tests_and_nothing_cleverer():
    lines = (TOP / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "make test"]


def test_busy_port_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = run(".ci/port", str(port))
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Port {port} is already in use")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_wrong_port_is_said_in_a_sentence(port):
    answer = run(".ci/port", port)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"PORT={port} is not a port")


def running(command):
    """How many processes of this machine were started with just these words."""
    count = 0
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            count += entry.read_bytes().decode(errors="replace").split("\0")[:-1] == command.split()
    return count


@pytest.fixture
def staged(tmp_path):
    """A folder whose worker and server are shell commands: .ci/start alone is under test."""

    def stage(*, worker, server):
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(
            f'#!/bin/sh\ncase "$*" in\n"manage.py work") {worker} ;;\n*gunicorn*) {server} ;;\nesac\n',
            encoding="utf-8",
        )
        python.chmod(0o755)
        (tmp_path / ".ci").symlink_to(TOP / ".ci")
        return tmp_path

    return stage


@pytest.fixture
def stays():
    """The words of a process that ends when it is told to and that no other test has started."""
    return f"sleep {50 + os.getpid() / 1e8:.8f}"


@pytest.mark.parametrize("gone", ["worker", "server"])
def test_start_fails_and_stops_the_other_when_one_ends(staged, stays, gone):
    commands = {"worker": f"exec {stays}", "server": f"exec {stays}", gone: "exit 3"}
    answer = run(".ci/start", cwd=staged(**commands))
    assert answer.returncode == 1
    assert answer.stderr == f"The {gone} ended by itself (status 3); stopping the other.\n"
    assert running(stays) == 0


def test_start_stops_both_when_it_is_told_to(staged, stays):
    folder = staged(worker=f"exec {stays}", server=f"exec {stays}")
    process = subprocess.Popen([".ci/start"], cwd=folder, stdout=subprocess.PIPE, text=True)
    while running(stays) < 2:
        assert process.poll() is None
    process.terminate()
    assert process.communicate(timeout=30)[0].strip() == "Stopping the portal."
    assert process.returncode == 143
    assert running(stays) == 0


def test_every_setting_from_the_environment_is_in_the_readme():
    settings = (TOP / "izportal" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    stated = set(re.findall(r"^\| `([A-Z_]+)` \|", (TOP / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"PORT", "DATABASE_URL"} <= read
    assert read - stated == set()

"""`typebar` as a command: what it says and how it exits where it cannot serve."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from conftest import BINARY, free_port
from sse_client import fetch


def run(*arguments, **environment):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=15,
                          env=os.environ | environment)


def one_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    return lines[0]


def test_help_names_every_flag():
    said = run("serve", "--help")
    assert said.returncode == 0
    for flag in ("--host", "--port", "--config", "--upstream", "--model", "--upstream-key-env", "--cors-origin", "--allow-host",
                 "--log-level", "--grace"):
        assert flag in said.stdout, flag


def test_a_port_that_is_taken_is_69_and_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run("serve", "--port", port)
    assert said.returncode == 69
    assert str(port) in one_line(said.stderr)


BAD_FILES = {
    "unknown key": ("limits:\n  reader_grace_seconds: 30\nbogus: 1\n", 3, "bogus"),
    "unknown key in a section": ("limits:\n  bogus: 1\n", 2, "bogus"),
    "value of another type": ("cors:\n  origins: 7\n", 2, "origins"),
    "not YAML": ("limits: [\n", None, None),
    "not a mapping": ("- a\n- b\n", None, None),
    "out of range": ("limits:\n  reader_grace_seconds: -5\n", 2, "reader_grace_seconds"),
    "twice": ("grace_seconds: 1\nport: 8080\ngrace_seconds: 2\n", None, "grace_seconds"),
    "variable that is not set": ("upstreams:\n  - url: http://127.0.0.1:1/v1\n    model: m\n    key: ${NO_SUCH_NAME}\n", 4,
                                 "NO_SUCH_NAME"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_bad_configuration_is_78_and_one_line_with_file_line_and_key(tmp_path, name, command):
    content, line, key = BAD_FILES[name]
    path = tmp_path / "bad.yaml"
    path.write_text(content)
    said = run("check", path) if command == "check" else run("serve", "--port", free_port(), "--config", path)
    assert said.returncode == 78, said
    message = one_line(said.stderr or said.stdout)
    assert "bad.yaml" in message
    assert not line or re.search(rf"\b{line}\b", message)
    assert not key or key in message


def test_a_missing_file_is_78(tmp_path):
    for arguments in (("check", tmp_path / "none.yaml"), ("serve", "--port", free_port(), "--config", tmp_path / "none.yaml")):
        said = run(*arguments)
        assert said.returncode == 78 and "none.yaml" in one_line(said.stderr or said.stdout)


def test_the_shipped_configuration_is_right():
    said = run("check", Path(__file__).parents[2] / "config/typebar.yaml")
    assert said.returncode == 0, said


def test_a_flag_beats_the_file(gateway):
    server = gateway(config="cors:\n  origins: [\"https://file.example\"]\n", cors_origin="https://flag.example")
    ask = "/chat/stream?prompt=x&model=echo&rate=0&ttft=0"
    allowed = [origin for origin in ("https://file.example", "https://flag.example")
               if fetch(server.port, "GET", ask, {"Origin": origin}).header("access-control-allow-origin")]
    assert "https://flag.example" in allowed


def test_origins_and_hosts_from_the_file(gateway, upstream):
    source = upstream(lambda exchange: exchange.start() or exchange.end())
    server = gateway(source.url, config="cors:\n  origins: [\"https://file.example\"]\nhosts: [gateway.example]\n")
    ask = "/chat/stream?prompt=x&model=mock/echo&rate=0&ttft=0"
    assert fetch(server.port, "GET", ask, {"Origin": "https://file.example"}).status == 200
    assert fetch(server.port, "GET", ask, {"Host": "gateway.example"}).status == 200
    assert fetch(server.port, "GET", ask, {"Host": "other.example"}).status == 403


def test_it_binds_the_loopback_address_only(gateway):
    server = gateway()
    lines = open(f"/proc/{server.pid}/net/tcp").read().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert f"0100007F:{server.port:04X}" in listening and f"00000000:{server.port:04X}" not in listening

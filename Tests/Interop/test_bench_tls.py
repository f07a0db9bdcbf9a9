# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` over TLS and HTTP/2: the same load, the same counts and the same faults as over plain HTTP/1.1."""

import contextlib
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest

from bench_client import bench, command
from certificates import Authority
from conftest import free_port
from sse_client import wait_until

pytestmark = pytest.mark.timeout(120)
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def served(gateway, authority):
    """A server over TLS, or of HTTP/2 by prior knowledge; its address without a path, and how `bench` is to ask it."""
    def make(wire, **flags):
        if wire == "h2c":
            return gateway(config="http2:\n  prior_knowledge: true\n", **flags).url, {"http": 2}
        certificate, key = authority.issue("127.0.0.1", "localhost")
        server = gateway(tls_certificate=certificate, tls_key=key, **flags)
        more = {"http": 2} if wire == "h2" else {}
        return f"https://127.0.0.1:{server.port}", {"ca": authority.file} | more
    return make


def typed(url):
    """How many streams of the server at this address have begun."""
    page = subprocess.run(["curl", "-sSk", "--noproxy", "*", "--http1.1", url + "/metrics"], capture_output=True, text=True,
                          timeout=20).stdout
    return sum(float(value) for value in re.findall(r"^typebar_streams_open\{.*\} (\S+)$", page, re.MULTILINE))


WIRES = ["tls", "h2", "h2c"]
NAMES = {"tls": "nio (TLS 1.3, HTTP/1.1)", "h2": "nio (TLS 1.3, h2)", "h2c": "nio (h2c)"}


def asked(fault=None):
    """What follows a path: a cadence that is known, and a fault."""
    return "?unit=word&rate=100&ttft=50&seed=1" + (f"&fault={fault}" if fault else "")


def said(words=20):
    return {"prompt": "word " * words, "model": "echo"}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("path,format", [
    ("/chat/stream", "event_source"), ("/v1/chat/completions", "openai_chat"), ("/api/chat", "ollama"),
])
def test_counts_are_exact_and_the_report_names_the_engine(served, wire, path, format):
    url, how = served(wire)
    result = bench(url + path + asked(), **said(20), concurrency=5, requests=30, quiet=True, **how)
    assert result.code == 0, result
    assert result.ends == {"complete": 30} and result.target["format"] == format, result
    assert result.report["engine"] == NAMES[wire] and NAMES[wire] in result.out
    assert result.target["begun"] == 30 and result.metric("ttft").count == 30
    assert result.target["wire"] == NAMES[wire][5:-1]
    # A connection of HTTP/2 has room for all; of HTTP/1 each stream has its own, and they are used again.
    assert result.target["connections"] == (1 if "h2" in wire else 5)
    assert result.target["reused_connections"] == 30 - result.target["connections"]


@pytest.mark.parametrize("wire", WIRES)
def test_the_contents_are_those_of_plain_http(served, gateway, wire):
    url, how = served(wire)
    words = dict(**said(40), concurrency=4, requests=12, quiet=True)
    over = bench(url + "/v1/chat/completions" + asked(), **words, **how)
    plain = bench(gateway().url + "/v1/chat/completions" + asked(), **words)
    assert plain.report["engine"] == "epoll"
    assert over.target["contents"] == plain.target["contents"] > 0 and over.target["events"] == plain.target["events"]
    # The same cadence, within what a busy machine allows.
    assert abs(over.metric("gap").at(0.5) - plain.metric("gap").at(0.5)) < 5, (over, plain)
    assert abs(over.metric("ttft_send").at(0.5) - plain.metric("ttft_send").at(0.5)) < 45, (over, plain)
    signals = over.runs[0]["signals"]
    assert signals["lacks_kernel_stamps"] and signals["loop_lag"]["count"] > 0 and not signals["kernel_to_user"]["count"]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault,end", [("reset", "reset"), ("close", "truncated")])
def test_faults_have_the_names_that_they_have_over_plain_http(served, wire, fault, end):
    url, how = served(wire)
    result = bench(url + "/chat/stream" + asked(fault=f"{fault}@5"), **said(20), concurrency=3, requests=9, quiet=True, **how)
    assert result.code == 1, result
    # RST_STREAM is all that HTTP/2 has to cut an answer with: it is one whose end is missing.
    assert result.ends == {end if wire == "tls" else "truncated": 9}, result


@pytest.mark.parametrize("wire", WIRES)
def test_statuses_are_told(served, wire):
    url, how = served(wire)
    result = bench(url + "/nowhere", concurrency=3, requests=9, quiet=True, **how)
    assert result.code == 1 and result.ends == {"status": 9} and result.target["statuses"] == {"404": 9}, result


def test_a_server_whose_authority_is_not_trusted_is_a_failure_in_words(served, tmp_path):
    url, _ = served("tls")
    other = Authority(tmp_path)
    for how in ({}, {"ca": other.file}, {"http": 2}):
        begun = time.monotonic()
        result = bench(url + "/chat/stream", quiet=True, **how)
        assert result.code == 1 and time.monotonic() - begun < 8, result
        assert "not trusted" in result.errors and "--insecure" in result.errors, result
        assert result.report["outcome"] == "failed" and not result.runs and "not trusted" in result.report["failure"], result
        assert result.report["engine"] == "nio" and "nothing was measured" in result.out, result
    assert bench(url + "/chat/models", quiet=True, ca=tmp_path / "none.pem").code == 1


def test_a_certificate_for_another_name_is_not_trusted(gateway, authority):
    certificate, key = authority.issue("other.example")
    url = f"https://127.0.0.1:{gateway(tls_certificate=certificate, tls_key=key).port}/chat/stream"
    assert "not trusted" in bench(url, quiet=True, ca=authority.file).errors


@pytest.mark.parametrize("http", ["1.1", "2"])
def test_insecure_takes_any_certificate(served, http):
    url, _ = served("tls")
    result = bench(url + "/chat/stream" + asked(), **said(5), requests=3, quiet=True, insecure=True, http=http)
    assert result.code == 0 and result.ends == {"complete": 3}, result


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_the_version_of_tls_can_be_chosen(served, version):
    url, how = served("h2")
    result = bench(url + "/chat/stream" + asked(), **said(5), requests=3, quiet=True, tls=version, **how)
    assert result.code == 0 and result.report["engine"] == f"nio (TLS {version}, h2)", result


def test_a_server_without_http2_is_named_before_there_is_any_load(gateway, served, tmp_path, nginx):
    _, https = nginx(http2=False)
    for url, how in [(https, {"insecure": True}), (gateway().url, {})]:
        begun = time.monotonic()
        result = bench(url + "/chat/stream", "-c", 50, http=2, quiet=True, **how)
        assert result.code == 1 and time.monotonic() - begun < 12, result
        assert "does not agree to HTTP/2" in result.errors, result


def test_a_server_that_speaks_no_tls_is_named(gateway):
    result = bench(f"https://127.0.0.1:{gateway().port}/chat/stream", quiet=True, insecure=True)
    assert result.code == 1 and "no TLS with 127.0.0.1" in result.errors, result


def test_each_kind_of_report_says_why_there_was_no_run(gateway, tmp_path):
    files = {kind: tmp_path / f"report.{kind}" for kind in ("csv", "junit", "html")}
    url = f"https://127.0.0.1:{gateway().port}/chat/stream"
    result = bench(url, quiet=True, insecure=True, **files)
    assert result.code == 1 and "no TLS with" in result.report["failure"], result
    assert "no TLS with" in files["junit"].read_text() and "no TLS with" in files["html"].read_text()
    assert files["csv"].read_text().startswith("run,")
    # The same of the engine of plain HTTP.
    result = bench("http://nowhere.invalid/", quiet=True, **files)
    assert result.code == 1 and result.report["engine"] == "epoll" and "nowhere.invalid" in result.report["failure"], result


class CutShort:
    """HTTP/1.1 over TLS: answers with `content`, and ends the connection, with close_notify or without."""

    def __init__(self, authority, content, says_goodbye):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*map(str, authority.issue("127.0.0.1")))
        self.content, self.says_goodbye = content, says_goodbye
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.serve, args=[self.listener.accept()[0]], daemon=True).start()

    def serve(self, connected):
        with contextlib.suppress(OSError), connected:
            session = self.context.wrap_socket(connected, server_side=True)
            if not session.recv(65536).endswith(b"\r\n\r\n"):
                return
            session.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + self.content)
            if self.says_goodbye:
                session.unwrap()
            plain = socket.socket(fileno=session.detach())
            plain.shutdown(socket.SHUT_WR)
            plain.close()


@pytest.mark.parametrize("content,says_goodbye,end", [
    (b"data: a\n\n", True, "complete"), (b"data: a\n\n", False, "no_close_notify"),
    (b"data: a\n\ndata: [DONE]\n\n", False, "complete"),
], ids=["goodbye", "cut", "cut after [DONE]"])
def test_an_answer_that_only_the_end_of_tls_ends_is_whole_where_that_was_said(authority, content, says_goodbye, end):
    server = CutShort(authority, content, says_goodbye)
    result = bench(server.url, "--format", "event_source", requests=6, concurrency=2, quiet=True, ca=authority.file)
    server.listener.close()
    assert result.ends == {end: 6} and result.code == (end != "complete"), result
    assert ("without close_notify" in result.out) == (end != "complete"), result


def test_nobody_there_is_refused_as_over_plain_http():
    result = bench(f"https://127.0.0.1:{free_port()}/", requests=5, concurrency=2, quiet=True, insecure=True)
    assert result.code == 1 and result.ends == {"refused": 5}, result


@pytest.fixture
def nginx(server, authority, tmp_path):
    """nginx that ends TLS in front of the server; its address, plain and over TLS."""
    made = []

    def make(http2):
        plain, secure = free_port(), free_port()
        certificate, key = authority.issue("127.0.0.1")
        prefix = tmp_path / "nginx"
        prefix.mkdir()
        tmp_path.chmod(0o755)
        paths = "".join(f"{name}_temp_path {prefix}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
        (prefix / "conf").write_text(f"""
            daemon off; worker_processes 1; pid {prefix}/pid; error_log {prefix}/error.log; events {{ }}
            http {{
                access_log off; client_body_temp_path {prefix}/body; {paths}
                server {{
                    listen 127.0.0.1:{plain};
                    listen 127.0.0.1:{secure} ssl {"http2" if http2 else ""};
                    ssl_certificate {certificate}; ssl_certificate_key {key};
                    http2_max_concurrent_streams 4; keepalive_requests 1000;
                    location / {{ proxy_pass http://127.0.0.1:{server.port}; proxy_buffering off; }}
                }}
            }}""")
        process = subprocess.Popen([NGINX, "-p", prefix, "-c", prefix / "conf", "-e", prefix / "error.log"],
                                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made.append(process)
        wait_until(lambda: (prefix / "pid").exists() or process.poll() is not None, 10, "nginx does not start")
        assert process.poll() is None, (prefix / "error.log").read_text()
        return f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}"
    yield make
    for process in made:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("http", ["1.1", "2"])
def test_another_server_and_its_limit_of_streams(nginx, authority, http):
    _, url = nginx(http2=True)
    result = bench(url + "/chat/stream" + asked(), **said(10), concurrency=10, requests=30, quiet=True, http=http,
                   ca=authority.file)
    assert result.code == 0 and result.ends == {"complete": 30}, result
    # It allows four streams at once on a connection.
    assert result.target["connections"] == (3 if http == "2" else 10), result


def test_streams_per_connection(served):
    url, how = served("h2")
    result = bench(url + "/chat/stream" + asked(), **said(10), concurrency=10, requests=20, streams_per_connection=2, quiet=True,
                   **how)
    assert result.code == 0 and result.target["connections"] == 5, result
    result = bench(url + "/chat/stream" + asked(), **said(5), concurrency=3, requests=9, no_keep_alive=True, quiet=True, **how)
    assert result.code == 0 and result.target["connections"] == 9, result


def test_plain_and_tls_are_compared_by_one_engine(served, gateway):
    url, how = served("tls")
    result = bench(gateway().url + "/chat/stream" + asked(), compare=url + "/chat/stream" + asked(), **said(10), concurrency=4, requests=20,
                   quiet=True, **how)
    assert result.code == 0 and [target["ends"]["complete"] for target in result.targets] == [10, 10], result
    assert result.report["engine"] == "nio (HTTP/1.1 against TLS 1.3, HTTP/1.1)"


def test_an_open_load_through_processes(served):
    url, how = served("h2")
    result = bench(url + "/chat/stream" + asked(), **said(10), rate=40, duration="2s", processes=2, warmup="5", seed=3, quiet=True,
                   **how)
    assert result.code == 0 and set(result.ends) == {"complete"}, result
    assert result.target["begun"] == result.target["planned"] == result.ends["complete"] > 40
    assert result.runs[0]["signals"]["processes"] == 2


@pytest.mark.parametrize("wire", WIRES)
def test_an_interrupt_writes_the_report(served, tmp_path, wire):
    url, how = served(wire)
    report = tmp_path / "report.json"
    process = subprocess.Popen(command(url + "/chat/stream" + asked(), **said(2000), concurrency=5, quiet=True, json=report, **how),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: typed(url) >= 5, 20, "the streams have not begun")
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=10)
    assert process.returncode == 130 and "interrupted" in out, errors
    assert json.loads(report.read_text())["runs"][0]["targets"][0]["ends"] == {"cut": 5}


@pytest.mark.parametrize("words", [
    ["http://127.0.0.1:1/", "--insecure"], ["https://127.0.0.1:1/", "--tls", "1.1"], ["http://127.0.0.1:1/", "--http", "3"],
    ["https://127.0.0.1:1/", "--insecure", "--ca", "x"], ["http://127.0.0.1:1/", "--streams-per-connection", "0"],
])
def test_what_would_say_nothing_is_wrong_usage(words):
    assert bench(*words).code == 2

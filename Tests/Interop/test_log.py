# SPDX-License-Identifier: Apache-2.0
"""The log: one line a request, whatever it was and however it ended, and nothing in it that is nobody's business."""

import http.client
import json
import re
import socket
import subprocess
import time

import pytest

from api_client import ASK, ask, call
from conftest import BINARY, free_port
from sse_client import chat, fetch, wait_until
from test_routes import configuration, failing, good

PAIR = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]+)(?: |$)')


def fields(line):
    found = {name: value[1:-1] if value.startswith('"') else value for name, value in PAIR.findall(line)}
    assert PAIR.sub("", line) == "", f"not name=value pairs: {line!r}"
    return found


def ended(text):
    """The lines of requests, as dictionaries."""
    found = [fields(line) for line in text.splitlines() if line.startswith("time=")]
    return [each for each in found if each["message"] == "Request ended"]


def line_of(server, **wanted):
    """The only line that has these values."""
    deadline = time.monotonic() + 5
    while True:
        found = [each for each in ended(server.said()) if wanted.items() <= each.items()]
        if found:
            assert len(found) == 1, found
            return found[0]
        assert time.monotonic() < deadline, f"no line with {wanted}:\n{server.said()[-3000:]}"
        time.sleep(0.02)


@pytest.mark.parametrize("format", ASK)
def test_a_stream_has_one_line_with_its_figures(gateway, format):
    server = gateway()
    told = ask(server.port, "one two three four", format)
    line = line_of(server, format=format)
    assert (line["outcome"], line["status"], line["method"]) == ("whole", "200", "POST")
    assert line["model"] == "echo" and line["path"] == ASK[format][0].format(model="echo").split("?")[0]
    assert int(line["bytes"]) > len(told.body) and int(line["units"]) > 2 and int(line["tokens_out"]) > 0
    assert 0 <= float(line["ttft_ms"]) <= float(line["duration_ms"]) and line["client"] == "127.0.0.1"
    header = told.headers.get("x-request-id") or told.headers.get("request-id")
    assert header in (None, line["request"])


def test_a_whole_answer_an_error_and_a_page_have_one_too(gateway):
    server = gateway()
    body = {"model": "echo", "messages": [{"role": "user", "content": "Hi"}]}
    assert call(server.port, "POST", "/v1/chat/completions?speed=0", body).status == 200
    assert line_of(server, format="openai_chat")["units"]
    assert call(server.port, "POST", "/v1/chat/completions", b"{").status == 400
    assert line_of(server, status="400")["error"] == "malformed_json"
    assert call(server.port, "GET", "/nowhere").status == 404
    assert line_of(server, path="/nowhere")["outcome"] == "refused"
    assert call(server.port, "GET", "/app.js").status == 200
    assert line_of(server, path="/app.js")["outcome"] == "whole"
    # Of one that is no whole request too.
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"POST /chat HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 411 " in raw.recv(4096)
    assert line_of(server, path="/chat")["error"]


def test_readers_of_chat_streams_are_told_apart(gateway):
    server = gateway()
    chat(server.port, "Hello", model="echo", rate=0, ttft=0)
    assert line_of(server, path="/chat/stream")["units"] == "5"
    started = call(server.port, "POST", "/chat", {"prompt": "Hello", "model": "echo", "rate": 0, "ttft": 0}).json()
    assert line_of(server, path="/chat")["stream"] == started["id"]
    assert fetch(server.port, "GET", started["url"]).status == 200
    assert line_of(server, path=started["url"])["outcome"] == "whole"
    again = {"Last-Event-ID": started["id"] + ".3"}
    assert call(server.port, "GET", started["url"], headers=again).status == 200
    wait_until(lambda: len(ended(server.said())) >= 5, 5, "the line of the last reader")
    assert "units" not in ended(server.said())[-1]


@pytest.mark.parametrize("fault, outcome", [("reset@3", "broken"), ("error@3", "failed")])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/chat/stream"])
def test_an_answer_that_fails_says_how(gateway, path, fault, outcome):
    server = gateway()
    if path == "/chat/stream":
        call(server.port, "GET", f"{path}?model=echo&prompt=a+b+c+d+e+f+g&rate=0&ttft=0&fault={fault}")
    else:
        ask(server.port, "a b c d e f g", parameters=f"speed=0&fault={fault}")
    assert line_of(server, path=path)["outcome"] == outcome


@pytest.mark.parametrize("target", ["/chat/stream?model=long&prompt=x", "/v1/chat/completions"])
def test_a_client_that_leaves_is_told(gateway, target):
    server = gateway()
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        body = json.dumps({"model": "long", "stream": True, "messages": [{"role": "user", "content": "x"}]}).encode()
        method, body = ("GET", b"") if "?" in target else ("POST", body)
        raw.sendall(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        while b"data: " not in raw.recv(65536):
            pass
        time.sleep(0.4)
    assert line_of(server, outcome="disconnected")["path"] == target.split("?")[0]


def test_the_upstream_that_answered_is_named_with_the_requests_it_took(gateway, upstream):
    def cut(exchange):
        exchange.start()
        exchange.say("Hel")
        exchange.reset()

    names = {"broken": upstream(failing(503)).url, "fine": upstream(good).url, "cut": upstream(cut).url}
    targets = {"m": [("broken", 0), ("fine", 1)], "c": [("cut", 0)], "d": [("broken", 0)]}
    routes = [{"model": model, "retries": {"attempts": 2, "base_ms": 1},
               "targets": [{"upstream": name, "priority": rank} for name, rank in targets]}
              for model, targets in targets.items()]
    server = gateway(config=configuration([{"name": name, "url": url} for name, url in names.items()], routes))
    ask(server.port, model="m", parameters="")
    line = line_of(server, model="m")
    assert (line["upstream"], line["attempts"], line["outcome"]) == ("fine", "2", "whole")
    ask(server.port, model="c", parameters="")
    line = line_of(server, model="c")
    assert (line["upstream"], line["outcome"], line["error"]) == ("cut", "failed", "upstream_reset")
    ask(server.port, model="d", parameters="")
    line = line_of(server, model="d")
    assert "upstream" not in line and (line["attempts"], line["outcome"], line["status"]) == ("2", "refused", "503")
    chat(server.port, "Hi", model="m")
    line = line_of(server, path="/chat/stream")
    assert (line["upstream"], line["outcome"]) == ("fine", "whole")


def test_neither_prompt_nor_query_nor_key_is_in_it(gateway):
    server = gateway(log_level="trace", admin_key_env="KEY", environment={"KEY": "adminsecret"})
    ask(server.port, "promptsecret", parameters="speed=0&key=querysecret", headers={"Authorization": "Bearer keysecret"})
    chat(server.port, "promptsecret", model="echo", rate=0)
    call(server.port, "GET", "/metrics", headers={"Authorization": "Bearer adminsecret"})
    line_of(server, path="/metrics")
    assert "secret" not in server.said()


def test_machines_that_ask_each_second_are_told_only_where_one_looks_closely(gateway):
    server = gateway()
    for path in ("/healthz", "/readyz", "/metrics", "/admin/counts"):
        assert call(server.port, "GET", path).status == 200
    assert call(server.port, "GET", "/last").status == 404
    line_of(server, path="/last")
    assert not {"/healthz", "/metrics", "/admin/counts"} & {each["path"] for each in ended(server.said())}


def test_what_a_client_sends_stays_on_its_line(gateway):
    server = gateway()
    hostile = 'x" outcome=forged\nlevel=error \x1b[2J\u202e\\'
    ask(server.port, "a", model=hostile)
    line = line_of(server, format="openai_chat")
    assert line["outcome"] == "whole" and "\x1b" not in server.said() and "\u202e" not in server.said()
    text = server.said()
    assert len(ended(text)) == len([each for each in text.splitlines() if "Request ended" in each])


@pytest.mark.timeout(120)
def test_a_log_that_nobody_reads_stalls_nobody_and_tells_later_what_is_missing():
    port = free_port()
    process = subprocess.Popen([str(BINARY), "serve", "--port", str(port)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout.readline().startswith(b"typebar serves")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        slowest, count = 0, 6000
        for number in range(count):
            began = time.monotonic()
            connection.request("GET", f"/{number:05}/" + "x" * 200)
            connection.getresponse().read()
            slowest = max(slowest, time.monotonic() - began)
        connection.close()
        assert slowest < 3, "somebody waited for who does not read"
        process.terminate()
        text = process.stderr.read().decode()
        lines, (missing,) = ended(text), re.findall(r'message="Log lines were left out" lines=(\d+)', text)
        assert len(lines) + int(missing) in (count, count + 1), "with the line of going down"
        assert int(missing) > 100 and process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


def test_a_log_whose_reader_has_gone_ends_nothing():
    port = free_port()
    process = subprocess.Popen([str(BINARY), "serve", "--port", str(port)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout.readline().startswith(b"typebar serves")
        process.stderr.close()
        for _ in range(5):
            assert call(port, "GET", "/chat/models").status == 200
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()

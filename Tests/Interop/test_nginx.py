"""nginx with its stock proxy settings in front: HTTP/1.0 to us and buffering on, and still one frame at a time."""

import shutil
import subprocess
import time

import pytest

from conftest import free_port
from on_schedule import assert_on_schedule
from sse_client import Connection, chat, fetch, post_chat, read_answer, stream_target, wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {prefix}/pid;
error_log {prefix}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {prefix}/body;
    proxy_temp_path {prefix}/proxy;
    fastcgi_temp_path {prefix}/fastcgi;
    uwsgi_temp_path {prefix}/uwsgi;
    scgi_temp_path {prefix}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
    }}
}}
"""


@pytest.fixture
def proxy(server, tmp_path):
    """The port of an nginx in front of the server."""
    port = free_port()
    tmp_path.chmod(0o755)
    (tmp_path / "nginx.conf").write_text(CONFIGURATION.format(prefix=tmp_path, port=port, upstream=server.port))
    process = subprocess.Popen([NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"],
                               stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert fetch(port, "GET", "/chat/models").status == 200
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, (tmp_path / "error.log").read_text()
            time.sleep(0.02)
    yield port
    process.terminate()
    process.wait(10)


@pytest.mark.alone
def test_frames_still_arrive_one_by_one(proxy):
    sent = time.monotonic()
    answer = chat(proxy, "x" * 40, model="echo", rate=20, ttft=1000)
    assert answer.whole and answer.text == "x" * 40
    assert answer.start.at - sent < 0.5, "the start frame waits in a buffer"
    assert_on_schedule([frame.at for frame in answer.content], [index / 20 for index in range(40)])


def test_post_and_resume_through_it(proxy):
    first = post_chat(proxy, {"prompt": "Hello, größer 你好", "model": "echo", "rate": 50, "ttft": 0},
                      until=lambda answer: len(answer.content) == 5)
    rest = chat(proxy, headers={"Last-Event-ID": first.last_id})
    assert rest.whole and first.text + rest.text == "Hello, größer 你好"
    assert fetch(proxy, "GET", "/chat/stream", {"Last-Event-ID": rest.last_id}).status == 204


def test_the_clients_connection_stays_usable(proxy):
    with Connection(proxy) as connection:
        for text in ("one", "two"):
            connection.request("GET", stream_target(text, model="echo", rate=0, ttft=0))
            answer = read_answer(connection.response())
            assert answer.whole and answer.text == text


def test_a_client_that_leaves_is_noticed_behind_it(proxy, server):
    before = server.settled_sockets()
    reader = Connection(proxy).request("GET", stream_target("x" * 1000, model="echo", rate=20, ttft=0))
    assert next(reader.response().frames())
    assert server.sockets() > before
    reader.reset()
    wait_until(lambda: server.sockets() <= before, 3, "nginx's connection is still held")

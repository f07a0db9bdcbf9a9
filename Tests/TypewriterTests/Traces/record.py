# SPDX-License-Identifier: Apache-2.0
"""Records the traces beside this file: when the text of a streamed answer came from a real server over a real socket.

    .build/venv/bin/python Tests/TypewriterTests/Traces/record.py [FOLDER]

The servers are `llmock` (PyPI), nginx, and the release build of Typebar's mock. A line of a trace is one read that
brought text: milliseconds since the first text, and that text.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
WORDS = "the sea was calm and nobody in harbour spoke of leaving although each boat pointed out towards it".split()
NGINX = """daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{upstream}; {options} }} }} }}
"""


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def start(command, port, **options):
    """A server, once it takes connections."""
    process = subprocess.Popen([str(each) for each in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, **options)
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, command
            time.sleep(0.05)


def llmock(words, gap):
    """Answers its next request with so many words, one each `gap` milliseconds."""
    port = free_port()
    process = start([Path(sys.executable).parent / "llmock", "serve", "--host", "127.0.0.1", "--port", port,
                     "--stream-chunk-delay-ms", gap], port)
    plan = json.dumps({"behaviors": [{"type": "reply", "text": text(words)}]}).encode()
    answer = b"".join(part for _, part in reads(port, request(plan, "/_llmock/scenario")))
    assert answer.startswith(b"HTTP/1.1 201"), answer
    return process, port


def nginx(upstream, options):
    folder, port = tempfile.mkdtemp(), free_port()
    Path(folder, "conf").write_text(NGINX.format(folder=folder, port=port, upstream=upstream, options=options))
    return start(["nginx", "-c", f"{folder}/conf"], port), port


def text(words):
    return " ".join(random.choices(WORDS, k=words))


def ask(model="gpt-4o", words=45):
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": text(words)}]}
    return request(json.dumps(body).encode())


def request(body, path="/v1/chat/completions"):
    # Of version 1.0: a server that sends chunks all the same sends whole lines in each.
    return (b"POST %s HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer sk-any\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (path.encode(), len(body), body))


def reads(port, sent, delays_acknowledgements=False):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        while part := connection.recv(65536):
            yield time.monotonic(), part
            if delays_acknowledgements:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)


def text_of(line):
    if not line.startswith(b"data: {"):
        return ""
    choices = json.loads(line[6:]).get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def record(name, how, source, on_text=lambda: None):
    began, rest, lines = None, b"", []
    for moment, part in source:
        *whole, rest = (rest + part).split(b"\n")
        if said := "".join(map(text_of, whole)):
            began = began or moment
            lines.append(f'{(moment - began) * 1000:.1f} "{said}"')
            on_text()
    (FOLDER / f"{name}.txt").write_text(f"# {how}\n" + "\n".join(lines) + "\n")
    print(f"{name}: {len(lines)} reads in {lines[-1].split()[0]} ms", flush=True)


class Stopper:
    """Stops a process at some of the reads: its stream stalls as that of a busy machine does."""

    def __init__(self, process, pauses):
        self.process, self.pauses, self.count = process, pauses, 0

    def __call__(self):
        self.count += 1
        if pause := self.pauses.get(self.count):
            self.process.send_signal(signal.SIGSTOP)
            threading.Timer(pause, self.process.send_signal, [signal.SIGCONT]).start()


def steady():
    server, port = llmock(220, 20)
    record("steady", "llmock, a word each 20 ms.", reads(port, ask()))
    server.kill()


def mock():
    port = free_port()
    return start([ROOT / ".build/release/typebar", "serve", "--port", port], port), port


def buffering():
    server, upstream = mock()
    proxy, port = nginx(upstream, "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; proxy_buffer_size 4k; proxy_buffers 8 4k;")
    how = "Typebar's mock, 30 words a second, behind nginx with `proxy_buffering on` and its buffers of 4 KiB."
    record("buffering-proxy", how, reads(port, ask("echo?unit=word&rate=30", 360)))
    proxy.terminate(), server.kill()


def pipe():
    """A program whose output is a pipe writes when its buffer of 4 KiB is full."""
    server, port = llmock(220, 52)

    def lines():
        grep = subprocess.Popen(["grep", "^data"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def feed():
            for _, part in reads(port, ask()):
                grep.stdin.write(part)
                grep.stdin.flush()
            grep.stdin.close()
        threading.Thread(target=feed).start()
        while part := os.read(grep.stdout.fileno(), 65536):
            yield time.monotonic(), part
        grep.wait()
    record("pipe", "llmock, a word each 52 ms, through `grep` whose output is a pipe: stdio's 4 KiB at a time.", lines())
    server.kill()


def prefill():
    server, port = llmock(500, 5)
    how = "llmock, a word each 5 ms, stopped for 2.4 s after its first word."
    record("prefill", how, reads(port, ask()), Stopper(server, {1: 2.4}))
    server.kill()


def trickle():
    server, port = mock()
    model = "echo?unit=word&rate=3&jitter=0.4&cadence=lognormal"
    record("trickle", "Typebar's mock: 3 words a second, log-normal gaps.", reads(port, ask(model)))
    server.terminate()


def stalls():
    server, port = llmock(240, 20)
    pauses = {30: 0.6, 70: 1.1, 110: 2.0, 150: 0.9, 200: 1.6}
    how = "llmock, a word each 20 ms, stopped five times for 0.6 to 2 s."
    record("stalls", how, reads(port, ask()), Stopper(server, pauses))
    server.kill()


def nagle():
    """A server that leaves Nagle's algorithm on, and a client that delays its acknowledgements."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            for word in random.choices(WORDS, k=300):
                delta = json.dumps({"choices": [{"delta": {"content": word + " "}}]})
                connection.sendall(f"data: {delta}\n\n".encode())
                time.sleep(0.012)
    threading.Thread(target=serve).start()
    how = "A word each 12 ms from a socket with Nagle's algorithm, whose client delays its acknowledgements."
    record("nagle", how, reads(listener.getsockname()[1], b"GET / HTTP/1.0\r\n\r\n", True))


def starved():
    """The server gets what CPU time is left."""
    server, port = llmock(300, 10)
    os.setpriority(os.PRIO_PROCESS, server.pid, 19)
    hogs = [subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", "while True: pass"])
            for _ in range(2 * os.cpu_count())]
    how = "llmock, a word each 10 ms, of the lowest priority on a machine whose cores are busy."
    record("starved", how, reads(port, ask()))
    for process in [server, *hogs]:
        process.kill()


for scene in [steady, buffering, pipe, prefill, trickle, stalls, nagle, starved]:
    scene()

# SPDX-License-Identifier: Apache-2.0
"""Starts servers, each on its core, and the clients that load them from the other; for scripts/bench."""

import contextlib
import http.client
import json
import os
import random
import re
import resource
import shlex
import socket
import subprocess
import time
from pathlib import Path

import nginx
import secure
from runs import LETTERS, Unmeasured, say

ROOT = Path(__file__).resolve().parent.parent.parent
PERF = ROOT / ".build" / "perf"
FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
PROXY = """    upstream behind {{ server 127.0.0.1:{behind}; keepalive 1024; }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://behind;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
        }}
    }}
"""


def free_port():
    """One below the ports that the client's own connections are given."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers(port, is_secure=False):
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=2))
        if is_secure:
            connection = stack.enter_context(secure.wrapped(connection))
        connection.sendall(b"GET /chat/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return connection.recv(64).startswith(b"HTTP/1.1 200")
    return False


def output(*command):
    command = [str(word) for word in command]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise Unmeasured(f"{shlex.join(command)}: exit {result.returncode} {result.stderr.strip()[-400:]}")
    return result.stdout


class Servers:
    """What every figure is measured with. The runs of the one that is being measured are kept."""

    perf, say = PERF, staticmethod(say)

    def __init__(self, options):
        self.options = options
        self.server_core, self.client_core = sorted(os.sched_getaffinity(0))[:2]
        self.runs = []

    def command(self, kind, port, behind=None):
        """`behind`: the port of the upstream."""
        serve = [self.options.binary, "serve", "--port", port, "--log-level", "error"]
        if kind in ("floor", "upstream"):
            serve = [PERF / kind, port]
        elif kind.startswith("nginx"):
            serve = ["nginx", "-p", PERF / "nginx", "-e", "stderr", "-c", PERF / "nginx" / "nginx.conf"]
        elif kind == "typebar-tls":
            serve += ["--tls-certificate", PERF / "secure" / "certificate.pem", "--tls-key", PERF / "secure" / "key.pem"]
        elif behind:
            serve += ["--upstream", f"http://127.0.0.1:{behind}/v1", "--model", "bench"]
        core = self.client_core if kind == "upstream" else self.server_core
        return [str(word) for word in ["taskset", "-c", core, *serve]]

    @contextlib.contextmanager
    def server(self, kind, behind=None):
        """A fresh one that answers: its process (taskset becomes it), port, and seconds from exec to the first answer."""
        port, log = free_port(), PERF / f"{kind}.log"
        if kind == "nginx":
            nginx.configure(PERF / "nginx", FILES - 100, PROXY.format(port=port, behind=behind))
        if kind == "nginx-tls":
            nginx.configure(PERF / "nginx", 4096, secure.NGINX.format(folder=PERF / "secure", port=port))
        with log.open("wb") as out:
            began = time.monotonic()
            process = subprocess.Popen(self.command(kind, port, behind), stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            while not answers(port, is_secure=kind.endswith("-tls")):
                if process.poll() is not None or time.monotonic() > began + 15:
                    why = f"exit {process.returncode}" if process.returncode is not None else "no 200 within 15 s"
                    raise Unmeasured(f"{kind} did not start: {why} {log.read_text(errors='replace')[-400:].strip()}")
                time.sleep(0.0005)
            yield process, port, time.monotonic() - began
        finally:
            process.kill()
            process.wait()

    def client(self, name, process, port, *words):
        command = ["taskset", "-c", self.client_core, PERF / name, "-p", port, "-P", process.pid, *words]
        command = [str(word) for word in command]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode not in (0, 1) or not result.stdout:
            raise Unmeasured(f"{name}: exit {result.returncode} {result.stderr.strip()}")
        return json.loads(result.stdout), command

    def keep(self, run, command, behind=None):
        run["server_command"] = shlex.join(self.command(run["server"], command[command.index("-p") + 1], behind))
        run["client_command"] = re.sub(rf'(prompt=|"content":")({LETTERS[:2]}[a-z]*)',
                                       lambda m: f"{m[1]}<{len(m[2])} letters>", shlex.join(command))
        self.runs.append(run)

    @staticmethod
    def ask(port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", "/")
            return connection.getresponse().read()

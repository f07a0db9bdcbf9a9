"""Starts the real server for the tests, and keeps what it said for the report of a failure."""

import contextlib
import copy
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

import transports
from scripted_upstream import ScriptedUpstream
from sse_client import fetch
from transports import port_over

BINARY = Path(os.environ.get("TYPEBAR_BIN") or Path(__file__).parents[2] / ".build/release/typebar").resolve()


def pytest_sessionstart(session):
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"no server at {BINARY}: build it, or name it in TYPEBAR_BIN", returncode=4)


def free_port():
    """Below the ports that the kernel gives to connections, and any of many: tests run side by side."""
    while True:
        port = random.randrange(12_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def arguments(flags):
    """`cors_origin=["a", "b"]` as `--cors-origin a --cors-origin b`."""
    for name, value in flags.items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            yield from ("--" + name.replace("_", "-"), str(each))


class Gateway:
    """A running `typebar serve` of a test's own, or another command that serves. Its port says what is spoken there."""

    def __init__(self, upstream=None, environment=None, descriptors=None, command="serve", over="h1", **flags):
        self.port = port_over(free_port(), over)
        self.expected_to_end = False
        self.log = tempfile.NamedTemporaryFile("w+b", prefix="typebar-", suffix=".log")
        if upstream:
            if command == "serve":
                flags.setdefault("model", "scripted")
            flags["upstream"] = upstream
        if transports.is_secure(self.port):
            flags["tls_certificate"], flags["tls_key"] = transports.server_files()
        # Proxies of the machine are for packages: no upstream of a test lies behind one.
        variables = {name: value for name, value in os.environ.items()
                     if "proxy" not in name.lower() and not name.startswith("TYPEBAR_")}
        limit = ["prlimit", f"--nofile={descriptors}:{descriptors}"] if descriptors else []
        self.process = subprocess.Popen(
            [*limit, str(BINARY), command, "--port", str(self.port), *arguments(flags),
             *(["--http2-prior-knowledge"] if over == "h2c" else [])],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=variables | (environment or {}))
        try:
            self.wait_until_it_answers()
        except BaseException:
            self.end()
            raise

    @property
    def url(self):
        return f"{'https' if transports.is_secure(self.port) else 'http'}://127.0.0.1:{self.port}"

    def over(self, transport):
        """The same server as a client of another transport sees it."""
        view = copy.copy(self)
        view.port = port_over(self.port, transport)
        return view

    @property
    def pid(self):
        return self.process.pid

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 15
        while True:
            assert self.process.poll() is None, f"typebar ended with {self.process.returncode}: {self.said()}"
            try:
                self.ask_anything()
                return
            except (OSError, transports.ConnectionEnded):
                assert time.monotonic() < deadline, f"typebar does not answer: {self.said()}"
                time.sleep(0.02)

    def ask_anything(self):
        fetch(self.port, "GET", "/chat/models", timeout=2)

    def logged(self):
        """How many bytes it has written to its log so far."""
        return os.fstat(self.log.fileno()).st_size

    def said(self, since=0):
        """Its log. The file's position is the server's own, who writes there: so it is left alone."""
        return os.pread(self.log.fileno(), self.logged() - since, since).decode("utf-8", "replace")

    def will_have_said(self, *words, seconds=5):
        """Whether all of the words come: the log is written a moment after what it tells."""
        deadline = time.monotonic() + seconds
        while not all(each in self.said() for each in words):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def resident(self):
        """Resident memory in bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def sockets(self):
        """How many sockets it holds open: what it has noticed of its clients."""
        count = 0
        for entry in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                count += os.readlink(entry).startswith("socket:")
            except FileNotFoundError:
                pass
        return count

    def settled_sockets(self):
        """Its sockets when the connections of earlier requests have gone."""
        counts = [self.sockets()]
        while len(counts) < 25 or len(set(counts[-25:])) > 1:
            time.sleep(0.01)
            counts.append(self.sockets())
        return counts[-1]

    def terminate(self):
        self.expected_to_end = True
        self.process.send_signal(signal.SIGTERM)

    def end(self):
        """Ends it whatever it does; a server that had ended by itself has crashed."""
        code = self.process.poll()
        if code is None:
            self.process.kill()
            self.process.wait()
        return code


def pytest_generate_tests(metafunc):
    """A test marked `transports("h1", "tls", …)` runs over each; the mark nearest to it counts."""
    mark = metafunc.definition.get_closest_marker("transports")
    if mark and "transport" in metafunc.fixturenames:
        metafunc.parametrize("transport", mark.args)


@pytest.fixture
def transport():
    """What the servers of a test speak."""
    return "h1"


@pytest.fixture(scope="session")
def shared_gateways():
    """The servers of the whole session, made when they are asked for: one speaks plainly, one TLS, one also plain HTTP/2."""
    made = {}

    def shared(transport):
        kind = "tls" if transport in ("tls", "h2") else transport
        if kind not in made:
            made[kind] = Gateway(over=transport)
        return made[kind]

    yield shared
    ended = [(each, each.end()) for each in made.values()]
    for each, code in ended:
        assert code is None, f"a shared server ended by itself with {code}:\n{each.said()[-4000:]}"


@pytest.fixture
def server(shared_gateways, transport, request):
    """The server of the whole session: only the mock, all defaults."""
    shared = shared_gateways(transport)
    request.node.gateways = [(shared, shared.logged())]
    assert shared.process.poll() is None, "an earlier test has crashed the server"
    return shared.over(transport)


@pytest.fixture
def gateway(request, transport, tmp_path):
    """Makes servers of the test's own: `gateway(upstream_url, grace=1, config="…")`."""
    made = []

    def make(upstream=None, config=None, kind=Gateway, **flags):
        if config is not None:
            flags["config"] = tmp_path / f"typebar-{len(made)}.yaml"
            flags["config"].write_text(config)
        made.append(kind(upstream, **{"over": transport} | flags))
        request.node.gateways = getattr(request.node, "gateways", []) + [(made[-1], 0)]
        return made[-1]

    yield make
    ended = [(each, each.end()) for each in made]
    for each, code in ended:
        assert code is None or each.expected_to_end, f"typebar ended by itself with {code}:\n{each.said()[-4000:]}"


@pytest.fixture
def upstream():
    """Makes scripted upstreams: `upstream(script)`, where the script plays one exchange; with a context over TLS."""
    made = []

    def make(script, context=None):
        made.append(ScriptedUpstream(script, context))
        return made[-1]

    yield make
    for each in made:
        each.close()
    for each in made:
        assert not each.failures, each.failures


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Puts what the servers of a failed test wrote beside the failure."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for each, since in getattr(item, "gateways", []):
            report.sections.append((f"typebar on port {each.port}", each.said(since)[-8000:]))

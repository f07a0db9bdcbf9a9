"""Certificates on the wire: which one is shown, when they are read again, who clients are, who may come back."""

import hashlib
import http.client
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from certificates import Authority
from conftest import BINARY, Gateway, free_port
from sse_client import HTTP1Connection, read_answer

ROOT = Path(__file__).parents[2]
SECRET = "s" * 32


class Server(Gateway):
    """A gateway that may take no client but those with a certificate: it is up when it says so."""

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 15
        while "typebar serves" not in self.said():
            assert self.process.poll() is None, f"typebar ended with {self.process.returncode}: {self.said()}"
            assert time.monotonic() < deadline, f"typebar does not answer: {self.said()}"
            time.sleep(0.02)


class Secure(HTTP1Connection):
    """A connection over TLS, whose server is held to its name."""

    def __init__(self, port, context, host="localhost", session=None):
        super().__init__(port)
        self.socket = context.wrap_socket(self.socket, server_hostname=host, session=session)

    def get(self, path, **headers):
        return self.request("GET", path, {name.replace("_", "-"): value for name, value in headers.items()}).response()

    @property
    def serial(self):
        return self.socket.getpeercert()["serialNumber"]

    @property
    def digest(self):
        return hashlib.sha256(self.socket.getpeercert(binary_form=True)).hexdigest()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def serve(gateway):
    """Makes servers: `serve("tls: …", host="0.0.0.0")`."""
    return lambda config=None, **flags: gateway(config=config, kind=Server, **flags)


def trusting(authority, certificate=None, version=None):
    context = ssl.create_default_context(cafile=str(authority.file))
    if certificate:
        context.load_cert_chain(*certificate)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def blind():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def tls(files, more=""):
    pairs = ", ".join(f"{{ certificate_file: {certificate}, key_file: {key} }}" for certificate, key in files)
    return f"tls:\n  certificates: [{pairs}]\n" + "".join(f"  {line}\n" for line in more.splitlines())


def put(source, target):
    """Puts both files of one certificate in the place of another's, each at once."""
    for new, old in zip(source, target):
        shutil.copy(new, f"{old}.new")
        os.replace(f"{old}.new", old)


def eventually(holds, seconds=6):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


# ── Which certificate ──


def test_each_client_gets_the_certificate_for_the_name_it_asks_for(authority, serve):
    files = [authority.issue("first.test"), authority.issue("*.many.test"), authority.issue("exact.many.test")]
    server = serve(tls(files))
    context, serials = trusting(authority), set()
    for host in ("first.test", "a.many.test", "exact.many.test"):
        with Secure(server.port, context, host) as connection:
            serials.add(connection.serial)
            assert connection.get("/healthz").status == 200
    assert len(serials) == 3
    digests = {}
    for host in ("first.test", "nobody.test", "a.b.many.test", None, "EXACT.many.test", "exact.many.test"):
        with Secure(server.port, blind(), host) as connection:
            digests[host] = connection.digest
    assert digests["nobody.test"] == digests[None] == digests["a.b.many.test"] == digests["first.test"]
    assert digests["EXACT.many.test"] == digests["exact.many.test"] != digests["first.test"]


def test_no_protocol_in_common_is_an_alert(authority, serve):
    certificate, key = authority.issue("localhost")
    server = serve(tls_certificate=certificate, tls_key=key)
    context = trusting(authority)
    context.set_alpn_protocols(["spdy/3"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        Secure(server.port, context)
    context.set_alpn_protocols(["http/1.1", "spdy/3"])
    with Secure(server.port, context) as connection:
        assert connection.socket.selected_alpn_protocol() == "http/1.1"


# ── Read again ──


@pytest.mark.parametrize("how", ["signal", "change"])
def test_new_certificates_are_for_new_connections_and_a_stream_runs_on(authority, serve, how):
    files = authority.issue("localhost")
    server = serve(tls([files]))
    context = trusting(authority)
    stream = Secure(server.port, context)
    before = stream.serial
    response = stream.get("/chat/stream?prompt=p&model=prose&rate=300&ttft=0")
    put(authority.issue("localhost"), files)
    if how == "signal":
        server.process.send_signal(signal.SIGHUP)
    assert server.will_have_said("Certificates taken in")
    with Secure(server.port, context) as other:
        assert other.serial != before
        assert other.get("/healthz").status == 200
    assert read_answer(response).whole
    assert server.process.poll() is None


def test_a_signal_alone_is_enough(authority, serve):
    server = serve(tls([authority.issue("localhost")]))
    server.process.send_signal(signal.SIGHUP)
    assert server.will_have_said("Certificates taken in", "level=notice")


def test_a_broken_file_changes_nothing_and_is_told_once(authority, serve):
    files = authority.issue("localhost")
    server = serve(tls([files]))
    context = trusting(authority)
    with Secure(server.port, context) as connection:
        before = connection.serial
    kept = files[1].read_bytes()
    files[1].write_text("nonsense")
    assert server.will_have_said("level=error", "Certificates are broken, the old ones stay", str(files[1]))
    time.sleep(1.5)
    assert server.said().count("Certificates are broken") == 1
    with Secure(server.port, context) as connection:
        assert connection.serial == before and connection.get("/healthz").status == 200
    files[1].write_bytes(kept)
    assert server.will_have_said("Certificates taken in")


def test_without_tls_a_hang_up_ends_the_server(serve):
    # Whatever runs the tests may have had hang-ups ignored, and a child inherits that.
    ignored = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    server = serve()
    signal.signal(signal.SIGHUP, ignored)
    server.expected_to_end = True
    server.process.send_signal(signal.SIGHUP)
    assert server.process.wait(10) == -signal.SIGHUP


# ── What cannot be used ──


def said_by(*arguments):
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=30)


def test_files_that_cannot_be_used_are_named_with_the_reason(authority, tmp_path):
    one, other = authority.issue("localhost"), authority.issue("localhost")
    for certificate, key, words in [
        (tmp_path / "none.pem", one[1], ["none.pem", "No such file"]), (one[0], tmp_path / "none.key", ["none.key"]),
        (one[0], other[1], ["does not belong to"]), (one[1], one[1], [one[1].name]),
    ]:
        said = said_by("serve", "--port", free_port(), "--tls-certificate", certificate, "--tls-key", key)
        assert said.returncode == 69 and len(said.stderr.splitlines()) == 1, said
        assert all(word in said.stderr for word in words), said.stderr
    file = tmp_path / "typebar.yaml"
    file.write_text(tls([(tmp_path / "none.pem", one[1])]))
    said = said_by("check", file)
    assert said.returncode == 78 and "typebar.yaml: tls: " in said.stderr and "none.pem" in said.stderr
    file.write_text(tls([authority.issue("localhost", expired=True)]))
    said = said_by("check", file)
    assert said.returncode == 0 and "expired on" in said.stderr


@pytest.mark.parametrize("flags", [["--tls-certificate", "a"], ["--tls-key", "a"],
                                   ["--tls-self-signed", "--tls-certificate", "a", "--tls-key", "b"]])
def test_flags_that_do_not_go_together_are_refused(flags):
    said = said_by("serve", "--port", free_port(), *flags)
    assert said.returncode == 78 and said.stderr.startswith("typebar: --tls-"), said


def test_an_expired_certificate_is_shown_and_told_of(authority, serve):
    server = serve(tls([authority.issue("localhost", expired=True)]))
    assert server.will_have_said("level=warning", "expired on")
    with Secure(server.port, blind()) as connection:
        assert connection.get("/healthz").status == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        Secure(server.port, trusting(authority))


def test_the_environment_names_a_certificate(authority, serve):
    certificate, key = authority.issue("localhost")
    server = serve(environment={"TYPEBAR_TLS_CERTIFICATE": str(certificate), "TYPEBAR_TLS_KEY": str(key)})
    with Secure(server.port, trusting(authority)) as connection:
        assert connection.get("/healthz").status == 200


# ── Who clients are ──


@pytest.fixture
def clients(tmp_path):
    folder = tmp_path / "clients"
    folder.mkdir()
    return Authority(folder)


def mutual(clients, required):
    return (f"client: {{ ca_file: {clients.file}, required: {str(required).lower()}, "
            "keys: { ops: admin, app.test: app } }")


def logged(server, path):
    """The names of keys in the lines for `path`."""
    lines = [line for line in server.said().splitlines() if f"path={path} " in line]
    return [found.group(1) if (found := re.search(r" key=(\S+)", line)) else None for line in lines]


def test_who_shows_no_certificate_is_turned_away_where_one_is_required(authority, clients, serve):
    server = serve(tls([authority.issue("localhost")], mutual(clients, True)))
    with Secure(server.port, trusting(authority, clients.issue("app.test"))) as connection:
        assert connection.get("/chat/models").status == 200
    strangers = [None, authority.issue("app.test")]
    for certificate in strangers:
        with pytest.raises((OSError, http.client.HTTPException)), \
                Secure(server.port, trusting(authority, certificate)) as connection:
            connection.get("/chat/models")
    eventually(lambda: logged(server, "/chat/models") == ["app"])


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_log_tells_whose_certificate_it_was(authority, clients, serve, version):
    server = serve(tls([authority.issue("localhost")], mutual(clients, False)))
    known = [clients.issue(common_name="ops"), clients.issue("x.test", "app.test"), clients.issue(common_name="batch"), None]
    for certificate in known:
        with Secure(server.port, trusting(authority, certificate, version)) as connection:
            assert connection.get("/chat/models").status == 200
    eventually(lambda: len(logged(server, "/chat/models")) == 4)
    assert sorted(logged(server, "/chat/models"), key=str) == [None, "admin", "app", "cn:batch"]


@pytest.mark.parametrize("key", [None, "open sesame"])
def test_the_name_admin_opens_what_the_admin_key_opens(authority, clients, serve, key):
    more = mutual(clients, False)
    config = tls([authority.issue("localhost")], more) + (f"admin: {{ key: {key} }}\n" if key else "")
    server = serve(config, host="0.0.0.0")
    for certificate, status in [(clients.issue(common_name="ops"), 200), (clients.issue("app.test"), 401), (None, 401)]:
        with Secure(server.port, trusting(authority, certificate)) as connection:
            assert connection.get("/admin/counts").status == status
    if key:
        with Secure(server.port, trusting(authority)) as connection:
            assert connection.get("/admin/counts", Authorization=f"Bearer {key}").status == 200


# ── Who may come back ──


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_sessions_go_on_at_servers_of_the_same_secret(authority, serve, version):
    files, context = authority.issue("localhost"), trusting(authority, version=version)
    config = tls([files], "tickets: { secret: \"${TICKETS}\" }")

    def start(secret):
        return serve(config, environment={"TICKETS": secret})

    def visit(server, session=None):
        with Secure(server.port, context, session=session) as connection:
            assert connection.get("/healthz").read() == b"ok\n"
            return connection.socket.session_reused, connection.socket.session

    first = start(SECRET)
    is_reused, session = visit(first)
    assert not is_reused
    assert visit(first, session)[0]
    first.terminate()
    assert first.process.wait(15) == 0
    assert visit(start(SECRET), session)[0]
    assert not visit(start("t" * 32), session)[0]
    without = serve(tls([files]))
    assert not visit(without, session)[0]


def test_a_new_session_costs_one_ticket(authority, serve):
    certificate, key = authority.issue("localhost")
    server = serve(tls_certificate=certificate, tls_key=key)
    said = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_3", "-msg", "-quiet", "-ign_eof"],
        input="GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        capture_output=True, text=True, timeout=20)
    assert said.stdout.count("NewSessionTicket") == 1, said


# ── scripts/dev-cert ──


def dev_cert(*arguments):
    return subprocess.run([str(ROOT / "scripts/dev-cert"), *map(str, arguments)],
                          capture_output=True, text=True, timeout=60, check=True).stdout


def test_dev_cert_makes_what_serve_and_curl_take(serve, tmp_path):
    folder = tmp_path / "certs"
    said = dev_cert("--to", folder, "--client", "ops", "chat.test")
    authority = (folder / "ca.pem").read_bytes()
    assert dev_cert("--to", folder) and (folder / "ca.pem").read_bytes() == authority
    assert f"typebar serve --tls-certificate {folder}/server.pem --tls-key {folder}/server.key" in said
    assert f"curl --cacert {folder}/ca.pem https://" in said
    assert all((folder / name).stat().st_mode & 0o077 == 0 for name in ("ca.key", "server.key", "client-ops.key"))
    server = serve(tls([(folder / "server.pem", folder / "server.key")],
                       f"client: {{ ca_file: {folder}/ca.pem, required: true }}"))
    curl = ["curl", "-sS", "--noproxy", "*", "--cacert", folder / "ca.pem", "-o", "-", "-w", " %{http_code}",
            f"https://localhost:{server.port}/healthz"]
    assert subprocess.run([*curl, "--cert", folder / "client-ops.pem", "--key", folder / "client-ops.key"],
                          capture_output=True, text=True, timeout=20).stdout == "ok\n 200"
    assert subprocess.run(curl, capture_output=True, timeout=20).returncode != 0

"""The ports beside TLS: the plain one that redirects, what answers say of it, and what a server that starts warns of."""

import hashlib
import re
import ssl
import subprocess
import time

from conftest import BINARY, free_port
from sse_client import Connection, fetch
from test_tls_certificates import Secure, authority, blind, eventually, serve, tls, trusting  # noqa: F401 (fixtures)

# ── The plain port beside it ──


def test_the_plain_port_points_to_the_secure_one(authority, serve):
    plain = free_port()
    server = serve(tls([authority.issue("localhost")], f"redirect_port: {plain}\nhsts_seconds: 300"))
    for method, body in [("GET", None), ("POST", {"a": 1}), ("OPTIONS", None)]:
        answer = fetch(plain, method, "/chat/stream?prompt=a%20b", {"Host": f"chat.test:{plain}"}, body)
        assert answer.status == 308
        assert answer.header("location") == f"https://chat.test:{server.port}/chat/stream?prompt=a%20b"
        assert answer.header("strict-transport-security") is None
    with Connection(plain) as connection:
        connection.send(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.response().status == 400
    for host in ("a/b", "a@b", "evil.test\\"):
        assert fetch(plain, "GET", "/", {"Host": host}).status == 400
    for path, method in [("/chat/models", "GET"), ("/nothing", "GET"), ("/chat/stream", "OPTIONS"),
                         ("/chat/stream?prompt=p&model=echo", "GET")]:
        with Secure(server.port, trusting(authority)) as connection:
            response = connection.request(method, path).response()
            assert response.header("strict-transport-security") == "max-age=300", path


def test_the_plain_port_names_the_port_that_clients_are_told_of(authority, serve):
    plain = free_port()
    serve(tls([authority.issue("localhost")], f"redirect_port: {plain}\nredirect_to_port: 443"))
    answer = fetch(plain, "GET", "/chat/models", {"Host": f"chat.test:{plain}"})
    assert answer.header("location") == "https://chat.test/chat/models"


def test_a_page_may_read_why_its_request_was_refused_unread(authority, serve):
    """The answer to a head alone carries what every answer carries."""
    server = serve(tls([authority.issue("localhost")], "hsts_seconds: 300") + "cors: { origins: [https://page.test] }\n")
    with Secure(server.port, trusting(authority)) as connection:
        fields = {"Origin": "https://page.test", "Content-Length": str(5 * 1024 * 1024)}
        response = connection.request("POST", "/chat/stream", fields).response()
        assert response.status == 413
        assert response.header("access-control-allow-origin") == "https://page.test"
        assert response.header("strict-transport-security") == "max-age=300"


# ── What is said at the start ──


def test_an_open_port_without_tls_or_key_is_warned_of(authority, serve):
    warning = "there is neither TLS nor a key"
    assert serve(host="0.0.0.0").will_have_said("level=warning", warning)
    certificate, key = authority.issue("localhost")
    calm = [serve(), serve(host="0.0.0.0", tls_certificate=certificate, tls_key=key),
            serve("admin: { key: open sesame }", host="0.0.0.0")]
    for server in calm:
        time.sleep(0.2)
        assert warning not in server.said()


def test_a_certificate_of_its_own_is_told_by_its_fingerprint(serve, tmp_path):
    port = free_port()
    with open(tmp_path / "said", "w+") as said:
        process = subprocess.Popen([str(BINARY), "serve", "--port", str(port), "--tls-self-signed",
                                    "--allow-host", "chat.test:8443"], stdout=said, stderr=said)
        try:
            told = tmp_path / "said"
            eventually(lambda: "fingerprint" in told.read_text())
            with Secure(port, blind()) as connection:
                der = connection.socket.getpeercert(binary_form=True)
                assert connection.get("/healthz").status == 200
            fingerprint = re.search(r"fingerprint is ([0-9A-F:]{95})", told.read_text()).group(1)
            assert fingerprint.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
            (tmp_path / "own.pem").write_text(ssl.DER_cert_to_PEM_cert(der))
            context = ssl.create_default_context(cafile=str(tmp_path / "own.pem"))
            for host in ("localhost", "127.0.0.1", "::1", "chat.test"):
                with Secure(port, context, host) as connection:
                    assert connection.get("/healthz").status == 200
        finally:
            process.terminate()
            assert process.wait(15) == 0

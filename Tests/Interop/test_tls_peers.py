"""TLS with those who did not learn it from us: OpenSSL's client, Python's, curl; and with who speaks no TLS at all."""

import json
import re
import ssl
import subprocess
import time

import pytest
import trustme

from secure_gateway import SecureConnection, SecureGateway, authority, secure  # noqa: F401 (fixtures)
from sse_client import fetch, read_answer, stream_target

REQUEST = b"GET /chat/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# Where no certificate is RSA's, these are all that a TLS 1.2 client may choose.
GOOD = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def s_client(server, *flags, says=REQUEST):
    """All that `openssl s_client` tells of a connection on which it asks for the models."""
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", "localhost",
         "-CAfile", str(server.authority.file), "-verify_return_error", "-verify_hostname", "localhost",
         *(["-ign_eof"] if says else []), *flags],
        input=says, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20).stdout.decode("utf-8", "replace")


class TestOpenSSL:
    @pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
    @pytest.mark.parametrize("offered,chosen", [
        ("http/1.1", "http/1.1"), ("http/1.1,h2", "h2"), ("h2,spdy/3", "h2"), (None, None)])
    def test_a_protocol_is_agreed_on(self, secure, version, offered, chosen):
        offer = ("-alpn", offered) if offered else ()
        told = s_client(secure, version, *offer, says=b"" if chosen == "h2" else REQUEST)
        assert "Verification: OK" in told, told
        assert (f"ALPN protocol: {chosen}" if chosen else "No ALPN negotiated") in told, told
        assert chosen == "h2" or "HTTP/1.1 200" in told and '{"models":' in told, told

    @pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
    def test_no_protocol_in_common_is_a_fatal_alert(self, secure, version):
        told = s_client(secure, version, "-alpn", "spdy/3,http/0.9")
        assert "alert no application protocol" in told and "SSL alert number 120" in told, told

    @pytest.mark.parametrize("flag,name", [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
    def test_a_version_is_spoken(self, secure, flag, name):
        told = s_client(secure, flag)
        assert re.search(rf"New, {name}, Cipher is \S*(GCM|CHACHA20)", told) and "HTTP/1.1 200" in told, told
        assert "Compression: NONE" in told, told

    @pytest.mark.parametrize("flag", ["-tls1", "-tls1_1"])
    def test_an_old_version_is_refused(self, secure, flag):
        told = s_client(secure, flag, "-cipher", "ALL:@SECLEVEL=0")
        assert "alert protocol version" in told and "Cipher is (NONE)" in told, told

    def test_a_session_is_resumed_in_tls_1_2(self, secure):
        told = s_client(secure, "-tls1_2", "-reconnect", says=b"")
        assert told.count("New, TLSv1.2") == 1 and told.count("Reused, TLSv1.2") == 5, told

    def test_a_session_is_resumed_in_tls_1_3(self, secure, tmp_path):
        file = str(tmp_path / "session.pem")
        # The ticket comes after the handshake, so the first connection has to read something.
        assert "New, TLSv1.3" in s_client(secure, "-tls1_3", "-sess_out", file)
        told = s_client(secure, "-tls1_3", "-sess_in", file)
        assert "Reused, TLSv1.3" in told and "HTTP/1.1 200" in told, told

    def test_nothing_is_taken_early(self, secure, tmp_path):
        """What is sent before the handshake can be sent again by whoever heard it."""
        file, early = str(tmp_path / "session.pem"), tmp_path / "early"
        early.write_bytes(REQUEST)
        assert "Max Early Data: 0" in s_client(secure, "-tls1_3", "-sess_out", file)
        assert "Early data was accepted" not in s_client(secure, "-tls1_3", "-sess_in", file, "-early_data", str(early))

    def test_who_wants_to_negotiate_again_is_refused(self, secure):
        with subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_2"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
            time.sleep(0.3)
            client.stdin.write(b"R\n")
            client.stdin.flush()
            time.sleep(0.5)
            told = client.communicate(timeout=10)[0].decode("utf-8", "replace")
        assert "RENEGOTIATING" in told and "no renegotiation" in told, told
        assert secure.fetch("/chat/models").status == 200

    def test_only_ciphers_of_today(self, secure):
        """One connection for each cipher that OpenSSL knows: those without forward secrecy or with CBC are refused."""
        assert accepted(secure) == GOOD

    def test_only_ciphers_of_today_with_an_rsa_certificate(self, authority):
        server = SecureGateway(authority, {"key_type": trustme.KeyType.RSA})
        try:
            assert accepted(server) == {name.replace("ECDSA", "RSA") for name in GOOD}
        finally:
            assert server.end() is None


def accepted(server):
    """The ciphers of TLS 1.2 with which a handshake succeeds."""
    known = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                           capture_output=True, text=True)
    names = [name for name in known.stdout.strip().split(":") if "PSK" not in name and "SRP" not in name]
    assert len(names) > 50 and {"AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "AES128-GCM-SHA256"} <= set(names)
    taken = set()
    for name in names:
        try:
            with SecureConnection(server, ciphers=name, version=TLS12) as connection:
                taken.add(connection.socket.cipher()[0])
        except ssl.SSLError as refused:
            assert "HANDSHAKE_FAILURE" in str(refused).upper().replace(" ", "_"), refused
    return taken


class TestStreams:
    @pytest.mark.parametrize("version", [TLS12, TLS13], ids=["1.2", "1.3"])
    def test_an_answer_is_typed_to_its_end_and_the_session_closed_in_order(self, secure, version):
        with SecureConnection(secure, version=version) as connection:
            connection.request("GET", stream_target("x" * 50, model="echo", rate=100, ttft=50), {"Connection": "close"})
            answer = read_answer(connection.response())
            assert answer.whole and answer.text == "x" * 50
            times = [frame.at for frame in answer.content]
            assert len(set(times)) > 30, "it does not type, it appears"
            # Without a close-notify this would raise: a cut could not be told from an end.
            assert connection.at_end()

    def test_a_long_answer_at_once_is_whole(self, secure):
        text = "größer " * 100_000
        with SecureConnection(secure) as connection:
            connection.request("POST", "/chat/stream", body={
                "prompt": text, "model": "echo", "unit": "word", "rate": 0, "ttft": 0})
            answer = read_answer(connection.response())
        assert answer.whole and answer.text == text

    def test_requests_follow_one_another_on_a_connection(self, secure):
        with SecureConnection(secure) as connection:
            for _ in range(20):
                assert connection.request("GET", "/chat/models").response().json()


class TestStrangers:
    def test_who_speaks_plainly_is_told_so_in_words(self, secure):
        told = fetch(secure.port, "GET", "/")
        assert told.status == 400 and b"https" in told.body.lower(), (told.status, told.body)

    @pytest.mark.parametrize("said", [
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\x16\x03\x01\xff\xff" + b"x" * 70_000,
        b"\x80\x2e\x01\x00\x02" + b"\0" * 43,
        b"\0" * 100, b"\xff" * 4000, b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x03\x00\x02\x02\x28"],
        ids=["a broken hello", "too long a record", "SSL 2", "zeros", "ones", "SSH", "an alert"])
    def test_garbage_ends_its_connection_at_once_and_no_other(self, secure, said):
        began = time.monotonic()
        with SecureConnection(secure) as other:
            other.request("GET", stream_target("x" * 20, model="echo", rate=100, ttft=0))
            with secure.plain_socket() as stranger:
                try:
                    stranger.sendall(said)
                    while stranger.recv(4096):
                        pass
                except ConnectionError:
                    pass
            assert time.monotonic() - began < 5
            assert read_answer(other.response()).whole

    def test_garbage_after_the_handshake_ends_the_connection(self, secure):
        with secure.plain_socket() as raw:
            into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
            session = secure.context().wrap_bio(into, out, server_hostname="localhost")
            while True:
                try:
                    session.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    raw.sendall(out.read())
                    into.write(raw.recv(65536))
            raw.sendall(out.read() + b"\x17\x03\x03\x00\x20" + b"x" * 32)
            with pytest.raises((ssl.SSLError, ConnectionError)) as end:
                while received := raw.recv(65536):
                    into.write(received)
                    try:
                        session.read(65536)
                    except ssl.SSLWantReadError:
                        pass
                raise ConnectionError("it ended without an alert")
            assert "bad record mac" in str(end.value).lower().replace("_", " "), end.value

    def test_who_does_not_shake_hands_in_time_is_cut(self, authority, tmp_path):
        """Silent, in the middle of its first record, or ever one byte more."""
        certificate, key = authority.issue("localhost")
        config = tmp_path / "typebar.yaml"
        config.write_text(json.dumps({"tls": {
            "certificates": [{"certificate_file": str(certificate), "key_file": str(key)}], "handshake_ms": 1500}}))
        server = SecureGateway(authority, config=config)
        hello = hello_of(server)
        try:
            for said, drip in [(b"", b""), (hello[:100], b""), (hello[:50], hello[50:])]:
                with server.plain_socket() as stranger:
                    began = time.monotonic()
                    stranger.sendall(said)
                    stranger.settimeout(0.1)
                    assert ended_within(stranger, 8, drip)
                    assert 1.3 < time.monotonic() - began < 5
        finally:
            assert server.end() is None

    def test_a_thousand_that_leave_in_the_middle_leave_nothing(self, secure):
        hello, before = hello_of(secure), secure.settled_sockets()
        for index in range(1000):
            with secure.plain_socket() as stranger:
                stranger.sendall(hello[:(index % 3) * 100])
        deadline = time.monotonic() + 10
        while secure.sockets() > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert secure.sockets() <= before
        assert secure.fetch("/chat/models").status == 200


def ended_within(stranger, seconds, drip):
    """Whether the peer closes, while a byte of `drip` goes out each time that nothing has come."""
    rest, deadline = iter(drip), time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not stranger.recv(4096):
                return True
        except TimeoutError:
            if (byte := next(rest, None)) is not None:
                stranger.sendall(bytes([byte]))
        except ConnectionError:
            return True
    return False


def hello_of(server):
    """The first record of a client."""
    out = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        server.context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
    return out.read()


def curl(*words):
    return subprocess.run(["curl", "-sS", "--noproxy", "*", "--max-time", "20", *map(str, words)],
                          capture_output=True, timeout=30)


class TestCurl:
    TARGET = stream_target("größer " * 10, model="echo", unit="word", rate=100, ttft=50)

    @pytest.mark.parametrize("flag,version", [("--http1.1", "1.1"), ("--http2", "2"), (None, "2")])
    def test_an_answer_is_whole(self, secure, flag, version):
        told = curl("-N", "--cacert", secure.authority.file, "-w", "%{http_version}", *([flag] if flag else []),
                    secure.url + self.TARGET)
        assert told.returncode == 0, told.stderr
        assert told.stdout.endswith(b"data: [DONE]\n\n" + version.encode()), told.stdout[-200:]
        assert told.stdout.count("größer".encode()) == 10

    def test_who_does_not_trust_the_authority_asks_nothing(self, secure):
        assert curl(secure.url).returncode == 60

    def test_http2_by_prior_knowledge_only_where_it_is_wanted(self, gateway):
        open_to_it, closed = gateway(config="http2:\n  prior_knowledge: true\n"), gateway()
        told = curl("-N", "--http2-prior-knowledge", "-w", "%{http_version}", open_to_it.url + self.TARGET)
        assert told.returncode == 0 and told.stdout.endswith(b"[DONE]\n\n2"), told
        # The other protocol is still spoken on the same port.
        told = curl("-N", "--http1.1", "-w", "%{http_version}", open_to_it.url + self.TARGET)
        assert told.returncode == 0 and told.stdout.endswith(b"[DONE]\n\n1.1"), told
        assert curl("--http2-prior-knowledge", closed.url + self.TARGET).returncode != 0

    def test_an_upgrade_to_http2_is_not_taken(self, gateway):
        told = curl("-N", "--http2", "-w", "%{http_version}", gateway().url + self.TARGET)
        assert told.returncode == 0 and told.stdout.endswith(b"[DONE]\n\n1.1"), told

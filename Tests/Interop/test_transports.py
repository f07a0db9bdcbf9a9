"""What TLS under a connection changes: nothing for who resumes, and what there is to refuse, to cut and to notice."""

import random
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import transports
from sse_client import Answer, Connection, chat, fetch, read_answer, stream_target, wait_until
from transports import TLSSocket, client_context

SECURE = pytest.mark.transports("tls", "h2")
FAST = {"rate": 0, "ttft": 0}


@pytest.mark.parametrize("first,others", [("tls", ["h2", "tls"]), ("h1", ["h2c", "h1"])], ids=["secure", "plain"])
def test_a_stream_goes_on_over_another_transport_exactly_once(gateway, first, others):
    """Begun over one, resumed over the next, and so on: cut each time, by a reset, an end or a fault."""
    made = gateway(over="h2c" if first == "h1" else first)
    alphabet = ["a", "b ", "\n", "é", "你", "😀", "👩‍💻", "e\u0301", ". ", "[DONE]", "\n\n", "data: "]

    def follow(number):
        chance = random.Random(number)
        text = "".join(chance.choices(alphabet, k=250))
        over, got, last, count = first, "", None, 0
        while True:
            with Connection(made.over(over).port) as connection:
                if last is None:
                    connection.request("POST", "/chat/stream", body={"prompt": text, "model": "echo", "rate": 300, "ttft": 0})
                else:
                    connection.request("GET", "/chat/stream", {"Last-Event-ID": last})
                answer, wanted = Answer(connection.response()), chance.randint(1, 40)
                assert answer.response.status == 200
                for frame in answer.response.frames():
                    answer.frames.append(frame)
                    if len(answer.content) >= wanted:
                        break
                if chance.random() < 0.5:
                    connection.reset()
            answer.check()
            got, last, count = got + answer.text, answer.last_id, count + 1
            if answer.last:
                assert answer.whole and got == text
                assert fetch(made.over(chance.choice(others)).port, "GET", "/chat/stream",
                             {"Last-Event-ID": last}).status == 204
                return count
            over = chance.choice([each for each in [first, *others] if each != over])

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(follow, range(10))) > 60, "the cuts came too late to test anything"


@pytest.mark.transports("tls")
class TestEndOfSession:
    """close-notify (RFC 8446, section 6.1) ends one direction, and the connection's end is none of it."""

    def test_an_answer_ends_with_the_servers_own_close_notify(self, server):
        with Connection(server.port) as connection:
            connection.request("GET", "/chat/models", {"Connection": "close"})
            connection.response().read()
            # An end of the connection alone would raise.
            assert connection.at_end()

    @pytest.mark.parametrize("also", ["close-notify", "and FIN"])
    def test_who_has_said_all_still_hears_all(self, server, also):
        with Connection(server.port) as connection:
            connection.request("GET", stream_target("x" * 60, model="echo", rate=50, ttft=200))
            response = connection.response()
            first = next(response.frames())
            connection.finish_sending()
            if also == "and FIN":
                connection.socket.plain.shutdown(socket.SHUT_WR)
            answer = Answer(response, [first, *response.frames()]).check()
            assert answer.whole and answer.text == "x" * 60
            assert connection.at_end()

    def test_a_request_that_comes_with_the_close_notify_is_answered(self, server):
        with Connection(server.port) as connection:
            sealed = connection.socket
            sealed.session.write(b"GET /chat/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            # Both in one segment.
            sealed.step(sealed.session.unwrap)
            assert "models" in connection.response().json()
            assert connection.at_end()

    @pytest.mark.parametrize("end", ["close-notify and RST", "FIN", "RST"])
    def test_who_vanishes_is_noticed(self, gateway, end):
        server = gateway()
        idle = server.settled_sockets()
        connection = Connection(server.port).request("GET", stream_target("x" * 1000, model="echo", rate=20, ttft=0))
        next(connection.response().frames())
        if end.startswith("close-notify"):
            connection.finish_sending()
        if end.endswith("RST"):
            connection.reset()
        else:
            connection.socket.plain.close()
        wait_until(lambda: server.sockets() <= idle, 1.5, "the connection is still held")

    def test_a_connection_that_ends_within_a_record_ends_no_stream_of_others(self, server):
        with Connection(server.port) as other:
            other.request("GET", stream_target("x" * 50, model="echo", rate=50, ttft=0))
            for cut in (1, 5, 20):
                with Connection(server.port) as connection:
                    connection.socket.session.write(b"GET /chat/models HTTP/1.1\r\n")
                    connection.socket.plain.sendall(connection.socket.outgoing.read()[:cut])
                    connection.socket.plain.close()
            assert read_answer(other.response()).text == "x" * 50


@SECURE
class TestHandshakes:
    @staticmethod
    def limits(handshake_ms):
        certificate, key = transports.server_files()
        return (f"threads: 1\ntls:\n  handshake_ms: {handshake_ms}\n"
                f"  certificates: [ {{ certificate_file: {certificate}, key_file: {key} }} ]\n")

    @pytest.mark.parametrize("said", [b"", b"\x16\x03\x01", "half"], ids=["nothing", "three bytes", "half a hello"])
    def test_a_slow_one_is_cut_after_its_time_and_holds_no_other(self, gateway, said):
        port = gateway(config=self.limits(2000)).port
        with socket.create_connection(("127.0.0.1", int(port)), timeout=5) as slow:
            began = time.monotonic()
            slow.sendall(self.hello()[:100] if said == "half" else said)
            answer = chat(port, "x" * 20, model="echo", rate=50, ttft=0)
            assert answer.whole and answer.last.at - began < 1.5, "others wait for it"
            assert received_to_the_end(slow) == b"", "it has not even said hello"
            assert 1.9 < time.monotonic() - began < 5

    @pytest.mark.transports("tls", because="nothing is spoken inside yet")
    @pytest.mark.parametrize("said", ["nothing", "half a hello", "a hello"])
    def test_many_that_say_no_more_hold_no_other(self, gateway, said):
        port = gateway(config=self.limits(3000)).port
        hello = {"nothing": b"", "half a hello": self.hello()[:100], "a hello": self.hello()}[said]
        silent = [socket.create_connection(("127.0.0.1", int(port)), timeout=5) for _ in range(100)]
        try:
            for each in silent:
                each.sendall(hello)
            began = time.monotonic()
            assert chat(port, "x", model="echo", **FAST).whole
            assert time.monotonic() - began < 2.5, "who says nothing takes the turn of who would"
        finally:
            for each in silent:
                each.close()

    @pytest.mark.alone
    @pytest.mark.transports("tls", because="nothing is spoken inside yet")
    def test_a_stream_types_on_while_thousands_come_at_once(self, gateway):
        port, hello = gateway(config=self.limits(10_000)).port, self.hello()

        def all_answered():
            """When the server's hello has come for each of them."""
            for each in crowd:
                assert each.recv(1) == b"\x16"
            return time.monotonic()

        crowd = [socket.create_connection(("127.0.0.1", int(port)), timeout=5) for _ in range(2000)]
        try:
            with Connection(port) as connection, ThreadPoolExecutor(1) as pool:
                connection.request("GET", stream_target("x" * 200, model="echo", unit="character", rate=50, ttft=0))
                frames = connection.response().frames()
                next(frames)
                began = time.monotonic()
                for each in crowd:
                    each.sendall(hello)
                answered = pool.submit(all_answered)
                times = [frame.at for frame in frames]
                took = answered.result() - began
            assert len(times) > 200
            # A handshake takes about 0.3 ms, and the stream would pause for all of them.
            assert max(after - before for before, after in zip(times, times[1:])) < max(0.25, took / 2)
        finally:
            for each in crowd:
                each.close()

    def test_plain_http_is_told_apart(self, server):
        """However it is answered, it is at once, and the server goes on."""
        with socket.create_connection(("127.0.0.1", int(server.port)), timeout=3) as plain:
            plain.sendall(b"GET /chat/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b"models" not in received_to_the_end(plain)
        assert chat(server.port, "x", model="echo", **FAST).whole

    @staticmethod
    def hello():
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = client_context("h2").wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        with pytest.raises(ssl.SSLWantReadError):
            session.do_handshake()
        return outgoing.read()


def received_to_the_end(connected):
    """All that comes until the peer closes, in order or not."""
    received = b""
    try:
        while part := connected.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


@SECURE
def test_who_sends_byte_by_byte_from_the_handshake_on_is_served_like_any(server, monkeypatch):
    def transmit(self, records):
        for byte in records:
            self.plain.sendall(bytes([byte]))

    monkeypatch.setattr(TLSSocket, "transmit", transmit)
    answer = chat(server.port, "x" * 20, model="echo", rate=100, ttft=0)
    assert answer.whole and answer.text == "x" * 20

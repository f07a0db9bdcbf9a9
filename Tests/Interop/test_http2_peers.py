"""HTTP/2 with nghttp2's own clients, and with one who keeps no rule: he is sent away, and nobody else feels it."""

import json
import os
import re
import subprocess

import pytest
from hyperframe import frame as frames

from http2_peer import (
    CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, NO_ERROR, PROTOCOL_ERROR,
    REFUSED_STREAM, STREAM_CLOSED, HTTP2Peer, raw_frame)
from secure_gateway import SecureConnection, SecureGateway, authority, secure  # noqa: F401 (fixtures)
from sse_client import parse_frame, stream_target, wait_until

SLOW = stream_target("x" * 1000, model="echo", rate=1, ttft=0)
QUICK = stream_target("y" * 20, model="echo", rate=0, ttft=0)
MODELS = "/chat/models"
SENSE = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", MODELS)]
NO_WINDOW = {frames.SettingsFrame.INITIAL_WINDOW_SIZE: 0}


def run(*command):
    """What it says. The proxies of the machine are for packages."""
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment).stdout


def text_of(body):
    """What a whole stream has typed."""
    frames_of = [parse_frame(block + b"\n\n", 0) for block in body.split(b"\n\n")[:-1]]
    assert frames_of[-1].data == "[DONE]"
    return "".join(each.data for each in frames_of if each.id and each.event is None and not each.last)


class Bystander:
    """Somebody else's stream on another connection: typed without a gap, whatever happens meanwhile."""

    LENGTH, RATE = 100, 100

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.peer = HTTP2Peer(self.server)
        self.peer.get(1, stream_target("z" * self.LENGTH, model="echo", rate=self.RATE, ttft=0))
        self.peer.wait(lambda: len(self.peer.times.get(1, ())) > 3, "it does not begin")

    def __exit__(self, kind, *_):
        if kind is None:
            self.peer.wait_for_end(1)
            assert text_of(self.peer.bodies[1]) == "z" * self.LENGTH
            times = self.peer.times[1]
            # On an idle machine a hundredth of a second.
            assert max(after - before for before, after in zip(times, times[1:])) < 0.5
        self.peer.close()


@pytest.fixture
def others(secure):
    """Somebody else reads during the test, and after it the server has grown by no more than a bit."""
    before = secure.resident()
    with Bystander(secure):
        yield
    assert secure.resident() - before < 32 << 20, f"{secure.resident() - before >> 20} MiB more"


class TestNghttp2:
    def test_nghttp_reads_a_page_of_streams(self, secure):
        told = run("nghttp", "-v", "-m", "10", secure.url + QUICK)
        assert "The negotiated protocol: h2" in told, told
        assert told.count(":status: 200") == 10 and told.count("data: [DONE]") == 10, told[-2000:]
        # Its own GOAWAY is the last frame, and without an error in any case.
        assert "recv GOAWAY" not in told and "recv RST_STREAM" not in told, told[-2000:]

    def test_h2load_loses_no_byte(self, authority):
        server = SecureGateway(authority, seed=7)
        try:
            with SecureConnection(server) as connection:
                body = connection.request("GET", QUICK).response().read()
            told = run("h2load", "-n", "2000", "-c", "4", "-m", "100", server.url + QUICK)
            assert "2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout" in told, told
            assert "status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx" in told, told
            assert "Application protocol: h2" in told and "TLS Protocol: TLSv1.3" in told
            data = int(re.search(r"\((\d+)\) data", told)[1])
            assert data == 2000 * len(body), (data, len(body))
        finally:
            assert server.end() is None

    def test_h2load_holds_many_streams_that_type(self, secure):
        target = stream_target("x" * 50, model="echo", rate=50, ttft=100)
        told = run("h2load", "-n", "400", "-c", "4", "-m", "100", secure.url + target)
        assert "400 done, 400 succeeded, 0 failed, 0 errored, 0 timeout" in told and "400 2xx" in told, told
        seconds = float(re.search(r"finished in ([\d.]+)s", told)[1])
        assert seconds < 4, "they are not typed at the same time"


class TestManners:
    """What a client may do."""

    def test_streams_share_a_connection_and_each_is_typed(self, secure):
        with HTTP2Peer(secure) as peer:
            for stream in range(1, 100, 2):
                peer.get(stream, stream_target(f"n{stream} " * 40, model="echo", rate=100, ttft=50, unit="word"))
            for stream in range(1, 100, 2):
                peer.wait_for_end(stream)
                assert text_of(peer.bodies[stream]) == f"n{stream} " * 40
            assert len(peer.times[1]) > 5 and peer.goaway is None

    def test_a_stream_more_than_were_allowed_is_refused_alone(self, secure, others):
        with HTTP2Peer(secure) as peer:
            peer.wait(lambda: peer.settings, "no SETTINGS")
            most = peer.settings[frames.SettingsFrame.MAX_CONCURRENT_STREAMS]
            assert 100 <= most <= 1000
            for index in range(most):
                peer.get(2 * index + 1, SLOW)
            peer.wait(lambda: len(peer.heads) == most, "not all are answered")
            # One ends, and the next is taken.
            peer.send(frames.RstStreamFrame(1, CANCEL))
            peer.get(2 * most + 1, SLOW)
            peer.wait(lambda: len(peer.heads) == most + 1, "the next is not taken")
            # RFC 9113, 5.1.2.
            for beyond in (2 * most + 3, 2 * most + 5):
                peer.get(beyond, SLOW)
                peer.wait(lambda: beyond in peer.resets, "it is taken")
            assert set(peer.resets.values()) == {REFUSED_STREAM} and len(peer.heads) == most + 1
            peer.send(frames.RstStreamFrame(3, CANCEL))
            peer.get(2 * most + 7, QUICK)
            peer.wait_for_end(2 * most + 7)
            assert text_of(peer.bodies[2 * most + 7]) == "y" * 20 and peer.goaway is None and not peer.ended

    def test_who_knows_no_settings_yet_may_not_open_more_either(self, secure, others):
        with HTTP2Peer(secure, answers=False) as peer:
            peer.flood(lambda index: peer.head(2 * index + 1, SLOW).serialize(), 2000)
            peer.wait(lambda: len(peer.resets) == 1900 and len(peer.heads) == 100, "not all have an answer")
            assert set(peer.resets.values()) == {REFUSED_STREAM} and peer.ended is None

    @pytest.mark.parametrize("knows", [True, False])
    def test_a_large_head_is_taken_or_answered_and_its_sibling_goes_on(self, secure, others, knows):
        with HTTP2Peer(secure, answers=knows) as peer:
            if knows:
                peer.wait(lambda: peer.settings, "no SETTINGS")
            peer.get(1, stream_target("x" * 50, model="echo", rate=100, ttft=0))
            statuses = {3: ("200", 20_000), 5: ("200", 32_000), 7: ("431", 34_000), 9: ("431", 200_000)}
            for stream, (_, size) in statuses.items():
                peer.send(*peer.large_head(stream, MODELS, size))
            for stream, (status, _) in statuses.items():
                peer.wait_for_end(stream)
                assert peer.status(stream) == status, str(peer)
            peer.wait_for_end(1)
            assert text_of(peer.bodies[1]) == "x" * 50 and peer.goaway is None

    def test_a_stream_that_takes_nothing_does_not_stall_its_siblings(self, secure, others):
        asked = secure.fetch("/chat", "POST", body={
            "prompt": "word " * 50_000, "model": "echo", "unit": "word", "rate": 0, "ttft": 0})
        sid = json.loads(asked.body)["id"]
        with HTTP2Peer(secure, gives_windows_back=False) as peer:
            # The connection's window is no obstacle, the stream's is.
            peer.send(frames.WindowUpdateFrame(0, 1 << 30))
            peer.get(1, f"/chat/stream/{sid}")
            peer.wait(lambda: len(peer.bodies.get(1, b"")) >= 65_535, "its window is not filled")
            assert len(peer.bodies[1]) == 65_535
            peer.get(3, stream_target("y" * 50, model="echo", rate=100, ttft=0))
            peer.wait_for_end(3)
            assert b"[DONE]" in peer.bodies[3] and 1 not in peer.done
            # And the stalled one goes on when it may.
            peer.send(frames.WindowUpdateFrame(1, 1 << 30))
            peer.wait_for_end(1, 20)
            assert text_of(peer.bodies[1]) == "word " * 50_000

    def test_a_window_opened_byte_by_byte_is_filled_so(self, secure, others):
        with HTTP2Peer(secure, settings=NO_WINDOW, gives_windows_back=False) as peer:
            peer.get(1, QUICK)
            peer.wait(lambda: 1 in peer.heads, "no head")
            for count in range(1, 101):
                peer.send(frames.WindowUpdateFrame(1, 1))
                peer.wait(lambda: len(peer.bodies.get(1, b"")) == count, f"byte {count} does not come")
            peer.send(frames.SettingsFrame(0, settings={frames.SettingsFrame.INITIAL_WINDOW_SIZE: 65_535}))
            peer.wait_for_end(1)
            assert peer.bodies[1].endswith(b"data: [DONE]\n\n")

    def test_an_unknown_frame_and_an_unknown_setting_are_passed_over(self, secure):
        with HTTP2Peer(secure, settings={0xfe: 7}) as peer:
            peer.send(raw_frame(0xbe, 0xff, 0, b"what"), raw_frame(0xbe, 0, 1, b"ever"))
            peer.get(1, QUICK)
            peer.wait_for_end(1)
            assert b"[DONE]" in peer.bodies[1] and peer.goaway is None

    def test_a_ping_is_answered_while_streams_are_typed(self, secure):
        with HTTP2Peer(secure) as peer:
            peer.get(1, SLOW)
            for count in range(1, 6):
                peer.send(frames.PingFrame(0, b"12345678"))
                peer.wait(lambda: peer.pongs == count, "no answer")

    def test_the_server_that_goes_says_so_and_ends_what_runs(self, authority):
        server = SecureGateway(authority)
        try:
            with HTTP2Peer(server) as peer:
                peer.get(1, stream_target("x" * 100, model="echo", rate=100, ttft=0))
                peer.wait(lambda: 1 in peer.bodies, "it does not begin")
                server.terminate()
                peer.wait(lambda: peer.goaway, "no GOAWAY")
                peer.wait_for_end(1)
                assert text_of(peer.bodies[1]) == "x" * 100 and peer.goodbye() == NO_ERROR
            assert server.process.wait(10) == 0
        finally:
            server.end()


class TestFloods:
    """Much work for the server and none for the client: RFC 9113, section 10.5."""

    def test_streams_beyond_the_limit_without_end(self, secure, others):
        with HTTP2Peer(secure) as peer:
            peer.flood(lambda index: peer.head(2 * index + 1, SLOW).serialize(), 50_000)
            assert peer.goodbye() == ENHANCE_YOUR_CALM and len(peer.heads) <= 100

    def test_streams_opened_and_reset_at_once(self, secure, others):
        """CVE-2023-44487."""
        with HTTP2Peer(secure) as peer:
            peer.flood(lambda index: peer.head(2 * index + 1, SLOW).serialize()
                       + frames.RstStreamFrame(2 * index + 1, CANCEL).serialize(), 20_000)
            assert peer.goodbye() == ENHANCE_YOUR_CALM

    def test_streams_that_the_server_is_made_to_reset(self, secure, others):
        """CVE-2025-8671: the client breaks a rule on each stream, so that the server resets it."""
        with HTTP2Peer(secure) as peer:
            peer.flood(lambda index: peer.head(2 * index + 1, SLOW).serialize()
                       + frames.WindowUpdateFrame(2 * index + 1, (1 << 31) - 1).serialize(), 20_000)
            assert peer.goodbye() == ENHANCE_YOUR_CALM

    def test_a_head_without_end(self, secure, others):
        """CVE-2024-27316 and its like."""
        with HTTP2Peer(secure) as peer:
            peer.send(peer.head(1, QUICK, flags=()))
            peer.flood(frames.ContinuationFrame(1, b"\x00\x01a\x01b" * 1000), 20_000)
            assert peer.goodbye() in (ENHANCE_YOUR_CALM, PROTOCOL_ERROR)

    def test_a_head_of_empty_frames_without_end(self, secure, others):
        with HTTP2Peer(secure) as peer:
            peer.send(peer.head(1, QUICK, flags=()))
            peer.flood(frames.ContinuationFrame(1, b""), 50_000, at_once=500)
            assert peer.goodbye() in (ENHANCE_YOUR_CALM, PROTOCOL_ERROR)

    @pytest.mark.parametrize("name,piece", [
        ("settings", frames.SettingsFrame(0)), ("settings with values", frames.SettingsFrame(0, settings={4: 65_535})),
        ("ping", frames.PingFrame(0, b"12345678")), ("priority", frames.PriorityFrame(1, 0, 16))])
    def test_control_frames(self, secure, others, name, piece):
        with HTTP2Peer(secure) as peer:
            peer.flood(piece.serialize(), 50_000)
            assert peer.goodbye() == ENHANCE_YOUR_CALM

    def test_settings_by_who_reads_no_answer(self, secure, others):
        """CVE-2019-9515: each has to be acknowledged; the answers may not pile up."""
        with HTTP2Peer(secure) as peer:
            peer.socket.settimeout(5)
            peer.flood(frames.SettingsFrame(0).serialize(), 100_000, at_once=1000)
            assert peer.goodbye() == ENHANCE_YOUR_CALM

    def test_empty_data(self, secure, others):
        """CVE-2019-9518."""
        with HTTP2Peer(secure) as peer:
            peer.send(peer.head(1, "/chat/stream", "POST", [("content-type", "application/json")], ends=False))
            peer.flood(frames.DataFrame(1, b"").serialize(), 50_000, at_once=500)
            assert peer.goodbye() == ENHANCE_YOUR_CALM

    def test_tiny_windows(self, secure, others):
        """CVE-2019-9511: the work of many small frames."""
        with HTTP2Peer(secure, settings=NO_WINDOW, gives_windows_back=False) as peer:
            for stream in range(1, 100, 2):
                peer.get(stream, stream_target("x" * 10_000, model="echo", rate=0, ttft=0))
            peer.flood(lambda index: frames.WindowUpdateFrame(2 * (index % 50) + 1, 1).serialize(), 50_000)
            assert peer.ended is None or peer.goodbye() == ENHANCE_YOUR_CALM

    def test_a_head_that_unpacks_to_a_thousand_times_its_size(self, secure, others):
        """CVE-2016-6581: one field of 4,000 bytes goes into the table, and a byte each fetches it again."""
        with HTTP2Peer(secure) as peer:
            peer.encoder.huffman = False
            block = peer.encoder.encode(SENSE)
            bomb = b"\x40\x01x\x7f\xbd\x1d" + b"y" * 3900
            peer.send(frames.HeadersFrame(1, block + bomb + b"\xbe" * 12_000, flags=["END_HEADERS", "END_STREAM"]))
            peer.wait(lambda: 1 in peer.done or peer.ended, "nothing is said")
            if peer.ended:
                assert peer.goodbye() in (ENHANCE_YOUR_CALM, PROTOCOL_ERROR, COMPRESSION_ERROR)
            else:
                assert peer.status(1) == "431" or peer.resets[1] in (ENHANCE_YOUR_CALM, PROTOCOL_ERROR)

    def test_a_body_without_end_is_too_large_and_takes_no_memory(self, secure, others):
        with HTTP2Peer(secure) as peer:
            peer.send(peer.head(1, "/chat/stream", "POST", [("content-type", "application/json")], ends=False))
            peer.flood(frames.DataFrame(1, b" " * 1000).serialize(), 65)
            # What goes beyond the windows that it was given is a fault of its own.
            peer.flood(frames.DataFrame(1, b" " * 16_000).serialize(), 1000)
            peer.wait(lambda: 1 in peer.done or peer.ended, "nothing is said")
            if peer.ended:
                assert peer.goodbye() in (FLOW_CONTROL_ERROR, ENHANCE_YOUR_CALM)
            else:
                assert peer.status(1) == "413" or peer.resets[1] == FLOW_CONTROL_ERROR

    def test_connections_that_say_hello_and_go(self, secure, others):
        before = secure.settled_sockets()
        for _ in range(200):
            HTTP2Peer(secure).close()
        wait_until(lambda: secure.sockets() <= before, 10, "sockets stay open")


# What is wrong, the frames, and the code of RFC 9113 for it.
BROKEN = {
    "data on stream 0": (raw_frame(0, 0, 0, b"x"), PROTOCOL_ERROR),
    "headers on stream 0": (raw_frame(1, 5, 0, b"\x82"), PROTOCOL_ERROR),
    "headers on an even stream": (raw_frame(1, 5, 2, b"\x82\x87\x84"), PROTOCOL_ERROR),
    "a push from a client": (raw_frame(5, 4, 1, b"\0\0\0\2\x82"), PROTOCOL_ERROR),
    "a frame larger than allowed": (raw_frame(0, 0, 1, b"x" * 16_385), FRAME_SIZE_ERROR),
    "a frame said to be 16 MiB": (raw_frame(0, 0, 1, b"", length=(1 << 24) - 1), FRAME_SIZE_ERROR),
    "settings of 5 bytes": (raw_frame(4, 0, 0, b"12345"), FRAME_SIZE_ERROR),
    "an acknowledgement with a payload": (raw_frame(4, 1, 0, b"123456"), FRAME_SIZE_ERROR),
    "settings on a stream": (raw_frame(4, 0, 1), PROTOCOL_ERROR),
    "a push setting of 2": (raw_frame(4, 0, 0, b"\0\2\0\0\0\2"), PROTOCOL_ERROR),
    "a window setting of 2^31": (raw_frame(4, 0, 0, b"\0\4\x80\0\0\0"), FLOW_CONTROL_ERROR),
    "a frame size setting of 1": (raw_frame(4, 0, 0, b"\0\5\0\0\0\1"), PROTOCOL_ERROR),
    "a ping of 7 bytes": (raw_frame(6, 0, 0, b"1234567"), FRAME_SIZE_ERROR),
    "a ping on a stream": (raw_frame(6, 0, 1, b"12345678"), PROTOCOL_ERROR),
    "a reset on stream 0": (raw_frame(3, 0, 0, b"\0\0\0\1"), PROTOCOL_ERROR),
    "a reset of a stream that is not there": (raw_frame(3, 0, 7, b"\0\0\0\1"), PROTOCOL_ERROR),
    "a reset of 3 bytes": (raw_frame(3, 0, 1, b"\0\0\1"), FRAME_SIZE_ERROR),
    "a window update of 0": (raw_frame(8, 0, 0, b"\0\0\0\0"), PROTOCOL_ERROR),
    "a window beyond 2^31": (raw_frame(8, 0, 0, b"\x7f\xff\xff\xff"), FLOW_CONTROL_ERROR),
    "a window update of 3 bytes": (raw_frame(8, 0, 0, b"\0\0\1"), FRAME_SIZE_ERROR),
    "a window update of an idle stream": (raw_frame(8, 0, 9, b"\0\0\0\1"), PROTOCOL_ERROR),
    "data on an idle stream": (raw_frame(0, 0, 9, b"x"), PROTOCOL_ERROR),
    "a continuation of nothing": (raw_frame(9, 4, 1, b"\x82"), PROTOCOL_ERROR),
    "another frame within a head": (raw_frame(1, 0, 1, b"\x82") + raw_frame(6, 0, 0, b"12345678"), PROTOCOL_ERROR),
    "a continuation of another stream": (raw_frame(1, 0, 1, b"\x82") + raw_frame(9, 4, 3, b"\x84"), PROTOCOL_ERROR),
    "an index beyond the table": (raw_frame(1, 5, 1, b"\xff\x7f"), COMPRESSION_ERROR),
    "a number without end": (raw_frame(1, 5, 1, b"\xff" * 20), COMPRESSION_ERROR),
    "a table larger than agreed": (raw_frame(1, 5, 1, b"\x3f\xe2\xff\xff\x0f\x82\x87\x84"), COMPRESSION_ERROR),
    "padding longer than the frame": (raw_frame(1, 0xd, 1, b"\x40\x82\x87\x84"), PROTOCOL_ERROR),
}


class TestBrokenFrames:
    """Whoever breaks the protocol is told by which code, and only that connection ends."""

    @pytest.mark.parametrize("name", BROKEN)
    def test_the_code_says_what_is_broken(self, secure, name):
        said, code = BROKEN[name]
        with HTTP2Peer(secure) as peer:
            peer.wait(lambda: peer.settings, "no SETTINGS")
            peer.send(said)
            assert peer.goodbye(5) == code

    def test_nobody_else_feels_it(self, secure, others):
        for said, _ in BROKEN.values():
            with HTTP2Peer(secure) as peer:
                peer.send(said)
                peer.wait(lambda: peer.goaway or peer.ended, "nothing is said")

    def test_a_preface_of_something_else_ends_the_connection(self, secure):
        with HTTP2Peer(secure, preface=b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as peer:
            peer.wait(lambda: peer.ended, "the connection does not end")

    def test_a_stream_number_that_was_passed_over(self, secure):
        with HTTP2Peer(secure) as peer:
            peer.get(5, MODELS)
            peer.wait_for_end(5)
            peer.get(3, MODELS)
            assert peer.goodbye() in (PROTOCOL_ERROR, STREAM_CLOSED)


# Heads that are well packed and say nonsense: RFC 9113, section 8.2 and 8.3.
NONSENSE = {
    "an upper-case name": SENSE + [("X-Upper", "1")],
    "no path": SENSE[:3],
    "no method": SENSE[1:],
    "an empty path": SENSE[:3] + [(":path", "")],
    "a field that is none of a request's": SENSE + [(":status", "200")],
    "two paths": SENSE + [(":path", "/")],
    "a pseudo field behind others": SENSE[:3] + [("accept", "*/*")] + SENSE[3:],
    "a connection's field": SENSE + [("connection", "close")],
    "a coding of HTTP/1": SENSE + [("transfer-encoding", "chunked")],
    "TE that is not trailers": SENSE + [("te", "gzip")],
    "a line end in a value": SENSE + [("x", "a\r\nb: c")],
    "a zero byte in a value": SENSE + [("x", "a\0b")],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_a_head_without_sense_ends_its_stream_alone(secure, name):
    with HTTP2Peer(secure) as peer:
        peer.get(1, stream_target("x" * 30, model="echo", rate=100, ttft=0))
        peer.wait(lambda: 1 in peer.bodies, "it does not begin")
        peer.send(frames.HeadersFrame(3, peer.encoder.encode(NONSENSE[name]), flags=["END_HEADERS", "END_STREAM"]))
        peer.wait(lambda: 3 in peer.done or peer.ended, "nothing is said")
        assert peer.ended is None and (peer.resets.get(3) == PROTOCOL_ERROR or peer.status(3) == "400"), str(peer)
        peer.wait_for_end(1)
        assert b"[DONE]" in peer.bodies[1]

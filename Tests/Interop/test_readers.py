"""Readers that stall, leave, half-close or stay away: each is noticed, bounded, and no other reader's trouble."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api_client import ASK, ask, call
from fault_client import HALF_CLOSE
from sse_client import Answer, Connection, ConnectionEnded, chat, create, fetch, stream_target, wait_until

pytestmark = pytest.mark.transports("h1", "tls", "h2")
FORMATS = list(ASK)

FAST = {"rate": 0, "ttft": 0}
SHORT_GRACE = "limits:\n  reader_grace_seconds: 1\n"


def stalled_reader(port, sid):
    """Asks for a stream and reads nothing of it, behind the smallest window that the kernel, or HTTP/2, gives."""
    return Connection(port, receive_buffer=2048).request("GET", f"/chat/stream/{sid}")


@pytest.mark.transports("h1", because="nobody reads")
def test_a_long_answer_that_nobody_reads_is_typed_soon(gateway):
    server = gateway()
    create(server.port, prompt="word " * 100_000, model="echo", **FAST)
    wait_until(lambda: 'outcome="whole",format="plain_stream"} 1' in fetch(server.port, "GET", "/metrics").body.decode(),
               20, "it is typed at the pace of a nap")


@pytest.mark.alone
def test_stalled_readers_beside_50_healthy_ones(gateway):
    server = gateway()
    # 1 MiB of words at once is some 12 MiB of frames for each stalled reader.
    sid = create(server.port, prompt="word " * 200_000, model="echo", unit="word", **FAST)
    chat(server.port, path=f"/chat/stream/{sid}", until=lambda answer: len(answer.frames) > 100)
    before = server.resident()
    stalled = [stalled_reader(server.port, sid) for _ in range(20)]

    def healthy(number):
        answer = chat(server.port, "y" * 250, model="echo", rate=50, ttft=100)
        assert answer.whole and answer.text == "y" * 250
        gaps = [b.at - a.at for a, b in zip(answer.content, answer.content[1:])]
        return answer.last.at - answer.start.at, max(gaps)

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(healthy, range(50)))
    # 249 gaps of 20 ms and the 100 ms before the first.
    assert all(4.9 < took < 5.6 for took, _ in results), sorted(results)[-5:]
    assert max(gap for _, gap in results) < 0.5
    grown = server.resident() - before
    assert grown < 24 * 1024 * 1024, f"{grown >> 20} MiB for 20 stalled readers of at most 64 KiB each"
    for each in stalled:
        each.reset()


@HALF_CLOSE
def test_a_client_that_closes_its_sending_side_reads_to_the_end(server):
    with Connection(server.port) as connection:
        connection.request("GET", stream_target("x" * 60, model="echo", rate=50, ttft=200))
        connection.finish_sending()
        response = connection.response()
        answer = Answer(response, list(response.frames())).check()
        assert answer.whole and answer.text == "x" * 60
        assert connection.at_end()


@HALF_CLOSE
def test_a_half_closed_post_gets_its_answer(server):
    with Connection(server.port) as connection:
        connection.request("POST", "/chat/stream", body={"prompt": "Hello", "model": "echo", "rate": 20, "ttft": 100})
        connection.finish_sending()
        response = connection.response()
        assert Answer(response, list(response.frames())).check().text == "Hello"


@pytest.mark.parametrize("rate, ttft, how", [(20, 0, "reset"), (20, 0, "close"), (20, 60000, "reset"), (0.1, 0, "reset")])
def test_a_client_that_left_is_noticed_within_a_second(gateway, rate, ttft, how):
    # An idle client that closed in order looks like one that half-closed: only a reset tells.
    server = gateway()
    idle = server.settled_sockets()
    readers = [Connection(server.port).request("GET", stream_target("x" * 1000, model="echo", rate=rate, ttft=ttft))
               for _ in range(10)]
    for each in readers:
        assert next(each.response().frames())
    assert server.sockets() >= idle + 10
    for each in readers:
        getattr(each, how)()
        each.close()
    wait_until(lambda: server.sockets() <= idle, 1.5, "the connections are still held")


def test_connections_that_come_and_go_leave_nothing(gateway, transport):
    server = gateway()
    # A handshake costs both sides more than a connection.
    count = 3000 if transport == "h1" else 600

    def come_and_go(number):
        connection = Connection(server.port)
        if number % 3 == 0:
            connection.request("GET", stream_target("x", model="echo", ttft=60000))
        elif number % 3 == 1:
            connection.send(b"GET /chat/stream?pro")
        if number % 2:
            connection.reset()
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(300)))
        fetch(server.port, "GET", "/chat/models")
        sockets, memory = server.sockets(), server.resident()
        list(pool.map(come_and_go, range(count)))
    # Half-closed idle readers may stay until the next heartbeat; those that were reset may not.
    for each in [Connection(server.port) for _ in range(3)]:
        each.close()
    assert server.resident() - memory < 10 * 1024 * 1024
    wait_until(lambda: server.sockets() <= sockets + 10, 25, "descriptors leak")
    assert chat(server.port, "still here", model="echo", **FAST).whole


@pytest.mark.transports("h1", "h2", because="it waits, and the clock is the stream's, not the connection's")
def test_a_reader_within_the_grace_keeps_the_generation(gateway):
    server = gateway(config=SHORT_GRACE)
    answer = chat(server.port, "x" * 60, model="echo", rate=20, ttft=0, until=lambda answer: len(answer.content) == 3)
    text = answer.text
    while not answer.last:
        # Away for half the grace, again and again: the clock starts anew each time.
        time.sleep(0.5)
        answer = chat(server.port, headers={"Last-Event-ID": answer.last_id},
                      until=lambda answer: len(answer.content) >= 14)
        text += answer.text
    assert answer.whole and text == "x" * 60


class TestDrain:
    def test_sigterm_lets_short_streams_end_and_cuts_long_ones_cleanly(self, gateway):
        server = gateway(grace=2)
        idle = Connection(server.port)
        with ThreadPoolExecutor(12) as pool:
            short = [pool.submit(chat, server.port, "x" * 50, model="echo", rate=50, ttft=0) for _ in range(4)]
            long = [pool.submit(chat, server.port, "x" * 1000, model="echo", rate=20, ttft=0) for _ in range(6)]
            silent = pool.submit(chat, server.port, "x", model="echo", ttft=60000)
            watcher = Connection(server.port).request("GET", stream_target("x" * 1000, model="echo", rate=20, ttft=0))
            next(watcher.response().frames())
            # A connection whose request has not been read yet would be closed like one at rest.
            wait_until(lambda: self.begun(server.port) >= 12, 10, "the streams have not begun")
            began = time.monotonic()
            server.terminate()
            wait_until(lambda: self.refused(server.port), 1, "new connections are still taken")
            for each in short:
                assert each.result().whole and each.result().text == "x" * 50
            for each in [*long, silent]:
                # The body came to a clean end, or the client would have raised.
                answer = each.result()
                assert answer.last is None, "neither [DONE] nor a fault"
                assert answer.frames[-1].retry and answer.frames[-1].id is None
            code = server.process.wait(10)
            took = time.monotonic() - began
        assert code == 0 and 1.8 < took < 5
        idle.close()
        watcher.close()

    @staticmethod
    def begun(port):
        """Streams that have begun, those that have ended too."""
        page = fetch(port, "GET", "/metrics").body.decode()
        return sum(float(value) for value in re.findall(r"^typebar_streams_(?:open|total)\{.*\} (\S+)$", page, re.MULTILINE))

    @staticmethod
    def refused(port):
        try:
            with Connection(port, timeout=1) as connection:
                connection.request("GET", "/chat/models")
                connection.response()
            return False
        except (OSError, ConnectionEnded):
            return True

    def test_the_retries_of_a_drain_are_jittered(self, gateway):
        server = gateway(grace=0)
        with ThreadPoolExecutor(16) as pool:
            readers = [pool.submit(chat, server.port, "x", model="echo", ttft=60000) for _ in range(16)]
            # A connection whose request has not been read yet would be closed like one at rest.
            wait_until(lambda: self.begun(server.port) >= 16, 5, "the streams have not begun")
            server.terminate()
            retries = [each.result().frames[-1].retry for each in readers]
        assert server.process.wait(5) == 0
        assert None not in retries and len(set(retries)) >= 6

    @pytest.mark.parametrize("format", FORMATS)
    def test_a_stream_that_a_fault_keeps_back_ends_with_the_formats_error(self, gateway, format):
        server = gateway(grace=0)
        faults = ["stall@2", "stall:60000@2", "drip:300", "stall"]
        with ThreadPoolExecutor(len(faults)) as pool:
            told = [pool.submit(ask, server.port, "a b c d e f " * 9, format, parameters=f"rate=20&ttft=0&fault={fault}")
                    for fault in faults]
            wait_until(lambda: self.begun(server.port) >= len(faults), 5, "the streams have not begun")
            time.sleep(0.5)
            server.terminate()
            for each in told:
                assert each.result().error is None, "ended in order"
                assert "going down" in each.result().text
        assert server.process.wait(5) == 0

    def test_a_stream_of_chat_that_a_fault_keeps_back_ends_in_order(self, gateway):
        server = gateway(grace=0)
        with ThreadPoolExecutor(2) as pool:
            told = [pool.submit(call, server.port, "GET", stream_target("abc" * 99, model="echo", rate=50, ttft=0, fault=fault))
                    for fault in ("stall@2", "drip:300")]
            wait_until(lambda: self.begun(server.port) >= 2, 5, "the streams have not begun")
            time.sleep(0.3)
            server.terminate()
            for each in told:
                # A drip stops in the middle of a frame, which no client takes for one.
                assert each.result().error is None and "[DONE]" not in each.result().text
        assert server.process.wait(5) == 0

    def test_without_streams_it_ends_at_once(self, gateway):
        server = gateway(grace=10)
        idle = Connection(server.port).request("GET", "/chat/models")
        idle.response().read()
        server.terminate()
        # A connection that is only kept alive is nothing to wait for.
        assert server.process.wait(3) == 0
        idle.close()

    def test_it_ends_as_soon_as_the_last_stream_has_ended(self, gateway):
        server = gateway(grace=30)
        with Connection(server.port) as connection:
            connection.request("GET", stream_target("x" * 50, model="echo", rate=50, ttft=0))
            frames = connection.response().frames()
            next(frames)
            server.terminate()
            *_, last = frames
            assert last.data == "[DONE]"
        assert server.process.wait(5) == 0

    def test_a_second_sigterm_exits_at_once(self, gateway):
        server = gateway(grace=60)
        with Connection(server.port) as reader:
            reader.request("GET", stream_target("x" * 1000, model="echo", rate=10, ttft=0))
            frames = reader.response().frames()
            next(frames), next(frames)
            server.terminate()
            wait_until(lambda: self.refused(server.port), 2, "new connections are still taken")
            server.terminate()
            server.process.wait(2)

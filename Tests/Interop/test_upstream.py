"""Upstreams that fail: each gets the honest fault of the contract's table, and none hangs a reader."""

import json
import socket
import threading
import time

import pytest

from conftest import free_port
from scripted_upstream import DONE, END, chunk, delta, event, finish
from sse_client import chat, create, fetch, post_chat

KEY = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"


def assert_fault(answer, kind, retryable, text=None):
    assert answer.fault, f"no fault but {answer.frames[-1].raw}"
    assert answer.fault["kind"] == kind, answer.fault
    assert answer.fault["retryable"] is retryable and answer.fault["message"], answer.fault
    assert answer.last.id == answer.sid + ".end"
    if text is not None:
        assert answer.text == text, "what was said is typed before the fault"
    return answer.fault


@pytest.fixture
def answer_of(gateway, upstream):
    """What a reader gets from a gateway whose upstream plays the script."""
    def ask(script, parameters={}, **flags):
        return chat(gateway(upstream(script).url, **flags).port, "Hello", **{"rate": 0} | parameters)

    return ask


class TestRequest:
    def good(self, exchange):
        exchange.start()
        exchange.say("Hi")
        exchange.end()

    def test_what_the_upstream_is_asked(self, gateway, upstream):
        source = upstream(self.good)
        port = gateway(source.url, model="some-model").port
        chat(port, "Hellö", system="Be brief.")
        messages = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "ONE"},
                    {"role": "user", "content": "two\n😀"}]
        post_chat(port, {"messages": messages})
        first, second = source.wait_for_requests(2)
        assert first.head.startswith("POST /v1/chat/completions HTTP/1.1")
        assert first.headers["content-type"].startswith("application/json")
        assert first.json["stream"] is True and first.json["model"] == "some-model"
        assert first.json["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hellö"}]
        assert second.json["messages"] == messages

    def test_the_key_goes_to_the_upstream_as_bearer(self, gateway, upstream):
        source = upstream(self.good)
        chat(gateway(source.url, environment={"TYPEBAR_UPSTREAM_KEY": KEY}).port, "Hello")
        chat(gateway(source.url, upstream_key_env="MY_KEY", environment={"MY_KEY": KEY + "2"}).port, "Hello")
        chat(gateway(source.url).port, "Hello")
        first, second, third = source.wait_for_requests(3)
        assert first.headers["authorization"] == "Bearer " + KEY
        assert second.headers["authorization"] == "Bearer " + KEY + "2"
        assert "authorization" not in third.headers

    def test_the_clients_own_headers_do_not_reach_the_upstream(self, gateway, upstream):
        source = upstream(self.good)
        chat(gateway(source.url).port, "Hello", headers={"Cookie": "secret=1", "Authorization": "Bearer mine"})
        (exchange,) = source.wait_for_requests()
        assert "cookie" not in exchange.headers and "authorization" not in exchange.headers

    def test_resumes_and_readers_make_no_further_request(self, gateway, upstream):
        source = upstream(self.good)
        port = gateway(source.url).port
        answer = chat(port, "Hello")
        for last_id in (answer.start.id, answer.last_id.replace(".end", ".1")):
            assert chat(port, "Hello", headers={"Last-Event-ID": last_id}).whole
        chat(port, path=f"/chat/stream/{answer.sid}")
        fetch(port, "GET", "/chat/stream?prompt=Hello", {"Last-Event-ID": answer.last_id})
        assert len(source.exchanges) == 1


class TestNoConnection:
    def test_refused(self, gateway):
        answer = chat(gateway(f"http://127.0.0.1:{free_port()}/v1").port, "Hello")
        assert_fault(answer, "upstream_refused", True, "")

    def test_name_that_does_not_resolve(self, gateway):
        answer = chat(gateway("http://no-such-host.invalid/v1").port, "Hello")
        assert_fault(answer, "upstream_refused", True, "")

    def test_tls_to_a_server_that_speaks_none(self, gateway):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def answer_in_plain():
                for _ in range(3):
                    connection, _ = listener.accept()
                    connection.recv(1)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    connection.close()

            threading.Thread(target=answer_in_plain, daemon=True).start()
            answer = chat(gateway(f"https://127.0.0.1:{listener.getsockname()[1]}/v1").port, "Hello")
        assert_fault(answer, "upstream_refused", True, "")


@pytest.mark.parametrize("status, retryable", [
    (400, False), (401, False), (403, False), (404, False), (408, True), (409, True), (422, False), (425, True), (429, True),
    (500, True), (502, True), (503, True), (529, True), (201, False), (204, False), (302, False), (307, False),
])
def test_status(gateway, upstream, status, retryable):
    other = upstream(lambda exchange: None)

    def script(exchange):
        body = b'{"error":{"message":"Not now: %s","type":"x"}}' % KEY.encode()
        exchange.send(b"HTTP/1.1 %d Whatever\r\nConnection: close\r\nContent-Type: application/json\r\n"
                      b"Location: %s/chat/completions\r\nRetry-After: 1\r\n" % (status, other.url.encode())
                      + (b"\r\n" if status == 204 else b"Content-Length: %d\r\n\r\n" % len(body) + body))

    source = upstream(script)
    server = gateway(source.url, environment={"TYPEBAR_UPSTREAM_KEY": KEY})
    answer = chat(server.port, "Hello")
    assert assert_fault(answer, "upstream_status", retryable, "")["status"] == status
    is_worth_another_try = status in (408, 429) or status >= 500
    assert len(source.exchanges) == (3 if is_worth_another_try else 1)
    assert not other.exchanges, "a redirect would carry the prompt and the key elsewhere"
    assert KEY not in answer.last.data and KEY not in server.said()


class TestCutAnswers:
    def test_reset_before_the_head(self, answer_of):
        assert_fault(answer_of(lambda exchange: exchange.reset()), "upstream_reset", True, "")

    def test_closed_before_the_head(self, answer_of):
        assert answer_of(lambda exchange: None).fault["kind"] in ("upstream_reset", "upstream_refused")

    @pytest.mark.parametrize("chunked", [False, True])
    def test_reset_in_mid_stream(self, answer_of, upstream, chunked):
        def script(exchange):
            exchange.start(chunked)
            exchange.say("Hello", " wor")
            # A reset discards what the peer has not read yet: its answer to the first byte shows that it has.
            time.sleep(0.3)
            exchange.reset()

        assert_fault(answer_of(script), "upstream_reset", True, "Hello wor")

    def test_chunked_body_cut(self, answer_of):
        def script(exchange):
            exchange.start(chunked=True)
            exchange.say("Hello", " wor")

        assert_fault(answer_of(script), "upstream_reset", True, "Hello wor")

    def test_counted_body_cut(self, answer_of):
        def script(exchange):
            exchange.start(length=100_000)
            exchange.say("Hello", " wor")

        assert_fault(answer_of(script), "upstream_reset", True, "Hello wor")

    @pytest.mark.parametrize("chunked", [False, True])
    def test_clean_end_with_neither_finish_reason_nor_done(self, answer_of, chunked):
        def script(exchange):
            exchange.start(chunked)
            exchange.say("Hello", " wor")
            if chunked:
                exchange.send(b"0\r\n\r\n")

        assert_fault(answer_of(script), "truncated", True, "Hello wor")

    def test_empty_body(self, answer_of):
        assert_fault(answer_of(lambda exchange: exchange.start()), "truncated", True, "")

    def test_a_last_event_without_its_blank_line_is_taken_and_the_answer_is_cut_all_the_same(self, answer_of):
        def script(exchange):
            exchange.start()
            exchange.say("Hello")
            exchange.write(event(chunk(content=" world"))[:-1])

        assert_fault(answer_of(script), "truncated", True, "Hello world")

    @pytest.mark.parametrize("end", [event(finish()), DONE, END, event(finish("length")), event(finish("content_filter"))],
                             ids=["finish_reason", "done", "both", "length", "content_filter"])
    @pytest.mark.parametrize("chunked", [False, True])
    def test_either_end_makes_it_whole(self, answer_of, end, chunked):
        def script(exchange):
            exchange.start(chunked)
            exchange.say("Hello", " world")
            exchange.write(end)
            if chunked:
                exchange.send(b"0\r\n\r\n")

        answer = answer_of(script)
        assert answer.whole and answer.text == "Hello world"

    def test_done_waits_for_nothing(self, answer_of):
        def script(exchange):
            exchange.start(chunked=True)
            exchange.say("Hello")
            exchange.write(END)
            script.said = time.monotonic()
            exchange.hold()

        answer = answer_of(script)
        # The upstream keeps its connection open: who waits for its end gives up after a minute.
        assert answer.whole and answer.last.at - script.said < 2


class TestProtocol:
    @pytest.mark.parametrize("head, body", [
        (b"Content-Type: text/html", b"<html><body>Log in first</body></html>"),
        (b"Content-Type: application/json", b'{"choices":[{"message":{"content":"not streamed"}}]}'),
        (b"X-No-Type: 1", b"data: x\n\n"),
    ], ids=["html", "json", "none"])
    def test_not_an_event_stream(self, answer_of, head, body):
        def script(exchange):
            exchange.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nConnection: close\r\n\r\n" + body)

        assert_fault(answer_of(script), "upstream_protocol", False, "")

    @pytest.mark.parametrize("data", ["{", "{\"choices\":", "not json", "[1,2", chunk(content="x")[:-1], "{}}", "<html>"])
    def test_broken_json(self, answer_of, data):
        def script(exchange):
            exchange.start()
            exchange.say("Hello")
            exchange.write(event(data) + delta(" never shown") + END)

        assert_fault(answer_of(script), "upstream_protocol", False, "Hello")

    @pytest.mark.timeout(60)
    def test_line_over_8_mib(self, answer_of):
        def script(exchange):
            exchange.start()
            exchange.say("Hello")
            exchange.write(b"data: " + b"x" * (9 * 1024 * 1024))
            exchange.hold()

        assert_fault(answer_of(script), "upstream_protocol", False, "Hello")

    def test_event_over_8_mib_of_short_lines(self, answer_of):
        def script(exchange):
            exchange.start()
            exchange.write((b"data: " + b" " * 1000 + b"\n") * 9000)
            exchange.hold()

        assert_fault(answer_of(script), "upstream_protocol", False, "")

    def test_no_http_at_all(self, answer_of):
        answer = answer_of(lambda exchange: exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n"))
        assert_fault(answer, "upstream_protocol", False, "")


class TestErrorObject:
    def ask(self, answer_of, error, **flags):
        def script(exchange):
            exchange.start()
            exchange.say("Hello")
            exchange.write(event(json.dumps({"error": error})))

        return answer_of(script, **flags)

    @pytest.mark.parametrize("error, retryable", [
        ({"message": "Overloaded just now", "type": "x", "code": 429}, True),
        ({"message": "Overloaded just now", "type": "x", "status": 500}, True),
        ({"message": "Overloaded just now", "type": "invalid_request_error", "code": "context_length_exceeded"}, False),
        ({"message": "Overloaded just now", "type": "x", "code": 400}, False),
        ({"message": "Overloaded just now"}, False),
    ])
    def test_it_is_a_fault_with_the_upstreams_message(self, answer_of, error, retryable):
        fault = assert_fault(self.ask(answer_of, error), "upstream_error", retryable, "Hello")
        assert "Overloaded just now" in fault["message"]

    def test_keys_in_it_are_masked(self, answer_of):
        message = f"Incorrect API key provided: {KEY}. See also sk-proj-AbCdEf0123456789AbCdEf0123456789 there."
        answer = self.ask(answer_of, {"message": message, "code": "invalid_api_key"},
                          environment={"TYPEBAR_UPSTREAM_KEY": KEY})
        assert "Incorrect API key" in answer.fault["message"]
        assert KEY not in answer.last.data and "AbCdEf0123456789AbCdEf" not in answer.last.data


class TestClocks:
    @staticmethod
    def config(source):
        return (f"upstreams:\n  - model: scripted\n    url: {source.url}\n"
                "    timeouts: { first_token_ms: 1000, idle_ms: 1000, total_ms: 3000 }\n")

    @pytest.mark.parametrize("clock, seconds, text", [("first_token", 1, ""), ("idle", 1, "Hello"), ("total", 3, None)])
    def test_time_out(self, gateway, upstream, clock, seconds, text):
        def script(exchange):
            exchange.start()
            # A comment is no token: some upstreams send them while they queue.
            exchange.write(b": processing\n\n")
            if clock != "first_token":
                exchange.say("Hello")
            while clock == "total":
                exchange.say("x")
                time.sleep(0.2)
            exchange.hold()

        source = upstream(script)
        port = gateway(config=self.config(source)).port
        began = time.monotonic()
        answer = chat(port, "Hello", rate=0)
        assert assert_fault(answer, "upstream_timeout", True, text)["clock"] == clock
        assert seconds - 0.1 < answer.last.at - began < seconds + 1.5
        (exchange,) = source.exchanges
        assert exchange.closed.wait(1), "the upstream is still held"

    def test_silence_before_the_head_is_the_first_token_clock(self, gateway, upstream):
        source = upstream(lambda exchange: exchange.hold())
        answer = chat(gateway(config=self.config(source)).port, "Hello")
        assert assert_fault(answer, "upstream_timeout", True, "")["clock"] == "first_token"


class TestCancel:
    def endless(self, exchange):
        exchange.start()
        while True:
            exchange.say("word ")
            time.sleep(0.05)

    def test_delete_reaches_the_upstream_within_a_second(self, gateway, upstream):
        for script in (self.endless, lambda exchange: exchange.start() or exchange.say("Hello") or exchange.hold(),
                       lambda exchange: exchange.hold()):
            source = upstream(script)
            port = gateway(source.url).port
            sid = create(port, prompt="Hello")
            (exchange,) = source.wait_for_requests()
            assert fetch(port, "DELETE", f"/chat/streams/{sid}").status == 204
            assert exchange.closed.wait(1.2)
            assert chat(port, path=f"/chat/stream/{sid}").fault["kind"] == "cancelled"

    def test_max_units_ends_the_upstream_too(self, gateway, upstream):
        source = upstream(self.endless)
        answer = chat(gateway(source.url).port, "Hello", unit="word", rate=0, max_units=5)
        assert answer.whole and len(answer.units) == 5
        assert source.exchanges[0].closed.wait(1.2), "the rest would be paid for and thrown away"

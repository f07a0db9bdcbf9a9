"""What becomes of an answer when its client leaves, or the server goes down."""

import json
import socket
import threading
import time

import pytest

from api_client import CHAT, ask
from scripted_upstream import DONE, delta, event, finish
from sse_client import chat, create, wait_until
from test_passing import front, stream_head
from test_routes import configuration, upstream_entry
from test_seeing import samples


class TestDisconnects:
    """The client leaves in the middle of an answer that the upstream finishes a little later."""

    USAGE = event(json.dumps({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 40}}))

    def source(self, upstream, go):
        def script(exchange):
            exchange.send(stream_head("openai_chat"))
            exchange.send(delta("a "))
            assert go.wait(10)
            for _ in range(20):
                exchange.send(delta("b "))
                time.sleep(0.01)
            exchange.send(event(finish()) + self.USAGE + DONE)
        return upstream(script)

    def leave(self, port, parameters):
        body = json.dumps({"model": "mine", "stream": True, "stream_options": {"include_usage": True},
                           "messages": [{"role": "user", "content": "x"}]})
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(f"POST {CHAT}?{parameters} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}"
                           .encode())
            data = b""
            while b'"a' not in data:
                data += client.recv(4096)

    @pytest.mark.parametrize("parameters", ["", "unit=word&rate=1000"])
    @pytest.mark.parametrize("policy,tokens", [("cancel", 0), ("drain", 40), ("keep", 40)])
    def test_the_route_says_what_becomes_of_the_answer(self, gateway, upstream, policy, tokens, parameters):
        go = threading.Event()
        source = self.source(upstream, go)
        server = front(gateway, source.url, route={"on_disconnect": policy})
        self.leave(server.port, parameters)
        exchange = source.wait_for_requests()[0]
        if policy == "cancel":
            exchange.hold(5)
            go.set()
            return
        go.set()
        deadline = time.monotonic() + 10
        while samples(server.port)['typebar_tokens_total{direction="out"}'] != tokens:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def test_a_page_that_comes_back_late_finds_all_of_a_kept_stream(self, gateway, upstream):
        go = threading.Event()
        source = self.source(upstream, go)
        upstreams = [upstream_entry("a", source.url)]
        routes = [{"model": "mine", "targets": [{"upstream": "a"}], "on_disconnect": "keep"}]
        port = gateway(config=configuration(upstreams, routes, limits={"reader_grace_seconds": 0.1})).port
        stream = create(port, prompt="x", model="mine", rate=0)
        source.wait_for_requests()
        time.sleep(0.5)
        go.set()
        assert chat(port, path=f"/chat/stream/{stream}").text == "a " + "b " * 20


def test_a_server_goes_down_whole_while_calls_wait_for_a_place(gateway, upstream):
    source = upstream(lambda exchange: time.sleep(3))
    upstreams = [upstream_entry("u", source.url) | {"concurrency": {"at_once": 1, "queue": 100}}]
    config = configuration(upstreams, [{"model": "mine", "targets": [{"upstream": "u", "model": "m"}]}],
                           grace_seconds=0, threads=4)
    # A task for an event loop that has stopped ends the process.
    server = gateway(config=config, environment={"SWIFTNIO_STRICT": "1"})

    def waiting():
        try:
            ask(server.port, model="mine", parameters="")
        except OSError:
            pass
    clients = [threading.Thread(target=waiting, daemon=True) for _ in range(30)]
    for client in clients:
        client.start()
    wait_until(lambda: samples(server.port)['typebar_streams_open{engine="memory",format="openai_chat"}'] == 30, 10,
               "not all have asked")
    server.terminate()
    assert server.process.wait(10) == 0, server.said()[-2000:]

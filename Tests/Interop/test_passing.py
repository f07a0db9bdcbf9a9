"""Equal formats: what a client sends and an upstream says passes untouched, and goes on when an upstream dies."""

import json
import socket
import threading
import time

import pytest

from api_client import CHAT, ask, call, said
from scripted_upstream import DONE, END, chunk, delta, event
from sse_client import chat
from test_routes import configuration, failing, upstream_entry
from test_seeing import samples

PATHS = {"openai_chat": "/v1/chat/completions", "openai_responses": "/v1/responses", "anthropic_messages": "/v1/messages",
         "gemini": "/v1/models/m:streamGenerateContent?alt=sse", "ollama_chat": "/v1/api/chat"}

# A stream of each format, with things in it that no other format knows, and white space as no encoder of ours writes it.
STREAMS = {
    "openai_chat": [
        b': OPENROUTER PROCESSING\n\n',
        b'data: {"id":"c", "choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"x_new":{"deep":[1,2.50]}}\n\n',
        b'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":{"content":[{"token":"Hi","logprob":-0.25}]}}]}\r\n\r\n',
        b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_details":"new"}]}\n\n',
        b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"cost":0.00012}}\n\n',
        b'data: [DONE]\n\n'],
    "openai_responses": [
        b'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"r","y":1}}\n\n',
        b'event: response.brand_new\ndata: {"type":"response.brand_new","sequence_number":1,"z":[ ]}\n\n',
        b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":2,'
        b'"item_id":"i","output_index":0,"content_index":0,"delta":"Hi","obfuscation":"xyz"}\n\n',
        b'event: response.completed\ndata: {"type":"response.completed","sequence_number":3,"response":{"id":"r",'
        b'"status":"completed","usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}}\n\n'],
    "anthropic_messages": [
        b'event: message_start\ndata: {"type": "message_start", "message": {"id":"m","type":"message","role":"assistant",'
        b'"content":[],"model":"m","container":{"id":"new"},"usage":{"input_tokens":3,"output_tokens":0}}}\n\n',
        b'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\n',
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"a":1}}}\n\n',
        b'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
        b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}\n\n',
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
    "gemini": [
        b'data: {"candidates": [{"content": {"parts": [{"text": "Hi"}],"role": "model"},"index": 0,"avgLogprobs": -0.1}]}\r\n\r\n',
        b'data: {"candidates": [{"content": {"parts": [{"text": ""}]},"finishReason": "STOP","groundingMetadata": {"q":[]}}],'
        b'"usageMetadata": {"promptTokenCount": 3,"candidatesTokenCount": 1}}\r\n\r\n'],
    "ollama_chat": [
        b'{"model":"m","message":{"role":"assistant","content":"Hi"},"done":false,"extra":{"n":1e3}}\n',
        b'{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":1,"prompt_eval_count":3}\n'],
}
STREAMED = list(STREAMS)


def stream_head(format):
    kind = "application/x-ndjson" if format == "ollama_chat" else "text/event-stream"
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nX-Request-Id: up-7\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n" \
        % kind.encode()


def saying(format, parts, pause=0.0, end=None):
    def script(exchange):
        exchange.send(stream_head(format))
        for part in parts:
            exchange.send(part)
            time.sleep(pause)
        if end:
            end(exchange)
    return script


def body_answer(body, status=b"200 OK", fields=b""):
    def script(exchange):
        exchange.send(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n"
                      b"\r\n%s"
                      % (status, fields, len(body), body))
    return script


def front(gateway, *urls, format="openai_chat", route=None, **each):
    upstreams = [upstream_entry(f"u{index}", url, format=format) | each for index, url in enumerate(urls)]
    targets = [{"upstream": f"u{index}", "model": "m", "priority": index} for index in range(len(urls))]
    return gateway(config=configuration(upstreams, [{"model": "mine", "targets": targets} | (route or {})]))


class TestStreams:
    @pytest.mark.parametrize("format", STREAMED)
    @pytest.mark.parametrize("cut", ["frames", "bytes", "whole"])
    def test_every_byte_of_a_stream_passes(self, gateway, upstream, format, cut):
        whole = b"".join(STREAMS[format])
        parts = {"frames": STREAMS[format], "whole": [whole],
                 "bytes": [whole[at:at + 7] for at in range(0, len(whole), 7)]}[cut]
        source = upstream(saying(format, parts, pause=0.001))
        told = ask(front(gateway, source.url, format=format).port, format=format, model="mine", parameters="")
        assert told.status == 200 and told.error is None
        assert told.body == whole
        assert said(told, format) == "Hi"
        assert "set-cookie" not in told.headers
        assert source.exchanges[0].path == PATHS[format]

    @pytest.mark.parametrize("format", STREAMED)
    def test_unknown_fields_of_a_request_pass(self, gateway, upstream, format):
        source = upstream(saying(format, STREAMS[format]))
        more = {"brand_new": {"a": [1, None, {"b": "é"}]}, "another": 1.5}
        ask(front(gateway, source.url, format=format).port, format=format, model="mine", parameters="", **more)
        got = source.exchanges[0].json
        assert got["brand_new"] == more["brand_new"] and got["another"] == 1.5
        assert format == "gemini" or got["model"] == "m"

    def test_the_bytes_of_a_request_stay_as_they_are(self, gateway, upstream):
        source = upstream(saying("openai_chat", STREAMS["openai_chat"]))
        text = '{ "stream":true,\t"x":1.50e+02, "model" : "mine",\n "messages":[{"role":"user","content":"\\u00e9"}] }'
        call(front(gateway, source.url).port, "POST", CHAT, text.encode())
        assert source.exchanges[0].body == text.replace('"mine"', '"m"').encode()

    @pytest.mark.parametrize("format", STREAMED)
    def test_a_paced_request_passes_too_and_its_answer_is_typed(self, gateway, upstream, format):
        source = upstream(saying(format, STREAMS[format]))
        told = ask(front(gateway, source.url, format=format).port, format=format, model="mine",
                   parameters="unit=character&rate=1000", brand_new=1)
        assert said(told, format) == "Hi" and source.exchanges[0].json["brand_new"] == 1
        assert b"x_new" not in told.body

    def test_what_we_do_not_understand_is_the_upstreams_to_judge(self, gateway, upstream):
        source = upstream(saying("openai_chat", STREAMS["openai_chat"]))
        port = front(gateway, source.url).port
        told = call(port, "POST", CHAT, {"model": "mine", "stream": True, "messages": [{"role": "oracle", "content": 7}]})
        assert told.status == 200 and said(told) == "Hi"
        assert source.exchanges[0].json["messages"] == [{"role": "oracle", "content": 7}]
        assert call(port, "POST", CHAT, {"model": "gpt", "messages": []}).status in (400, 404)

    @pytest.mark.parametrize("format", STREAMED)
    def test_an_upstream_that_dies_ends_the_stream_with_the_formats_error(self, gateway, upstream, format):
        parts = STREAMS[format][:-1] if format in ("gemini", "ollama_chat") else STREAMS[format][:3]
        source = upstream(saying(format, parts, pause=0.02, end=lambda exchange: exchange.reset()))
        told = ask(front(gateway, source.url, format=format).port, format=format, model="mine", parameters="")
        assert told.status == 200 and told.body.startswith(b"".join(parts))
        rest = told.body[len(b"".join(parts)):]
        assert b"error" in rest and b"[DONE]" not in rest.replace(b"data: [DONE]", b"", format == "openai_responses")

    def test_a_failed_response_numbers_its_events_on(self, gateway, upstream):
        parts = STREAMS["openai_responses"][:3]
        source = upstream(saying("openai_responses", parts, pause=0.02, end=lambda exchange: exchange.reset()))
        told = ask(front(gateway, source.url, format="openai_responses").port, format="openai_responses", model="mine",
                   parameters="")
        numbers = [json.loads(data)["sequence_number"] for data in told.events() if data != "[DONE]"]
        assert numbers == list(range(len(numbers))) and len(numbers) > 3

    def test_an_error_in_the_stream_passes_in_the_upstreams_words_without_its_key(self, gateway, upstream, monkeypatch):
        monkeypatch.setenv("SECRET_OF_TEST", "sk-very-secret-0123456789")
        error = b'data: {"error":{"message":"bad sk-very-secret-0123456789","code":"quota","hint":"x"}}\n\n'
        source = upstream(saying("openai_chat", STREAMS["openai_chat"][:3] + [error], pause=0.01))
        port = front(gateway, source.url, key="${SECRET_OF_TEST}").port
        told = ask(port, model="mine", parameters="")
        last = json.loads(told.events()[-1])
        assert last["error"]["code"] == "quota" and last["error"]["hint"] == "x"
        assert b"very-secret" not in told.body and b"[DONE]" not in told.body

    def test_broken_json_ends_the_stream_with_our_error(self, gateway, upstream):
        source = upstream(saying("openai_chat", STREAMS["openai_chat"][:3] + [b"data: {oh\n\n"], pause=0.01))
        told = ask(front(gateway, source.url).port, model="mine", parameters="")
        assert b"{oh" not in told.body and "error" in json.loads(told.events()[-1])

    def test_a_missing_done_is_added(self, gateway, upstream):
        source = upstream(saying("openai_chat", STREAMS["openai_chat"][:-1]))
        told = ask(front(gateway, source.url).port, model="mine", parameters="")
        assert told.body == b"".join(STREAMS["openai_chat"])

    @pytest.mark.parametrize("end", [None, lambda exchange: exchange.reset()])
    def test_a_missing_message_stop_is_added(self, gateway, upstream, end):
        source = upstream(saying("anthropic_messages", STREAMS["anthropic_messages"][:-1], pause=0.01, end=end))
        told = ask(front(gateway, source.url, format="anthropic_messages").port, format="anthropic_messages",
                   model="mine", parameters="")
        assert told.body == b"".join(STREAMS["anthropic_messages"])

    def test_several_choices_pass(self, gateway, upstream):
        parts = [event(json.dumps({"choices": [{"index": index, "delta": {"content": "x"}}]})) for index in (0, 1)]
        ends = [event(json.dumps({"choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]}))
                for index in (0, 1)]
        source = upstream(saying("openai_chat", parts[:1] + ends[:1] + parts[1:] + ends[1:] + [DONE], pause=0.05))
        told = ask(front(gateway, source.url).port, model="mine", parameters="", n=2)
        assert told.body == b"".join(parts[:1] + ends[:1] + parts[1:] + ends[1:] + [DONE])

    def test_a_failure_before_the_first_token_leads_to_the_next_target(self, gateway, upstream):
        role = event(chunk(role="assistant"))
        first = upstream(saying("openai_chat", [role], end=lambda exchange: exchange.reset()))
        second = upstream(saying("openai_chat", STREAMS["openai_chat"]))
        told = ask(front(gateway, first.url, second.url).port, model="mine", parameters="")
        assert told.body == b"".join(STREAMS["openai_chat"])

    def test_another_format_behind_it_is_translated(self, gateway, upstream):
        first, second = upstream(failing(500)), upstream(saying("anthropic_messages", STREAMS["anthropic_messages"]))
        upstreams = [upstream_entry("a", first.url), upstream_entry("b", second.url, format="anthropic_messages")]
        targets = [{"upstream": "a"}, {"upstream": "b", "priority": 1}]
        port = gateway(config=configuration(upstreams, [{"model": "mine", "targets": targets}])).port
        told = ask(port, model="mine", parameters="")
        assert said(told) == "Hi" and told.events()[-1] == "[DONE]"
        whole = call(port, "POST", CHAT, {"model": "mine", "messages": [{"role": "user", "content": "x"}]})
        assert whole.json()["choices"][0]["message"]["content"] == "Hi"

    def test_a_reader_that_takes_nothing_holds_its_upstream_back(self, gateway, upstream):
        sent = threading.Event()

        def flood(exchange):
            exchange.send(stream_head("openai_chat"))
            for _ in range(4000):
                exchange.send(delta("x" * 10_000))
            exchange.send(END)
            sent.set()
        source = upstream(flood)
        server = front(gateway, source.url)
        with socket.create_connection(("127.0.0.1", server.port)) as reader:
            body = json.dumps({"model": "mine", "stream": True, "messages": [{"role": "user", "content": "x"}]})
            reader.sendall(f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            source.wait_for_requests()
            assert not sent.wait(1.5), "the upstream was read to its end, though nobody takes it"
            assert server.resident() < 150e6
            while b"[DONE]" not in (part := reader.recv(1 << 20)):
                assert part


class TestBodies:
    ANSWER = b'{"id":"x", "choices":[{"index":0,"message":{"role":"assistant","content":"Hi","new":[1.0]},' \
             b'"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2},"system_fingerprint":"fp"}'

    def ask(self, port, **more):
        return call(port, "POST", CHAT, {"model": "mine", "messages": [{"role": "user", "content": "x"}]} | more)

    def test_a_whole_answer_passes_untouched(self, gateway, upstream):
        source = upstream(body_answer(self.ANSWER, fields=b"X-RateLimit-Remaining-Requests: 7\r\nX-Request-Id: up\r\n"))
        server = front(gateway, source.url)
        told = self.ask(server.port, brand_new=True)
        assert told.body == self.ANSWER and told.headers["content-type"] == "application/json"
        assert told.headers["x-ratelimit-remaining-requests"] == "7" and told.headers["x-request-id"] == "up"
        assert "x-ratelimit-limit-requests" not in told.headers, "a mock's limit is no upstream's"
        assert "stream" not in source.exchanges[0].json and source.exchanges[0].json["brand_new"] is True
        assert samples(server.port)['typebar_tokens_total{direction="out"}'] == 2

    def test_an_error_passes_in_the_upstreams_words(self, gateway, upstream):
        body = b'{"error":{"message":"Too long.","type":"invalid_request_error","code":"context_length","more":{"max":9}}}'
        source = upstream(body_answer(body, b"400 Bad"))
        for streamed in (False, True):
            told = self.ask(front(gateway, source.url).port, stream=streamed)
            assert told.status == 400 and told.body == body

    @pytest.mark.parametrize("status", [401, 403])
    def test_what_an_upstream_thinks_of_our_key_does_not_pass(self, gateway, upstream, status):
        source = upstream(body_answer(b'{"error":{"message":"m","details":"internal"}}', b"%d No" % status))
        told = self.ask(front(gateway, source.url).port)
        assert told.status == status and b"internal" not in told.body

    @pytest.mark.parametrize("streamed", [False, True])
    @pytest.mark.parametrize("status", [b"204 No Content", b"302 Found", b"201 Created"])
    def test_a_status_that_is_no_error_is_no_answer_either(self, gateway, upstream, status, streamed):
        body = b"" if status.startswith(b"204") else b'{"a":1}'
        source = upstream(body_answer(body, status, b"Location: http://127.0.0.1:9/\r\n"))
        told = self.ask(front(gateway, source.url).port, stream=streamed)
        assert told.status == 502 and "error" in told.json() and "location" not in told.headers

    @pytest.mark.parametrize("end", [b"", b"data: [DONE]\n\n"])
    def test_several_answers_are_whole_only_with_their_terminator(self, gateway, upstream, end):
        frames = [b'data: {"choices":[{"index":%d,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n' % index
                  for index in (0, 1)] + [b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n']
        source = upstream(saying("openai_chat", frames + [end]))
        told = self.ask(front(gateway, source.url).port, stream=True, n=2)
        assert told.body.startswith(b"".join(frames)) and (b'"error"' in told.body) == (not end)

    def test_html_in_the_place_of_an_answer_is_an_error(self, gateway, upstream):
        page = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"
        told = self.ask(front(gateway, upstream(lambda exchange: exchange.send(page)).url).port)
        assert told.status == 502 and "text/html" in told.text

    def test_half_a_body_is_an_error(self, gateway, upstream):
        half = (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
                + self.ANSWER)
        source = upstream(lambda exchange: exchange.send(half))
        told = self.ask(front(gateway, source.url, route={"retries": {"attempts": 1}}).port)
        assert told.status == 502 and "error" in told.json()

    @pytest.mark.parametrize("client,path,body,expected", [
        ("openai_chat", "/v1/embeddings", {"model": "mine", "input": "x", "new": 1}, "/v1/embeddings"),
        ("anthropic_messages", "/v1/messages/count_tokens",
         {"model": "mine", "messages": [{"role": "user", "content": "x"}], "new": 1}, "/v1/messages/count_tokens"),
        ("openai_responses", "/v1/responses/input_tokens", {"model": "mine", "input": "x", "new": 1},
         "/v1/responses/input_tokens"),
        ("gemini", "/v1beta/models/mine:countTokens", {"contents": [{"parts": [{"text": "x"}]}], "new": 1},
         "/v1/models/m:countTokens"),
        ("gemini", "/v1beta/models/mine:embedContent", {"content": {"parts": [{"text": "x"}]}, "new": 1},
         "/v1/models/m:embedContent"),
        ("ollama_chat", "/api/embed", {"model": "mine", "input": "x", "new": 1}, "/v1/api/embed"),
    ])
    def test_other_requests_pass_too(self, gateway, upstream, client, path, body, expected):
        answer = b'{"anything":[1.0]}'
        source = upstream(body_answer(answer))
        told = call(front(gateway, source.url, format=client).port, "POST", path, body, {"anthropic-version": "2023-06-01"})
        assert told.status == 200 and told.body == answer
        assert source.exchanges[0].path == expected and source.exchanges[0].json["new"] == 1

    @pytest.mark.parametrize("method,path", [
        ("GET", "/v1/responses/resp_1"), ("DELETE", "/v1/responses/resp_1"), ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/responses/resp_1/input_items?limit=2")])
    def test_a_response_that_the_upstream_keeps_is_asked_of_it(self, gateway, upstream, method, path):
        source = upstream(body_answer(b'{"id":"resp_1","status":"queued"}'))
        told = call(front(gateway, source.url, format="openai_responses").port, method, path)
        assert told.status == 200 and told.json()["status"] == "queued"
        assert source.exchanges[0].head.split(" ")[:2] == [method, path]

    def test_a_response_in_the_background_passes_and_is_read_again(self, gateway, upstream):
        def script(exchange):
            if exchange.head.startswith("POST"):
                return body_answer(b'{"id":"resp_1","status":"queued"}')(exchange)
            saying("openai_responses", STREAMS["openai_responses"])(exchange)
        source = upstream(script)
        port = front(gateway, source.url, format="openai_responses").port
        told = call(port, "POST", "/v1/responses", {"model": "mine", "input": "x", "background": True,
                                                    "previous_response_id": "resp_0"})
        assert told.json()["status"] == "queued"
        assert source.exchanges[0].json["previous_response_id"] == "resp_0"
        again = call(port, "GET", "/v1/responses/resp_1?stream=true&starting_after=1")
        assert again.body == b"".join(STREAMS["openai_responses"])

    def test_a_strange_name_of_a_response_leads_nowhere(self, gateway, upstream):
        source = upstream(body_answer(b"{}"))
        port = front(gateway, source.url, format="openai_responses").port
        for name in ("..%2Fmodels", "a%3Fb", "%2E%2E"):
            assert call(port, "GET", "/v1/responses/" + name).status == 404
        assert not source.exchanges

    def test_no_made_up_vectors_for_a_real_model(self, gateway, upstream):
        source = upstream(body_answer(b"{}"))
        told = call(front(gateway, source.url, format="anthropic_messages").port, "POST", "/v1/embeddings",
                    {"model": "mine", "input": "x"})
        assert told.status == 400 and not source.exchanges


class TestContinuing:
    ROUTE = {"after_first_token": "continue"}

    def test_another_upstream_goes_on_behind_the_text_marked(self, gateway, upstream):
        first = upstream(saying("openai_chat", [delta("Once upon "), delta("a time")], pause=0.02,
                                end=lambda exchange: exchange.reset()))
        second = upstream(saying("openai_chat", [delta(" there"), delta(" was."), END]))
        server = front(gateway, first.url, second.url, route=self.ROUTE)
        told = ask(server.port, "Tell", model="mine", parameters="")
        assert said(told) == "Once upon a time there was." and told.events()[-1] == "[DONE]"
        assert b": continued by another model" in told.body
        assert second.exchanges[0].json["messages"] == [
            {"role": "user", "content": "Tell"}, {"role": "assistant", "content": "Once upon a time"}]
        assert samples(server.port)['typebar_upstream_continuations_total{upstream="u1"}'] == 1

    def test_a_page_is_told_in_a_comment_and_a_whole_answer_in_its_head(self, gateway, upstream):
        first = upstream(saying("openai_chat", [delta("One ")], pause=0.05, end=lambda exchange: exchange.reset()))
        second = upstream(saying("openai_chat", [delta("two"), END]))
        port = front(gateway, first.url, second.url, route=self.ROUTE).port
        stream = chat(port, "x", model="mine", rate=0)
        assert stream.text == "One two" and stream.whole
        told = call(port, "POST", CHAT, {"model": "mine", "messages": [{"role": "user", "content": "x"}]})
        assert told.json()["choices"][0]["message"]["content"] == "One two"
        assert told.headers["x-typebar-continued"] == "true"

    def test_white_space_is_not_said_twice(self, gateway, upstream):
        first = upstream(saying("openai_chat", [delta("One ")], pause=0.05, end=lambda exchange: exchange.reset()))
        second = upstream(saying("anthropic_messages", [part.replace(b'"Hi"', b'" two"') for part in
                                                        STREAMS["anthropic_messages"]]))
        upstreams = [upstream_entry("a", first.url), upstream_entry("b", second.url, format="anthropic_messages")]
        targets = [{"upstream": "a"}, {"upstream": "b", "priority": 1}]
        port = gateway(config=configuration(upstreams, [{"model": "mine", "targets": targets} | self.ROUTE])).port
        assert said(ask(port, model="mine", parameters="")) == "One two"
        assert second.exchanges[0].json["messages"][-1]["content"] in ("One", [{"type": "text", "text": "One"}])

    def test_a_call_of_a_tool_is_not_gone_on_with(self, gateway, upstream):
        tool = event(chunk(tool_calls=[{"index": 0, "id": "c", "type": "function",
                                        "function": {"name": "f", "arguments": "{\"a\""}}]))
        first = upstream(saying("openai_chat", [tool], pause=0.05, end=lambda exchange: exchange.reset()))
        second = upstream(saying("openai_chat", [delta("x"), END]))
        told = ask(front(gateway, first.url, second.url, route=self.ROUTE).port, model="mine", parameters="")
        assert "error" in json.loads(told.events()[-1]) and not second.exchanges

    def test_when_all_have_died_the_stream_ends_with_an_error(self, gateway, upstream):
        dying = upstream(saying("openai_chat", [delta("x")], pause=0.02, end=lambda exchange: exchange.reset()))
        told = ask(front(gateway, dying.url, route=self.ROUTE | {"retries": {"attempts": 3, "base_ms": 1}}).port,
                   model="mine", parameters="")
        assert said(told) == "xxx" and len(dying.exchanges) == 3
        assert "error" in json.loads(told.events()[-1])

"""Every wire format: the same words, pace, seeds and manners, whatever the client speaks."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api_client import ASK, CHAT, ask, call, said
from on_schedule import assert_on_schedule
from sse_client import Connection, wait_until

FORMATS = list(ASK)
TEXT = "Héllo 👩🏽‍💻 wörld,\nnext line \"quoted\" \\ \u2028 end."


@pytest.mark.parametrize("format", FORMATS)
def test_the_words_arrive_whole_in_each_format(server, format):
    told = ask(server.port, TEXT, format)
    assert told.status == 200 and told.error is None
    assert said(told, format) == TEXT


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_seed_gives_the_same_bytes(server, format):
    answers = {ask(server.port, "x", format, model="prose", parameters="speed=0&seed=7").body for _ in range(3)}
    assert len(answers) == 1
    other = ask(server.port, "x", format, model="prose", parameters="speed=0&seed=8").body
    if not format.startswith("ollama"):  # whose answers bear no name
        assert other not in answers


def test_parameters_work_after_the_models_name_too(server):
    told = ask(server.port, "abc", model="echo?unit=character&speed=0", parameters="")
    chunks = [json.loads(data) for data in told.events()[:-1]]
    assert [chunk["choices"][0]["delta"].get("content") for chunk in chunks] == ["", "a", "b", "c", None]
    assert {chunk["model"] for chunk in chunks} == {"echo"}


def test_a_slip_in_the_models_name_is_told_in_the_formats_own_words(server):
    told = ask(server.port, model="echo?rat=80", parameters="")
    assert told.status == 400 and "rat" in told.json()["error"]["message"]


def test_names_that_the_mock_does_not_know_pass_in_the_query(server):
    assert ask(server.port, parameters="speed=0&api-version=2024-06-01&beta=true").status == 200


@pytest.mark.alone
@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "ollama_chat"])
def test_units_come_on_schedule(server, format):
    words = " ".join("w" for _ in range(21))
    path, headers, body = ASK[format]
    content = body(words) | {"model": "echo", "stream": True}
    with Connection(server.port) as connection:
        payload = json.dumps(content).encode()
        began = time.monotonic()
        connection.request("POST", path + "?unit=word&rate=50&ttft=200",
                           {"Content-Type": "application/json", **headers}, payload)
        # Who reads late may find several in one piece.
        times = [at - began for piece, at in connection.response().pieces() for _ in range(piece.count(b'w"'))]
    assert_on_schedule(times, [0.2 + 0.02 * index for index in range(21)], usually=0.1, since=0)


def test_an_answer_that_is_not_streamed_comes_when_its_last_word_would(server):
    told = call(server.port, "POST", CHAT + "?unit=word&rate=20&ttft=100",
                {"model": "echo", "messages": [{"role": "user", "content": "a b c d e"}]})
    assert told.json()["choices"][0]["message"]["content"] == "a b c d e"
    assert 0.29 < told.seconds < 1


def test_speed_makes_all_of_it_faster(server):
    # 41 words: 2.1 s without it.
    body = {"model": "echo", "messages": [{"role": "user", "content": "a" + " b" * 40}]}
    told = call(server.port, "POST", CHAT + "?unit=word&rate=20&ttft=100&speed=10", body)
    assert 0.2 < told.seconds < 1
    assert call(server.port, "POST", CHAT + "?unit=word&rate=20&ttft=100&speed=0", body).seconds < 1


@pytest.mark.parametrize("path,body,tokens", [
    (CHAT, {"messages": [{"role": "user", "content": "x"}]}, lambda told: told["usage"]["completion_tokens"]),
    ("/v1/responses", {"input": "x"}, lambda told: told["usage"]["output_tokens"]),
    ("/v1/messages", {"max_tokens": 1000, "messages": [{"role": "user", "content": "x"}]},
     lambda told: told["usage"]["output_tokens"]),
    ("/api/generate", {"prompt": "x", "stream": False}, lambda told: told["eval_count"])])
def test_the_usage_counts_what_was_typed_and_not_what_max_units_cut_off(server, path, body, tokens):
    told = call(server.port, "POST", f"{path}?speed=0&max_units=5", {"model": "prose"} | body,
                {"anthropic-version": "2023-06-01"}).json()
    assert tokens(told) == 5
    if path == "/v1/responses":  # and so it does when it is looked up later
        assert tokens(call(server.port, "GET", f"{path}/{told['id']}").json()) == 5


def test_tokens_of_the_usage_are_the_frames_of_the_stream(server):
    told = ask(server.port, "one two three four", stream_options={"include_usage": True})
    chunks = [json.loads(data) for data in told.events()[:-1]]
    frames = sum(1 for chunk in chunks for choice in chunk["choices"] if choice["delta"].get("content"))
    assert chunks[-1]["usage"]["completion_tokens"] == frames


def test_max_tokens_and_stop_end_the_answer(server):
    told = call(server.port, "POST", CHAT + "?speed=0", {
        "model": "echo", "max_tokens": 2, "messages": [{"role": "user", "content": "one two three four"}]}).json()
    assert told["choices"][0]["finish_reason"] == "length" and told["usage"]["completion_tokens"] == 2
    told = call(server.port, "POST", CHAT + "?speed=0", {
        "model": "echo", "stop": ["three"], "messages": [{"role": "user", "content": "one two three four"}]}).json()
    assert told["choices"][0] | {"logprobs": None} == told["choices"][0]
    assert told["choices"][0]["message"]["content"] == "one two " and told["choices"][0]["finish_reason"] == "stop"


def test_every_answer_has_a_request_id_and_says_what_is_left(server):
    told = ask(server.port)
    assert told.headers["x-request-id"].startswith("req_") and "x-ratelimit-remaining-requests" in told.headers
    told = ask(server.port, format="anthropic_messages")
    assert told.headers["request-id"].startswith("req_") and "anthropic-ratelimit-requests-limit" in told.headers


@pytest.mark.parametrize("format", FORMATS)
def test_a_page_on_this_machine_may_ask_in_each_format(server, format):
    path = ASK[format][0].format(model="echo")
    origin = {"Origin": "http://localhost:5173"}
    preflight = call(server.port, "OPTIONS", path, headers=origin | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os,anthropic-version"})
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "x-stainless-os" in preflight.headers["access-control-allow-headers"]
    told = ask(server.port, format=format, headers=origin)
    assert told.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert ask(server.port, format=format, headers={"Origin": "https://evil.example"}).headers.get(
        "access-control-allow-origin") is None


@pytest.mark.parametrize("path,shape", [
    ("/v1/chat/completions", "openai"), ("/v1/responses", "openai"), ("/v1/messages", "anthropic"),
    ("/v1beta/models/x:generateContent", "gemini"), ("/api/generate", "ollama")])
def test_broken_json_is_told_in_each_formats_own_shape(server, path, shape):
    told = call(server.port, "POST", path, b"{", {"anthropic-version": "2023-06-01"})
    assert told.status == 400
    error = told.json()["error"]
    if shape == "openai":
        assert set(error) == {"message", "type", "param", "code"}
    elif shape == "anthropic":
        assert error["type"] == "invalid_request_error" and told.json()["type"] == "error"
    elif shape == "gemini":
        assert error["code"] == 400 and error["status"] == "INVALID_ARGUMENT"
    else:
        assert isinstance(error, str)


def test_a_body_that_is_too_large_is_told_in_the_formats_own_shape(gateway):
    port = gateway(config="limits: {body_bytes: 1000}").port
    told = call(port, "POST", "/v1/messages", b" " * 2000, {"anthropic-version": "2023-06-01"})
    assert told.status == 413 and told.json()["error"]["type"] == "request_too_large"
    assert call(port, "POST", "/api/chat", b" " * 2000).json().keys() == {"error"}


def test_a_wrong_method_and_an_unknown_path_are_told(server):
    told = call(server.port, "GET", CHAT)
    assert told.status == 405 and "POST" in told.headers["allow"]
    assert call(server.port, "POST", "/v1/nonsense", {}).status == 404


def test_only_listed_models_are_known_where_models_are_listed(gateway):
    port = gateway(config="mock: {models: [gpt-x]}").port
    assert ask(port, model="gpt-x").status == 200
    told = ask(port, model="gpt-y")
    assert told.status == 404 and told.json()["error"]["code"] == "model_not_found"
    assert "gpt-x" in [model["id"] for model in call(port, "GET", "/v1/models").json()["data"]]


def test_the_configuration_sets_a_pace_for_each_format(gateway):
    port = gateway(config="mock: {defaults: {default: {rate: 0, ttft: 0}, ollama_chat: {unit: character}}}").port
    assert len(ask(port, "abc", "ollama_chat", parameters="").events()) == 4
    # Some 4 s at the pace that it has by itself.
    assert ask(port, "a b c d e f" * 20, parameters="").seconds < 1


def test_an_upstreams_words_pass_as_they_come(gateway, upstream):
    def script(exchange):
        exchange.start()
        exchange.say("Hel", "lo wor", "ld")
        exchange.end()

    port = gateway(upstream(script).url).port
    told = ask(port, model="scripted", parameters="")
    assert said(told) == "Hello world"
    told = ask(port, model="scripted", format="anthropic_messages", parameters="")
    assert said(told, "anthropic_messages") == "Hello world"


def test_an_upstream_that_refuses_gives_the_client_an_http_error(gateway):
    port = gateway("http://127.0.0.1:9").port
    told = ask(port, model="scripted")
    assert told.status == 502 and told.json()["error"]["type"] == "server_error"
    assert ask(port, model="nobody").status == 404


def test_fifty_clients_at_once_each_get_their_own_words(server):
    def one(number):
        format = FORMATS[number % len(FORMATS)]
        return said(ask(server.port, f"number {number}", format, parameters="rate=200&ttft=20"), format)

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(one, range(50))) == [f"number {number}" for number in range(50)]


def test_a_client_that_leaves_frees_its_socket(server):
    before = server.settled_sockets()
    with Connection(server.port) as connection:
        payload = json.dumps({"model": "long", "stream": True, "messages": [{"role": "user", "content": "x"}]}).encode()
        connection.request("POST", CHAT, {"Content-Type": "application/json"}, payload)
        connection.response()
    wait_until(lambda: server.sockets() <= before, 8, "the server keeps the socket of a client that is gone")


@pytest.mark.parametrize("format", ["gemini", "ollama_chat", "openai_chat"])
def test_a_client_that_leaves_in_silence_is_noticed(server, format):
    before = server.settled_sockets()
    path, headers, body = ASK[format]
    target = path.format(model="echo") + ("&" if "?" in path else "?") + "ttft=60000"
    with Connection(server.port) as connection:
        payload = json.dumps(body("x") | {"model": "echo", "stream": True}).encode()
        connection.request("POST", target, {"Content-Type": "application/json", **headers}, payload)
        time.sleep(0.2)
    wait_until(lambda: server.sockets() <= before, 8, "the server keeps the socket of a client that is gone")


def test_an_error_of_gemini_comes_in_a_read_of_its_own(server):
    """The official JavaScript SDK knows it only so."""
    path, headers, body = ASK["gemini"]
    for _ in range(5):
        with Connection(server.port) as connection:
            connection.request("POST", path.format(model="echo") + "&speed=0&fault=error@2",
                               {"Content-Type": "application/json"}, json.dumps(body("a b c d")).encode())
            pieces = [piece for piece, _ in connection.response().pieces()]
        last = next(piece for piece in pieces if b'"error"' in piece)
        assert json.loads(last)["error"]["code"] >= 400, pieces


@pytest.mark.parametrize("path,key", [("/v1/messages/batches", "type"), ("/v1/files", "param"), ("/v1beta/files", "status"),
                                      ("/api/nothing", None)])
def test_an_unknown_route_of_an_api_is_told_in_its_own_shape(server, path, key):
    told = call(server.port, "GET", path)
    assert told.status == 404
    assert key in told.json()["error"] if key else isinstance(told.json()["error"], str)


def test_several_choices_come_in_the_same_order_however_busy_the_server_is(server):
    path = "/v1/completions?rate=2000&ttft=5&jitter=0.5&seed=1"
    body = {"model": "prose", "prompt": ["a", "b", "c"], "n": 3, "max_tokens": 60, "stream": True}
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: call(server.port, "POST", path, body).body, range(48)))
    assert len(answers) == 1


@pytest.mark.parametrize("parameters", ["speed=0", "speed=0&fault=comments"])
def test_an_answer_leaves_no_memory_behind(gateway, parameters):
    server = gateway(config="admin: {requests: 10}")
    for _ in range(200):
        ask(server.port, "x", model="prose", parameters=parameters)
    before = server.resident()
    for _ in range(600):
        ask(server.port, "x", model="prose", parameters=parameters)
    # A session with its buffers is some 70 KB: 600 of them are 42 MB.
    assert server.resident() - before < 10 << 20

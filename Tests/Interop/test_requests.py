"""The contract's table of requests: who is answered, and what each way of asking gets."""

import http.client
import json
import threading

import pytest

from sse_client import (ID, Connection, assert_error, chat, create, fetch, post_chat, read_answer, render_request,
                        stream_target)

FAST = {"rate": 0, "ttft": 0}
UNKNOWN = "a" * 26


def test_get_with_a_prompt(server):
    answer = chat(server.port, "Hello", model="echo", **FAST)
    assert answer.whole and answer.text == "Hello"


def test_a_plain_library_client_reads_the_stream(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", stream_target("Hi", model="echo", **FAST))
    body = connection.getresponse().read().decode()
    assert body.endswith("data: [DONE]\n\n") and "data: H\n" in body
    connection.request("GET", "/chat/models")
    assert connection.getresponse().status == 200
    connection.close()


def test_post_with_a_prompt(server):
    answer = post_chat(server.port, {"prompt": "Hello\n", "model": "echo", **FAST})
    assert answer.whole and answer.text == "Hello\n"


def test_post_with_messages_echoes_the_last_users(server):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "one"},
                {"role": "assistant", "content": "ONE"}, {"role": "user", "content": "two"}]
    assert post_chat(server.port, {"messages": messages, "model": "echo", **FAST}).text == "two"


def test_post_takes_its_parameters_from_the_query_too(server):
    answer = post_chat(server.port, {"prompt": "a b", "model": "echo", **FAST}, path="/chat/stream?unit=word")
    assert answer.units == ["a", " b"]


def test_post_chunked_body(server):
    body = json.dumps({"prompt": "Hello", "model": "echo", **FAST}).encode()
    with Connection(server.port) as connection:
        connection.request("POST", "/chat/stream", {"Transfer-Encoding": "chunked", "Content-Type": "application/json"})
        for start in range(0, len(body), 7):
            piece = body[start : start + 7]
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")
        assert read_answer(connection.response()).text == "Hello"


def test_post_body_that_comes_byte_by_byte(server):
    with Connection(server.port) as connection:
        for byte in render_request(server.port, "POST", "/chat/stream", (), {"prompt": "Hé", "model": "echo", **FAST}):
            connection.send(bytes([byte]))
        assert read_answer(connection.response()).text == "Hé"


def test_expect_100_continue(server):
    body = json.dumps({"prompt": "Hello", "model": "echo", **FAST}).encode()
    with Connection(server.port) as connection:
        connection.request("POST", "/chat/stream", {"Expect": "100-continue", "Content-Type": "application/json",
                                                    "Content-Length": str(len(body))})
        # curl sends it for bodies over 1 MiB and waits a second for the interim answer.
        assert connection.take_line().startswith(b"HTTP/1.1 100") and connection.take_line() == b""
        connection.send(body)
        assert read_answer(connection.response()).text == "Hello"


def test_post_chat_creates_a_stream(server):
    response = fetch(server.port, "POST", "/chat", body={"prompt": "Hello", "model": "echo", **FAST})
    assert response.status == 201
    made = json.loads(response.body)
    assert made.keys() == {"id", "url"} and made["url"] == f"/chat/stream/{made['id']}"
    assert ID.fullmatch(made["id"] + ".0")
    assert response.header("location") == made["url"]
    answer = chat(server.port, path=made["url"])
    assert answer.sid == made["id"] and answer.text == "Hello" and answer.whole
    assert answer.about["resumed"] is False


def test_post_chat_starts_the_generation_now(server):
    sid = create(server.port, prompt="x" * 100, model="echo", rate=50, ttft=0)
    first = chat(server.port, path=f"/chat/stream/{sid}", until=lambda answer: len(answer.content) == 40)
    # A reader that comes later gets at once what is due, and the rest on schedule.
    second = chat(server.port, path=f"/chat/stream/{sid}")
    at_once = [frame for frame in second.content if frame.at - second.start.at < 0.1]
    assert first.text == "x" * 40 and second.text == "x" * 100 and second.whole
    assert 40 <= len("".join(frame.data for frame in at_once)) <= 75
    assert second.content[-1].at - second.start.at > 0.5


def test_any_number_of_readers(server):
    sid = create(server.port, prompt="abc " * 20, model="echo", rate=100, ttft=0)
    answers = []
    readers = [threading.Thread(target=lambda: answers.append(chat(server.port, path=f"/chat/stream/{sid}")))
               for _ in range(20)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert [answer.text for answer in answers] == ["abc " * 20] * 20 and all(answer.whole for answer in answers)


@pytest.mark.parametrize("method, target", [
    ("GET", f"/chat/stream/{UNKNOWN}"), ("DELETE", f"/chat/streams/{UNKNOWN}"), ("GET", "/nowhere"),
    ("GET", "/chat/streams"), ("GET", "/chat/stream/"), ("GET", "/chat/models/x"),
    ("DELETE", "/chat/streams/no-such-id"), ("GET", "/chat/stream/no-such-id"),
])
def test_unknown_is_404(server, method, target):
    assert_error(fetch(server.port, method, target), 404)


def test_a_post_to_nowhere_is_404(server):
    assert_error(fetch(server.port, "POST", "/chat/nowhere", body={}), 404)


@pytest.mark.parametrize("method, target, allowed", [
    ("PUT", "/chat/stream", {"get", "head", "post", "options"}), ("DELETE", "/chat/stream", {"get", "post"}),
    ("GET", "/chat", {"post"}), ("POST", "/chat/models", {"get", "head"}), ("PATCH", "/chat", {"post"}),
    ("GET", f"/chat/streams/{UNKNOWN}", {"delete"}), ("POST", f"/chat/streams/{UNKNOWN}", {"delete"}),
    ("PUT", f"/chat/stream/{UNKNOWN}", {"get", "head"}), ("DELETE", "/chat/models", {"get"}), ("PROPFIND", "/chat", {"post"}),
])
def test_other_methods_are_405_with_allow(server, method, target, allowed):
    response = fetch(server.port, method, target, body={} if method in ("PUT", "POST", "PATCH") else None)
    assert_error(response, 405)
    assert allowed <= response.tokens("allow")
    assert method.lower() not in response.tokens("allow")


def test_models_are_listed(server):
    response = fetch(server.port, "GET", "/chat/models")
    assert response.status == 200
    models = json.loads(response.body)
    assert models.keys() == {"models"}
    for model in models["models"]:
        assert model.keys() == {"name", "kind", "description"}
        assert model["kind"] == "mock" and model["name"] and model["description"]
    assert {"mock", "echo", "prose", "markdown", "code", "math", "emoji", "chinese", "japanese", "thai", "arabic",
            "long"} <= {model["name"] for model in models["models"]}


def test_head_of_the_other_resources(server):
    sid = create(server.port, prompt="Hello", model="echo", **FAST)
    for target in ("/chat/models", "/", f"/chat/stream/{sid}"):
        with Connection(server.port) as connection:
            connection.request("HEAD", target)
            got = fetch(server.port, "GET", target)
            head = connection.response(head_only=True)
            assert (head.status, head.header("content-type")) == (got.status, got.header("content-type")), target
            connection.request("GET", "/chat/models")
            assert connection.response().status == 200, "HEAD sent a body"


def test_delete_stops_the_stream_and_is_idempotent(server):
    sid = create(server.port, prompt="x" * 1000, model="echo", rate=10, ttft=0)
    with Connection(server.port) as reader:
        reader.request("GET", f"/chat/stream/{sid}")
        frames = reader.response().frames()
        assert next(frame for frame in frames if frame.event == "start")
        for _ in range(2):
            response = fetch(server.port, "DELETE", f"/chat/streams/{sid}")
            assert response.status == 204 and response.body == b""
        *_, last = frames
    assert last.event == "fault" and last.id == sid + ".end"
    assert fetch(server.port, "DELETE", f"/chat/streams/{sid}").status == 204


def test_delete_of_a_stream_that_had_ended(server):
    answer = chat(server.port, "Hello", model="echo", **FAST)
    assert fetch(server.port, "DELETE", f"/chat/streams/{answer.sid}").status == 204
    again = chat(server.port, path=f"/chat/stream/{answer.sid}")
    assert again.whole and again.text == "Hello", "it had ended whole, and stays so"


class TestIdempotencyKey:
    def test_post_chat_with_the_same_key_and_body_is_the_same_stream(self, server):
        body = {"prompt": "Hello", "model": "echo", **FAST}
        first, second = [fetch(server.port, "POST", "/chat", {"Idempotency-Key": "k1"}, body) for _ in range(2)]
        assert (first.status, second.status) == (201, 200)
        assert json.loads(first.body) == json.loads(second.body)

    def test_post_chat_stream_reads_it_from_the_start(self, server):
        body, headers = {"prompt": "Hello", "model": "echo", **FAST}, {"Idempotency-Key": "k2"}
        first = post_chat(server.port, body, headers=headers)
        second = post_chat(server.port, body, headers=headers)
        assert first.sid == second.sid and second.text == "Hello" and second.whole

    def test_another_body_is_422(self, server):
        for path in ("/chat", "/chat/stream"):
            headers = {"Idempotency-Key": "k3" + path}
            fetch(server.port, "POST", path, headers, {"prompt": "Hello", "model": "echo", **FAST})
            assert_error(fetch(server.port, "POST", path, headers, {"prompt": "Hullo", "model": "echo", **FAST}), 422)

    def test_two_at_the_same_moment_are_one_generation(self, server):
        body, found, lock = {"prompt": "x" * 50, "model": "echo", "rate": 100, "ttft": 0}, [], threading.Barrier(8)

        def ask():
            lock.wait()
            found.append(create(server.port, {"Idempotency-Key": "k4"}, **body))

        asking = [threading.Thread(target=ask) for _ in range(8)]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
        assert len(found) == 8 and len(set(found)) == 1

    def test_without_a_key_each_post_is_a_new_stream(self, server):
        assert create(server.port, prompt="x", model="echo") != create(server.port, prompt="x", model="echo")


class TestPage:
    def test_it_is_served_with_a_strict_policy(self, server):
        response = fetch(server.port, "GET", "/")
        assert response.status == 200 and response.header("content-type").startswith("text/html")
        policy = response.header("content-security-policy")
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "*" not in policy

    def test_it_needs_nothing_from_elsewhere(self, server):
        page = fetch(server.port, "GET", "/").body.decode()
        for mark in ('src="http', 'href="http', 'src="//', 'href="//', "@import"):
            assert mark not in page.lower().replace("'", '"')

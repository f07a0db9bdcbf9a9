"""Any format in, any format out: routes, translation, retries and failover, over the wire."""

import itertools
import json
import threading
import time

import pytest

from api_client import ASK, ask, call, said
from conftest import free_port
from sse_client import chat

UPSTREAMS = ["openai_chat", "openai_responses", "anthropic_messages", "gemini", "ollama_chat"]
BASES = {"openai_chat": "/v1", "openai_responses": "/v1", "anthropic_messages": "/v1", "gemini": "/v1beta",
         "ollama_chat": ""}
TEXT = "Grüße! 你好, 世界。 A family 👩‍👩‍👧‍👦, a flag 🇩🇪, \"quotes\" and a \\ line\nbreak."
PLAIN = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def good(exchange):
    exchange.start()
    exchange.say("Hello")
    exchange.end()


def failing(status, fields=""):
    def script(exchange):
        body = b'{"error":{"message":"No."}}'
        exchange.send(b"HTTP/1.1 %d Oh\r\nConnection: close\r\nContent-Type: application/json\r\n%s"
                      b"Content-Length: %d\r\n\r\n%s"
                      % (status, fields.encode(), len(body), body))
    return script


def upstream_entry(name, url, **more):
    return {"name": name, "url": url} | more


def configuration(upstreams, routes, **more):
    # JSON is YAML.
    return json.dumps({"upstreams": upstreams, "routes": routes} | more)


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """A typebar that mocks all APIs, and one in front of it with an upstream for each format."""
    from conftest import Gateway
    mock = Gateway(speed=0)
    upstreams = [upstream_entry(name, mock.url + BASES[name], format=name) for name in UPSTREAMS]
    routes = [{"prefix": name + "/", "targets": [{"upstream": name, "model": "*"}]} for name in UPSTREAMS]
    path = tmp_path_factory.mktemp("chain") / "typebar.yaml"
    path.write_text(configuration(upstreams, routes))
    front = Gateway(config=path)
    yield front, mock
    for each in (front, mock):
        code = each.end()
        assert code is None, each.said()[-4000:]


class TestTranslation:
    @pytest.mark.parametrize("client,upstream", list(itertools.product(ASK, UPSTREAMS)))
    def test_text_passes_between_any_two_formats(self, chain, client, upstream):
        front, _ = chain
        told = ask(front.port, TEXT, client, model=upstream + "/echo", parameters="")
        assert told.status == 200 and told.error is None, told.text
        assert said(told, client) == TEXT

    @pytest.mark.parametrize("upstream", UPSTREAMS)
    def test_a_whole_answer_is_collected(self, chain, upstream):
        front, _ = chain
        told = call(front.port, "POST", "/v1/chat/completions",
                    {"model": upstream + "/echo", "messages": [{"role": "user", "content": TEXT}]})
        assert told.json()["choices"][0]["message"]["content"] == TEXT
        assert told.json()["choices"][0]["finish_reason"] == "stop"
        assert told.json()["usage"]["completion_tokens"] > 0

    @pytest.mark.parametrize("upstream", UPSTREAMS)
    def test_a_tool_is_called_through_any_upstream(self, chain, upstream):
        front, _ = chain
        tool = {"type": "function", "function": {"name": "get_weather", "description": "Weather", "parameters": PLAIN}}
        body = {"model": upstream + "/gpt", "tools": [tool], "tool_choice": "required",
                "messages": [{"role": "user", "content": "Call get_weather"}]}
        if upstream == "ollama_chat":
            # Ollama cannot be told to call; the question names the tool.
            del body["tool_choice"]
        told = call(front.port, "POST", "/v1/chat/completions", body)
        assert told.status == 200, told.text
        choice = told.json()["choices"][0]
        assert choice["finish_reason"] == "tool_calls", told.text
        asked = choice["message"]["tool_calls"][0]
        assert asked["function"]["name"] == "get_weather" and asked["id"]
        assert isinstance(json.loads(asked["function"]["arguments"])["city"], str)
        # And the result goes back through the same translation.
        body["messages"] += [choice["message"], {"role": "tool", "tool_call_id": asked["id"], "content": "sunny"}]
        body.pop("tool_choice", None)
        again = call(front.port, "POST", "/v1/chat/completions", body)
        assert again.status == 200 and "sunny" in again.json()["choices"][0]["message"]["content"], again.text

    @pytest.mark.parametrize("upstream", UPSTREAMS)
    def test_the_upstreams_limit_is_told_as_the_clients(self, chain, upstream):
        front, _ = chain
        told = call(front.port, "POST", "/v1/messages", {
            "model": upstream + "/echo", "max_tokens": 16,
            "messages": [{"role": "user", "content": "one two three four five six seven eight nine ten " * 4}]},
            {"anthropic-version": "2023-06-01"})
        assert told.json()["stop_reason"] == "max_tokens", told.text

    def test_a_browser_reads_any_upstream_too(self, chain):
        front, _ = chain
        answer = chat(front.port, TEXT, rate=0, model="anthropic_messages/echo")
        assert answer.text == TEXT and answer.frames[-1].data == "[DONE]"

    def test_an_unknown_name_is_not_mocked_in_silence(self, chain):
        front, _ = chain
        assert ask(front.port, model="nobody").status == 404


class TestFailover:
    def route(self, gateway, *urls, route=None, **each):
        upstreams = [upstream_entry(f"u{index}", url, **each) for index, url in enumerate(urls)]
        targets = [{"upstream": f"u{index}", "model": "m", "priority": index} for index in range(len(urls))]
        return gateway(config=configuration(upstreams, [{"model": "m", "targets": targets} | (route or {})])).port

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
    def test_a_failed_target_is_followed_by_the_next(self, gateway, upstream, status):
        first, second = upstream(failing(status)), upstream(good)
        told = ask(self.route(gateway, first.url, second.url), model="m", parameters="")
        assert told.status == 200 and said(told) == "Hello"
        assert len(first.exchanges) == 1 and len(second.exchanges) == 1

    def test_nobody_there_is_followed_by_the_next(self, gateway, upstream):
        told = ask(self.route(gateway, f"http://127.0.0.1:{free_port()}/v1", upstream(good).url), model="m",
                   parameters="")
        assert told.status == 200 and said(told) == "Hello"

    def test_a_connection_lost_before_the_first_token_is_followed_by_the_next(self, gateway, upstream):
        def lost(exchange):
            exchange.start()
            exchange.reset()
        told = ask(self.route(gateway, upstream(lost).url, upstream(good).url), model="m", parameters="")
        assert told.status == 200 and said(told) == "Hello"

    def test_a_silent_target_is_followed_by_the_next(self, gateway, upstream):
        silent = upstream(lambda exchange: exchange.hold(10))
        port = self.route(gateway, silent.url, upstream(good).url, timeouts={"first_token_ms": 800})
        told = ask(port, model="m", parameters="")
        assert said(told) == "Hello" and told.seconds < 5

    @pytest.mark.parametrize("status", [400, 401, 404, 422])
    def test_what_the_request_got_wrong_is_told_at_once(self, gateway, upstream, status):
        first, second = upstream(failing(status)), upstream(good)
        told = ask(self.route(gateway, first.url, second.url), model="m", parameters="")
        assert told.status == status and not second.exchanges

    def test_after_the_first_token_an_error_ends_the_stream(self, gateway, upstream):
        def dying(exchange):
            exchange.start()
            exchange.say("Hel")
            exchange.reset()
        second = upstream(good)
        told = ask(self.route(gateway, upstream(dying).url, second.url), model="m", parameters="")
        assert told.status == 200 and said(told) == "Hel"
        assert "error" in json.loads(told.events()[-1]) and not second.exchanges

    def test_one_target_is_asked_again(self, gateway, upstream):
        count = itertools.count()
        flaky = upstream(lambda exchange: (failing(503) if next(count) < 2 else good)(exchange))
        told = ask(self.route(gateway, flaky.url, route={"retries": {"base_ms": 10}}), model="m", parameters="")
        assert said(told) == "Hello" and len(flaky.exchanges) == 3

    def test_retry_after_is_waited_for(self, gateway, upstream):
        count = itertools.count()
        limited = failing(429, "Retry-After: 1\r\n")
        source = upstream(lambda exchange: (limited if next(count) < 1 else good)(exchange))
        told = ask(self.route(gateway, source.url, route={"retries": {"base_ms": 1}}), model="m", parameters="")
        assert said(told) == "Hello" and told.seconds >= 1

    def test_a_retry_after_that_is_too_long_is_passed_on(self, gateway, upstream):
        source = upstream(failing(429, "Retry-After: 3600\r\n"))
        told = ask(self.route(gateway, source.url), model="m", parameters="")
        assert told.status == 429 and told.headers["retry-after"] == "3600" and len(source.exchanges) == 1

    def test_retries_can_be_turned_off(self, gateway, upstream):
        source = upstream(failing(503))
        told = ask(self.route(gateway, source.url, route={"retries": {"attempts": 1}}), model="m", parameters="")
        assert told.status == 503 and len(source.exchanges) == 1

    def test_the_mock_answers_at_last(self, gateway):
        dead = upstream_entry("dead", f"http://127.0.0.1:{free_port()}/v1")
        targets = [{"upstream": "dead"}, {"mock": "echo", "priority": 1}]
        port = gateway(config=configuration([dead], [{"model": "m", "targets": targets}])).port
        told = ask(port, "Hello there", model="m", parameters="")
        assert told.status == 200 and said(told) == "Hello there"
        assert chat(port, "Hello there", model="m", rate=0).text == "Hello there"

    def test_an_open_breaker_spares_the_target(self, gateway, upstream):
        first, second = upstream(failing(500)), upstream(good)
        port = self.route(gateway, first.url, second.url, breaker={"failures": 2, "open_ms": 1500})
        for _ in range(5):
            assert said(ask(port, model="m", parameters="")) == "Hello"
        assert len(first.exchanges) == 2, "two failures open it"
        time.sleep(1.6)
        ask(port, model="m", parameters="")
        assert len(first.exchanges) == 3, "one may try again"

    def test_weights_share_the_requests(self, gateway, upstream):
        first, second = upstream(good), upstream(good)
        upstreams = [upstream_entry("a", first.url), upstream_entry("b", second.url)]
        targets = [{"upstream": "a", "weight": 3}, {"upstream": "b", "weight": 1}]
        port = gateway(config=configuration(upstreams, [{"model": "m", "targets": targets}])).port
        for _ in range(200):
            ask(port, model="m", parameters="")
        assert 120 <= len(first.exchanges) <= 180 and len(first.exchanges) + len(second.exchanges) == 200

    def test_a_slow_target_is_hedged(self, gateway, upstream):
        def slow(exchange):
            exchange.hold(10)
        first, second = upstream(slow), upstream(good)
        port = self.route(gateway, first.url, second.url, route={"hedge": {"least_ms": 100}})
        told = ask(port, model="m", parameters="")
        assert said(told) == "Hello" and told.seconds < 3
        assert first.exchanges[0].closed.wait(5), "the loser is let go"


    def test_hedges_count_as_requests_too(self, gateway, upstream):
        def dying(exchange):
            time.sleep(0.4)
            exchange.reset()
        first, second = upstream(dying), upstream(dying)
        port = self.route(gateway, first.url, second.url, route={"hedge": {"least_ms": 50}, "retries": {"base_ms": 10}})
        assert ask(port, model="m", parameters="").status == 502
        assert len(first.exchanges) + len(second.exchanges) == 3


class TestLimits:
    def test_no_more_than_so_many_are_asked_at_once(self, gateway, upstream):
        busy, most, lock = [], [], threading.Lock()

        def counted(exchange):
            with lock:
                busy.append(exchange)
                most.append(len(busy))
            time.sleep(0.05)
            with lock:
                busy.remove(exchange)
            good(exchange)
        source = upstream(counted)
        entry = upstream_entry("u", source.url, model="m", concurrency={"at_once": 2})
        port = gateway(config=configuration([entry], [])).port
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(ask(port, model="m", parameters="")))
                   for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [said(each) for each in answers] == ["Hello"] * 12 and max(most) == 2

    def test_a_full_queue_is_an_error(self, gateway, upstream):
        source = upstream(lambda exchange: exchange.hold(20))
        entry = upstream_entry("u", source.url, model="m",
                               concurrency={"at_once": 1, "queue": 0})
        port = gateway(config=configuration([entry], [])).port
        first = threading.Thread(target=lambda: call(port, "POST", "/v1/chat/completions", {
            "model": "m", "messages": [{"role": "user", "content": "x"}]}, timeout=2))
        first.start()
        source.wait_for_requests()
        told = ask(port, model="m", parameters="")
        assert told.status == 503, told.text
        first.join()

    def test_losses_are_an_error_where_the_route_wants_that(self, gateway, upstream):
        source = upstream(good)
        entry = upstream_entry("u", source.url, format="anthropic_messages")
        routes = [{"model": "strict", "targets": [{"upstream": "u"}], "losses": "error"},
                  {"model": "lax", "targets": [{"upstream": "u"}]}]
        served = gateway(config=configuration([entry], routes))
        told = ask(served.port, model="strict", parameters="", seed=7)
        assert told.status == 400 and "seed" in told.text and not source.exchanges
        ask(served.port, model="lax", parameters="", seed=7)
        assert served.will_have_said("Not carried over", "seed")


    @pytest.mark.parametrize("path, body, parameter, words", [
        ("completions", {"prompt": ["Hi", "Ho"]}, "prompt", "each of the 2 prompts"),
        ("completions", {"prompt": "Hi", "n": 2}, "n", "each answer"),
        ("chat/completions", {"messages": [{"role": "user", "content": "Hi"}], "n": 3}, "n", "each answer"),
    ])
    def test_several_answers_are_refused_with_what_to_do(self, gateway, upstream, path, body, parameter, words):
        source = upstream(good)
        entry = upstream_entry("u", source.url, model="m", format="gemini")
        port = gateway(config=configuration([entry], [])).port
        told = call(port, "POST", f"/v1/{path}", {"model": "m"} | body)
        error = json.loads(told.text)["error"]
        assert told.status == 400 and error["param"] == parameter and words in error["message"]
        assert not source.exchanges


class TestHealth:
    def test_an_upstream_that_is_not_well_is_passed_over_until_it_is(self, gateway, upstream):
        is_well = threading.Event()

        def sick(exchange):
            if exchange.head.startswith("GET /v1/models"):
                return failing(404 if is_well.is_set() else 503)(exchange)
            good(exchange)
        first, second = upstream(sick), upstream(good)
        health = {"interval_ms": 100, "timeout_ms": 500, "failures": 1}
        upstreams = [upstream_entry("a", first.url, health=health), upstream_entry("b", second.url)]
        targets = [{"upstream": "a"}, {"upstream": "b", "priority": 1}]
        served = gateway(config=configuration(upstreams, [{"model": "m", "targets": targets}]))
        self.wait_for(served, "Upstream is not well")
        assert said(ask(served.port, model="m", parameters="")) == "Hello" and len(second.exchanges) == 1
        is_well.set()
        self.wait_for(served, "Upstream is well again")
        assert said(ask(served.port, model="m", parameters="")) == "Hello" and len(second.exchanges) == 1

    def wait_for(self, served, words):
        deadline = time.monotonic() + 10
        while words not in served.said():
            assert time.monotonic() < deadline, served.said()
            time.sleep(0.05)


class TestSmoothing:
    """Ten words at once, each half second: typed one by one, and none held for long."""

    def bursty(self, exchange):
        exchange.start()
        for burst in range(8):
            exchange.say("".join(f"word{burst}{index} " for index in range(10)))
            time.sleep(0.5)
        exchange.end()

    @pytest.mark.parametrize("how", ["parameter", "route"])
    def test_bursts_are_typed_evenly(self, gateway, upstream, how):
        entry = upstream_entry("u", upstream(self.bursty).url)
        route = {"model": "m", "targets": [{"upstream": "u"}]} | ({"smooth_ms": 250} if how == "route" else {})
        port = gateway(config=configuration([entry], [route])).port
        parameters = {"smooth": 250, "unit": "word"} if how == "parameter" else {}
        answer = chat(port, "x", model="m", **parameters)
        times = [frame.at for frame in answer.frames if frame.id and not frame.event]
        gaps = [after - before for before, after in zip(times, times[1:])]
        assert answer.text == "".join(f"word{burst}{index} " for burst in range(8) for index in range(10))
        # As they came, there would be seven.
        assert sum(gap > 0.3 for gap in gaps) <= 3, "no stall once the rhythm is known"

    def test_smoothing_and_a_rate_of_one_s_own_exclude_each_other(self, gateway, upstream):
        entry = upstream_entry("u", upstream(good).url, model="m")
        port = gateway(config=configuration([entry], [])).port
        told = ask(port, model="m", parameters="smooth=250&rate=10")
        assert told.status == 400 and "smooth" in told.text

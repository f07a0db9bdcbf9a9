"""Parameters: their names, ranges and forms, which of three places wins, and how bad ones are refused."""

import json
import re

import pytest

from sse_client import assert_error, chat, fetch, post_chat, stream_target

FAST = {"rate": 0, "ttft": 0}


def get(server, query):
    """The answer to a query that is written as it stands, not encoded."""
    return fetch(server.port, "GET", "/chat/stream?" + query)


def post(server, **body):
    return fetch(server.port, "POST", "/chat", body=body)


IN_RANGE = [
    ("unit", ["character", "word", "token", "delta"]), ("rate", ["0", "0.1", "0.5", "40", "10000", "10000.0"]),
    ("cadence", ["constant", "uniform", "normal", "lognormal", "gamma"]), ("jitter", ["0", "0.25", "1", "1.0"]),
    ("pause", ["0", "10000", "250"]), ("burst", ["1", "1000"]), ("ttft", ["0", "60000"]),
    ("seed", ["0", "18446744073709551615"]), ("max_units", ["1", "1000000"]), ("format", ["text", "json"]),
    ("events", ["reasoning", "tool", "usage", "reasoning,tool,usage"]), ("system", ["Be brief."]), ("model", ["mock", "mock/echo"]),
]
OUT_OF_RANGE = [
    ("unit", ["", "Word", "chars", "line"]), ("rate", ["0.05", "10001", "10000.1", "100000000000000000000000"]),
    ("cadence", ["", "linear", "Constant"]), ("jitter", ["1.1", "2"]), ("pause", ["10001"]), ("burst", ["0", "1001"]),
    ("ttft", ["60001"]), ("seed", ["18446744073709551616", "0.5", "99999999999999999999999999"]),
    ("max_units", ["0", "1000001"]), ("format", ["", "xml", "JSON"]), ("events", ["thought", "usage,thought"]),
]
NOT_PLAIN = ["", "-1", "%2B1", "+1", "1e2", "1E2", "0x10", "%201", "1%20", "1,5", "1_000", "inf", "NaN", "one", "%D9%A3", "1.2.3"]
NUMBERS = ["rate", "jitter", "pause", "burst", "ttft", "seed", "max_units"]


@pytest.mark.parametrize("name, value", [(name, value) for name, values in IN_RANGE for value in values])
def test_values_in_range_are_taken(server, name, value):
    # A jitter where the cadence has none is refused, so this pair goes together.
    extra = {"jitter": "0.5"} if name == "cadence" and value != "constant" else {}
    response = post(server, **{"prompt": "x", "model": "echo", **extra, name: value})
    assert response.status == 201, response.body
    fetch(server.port, "DELETE", "/chat/streams/" + json.loads(response.body)["id"])


@pytest.mark.parametrize("name, value", [(name, value) for name, values in OUT_OF_RANGE for value in values])
def test_values_out_of_range_are_400(server, name, value):
    assert_error(get(server, f"prompt=x&{name}={value}"), 400, name)
    assert_error(post(server, prompt="x", **{name: value}), 400, name)
    assert_error(get(server, f"prompt=x&model=echo%3F{name}={value}"), 400)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_plain_decimals(server, name):
    for value in NOT_PLAIN:
        assert_error(get(server, f"prompt=x&{name}={value}"), 400, name)
    for value in ("-1", "+1", "1e2", " 1", "1 ", "", "one", True, [], {}, -1, "٣"):
        assert_error(post(server, prompt="x", **{name: value}), 400, name)


def test_cadences_that_contradict_the_jitter_are_400(server):
    for query in ("cadence=constant&jitter=0.5", "cadence=exponential&jitter=0.5", "cadence=exponential&jitter=0"):
        assert_error(get(server, "prompt=x&" + query), 400)
    for query in ("cadence=constant&jitter=0", "cadence=exponential&jitter=1", "jitter=0.5"):
        assert get(server, "prompt=x&model=echo&ttft=0&rate=10000&" + query).status == 200


def test_defaults_are_told(server):
    about = chat(server.port, "x", until=lambda answer: answer.start).about
    # The mock picks an answer by the seed; whether its name or the picked one's is told is not promised.
    assert (about["unit"], about["rate"], about["resumed"]) == ("character", 40, False)
    seeds = {chat(server.port, "x", until=lambda answer: answer.start).about["seed"] for _ in range(5)}
    assert len(seeds) == 5, "the seed is random"


@pytest.mark.parametrize("query", ["", "model=echo", "prompt=", "prompt", "prompt=&model=echo"])
def test_a_prompt_is_required(server, query):
    assert_error(get(server, query), 400, "prompt")


@pytest.mark.parametrize("query, name", [
    ("prompt=x&bogus=1", "bogus"), ("prompt=x&Rate=1", "Rate"), ("prompt=x&rate=1&rate=1", "rate"),
    ("prompt=x&prompt=y", "prompt"), ("prompt=x&ra%74e=1&rate=2", "rate"), ("prompt=x&tokens=5", "tokens"),
])
def test_unknown_and_repeated_names_are_400(server, query, name):
    assert_error(get(server, query), 400, name)


def test_unknown_names_in_a_body_and_after_a_models_name_are_400(server):
    assert_error(post(server, prompt="x", bogus=1), 400, "bogus")
    assert_error(post(server, prompt="x", model="echo?bogus=1"), 400)
    assert_error(post(server, prompt="x", model="echo?rate=1&rate=2"), 400)
    assert_error(post(server, prompt="x", model="echo?rate=fast"), 400)


@pytest.mark.parametrize("value", ["%", "%4", "%zz", "x%", "%f", "%+1", "a%2", "%u0041"])
def test_bad_percent_encoding_is_400(server, value):
    assert_error(get(server, f"prompt={value}"), 400)
    assert_error(get(server, f"prompt=x&system={value}"), 400)


@pytest.mark.parametrize("value", ["%ff", "%c3", "%c3%28", "%ed%a0%80", "%f4%90%80%80", "%c0%af", "x%e4%bd"])
def test_bad_utf_8_is_400(server, value):
    assert_error(get(server, f"prompt={value}"), 400)


def test_plus_is_a_space_and_percent_2b_a_plus(server):
    query = "prompt=a+b%2Bc%20d%26e%3Df&model=echo&rate=0&ttft=0"
    assert chat(server.port, path="/chat/stream?" + query).text == "a b+c d&e=f"


def test_escapes_in_upper_and_lower_case(server):
    assert chat(server.port, path="/chat/stream?prompt=%E4%bd%A0%c3%A9&model=echo&rate=0&ttft=0").text == "你é"


class TestPrecedence:
    """Query beats JSON body beats the model's name."""

    def rate(self, server, query, **body):
        answer = post_chat(server.port, {"prompt": "x", **body}, path="/chat/stream" + query, until=lambda answer: answer.start)
        assert answer.about["model"] == "echo"
        return answer.about["rate"]

    def test_the_models_name_beats_the_default(self, server):
        assert self.rate(server, "", model="echo?rate=80") == 80

    def test_the_body_beats_the_models_name(self, server):
        assert self.rate(server, "", model="echo?rate=80", rate=70) == 70

    def test_the_query_beats_the_body_and_the_models_name(self, server):
        assert self.rate(server, "?rate=60", model="echo?rate=80", rate=70) == 60

    def test_each_parameter_for_itself(self, server):
        path = "/chat/stream?unit=word"
        body = {"prompt": "a b", "model": "echo?rate=80&ttft=0&unit=token&format=json", "rate": 0, "format": "text"}
        answer = post_chat(server.port, body, path=path)
        assert answer.about["rate"] == 0 and answer.units == ["a", " b"]

    def test_the_models_name_in_the_query(self, server):
        for model in ("echo%3Frate=80%26unit=word", "echo%3Frate%3D80%26unit%3Dword"):
            about = chat(server.port, path=f"/chat/stream?prompt=x&model={model}", until=lambda answer: answer.start).about
            assert (about["model"], about["rate"], about["unit"]) == ("echo", 80, "word")

    def test_a_model_in_the_query_beats_the_bodys(self, server):
        answer = post_chat(server.port, {"prompt": "x", "model": "prose", **FAST}, path="/chat/stream?model=echo")
        assert answer.about["model"] == "echo" and answer.text == "x"


class TestModel:
    def test_unknown_is_404_that_lists_the_known(self, server):
        for response in (get(server, "prompt=x&model=gpt-99"), post(server, prompt="x", model="gpt-99"),
                         post(server, prompt="x", model="gpt-99?rate=1"), post(server, prompt="x", model="mock/gpt-99")):
            error = assert_error(response, 404)
            for name in ("mock", "echo", "prose", "emoji", "long"):
                assert name in error["message"], error

    def test_mock_slash_name_is_the_mock(self, server):
        assert chat(server.port, "Hi", model="mock/echo", **FAST).text == "Hi"
        assert chat(server.port, "Hi", model="mock/echo?rate=0&ttft=0").text == "Hi"

    def test_the_upstreams_model_is_the_default_and_mock_slash_still_the_mock(self, gateway, upstream):
        def script(exchange):
            exchange.start()
            exchange.say("from above")
            exchange.end()

        source = upstream(script)
        port = gateway(source.url, model="echo").port
        assert chat(port, "Hi", rate=0).text == "from above"
        assert chat(port, "Hi", model="echo", rate=0).text == "from above"
        assert chat(port, "Hi", model="mock/echo", **FAST).text == "Hi"
        assert len(source.exchanges) == 2
        models = {model["name"]: model["kind"] for model in json.loads(fetch(port, "GET", "/chat/models").body)["models"]}
        assert models["echo"] == "upstream"


class TestJSONForms:
    def test_numbers_or_strings_in_the_querys_form(self, server):
        for rate, seed in ((80, 5), ("80", "5"), (80.0, 5)):
            answer = post_chat(server.port, {"prompt": "x", "model": "echo", "rate": rate, "seed": seed},
                               until=lambda answer: answer.start)
            assert answer.about["rate"] == 80 and answer.about["seed"] == "5"

    def test_the_largest_seed_as_a_number(self, server):
        answer = post_chat(server.port, {"prompt": "x", "model": "echo", "seed": 2**64 - 1, **FAST})
        assert answer.about["seed"] == str(2**64 - 1), "not through a floating-point number"

    @pytest.mark.parametrize("events", [["usage"], "usage", ["reasoning", "tool"], "reasoning,tool", []])
    def test_events_as_an_array_or_a_list(self, server, events):
        assert post_chat(server.port, {"prompt": "x", "model": "echo", "events": events, **FAST}).whole

    @pytest.mark.parametrize("events", [["thought"], "thought", [1], {"usage": True}, 1, [["usage"]]])
    def test_other_events_are_400(self, server, events):
        assert_error(post(server, prompt="x", events=events), 400, "events")

    @pytest.mark.parametrize("body", [{"unit": 1}, {"unit": ["word"]}, {"model": ["echo"]}, {"system": {}}, {"format": []},
                                      {"cadence": {}}, {"rate": [40]}, {"rate": None}, {"seed": True}, {"prompt": ["x"]}])
    def test_values_of_another_type_are_400(self, server, body):
        assert_error(post(server, **{"prompt": "x"} | body), 400, next(iter(body)))

    def test_prompt_beside_messages_is_400(self, server):
        assert_error(post(server, prompt="x", messages=[{"role": "user", "content": "x"}]), 400)

    def test_escapes_in_strings(self, server):
        raw = rb'{"prompt":"\u00e9\ud83d\ude00\n\t\"\\\/\u0000","\u006dodel":"echo","rate":0,"ttft":0,"format":"json"}'
        assert post_chat(server.port, raw, headers={"Content-Type": "application/json"}).json_text == 'é😀\n\t"\\/\0'


def test_bad_parameters_are_refused_before_the_stream_starts(server):
    response = fetch(server.port, "GET", stream_target("x", rate="fast"), {"Accept": "text/event-stream"})
    error = assert_error(response, 400, "rate")
    assert re.search("number|0[.]1|10.?000", error["message"]), "the message says what would be right"


def test_no_accept_header_is_needed(server):
    assert fetch(server.port, "GET", stream_target("x", model="echo", **FAST), {"Accept": "image/png"}).status == 200

"""Scenarios: which one answers, what it says in each format, and how often."""

import json
import re

import pytest

from api_client import ASK, CHAT, ask, call, said
from on_schedule import median_of
from sse_client import assert_error, chat, fetch, post_chat

FORMATS = list(ASK)
FAST = {"rate": 0, "ttft": 0}


@pytest.fixture
def mock(gateway, tmp_path):
    """A server whose scenarios are these, at speed 0: `mock(yaml)` gives its port."""
    def make(yaml, **flags):
        folder = tmp_path / "scenarios"
        folder.mkdir(exist_ok=True)
        (folder / "scenarios.yaml").write_text(yaml)
        return gateway(scenarios=folder, **{"speed": 0} | flags).port

    return make


def answer(port, text="Hello", session=None, **more):
    """The text of one answer that is not streamed, or the status of an error."""
    headers = {"X-Typebar-Session": session} if session else {}
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": text}]} | more
    told = call(port, "POST", CHAT, body, headers)
    return told.json()["choices"][0]["message"]["content"] if told.status == 200 else told.status


# ── What it says ──

STEPS = """
- name: steps
  reply:
    - reasoning: First I think.
    - text: Then I speak.
    - tool_call: { name: get_weather, arguments: { city: Oslo, days: 3, asked: "{{ prompt }}" }, id: call_k7 }
    - usage: { input_tokens: 11, output_tokens: 7, reasoning_tokens: 3, cached_tokens: 2 }
"""
ARGUMENTS = {"city": "Oslo", "days": 3, "asked": 'Say "hi"\\'}


@pytest.mark.parametrize("format", FORMATS)
def test_a_reply_is_said_in_every_format(mock, format):
    port = mock("- name: one\n  reply: Grüße, 👩🏽‍💻!\n")
    assert said(ask(port, "x", format, model="any", parameters=""), format) == "Grüße, 👩🏽‍💻!"


def test_steps_in_openais_chat(mock):
    port = mock(STEPS)
    told = ask(port, 'Say "hi"\\', parameters="", stream_options={"include_usage": True})
    chunks = [json.loads(data) for data in told.events()[:-1]]
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    assert said(told) == "Then I speak."
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == "First I think."
    calls = [call for delta in deltas for call in delta.get("tool_calls") or []]
    assert calls[0]["id"] == "call_k7" and calls[0]["function"]["name"] == "get_weather"
    assert json.loads("".join(call["function"].get("arguments") or "" for call in calls)) == ARGUMENTS
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks if chunk["choices"]][-1] == "tool_calls"
    usage = chunks[-1]["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (11, 7)
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 3
    whole = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": 'Say "hi"\\'}]}).json()
    message = whole["choices"][0]["message"]
    assert message["content"] == "Then I speak." and whole["usage"]["prompt_tokens"] == 11
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == ARGUMENTS


def test_steps_in_anthropics_messages(mock):
    port = mock(STEPS)
    body = {"model": "claude", "max_tokens": 500, "messages": [{"role": "user", "content": 'Say "hi"\\'}]}
    told = call(port, "POST", "/v1/messages", body, {"anthropic-version": "2023-06-01"}).json()
    blocks = {block["type"]: block for block in told["content"]}
    assert blocks["text"]["text"] == "Then I speak." and blocks["tool_use"]["input"] == ARGUMENTS
    assert told["stop_reason"] == "tool_use"
    usage = told["usage"]  # which counts what came from the cache apart
    assert (usage["input_tokens"], usage["cache_read_input_tokens"], usage["output_tokens"]) == (9, 2, 7)
    thinking = body | {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048}
    told = call(port, "POST", "/v1/messages", thinking, {"anthropic-version": "2023-06-01"}).json()
    assert [block["type"] for block in told["content"]] == ["thinking", "text", "tool_use"]
    assert told["content"][0]["thinking"] == "First I think."


def test_steps_in_ollamas_and_googles_formats(mock):
    port = mock(STEPS)
    chunks = [json.loads(line) for line in ask(port, 'Say "hi"\\', "ollama_chat", parameters="").events()]
    calls = [each for chunk in chunks for each in chunk["message"].get("tool_calls") or []]
    assert calls[0]["function"] == calls[0]["function"] | {"name": "get_weather", "arguments": ARGUMENTS}
    assert (chunks[-1]["prompt_eval_count"], chunks[-1]["eval_count"]) == (11, 7)
    told = call(port, "POST", "/v1beta/models/gemini-x:generateContent",
                {"contents": [{"role": "user", "parts": [{"text": 'Say "hi"\\'}]}]}).json()
    parts = told["candidates"][0]["content"]["parts"]
    assert [part["functionCall"]["args"] for part in parts if "functionCall" in part] == [ARGUMENTS]
    assert "".join(part.get("text", "") for part in parts if not part.get("thought")) == "Then I speak."


def test_steps_on_the_plain_stream_are_events_for_who_wants_them(mock):
    port = mock(STEPS)
    told = post_chat(port, {"prompt": 'Say "hi"\\', "events": ["reasoning", "tool", "usage"], **FAST})
    assert told.whole and told.text == "Then I speak."
    assert "".join(piece["delta"] for piece in told.named("reasoning")) == "First I think."
    (tool,) = told.named("tool")
    assert tool["name"] == "get_weather" and json.loads(tool["arguments"]) == ARGUMENTS
    assert [frame.event for frame in told.frames if frame.event in ("reasoning", "tool")] == ["reasoning", "tool"]
    assert told.named("usage") == [{"input_tokens": 11, "output_tokens": 7}]
    quiet = chat(port, "x", **FAST)
    assert quiet.whole and quiet.text == "Then I speak." and not quiet.named("reasoning") + quiet.named("tool")


def test_a_refusal_is_told_as_one(mock):
    port = mock("- name: no\n  reply:\n    - refusal: I would rather not.\n")
    message = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}]}).json()
    assert message["choices"][0]["message"]["refusal"] == "I would rather not."
    assert message["choices"][0]["message"]["content"] is None
    told = call(port, "POST", "/v1/messages", {"model": "m", "max_tokens": 9, "messages": [
        {"role": "user", "content": "x"}]}, {"anthropic-version": "2023-06-01"}).json()
    assert told["stop_reason"] == "refusal"


@pytest.mark.alone
def test_a_pause_is_a_gap_and_speed_shortens_it(mock):
    pace = "{ unit: word, rate: 0, ttft: 0 }"
    port = mock(f"- {{ name: pause, pace: {pace}, reply: [ text: Well, pause: 400, text: done ] }}\n", speed=1)
    for text in (said(ask(port, parameters="")), chat(port, "x").text):
        assert text == "Welldone"
    for speed, seconds in ((1, 0.4), (4, 0.1), (0, 0)):
        assert seconds - 0.02 <= median_of(lambda: ask(port, parameters=f"speed={speed}").seconds) <= seconds + 0.2


@pytest.mark.alone
def test_a_scenarios_pace_is_that_of_its_reply_and_the_request_beats_it(mock):
    port = mock("- name: slow\n  pace: { unit: word, rate: 10, ttft: 100 }\n  reply: one two three four\n", speed=1)
    assert 0.38 <= median_of(lambda: ask(port, parameters="").seconds) <= 0.6

    def of_a_stream():
        told = chat(port, "x")
        return told.last.at - told.start.at

    assert 0.38 <= median_of(of_a_stream) <= 0.6
    assert median_of(lambda: ask(port, parameters="rate=0&ttft=0").seconds) <= 0.2


def test_the_finish_reason_may_be_told(mock):
    port = mock("- name: cut\n  reply:\n    - text: Half of\n    - finish: length\n")
    told = call(port, "POST", CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}]}).json()
    assert told["choices"][0]["finish_reason"] == "length"


def test_a_built_in_answer_may_be_the_reply(mock):
    port = mock("- name: builtin\n  reply: { mock: echo }\n")
    assert answer(port, "Straight back") == "Straight back"
    assert chat(port, "Straight back", model="prose", **FAST).text == "Straight back"


# ── Templates ──

def test_templates_are_filled_from_the_request(mock):
    port = mock("""
- name: filled
  reply: "{{prompt}}|{{ messages.count }}|{{ messages[0] }}|{{ messages.last }}|{{ model }}|{{ system }}|{{ turn }}|\
{{ header.X-Team }}|{{ seed }}|{{{{ kept }}"
""")
    body = {"model": "m-1", "seed": 42, "messages": [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "One"},
        {"role": "assistant", "content": "1"}, {"role": "user", "content": "Two"}]}
    told = call(port, "POST", CHAT, body, {"X-Team": "ferns"}).json()
    assert told["choices"][0]["message"]["content"] == "Two|4|Be brief.|Two|m-1|Be brief.|2|ferns|42|{{ kept }}"


def test_ids_of_templates_come_from_the_seed_and_times_from_the_clock(mock):
    port = mock("- name: id\n  reply: \"{{ uuid }} {{ uuid }} {{ now }}\"\n")

    def told(seed):
        return said(ask(port, parameters=f"seed={seed}")).split(" ")

    one, again, other = told(1), told(1), told(2)
    assert one[:2] == again[:2] and one[0] != one[1] and one[0] != other[0]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one[0])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one[2])


def test_what_a_template_fills_in_is_not_a_template_itself(mock):
    port = mock("- name: echo\n  reply: \"<{{ prompt }}>\"\n")
    assert answer(port, "{{ model }} {{{{") == "<{{ model }} {{{{>"


# ── Which one answers ──

MATCHES = """
- { name: by model, when: { model: { prefix: special- } }, reply: model }
- { name: by format, when: { format: [anthropic_messages, ollama_chat], last_user: fmt }, reply: "format" }
- { name: by path, when: { path: { contains: generateContent }, last_user: path }, reply: path }
- { name: equal, when: { last_user: ping }, reply: pong }
- { name: contains, when: { last_user: { contains: Fern, ignore_case: true } }, reply: ferns }
- { name: regex, when: { last_user: { regex: "^order #([0-9]+)$" } }, reply: an order }
- { name: any, when: { any_message: { contains: secret word, role: system } }, reply: heard it }
- { name: result, when: { tool_result: lookup }, reply: "got {{ tool_result }}" }
- { name: tool, when: { tool: lookup, role: user }, reply: [ { tool_call: { name: lookup } } ] }
- { name: header, when: { header: { name: X-Flag, value: "on" } }, reply: flagged }
- { name: key, when: { api_key: sk-special }, reply: known key }
- { name: turn, when: { turn: { from: 3 } }, reply: "third, or later" }
- { name: not streamed, when: { streamed: false, last_user: how }, reply: whole }
- { name: streamed, when: { streamed: true, last_user: how }, reply: streamed }
- { name: rest, reply: none of them }
"""


def test_each_condition_over_the_wire(mock):
    port = mock(MATCHES)
    assert answer(port, model="special-1") == "model" and answer(port, model="not-special-1") == "none of them"
    assert answer(port, "ping") == "pong" and answer(port, "ping!") == "none of them"
    assert answer(port, "A FERN and a moss") == "ferns"
    assert answer(port, "order #12") == "an order" and answer(port, "order #12a") == "none of them"
    system = [{"role": "system", "content": "the secret word is x"}, {"role": "user", "content": "?"}]
    assert answer(port, messages=system) == "heard it"
    assert answer(port, messages=[{"role": "user", "content": "secret word"}]) == "none of them"
    turns = [{"role": role, "content": "x"} for role in ("user", "assistant", "user", "assistant", "user")]
    assert answer(port, messages=turns) == "third, or later" and answer(port, messages=turns[:3]) == "none of them"
    assert answer(port, "how") == "whole" and said(ask(port, "how", parameters="")) == "streamed"


def test_conditions_on_the_head_of_a_request(mock):
    port = mock(MATCHES)
    assert said(ask(port, "x", parameters="", headers={"x-flag": "on"})) == "flagged"
    assert said(ask(port, "x", parameters="", headers={"x-flag": "off"})) == "none of them"
    for format, headers in (("openai_chat", {"Authorization": "Bearer sk-special"}),
                            ("anthropic_messages", {"x-api-key": "sk-special"}),
                            ("gemini", {"x-goog-api-key": "sk-special"})):
        assert said(ask(port, "x", format, parameters="", headers=headers), format) == "known key"
    assert said(ask(port, "fmt", "anthropic_messages", parameters=""), "anthropic_messages") == "format"
    assert said(ask(port, "fmt", "ollama_chat", parameters=""), "ollama_chat") == "format"
    assert said(ask(port, "fmt", parameters="")) == "none of them"
    assert said(ask(port, "path", "gemini", parameters=""), "gemini") == "none of them"
    told = call(port, "POST", "/v1beta/models/g:generateContent", {"contents": [{"parts": [{"text": "path"}]}]}).json()
    assert told["candidates"][0]["content"]["parts"][0]["text"] == "path"
    assert chat(port, "ping", **FAST).text == "pong"


def test_a_tool_is_called_and_its_result_is_understood_in_two_formats(mock):
    port = mock(MATCHES)
    tools = [{"type": "function", "function": {"name": "lookup", "parameters": {"type": "object"}}}]
    ask_first = {"model": "m", "tools": tools, "messages": [{"role": "user", "content": "go"}]}
    message = call(port, "POST", CHAT, ask_first).json()["choices"][0]["message"]
    made = message["tool_calls"][0]
    assert made["function"] == {"name": "lookup", "arguments": "{}"}
    after = ask_first | {"messages": ask_first["messages"] + [
        message, {"role": "tool", "tool_call_id": made["id"], "content": "42 ferns"}]}
    assert call(port, "POST", CHAT, after).json()["choices"][0]["message"]["content"] == "got 42 ferns"
    body = {"model": "m", "max_tokens": 99, "messages": [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "lookup", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "42 ferns"}]}]}
    told = call(port, "POST", "/v1/messages", body, {"anthropic-version": "2023-06-01"}).json()
    assert told["content"][0]["text"] == "got 42 ferns"


def test_without_a_match_the_built_in_mock_answers(mock):
    port = mock("- { name: other, when: { model: nobody }, reply: never }\n")
    assert answer(port, "Just me", model="echo") == "Just me"
    assert chat(port, "Just me", model="echo", **FAST).text == "Just me"


# ── How often ──

TIMES = """
- { name: first, when: { last_user: times }, times: 2, reply: early }
- { name: then, when: { last_user: times }, reply: late }
- { name: third call, when: { last_user: call, call: 3 }, reply: the third }
- { name: other calls, when: { last_user: call }, reply: another }
"""


def test_times_and_calls_are_counted_for_each_session(mock):
    port = mock(TIMES)
    for session in (None, "one", "two"):
        assert [answer(port, "times", session) for _ in range(4)] == ["early", "early", "late", "late"]
        assert [answer(port, "call", session) for _ in range(4)] == ["another", "another", "the third", "another"]


def test_sessions_do_not_share_their_counts_in_between(mock):
    port = mock(TIMES)
    told = [(session, answer(port, "times", session)) for _ in range(3) for session in ("a", "b")]
    assert [text for session, text in told if session == "a"] == ["early", "early", "late"]
    assert [text for session, text in told if session == "b"] == ["early", "early", "late"]
    headers = {"X-Typebar-Session": "plain"}
    assert [chat(port, "times", headers=headers, **FAST).text for _ in range(3)] == ["early", "early", "late"]


def test_weights_are_drawn_from_the_seed(mock):
    port = mock("- { name: heads, weight: 3, reply: heads }\n- { name: tails, weight: 1, reply: tails }\n")

    def drawn():
        return [said(ask(port, "x", parameters=f"seed={seed}")) for seed in range(80)]

    first = drawn()
    assert first == drawn() and 48 <= first.count("heads") <= 72 and set(first) == {"heads", "tails"}


# ── Errors ──

ERROR = """
- name: busy
  when: { last_user: { contains: busy } }
  reply: { status: 429, retry_after: 7, message: "Too busy for {{ prompt }}.", code: very_busy }
- { name: gone, when: { last_user: gone }, reply: [ { status: 529 } ] }
"""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("stream", [True, False])
def test_an_error_has_its_status_and_the_formats_own_shape(mock, format, stream):
    port = mock(ERROR)
    path, headers, body = ASK[format]
    path = path.format(model="m")
    if not stream:
        path = path.replace(":streamG", ":g").replace("?alt=sse", "")
    told = call(port, "POST", path, body("busy me") | {"model": "m", "stream": stream}, headers)
    assert told.status == 429 and told.headers["retry-after"] == "7"
    error = told.json()["error"]
    message = error if isinstance(error, str) else error["message"]
    assert message == "Too busy for busy me."
    if format.startswith("openai"):
        assert error.keys() == {"message", "type", "param", "code"} and error["code"] == "very_busy"
    elif format == "anthropic_messages":
        assert told.json()["type"] == "error" and error["type"] == "rate_limit_error"
    elif format == "gemini":
        assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    else:
        assert isinstance(error, str)


def test_an_error_of_the_plain_stream_and_one_of_anthropics_own(mock):
    port = mock(ERROR)
    response = fetch(port, "POST", "/chat/stream", body={"prompt": "busy"})
    assert assert_error(response, 429)["code"] == "very_busy" and response.header("retry-after") == "7"
    told = ask(port, "gone", "anthropic_messages", parameters="")
    assert told.status == 529 and told.json()["error"]["type"] == "overloaded_error"

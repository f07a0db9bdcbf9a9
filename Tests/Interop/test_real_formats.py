"""A server that we did not write, in each of its four formats, behind a route: every client's format reaches it.

`llmock` says what it is told to, so each test knows the text, the calls and the failure to come.
"""

import itertools
import json

import pytest

from api_client import ASK, ask, call, ending, said
from conftest import Gateway
from real_upstream import BASES, RealUpstream
from sse_client import chat, fetch

TEXT = "Grüße! 你好, 世界。 A family 👩‍👩‍👧‍👦 and a \\ line\nbreak, \"quoted\".\n\n```swift\nlet x = 1\n```\nThe end."
TOOL = {"type": "function", "function": {"name": "weather", "description": "The weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """The real server, and a gateway with a route to each of its formats."""
    folder = tmp_path_factory.mktemp("real-formats")
    with open(folder / "log", "wb") as log:
        real = RealUpstream(log, "--tool-mode", "off", delay=1)
        upstreams = [{"name": name, "url": real.base(name), "format": name, "key": "any",
                      "breaker": {"failures": 1000}} for name in BASES]
        routes = [{"prefix": name + "/", "targets": [{"upstream": name, "model": "*"}], "retries": {"base_ms": 10}}
                  for name in BASES]
        (folder / "typebar.yaml").write_text(json.dumps({"upstreams": upstreams, "routes": routes}))
        front = Gateway(config=folder / "typebar.yaml")
        yield front, real
        code = front.end()
        real.end()
        assert code is None, front.said()[-4000:]


@pytest.fixture(params=BASES)
def upstream(request):
    return request.param


@pytest.mark.parametrize("client", ASK)
def test_every_client_gets_its_text(servers, client, upstream):
    front, real = servers
    real.plan({"type": "reply", "text": TEXT})
    told = ask(front.port, "x", client, model=upstream + "/m", parameters="")
    assert told.status == 200 and told.error is None, told.text
    assert said(told, client) == TEXT and ending(told, client) == "whole"


def test_a_browser_gets_its_text(servers, upstream):
    front, real = servers
    real.plan({"type": "reply", "text": TEXT})
    answer = chat(front.port, "x", model=upstream + "/m", rate=0)
    assert answer.whole and answer.text == TEXT


def test_the_request_is_what_the_real_server_understands(servers, upstream):
    """It echoes what it has read of the conversation: nothing of it is lost on the way."""
    front, real = servers
    real.plan()
    told = ask(front.port, "Tell me of 你好, größer please.", model=upstream + "/m", parameters="")
    assert "Tell me of 你好, größer please." in said(told), told.text
    (request,) = json.loads(fetch(real.port, "GET", "/_llmock/requests").body)["requests"]
    assert request["model"] == "m" and request["stream"] is True, request


@pytest.mark.parametrize("behavior, is_told", [
    ({"type": "reply", "text": TEXT, "finish_reason": "length"}, "length"),
    ({"type": "reply", "text": TEXT}, "stop"),
], ids=["length", "stop"])
def test_a_whole_answer_is_collected_with_its_reason_and_usage(servers, upstream, behavior, is_told):
    front, real = servers
    real.plan(behavior)
    told = call(front.port, "POST", "/v1/chat/completions",
                {"model": upstream + "/m", "messages": [{"role": "user", "content": "One two three four five."}]})
    assert told.status == 200, told.text
    choice = told.json()["choices"][0]
    assert choice["message"]["content"] == behavior["text"] and choice["finish_reason"] == is_told
    usage = told.json()["usage"]
    assert usage["prompt_tokens"] > 0 and usage["completion_tokens"] > 0, usage


def test_a_tool_is_called_and_its_result_goes_back(servers, upstream):
    front, real = servers
    real.plan({"type": "reply", "text": "Looking.", "tool_calls": [{"name": "weather", "arguments": {"city": "Köln"}}]},
              {"type": "reply", "text": "Sunny."})
    body = {"model": upstream + "/m", "tools": [TOOL], "messages": [{"role": "user", "content": "Weather?"}]}
    told = call(front.port, "POST", "/v1/chat/completions", body)
    choice = told.json()["choices"][0]
    assert choice["finish_reason"] == "tool_calls" and choice["message"]["content"] == "Looking.", told.text
    (asked,) = choice["message"]["tool_calls"]
    assert asked["function"]["name"] == "weather" and json.loads(asked["function"]["arguments"]) == {"city": "Köln"}
    body["messages"] += [choice["message"], {"role": "tool", "tool_call_id": asked["id"], "content": "sunny"}]
    again = call(front.port, "POST", "/v1/chat/completions", body)
    assert again.status == 200 and again.json()["choices"][0]["message"]["content"] == "Sunny.", again.text


@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages"])
@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed"])
def test_an_answer_cut_short_is_told_as_such(servers, upstream, client, kind):
    front, real = servers
    # Anthropic's stream has three events before its first text, that of Responses four.
    real.plan({"type": "reply", "text": TEXT}, {"type": "stream_fault", "kind": kind, "after_chunks": 8})
    told = ask(front.port, "x", client, model=upstream + "/m", parameters="")
    assert told.status == 200, told.text
    text = said(told, client)
    assert text and text != TEXT and TEXT.startswith(text), text
    assert ending(told, client) == "error", told.text


@pytest.mark.parametrize("client", ASK)
def test_an_answer_cut_short_is_told_to_every_client(servers, client):
    front, real = servers
    real.plan({"type": "reply", "text": TEXT}, {"type": "stream_fault", "kind": "truncate", "after_chunks": 8})
    told = ask(front.port, "x", client, model="anthropic_messages/m", parameters="")
    text = said(told, client)
    assert told.status == 200 and text != TEXT and TEXT.startswith(text), text
    assert ending(told, client) == "error", told.text


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_a_failure_before_the_first_token_is_survived(servers, upstream, status):
    front, real = servers
    real.plan({"type": "fail", "status": status, "retry_after": 0}, {"type": "reply", "text": TEXT})
    told = ask(front.port, "x", model=upstream + "/m", parameters="")
    assert told.status == 200 and said(told) == TEXT


@pytest.mark.parametrize("status, client", list(itertools.product([400, 401, 403, 404], ["openai_chat", "gemini"])))
def test_a_refusal_is_passed_on_with_its_words(servers, upstream, status, client):
    front, real = servers
    real.plan({"type": "fail", "status": status, "message": "Not like this, said the server."})
    told = ask(front.port, "x", client, model=upstream + "/m", parameters="")
    assert told.status == status and "Not like this, said the server." in told.text

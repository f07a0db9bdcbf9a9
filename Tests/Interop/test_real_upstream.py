"""An OpenAI-compatible server that we did not write (`llmock` from PyPI: FastAPI on uvicorn) behind the gateway."""

import json

import pytest

from real_upstream import RealUpstream
from sse_client import chat, fetch, post_chat

KEY = {"TYPEBAR_UPSTREAM_KEY": "sk-any"}
TEXT = "Grüße! 你好, 世界。 Here is 👩‍💻 and a flag 🇩🇪.\n\n- one\n- two\n\n```swift\nlet x = 1\n```\nThe end."


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with open(tmp_path_factory.mktemp("llmock") / "log", "wb") as log:
        upstream = RealUpstream(log)
        yield upstream
        upstream.end()


@pytest.fixture
def port(gateway, real):
    return gateway(real.url, model="gpt-4o", environment=KEY).port


@pytest.mark.parametrize("unit", ["character", "word", "token", "delta"])
def test_its_answer_arrives_whole(real, port, unit):
    prompt = "Tell me of 你好 and 👩‍💻, größer please."
    answer = chat(port, prompt, rate=0, unit=unit)
    assert answer.whole and answer.text == real.answer(prompt)
    assert answer.about["model"] == "gpt-4o"


@pytest.mark.alone
def test_a_scripted_answer_arrives_whole_and_paced(real, port):
    real.plan({"type": "reply", "text": TEXT * 3})
    answer = post_chat(port, {"messages": [{"role": "user", "content": "x"}], "rate": 100, "format": "json"})
    assert answer.whole and answer.json_text == TEXT * 3
    gaps = [after.at - before.at for before, after in zip(answer.content, answer.content[1:])]
    # It writes a word every 30 ms; the typewriter makes single characters of it, never a word at a time.
    assert sum(gap > 0.004 for gap in gaps) > 0.8 * len(gaps)


def test_it_resumes(real, port):
    real.plan({"type": "reply", "text": TEXT})
    first = chat(port, "x", rate=100, until=lambda answer: len(answer.content) == 20)
    rest = chat(port, headers={"Last-Event-ID": first.last_id})
    assert rest.whole and first.text + rest.text == TEXT
    requests = json.loads(fetch(real.port, "GET", "/_llmock/requests").body)
    assert requests["count"] == 1, "the resume made a second generation"


def test_usage_and_tool_calls(real, port):
    real.plan({"type": "reply", "text": "Looking.", "tool_calls": [{"name": "weather", "arguments": {"city": "Köln"}}]})
    answer = chat(port, "x", rate=0, events="usage,tool")
    assert answer.whole and answer.text == "Looking."
    arguments = "".join(each.get("arguments") or "" for each in answer.named("tool"))
    assert answer.named("tool")[0]["name"] == "weather" and json.loads(arguments) == {"city": "Köln"}
    assert len(answer.named("usage")) == 1


@pytest.mark.parametrize("behavior, kind", [
    ({"type": "stream_fault", "kind": "disconnect", "after_chunks": 4}, "upstream_reset"),
    ({"type": "stream_fault", "kind": "truncate", "after_chunks": 4}, "truncated"),
    ({"type": "stream_fault", "kind": "malformed", "after_chunks": 4}, "upstream_protocol"),
    ({"type": "fail", "status": 403}, "upstream_status"),
], ids=lambda value: value if isinstance(value, str) else value.get("kind", value.get("status")))
def test_its_faults_are_told(real, port, behavior, kind):
    real.plan({"type": "reply", "text": TEXT}, behavior)
    answer = chat(port, "x", rate=0)
    assert answer.fault and answer.fault["kind"] == kind
    assert TEXT.startswith(answer.text) and (answer.text != "" or kind == "upstream_status")


@pytest.mark.parametrize("behavior", [
    {"type": "fail", "status": 429, "retry_after": 1}, {"type": "fail", "status": 500},
], ids=lambda value: str(value["status"]))
def test_a_failure_before_the_first_token_is_survived(real, port, behavior):
    real.plan(behavior, {"type": "reply", "text": TEXT})
    assert chat(port, "x", rate=0).text == TEXT

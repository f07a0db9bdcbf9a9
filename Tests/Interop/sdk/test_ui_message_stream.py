"""The AI SDK's chat (`useChat`) against `POST /api/chat`, by a checker of its protocol."""

import json
import uuid

import pytest

from clients import lasting
from sse_client import Connection, fetch
from ui_stream_checker import ProtocolError, checked_parts, text_of

PROTOCOL = "x-vercel-ai-ui-message-stream"


def message(text, role="user", identity="u1"):
    return {"id": identity, "role": role, "parts": [{"type": "text", "text": text}]}


def body_for(model, *messages, chat=None):
    """As `DefaultChatTransport` sends it, with the field `model` that the app adds to its requests."""
    return {"id": chat or uuid.uuid4().hex, "messages": list(messages or [message("What is new?")]),
            "trigger": "submit-message", "model": model}


def post(server, body, query="speed=0"):
    return fetch(server.port, "POST", f"/api/chat?{query}", {"Accept": "*/*"}, body)


def parts_of(server, model, *messages, query="speed=0"):
    answer = post(server, body_for(model, *messages), query)
    assert answer.status == 200, answer.body
    return checked_parts(answer.body)


def finish_of(parts):
    assert parts[-1]["type"] == "finish"
    return parts[-1].get("finishReason", "stop")


def test_the_answers_head_bears_the_mark_of_the_protocol(server):
    answer = post(server, body_for("plain"))
    assert answer.header(PROTOCOL) == "v1" and answer.header("content-type").startswith("text/event-stream")
    assert "no-cache" in answer.header("cache-control") and answer.header("x-accel-buffering") == "no"


def test_text_is_one_block_in_one_step(server):
    parts = parts_of(server, "plain")
    types = [part["type"] for part in parts]
    assert types[:3] == ["start", "start-step", "text-start"] and types[-3:] == ["text-end", "finish-step", "finish"]
    assert text_of(parts) == "Good morning, Oslo!" and types.count("text-delta") > 1 and parts[0]["messageId"]
    assert finish_of(parts) == "stop"


def test_awkward_characters_come_through(server):
    text = text_of(parts_of(server, "awkward"))
    assert "\u2028" in text and "\x0b" in text and "👩‍💻" in text and "\r\n" in text


def test_any_model_is_answered_and_no_model_is_too(server):
    assert text_of(parts_of(server, "gpt-4o"))
    body = body_for("")
    del body["model"]
    assert text_of(checked_parts(post(server, body).body))


def test_echo_says_the_last_user_message(server):
    history = [message("one"), message("ONE", "assistant", "a1"), message("two", identity="u2")]
    assert text_of(parts_of(server, "echo", *history)) == "two"


def test_reasoning_is_a_block_before_the_text(server):
    parts = parts_of(server, "thinker")
    types = [part["type"] for part in parts]
    assert types.index("reasoning-end") < types.index("text-start")
    assert text_of(parts, "reasoning-delta") == "Two and two is four." and text_of(parts) == "The answer is 4."


def test_a_call_streams_its_input_and_is_left_to_the_client(server):
    parts = parts_of(server, "caller")
    calls = [part for part in parts if part["type"] == "tool-input-available"]
    assert [(call["toolName"], call["input"]) for call in calls] == [("get_weather", {"city": "Oslo"})]
    assert any(part["type"] == "tool-input-delta" for part in parts) and finish_of(parts) == "tool-calls"


def test_the_result_of_a_call_is_answered(server):
    tool = {"type": "tool-get_weather", "toolCallId": "call_1", "state": "output-available",
            "input": {"city": "Oslo"}, "output": {"celsius": 7}}
    answer = {"id": "a1", "role": "assistant", "parts": [{"type": "step-start"}, tool]}
    assert text_of(parts_of(server, "weather", message("Weather?"), answer)) == "It is 7 °C in Oslo."


def test_a_refusal_is_shown_as_text(server):
    assert text_of(parts_of(server, "refuser")) == "I can't help with that."


def test_an_answer_that_is_cut_short_says_so(server):
    assert finish_of(parts_of(server, "cut-short")) == "length"


def test_a_file_is_accepted(server):
    picture = {"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,AAAA"}
    question = {"id": "u1", "role": "user", "parts": [picture, {"type": "text", "text": "Look!"}]}
    assert text_of(parts_of(server, "echo", question)) == "Look!"


def test_an_error_in_the_middle_is_the_last_part(server):
    parts = parts_of(server, "failing")
    assert parts[-1]["type"] == "error" and parts[-1]["errorText"] and text_of(parts).strip() == "So far so"


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_status_comes_with_words_that_a_person_can_read(server, status):
    answer = post(server, body_for(f"status-{status}"))
    assert answer.status == status and f"This is a {status}.".encode() in answer.body


def test_what_is_no_request_of_a_chat_is_refused(server):
    for body in ({"trigger": "submit-message", "messages": "Hi", "id": "c"},
                 {"trigger": "submit-message", "messages": [], "id": "c"},
                 {"trigger": "submit-message", "messages": [{"role": "user", "parts": 7}], "id": "c"}):
        assert post(server, body).status == 400, body


def test_heartbeats_in_a_pause_are_comments(server):
    with lasting(0.35, 10):
        answer = post(server, body_for("pausing"), query="")
    assert text_of(checked_parts(answer.body)) == "One two." and b"\n\n:" in answer.body


def test_a_chat_without_a_stream_has_nothing_to_resume(server):
    answer = fetch(server.port, "GET", f"/api/chat/{uuid.uuid4().hex}/stream")
    assert (answer.status, answer.body) == (204, b"")


def begun(server, connection, model, chat):
    """Asks, and waits for the first text."""
    connection.request("POST", "/api/chat", {"Accept": "*/*"}, body_for(model, chat=chat))
    response = connection.response()
    pieces = response.pieces()
    taken = b""
    while b"text-delta" not in taken:
        taken += next(pieces)[0]
    return taken, pieces


def test_a_second_reader_gets_the_whole_stream_from_its_start(server):
    chat = uuid.uuid4().hex
    with Connection(server.port) as connection:
        taken, pieces = begun(server, connection, "pausing", chat)
        again = fetch(server.port, "GET", f"/api/chat/{chat}/stream")
        first = checked_parts(taken + b"".join(piece for piece, _ in pieces))
    assert again.status == 200 and again.header(PROTOCOL) == "v1"
    assert checked_parts(again.body) == first and text_of(first) == "One two."


def test_a_stream_goes_on_when_its_reader_has_gone_and_is_over_at_its_end(server):
    chat = uuid.uuid4().hex
    with Connection(server.port) as connection:
        begun(server, connection, "pausing", chat)
        connection.reset()
    answer = fetch(server.port, "GET", f"/api/chat/{chat}/stream")
    assert answer.status == 200 and text_of(checked_parts(answer.body)) == "One two."
    assert fetch(server.port, "GET", f"/api/chat/{chat}/stream").status == 204


START = [{"type": "start", "messageId": "m"}, {"type": "start-step"}]
END = [{"type": "finish-step"}, {"type": "finish"}]
BLOCK = [{"type": "text-start", "id": "t"}, {"type": "text-delta", "id": "t", "delta": "x"},
         {"type": "text-end", "id": "t"}]


def frames(*parts):
    return b"".join(b"data: " + json.dumps(part).encode() + b"\n\n" for part in parts) + b"data: [DONE]\n\n"


def test_the_checker_accepts_what_is_right():
    assert checked_parts(b": beat\n\n" + frames(*START, *BLOCK, *END)) == [*START, *BLOCK, *END]


@pytest.mark.parametrize("parts", [
    [*BLOCK, *END], [*START, *BLOCK[1:], *END], [*START, *BLOCK[:2], *END], [*START, *BLOCK, *BLOCK, *END],
    [*START, *BLOCK], [*START, *END, *END], [*START, {"type": "usage"}, *END], [*START, START[0], *END],
    [*START, {**BLOCK[0], "role": "x"}, *BLOCK[1:], *END], [*START, {"type": "text-start"}, *END],
    [*START[:1], *BLOCK, *END], [*START, *END[:1], {"type": "finish", "finishReason": "tool_calls"}],
    [*START, {"type": "tool-input-delta", "toolCallId": "c", "inputTextDelta": ""}, *END],
    [*START, {"type": "tool-output-available", "toolCallId": "c", "output": 1}, *END],
    [*START, {"type": "tool-input-start", "toolCallId": "c", "toolName": "n"}, *END],
    [*START, {"type": "error", "errorText": "e"}, *END], [*START, {"type": "error", "errorText": None}],
], ids=range(17))
def test_the_checker_refuses_what_is_wrong(parts):
    with pytest.raises(ProtocolError):
        checked_parts(frames(*parts))


@pytest.mark.parametrize("body", [b"data: [DONE]\n", b"data:[DONE]\n\n", b"event: x\ndata: [DONE]\n\n",
                                  b"id: 1\n\ndata: [DONE]\n\n", frames(*START, *END).replace(b"\n", b"\r\n"),
                                  frames(*START, *END).removesuffix(b"data: [DONE]\n\n")], ids=range(6))
def test_the_checker_refuses_wrong_frames(body):
    with pytest.raises(ProtocolError):
        checked_parts(body)

"""The Messages API as Anthropic's Python SDK reads it."""

import asyncio
import json

import anthropic
import pytest
from pydantic import BaseModel

from clients import ANTHROPIC, anthropic_client, lasting, released_socket
from sse_client import fetch

WORDS = "one two three four five six seven eight nine ten"
QUESTION = [{"role": "user", "content": "What is new?"}]
COUNTING = [{"role": "user", "content": WORDS}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"name": "get_weather", "description": "Tells the weather.", "input_schema": SCHEMA}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
THINKING = {"type": "enabled", "budget_tokens": 1024}


class Forecast(BaseModel):
    city: str
    celsius: float
    windy: bool
    hours: list[int]


@pytest.fixture
def client(server, session):
    with anthropic_client(server, session) as client:
        yield client


def ask(client, model, messages=QUESTION, **parameters):
    return client.messages.create(**{"model": model, "messages": messages, "max_tokens": 2048, **parameters})


def final(client, model, messages=QUESTION, **parameters):
    """What the SDK's own accumulator makes of a stream, and the wire's events."""
    with client.messages.stream(**{"model": model, "messages": messages, "max_tokens": 2048, **parameters}) as stream:
        events = list(stream)
        return stream.get_final_message(), events


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def test_a_plain_answer_is_whole(client):
    answer = ask(client, "plain")
    assert (answer.type, answer.role, answer.model) == ("message", "assistant", "plain")
    assert answer.id.startswith("msg_") and [block.type for block in answer.content] == ["text"]
    assert text_of(answer) == "Good morning, Oslo!"
    assert (answer.stop_reason, answer.stop_sequence) == ("end_turn", None)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (9, 5)
    assert answer._request_id.startswith("req_")


def test_the_sdks_strict_validation_accepts_answers_and_streams(server, session):
    # Version 0.49 is older than the stop reason `refusal`.
    newer = ["refuser"] if ANTHROPIC > (0, 49) else []
    with anthropic_client(server, session, _strict_response_validation=True) as strict:
        for model in ["plain", "thinker", "cut-short", "claude-sonnet-5", *newer]:
            assert ask(strict, model).type == "message"
            assert list(ask(strict, model, stream=True))
        assert ask(strict, "weather", tools=[TOOL]).content and list(ask(strict, "weather", tools=[TOOL], stream=True))


def test_a_stream_has_its_events_in_their_order(client):
    types = [event.type for event in ask(client, "plain", stream=True) if event.type != "ping"]
    deltas = types.count("content_block_delta")
    assert deltas > 1
    assert types == ["message_start", "content_block_start", *["content_block_delta"] * deltas, "content_block_stop",
                     "message_delta", "message_stop"]


def test_a_stream_adds_up_to_the_whole_answer(client):
    message, _ = final(client, "plain")
    assert text_of(message) == "Good morning, Oslo!" and message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (9, 5)


def test_awkward_characters_come_through_a_stream_as_in_a_whole_answer(client):
    whole = text_of(ask(client, "awkward"))
    assert "\u2028" in whole and "\x0b" in whole and text_of(final(client, "awkward")[0]) == whole


def test_any_model_name_is_answered_and_echo_says_the_last_user_message(client):
    assert text_of(ask(client, "claude-sonnet-5"))
    assert text_of(final(client, "echo", COUNTING)[0]) == WORDS


def test_parameters_after_the_models_name_pace_the_answer(server, session):
    with anthropic_client(server, session, query={}) as client, lasting(0.3, 10):
        assert text_of(final(client, "echo?unit=word&rate=20&ttft=0", COUNTING)[0]) == WORDS


def test_a_tool_is_used_and_its_result_answered(client):
    first = ask(client, "weather", tools=[TOOL])
    text, call = first.content
    assert (text.text, call.type, call.name) == ("Let me look.", "tool_use", "get_weather")
    assert call.input == {"city": "Oslo"}
    assert first.stop_reason == "tool_use" and call.id.startswith("toolu_")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "7 °C"}
    messages = [*QUESTION, {"role": "assistant", "content": first.to_dict()["content"]},
                {"role": "user", "content": [result]}]
    second = ask(client, "weather", messages, tools=[TOOL])
    assert (text_of(second), second.stop_reason) == ("It is 7 °C in Oslo.", "end_turn")


def test_a_streamed_tool_use_adds_up_to_its_input(client):
    message, events = final(client, "two-calls", tools=[TOOL])
    assert [block.input for block in message.content] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert message.stop_reason == "tool_use" and len({block.id for block in message.content}) == 2
    for index in (0, 1):
        pieces = [event.delta.partial_json for event in events
                  if event.type == "content_block_delta" and event.index == index]
        assert json.loads("".join(pieces)) == message.content[index].input


def test_the_mock_uses_a_tool_of_its_own_accord_where_it_must(client):
    for choice in ({"type": "any"}, {"type": "tool", "name": "get_weather"}):
        answer = ask(client, "claude-sonnet-5", tools=[TOOL], tool_choice=choice)
        assert isinstance(answer.content[-1].input["city"], str) and answer.stop_reason == "tool_use"


def test_thinking_is_a_block_of_its_own_with_a_signature_at_its_end(client):
    answer = ask(client, "thinker", thinking=THINKING)
    assert [block.type for block in answer.content] == ["thinking", "text"]
    assert answer.content[0].thinking == "Two and two is four." and answer.content[0].signature
    message, events = final(client, "thinker", thinking=THINKING)
    assert message.content[0].thinking == "Two and two is four." and message.content[0].signature
    kinds = [event.delta.type for event in events if event.type == "content_block_delta" and event.index == 0]
    assert kinds[-1] == "signature_delta" and set(kinds[:-1]) == {"thinking_delta"}
    assert text_of(message) == "The answer is 4."


def test_thinking_can_be_sent_back(client):
    first = ask(client, "thinker-with-tools", thinking=THINKING, tools=[TOOL])
    assert [block.type for block in first.content] == ["thinking", "tool_use"]
    result = {"type": "tool_result", "tool_use_id": first.content[1].id, "content": [{"type": "text", "text": "7 °C"}]}
    messages = [*QUESTION, {"role": "assistant", "content": first.to_dict()["content"]},
                {"role": "user", "content": [result, {"type": "text", "text": "Well?"}]}]
    assert text_of(ask(client, "echo", messages, thinking=THINKING, tools=[TOOL])) == "Well?"


def test_a_refusal_is_a_stop_reason(client):
    assert ask(client, "refuser").stop_reason == "refusal"
    assert final(client, "refuser")[0].stop_reason == "refusal"


def test_a_schema_is_answered_with_json_that_fits(client):
    if ANTHROPIC < (0, 125):
        output = {"format": {"type": "json_schema", "schema": Forecast.model_json_schema()}}
        answer = ask(client, "claude-sonnet-5", extra_body={"output_config": output})
        Forecast.model_validate_json(text_of(answer))
    else:
        answer = client.messages.parse(model="claude-sonnet-5", messages=QUESTION, max_tokens=2048,
                                       output_format=Forecast)
        assert isinstance(answer.parsed_output, Forecast)


def test_the_limit_of_tokens_ends_the_answer(client):
    answer = ask(client, "echo", COUNTING, max_tokens=3)
    assert answer.stop_reason == "max_tokens" and answer.usage.output_tokens <= 3
    assert text_of(answer) != WORDS and WORDS.startswith(text_of(answer))
    assert text_of(final(client, "echo", COUNTING, max_tokens=3)[0]) == text_of(answer)


def test_a_stop_sequence_ends_the_answer_and_is_told(client):
    for answer in (ask(client, "echo", COUNTING, stop_sequences=["six se", " four"]),
                   final(client, "echo", COUNTING, stop_sequences=["six se", " four"])[0]):
        assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", " four")
        assert text_of(answer) == "one two three"


def test_tokens_are_counted_as_the_answer_will(client):
    usage = ask(client, "echo", COUNTING, system="Be brief.").usage
    counted = client.messages.count_tokens(model="echo", messages=COUNTING, system="Be brief.")
    assert counted.input_tokens == usage.input_tokens > 0
    with_tools = client.messages.count_tokens(model="echo", messages=COUNTING, system="Be brief.", tools=[TOOL])
    assert with_tools.input_tokens > counted.input_tokens


def test_models_are_listed_and_found_by_their_ids(client):
    models = list(client.models.list(limit=2))
    assert "echo" in [model.id for model in models] and len(models) > 2
    assert all(model.type == "model" and model.display_name and model.created_at for model in models)
    assert client.models.retrieve("echo").id == "echo"


def test_images_and_documents_are_accepted(client):
    parts = [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
             {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}},
             {"type": "text", "text": "Look!"}]
    assert text_of(ask(client, "echo", [{"role": "user", "content": parts}])) == "Look!"


def test_pings_in_a_pause_are_on_the_wire_and_harmless(server, session):
    with anthropic_client(server, session, query={}) as client, lasting(0.35, 10):
        assert text_of(final(client, "pausing")[0]) == "One two."
    headers = {"anthropic-version": "2023-06-01", "x-api-key": "k"}
    body = {"model": "pausing", "messages": QUESTION, "max_tokens": 9, "stream": True}
    assert fetch(server.port, "POST", "/v1/messages", headers, body).body.count(b"event: ping\ndata: ") > 2


def test_closing_a_stream_frees_the_servers_socket(server, session):
    with anthropic_client(server, session, query={}) as client, released_socket(server) as is_open:
        stream = ask(client, "silent", stream=True)
        assert next(iter(stream)).type == "message_start" and is_open()
        stream.close()


def test_the_asynchronous_client_reads_the_same(server, session):
    async def ask_later():
        async with anthropic_client(server, session, kind=anthropic.AsyncAnthropic) as client:
            async with client.messages.stream(model="plain", messages=QUESTION, max_tokens=99) as stream:
                return [piece async for piece in stream.text_stream]

    assert "".join(asyncio.run(ask_later())) == "Good morning, Oslo!"


def test_the_sdk_is_one_of_those_that_are_promised():
    assert ANTHROPIC in ((2, 12), (0, 125), (0, 49))

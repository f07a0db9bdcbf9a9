"""Chat completions as OpenAI's Python SDK reads them."""

import asyncio
import json
import time
from typing import Literal

import openai
import pytest
from pydantic import BaseModel

from clients import OPENAI, lasting, openai_client, released_socket

QUESTION = [{"role": "user", "content": "What is new?"}]
COUNTING = [{"role": "user", "content": "one two three four five six seven eight"}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
              "additionalProperties": False}
TOOL = {"type": "function", "function": {"name": "get_weather", "strict": True, "parameters": PARAMETERS}}
OTHER_TOOL = {"type": "function", "function": {"name": "get_time", "strict": True, "parameters": PARAMETERS}}
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"


class Forecast(BaseModel):
    city: str
    celsius: float
    windy: bool
    hours: list[int]


class Station(BaseModel):
    name: str
    kind: Literal["land", "sea"]
    height: int | None
    forecasts: list[Forecast]


@pytest.fixture
def client(server, session):
    with openai_client(server, session) as client:
        yield client


def streamed(client, model, messages=QUESTION, **parameters):
    return list(client.chat.completions.create(model=model, messages=messages, stream=True, **parameters))


def text_of(chunks, index=0):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices if choice.index == index)


def final(client, model, messages=QUESTION, **parameters):
    """What the SDK's own accumulator makes of a stream."""
    with client.chat.completions.stream(model=model, messages=messages, **parameters) as stream:
        events = [event.type for event in stream]
        return stream.get_final_completion(), events


def test_a_plain_answer_is_whole(client):
    answer = client.chat.completions.create(model="plain", messages=QUESTION)
    assert answer.object == "chat.completion" and answer.id.startswith("chatcmpl-") and answer.model == "plain"
    assert abs(answer.created - time.time()) < 60
    [choice] = answer.choices
    assert (choice.index, choice.finish_reason, choice.logprobs) == (0, "stop", None)
    assert (choice.message.role, choice.message.content) == ("assistant", "Good morning, Oslo!")
    assert choice.message.refusal is None and choice.message.tool_calls is None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (9, 5, 14)
    assert answer._request_id.startswith("req_")


def test_the_sdks_strict_validation_accepts_answers_and_streams(server, session):
    with openai_client(server, session, _strict_response_validation=True) as strict:
        for model in ("plain", "thinker", "refuser", "cut-short", "gpt-4o"):
            assert strict.chat.completions.create(model=model, messages=QUESTION).choices
            assert streamed(strict, model, stream_options={"include_usage": True})
        assert strict.chat.completions.create(model="weather", messages=QUESTION, tools=[TOOL]).choices
        assert streamed(strict, "weather", tools=[TOOL])


def test_a_stream_bears_the_text_the_role_once_and_the_end_once(client):
    chunks = streamed(client, "plain")
    assert text_of(chunks) == "Good morning, Oslo!" and len(chunks) > 3
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert [delta.role for delta in deltas if delta.role] == ["assistant"] and deltas[0].role
    reasons = [chunk.choices[0].finish_reason for chunk in chunks]
    assert reasons[-1] == "stop" and not any(reasons[:-1])
    assert all(chunk.usage is None for chunk in chunks)


def test_usage_is_the_last_chunk_where_it_is_asked_for(client):
    *others, last = streamed(client, "plain", stream_options={"include_usage": True})
    assert last.choices == [] and (last.usage.prompt_tokens, last.usage.completion_tokens) == (9, 5)
    assert last.usage.total_tokens == 14 and all(chunk.usage is None for chunk in others)


def test_the_streaming_helper_tells_the_same_as_the_whole_answer(client):
    completion, events = final(client, "plain", stream_options={"include_usage": True})
    whole = client.chat.completions.create(model="plain", messages=QUESTION)
    assert completion.choices[0].message.content == whole.choices[0].message.content
    assert completion.choices[0].message.role == "assistant"
    assert completion.usage.total_tokens == whole.usage.total_tokens and "content.done" in events


def test_awkward_characters_come_through_a_stream_as_in_a_whole_answer(client):
    whole = client.chat.completions.create(model="awkward", messages=QUESTION).choices[0].message.content
    assert "\u2028" in whole and "\x0b" in whole and "👩‍💻" in whole and "\r\n" in whole
    assert text_of(streamed(client, "awkward")) == whole


def test_any_model_name_is_answered_and_echo_says_the_last_user_message(client):
    assert client.chat.completions.create(model="gpt-4o", messages=QUESTION).choices[0].message.content
    assert text_of(streamed(client, "echo", COUNTING)) == COUNTING[0]["content"]


def test_parameters_after_the_models_name_pace_the_answer(server, session):
    with openai_client(server, session, query={}) as client, lasting(0.3, 10):
        assert text_of(streamed(client, "echo?unit=word&rate=20&ttft=0", COUNTING)) == COUNTING[0]["content"]


def test_a_tool_is_called_and_its_result_answered(client):
    first = client.chat.completions.create(model="weather", messages=QUESTION, tools=[TOOL]).choices[0]
    [call] = first.message.tool_calls
    assert first.finish_reason == "tool_calls" and first.message.content == "Let me look."
    assert (call.type, call.function.name) == ("function", "get_weather") and call.id
    assert json.loads(call.function.arguments) == {"city": "Oslo"}
    messages = [*QUESTION, first.message.to_dict(), {"role": "tool", "tool_call_id": call.id, "content": "7 °C"}]
    second = client.chat.completions.create(model="weather", messages=messages, tools=[TOOL]).choices[0]
    assert (second.message.content, second.finish_reason) == ("It is 7 °C in Oslo.", "stop")


def test_a_streamed_call_names_itself_once_and_its_arguments_add_up(client):
    chunks = streamed(client, "weather", tools=[TOOL])
    pieces = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
    first, *rest = pieces
    assert (first.index, first.type, first.function.name) == (0, "function", "get_weather") and first.id
    assert all(piece.id is None and piece.function.name is None and piece.index == 0 for piece in rest)
    assert json.loads("".join(piece.function.arguments or "" for piece in pieces)) == {"city": "Oslo"}
    assert chunks[-1].choices[0].finish_reason == "tool_calls" and text_of(chunks) == "Let me look."


def test_the_streaming_helper_parses_the_arguments_of_parallel_calls(client):
    completion, events = final(client, "two-calls", tools=[TOOL])
    calls = completion.choices[0].message.tool_calls
    assert [call.function.parsed_arguments for call in calls] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert len({call.id for call in calls}) == 2
    assert events.count("tool_calls.function.arguments.done") == 2


def test_the_mock_calls_a_tool_of_its_own_accord_where_it_must(client):
    for choice, names in (("required", {"get_weather", "get_time"}),
                          ({"type": "function", "function": {"name": "get_time"}}, {"get_time"})):
        answer = client.chat.completions.create(model="gpt-4o", messages=QUESTION, tools=[TOOL, OTHER_TOOL],
                                                tool_choice=choice, parallel_tool_calls=False)
        [call] = answer.choices[0].message.tool_calls
        assert call.function.name in names and isinstance(json.loads(call.function.arguments)["city"], str)


def test_no_tool_is_called_where_none_may_be(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=QUESTION, tools=[TOOL], tool_choice="none")
    assert answer.choices[0].message.content and not answer.choices[0].message.tool_calls


def test_reasoning_comes_before_the_text_and_is_counted(client):
    message = client.chat.completions.create(model="thinker", messages=QUESTION)
    assert message.choices[0].message.reasoning_content == "Two and two is four."
    assert message.usage.completion_tokens_details.reasoning_tokens == 6
    chunks = streamed(client, "thinker")
    kinds = ["reasoning" if getattr(chunk.choices[0].delta, "reasoning_content", None) else "text" for chunk in chunks
             if chunk.choices[0].delta.content or getattr(chunk.choices[0].delta, "reasoning_content", None)]
    assert kinds == sorted(kinds) and set(kinds) == {"reasoning", "text"}
    completion, _ = final(client, "thinker")
    assert completion.choices[0].message.reasoning_content == "Two and two is four."
    assert completion.choices[0].message.content == "The answer is 4."


def test_a_refusal_is_not_content(client):
    message = client.chat.completions.create(model="refuser", messages=QUESTION).choices[0].message
    assert message.refusal == "I can't help with that." and not message.content
    completion, events = final(client, "refuser")
    assert completion.choices[0].message.refusal == "I can't help with that." and "refusal.done" in events


def test_parse_reads_a_scripted_answer_into_a_model(client):
    answer = client.chat.completions.parse(model="forecaster", messages=QUESTION, response_format=Forecast)
    assert answer.choices[0].message.parsed == Forecast(city="Oslo", celsius=7.5, windy=True, hours=[6, 12])
    completion, _ = final(client, "forecaster", response_format=Forecast)
    assert completion.choices[0].message.parsed.city == "Oslo"


def test_the_mock_answers_any_schema_with_json_that_fits(client):
    answer = client.chat.completions.parse(model="gpt-4o", messages=QUESTION, response_format=Station)
    assert isinstance(answer.choices[0].message.parsed, Station)
    completion, _ = final(client, "gpt-4o", response_format=Station)
    assert isinstance(completion.choices[0].message.parsed, Station)
    free = client.chat.completions.create(model="gpt-4o", messages=QUESTION, response_format={"type": "json_object"})
    assert isinstance(json.loads(free.choices[0].message.content), dict)


def test_several_choices_come_whole_and_streamed(client):
    answer = client.chat.completions.create(model="echo", messages=COUNTING, n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert {choice.message.content for choice in answer.choices} == {COUNTING[0]["content"]}
    chunks = streamed(client, "echo", COUNTING, n=2)
    assert chunks[0].choices[0].index == 0
    assert text_of(chunks, 0) == text_of(chunks, 1) == COUNTING[0]["content"]
    completion, _ = final(client, "echo", COUNTING, n=2)
    assert [choice.finish_reason for choice in completion.choices] == ["stop", "stop"]


@pytest.mark.parametrize("name", ["max_completion_tokens", "max_tokens"])
def test_the_limit_of_tokens_ends_the_answer(client, name):
    answer = client.chat.completions.create(model="echo", messages=COUNTING, **{name: 3})
    text = answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens <= 3
    assert text != COUNTING[0]["content"] and COUNTING[0]["content"].startswith(text)
    chunks = streamed(client, "echo", COUNTING, **{name: 3})
    assert text_of(chunks) == text and chunks[-1].choices[0].finish_reason == "length"


def test_parse_raises_where_the_answer_was_cut_short(client):
    with pytest.raises(openai.LengthFinishReasonError):
        client.chat.completions.parse(model="cut-short", messages=QUESTION, response_format=Forecast)


def test_a_stop_sequence_ends_the_answer_before_it(client):
    # The second straddles every unit that text could be cut into.
    for stop, text in (([" four"], "one two three"), ("three four fi", "one two ")):
        answer = client.chat.completions.create(model="echo", messages=COUNTING, stop=stop)
        assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == (text, "stop")
        assert text_of(streamed(client, "echo", COUNTING, stop=stop)) == text


def test_log_probabilities_add_up_to_the_text(client):
    answer = client.chat.completions.create(model="plain", messages=QUESTION, logprobs=True, top_logprobs=2)
    tokens = answer.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == "Good morning, Oslo!"
    assert all(token.logprob <= 0 and len(token.top_logprobs) == 2 for token in tokens)
    completion, _ = final(client, "plain", logprobs=True)
    assert "".join(token.token for token in completion.choices[0].logprobs.content) == "Good morning, Oslo!"


def test_images_sound_and_files_are_accepted(client):
    parts = [{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {"url": PIXEL}},
             {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
             {"type": "file", "file": {"file_data": "AAAA", "filename": "a.pdf"}}]
    answer = client.chat.completions.create(model="echo", messages=[{"role": "user", "content": parts}])
    assert answer.choices[0].message.content == "Look:"


def test_unknown_fields_are_ignored(client):
    answer = client.chat.completions.create(model="plain", messages=QUESTION, extra_body={"from_tomorrow": {"a": [1]}})
    assert answer.choices[0].message.content == "Good morning, Oslo!"


def test_heartbeats_in_a_pause_are_not_seen(server, session):
    with openai_client(server, session, query={}) as client, lasting(0.35, 10):
        assert text_of(streamed(client, "pausing")) == "One two."


def test_closing_a_stream_frees_the_servers_socket(server, session):
    with openai_client(server, session, query={}) as client, released_socket(server) as is_open:
        stream = client.chat.completions.create(model="silent", messages=QUESTION, stream=True)
        assert next(iter(stream)).choices and is_open()
        stream.close()


def test_the_asynchronous_client_reads_the_same(server, session):
    async def ask():
        async with openai_client(server, session, kind=openai.AsyncOpenAI) as client:
            stream = await client.chat.completions.create(model="plain", messages=QUESTION, stream=True)
            return [chunk async for chunk in stream]

    assert text_of(asyncio.run(ask())) == "Good morning, Oslo!"


def test_the_sdk_is_one_of_those_that_are_promised():
    assert OPENAI in ((3, 54), (2, 54), (1, 109))

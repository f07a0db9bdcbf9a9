"""Ollama's API as its Python SDK reads it."""

import asyncio
import importlib.metadata
import json

import ollama
import pytest
from pydantic import BaseModel

from clients import CUT, lasting, ollama_client, released_socket, version_of
from sse_client import fetch

QUESTION = [{"role": "user", "content": "What is new?"}]
WORDS = "one two three four five six seven eight nine ten"
COUNTING = [{"role": "user", "content": WORDS}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Tells it.", "parameters": PARAMETERS}}


class Forecast(BaseModel):
    city: str
    celsius: float
    windy: bool
    hours: list[int]


@pytest.fixture
def client(server, session):
    return ollama_client(server, session)


def streamed(client, model, messages=QUESTION, **parameters):
    return list(client.chat(model=model, messages=messages, stream=True, **parameters))


def text_of(parts):
    return "".join(part.message.content or "" for part in parts)


def test_a_plain_answer_is_whole(client):
    answer = client.chat(model="plain", messages=QUESTION)
    assert (answer.message.role, answer.message.content) == ("assistant", "Good morning, Oslo!")
    assert (answer.done, answer.done_reason) == (True, "stop") and answer.model.startswith("plain")
    assert (answer.prompt_eval_count, answer.eval_count) == (9, 5) and answer.total_duration > 0 and answer.created_at


def test_a_stream_adds_up_to_the_whole_answer_and_ends_once(client):
    parts = streamed(client, "plain")
    assert text_of(parts) == "Good morning, Oslo!" and len(parts) > 2
    assert [part.done for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].done_reason == "stop" and (parts[-1].prompt_eval_count, parts[-1].eval_count) == (9, 5)


def test_a_stream_is_what_a_request_gets_that_does_not_say(server):
    answer = fetch(server.port, "POST", "/api/chat?speed=0", body={"model": "plain", "messages": QUESTION})
    assert answer.header("content-type").startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.body.decode().removesuffix("\n").split("\n")]
    assert lines[-1]["done"] and "".join(line["message"]["content"] for line in lines) == "Good morning, Oslo!"


def test_awkward_characters_come_through_a_stream_as_in_a_whole_answer(client):
    whole = client.chat(model="awkward", messages=QUESTION).message.content
    assert "\u2028" in whole and "\x0b" in whole and "\x85" in whole and text_of(streamed(client, "awkward")) == whole


def test_any_model_name_is_answered_and_echo_says_the_last_user_message(client):
    assert client.chat(model="llama3.2", messages=QUESTION).message.content
    assert text_of(streamed(client, "echo", COUNTING)) == text_of(streamed(client, "echo:latest", COUNTING)) == WORDS


def test_parameters_after_the_models_name_pace_the_answer(server, session):
    with lasting(0.3, 10):
        assert text_of(streamed(ollama_client(server, session, query={}), "echo?unit=word&rate=20&ttft=0", COUNTING)) == WORDS


def test_a_prompt_is_gone_on_with(client):
    answer = client.generate(model="plain", prompt="Hello")
    assert (answer.response, answer.done, answer.eval_count) == ("Good morning, Oslo!", True, 5)
    parts = list(client.generate(model="echo", prompt=WORDS, stream=True))
    assert "".join(part.response for part in parts) == WORDS and parts[-1].done


def test_a_tool_is_called_and_its_result_answered(client):
    first = client.chat(model="weather", messages=QUESTION, tools=[TOOL])
    [call] = first.message.tool_calls
    assert (call.function.name, call.function.arguments) == ("get_weather", {"city": "Oslo"})
    assert first.message.content == "Let me look." and first.done_reason == "stop"
    messages = [*QUESTION, first.message, {"role": "tool", "tool_name": "get_weather", "content": "7 °C"}]
    assert client.chat(model="weather", messages=messages, tools=[TOOL]).message.content == "It is 7 °C in Oslo."


def test_streamed_calls_arrive_whole(client):
    calls = [call for part in streamed(client, "two-calls", tools=[TOOL]) for call in part.message.tool_calls or []]
    assert [call.function.arguments for call in calls] == [{"city": "Oslo"}, {"city": "Rome"}]


def test_a_python_function_is_a_tool_too(client):
    def get_weather(city: str) -> str:
        """Tells the weather.

        Args:
            city: Where.
        """
        return city

    [call] = client.chat(model="weather", messages=QUESTION, tools=[get_weather]).message.tool_calls
    assert get_weather(**call.function.arguments) == "Oslo"


def test_thinking_is_no_content(client):
    message = client.chat(model="thinker", messages=QUESTION, think=True).message
    assert (message.thinking, message.content) == ("Two and two is four.", "The answer is 4.")
    parts = streamed(client, "thinker", think=True)
    assert "".join(part.message.thinking or "" for part in parts) == "Two and two is four."
    assert text_of(parts) == "The answer is 4."
    assert client.generate(model="thinker", prompt="Hi", think=True).thinking == "Two and two is four."


def test_a_refusal_is_text_here(client):
    assert client.chat(model="refuser", messages=QUESTION).message.content == "I can't help with that."


def test_a_schema_is_answered_with_json_that_fits(client):
    schema = Forecast.model_json_schema()
    scripted = client.chat(model="forecaster", messages=QUESTION, format=schema).message.content
    assert Forecast.model_validate_json(scripted).hours == [6, 12]
    assert Forecast.model_validate_json(client.chat(model="llama3.2", messages=QUESTION, format=schema).message.content)
    assert Forecast.model_validate_json(client.generate(model="llama3.2", prompt="Hi", format=schema).response)
    assert isinstance(json.loads(client.chat(model="llama3.2", messages=QUESTION, format="json").message.content), dict)


def test_the_limit_of_tokens_ends_the_answer(client):
    answer = client.chat(model="echo", messages=COUNTING, options={"num_predict": 3})
    assert answer.done_reason == "length" and answer.eval_count <= 3
    assert answer.message.content != WORDS and WORDS.startswith(answer.message.content)


def test_a_stop_sequence_ends_the_answer_before_it(client):
    parts = streamed(client, "echo", COUNTING, options={"stop": [" four"]})
    assert text_of(parts) == "one two three" and parts[-1].done_reason == "stop"


def test_texts_are_embedded(client):
    cat, dog, again = client.embed(model="all-minilm", input=["a cat", "a dog", "a cat"]).embeddings
    assert list(cat) == list(again) != list(dog)
    assert list(client.embeddings(model="all-minilm", prompt="a cat").embedding) == pytest.approx(list(cat), abs=1e-6)


def test_models_are_listed_and_shown(client, server):
    names = [model.model for model in client.list().models]
    assert "echo:latest" in names
    shown = client.show("echo")
    assert "completion" in shown.capabilities and shown.modelinfo and shown.details.format
    assert all(model.model for model in client.ps().models)
    assert json.loads(fetch(server.port, "GET", "/api/version").body)["version"]


def test_the_version_of_the_root_says_who_is_there(server):
    assert fetch(server.port, "HEAD", "/").status == 200


def test_nothing_to_answer_loads_the_model(client):
    answer = client.chat(model="plain", messages=[])
    assert (answer.done, answer.done_reason) == (True, "load")


def test_images_are_accepted(client):
    messages = [{"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Look!", "images": [b"\x89PNG\r\n\x1a\n"]}]
    assert client.chat(model="echo", messages=messages).message.content == "Look!"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_status_is_an_exception_with_the_servers_words(client, status, stream):
    with pytest.raises(ollama.ResponseError) as caught:
        list(client.chat(model=f"status-{status}", messages=QUESTION, stream=stream))
    assert (caught.value.status_code, caught.value.error) == (status, f"This is a {status}.")


def test_a_field_that_is_wrong_is_an_error(server):
    for body in ({"messages": QUESTION}, {"model": "plain", "messages": "Hi"}, {"model": 7, "messages": QUESTION}):
        answer = fetch(server.port, "POST", "/api/chat", body=body)
        assert answer.status == 400 and isinstance(json.loads(answer.body)["error"], str)


def test_an_error_in_the_middle_raises_after_what_was_said(client):
    parts = []
    with pytest.raises(ollama.ResponseError) as caught:
        for part in client.chat(model="failing", messages=QUESTION, stream=True):
            parts += [part]
    assert text_of(parts).strip() == "So far so" and caught.value.status_code == -1 and caught.value.error


@pytest.mark.parametrize("fault", ["reset@3", "close@3", "truncate@3"])
def test_a_connection_that_is_cut_raises(client, fault):
    with pytest.raises(CUT):
        streamed(client, f"echo?speed=0&fault={fault}", COUNTING)


def test_a_reset_in_the_middle_raises(client):
    with pytest.raises(CUT):
        streamed(client, "resetting")


def test_an_end_that_is_too_early_is_silent(client):
    parts = streamed(client, "echo?speed=0&unit=word&fault=end@3", COUNTING)
    assert WORDS.startswith(text_of(parts)) and text_of(parts) != WORDS and not any(part.done for part in parts)


@pytest.mark.parametrize("fault", ["line_ends:crlf", "split:bytes", "split:utf8", "unknown_fields"])
def test_a_fault_that_is_legal_leaves_the_text_as_it_is(server, session, fault):
    client = ollama_client(server, session, query={"speed": "0", "fault": fault})
    assert text_of(streamed(client, "echo", COUNTING)) == WORDS


def test_nothing_is_tried_again_by_itself(client):
    with pytest.raises(ollama.ResponseError) as caught:
        client.chat(model="busy-once", messages=QUESTION)
    assert caught.value.status_code == 429
    assert client.chat(model="busy-once", messages=QUESTION).message.content == "Now I have time."


def test_a_pause_is_silent_for_this_sdk_breaks_on_blank_lines(server, session):
    with lasting(0.35, 10):
        assert text_of(streamed(ollama_client(server, session, query={}), "pausing")) == "One two."


def test_closing_a_stream_frees_the_servers_socket(server, session):
    client = ollama_client(server, session, query={})
    with released_socket(server) as is_open:
        stream = client.chat(model="talkative", messages=QUESTION, stream=True)
        assert next(stream).message.content and is_open()
        stream.close()


def test_the_asynchronous_client_reads_the_same(server, session):
    async def ask():
        client = ollama_client(server, session, kind=ollama.AsyncClient)
        return [part async for part in await client.chat(model="plain", messages=QUESTION, stream=True)]

    assert text_of(asyncio.run(ask())) == "Good morning, Oslo!"


def test_the_sdk_is_one_of_those_that_are_promised():
    assert version_of(importlib.metadata.version("ollama")) in ((0, 6), (0, 5))

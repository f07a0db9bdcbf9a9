"""The Responses API as OpenAI's Python SDK reads it."""

import asyncio
import json

import openai
import pytest
from pydantic import BaseModel

from clients import OPENAI_CUT, lasting, openai_client, released_socket
from sse_client import fetch

QUESTION = "What is new?"
WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
              "additionalProperties": False}
TOOL = {"type": "function", "name": "get_weather", "strict": True, "parameters": PARAMETERS}
TERMINAL = {"response.completed", "response.incomplete", "response.failed"}


class Forecast(BaseModel):
    city: str
    celsius: float
    windy: bool
    hours: list[int]


@pytest.fixture
def client(server, session):
    with openai_client(server, session) as client:
        yield client


def streamed(client, model, **parameters):
    return list(client.responses.create(**{"model": model, "input": QUESTION, "stream": True, **parameters}))


def text_of(events):
    return "".join(event.delta for event in events if event.type == "response.output_text.delta")


def final(client, model, **parameters):
    with client.responses.stream(model=model, input=QUESTION, **parameters) as stream:
        events = list(stream)
        return stream.get_final_response(), events


def calls_of(response):
    return [item for item in response.output if item.type == "function_call"]


def test_a_plain_answer_is_whole(client):
    answer = client.responses.create(model="plain", input=QUESTION)
    assert (answer.object, answer.status, answer.model) == ("response", "completed", "plain")
    assert answer.id.startswith("resp_") and answer.output_text == "Good morning, Oslo!"
    [message] = answer.output
    assert (message.type, message.role, message.status) == ("message", "assistant", "completed")
    assert message.id.startswith("msg_") and message.content[0].annotations == []
    assert (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.total_tokens) == (9, 5, 14)
    assert answer.usage.input_tokens_details.cached_tokens == 0 and answer.error is None
    assert answer._request_id.startswith("req_")


def test_what_was_asked_for_is_told_again(client):
    answer = client.responses.create(model="plain", input=QUESTION, instructions="Be brief.", temperature=0.5,
                                     metadata={"a": "b"}, max_output_tokens=99, tools=[TOOL], top_p=0.9)
    assert (answer.instructions, answer.temperature, answer.top_p) == ("Be brief.", 0.5, 0.9)
    assert answer.metadata == {"a": "b"} and answer.max_output_tokens == 99
    assert answer.tools[0].name == "get_weather" and answer.tool_choice == "auto" and answer.parallel_tool_calls


def test_the_sdks_strict_validation_accepts_answers_and_streams(server, session):
    with openai_client(server, session, _strict_response_validation=True) as strict:
        for model in ("plain", "thinker", "refuser", "cut-short", "gpt-4o"):
            assert strict.responses.create(model=model, input=QUESTION).output
            assert streamed(strict, model)
        assert calls_of(strict.responses.create(model="weather", input=QUESTION, tools=[TOOL]))
        assert streamed(strict, "weather", tools=[TOOL])


def test_events_are_numbered_without_a_gap_and_begin_and_end_once(client):
    events = streamed(client, "plain")
    assert [event.sequence_number for event in events] == list(range(len(events)))
    types = [event.type for event in events]
    assert types[:4] == ["response.created", "response.in_progress", "response.output_item.added",
                         "response.content_part.added"]
    assert types[-4:] == ["response.output_text.done", "response.content_part.done", "response.output_item.done",
                          "response.completed"]
    assert [each for each in types if each in TERMINAL] == ["response.completed"]
    assert text_of(events) == events[-1].response.output_text == "Good morning, Oslo!"
    assert events[0].response.output == [] and events[0].response.usage is None
    assert len({event.response.id for event in events if hasattr(event, "response")}) == 1


def test_the_streaming_helper_tells_the_same_as_the_whole_answer(client):
    response, events = final(client, "plain")
    assert response.output_text == "Good morning, Oslo!" and response.usage.total_tokens == 14
    assert text_of(events) == response.output_text


def test_awkward_characters_come_through_a_stream_as_in_a_whole_answer(client):
    whole = client.responses.create(model="awkward", input=QUESTION).output_text
    assert "\u2029" in whole and text_of(streamed(client, "awkward")) == whole


def test_a_tool_is_called_and_its_result_answered(client):
    first = client.responses.create(model="weather", input=QUESTION, tools=[TOOL])
    [call] = calls_of(first)
    assert (call.name, call.status) == ("get_weather", "completed") and json.loads(call.arguments) == {"city": "Oslo"}
    assert call.id.startswith("fc_") and call.call_id.startswith("call_")
    history = [{"role": "user", "content": QUESTION}, *(item.to_dict() for item in first.output),
               {"type": "function_call_output", "call_id": call.call_id, "output": "7 °C"}]
    assert client.responses.create(model="weather", input=history, tools=[TOOL]).output_text == "It is 7 °C in Oslo."


def test_a_tool_result_can_follow_the_stored_answer(client):
    first = client.responses.create(model="weather", input=QUESTION, tools=[TOOL])
    result = {"type": "function_call_output", "call_id": calls_of(first)[0].call_id, "output": "7 °C"}
    second = client.responses.create(model="weather", previous_response_id=first.id, input=[result], tools=[TOOL])
    assert second.output_text == "It is 7 °C in Oslo." and second.previous_response_id == first.id


def test_streamed_calls_come_one_after_the_other(client):
    events = streamed(client, "two-calls", tools=[TOOL])
    done = [event for event in events if event.type == "response.function_call_arguments.done"]
    assert [json.loads(event.arguments)["city"] for event in done] == ["Oslo", "Rome"]
    assert [event.output_index for event in done] == [0, 1]
    for event in done:
        deltas = [each.delta for each in events
                  if each.type == "response.function_call_arguments.delta" and each.item_id == event.item_id]
        assert "".join(deltas) == event.arguments
    response, _ = final(client, "two-calls", tools=[TOOL])
    assert [json.loads(call.arguments)["city"] for call in calls_of(response)] == ["Oslo", "Rome"]


def test_the_mock_calls_a_tool_of_its_own_accord_where_it_must(client):
    for choice in ("required", {"type": "function", "name": "get_weather"}):
        answer = client.responses.create(model="gpt-4o", input=QUESTION, tools=[TOOL], tool_choice=choice)
        assert isinstance(json.loads(calls_of(answer)[0].arguments)["city"], str)


def test_reasoning_is_an_item_of_its_own_before_the_text(client):
    answer = client.responses.create(model="thinker", input=QUESTION, reasoning={"effort": "low", "summary": "auto"})
    assert [item.type for item in answer.output] == ["reasoning", "message"]
    assert answer.output[0].summary[0].text == "Two and two is four." and answer.output_text == "The answer is 4."
    assert answer.usage.output_tokens_details.reasoning_tokens == 6
    response, events = final(client, "thinker", reasoning={"effort": "low", "summary": "auto"})
    assert response.output[0].summary[0].text == "Two and two is four."
    deltas = [event.delta for event in events if event.type == "response.reasoning_summary_text.delta"]
    assert "".join(deltas) == "Two and two is four."


def test_a_refusal_is_a_part_of_its_own(client):
    answer = client.responses.create(model="refuser", input=QUESTION)
    assert answer.output[0].content[0].refusal == "I can't help with that." and answer.output_text == ""
    deltas = [event.delta for event in streamed(client, "refuser") if event.type == "response.refusal.delta"]
    assert "".join(deltas) == "I can't help with that."


def test_parse_reads_a_scripted_answer_into_a_model(client):
    answer = client.responses.parse(model="forecaster", input=QUESTION, text_format=Forecast)
    assert answer.output_parsed == Forecast(city="Oslo", celsius=7.5, windy=True, hours=[6, 12])
    response, _ = final(client, "forecaster", text_format=Forecast)
    assert response.output_parsed == answer.output_parsed


def test_the_mock_answers_a_schema_with_json_that_fits(client):
    answer = client.responses.parse(model="gpt-4o", input=QUESTION, text_format=Forecast)
    assert isinstance(answer.output_parsed, Forecast)


def test_the_limit_of_tokens_leaves_the_answer_incomplete(client):
    answer = client.responses.create(model="echo", input=WORDS, max_output_tokens=16)
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert answer.output_text and WORDS.startswith(answer.output_text) and answer.output_text != WORDS
    assert answer.usage.output_tokens <= 16
    events = streamed(client, "echo", input=WORDS, max_output_tokens=16)
    assert events[-1].type == "response.incomplete" and events[-1].response.usage.output_tokens <= 16
    assert text_of(events) == answer.output_text and events[-1].response.output[0].status == "incomplete"


def test_all_kinds_of_input_are_accepted(client):
    parts = [{"type": "input_text", "text": "Look:"}, {"type": "input_image", "image_url": "https://example.com/a.png"},
             {"type": "input_file", "file_data": "AAAA", "filename": "a.pdf"}]
    history = [{"role": "developer", "content": "Be brief."}, {"type": "message", "role": "user", "content": "Hi"},
               {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
                "content": [{"type": "output_text", "text": "Hello", "annotations": []}]},
               {"role": "user", "content": parts}]
    assert client.responses.create(model="echo", input=history).output_text == "Look:"


def test_an_error_in_the_middle_raises_after_what_was_said(client):
    parts = []
    with pytest.raises(openai.APIError) as caught:
        for event in client.responses.create(model="failing", input=QUESTION, stream=True):
            parts += [event]
    assert text_of(parts).strip() == "So far so" and caught.value.message and caught.value.code


def test_a_reset_in_the_middle_raises(client):
    with pytest.raises(OPENAI_CUT):
        streamed(client, "resetting")


def test_an_end_that_is_too_early_leaves_the_helper_without_a_response(client):
    with pytest.raises(RuntimeError):
        final(client, "plain?speed=0&fault=end@2")


@pytest.mark.parametrize("fault", ["line_ends:crlf", "line_ends:cr", "split:bytes", "split:utf8", "comments",
                                   "missing_done", "giant@2"])
def test_a_fault_that_is_legal_leaves_the_text_as_it_is(server, session, fault):
    with openai_client(server, session, query={"speed": "0", "fault": fault}) as client:
        assert final(client, "plain")[0].output_text == "Good morning, Oslo!"


@pytest.mark.parametrize(("status", "kind"), [(400, openai.BadRequestError), (401, openai.AuthenticationError),
                                              (404, openai.NotFoundError), (429, openai.RateLimitError),
                                              (500, openai.InternalServerError)])
def test_a_status_is_the_exception_that_the_sdk_has_for_it(client, status, kind):
    with pytest.raises(kind) as caught:
        client.responses.create(model=f"status-{status}", input=QUESTION, stream=True)
    assert caught.value.body["message"] == f"This is a {status}." and caught.value.request_id.startswith("req_")


def test_a_field_that_is_wrong_is_named(client):
    for field, value in (("temperature", 3), ("input", 7), ("max_output_tokens", 0)):
        with pytest.raises(openai.BadRequestError) as caught:
            client.responses.create(**{"model": "plain", "input": QUESTION, field: value})
        assert caught.value.param == field


def test_two_retries_get_through_after_two_failures(server, session):
    with openai_client(server, session, retries=2) as client:
        assert client.responses.create(model="down-twice", input=QUESTION).output_text == "Up again."


def test_heartbeats_in_a_pause_are_on_the_wire_and_are_not_seen(server, session):
    with openai_client(server, session, query={}) as client, lasting(0.35, 10):
        assert final(client, "pausing")[0].output_text == "One two."
    body = {"model": "pausing", "input": QUESTION, "stream": True}
    assert b"\n\n:" in fetch(server.port, "POST", "/v1/responses", body=body).body


def test_closing_a_stream_frees_the_servers_socket(server, session):
    with openai_client(server, session, query={}) as client, released_socket(server) as is_open:
        stream = client.responses.create(model="silent", input=QUESTION, stream=True)
        assert next(iter(stream)).type == "response.created" and is_open()
        stream.close()


def test_the_asynchronous_client_reads_the_same(server, session):
    async def ask():
        async with openai_client(server, session, kind=openai.AsyncOpenAI) as client:
            async with client.responses.stream(model="plain", input=QUESTION) as stream:
                async for _ in stream:
                    pass
                return await stream.get_final_response()

    assert asyncio.run(ask()).output_text == "Good morning, Oslo!"

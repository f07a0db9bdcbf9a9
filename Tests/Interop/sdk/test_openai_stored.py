"""Responses that the server keeps: background, resume, history, deletion; through OpenAI's Python SDK."""

import openai
import pytest

from clients import OPENAI, openai_client
from sse_client import wait_until

QUESTION = "What is new?"


@pytest.fixture
def client(server, session):
    with openai_client(server, session) as client:
        yield client


@pytest.fixture
def slow_client(server, session):
    """Its answers take the time that their scenario takes."""
    with openai_client(server, session, query={}) as client:
        yield client


def ended(client, identity):
    return client.responses.retrieve(identity).status not in ("queued", "in_progress")


def test_a_stored_answer_is_found_again(client):
    answer = client.responses.create(model="plain", input=QUESTION)
    again = client.responses.retrieve(answer.id)
    assert again.to_dict() == answer.to_dict()


def test_an_answer_that_was_streamed_is_found_again(client):
    *_, last = client.responses.create(model="plain", input=QUESTION, stream=True)
    assert client.responses.retrieve(last.response.id).to_dict() == last.response.to_dict()


def test_an_answer_that_is_not_to_be_stored_is_not_found(client):
    answer = client.responses.create(model="plain", input=QUESTION, store=False)
    assert answer.store is False
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(answer.id)


def test_a_deleted_answer_is_gone(client):
    answer = client.responses.create(model="plain", input=QUESTION)
    client.responses.delete(answer.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(answer.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.delete(answer.id)


def test_an_unknown_answer_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.responses.retrieve("resp_unknown")
    assert caught.value.type == "invalid_request_error" and caught.value.request_id.startswith("req_")


def test_the_input_is_kept_as_items(client):
    messages = [{"role": "user", "content": each} for each in ("one", "two", "three")]
    answer = client.responses.create(model="plain", input=messages)
    page = client.responses.input_items.list(answer.id, order="asc")
    assert [item.content[0].text for item in page.data] == ["one", "two", "three"]
    assert {(item.type, item.role) for item in page.data} == {("message", "user")}
    assert len({item.id for item in page.data}) == 3


def test_the_input_is_listed_newest_first_and_page_by_page(client):
    messages = [{"role": "user", "content": each} for each in ("one", "two", "three")]
    answer = client.responses.create(model="plain", input=messages)
    page = client.responses.input_items.list(answer.id, limit=2)
    assert page.has_more and [item.content[0].text for item in page.data] == ["three", "two"]
    # The SDK asks for the pages after the first by itself.
    assert [item.content[0].text for item in page] == ["three", "two", "one"]


def test_the_previous_answer_is_the_history(client):
    first = client.responses.create(model="remembering", input="I say")
    second = client.responses.create(model="remembering", input="I say again", previous_response_id=first.id)
    assert (first.output_text, second.output_text) == ("You say it now.", "You said it before.")
    assert second.previous_response_id == first.id
    items = client.responses.input_items.list(second.id, order="asc").data
    assert items[-1].content[0].text == "I say again"


def test_history_counts_as_input(client):
    first = client.responses.create(model="echo", input="several words to begin with")
    second = client.responses.create(model="echo", input="more", previous_response_id=first.id)
    assert second.usage.input_tokens > client.responses.create(model="echo", input="more").usage.input_tokens


def test_an_unknown_previous_answer_is_an_error(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.responses.create(model="plain", input="Hi", previous_response_id="resp_unknown")
    assert caught.value.code == "previous_response_not_found" and caught.value.param == "previous_response_id"


def test_input_tokens_are_counted_as_the_answer_will(client):
    usage = client.responses.create(model="echo", input=QUESTION, instructions="Be brief.").usage
    body = {"model": "echo", "input": QUESTION, "instructions": "Be brief."}
    if OPENAI < (2, 0):
        counted = client.post("/responses/input_tokens", body=body, cast_to=object)["input_tokens"]
    else:
        counted = client.responses.input_tokens.count(**body).input_tokens
    assert counted == usage.input_tokens > 0


def test_a_background_answer_is_polled_until_it_is_there(slow_client):
    answer = slow_client.responses.create(model="pausing", input=QUESTION, background=True)
    assert answer.status in ("queued", "in_progress") and answer.background and answer.output == []
    wait_until(lambda: ended(slow_client, answer.id), 5, "the background answer does not end")
    whole = slow_client.responses.retrieve(answer.id)
    assert (whole.status, whole.output_text) == ("completed", "One two.") and whole.usage.output_tokens > 0


def test_a_background_answer_has_to_be_stored(client):
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model="plain", input=QUESTION, background=True, store=False)


def test_a_background_answer_can_be_cancelled_more_than_once(slow_client):
    answer = slow_client.responses.create(model="silent", input=QUESTION, background=True)
    for _ in range(2):
        assert slow_client.responses.cancel(answer.id).status == "cancelled"
    assert slow_client.responses.retrieve(answer.id).status == "cancelled"


def test_an_answer_that_has_ended_stays_as_it_is_when_it_is_cancelled(slow_client):
    answer = slow_client.responses.create(model="pausing", input=QUESTION, background=True)
    wait_until(lambda: ended(slow_client, answer.id), 5, "the background answer does not end")
    assert slow_client.responses.cancel(answer.id).status == "completed"


def test_an_answer_in_the_foreground_cannot_be_cancelled(client):
    answer = client.responses.create(model="plain", input=QUESTION)
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(answer.id)


def test_a_stream_that_was_left_goes_on_and_is_resumed_after_any_event(slow_client):
    stream = slow_client.responses.create(model="pausing", input=QUESTION, background=True, stream=True)
    taken = [event for event, _ in zip(stream, range(5))]
    stream.close()
    assert [event.type for event in taken[:3]] == ["response.created", "response.queued", "response.in_progress"]
    rest = list(slow_client.responses.retrieve(taken[0].response.id, stream=True,
                                               starting_after=taken[-1].sequence_number))
    numbers = [event.sequence_number for event in taken + rest]
    assert numbers == list(range(len(numbers))) and rest[-1].type == "response.completed"
    assert rest[-1].response.output_text == "One two."


def test_a_stream_is_replayed_from_its_start_as_it_was(client):
    first = list(client.responses.create(model="thinker", input=QUESTION, background=True, stream=True))
    again = list(client.responses.retrieve(first[0].response.id, stream=True))
    assert [event.to_dict() for event in again] == [event.to_dict() for event in first]


def test_nothing_follows_the_last_event(client):
    events = list(client.responses.create(model="plain", input=QUESTION, background=True, stream=True))
    after = events[-1].sequence_number
    assert list(client.responses.retrieve(events[0].response.id, stream=True, starting_after=after)) == []


def test_the_streaming_helper_resumes(client):
    events = list(client.responses.create(model="plain", input=QUESTION, background=True, stream=True))
    with client.responses.stream(response_id=events[0].response.id, starting_after=4) as stream:
        rest = [event.sequence_number for event in stream]
        assert stream.get_final_response().output_text == "Good morning, Oslo!"
    assert rest[0] == 5 and rest[-1] == events[-1].sequence_number


def test_a_background_stream_ends_when_it_is_cancelled(slow_client):
    stream = slow_client.responses.create(model="silent", input=QUESTION, background=True, stream=True)
    events = []
    for event in stream:
        events.append(event)
        if event.type == "response.output_text.delta":
            slow_client.responses.cancel(events[0].response.id)
    assert events[-1].type != "response.completed"
    assert slow_client.responses.retrieve(events[0].response.id).status == "cancelled"

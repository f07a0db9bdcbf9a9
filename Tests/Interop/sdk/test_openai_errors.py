"""What goes wrong, as OpenAI's Python SDK tells it: statuses, faults in the middle, retries, and framing."""

import openai
import pytest

from clients import OPENAI, OPENAI_CUT, lasting, openai_client
from sse_client import fetch

QUESTION = [{"role": "user", "content": "What is new?"}]
WORDS = "one two three four five six seven eight nine ten"
COUNTING = [{"role": "user", "content": WORDS}]
CLASSES = {400: "BadRequestError", 401: "AuthenticationError", 403: "PermissionDeniedError", 404: "NotFoundError",
           408: "APIStatusError", 409: "ConflictError", 413: "APIStatusError", 415: "APIStatusError",
           422: "UnprocessableEntityError", 429: "RateLimitError", 500: "InternalServerError",
           502: "InternalServerError", 503: "InternalServerError", 504: "InternalServerError",
           529: "InternalServerError"}
TYPES = {401: {"invalid_request_error", "authentication_error"}, 403: {"invalid_request_error", "request_forbidden"},
         408: {"timeout", "invalid_request_error"}, 409: {"invalid_request_error", "conflict"},
         429: {"requests", "tokens", "rate_limit_error"}, 503: {"service_unavailable_error", "server_error"}}


@pytest.fixture
def client(server, session):
    with openai_client(server, session) as client:
        yield client


def ask(client, model, messages=QUESTION, **parameters):
    return client.chat.completions.create(model=model, messages=messages, **parameters)


def read(stream, into):
    for chunk in stream:
        into.append("".join(choice.delta.content or "" for choice in chunk.choices))
    return "".join(into)


def streamed(server, session, query):
    with openai_client(server, session, query={"speed": "0", **query}) as client:
        return read(ask(client, "echo", COUNTING, stream=True), [])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", CLASSES)
def test_a_status_is_the_exception_that_the_sdk_has_for_it(client, status, stream):
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client, f"status-{status}", stream=stream)
    error = caught.value
    assert type(error).__name__ == CLASSES[status] and error.status_code == status
    assert error.body["message"] == f"This is a {status}." and error.body.keys() >= {"message", "type", "param", "code"}
    usual = {"server_error"} if status >= 500 else {"invalid_request_error"}
    assert error.type in TYPES.get(status, usual)
    assert error.request_id.startswith("req_")


@pytest.mark.parametrize(("field", "value"), [("messages", []), ("messages", "Hi"), ("temperature", 3),
                                              ("temperature", "warm"), ("n", 0), ("top_logprobs", 3), ("stop", 7)])
def test_a_field_that_is_wrong_is_named(client, field, value):
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "plain", **{"messages": QUESTION, field: value})
    assert caught.value.param == field and caught.value.type == "invalid_request_error"


def test_a_wrong_role_is_named_with_its_place(client):
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "plain", [*QUESTION, {"role": "boss", "content": "Do!"}])
    assert caught.value.param == "messages[1].role"


def test_a_tool_that_must_be_called_has_to_be_there(client):
    with pytest.raises(openai.BadRequestError):
        ask(client, "plain", tool_choice={"type": "function", "function": {"name": "nobody"}},
            tools=[{"type": "function", "function": {"name": "get_weather"}}])


def test_the_key_is_the_one_of_the_client(server, session):
    with openai_client(server, session) as known, openai_client(server, session, key="sk-no") as other:
        assert ask(known, "keyed").choices[0].message.content == "I know your key."
        with pytest.raises(openai.AuthenticationError):
            ask(other, "keyed")


def test_an_error_in_the_middle_raises_after_what_was_said(client):
    parts = []
    with pytest.raises(openai.APIError) as caught:
        read(ask(client, "failing", stream=True), parts)
    assert "".join(parts).strip() == "So far so" and not isinstance(caught.value, openai.APIStatusError)
    assert caught.value.message and caught.value.type


def test_a_reset_in_the_middle_raises(client):
    parts = []
    with pytest.raises(OPENAI_CUT):
        read(ask(client, "resetting", stream=True), parts)
    assert "So far so good.".startswith("".join(parts)) and "good" not in "".join(parts)


@pytest.mark.parametrize("fault", ["reset@3", "close@3", "truncate@3", "reset@700b"])
def test_a_connection_that_is_cut_raises(server, session, fault):
    with openai_client(server, session) as client:
        parts = []
        with pytest.raises(OPENAI_CUT):
            read(ask(client, f"echo?speed=0&fault={fault}", COUNTING, stream=True), parts)
        assert WORDS.startswith("".join(parts)) and "ten" not in "".join(parts)


def test_an_end_that_is_too_early_is_silent(server, session):
    text = streamed(server, session, {"fault": "end@3", "unit": "word"})
    assert WORDS.startswith(text) and text != WORDS


@pytest.mark.parametrize("fault", ["missing_done", "doubled_done", "missing_finish", "comments", "line_ends:crlf",
                                   "line_ends:cr", "split:bytes", "split:utf8", "split:data", "giant@2",
                                   "unknown_fields"])
def test_a_fault_that_is_legal_or_harmless_leaves_the_text_as_it_is(server, session, fault):
    assert streamed(server, session, {"fault": fault}) == WORDS


def test_a_body_that_drips_is_read_to_its_end(server, session):
    assert streamed(server, session, {"fault": "drip:20000"}) == WORDS


def test_a_frame_that_is_lost_or_doubled_shows_in_the_text(server, session):
    assert len(streamed(server, session, {"fault": "lose@3", "unit": "word"})) < len(WORDS)
    assert len(streamed(server, session, {"fault": "duplicate@3", "unit": "word"})) > len(WORDS)


@pytest.mark.parametrize("fault", ["malformed_json@3", "invalid_utf8@3"])
def test_bytes_that_are_no_json_raise(server, session, fault):
    with pytest.raises(ValueError):
        streamed(server, session, {"fault": fault})


def test_the_http_status_can_be_asked_for_in_the_models_name(client):
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, "gpt-4o?fault=status:503:7")
    assert caught.value.response.headers["retry-after"] == "7"


def test_a_limit_of_requests_is_told_in_headers_before_and_when_it_is_reached(server, session):
    with openai_client(server, session, query={"speed": "0", "fault": "rate_limit:2"}) as client:
        first = client.chat.completions.with_raw_response.create(model="plain", messages=QUESTION).headers
        assert (first["x-ratelimit-limit-requests"], first["x-ratelimit-remaining-requests"]) == ("2", "1")
        ask(client, "plain")
        with pytest.raises(openai.RateLimitError) as caught:
            ask(client, "plain")
        headers = caught.value.response.headers
        assert caught.value.code == "rate_limit_exceeded" and headers["x-ratelimit-remaining-requests"] == "0"
        assert 0 < float(headers["retry-after"]) <= 60


def test_the_wait_that_the_server_asks_for_is_honoured(server, session):
    with openai_client(server, session, retries=2) as client, lasting(0.95, 15):
        assert ask(client, "busy-once").choices[0].message.content == "Now I have time."


def test_two_retries_get_through_after_two_failures(server, session):
    with openai_client(server, session, retries=2) as client:
        assert read(ask(client, "down-twice", stream=True), []) == "Up again."


def test_each_retry_counts_itself_in_a_header(server, session):
    with openai_client(server, session, retries=2) as client:
        assert ask(client, "counting").choices[0].message.content == "You have tried three times."
    with openai_client(server, session, retries=1) as client, pytest.raises(openai.InternalServerError):
        ask(client, "counting")


def test_a_client_error_is_not_tried_again(server, session):
    with openai_client(server, session, retries=2) as client, pytest.raises(openai.BadRequestError):
        ask(client, "refused-once")


def test_a_wait_of_minutes_is_refused_by_newer_versions_and_ignored_by_1(server, session):
    with openai_client(server, session, retries=1) as client, lasting(0, 15):
        if OPENAI < (2, 0):
            assert ask(client, "busy-for-long").choices[0].message.content == "Five minutes already?"
        else:
            with pytest.raises(openai.RateLimitError):
                ask(client, "busy-for-long")


def test_heartbeats_are_on_the_wire_where_the_sdk_ignores_them(server):
    body = {"model": "pausing", "messages": QUESTION, "stream": True}
    assert b"\n\n:" in fetch(server.port, "POST", "/v1/chat/completions", body=body).body

"""What goes wrong, as Anthropic's Python SDK tells it."""

import anthropic
import pytest

from clients import ANTHROPIC, CUT, anthropic_client, lasting
from sse_client import fetch

WORDS = "one two three four five six seven eight nine ten"
QUESTION = [{"role": "user", "content": "What is new?"}]
COUNTING = [{"role": "user", "content": WORDS}]
TYPES = {400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
         404: "not_found_error", 408: "timeout_error", 409: "conflict_error", 413: "request_too_large",
         422: "invalid_request_error", 429: "rate_limit_error", 500: "api_error", 503: "api_error",
         504: "timeout_error", 529: "overloaded_error"}
CLASSES = {400: "BadRequestError", 401: "AuthenticationError", 402: "APIStatusError", 403: "PermissionDeniedError",
           404: "NotFoundError", 408: "APIStatusError", 409: "ConflictError", 413: "RequestTooLargeError",
           422: "UnprocessableEntityError", 429: "RateLimitError", 500: "InternalServerError",
           503: "InternalServerError", 504: "InternalServerError", 529: "OverloadedError"}
if ANTHROPIC >= (2, 0):
    CLASSES |= {402: "PaymentRequiredError", 408: "RequestTimeoutError", 413: "ContentTooLargeError",
                503: "ServiceUnavailableError", 504: "GatewayTimeoutError"}


@pytest.fixture
def client(server, session):
    with anthropic_client(server, session) as client:
        yield client


def ask(client, model, messages=QUESTION, **parameters):
    return client.messages.create(**{"model": model, "messages": messages, "max_tokens": 2048, **parameters})


def read(stream, into):
    for event in stream:
        if event.type == "content_block_delta":
            into.append(event.delta.text)
    return "".join(into)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", TYPES)
def test_a_status_is_the_exception_that_the_sdk_has_for_it(client, status, stream):
    with pytest.raises(anthropic.APIStatusError) as caught:
        ask(client, f"status-{status}", stream=stream)
    error = caught.value
    assert error.status_code == status and type(error).__name__ == CLASSES[status]
    assert error.body["type"] == "error" and error.body["error"]["type"] == TYPES[status]
    assert error.body["error"]["message"] == f"This is a {status}."
    assert error.request_id.startswith("req_") and error.body["request_id"] == error.request_id


@pytest.mark.parametrize(("field", "value"), [("messages", []), ("max_tokens", 0), ("max_tokens", "many"),
                                              ("system", 7), ("stop_sequences", "six")])
def test_a_field_that_is_wrong_is_named(client, field, value):
    with pytest.raises(anthropic.BadRequestError) as caught:
        ask(client, "plain", **{field: value})
    assert caught.value.body["error"]["message"].startswith(field)


def test_a_field_that_is_missing_is_named(server):
    headers = {"anthropic-version": "2023-06-01", "x-api-key": "k"}
    answer = fetch(server.port, "POST", "/v1/messages", headers, {"model": "plain", "messages": QUESTION})
    assert answer.status == 400 and b"max_tokens: Field required" in answer.body


def test_the_version_of_the_api_has_to_be_told(server):
    body = {"model": "plain", "messages": QUESTION, "max_tokens": 9}
    assert fetch(server.port, "POST", "/v1/messages", {"x-api-key": "k"}, body).status == 400


def test_temperature_is_refused_by_the_newest_version_of_the_api_alone(client):
    if ANTHROPIC >= (2, 0):
        with pytest.raises(anthropic.BadRequestError):
            ask(client, "plain", extra_body={"temperature": 0.5})
    else:
        assert ask(client, "plain", temperature=0.5).content[0].text == "Good morning, Oslo!"


def test_the_key_is_found_in_whichever_header_the_version_sends_it(server, session):
    with anthropic_client(server, session) as known, anthropic_client(server, session, key="no") as other:
        assert ask(known, "keyed").content[0].text == "I know your key."
        assert ask(known, "scheme").content[0].text == ("bearer" if ANTHROPIC >= (2, 0) else "x-api-key")
        with pytest.raises(anthropic.AuthenticationError):
            ask(other, "keyed")


def test_an_error_in_the_middle_raises_with_the_status_that_the_stream_had(client):
    parts = []
    with pytest.raises(anthropic.APIStatusError) as caught:
        read(ask(client, "failing", stream=True), parts)
    assert "".join(parts).strip() == "So far so" and caught.value.status_code == 200
    assert caught.value.body["error"]["type"] in ("overloaded_error", "api_error")


def test_a_reset_in_the_middle_raises(client):
    parts = []
    with pytest.raises(CUT):
        read(ask(client, "resetting", stream=True), parts)
    assert "So far so good.".startswith("".join(parts)) and "good" not in "".join(parts)


@pytest.mark.parametrize("fault", ["close@3", "truncate@3", "reset@600b"])
def test_a_connection_that_is_cut_raises(client, fault):
    parts = []
    with pytest.raises(CUT):
        read(ask(client, f"echo?speed=0&fault={fault}", COUNTING, stream=True), parts)
    assert WORDS.startswith("".join(parts)) and "ten" not in "".join(parts)


def test_an_end_that_is_too_early_is_silent(client):
    text = read(ask(client, "echo?speed=0&unit=word&fault=end@3", COUNTING, stream=True), [])
    assert WORDS.startswith(text) and text != WORDS


@pytest.mark.parametrize("fault", ["line_ends:crlf", "line_ends:cr", "split:bytes", "split:utf8", "split:data",
                                   "comments", "giant@2", "unknown_fields"])
def test_a_fault_that_is_legal_leaves_the_text_as_it_is(server, session, fault):
    with anthropic_client(server, session, query={"speed": "0", "fault": fault}) as client:
        assert read(ask(client, "echo", COUNTING, stream=True), []) == WORDS


def test_the_wait_that_the_server_asks_for_is_honoured(server, session):
    with anthropic_client(server, session, retries=2) as client, lasting(0.95, 15):
        assert ask(client, "busy-once").content[0].text == "Now I have time."


def test_two_retries_get_through_after_two_failures(server, session):
    with anthropic_client(server, session, retries=2) as client:
        assert read(ask(client, "down-twice", stream=True), []) == "Up again."


def test_each_retry_counts_itself_in_a_header(server, session):
    with anthropic_client(server, session, retries=2) as client:
        assert ask(client, "counting").content[0].text == "You have tried three times."


def test_a_client_error_is_not_tried_again(server, session):
    with anthropic_client(server, session, retries=2) as client, pytest.raises(anthropic.BadRequestError):
        ask(client, "refused-once")

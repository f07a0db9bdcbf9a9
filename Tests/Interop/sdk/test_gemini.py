"""Gemini's API as Google's Python SDK reads it."""

import asyncio

import pytest
from google.genai import errors, types
from pydantic import BaseModel

from clients import CUT, GENAI, gemini_client, lasting, released_socket
from sse_client import fetch

QUESTION = "What is new?"
WORDS = "one two three four five six seven eight nine ten"
SCHEMA = {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]}
TOOL = types.Tool(function_declarations=[
    types.FunctionDeclaration(name="get_weather", description="Tells the weather.", parameters=SCHEMA)])
STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
            429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}


class Forecast(BaseModel):
    city: str
    celsius: float
    windy: bool
    hours: list[int]


@pytest.fixture
def client(server, session):
    return gemini_client(server, session)


def ask(client, model, contents=QUESTION, **config):
    return client.models.generate_content(model=model, contents=contents, config=types.GenerateContentConfig(**config))


def streamed(client, model, contents=QUESTION, **config):
    return list(client.models.generate_content_stream(model=model, contents=contents,
                                                      config=types.GenerateContentConfig(**config)))


def parts_of(chunks):
    return [part for chunk in chunks for candidate in chunk.candidates or []
            for part in (candidate.content and candidate.content.parts) or []]


def text_of(chunks):
    return "".join(part.text or "" for part in parts_of(chunks) if not part.thought)


def manual(**config):
    """The SDK shall not call tools by itself."""
    return {"tools": [TOOL], "automatic_function_calling": {"disable": True}, **config}


def test_a_plain_answer_is_whole(client):
    answer = ask(client, "plain")
    [candidate] = answer.candidates
    assert answer.text == "Good morning, Oslo!" and candidate.content.role == "model"
    assert candidate.finish_reason == types.FinishReason.STOP and answer.model_version == "plain"
    usage = answer.usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (9, 5, 14)


def test_a_stream_adds_up_to_the_whole_answer_and_ends_once(client):
    chunks = streamed(client, "plain")
    assert text_of(chunks) == "Good morning, Oslo!" and len(chunks) > 1
    reasons = [chunk.candidates[0].finish_reason for chunk in chunks]
    assert reasons[-1] == types.FinishReason.STOP and not any(reasons[:-1])
    assert len({chunk.response_id for chunk in chunks}) == 1
    assert chunks[-1].usage_metadata.total_token_count == 14


def test_awkward_characters_come_through_a_stream_as_in_a_whole_answer(client):
    whole = ask(client, "awkward").text
    assert "\u2028" in whole and "\x85" in whole and "👩‍💻" in whole
    assert text_of(streamed(client, "awkward")) == whole


def test_any_model_name_is_answered_and_echo_says_the_last_user_message(client):
    assert ask(client, "gemini-2.5-flash").text
    assert text_of(streamed(client, "echo", WORDS)) == WORDS
    assert ask(client, "models/echo", WORDS).text == WORDS


def test_the_path_that_the_version_of_the_sdk_asks_for_is_served(client):
    assert ask(client, "where").text == ("v1" if GENAI >= (3, 0) else "v1beta")


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_both_paths_are_served(server, session, version):
    assert ask(gemini_client(server, session, api_version=version), "where").text == version


def test_a_function_is_called_and_its_result_answered(client):
    first = ask(client, "weather", **manual())
    [call] = first.function_calls
    assert (call.name, call.args) == ("get_weather", {"city": "Oslo"}) and parts_of([first])[0].text == "Let me look."
    assert first.candidates[0].finish_reason == types.FinishReason.STOP
    result = types.Part.from_function_response(name="get_weather", response={"celsius": 7})
    contents = [types.Content(role="user", parts=[types.Part(text=QUESTION)]), first.candidates[0].content,
                types.Content(role="user", parts=[result])]
    assert ask(client, "weather", contents, **manual()).text == "It is 7 °C in Oslo."


def test_the_sdk_calls_a_python_function_by_itself(client):
    asked = []

    def get_weather(city: str) -> dict:
        """Tells the weather.

        Args:
            city: Where.
        """
        asked.append(city)
        return {"celsius": 7}

    assert ask(client, "weather", tools=[get_weather]).text == "It is 7 °C in Oslo." and asked == ["Oslo"]


def test_streamed_calls_arrive_whole(client):
    calls = [part.function_call for part in parts_of(streamed(client, "two-calls", **manual())) if part.function_call]
    assert [call.args for call in calls] == [{"city": "Oslo"}, {"city": "Rome"}]


def test_the_mock_calls_a_function_of_its_own_accord_where_it_must(client):
    config = {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["get_weather"]}}
    [call] = ask(client, "gemini-2.5-flash", **manual(tool_config=config)).function_calls
    assert call.name == "get_weather" and isinstance(call.args["city"], str)


def test_thoughts_are_parts_of_their_own(client):
    config = {"thinking_config": types.ThinkingConfig(include_thoughts=True)}
    for chunks in ([ask(client, "thinker", **config)], streamed(client, "thinker", **config)):
        thoughts = "".join(part.text for part in parts_of(chunks) if part.thought)
        assert (thoughts, text_of(chunks)) == ("Two and two is four.", "The answer is 4.")
        usage = chunks[-1].usage_metadata
        assert usage.thoughts_token_count == 6 and usage.total_token_count == 23
        assert usage.candidates_token_count == 5


def test_a_refusal_ends_the_answer_for_safety(client):
    assert ask(client, "refuser").candidates[0].finish_reason == types.FinishReason.SAFETY
    assert streamed(client, "refuser")[-1].candidates[0].finish_reason == types.FinishReason.SAFETY


def test_a_schema_is_answered_with_json_that_fits(client):
    config = {"response_mime_type": "application/json", "response_schema": Forecast}
    assert ask(client, "forecaster", **config).parsed == Forecast(city="Oslo", celsius=7.5, windy=True, hours=[6, 12])
    assert isinstance(ask(client, "gemini-2.5-flash", **config).parsed, Forecast)


def test_several_candidates_come_with_their_indexes(client):
    answer = ask(client, "echo", WORDS, candidate_count=2)
    assert [candidate.index or 0 for candidate in answer.candidates] == [0, 1]
    assert {candidate.content.parts[0].text for candidate in answer.candidates} == {WORDS}


def test_the_limit_of_tokens_ends_the_answer(client):
    answer = ask(client, "echo", WORDS, max_output_tokens=3)
    assert answer.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    assert answer.text != WORDS and WORDS.startswith(answer.text) and answer.usage_metadata.candidates_token_count <= 3
    assert text_of(streamed(client, "echo", WORDS, max_output_tokens=3)) == answer.text


def test_a_stop_sequence_ends_the_answer_before_it(client):
    assert ask(client, "echo", WORDS, stop_sequences=[" four"]).text == "one two three"
    assert text_of(streamed(client, "echo", WORDS, stop_sequences=["ree fo"])) == "one two th"


def test_tokens_are_counted_as_the_answer_will(client):
    counted = client.models.count_tokens(model="echo", contents=WORDS)
    assert counted.total_tokens == ask(client, "echo", WORDS).usage_metadata.prompt_token_count > 0


def test_texts_are_embedded(client):
    result = client.models.embed_content(model="text-embedding-004", contents=["a cat", "a dog", "a cat"])
    cat, dog, again = (each.values for each in result.embeddings)
    assert cat == again and cat != dog
    config = types.EmbedContentConfig(output_dimensionality=64)
    [short] = client.models.embed_content(model="text-embedding-004", contents="a cat", config=config).embeddings
    assert len(short.values) == 64


def test_models_are_listed_and_found_by_their_names(client):
    names = [model.name for model in client.models.list()]
    assert "models/echo" in names and all(name.startswith("models/") for name in names)
    assert client.models.get(model="echo").name == "models/echo"


def test_a_chat_remembers_its_turns(client):
    chat = client.chats.create(model="remembering")
    assert chat.send_message("I say").text == "You say it now."
    assert chat.send_message("I say again").text == "You said it before."


def test_images_and_files_are_accepted(client):
    parts = [types.Part.from_bytes(data=b"\x89PNG", mime_type="image/png"), types.Part(text="Look!"),
             types.Part.from_uri(file_uri="https://example.com/a.pdf", mime_type="application/pdf")]
    config = {"system_instruction": "Be brief.", "temperature": 0.5}
    assert ask(client, "echo", [types.Content(role="user", parts=parts)], **config).text == "Look!"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_the_exception_that_the_sdk_has_for_it(client, status, stream):
    with pytest.raises(errors.APIError) as caught:
        (streamed if stream else ask)(client, f"status-{status}")
    error = caught.value
    assert isinstance(error, errors.ServerError if status >= 500 else errors.ClientError)
    assert (error.code, error.status, error.message) == (status, STATUSES[status], f"This is a {status}.")


def test_a_wrong_field_is_an_invalid_argument(client):
    with pytest.raises(errors.ClientError) as caught:
        ask(client, "plain", temperature=9)
    assert caught.value.status == "INVALID_ARGUMENT"


def test_the_key_is_the_one_of_the_client(server, session):
    assert ask(gemini_client(server, session, key="sk-known"), "keyed").text == "I know your key."
    with pytest.raises(errors.ClientError):
        ask(gemini_client(server, session, key="sk-other"), "keyed")


def test_an_error_in_the_middle_raises_where_the_version_looks_for_it(client):
    parts = []
    stream = client.models.generate_content_stream(model="failing", contents=QUESTION)
    if GENAI < (1, 75):
        parts = list(stream)
    else:
        with pytest.raises(errors.APIError) as caught:
            for chunk in stream:
                parts += [chunk]
        assert caught.value.code >= 500 and caught.value.status and caught.value.message
    assert text_of(parts).strip() == "So far so"


@pytest.mark.parametrize("fault", ["reset@3", "close@3", "truncate@3"])
def test_a_connection_that_is_cut_raises(server, session, fault):
    with pytest.raises(CUT):
        streamed(gemini_client(server, session, query={"speed": "0", "fault": fault}), "echo", WORDS)


def test_a_reset_in_the_middle_raises(client):
    with pytest.raises(CUT):
        streamed(client, "resetting")


@pytest.mark.parametrize("fault", ["line_ends:crlf", "line_ends:cr", "split:bytes", "split:utf8", "split:data",
                                   "split:crlf", "missing_finish"])
def test_a_fault_that_is_legal_leaves_the_text_as_it_is(server, session, fault):
    client = gemini_client(server, session, query={"speed": "0", "fault": fault})
    assert text_of(streamed(client, "echo", WORDS)) == WORDS


def test_nothing_is_tried_again_by_itself(server, session):
    client = gemini_client(server, session)
    with pytest.raises(errors.ClientError):
        ask(client, "busy-once")
    assert ask(client, "busy-once").text == "Now I have time."


def test_retries_that_are_asked_for_get_through(server, session):
    retry = types.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02)
    assert ask(gemini_client(server, session, retry_options=retry), "down-twice").text == "Up again."


def test_a_pause_is_silent_for_this_sdk_breaks_on_comments(server, session):
    client = gemini_client(server, session, query={})
    with lasting(0.35, 10):
        assert text_of(streamed(client, "pausing")) == "One two."
    body = {"contents": [{"role": "user", "parts": [{"text": QUESTION}]}]}
    wire = fetch(server.port, "POST", "/v1beta/models/pausing:streamGenerateContent?alt=sse", body=body).body
    assert all(line.startswith(b"data: ") for line in wire.split(b"\r\n") if line)


def test_closing_a_stream_frees_the_servers_socket(server, session):
    client = gemini_client(server, session, query={})
    with released_socket(server) as is_open:
        stream = client.models.generate_content_stream(model="talkative", contents=QUESTION)
        assert next(stream).text and is_open()
        stream.close()


def test_the_asynchronous_client_reads_the_same(server, session):
    async def ask_later():
        client = gemini_client(server, session)
        return [chunk async for chunk in await client.aio.models.generate_content_stream(model="plain", contents="Hi")]

    assert text_of(asyncio.run(ask_later())) == "Good morning, Oslo!"


def test_the_sdk_is_one_of_those_that_are_promised():
    assert GENAI in ((3, 4), (1, 75), (1, 30))

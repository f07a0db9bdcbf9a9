"""Each SDK over HTTPS, as a developer who has an authority of his own: SSL_CERT_FILE, and nothing else is different."""

import anthropic
import ollama
import openai
import pytest
from google.genai import errors

from clients import ANTHROPIC, anthropic_client, gemini_client, ollama_client, openai_client
from secure_gateway import authority, secure  # noqa: F401 (fixtures)

WORDS = "one two three four five six seven eight nine ten"
MESSAGES = [{"role": "user", "content": WORDS}]


@pytest.fixture(scope="module")
def shared_gateway(secure):
    """In the place of the one that speaks plainly."""
    return secure


@pytest.fixture(autouse=True)
def trust(authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def spoken(request):
    """The protocol, and the answers' protocols as the HTTP client has noted them."""
    return request.param, []


def http_client(package, spoken):
    protocol, noted = spoken
    return package.DefaultHttpxClient(http2=protocol == "HTTP/2",
                                      event_hooks={"response": [lambda answer: noted.append(answer.http_version)]})


def test_openai(server, session, spoken):
    with openai_client(server, session, http_client=http_client(openai, spoken)) as client:
        whole = client.chat.completions.create(model="echo", messages=MESSAGES)
        assert whole.choices[0].message.content == WORDS
        chunks = list(client.chat.completions.create(model="echo", messages=MESSAGES, stream=True))
        assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices) == WORDS
        assert client.responses.create(model="echo", input=WORDS).output_text == WORDS
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model="echo", messages=MESSAGES, extra_query={"fault": "status:429"})
        with pytest.raises(openai.APIError):
            list(client.chat.completions.create(model="echo", messages=MESSAGES, stream=True,
                                                extra_query={"fault": "error@3"}))
    assert set(spoken[1]) == {spoken[0]} and len(spoken[1]) == 5


def test_anthropic(server, session, spoken):
    if spoken[0] == "HTTP/2" and ANTHROPIC < (0, 100):
        pytest.skip("its HTTP client was told of HTTP/2, and did not listen")
    with anthropic_client(server, session, http_client=http_client(anthropic, spoken)) as client:
        question = {"model": "echo", "messages": MESSAGES, "max_tokens": 100}
        assert client.messages.create(**question).content[0].text == WORDS
        with client.messages.stream(**question) as stream:
            assert "".join(stream.text_stream) == WORDS and stream.get_final_message().stop_reason == "end_turn"
        with pytest.raises(anthropic.RateLimitError):
            client.messages.create(**question, extra_query={"fault": "status:429"})
    assert set(spoken[1]) == {spoken[0]} and len(spoken[1]) == 3


@pytest.mark.parametrize("package", [openai, anthropic], ids=lambda package: package.__name__)
def test_a_stream_that_is_cut_over_http2_is_an_error(server, session, package):
    with http_client(package, ("HTTP/2", [])) as http:
        make, ask = {
            openai: (openai_client, lambda client: client.chat.completions.create(
                model="echo", messages=MESSAGES, stream=True, extra_query={"fault": "reset@3"})),
            anthropic: (anthropic_client, lambda client: client.messages.create(
                model="echo", messages=MESSAGES, max_tokens=100, stream=True,
                extra_query={"fault": "reset@3"}))}[package]
        client = make(server, session, http_client=http)
        with pytest.raises(Exception) as cut:
            list(ask(client))
        assert type(cut.value).__name__ in ("RemoteProtocolError", "ReadError", "APIConnectionError"), cut.value
        # The connection is still good for another.
        list(client.models.list())


def test_google_genai(server, session):
    client = gemini_client(server, session)
    assert client.models.generate_content(model="echo", contents=WORDS).text == WORDS
    chunks = list(client.models.generate_content_stream(model="echo", contents=WORDS))
    assert "".join(chunk.text or "" for chunk in chunks) == WORDS and len(chunks) > 3
    limited = gemini_client(server, session, query={"fault": "status:429"})
    with pytest.raises(errors.ClientError):
        limited.models.generate_content(model="echo", contents=WORDS)


def test_ollama(server, session):
    client = ollama_client(server, session)
    assert client.chat(model="echo", messages=MESSAGES).message.content == WORDS
    parts = list(client.chat(model="echo", messages=MESSAGES, stream=True))
    assert "".join(part.message.content or "" for part in parts) == WORDS and parts[-1].done
    with pytest.raises(ollama.ResponseError):
        ollama_client(server, session, query={"fault": "status:429"}).chat(model="echo", messages=MESSAGES)


def test_without_the_authority_nothing_is_asked(server, session, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with openai_client(server, session) as client, pytest.raises(openai.APIConnectionError) as refused:
        client.chat.completions.create(model="echo", messages=MESSAGES)
    assert "certificate" in str(refused.value.__cause__).lower()

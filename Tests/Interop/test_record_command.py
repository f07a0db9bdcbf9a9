"""`typebar record`: a session with an upstream becomes cassettes, whatever format it speaks."""

import os

import pytest

from api_client import ASK, CHAT, ask, call, said
from sse_client import wait_until
from test_command import run
from test_recording import answer, tapes, whole
from test_routes import failing, good

ODD = "Say \"hi\": {{ prompt }} \\ # - \u2028 \x7f \ufeff ${HOME}\n'caf\u00e9' \U0001F600"


def test_the_command_records_any_model_and_passes_failures_on(gateway, upstream, tmp_path):
    answers = [failing(503), good, whole]
    source = upstream(lambda exchange: answers.pop(0)(exchange))
    server = gateway(source.url, command="record", to=tmp_path / "a/b")
    assert server.will_have_said(f"typebar records to {tmp_path}/a/b/")
    assert ask(server.port, ODD, model="one", parameters="").status == 503 and len(source.exchanges) == 1
    assert said(ask(server.port, ODD, model="one", parameters="")) == "Hello"
    assert ask(server.port, "x" * 5000, model="two", parameters="").status == 200
    wait_until(lambda: server.said().count("Recorded") == 3, 5, "nothing is told")
    tapes(tmp_path / "a/b", 3)
    out = run("check", tmp_path / "a/b")
    assert out.returncode == 0 and "3 scenarios" in out.stdout, out.stderr
    replay = gateway(scenarios=tmp_path / "a/b").port
    assert ask(replay, ODD, model="one", parameters="").status == 503
    for _ in range(2):
        assert said(ask(replay, ODD, model="one", parameters="")) == "Hello"
    assert said(ask(replay, "x" * 5000, model="two", parameters="speed=0")) == "Hello, caf\u00e9 by the sea."


def test_a_second_session_goes_on_where_the_first_ended(gateway, upstream, tmp_path):
    def saying(text):
        def script(exchange):
            exchange.start()
            exchange.say(text)
            exchange.end()
        return script
    for text in ("one", "two", "three"):
        server = gateway(upstream(saying(text)).url, command="record", to=tmp_path / "tapes")
        ask(server.port, model="m", parameters="")
        server.terminate()
        assert server.process.wait(20) == 0
    replay = gateway(scenarios=tmp_path / "tapes").port
    assert [said(ask(replay, model="m", parameters="")) for _ in range(4)] == ["one", "two", "three", "three"]


def test_turns_of_a_conversation_are_told_apart(gateway, upstream, tmp_path):
    def counting(exchange):
        answer(exchange, f"after {len(exchange.json['messages'])}")
    server = gateway(upstream(counting).url, command="record", to=tmp_path / "tapes")
    messages = []

    def turn(port):
        told = call(port, "POST", CHAT, {"model": "m", "messages": messages})
        return told.json()["choices"][0]["message"]
    for _ in range(3):
        messages.append({"role": "user", "content": "go on"})
        messages.append(turn(server.port))
    tapes(tmp_path / "tapes", 3)
    replay = gateway(scenarios=tmp_path / "tapes").port
    messages, said_before = [], [each["content"] for each in messages if each["role"] == "assistant"]
    for before in said_before:
        messages.append({"role": "user", "content": "go on"})
        messages.append(turn(replay))
        assert messages[-1]["content"] == before


def test_a_whole_answer_is_played_to_those_who_do_not_stream(gateway, upstream, tmp_path):
    server = gateway(upstream(lambda exchange: answer(exchange, "Hello")).url, command="record", to=tmp_path / "tapes")
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    told = call(server.port, "POST", CHAT, body)
    assert told.json()["choices"][0]["message"]["content"] == "Hello", told.text
    [tape] = tapes(tmp_path / "tapes")
    replay = gateway(scenarios=tmp_path / "tapes").port
    again = call(replay, "POST", CHAT, body)
    assert again.body == tape.body == told.body and again.headers["x-request-id"] == "req-9"
    assert again.headers["content-type"] == "application/json"
    # Others are answered by the mock: nobody can make a stream's times of one body.
    assert call(replay, "POST", CHAT, body | {"stream": True}).status == 200
    (tmp_path / "forced").mkdir()
    (tmp_path / "forced/s.yaml").write_text(f"- {{ name: forced, reply: {{ cassette: {tape.path} }} }}\n")
    told = call(gateway(scenarios=tmp_path / "forced").port, "POST", CHAT, body | {"stream": True})
    assert told.status == 400 and "whole answer" in told.text


@pytest.mark.parametrize("format", ["anthropic_messages", "gemini", "ollama_chat", "openai_responses"])
def test_the_command_records_any_format(gateway, tmp_path, format):
    bases = {"gemini": "/v1beta", "ollama_chat": ""}
    mock = gateway(speed=0)
    server = gateway(mock.url + bases.get(format, "/v1"), command="record", upstream_format=format,
                     to=tmp_path / "tapes")
    assert said(ask(server.port, "One two three", format, parameters=""), format) == "One two three"
    [tape] = tapes(tmp_path / "tapes")
    assert tape.head["format"] == format and tape.ending == "complete"
    replay = gateway(scenarios=tmp_path / "tapes").port
    told = ask(replay, "One two three", format, parameters="")
    assert told.body == tape.body
    for other in ASK:
        assert said(ask(replay, "One two three", other, parameters="speed=0"), other) == "One two three"


@pytest.mark.parametrize("arguments", [[], ["--to", ""], ["--to", "x"], ["--upstream", "http://127.0.0.1:9/v1"]])
def test_the_command_says_what_it_lacks(tmp_path, arguments):
    out = run("record", *arguments)
    assert out.returncode in (64, 78) and out.stderr and not os.path.exists("x")

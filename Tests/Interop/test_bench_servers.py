# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` on servers that it has never seen: typebar in each format, two servers from PyPI; and h2load's word for it."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api_client import ASK, call
from bench_client import KnownSchedule, bench
from conftest import free_port
from real_upstream import BASES, RealUpstream
from sse_client import fetch

pytestmark = [pytest.mark.alone, pytest.mark.timeout(90)]
WORDS = "one two three four five six seven eight nine ten eleven twelve"
COUNT = 12
# What bench calls a format where it has another name, or does not tell two apart.
NAMES = {"ollama_chat": "ollama", "ollama_generate": "ollama"}


def asked(format, tmp_path, text=WORDS, model="echo"):
    """The path and the flags that ask the question in the format."""
    path, fields, body = ASK[format]
    content = body(text) | ({} if format == "gemini" else {"model": model})
    if not format.startswith(("gemini", "ui")):
        content["stream"] = True
    file = tmp_path / "body.json"
    file.write_text(json.dumps(content))
    return path.format(model=model), {"body": file, "header": [f"{name}: {value}" for name, value in fields.items()]}


# MARK: typebar


@pytest.mark.parametrize("format", ASK)
def test_each_format_is_guessed_and_counted(server, tmp_path, format):
    path, flags = asked(format, tmp_path)
    pace = "unit=word&rate=50&ttft=100"
    result = bench(f"{server.url}{path}{'&' if '?' in path else '?'}{pace}", concurrency=4, requests=8, **flags)
    assert result.code == 0 and result.ends == {"complete": 8}, result
    assert result.target["format"] == NAMES.get(format, format)
    assert result.target["contents"] == 8 * COUNT
    assert result.metric("ttft").at(0.5) == pytest.approx(100, abs=25)
    assert result.metric("gap").at(0.5) == pytest.approx(20, abs=5)
    assert result.target["disagreements"] == 0


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_chat_stream_is_an_event_source(server, format):
    prompt = WORDS.replace(" ", "+")
    result = bench(f"{server.url}/chat/stream?prompt={prompt}&model=echo&unit=word&rate=50&ttft=100&format={format}",
                   concurrency=4, requests=8)
    assert result.code == 0 and result.ends == {"complete": 8}, result
    assert result.target["format"] == "event_source" and result.target["contents"] == 8 * COUNT
    assert result.metric("gap").at(0.5) == pytest.approx(20, abs=5)


@pytest.mark.parametrize("format", ["openai_chat", "openai_responses", "anthropic_messages", "gemini", "ollama_chat"])
def test_a_prompt_is_put_as_the_path_wants_it(server, format):
    path = ASK[format][0].format(model="echo")
    url = f"{server.url}{path}{'&' if '?' in path else '?'}unit=word&speed=0"
    result = bench(url, prompt=WORDS, model="echo", concurrency=2, requests=4)
    assert result.code == 0 and result.ends == {"complete": 4}, result
    assert result.target["format"] == NAMES.get(format, format) and result.target["contents"] == 4 * COUNT


@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "openai_responses", "ollama_chat"])
def test_prose_with_all_kinds_of_letters_is_read_by_the_template_as_by_the_parser(server, tmp_path, format):
    text = "Grüße! 你好, 世界。 \"quoted\" \\ back \u2028 \n newline {\"content\":\"\"} [DONE] 👩‍💻 🇩🇪 " * 4
    path, flags = asked(format, tmp_path, text)
    result = bench(f"{server.url}{path}?unit=character&speed=0", concurrency=2, requests=6, **flags)
    assert result.code == 0 and result.ends == {"complete": 6}, result
    assert result.target["disagreements"] == 0 and result.target["by_template"] > 0
    assert result.target["contents"] % 6 == 0 and result.target["contents"] > 6 * 100


# MARK: Servers from PyPI


@pytest.fixture(scope="module")
def mock(tmp_path_factory):
    with open(tmp_path_factory.mktemp("llmock") / "log", "wb") as log:
        upstream = RealUpstream(log, delay=30)
        yield upstream
        upstream.end()


MOCKED = {
    "openai_chat": ("/chat/completions", {"stream": True, "messages": [{"role": "user", "content": WORDS}]}),
    "openai_responses": ("/responses", {"stream": True, "input": WORDS}),
    "anthropic_messages": ("/messages", {"stream": True, "max_tokens": 500, "messages": [{"role": "user", "content": WORDS}]}),
}


def texts(told, format):
    """How many events of a whole answer have text."""
    count = 0
    for data in told.events():
        event = json.loads(data) if data != "[DONE]" else {}
        text = event.get("delta") if format == "openai_responses" and event.get("type") == "response.output_text.delta" else None
        if format == "anthropic_messages" and event.get("type") == "content_block_delta":
            text = event["delta"].get("text")
        if format == "openai_chat":
            text = "".join(choice["delta"].get("content") or "" for choice in event.get("choices", []))
        count += bool(text)
    return count


@pytest.mark.parametrize("format", MOCKED)
def test_llmock_is_understood(mock, tmp_path, format):
    path, body = MOCKED[format]
    body = {"model": "gpt-4o", **body}
    path = BASES[format] + path
    fields = {"Authorization": "Bearer sk-any", "x-api-key": "sk-any", "anthropic-version": "2023-06-01"}
    mock.plan()
    direct = call(mock.port, "POST", path, body, fields)
    assert direct.status == 200, direct.text
    count = texts(direct, format)
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body))
    result = bench(f"http://127.0.0.1:{mock.port}{path}", body=file, concurrency=2, requests=6,
                   header=[f"{name}: {value}" for name, value in fields.items()])
    assert result.code == 0 and result.ends == {"complete": 6}, result
    assert result.target["format"] == format
    assert result.target["contents"] == 6 * count and count > 5
    assert result.metric("gap").at(0.5) == pytest.approx(30, abs=10)


@pytest.fixture(scope="module")
def starlette(tmp_path_factory):
    port, log = free_port(), tmp_path_factory.mktemp("starlette") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, Path(__file__).with_name("starlette_app.py"), str(port)],
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    deadline = time.monotonic() + 30
    while True:
        try:
            fetch(port, "GET", "/?count=1&gap=1", timeout=2)
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    process.kill()
    process.wait()


def test_sse_starlette_is_understood(starlette):
    result = bench(f"{starlette}?count=40&gap=30", concurrency=5, requests=10)
    assert result.code == 0 and result.ends == {"complete": 10}, result
    assert result.target["format"] == "event_source" and result.target["contents"] == 400
    assert result.metric("gap").at(0.5) == pytest.approx(30, abs=6)
    assert result.metric("gap").count == 390, "comments end no gap"


# MARK: Another client's word


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def measured_by_h2load(url):
    """The means of a request's time and of that to its first byte, in milliseconds."""
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    theirs = subprocess.run(["h2load", "--h1", "-c", "10", "-n", "10", url], capture_output=True, text=True, timeout=30,
                            env=environment)
    assert theirs.returncode == 0 and "10 succeeded" in theirs.stdout, theirs
    # Minimum, maximum, mean.
    return [milliseconds(re.search(rf"{name}:\s+\S+\s+\S+\s+(\S+)", theirs.stdout)[1])
            for name in ("time for request", "time to 1st byte")]


def measured_by_us(url):
    ours = bench(url, concurrency=10, requests=10)
    assert ours.code == 0, ours
    return [ours.metric("e2e_send").mean + ours.metric("close").mean, ours.metric("ttfb").mean]


def test_h2load_measures_the_same():
    server = KnownSchedule()
    url = server.url(held=1, ttft=150, gap=10, count=20)
    # All ten begin together, so that what holds one up holds up all.
    theirs, ours = ([statistics.median(each) for each in zip(*[measured(url) for _ in range(3)])]
                    for measured in (measured_by_h2load, measured_by_us))
    server.end()
    assert ours == pytest.approx(theirs, abs=10)

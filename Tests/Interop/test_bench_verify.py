"""`typebar bench verify`: what is right is verified, and each fault is found and named."""

import json
import subprocess
from collections import namedtuple
from xml.etree import ElementTree

import pytest

from api_client import ASK
from certificates import Authority
from conftest import BINARY
from fault_client import LETTERS
from scripted_upstream import DONE, chunk, delta, event, finish
from sse_client import stream_target

# The formats by verify's names; Ollama has two shapes of one.
FORMATS = {name: name for name in ASK} | {"ollama_chat": "ollama", "ollama_generate": "ollama"}
Verified = namedtuple("Verified", "code lines report")


def command(*arguments, timeout=60):
    return subprocess.run([str(BINARY), "bench", "verify", *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout)


def verify(url, tmp_path, *options, body=None, headers=None, expect=None, **more):
    arguments = [url, *options, "--json", tmp_path / "report.json"]
    if body is not None:
        (tmp_path / "body.json").write_text(json.dumps(body))
        arguments += ["--body", tmp_path / "body.json"]
    if expect is not None:
        (tmp_path / "expect").write_bytes(expect.encode())
        arguments += ["--expect", tmp_path / "expect"]
    for name, value in (headers or {}).items():
        arguments += ["--header", f"{name}: {value}"]
    out = command(*arguments, **more)
    assert out.returncode in (0, 1), out
    return Verified(out.returncode, out.stdout.splitlines(), json.loads((tmp_path / "report.json").read_text()))


def asked(server, tmp_path, format, fault="", *options, text=LETTERS, pace="speed=0&seed=1", model="echo", expect=..., **more):
    """A question of the mock in this format, verified."""
    path, headers, body = ASK[format]
    path = path.format(model=model)
    query = pace + (f"&fault={fault}" if fault else "")
    url = server.url + path + ("&" if "?" in path else "?") + query
    content = body(text) | ({} if format == "gemini" else {"model": model})
    if not format.startswith(("gemini", "ui")):
        content["stream"] = True
    return verify(url, tmp_path, *options, body=content | more, headers=headers,
                  expect=text if expect is ... else expect)


def kinds(told, severity="error"):
    return [each["kind"] for each in told.report["findings"] if each["severity"] == severity]


def chat(server, tmp_path, fault="", *options, text="abcdef", expect=..., **parameters):
    """The same of `/chat/stream`, whose events bear ids."""
    fast = {"model": "echo", "rate": 0, "ttft": 0} | parameters
    target = stream_target(text, **(fast | {"fault": fault} if fault else fast))
    return verify(server.url + target, tmp_path, *options, expect=text if expect is ... else expect)


def found(told, kind):
    """The one error, by its name."""
    assert kinds(told) == [kind], told
    assert told.code == 1 and not told.report["verified"] and told.lines[0].startswith("1 finding: ")
    assert any(line.strip().startswith(kind) for line in told.lines[1:])
    return next(each for each in told.report["findings"] if each["kind"] == kind)


# ── What is right ──

TEXT = "Grüße, 世界! 👩🏽‍💻 é\nline two\r\nline three  — ‘quoted’ \"text\" \\ {json}"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("options", [(), ("--format",)], ids=["guessed", "told"])
def test_a_right_answer_of_each_format_is_verified(server, tmp_path, format, options):
    options = ("--format", FORMATS[format]) if options else ()
    told = asked(server, tmp_path, format, "", *options, text=TEXT)
    assert told.code == 0 and kinds(told) == [], told
    assert told.report["format"] == FORMATS[format] and told.report["text_bytes"] == len(TEXT.encode())
    assert told.lines[0].startswith(f"verified: {FORMATS[format]}, 1 answer, ")


@pytest.mark.parametrize("format", FORMATS)
def test_what_the_mock_says_by_itself_is_verified_too(server, tmp_path, format):
    told = asked(server, tmp_path, format, "", "--requests", 2, text="Tell me about tea.", model="mock", expect=None)
    assert told.code == 0 and told.report["requests"] == 2 and told.report["text_bytes"] > 100, told


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("unit", ["character", "word", "token"])
def test_a_stream_with_ids_is_verified_and_cut_and_gone_on_with(server, tmp_path, form, unit):
    told = chat(server, tmp_path, "", "--cuts", 5, text=TEXT, format=form, unit=unit,
                expect=TEXT if form == "json" else TEXT.replace("\r\n", "\n"))
    assert told.code == 0 and kinds(told) == [] and told.report["cuts"] == 5, told
    assert told.report["format"] == "event_source" and "5 cuts resumed" in told.lines[0]


def test_a_stream_that_is_still_spoken_is_cut_too(server, tmp_path):
    told = chat(server, tmp_path, "", "--cuts", 3, text="abcdefghij" * 3, rate=100)
    assert told.code == 0 and told.report["cuts"] == 3, told


def test_tools_and_reasoning_and_counts_are_verified(server, tmp_path):
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]
    told = asked(server, tmp_path, "openai_chat", "", text="The weather in Oslo?", model="mock", expect=None, tools=tools,
                 tool_choice="required", stream_options={"include_usage": True})
    assert told.code == 0, told
    broken = asked(server, tmp_path, "openai_chat", "broken_tool_arguments", text="The weather in Oslo?", model="mock",
                   expect=None, tools=tools, tool_choice="required")
    assert found(broken, "broken_tool_arguments")["expected"] == "a JSON object"


# ── Each fault by its name ──

def test_a_refused_connection_is_a_finding(tmp_path):
    assert "connect" in found(verify("http://127.0.0.1:1/", tmp_path), "refused")["seen"].lower()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("fault,kind", [
    ("status:503", "status"), ("status:429", "rate_limit"), ("content_type:text/html", "content_type"),
    ("content_length:5", "content_length"), ("error@2", "error"), ("reset@3", "reset"), ("close@3", "close"),
    ("end@2", "end"), ("truncate@2", "truncate"), ("malformed_json@2", "malformed_json"),
    ("invalid_utf8@2", "invalid_utf8"), ("duplicate@2", "duplicate"), ("reorder@2", "reorder"), ("lose@2", "lose"),
    ("giant:2000000@2", "giant"), ("missing_finish", "missing_finish")])
def test_each_fault_of_a_format_is_found_and_named(server, tmp_path, format, fault, kind):
    found(asked(server, tmp_path, format, fault), kind)


@pytest.mark.parametrize("format", ["openai_chat", "openai_completions", "anthropic_messages", "ui_message_stream"])
@pytest.mark.parametrize("kind", ["missing_done", "doubled_done"])
def test_the_terminator_comes_once(server, tmp_path, format, kind):
    found(asked(server, tmp_path, format, kind), kind)


@pytest.mark.parametrize("format", FORMATS)
def test_a_stall_is_told_with_its_length(server, tmp_path, format):
    stall = found(asked(server, tmp_path, format, "stall:500@2", "--stall", "300ms"), "stall")
    assert 480 <= int(stall["seen"].split()[2]) <= 900, stall
    assert asked(server, tmp_path, format, "stall:200@2", "--stall", "1s").code == 0


def test_a_stall_for_ever_is_given_up(server, tmp_path):
    assert "for 600 ms" in found(asked(server, tmp_path, "openai_chat", "stall@2", "--timeout", "600ms"), "stall")["seen"]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("fault,kind", [
    ("status:503", "status"), ("status:429", "rate_limit"), ("content_type:text/html", "content_type"),
    ("error@2", "error"), ("reset@3", "reset"), ("close@3", "close"), ("end@2", "end"), ("truncate@2", "truncate"),
    ("invalid_utf8@2", "invalid_utf8"), ("duplicate@2", "duplicate"), ("reorder@2", "reorder"), ("lose@2", "lose"),
    ("giant:2000000@2", "giant"), ("missing_done", "missing_done"), ("doubled_done", "doubled_done")])
def test_each_fault_of_a_stream_with_ids_is_found_without_knowing_the_text(server, tmp_path, form, fault, kind):
    found(chat(server, tmp_path, fault, expect=None, format=form), kind)


def test_malformed_json_of_a_stream_with_ids_is_no_loss(server, tmp_path):
    found(chat(server, tmp_path, "malformed_json@2", format="json"), "malformed_json")


def test_a_rate_limit_is_told_apart(gateway, tmp_path):
    server = gateway()
    assert asked(server, tmp_path, "openai_chat", "rate_limit:1").code == 0
    assert "429" in found(asked(server, tmp_path, "openai_chat", "rate_limit:1"), "rate_limit")["seen"]


@pytest.mark.parametrize("fault", ["duplicate@2", "reorder@2", "lose@2"])
def test_numbered_events_tell_of_losses_by_themselves(server, tmp_path, fault):
    found(asked(server, tmp_path, "openai_responses", fault, expect=None), fault.split("@")[0])


# ── Resume, of servers that get it wrong ──

WORDS = [f"word{number} " for number in range(1, 21)]


def numbered(first):
    """A server whose events have numbers; `first(last)` is the one that a resume after `last` begins with."""
    def script(exchange):
        last = int(exchange.headers.get("last-event-id", 0))
        exchange.start()
        begin = 1 if not last else first(last)
        exchange.write(b"".join(b"id: %d\ndata: %s\n\n" % (number, WORDS[number - 1].encode())
                                for number in range(begin, len(WORDS) + 1)))
    return script


def test_a_server_with_numbered_events_that_goes_on_rightly_is_verified(upstream, tmp_path):
    told = verify(upstream(numbered(lambda last: last + 1)).url, tmp_path, "--cuts", 4, expect="".join(WORDS))
    assert told.code == 0 and told.report["cuts"] == 4 and told.report["format"] == "event_source", told


@pytest.mark.parametrize("first", [lambda last: last, lambda last: last + 2, lambda last: 1],
                         ids=["repeats", "loses", "begins anew"])
def test_a_server_that_goes_on_wrongly_is_found(upstream, tmp_path, first):
    told = verify(upstream(numbered(first)).url, tmp_path, "--cuts", 4, expect="".join(WORDS))
    assert "resume" in kinds(told) and told.code == 1, told


def test_a_server_that_forgets_its_stream_is_found(upstream, tmp_path):
    def script(exchange):
        if "last-event-id" in exchange.headers:
            return exchange.send(b"HTTP/1.1 410 Gone\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        numbered(None)(exchange)

    assert "410" in found(verify(upstream(script).url, tmp_path), "resume")["seen"]


def test_a_server_over_tls_is_verified(upstream, tmp_path):
    def script(exchange):
        exchange.start(chunked=True)
        exchange.write(event(chunk(role="assistant", content="")) + delta("Hello") + event(finish()) + DONE)
        exchange.send(b"0\r\n\r\n")

    authority = Authority(tmp_path)
    url = upstream(script, authority.server("127.0.0.1")).url + "/chat/completions"
    told = verify(url, tmp_path, "--ca-file", authority.file, body={"stream": True}, expect="Hello")
    assert told.code == 0 and told.report["url"] == url, told
    wants = verify(url, tmp_path, "--ca-file", authority.file,
                   body={"stream": True, "stream_options": {"include_usage": True}})
    assert "no token counts" in found(wants, "usage")["seen"]


@pytest.mark.parametrize("pieces", [["e", "\u0301"], ["👩", "\u200d💻"], ["\r", "\n"]])
def test_a_character_that_two_events_share_is_found(upstream, tmp_path, pieces):
    def script(exchange):
        exchange.start()
        exchange.write(event(chunk(role="assistant", content="")) + b"".join(map(delta, pieces)) + event(finish()) + DONE)

    found(verify(upstream(script).url, tmp_path, body={}, expect="".join(pieces)), "grapheme")


# ── Habits are no faults ──

@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages", "openai_responses", "ui_message_stream"])
@pytest.mark.parametrize("fault,kind,words", [
    ("line_ends:crlf", "line_ends", "CRLF"), ("line_ends:cr", "line_ends", "CR line ends"),
    ("comments", "comments", "comment"), ("unknown_fields", "unknown_fields", "unknown field x-unknown"),
    ("drip:2000", "drip", "ms from its first byte")])
def test_habits_are_notes(server, tmp_path, format, fault, kind, words):
    told = asked(server, tmp_path, format, fault)
    assert told.code == 0 and kinds(told) == [] and kind in kinds(told, "note"), told
    assert any(line.strip().startswith(f"note: {kind}") and words in line for line in told.lines), told


@pytest.mark.parametrize("split", ["utf8", "data", "crlf", "bytes"])
def test_cuts_of_the_network_are_no_faults(server, tmp_path, split):
    assert asked(server, tmp_path, "openai_chat", f"split:{split}", text=TEXT).code == 0


# ── The text ──

def test_a_text_that_differs_is_told_with_its_place(server, tmp_path):
    text = found(asked(server, tmp_path, "openai_chat", expect="a b\nX d e f"), "text")
    assert "byte 3, line 1" in text["seen"]
    assert "line end" in found(asked(server, tmp_path, "openai_chat", expect=LETTERS + "\n"), "text")["expected"]


def test_the_checks_are_written_as_junit(server, tmp_path):
    asked(server, tmp_path, "openai_chat", "error@2", "--junit", tmp_path / "junit.xml")
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot().find("testsuite")
    assert suite.get("failures") == "1" and int(suite.get("tests")) > 25
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["error"]


@pytest.mark.parametrize("arguments", [["--cuts", "-1"], ["--requests", 0], ["--stall", "soon"], ["--format", "sse"],
                                       ["--expect", "/nowhere"]])
def test_what_is_not_understood_is_2(server, arguments):
    out = command(server.url + "/chat/stream?prompt=x", *arguments)
    assert out.returncode == 2 and out.stderr, out


def test_quiet_says_nothing_where_nothing_is_wrong(server, tmp_path):
    assert asked(server, tmp_path, "openai_chat", "", "--quiet").lines == []
    assert asked(server, tmp_path, "openai_chat", "error@2", "--quiet").lines[0].startswith("1 finding")

"""Files of scenarios: read again when they change, checked, explained, and the examples that are shipped."""

import json
import re
import time
from pathlib import Path

import pytest

from api_client import CHAT, ask, call, said
from conftest import free_port
from sse_client import chat, wait_until
from test_command import one_line, run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "config/scenarios"
# It looks twice a second.
RELOAD_SECONDS = 4


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "scenarios"
    path.mkdir()
    return path


def told(port, text="x", **more):
    return said(ask(port, text, **more))


# ── Read again ──

def test_a_changed_file_is_taken_in(gateway, folder):
    (folder / "a.yaml").write_text("- { name: a, reply: before }\n")
    port = gateway(scenarios=folder).port
    assert told(port) == "before"
    (folder / "a.yaml").write_text("- { name: a, reply: after }\n")
    wait_until(lambda: told(port) == "after", RELOAD_SECONDS, "the change is not taken in")
    (folder / "0.yaml").write_text("- { name: zero, reply: in front }\n")
    wait_until(lambda: told(port) == "in front", RELOAD_SECONDS, "a new file is not taken in")
    (folder / "0.yaml").unlink()
    wait_until(lambda: told(port) == "after", RELOAD_SECONDS, "a file that has gone is still there")


def test_a_broken_file_keeps_the_old_scenarios_and_the_log_says_where(gateway, folder):
    (folder / "a.yaml").write_text("- { name: a, reply: before }\n")
    server = gateway(scenarios=folder)
    (folder / "b.yaml").write_text("- name: b\n  reply: new\n  wieght: 3\n")
    wait_until(lambda: re.search(r"b\.yaml:3\b.*wieght", server.said()), RELOAD_SECONDS, "the log does not say it")
    assert told(server.port) == "before"
    time.sleep(0.7)
    assert server.said().count("b.yaml:3") == 1, "it is told once"
    (folder / "b.yaml").write_text("- name: b\n  reply: new\n  weight: 3\n")
    (folder / "a.yaml").unlink()
    wait_until(lambda: told(server.port) == "new", RELOAD_SECONDS, "the mended file is not taken in")


def test_a_folder_that_goes_keeps_the_old_scenarios_and_may_come_back(gateway, folder):
    (folder / "a.yaml").write_text("- { name: a, reply: before }\n")
    server = gateway(scenarios=folder)
    folder.rename(folder.with_name("away"))
    wait_until(lambda: str(folder) in server.said(), RELOAD_SECONDS, "the log does not say it")
    assert told(server.port) == "before"
    folder.with_name("away").rename(folder)
    (folder / "a.yaml").write_text("- { name: a, reply: back }\n")
    wait_until(lambda: told(server.port) == "back", RELOAD_SECONDS, "it is not taken in again")


def test_counts_survive_a_reload(gateway, folder):
    yaml = "- {{ name: once, times: 1, reply: first }}\n- {{ name: rest, reply: {} }}\n"
    (folder / "a.yaml").write_text(yaml.format("later"))
    port = gateway(scenarios=folder).port
    assert [told(port), told(port)] == ["first", "later"]
    (folder / "a.yaml").write_text(yaml.format("still later"))
    wait_until(lambda: told(port) == "still later", RELOAD_SECONDS, "the change is not taken in")


# ── Wrong from the start ──

BROKEN = {
    "no YAML": ("- name: a\n  reply: [\n", None, ""),
    "unknown key": ("- name: a\n  reply: x\n- name: b\n  replay: x\n", 4, "replay"),
    "unknown key in when": ("- name: a\n  when:\n    modle: x\n  reply: x\n", 3, "modle"),
    "no name": ("- reply: x\n", 1, "name"),
    "no reply": ("\n- name: a\n", 2, "reply"),
    "name given twice": ("- name: a\n  reply: x\n- name: a\n  reply: y\n", 3, "name"),
    "bad pattern": ("- name: a\n  when:\n    last_user:\n      regex: \"(\"\n  reply: x\n", 4, "regex"),
    "bad fault": ("- name: a\n  reply:\n    - text: x\n    - fault: rest\n", 4, "fault"),
    "bad template": ("- name: a\n  reply:\n    - text: x\n    - text: \"{{ promt }}\"\n", 4, "promt"),
    "bad template in a block": ("- name: a\n  reply: |\n    one\n    two {{ promt }}\n", 4, "promt"),
    "bad pace": ("- name: a\n  reply: x\n  pace:\n    unit: syllable\n", None, "unit"),
    "bad weight": ("- name: a\n  reply: x\n  weight: -1\n", 3, "weight"),
    "bad times": ("- name: a\n  reply: x\n  times: 0\n", 3, "times"),
    "bad status": ("- name: a\n  reply:\n    status: 200\n", 3, "status"),
    "two steps in one": ("- name: a\n  reply:\n    - text: x\n      pause: 3\n", 3, "step"),
    "status among steps": ("- name: a\n  reply:\n    - text: x\n    - status: 500\n", 4, "only step"),
    "not UTF-8": (b"- name: a\n  reply: \xff\n", None, "UTF-8"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_broken_file_is_told_with_its_line_and_ends_the_command(folder, name, command):
    content, line, key = BROKEN[name]
    (folder / "broken.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    out = run("check", folder) if command == "check" else run("serve", "--port", free_port(), "--scenarios", folder)
    assert out.returncode in (69, 78), out
    message = one_line(out.stderr)
    assert f"broken.yaml:{line}: " in message if line else "broken.yaml" in message, message
    assert key in message


def test_a_folder_that_is_not_there_is_told(tmp_path):
    for arguments in (("serve", "--port", free_port(), "--scenarios", tmp_path / "none"), ("check", tmp_path / "none")):
        out = run(*arguments)
        assert out.returncode in (69, 78) and "none" in one_line(out.stderr)


def test_a_name_may_not_come_again_in_another_file(folder):
    for file in ("a.yaml", "b.yaml"):
        (folder / file).write_text("- { name: same, reply: x }\n")
    out = run("check", folder)
    assert out.returncode == 78 and "b.yaml:1" in out.stderr and "a.yaml:1" in out.stderr


def test_check_says_how_many_scenarios_there_are(folder):
    (folder / "a.yaml").write_text("- { name: a, reply: x }\n- { name: b, reply: x }\n")
    (folder / "b.yml").write_text("scenarios:\n  - { name: c, reply: x }\n")
    (folder / "notes.txt").write_text("not: [read\n")
    out = run("check", folder)
    assert out.returncode == 0 and "3 scenarios" in out.stdout


def test_a_configuration_names_the_folder_and_check_reads_it_too(gateway, folder, tmp_path):
    (folder / "a.yaml").write_text("- { name: a, reply: scripted }\n")
    configuration = f"mock: {{scenarios: {folder}, speed: 0, seed: 5}}\n"
    port = gateway(config=configuration).port
    assert told(port) == "scripted" and ask(port, parameters="").body == ask(port, parameters="").body
    (folder / "a.yaml").write_text("- { name: a, replay: scripted }\n")
    (tmp_path / "c.yaml").write_text(configuration)
    out = run("check", tmp_path / "c.yaml")
    assert out.returncode == 78 and "a.yaml:1" in out.stderr


# ── Explained ──

SCENARIOS = """
- { name: other model, when: { model: gpt-9 }, reply: x }
- { name: other words, when: { last_user: { contains: fern } }, reply: x }
- { name: with flag, when: { header: { name: X-Flag, value: "1" } }, reply: x }
- { name: of Anthropic, when: { format: anthropic_messages }, reply: x }
- { name: later turn, when: { turn: { from: 2 } }, reply: x }
- { name: taken, when: { last_user: hello }, reply: x }
- { name: rest, reply: x }
"""


@pytest.fixture
def explain(folder, tmp_path):
    (folder / "a.yaml").write_text(SCENARIOS)
    request = tmp_path / "request.json"

    def ask_command(body, *flags):
        request.write_text(json.dumps(body))
        out = run("explain", request, "--scenarios", folder, *flags)
        assert out.returncode == 0, out
        return out.stdout.splitlines()

    return ask_command


def verdict(lines, name):
    (line,) = [line for line in lines if f" {name} (" in line]
    return line


def test_explain_says_which_scenario_answers_and_why_the_others_do_not(explain):
    lines = explain({"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]})
    assert len(lines) == 7 and [line for line in lines if line.startswith("MATCH")] == [verdict(lines, "taken")]
    assert re.search(r"a\.yaml:7\b", verdict(lines, "taken"))
    for name, key, expected, actual in [
            ("other model", "model", "gpt-9", "gpt-4o"), ("other words", "last_user", "fern", "hello"),
            ("with flag", "header", "1", "no such header"), ("later turn", "turn", "2", "1"),
            ("of Anthropic", "format", "anthropic_messages", "openai_chat")]:
        line = verdict(lines, name)
        assert line.startswith("no ") and all(word in line for word in (key, expected, actual)), line
    assert verdict(lines, "rest").startswith("also")


def test_explain_takes_headers_formats_and_paths(explain):
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
    lines = explain(body, "--header", "X-Flag: 1", "--format", "anthropic_messages")
    assert verdict(lines, "with flag").startswith("MATCH") and verdict(lines, "of Anthropic").startswith("also")
    lines = explain({"contents": [{"parts": [{"text": "a fern"}]}]}, "--format", "gemini")
    assert verdict(lines, "other words").startswith("MATCH")


def test_explain_knows_the_key_of_a_bearer_token(folder, tmp_path):
    (folder / "a.yaml").write_text("- { name: key, when: { api_key: sk-special }, reply: x }\n")
    (tmp_path / "r.json").write_text('{"model":"m","messages":[{"role":"user","content":"x"}]}')
    for header in ("Authorization: Bearer sk-special", "x-api-key: sk-special"):
        out = run("explain", tmp_path / "r.json", "--scenarios", folder, "--header", header)
        assert out.stdout.startswith("MATCH"), header
    out = run("explain", tmp_path / "r.json", "--scenarios", folder, "--header", "x-api-key: sk-hidden")
    assert out.stdout.startswith("no") and "sk-hidden" not in out.stdout


def test_explain_tells_what_is_wrong_with_the_request(folder, tmp_path):
    (folder / "a.yaml").write_text("- { name: a, reply: x }\n")
    for content, flags in (("{", ()), ('{"model":"m"}', ()), ("{}", ("--format", "nonsense"))):
        (tmp_path / "r.json").write_text(content)
        out = run("explain", tmp_path / "r.json", "--scenarios", folder, *flags)
        assert out.returncode == 78 and one_line(out.stderr)


# ── The examples ──

@pytest.fixture
def examples(gateway):
    return gateway(scenarios=EXAMPLES, speed=0).port


def test_the_examples_are_right():
    assert run("check", EXAMPLES).returncode == 0
    for line in (EXAMPLES / "examples.yaml").read_text().splitlines():
        if match := re.match(r"#\s+typebar check (\S+)", line):
            out = run("check", ROOT / match[1])
            assert out.returncode == 0, out.stderr


def test_the_example_of_a_tool_calls_it_and_tells_its_result(examples):
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}]
    messages = [{"role": "user", "content": 'What\'s the "WEATHER"?'}]
    body = {"model": "demo-weather", "tools": tools, "messages": messages}
    message = call(examples, "POST", CHAT, body).json()["choices"][0]["message"]
    (made,) = message["tool_calls"]
    assert json.loads(made["function"]["arguments"]) == {
        "city": "Oslo", "unit": "celsius", "asked": 'What\'s the "WEATHER"?'}
    messages += [message, {"role": "tool", "tool_call_id": made["id"], "content": "12 °C"}]
    told = call(examples, "POST", CHAT, body).json()["choices"][0]["message"]
    assert told["content"] == "The weather service says: 12 °C"


def test_the_example_of_a_busy_model_is_busy_once_in_each_session(examples):
    for session in ("one", "two"):
        headers = {"X-Typebar-Session": session}
        first = ask(examples, model="demo-busy", headers=headers)
        assert first.status == 429 and first.headers["retry-after"] == "2"
        assert told(examples, model="demo-busy", headers=headers) == "Thank you for your patience."


def test_the_examples_of_an_echo_a_coin_and_a_refusal(examples):
    text = told(examples, "Hi {{", model="demo-echo")
    assert re.fullmatch(r"You said: Hi \{\{\nThat was message 1, turn 1, to demo-echo at 20\S+Z\.\n?", text), text
    tossed = [told(examples, model="demo-coin", parameters=f"seed={seed}") for seed in range(60)]
    assert set(tossed) == {"Heads.", "Tails."} and 33 <= tossed.count("Heads.") <= 56
    body = {"model": "demo-refusal", "messages": [{"role": "user", "content": "x"}]}
    message = call(examples, "POST", CHAT, body).json()["choices"][0]["message"]
    assert message["refusal"] == "I cannot help with that."


def test_the_example_of_a_stall_falls_silent_where_it_says(gateway):
    port = gateway(scenarios=EXAMPLES).port
    body = {"model": "demo-stall", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    cut = call(port, "POST", CHAT, body, timeout=1.5)
    assert isinstance(cut.error, TimeoutError)
    assert said(cut).strip() == "Let me think about that for a moment."


def test_the_examples_leave_other_models_alone(examples):
    assert told(examples, "weather") == "weather"
    assert chat(examples, "busy", model="echo", rate=0, ttft=0).text == "busy"

"""`typebar admin`: the same from a shell."""

import json

from api_client import CHAT, call
from sse_client import wait_until
from test_command import one_line, run

SECRET = "sk-verysecret-0123456789abcdef"
REQUEST = {"model": "echo", "messages": [{"role": "user", "content": "Hello"}]}


def command(server, *arguments, **environment):
    out = run("admin", *arguments, "--url", server.url, **environment)
    assert out.returncode == 0, out
    return json.loads(out.stdout) if out.stdout.strip() else None


def test_requests_counts_and_reset(gateway):
    server = gateway()
    for session in ("a", "b"):
        call(server.port, "POST", CHAT + "?speed=0", REQUEST, {"X-Typebar-Session": session})
    wait_until(lambda: command(server, "counts")["outcomes"] == {"whole": 2}, 3, "both are counted")
    entries = command(server, "requests")["requests"]
    assert [entry["session"] for entry in entries] == ["b", "a"]
    assert command(server, "requests", "--session", "a")["requests"] == entries[1:]
    assert command(server, "requests", "--limit", "1")["requests"] == entries[:1]
    assert json.loads(command(server, "request", entries[0]["id"])["body"]) == REQUEST
    assert command(server, "reset") is None and command(server, "counts")["total"] == 0


def test_scenarios_are_added_listed_explained_and_removed(gateway, tmp_path):
    server = gateway(speed=0)
    (tmp_path / "s.yaml").write_text("- { name: a/b c, when: { last_user: Hello }, reply: scripted }\n")
    (tmp_path / "r.json").write_text(json.dumps(REQUEST))
    assert [each["name"] for each in command(server, "add", tmp_path / "s.yaml")["scenarios"]] == ["a/b c"]
    assert [each["name"] for each in command(server, "scenarios")["scenarios"]] == ["a/b c"]
    assert command(server, "explain", tmp_path / "r.json")["match"] == "a/b c"
    assert "scripted" in call(server.port, "POST", CHAT, REQUEST).text
    command(server, "remove", "a/b c")
    assert command(server, "scenarios") == {"scenarios": []}
    (tmp_path / "g.json").write_text('{"contents":[{"parts":[{"text":"Hello"}]}]}')
    assert command(server, "explain", tmp_path / "g.json", "--format", "gemini")["match"] is None


def test_the_key_comes_from_the_environment_and_is_never_shown(gateway):
    server = gateway(admin_key_env="MY_KEY", environment={"MY_KEY": SECRET})
    assert command(server, "counts", TYPEBAR_ADMIN_KEY=SECRET)["total"] == 0
    assert command(server, "counts", "--key-env", "OTHER", OTHER=SECRET)["total"] == 0
    for environment in ({}, {"TYPEBAR_ADMIN_KEY": "wrong-" + SECRET}):
        out = run("admin", "counts", "--url", server.url, **environment)
        assert out.returncode == 69 and "401" in one_line(out.stderr) and SECRET not in out.stderr + out.stdout


def test_what_does_not_work_is_one_line(gateway, tmp_path):
    server = gateway()
    (tmp_path / "broken.yaml").write_text("- name: a\n  replay: x\n")
    for arguments in (("request", "99"), ("remove", "nobody"), ("add", tmp_path / "broken.yaml"),
                      ("add", tmp_path / "none.yaml")):
        out = run("admin", *arguments, "--url", server.url)
        assert out.returncode in (69, 78) and one_line(out.stderr)
    out = run("admin", "counts", "--url", "http://127.0.0.1:9")
    assert out.returncode == 69 and "127.0.0.1" in one_line(out.stderr)


def test_a_variable_that_is_not_set_keeps_the_server_from_starting():
    out = run("serve", "--port", "0", "--admin-key-env", "NO_SUCH_NAME")
    assert out.returncode == 78 and "NO_SUCH_NAME" in one_line(out.stderr)

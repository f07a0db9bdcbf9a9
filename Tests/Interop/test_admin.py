"""`/admin` over HTTP: what was asked, how it ended, what the client did then, and who may look."""

import json
import socket
import time

import pytest

from api_client import ASK, CHAT, ask, call
from conftest import Gateway
from sse_client import Connection, chat, post_chat, wait_until

MESSAGES = [{"role": "user", "content": "one two three four"}]
BODY = {"model": "echo", "stream": True, "messages": MESSAGES}
SECRET = "sk-verysecret-0123456789abcdef"


@pytest.fixture(scope="module")
def module_gateway():
    made = Gateway()
    yield made
    assert made.end() is None, made.said()[-4000:]


@pytest.fixture
def port(module_gateway, request):
    """A server that knows of no request yet."""
    request.node.gateways = [(module_gateway, module_gateway.logged())]
    assert admin(module_gateway.port, "POST", "reset").status in (200, 204)
    return module_gateway.port


def admin(port, method, path, body=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(port, method, "/admin/" + path, body, names)


def requests(port, query=""):
    return admin(port, "GET", "requests" + query).json()["requests"]


def ended(port, count=1):
    """The requests, the newest first, when `count` of them have ended."""
    def done():
        return sum(each["outcome"] != "running" for each in requests(port)) >= count

    wait_until(done, 3, f"not {count} requests have ended")
    return requests(port)


def post(port, query="speed=0", body=BODY, timeout=20, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(port, "POST", f"{CHAT}?{query}", body, names, timeout)


# ── The log ──

def test_a_request_is_kept_with_its_body_and_how_it_was_answered(port):
    post(port, "speed=0&seed=77&fault=comments", X_Typebar_Session="log", X_Team="ferns")
    (entry,) = ended(port)
    assert "body" not in entry and "headers" not in entry
    whole = admin(port, "GET", f"requests/{entry['id']}").json()
    assert whole == whole | entry and json.loads(whole["body"]) == BODY
    assert dict(whole["headers"])["x-team"] == "ferns"
    assert (whole["method"], whole["target"]) == ("POST", CHAT + "?speed=0&seed=77&fault=comments")
    assert (whole["format"], whole["model"], whole["session"]) == ("openai_chat", "echo", "log")
    assert (whole["seed"], whole["fault"], whole["scenario"]) == ("77", "comments", None)
    assert (whole["status"], whole["outcome"]) == (200, "whole") and 0 <= whole["duration_ms"] < 1000
    assert whole["received"].endswith("Z") and whole["aftermath"] == {
        "retried_after_ms": None, "honoured_retry_after": None, "accepted_truncated": False}


@pytest.mark.parametrize("format", ASK)
def test_every_format_is_logged(port, format):
    ask(port, format=format)
    (entry,) = ended(port)
    assert (entry["format"], entry["outcome"], entry["model"]) == (format, "whole", "echo")


def test_the_plain_stream_is_logged_once_however_often_it_is_resumed(port):
    told = post_chat(port, {"prompt": "Hello", "model": "echo", "rate": 0, "ttft": 0})
    chat(port, headers={"Last-Event-ID": f"{told.sid}.2"})
    (entry,) = ended(port)
    whole = admin(port, "GET", f"requests/{entry['id']}").json()
    assert (entry["format"], entry["outcome"], entry["status"]) == ("plain_stream", "whole", 200)
    assert json.loads(whole["body"])["prompt"] == "Hello"


def test_the_newest_comes_first_and_a_list_may_be_of_a_session_or_short(port):
    for number, session in enumerate("aabba"):
        post(port, f"speed=0&seed={number}", X_Typebar_Session=session)
    ended(port, 5)
    assert [each["seed"] for each in requests(port)] == ["4", "3", "2", "1", "0"]
    assert [each["seed"] for each in requests(port, "?session=a&limit=2")] == ["4", "1"]
    assert admin(port, "GET", "requests?limit=0").status == 400 and admin(port, "GET", "requests?bogus=1").status == 400


def test_secrets_are_masked_wherever_they_stand(gateway):
    server = gateway(log_level="trace")
    port = server.port
    post(port, Authorization=f"Bearer {SECRET}", X_API_Key=SECRET, Cookie=f"session={SECRET}", api_key=SECRET)
    ask(port, format="anthropic_messages", headers={"x-api-key": SECRET})
    ask(port, format="gemini", headers={"x-goog-api-key": SECRET})
    ask(port, format="gemini", parameters=f"speed=0&key={SECRET}")
    post(port, "speed=0&fault=status:500", Authorization=f"Bearer {SECRET}", X_Auth_Token=SECRET)
    post(port, body={"model": 7}, Authorization=f"Bearer {SECRET}")
    chat(port, "Hello", model="echo", rate=0, ttft=0, headers={"Authorization": f"Bearer {SECRET}"})
    kept = [admin(port, "GET", f"requests/{each['id']}").text for each in ended(port, 6)]
    assert len(kept) >= 6 and "authorization" in "".join(kept)
    for text in [*kept, admin(port, "GET", "requests").text, admin(port, "GET", "counts").text, server.said()]:
        assert SECRET not in text and SECRET[3:20] not in text


@pytest.mark.parametrize("name", ["key", "%6bey", "api_key", "access_token"])
def test_a_key_in_a_query_is_masked_however_it_is_written(port, name):
    ask(port, format="gemini", parameters=f"speed=0&{name}={SECRET}")
    assert SECRET not in admin(port, "GET", "requests").text


# ── How an answer ended ──

@pytest.mark.parametrize("pace", ["speed=0", "rate=100&ttft=0"])
@pytest.mark.parametrize("fault,outcome,status", [
    ("", "whole", 200), ("status:503", "refused", 503), ("error@1", "failed", 200), ("reset@1", "broken", 200),
    ("close@1", "broken", 200), ("truncate@1", "broken", 200), ("end@1", "broken", 200)])
def test_each_way_to_end_has_its_word(port, pace, fault, outcome, status):
    post(port, f"{pace}&fault={fault}")
    (entry,) = ended(port)
    assert (entry["outcome"], entry["status"]) == (outcome, status)
    assert admin(port, "GET", "counts").json() == {"total": 1, "outcomes": {outcome: 1}, "scenarios": {}}


@pytest.mark.parametrize("fault,outcome", [("error@1", "failed"), ("reset@1", "broken"), ("status:500", "refused")])
def test_each_way_to_end_of_the_plain_stream_has_its_word(port, fault, outcome):
    call(port, "GET", f"/chat/stream?prompt=Hello&model=echo&rate=0&ttft=0&fault={fault}")
    (entry,) = ended(port)
    assert entry["outcome"] == outcome


def test_a_request_that_cannot_be_understood_is_refused(port):
    assert post(port, body={"model": "echo"}).status == 400
    (entry,) = ended(port)
    assert (entry["outcome"], entry["status"]) == ("refused", 400)


def test_a_client_that_leaves_is_told_as_such(port):
    with Connection(port) as connection:
        connection.request("POST", CHAT + "?rate=5&ttft=0", body=BODY)
        connection.response()
        assert requests(port)[0]["outcome"] == "running"
    (entry,) = ended(port)
    assert entry["outcome"] == "disconnected" and entry["duration_ms"] < 1500


# ── What the client did then ──

def test_a_retry_is_timed_and_measured_by_the_retry_after(port):
    query, asked = "speed=0&fault=status:429:1", []
    for pause in (0, 0.1, 1.1):
        time.sleep(pause)
        asked.append(time.monotonic())
        post(port, query)
        asked.append(time.monotonic())
    third, second, first = ended(port, 3)
    assert first["aftermath"]["honoured_retry_after"] is False and second["aftermath"]["honoured_retry_after"] is True
    # From an answer to the next request: at least the pause between them, at most all from the one's asking on.
    for entry, pause, (begun, over) in ((first, 100, (asked[0], asked[3])), (second, 1100, (asked[2], asked[5]))):
        assert pause - 1 <= entry["aftermath"]["retried_after_ms"] <= (over - begun) * 1000 + 1
    assert third["aftermath"]["retried_after_ms"] is None and third["aftermath"]["honoured_retry_after"] is None


def test_a_retry_without_a_retry_after_is_timed_alone(port):
    post(port, "speed=0&fault=reset@1")
    ended(port)
    post(port, "speed=0&fault=reset@1")
    _, first = ended(port, 2)
    assert first["aftermath"]["retried_after_ms"] is not None and first["aftermath"]["honoured_retry_after"] is None


def test_a_retry_that_comes_at_once_is_seen_every_time(port):
    for _ in range(60):
        post(port, "speed=0&fault=error@2")
    assert all(each["aftermath"]["retried_after_ms"] is not None for each in ended(port, 60)[1:])


def test_a_whole_answer_is_not_retried_and_sessions_are_others(port):
    for session, fault in (("a", ""), ("a", ""), ("b", "reset@1"), ("c", "reset@1")):
        post(port, "speed=0&fault=" + fault, X_Typebar_Session=session)
    assert all(each["aftermath"]["retried_after_ms"] is None for each in ended(port, 4))


@pytest.mark.parametrize("format", ["openai_chat", "anthropic_messages"])
@pytest.mark.parametrize("pace", ["speed=0", "rate=20&ttft=0"])
@pytest.mark.parametrize("fault", ["close@2", "end@2", "error@2"])
def test_a_truncated_answer_that_is_taken_for_whole_is_noticed(port, format, pace, fault):
    path, headers, body = ASK[format]
    body = body("one two three four") | {"model": "echo", "stream": True}
    call(port, "POST", f"{path}?{pace}&fault={fault}", body, headers)
    ended(port)
    follow = body | {"messages": MESSAGES + [
        {"role": "assistant", "content": "one two"}, {"role": "user", "content": "Go on"}]}
    call(port, "POST", f"{path}?speed=0", follow, headers)
    _, first = ended(port, 2)
    assert first["aftermath"]["accepted_truncated"] is True and first["aftermath"]["retried_after_ms"] is None


def test_what_is_built_on_a_whole_answer_accepts_nothing_truncated(port):
    post(port)
    post(port, body=BODY | {"messages": MESSAGES + [
        {"role": "assistant", "content": "one two three four"}, {"role": "user", "content": "Go on"}]})
    assert not any(each["aftermath"]["accepted_truncated"] for each in ended(port, 2))


# ── Counts, bounds, reset ──

def test_counts_and_reset(gateway, tmp_path):
    (tmp_path / "a.yaml").write_text("- { name: once, times: 1, reply: first }\n- { name: rest, reply: later }\n")
    port = gateway(scenarios=tmp_path).port
    for _ in range(3):
        post(port)
    post(port, "speed=0&fault=reset")
    ended(port, 4)
    assert admin(port, "GET", "counts").json() == {
        "total": 4, "outcomes": {"broken": 1, "whole": 3}, "scenarios": {"once": 1, "rest": 3}}
    assert [each["scenario"] for each in requests(port)] == ["rest", "rest", "rest", "once"]
    assert admin(port, "POST", "reset").status in (200, 204)
    assert requests(port) == [] and admin(port, "GET", "counts").json()["total"] == 0
    assert "first" in post(port).text, "the counts of scenarios are forgotten too"
    (entry,) = ended(port)
    assert entry["id"] == 5, "an id is never used again"


def test_the_log_alone_may_be_forgotten(port):
    post(port)
    (entry,) = ended(port)
    assert admin(port, "DELETE", "requests").status in (200, 204) and requests(port) == []
    assert admin(port, "GET", f"requests/{entry['id']}").status == 404


def test_a_reset_forgets_limits_of_requests(port):
    assert [post(port, "speed=0&fault=rate_limit:1").status for _ in range(2)] == [200, 429]
    admin(port, "POST", "reset")
    assert post(port, "speed=0&fault=rate_limit:1").status == 200


def test_only_so_many_requests_are_kept(gateway):
    port = gateway(config="admin: {requests: 5}").port
    for number in range(8):
        post(port, f"speed=0&seed={number}")
    wait_until(lambda: admin(port, "GET", "counts").json()["outcomes"] == {"whole": 8}, 3, "all are counted")
    assert [each["seed"] for each in requests(port)] == ["7", "6", "5", "4", "3"]
    assert admin(port, "GET", "requests/1").status == 404 and admin(port, "GET", "requests/8").status == 200


def test_bodies_are_bounded_too(gateway):
    port = gateway(config="admin: {body_bytes: 3000}").port
    for number in range(5):
        post(port, f"speed=0&seed={number}", body=BODY | {"messages": [{"role": "user", "content": "x" * 1000}]})
    wait_until(lambda: admin(port, "GET", "counts").json()["outcomes"] == {"whole": 5}, 3, "all are counted")
    assert [each["seed"] for each in requests(port)] == ["4", "3"]


# ── Scenarios, explanations, plans ──

def test_scenarios_are_listed_added_and_removed(gateway, tmp_path):
    (tmp_path / "a.yaml").write_text(
        "- { name: file, when: { last_user: hi }, weight: 2, times: 3, reply: of a file }\n")
    port = gateway(scenarios=tmp_path, speed=0).port
    (listed,) = admin(port, "GET", "scenarios").json()["scenarios"]
    assert listed["name"] == "file" and listed["place"].endswith("a.yaml:1") and listed["uses"] == 0
    assert (listed["times"], listed["weight"]) == (3, 2) and "last_user" in json.dumps(listed["when"])
    told = admin(port, "POST", "scenarios", b"- { name: added, reply: of mine }\n", content_type="application/yaml")
    assert told.status == 201 and [each["name"] for each in told.json()["scenarios"]] == ["added", "file"]
    hi = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    assert post(port, body=hi).json()["choices"][0]["message"]["content"] == "of mine"
    assert admin(port, "DELETE", "scenarios/added").status in (200, 204)
    assert post(port, body=hi).json()["choices"][0]["message"]["content"] == "of a file"
    assert admin(port, "GET", "scenarios").json()["scenarios"][0]["uses"] == 1
    assert admin(port, "DELETE", "scenarios/added").status == 404


def test_an_added_scenario_stays_when_files_change_and_takes_the_place_of_its_name(gateway, tmp_path):
    (tmp_path / "a.yaml").write_text("- { name: a, reply: file }\n")
    port = gateway(scenarios=tmp_path, speed=0).port
    admin(port, "POST", "scenarios", b"- { name: a, reply: added }\n")
    (tmp_path / "b.yaml").write_text("- { name: b, reply: new }\n")
    wait_until(lambda: len(admin(port, "GET", "scenarios").json()["scenarios"]) == 2, 4, "b is not taken in")
    assert "added" in post(port).text


def test_a_broken_scenario_is_refused_with_its_line(port):
    told = admin(port, "POST", "scenarios", b"- name: a\n  reply: x\n  wieght: 1\n")
    assert told.status == 400 and ":3" in told.json()["error"]["message"] and "wieght" in told.text
    assert admin(port, "GET", "scenarios").json() == {"scenarios": []}


def test_explain_says_what_would_answer_and_counts_nothing(gateway, tmp_path):
    (tmp_path / "a.yaml").write_text(
        "- { name: fern, when: { last_user: fern }, reply: x }\n- { name: once, times: 1, reply: x }\n")
    port = gateway(scenarios=tmp_path, speed=0).port
    request = {"model": "m", "messages": [{"role": "user", "content": "moss"}]}
    for _ in range(2):
        told = admin(port, "POST", "explain", request).json()
        assert told["match"] == "once" and told["scenarios"][1]["failure"] is None
        assert "fern" in told["scenarios"][0]["failure"] and "moss" in told["scenarios"][0]["failure"]
    post(port, body=request)
    told = admin(port, "POST", "explain", request).json()
    assert told["match"] is None and "times" in told["scenarios"][1]["failure"]
    assert admin(port, "POST", "explain?session=other", request).json()["match"] == "once"
    told = admin(port, "POST", "explain?format=gemini", {"contents": [{"parts": [{"text": "fern"}]}]}).json()
    assert told["match"] == "fern"
    assert admin(port, "POST", "explain?format=nonsense", request).status == 400


def test_a_plan_says_when_each_unit_is_typed(port):
    plan = admin(port, "GET", "plan?text=one%20two%20three&unit=word&rate=10&ttft=100&seed=1").json()
    assert "".join(text for _, text in plan["units"]) == "one two three" and plan["seed"] == "1"
    assert [round(at) for at, _ in plan["units"]] == [100, 200, 300]
    jittered = "plan?text=one%20two%20three&unit=word&rate=10&cadence=uniform&jitter=0.5&seed="
    one, again, other = (admin(port, "GET", jittered + seed).json()["units"] for seed in "112")
    assert one == again != other
    assert admin(port, "GET", "plan?rate=fast").status == 400


# ── Who may look ──

def test_a_key_is_asked_for_where_one_is_set(gateway):
    port = gateway(admin_key_env="MY_KEY", environment={"MY_KEY": SECRET}).port
    for path in ("requests", "counts", "scenarios", "plan"):
        assert admin(port, "GET", path).status == 401 and SECRET not in admin(port, "GET", path).text
        assert admin(port, "GET", path, Authorization="Bearer wrong").status == 401
        assert admin(port, "GET", path, Authorization=f"Bearer {SECRET}").status == 200
    assert admin(port, "POST", "reset").status == 401 and admin(port, "DELETE", "requests").status == 401
    assert post(port).status == 200, "the APIs ask for no key"


def test_a_key_from_the_configuration_too(gateway):
    port = gateway(config="admin:\n  key: ${MY_KEY}\n", environment={"MY_KEY": SECRET}).port
    assert admin(port, "GET", "counts").status == 401
    assert admin(port, "GET", "counts", Authorization=f"Bearer {SECRET}").status == 200


def test_on_a_public_address_it_is_off_without_a_key_and_on_with_one(gateway):
    assert admin(gateway(host="0.0.0.0").port, "GET", "counts").status in (403, 404)
    port = gateway(host="0.0.0.0", admin_key_env="MY_KEY", environment={"MY_KEY": SECRET}).port
    assert admin(port, "GET", "counts").status == 401
    assert admin(port, "GET", "counts", Authorization=f"Bearer {SECRET}").status == 200


def test_it_can_be_off(gateway):
    assert admin(gateway(config="admin: {enabled: false}").port, "GET", "counts").status == 404


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"},
                                     {"Host": "evil.example", "Origin": "http://evil.example"}, {"Origin": "null"}])
def test_a_strangers_page_gets_403(port, headers):
    for method, path in (("GET", "requests"), ("POST", "reset"), ("POST", "scenarios"), ("DELETE", "requests")):
        told = admin(port, method, path, b"" if method == "POST" else None, **headers)
        assert told.status == 403
        # A page that is served by the name it asks for needs no leave to read: the Host is what is refused.
        assert "Host" in headers or "access-control-allow-origin" not in told.headers


def test_a_page_of_this_machine_may_look(port):
    told = admin(port, "GET", "counts", Origin="http://localhost:5173")
    assert told.status == 200 and told.headers["access-control-allow-origin"] == "http://localhost:5173"


def test_what_is_not_there_or_not_possible_is_told(port):
    assert admin(port, "GET", "nonsense").status == 404 and admin(port, "GET", "requests/99").status == 404
    told = admin(port, "POST", "counts", b"")
    assert told.status == 405 and "GET" in told.headers["allow"]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"HEAD /admin/counts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")

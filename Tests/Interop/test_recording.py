"""Recording: what an upstream sent becomes a cassette, and a server that plays it sends the same at the same times."""

import json
import re
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api_client import CHAT, ask, call, said
from conftest import free_port
from on_schedule import assert_on_schedule
from scripted_upstream import END, delta
from sse_client import Connection, chat, wait_until
from test_command import one_line, run
from test_routes import configuration, failing, good, upstream_entry

NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z-\d{6}-[a-z0-9._-]+-(\d{3}|none)-[a-z]+(-\d+)?\.jsonl")
FRAMES = [delta("Hel"), delta("lo, "), delta("caf\u00e9"), delta(" by the sea.")]
GAP = 0.25


def slowly(exchange, frames=FRAMES):
    """Notes when it has written, and when it is through."""
    exchange.start(chunked=True)
    exchange.written = []
    for frame in frames:
        exchange.written.append(time.monotonic())
        exchange.write(frame)
        time.sleep(GAP)
    exchange.written.append(time.monotonic())


def whole(exchange):
    slowly(exchange)
    exchange.end()


def dying(exchange):
    slowly(exchange, FRAMES[:3])
    exchange.reset()


def silent(exchange):
    slowly(exchange, FRAMES[:2])
    exchange.hold()


def answer(exchange, text):
    """A stream or a body, as it is asked for."""
    if exchange.json.get("stream"):
        exchange.start()
        exchange.say(text)
        return exchange.end()
    body = json.dumps({"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}).encode()
    exchange.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nX-Request-Id: req-9\r\n"
                  b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


class Tape:
    """A cassette's file, read without the code under test."""

    def __init__(self, path):
        self.path = path
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.head, self.reads, self.end = lines[0], lines[1:-1], lines[-1]
        self.status, self.ending = self.head.get("status"), self.end["end"]
        self.body = b"".join(read["text"].encode() for read in self.reads)
        self.times = [read["t"] / 1e9 for read in self.reads]


def tapes(folder, count=1, seconds=10):
    """The cassettes in a folder, as soon as there are so many."""
    wait_until(lambda: len(list(folder.glob("*.jsonl"))) >= count, seconds, f"there are no {count} cassettes")
    found = sorted(folder.glob("*.jsonl"))
    assert len(found) == count and all(NAME.fullmatch(path.name) for path in found), found
    return [Tape(path) for path in found]


@pytest.fixture
def recorded(gateway, tmp_path):
    """A server whose model `m` is recorded into `tmp_path/tapes`: `recorded(script_upstream.url, route={…})`."""
    def make(*urls, route=None, recording=None, **each):
        upstreams = [upstream_entry(f"u{index}", url, **each) for index, url in enumerate(urls)]
        targets = [{"upstream": f"u{index}", "priority": index} for index in range(len(urls))]
        routes = [{"model": "m", "targets": targets, "record": True} | (route or {})]
        settings = {"folder": str(tmp_path / "tapes")} | (recording or {})
        return gateway(config=configuration(upstreams, routes, recording=settings))

    return make


def pieces(port, text="a b c d e f", timeout=20):
    """Each write of a streamed answer with its time, the head, and what cut the answer off."""
    told, error = [], None
    with Connection(port, timeout=timeout) as connection:
        connection.request("POST", CHAT, {}, {"model": "m", "stream": True,
                                              "messages": [{"role": "user", "content": text}]})
        began = connection.at
        try:
            response = connection.response()
            for piece, at in response.pieces():
                told.append((piece, at - began))
        except OSError as cut:
            error = cut
    return told, error


# ── From an incident to its replay ──

@pytest.mark.alone
@pytest.mark.parametrize("script,ending", [(whole, "complete"), (dying, "reset")])
def test_what_was_recorded_is_played_with_the_same_bytes_at_the_same_times(
        recorded, gateway, upstream, tmp_path, script, ending):
    source = upstream(script)
    ask(recorded(source.url).port, model="m", parameters="")
    [tape] = tapes(tmp_path / "tapes")
    sent = b"".join(FRAMES) + END if ending == "complete" else b"".join(FRAMES[:3])
    assert (tape.status, tape.ending, tape.body) == (200, ending, sent)
    written = source.exchanges[0].written
    came = tape.times[:len(written) - 1] + [tape.end["t"] / 1e9]
    assert_on_schedule(came, [at - written[0] for at in written], at_most=0.2)
    assert tape.head["t"] <= tape.reads[0]["t"] and tape.head["headers"]["content-type"] == "text/event-stream"
    asked = tape.head["request"]
    assert asked["path"] == "/v1/chat/completions" and asked["body"]["messages"][0]["content"] == "a b c d e f"
    replay = gateway(scenarios=tmp_path / "tapes").port
    told, error = pieces(replay)
    assert b"".join(piece for piece, _ in told) == sent
    assert_on_schedule([at for _, at in told], tape.times, usually=0.05, at_most=0.2, since=0)
    assert isinstance(error, ConnectionResetError) == (ending == "reset"), error
    if ending == "complete":
        assert said(ask(replay, format="anthropic_messages", model="m", parameters=""), "anthropic_messages") \
            == "Hello, caf\u00e9 by the sea."


def test_a_refusal_comes_again_with_its_retry_after_and_then_what_followed(recorded, gateway, upstream, tmp_path):
    answers = iter([failing(429, "Retry-After: 1\r\nX-RateLimit-Remaining-Requests: 0\r\n"), whole])
    port = recorded(upstream(lambda exchange: next(answers)(exchange)).url, route={"retries": {"base_ms": 1}}).port
    assert said(ask(port, model="m", parameters="")) == "Hello, caf\u00e9 by the sea."
    refused, answered = tapes(tmp_path / "tapes", 2)
    assert (refused.status, refused.ending) == (429, "complete") and refused.head["headers"]["retry-after"] == "1"
    assert (answered.status, answered.ending) == (200, "complete")
    replay = gateway(scenarios=tmp_path / "tapes").port
    again = ask(replay, model="m", parameters="")
    assert (again.status, again.headers["retry-after"]) == (429, "1") and again.body == refused.body
    assert again.headers["x-ratelimit-remaining-requests"] == "0"
    for _ in range(2):
        assert ask(replay, model="m", parameters="speed=0").body == answered.body


def test_who_does_not_stream_is_refused_with_the_same_bytes(recorded, gateway, upstream, tmp_path):
    ask(recorded(upstream(failing(500)).url, route={"retries": {"attempts": 1}}).port, model="m", parameters="")
    [tape] = tapes(tmp_path / "tapes")
    told = call(gateway(scenarios=tmp_path / "tapes").port, "POST", CHAT,
                {"model": "m", "messages": [{"role": "user", "content": "a b c d e f"}]})
    assert (told.status, told.body) == (500, tape.body)


def test_a_stall_is_one_again(recorded, gateway, upstream, tmp_path):
    port = recorded(upstream(silent).url, timeouts={"idle_ms": 500}).port
    assert "error" in json.loads(ask(port, model="m", parameters="").events()[-1])
    [tape] = tapes(tmp_path / "tapes")
    assert (tape.ending, tape.body) == ("timeout", b"".join(FRAMES[:2]))
    assert 0.48 < tape.end["t"] / 1e9 - tape.times[-1] < 1.5
    replay = gateway(scenarios=tmp_path / "tapes").port
    told, error = pieces(replay, timeout=1.5)
    assert b"".join(piece for piece, _ in told) == tape.body and isinstance(error, TimeoutError)
    cut = ask(replay, model="m", parameters="speed=0")
    assert isinstance(cut.error, ConnectionResetError), "where nothing is waited for"
    # The gateway in front of it comes to the same end as with the real one.
    entry = upstream_entry("u", f"http://127.0.0.1:{replay}/v1", model="m", timeouts={"idle_ms": 600})
    front = gateway(config=configuration([entry], []))
    ask(front.port, model="m", parameters="")
    assert front.will_have_said("upstream_timeout")


def test_nobody_there_is_recorded_too(recorded, gateway, tmp_path):
    assert ask(recorded(f"http://127.0.0.1:{free_port()}/v1", route={"retries": {"attempts": 1}}).port, model="m",
               parameters="").status == 502
    [tape] = tapes(tmp_path / "tapes")
    assert (tape.status, tape.ending, tape.reads) == (None, "refused", []) and tape.end["reason"]
    told = ask(gateway(scenarios=tmp_path / "tapes").port, model="m", parameters="")
    assert told.status is None and isinstance(told.error, ConnectionResetError)


def test_a_client_that_leaves_is_recorded_as_that(recorded, upstream, tmp_path):
    _, error = pieces(recorded(upstream(silent).url).port, timeout=1)
    assert isinstance(error, TimeoutError)
    [tape] = tapes(tmp_path / "tapes")
    assert tape.ending == "cancelled" and tape.body == b"".join(FRAMES[:2])


def test_each_attempt_is_a_cassette_of_its_own(recorded, upstream, tmp_path):
    slow = upstream(lambda exchange: exchange.hold(10))
    port = recorded(slow.url, upstream(good).url, route={"hedge": {"least_ms": 100}}).port
    assert said(ask(port, model="m", parameters="")) == "Hello"
    loser, winner = tapes(tmp_path / "tapes", 2)
    assert (loser.status, loser.ending, loser.head["request"]["upstream"]) == (None, "cancelled", "u0")
    assert (winner.status, winner.ending, winner.head["request"]["upstream"]) == (200, "complete", "u1")


def test_the_plain_stream_is_recorded_and_played(recorded, gateway, upstream, tmp_path):
    # The plain stream knows its models by name, so the recording is of one that the mock has too.
    port = recorded(upstream(whole).url, route={"model": "prose"}).port
    assert chat(port, "Hi", model="prose", rate=0).whole
    tapes(tmp_path / "tapes")
    told = chat(gateway(scenarios=tmp_path / "tapes").port, "Hi", model="prose", rate=0)
    assert told.whole and told.text == "Hello, caf\u00e9 by the sea."


def test_a_server_that_goes_down_writes_what_it_has(recorded, upstream, tmp_path):
    source = upstream(silent)
    server = recorded(source.url)
    thread = threading.Thread(target=ask, args=(server.port,), kwargs={"model": "m", "parameters": ""})
    thread.start()
    exchange = source.wait_for_requests()[0]
    wait_until(lambda: len(getattr(exchange, "written", [])) == 3, 10, "the upstream is not through")
    # A second signal would end it at once: the grace is what the configuration gives.
    server.terminate()
    server.process.wait(20)
    thread.join()
    [tape] = tapes(tmp_path / "tapes")
    assert tape.body == b"".join(FRAMES[:2]) and tape.ending in ("cancelled", "reset")


def test_what_is_not_to_be_recorded_is_not(gateway, upstream, tmp_path):
    entry = upstream_entry("u", upstream(good).url)
    routes = [{"model": "m", "targets": [{"upstream": "u"}]},
              {"model": "r", "targets": [{"upstream": "u"}], "record": True}]
    port = gateway(config=configuration([entry], routes, recording={"folder": str(tmp_path / "tapes")})).port
    ask(port, model="m", parameters="")
    ask(port, model="r", parameters="")
    [tape] = tapes(tmp_path / "tapes")
    assert tape.head["request"]["model"] == "r"


# ── Secrets ──

def test_no_secret_is_ever_in_a_file(gateway, upstream, tmp_path):
    secrets = ["sk-verysecret-0123456789", "hush-in-a-header-77", "hush-in-the-url-88", "hush-password-99",
               "hush-cookie-66"]

    def telltale(exchange):
        body = json.dumps({"error": {"message": f"No: {secrets[0]} {secrets[1]} {secrets[2]}"}}).encode()
        exchange.send(b"HTTP/1.1 401 No\r\nConnection: close\r\nContent-Type: application/json\r\nX-Echo: %s\r\n"
                      b"Set-Cookie: s=%s\r\nContent-Length: %d\r\n\r\n" % (secrets[0].encode(), secrets[4].encode(), len(body)))
        # The key comes in two reads.
        exchange.send(body[:30])
        time.sleep(0.1)
        exchange.send(body[30:])
    url = upstream(telltale).url.replace("http://", f"http://me:{secrets[3]}@") + f"/x?key={secrets[2]}"
    entry = upstream_entry("u", url, key=secrets[0], headers={"X-Api-Key": secrets[1]})
    route = {"model": "m", "targets": [{"upstream": "u"}], "record": True, "retries": {"attempts": 1}}
    served = gateway(config=configuration([entry], [route], recording={"folder": str(tmp_path / "tapes")}))
    ask(served.port, f"my key is {secrets[0]}", model="m", parameters="",
        headers={"Authorization": "Bearer client-key-5555555"})
    [tape] = tapes(tmp_path / "tapes")
    assert tape.status == 401 and b"No: " + b"*" * len(secrets[0]) in tape.body
    assert run("check", tmp_path / "tapes").returncode == 0
    for path in (tmp_path / "tapes").iterdir():
        text = path.read_text()
        assert not any(secret in text for secret in [*secrets, "client-key-5555555"]), path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "tapes").stat().st_mode) == 0o700


# ── Bounds ──

def test_what_is_too_long_is_cut_and_says_so(recorded, gateway, upstream, tmp_path):
    def long(exchange):
        exchange.start()
        for _ in range(20):
            exchange.say("x" * 50)
        exchange.end()
    told = ask(recorded(upstream(long).url, recording={"max_bytes": 1024}).port, model="m", parameters="")
    assert said(told) == "x" * 1000
    [tape] = tapes(tmp_path / "tapes")
    assert tape.ending == "cut" and len(tape.body) == 1024 and "1024" in tape.end["reason"]
    cut = ask(gateway(scenarios=tmp_path / "tapes").port, model="m", parameters="")
    assert isinstance(cut.error, ConnectionResetError) and cut.body == tape.body


@pytest.mark.parametrize("when_full,kept", [("drop_oldest", ["q3", "q4"]), ("stop", ["q0", "q1"])])
def test_the_folder_has_a_bound(recorded, upstream, tmp_path, when_full, kept):
    (tmp_path / "tapes").mkdir()
    (tmp_path / "tapes/mine.jsonl.kept").write_text("not a recording")
    server = recorded(upstream(good).url, recording={"max_files": 2, "when_full": when_full})
    for index in range(5):
        ask(server.port, f"q{index}", model="m", parameters="")
    asked = lambda: [tape.head["request"]["body"]["messages"][0]["content"] for tape in tapes(tmp_path / "tapes", 2)]
    wait_until(lambda: asked() == kept, 5, f"kept are {asked()}")
    assert len(list((tmp_path / "tapes").glob("*.yaml"))) == 2 and (tmp_path / "tapes/mine.jsonl.kept").exists()
    assert server.will_have_said("Recording dropped", seconds=2) == (when_full == "stop")


def test_memory_has_a_bound_and_what_is_dropped_is_told(recorded, upstream, tmp_path):
    def long(exchange):
        exchange.start()
        for _ in range(20):
            exchange.say("x" * 5000)
        exchange.end()
    server = recorded(upstream(long).url, recording={"pending_bytes": 65536})
    assert said(ask(server.port, model="m", parameters="")) == "x" * 100_000, "the answer itself is whole"
    wait_until(lambda: "Recording dropped" in server.said(), 5, "nothing is told")
    assert "memory" in server.said() and not list((tmp_path / "tapes").iterdir())
    # And the memory is given back.
    for _ in range(3):
        ask(recorded(upstream(good).url, recording={"pending_bytes": 65536}).port, model="m", parameters="")
    tapes(tmp_path / "tapes", 3)


def test_a_folder_that_cannot_be_made_is_told_at_once(gateway, upstream, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "c.yaml").write_text(configuration([], [], recording={"folder": str(tmp_path / "file/tapes")}))
    out = run("serve", "--config", tmp_path / "c.yaml", "--port", "0")
    assert out.returncode == 69 and "file/tapes" in one_line(out.stderr)


@pytest.mark.parametrize("recording,words", [
    (None, "folder"), ({"max_bytes": 5}, "folder"), ({"folder": "x", "max_bytes": 5}, "recording.max_bytes"),
    ({"folder": "x", "when_full": "panic"}, "drop_oldest"), ({"folder": "x", "scenarios": "perhaps"}, "true, false"),
    ({"folder": "x", "colour": 1}, "no such key")])
def test_a_wrong_configuration_is_told(tmp_path, recording, words):
    routes = [{"model": "m", "targets": [{"upstream": "u"}], "record": True}]
    more = {} if recording is None else {"recording": recording}
    (tmp_path / "c.yaml").write_text(configuration([upstream_entry("u", "http://127.0.0.1:9/v1")], routes, **more))
    out = run("check", tmp_path / "c.yaml")
    assert out.returncode == 78 and words in one_line(out.stderr)


def test_many_at_once_are_all_there_under_names_of_their_own(recorded, gateway, upstream, tmp_path):
    servers = [recorded(upstream(good).url) for _ in range(2)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda index: ask(servers[index % 2].port, f"q{index}", model="m", parameters=""), range(100)))
    asked = {tape.head["request"]["body"]["messages"][0]["content"] for tape in tapes(tmp_path / "tapes", 100)}
    assert asked == {f"q{index}" for index in range(100)}
    wait_until(lambda: not list((tmp_path / "tapes").glob(".*")), 5, "drafts are left")
    replay = gateway(scenarios=tmp_path / "tapes").port
    assert said(ask(replay, "q42", model="m", parameters="")) == "Hello"

"""Resume: a dropped connection goes on exactly where it stopped."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sse_client import (Answer, Connection, ConnectionEnded, assert_error, chat, create, fetch, post_chat, read_answer,
                        shown, stream_target)

pytestmark = pytest.mark.transports("h1", "tls", "h2")
FAST = {"rate": 0, "ttft": 0}
TEXT = "añ你😀👩‍💻 \r\nz\n\nEnd."
UNKNOWN = "a" * 26


def resume(port, last_id, until=None, **query):
    return chat(port, headers={"Last-Event-ID": last_id}, until=until, **query)


@pytest.mark.parametrize("unit", ["character", "word", "token", "delta"])
@pytest.mark.parametrize("format", ["text", "json"])
def test_every_position_resumes_strictly_after_it(server, unit, format):
    full = chat(server.port, TEXT, model="echo", unit=unit, format=format, **FAST)
    for taken, frame in enumerate([full.start, *full.content]):
        rest = resume(server.port, frame.id)
        assert rest.start.id == frame.id and rest.sid == full.sid and rest.about["resumed"] is True
        assert [(each.id, each.data) for each in rest.content] == [(each.id, each.data) for each in full.content[taken:]]
        assert rest.whole


def test_positions_between_units_resume_too(server):
    # Ids that were issued for other units of the same text: a page may have kept one.
    full = chat(server.port, TEXT, model="echo", unit="delta", format="json", **FAST)
    position = 0
    for character in TEXT:
        assert resume(server.port, f"{full.sid}.{position}").json_text == TEXT.encode()[position:].decode()
        position += len(character.encode())


def test_the_streams_own_unit_rate_and_format_hold(server):
    full = chat(server.port, "one two", model="echo", unit="word", format="json", **FAST)
    rest = resume(server.port, full.start.id, unit="character", rate="0.1", format="text", model="prose")
    assert rest.deltas == ["one", " two"]
    assert (rest.about["unit"], rest.about["rate"], rest.about["model"]) == ("word", 0, "echo")


def test_other_parameters_are_ignored_bad_ones_too(server):
    full = chat(server.port, "Hello", model="echo", **FAST)
    for query in ("prompt=", "prompt=x&prompt=y", "rate=fast", "bogus=1", "model=gpt-99", "prompt=another"):
        with Connection(server.port) as connection:
            connection.request("GET", "/chat/stream?" + query, {"Last-Event-ID": f"{full.sid}.2"})
            assert read_answer(connection.response()).text == "llo"


def test_the_query_bears_the_id_too_and_the_header_wins(server):
    full = chat(server.port, "Hello", model="echo", **FAST)
    assert chat(server.port, last_event_id=f"{full.sid}.2").text == "llo"
    assert resume(server.port, f"{full.sid}.4", last_event_id=f"{full.sid}.2").text == "o"


def test_an_empty_id_is_absent(server):
    for headers, query in (({"Last-Event-ID": ""}, {}), ({}, {"last_event_id": ""})):
        answer = chat(server.port, "Hello", model="echo", headers=headers, **FAST, **query)
        assert answer.text == "Hello" and answer.about["resumed"] is False
    full = chat(server.port, "Hello", model="echo", **FAST)
    assert chat(server.port, last_event_id=f"{full.sid}.3", headers={"Last-Event-ID": ""}).text == "lo"


def test_resume_on_the_streams_own_address_and_by_post(server):
    full = chat(server.port, "Hello", model="echo", **FAST)
    headers = {"Last-Event-ID": f"{full.sid}.2"}
    assert chat(server.port, path=f"/chat/stream/{full.sid}", headers=headers).text == "llo"
    assert chat(server.port, path=f"/chat/stream/{full.sid}", last_event_id=f"{full.sid}.3").text == "lo"
    assert post_chat(server.port, {"prompt": "Hello", "model": "echo"}, headers=headers).text == "llo"


def test_an_id_in_the_wrong_place_is_400(server):
    one, other = (chat(server.port, "Hello", model="echo", **FAST) for _ in range(2))
    headers = {"Last-Event-ID": f"{one.sid}.2"}
    assert_error(fetch(server.port, "POST", "/chat", headers, {"prompt": "Hello"}), 400)
    assert_error(fetch(server.port, "GET", f"/chat/stream/{other.sid}", headers), 400)


def test_the_end_is_204_always(server):
    full = chat(server.port, "Hello", model="echo", **FAST)
    running = chat(server.port, "x" * 500, model="echo", until=lambda answer: answer.start)
    for last_id in (full.last.id, running.sid + ".end", UNKNOWN + ".end", "whatever.end", "x.y.end", ".end"):
        for headers, target in (({"Last-Event-ID": last_id}, "/chat/stream"),
                                ({"Last-Event-ID": last_id}, stream_target("a new one?")),
                                ({}, stream_target(last_event_id=last_id))):
            response = fetch(server.port, "GET", target, headers)
            assert response.status == 204 and response.body == b"", last_id


@pytest.mark.parametrize("tail", [".", ".x", ".-1", ".1x", ".+1", ". 1", ".1.2", ".99999999999999999999", ".1e3", "", "..1",
                                  ".End", ".end.", ".0x1"])
def test_malformed_ids_are_400(server, tail):
    sid = chat(server.port, "Hello", model="echo", **FAST).sid
    assert_error(fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": sid + tail}), 400)


@pytest.mark.parametrize("last_id", ["x", "1", "x.1", "../etc.1", "a" * 25 + ".1", "a" * 27 + ".1", "0" * 26 + ".1", "ü.1",
                                     "é" * 26 + ".1", "a" * 5000])
def test_ids_that_no_server_issued_are_400_or_410(server, last_id):
    response = fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": last_id})
    assert_error(response, 410 if response.status == 410 else 400)


def test_unknown_streams_are_410(server):
    for last_id in (UNKNOWN + ".0", UNKNOWN + ".5"):
        assert_error(fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": last_id}), 410)
        # With a prompt too: a request that bears an id never starts a generation.
        assert_error(fetch(server.port, "GET", stream_target("Hello"), {"Last-Event-ID": last_id}), 410)


def test_positions_inside_a_sequence_or_past_the_end_are_400(server):
    full = chat(server.port, "a你b", model="echo", **FAST)
    for inside in (2, 3, 6, 1000):
        assert_error(fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": f"{full.sid}.{inside}"}), 400)
    assert resume(server.port, f"{full.sid}.5").whole


@pytest.mark.transports("h1", "h2", because="it waits, and the clock is the stream's, not the connection's")
def test_the_schedule_goes_on_meanwhile(server):
    text = "x" * 150
    first = chat(server.port, text, model="echo", rate=50, ttft=0, until=lambda answer: len(answer.content) == 20)
    began = first.start.at
    # Another reader tells when the rest of the first second is over: no clock of ours.
    chat(server.port, path=f"/chat/stream/{first.sid}", until=lambda answer: answer.content and answer.content[-1].offset >= 70)
    rest = resume(server.port, first.last_id)
    backlog = [frame for frame in rest.content if frame.at - rest.start.at < 0.08]
    assert rest.whole and rest.text == "x" * 130
    assert 50 <= backlog[-1].offset - 20 <= 75, "what was due comes at once"
    assert 2.8 <= rest.last.at - began <= 3.6, "and the whole ends when it would have"


def test_the_backlog_of_a_resume_has_one_unit_a_frame(server):
    full = chat(server.port, "x", model="long", unit="word", **FAST)
    rest = resume(server.port, full.start.id)
    assert rest.units == full.units and len(rest.units) > 2000


def test_several_readers_at_different_places_see_the_same_text(server):
    text = shown(TEXT) * 5
    sid = create(server.port, prompt=text, model="echo", rate=60, ttft=0)
    answers = {}

    def read(index):
        until = (lambda answer: len(answer.content) >= index * 5) if index % 2 else None
        answer = chat(server.port, path=f"/chat/stream/{sid}", until=until)
        parts = answer.text
        if until:
            parts += resume(server.port, answer.last_id).text
        answers[index] = parts

    readers = [threading.Thread(target=read, args=(index,)) for index in range(10)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert answers == {index: text for index in range(10)}


def test_a_frame_cut_in_its_middle_comes_again_whole(server):
    text = "a\nb " * 40
    with Connection(server.port) as connection:
        connection.request("GET", stream_target(text, model="echo", rate=200, ttft=0, unit="word"))
        response, seen = connection.response(), bytearray()
        for piece, _ in response.pieces():
            seen += piece
            if seen.count(b"\n\n") > 30:
                break
    # As a browser does it: what is not ended by a blank line is dropped, its id too.
    for cut in range(len(seen) - 60, len(seen)):
        whole = seen[: seen.rfind(b"\n\n", 0, cut) + 2].decode()
        last_id = [line[4:] for line in whole.split("\n") if line.startswith("id: ")][-1]
        offset = int(last_id.rsplit(".", 1)[1])
        rest = resume(server.port, last_id, until=lambda answer: len(answer.content) >= 3)
        assert text[offset:].startswith(rest.text) and rest.text


@pytest.mark.timeout(150)
def test_random_disconnects_lose_and_double_nothing(server, transport):
    """300 streams, each cut some nine times: over 2,000 disconnects, and as many resumes."""
    # Fewer where Python itself is slow.
    streams = {"h1": 300, "tls": 40, "h2": 24}[transport]
    alphabet = ["a", "b ", " c", "\n", "\r\n", "é", "你", "好。", "😀", "👩‍💻", "e\u0301", "🇩🇪", ". ", "[DONE]", "\n\n", "data: "]
    cuts = []

    def follow(number):
        chance = random.Random(number)
        text = "".join(chance.choices(alphabet, k=chance.randint(150, 400)))
        as_json = chance.random() < 0.5
        unit, between = chance.choice([("character", 30), ("token", 20), ("word", 8)])
        parameters = {"model": "echo", "unit": unit, "ttft": chance.choice([0, 20]), "rate": chance.choice([0, 100, 200, 400]),
                      "format": "json" if as_json else "text"}
        got, last_id, count = [], None, 0
        while True:
            connection = Connection(server.port)
            if last_id is None:
                connection.request("POST", "/chat/stream", body={"prompt": text, **parameters})
            elif chance.random() < 0.5:
                connection.request("GET", "/chat/stream", {"Last-Event-ID": last_id})
            else:
                connection.request("GET", stream_target(last_event_id=last_id))
            answer = Answer(connection.response())
            assert answer.response.status == 200, answer.response.read()
            # The cut comes after so many units, sometimes already after the first frame.
            wanted = chance.randint(0, between)
            for frame in answer.response.frames():
                answer.frames.append(frame)
                if len(answer.content) >= wanted:
                    break
            answer.check()
            got += answer.deltas if as_json else answer.units
            last_id = answer.last_id or last_id
            if answer.last:
                connection.close()
                assert answer.whole
                break
            count += 1
            if chance.random() < 0.5:
                connection.reset()
            connection.close()
            if last_id is None:
                return follow(number + 1000)
        assert "".join(got) == (text if as_json else shown(text)), number
        assert fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": last_id}).status == 204
        cuts.append(count)

    with ThreadPoolExecutor(48) as pool:
        for future in [pool.submit(follow, number) for number in range(streams)]:
            future.result()
    assert sum(cuts) >= 7 * streams - 100, "the cuts came too late to test anything"


def test_delete_gives_readers_the_fault_at_once(server):
    sid = create(server.port, prompt="x" * 1000, model="echo", rate=20, ttft=0)
    readers = [Connection(server.port).request("GET", f"/chat/stream/{sid}") for _ in range(3)]
    frames = [each.response().frames() for each in readers]
    seen = [[next(each), next(each), next(each)] for each in frames]
    began = time.monotonic()
    assert fetch(server.port, "DELETE", f"/chat/streams/{sid}").status == 204
    for before, each in zip(seen, frames):
        answer = Answer(None, [*before, *each]).check()
        assert answer.last.at - began < 0.5 and len(answer.content) < 40, "what was said and not typed is dropped"
        assert answer.fault["kind"] == "cancelled" and answer.fault["retryable"] is False and answer.fault["message"]
        assert answer.last.id == sid + ".end"
    for connection in readers:
        # The connection is in order: the fault was a clean end.
        connection.request("GET", "/chat/models")
        assert connection.response().status == 200
    again = resume(server.port, answer.last_id.replace(".end", ".0"))
    assert again.fault["kind"] == "cancelled"
    assert fetch(server.port, "GET", "/chat/stream", {"Last-Event-ID": answer.last_id}).status == 204


@pytest.mark.transports("h1", "tls", because="it takes bytes from under the body's framing")
def test_connection_end_is_told_from_the_streams_end(server):
    """What this file's client takes for an end must be one: a cut connection raises."""
    with Connection(server.port) as connection:
        connection.request("GET", stream_target("x" * 100, model="echo", rate=50, ttft=0))
        response = connection.response()
        connection.finish_sending()
        next(response.frames())
        connection.socket.settimeout(0.2)
        with pytest.raises((TimeoutError, ConnectionEnded)):
            connection.take(10**6)


@pytest.mark.transports("h1", because="what is kept, and for how long, no connection has to do with")
class TestRetention:
    def test_a_stream_is_forgotten_after_its_time(self, gateway):
        port = gateway(config="limits:\n  retention_seconds: 1\n").port
        full = chat(port, "Hello", model="echo", **FAST)
        assert resume(port, full.start.id).whole
        # Looking at it would not keep it; still nothing but its time tells that it is gone.
        time.sleep(2.5)
        assert_error(fetch(port, "GET", "/chat/stream", {"Last-Event-ID": full.start.id}), 410)
        assert_error(fetch(port, "GET", f"/chat/stream/{full.sid}"), 404)
        assert fetch(port, "GET", "/chat/stream", {"Last-Event-ID": full.last.id}).status == 204

    def test_the_oldest_finished_streams_go_when_there_are_too_many(self, gateway):
        port = gateway(config="threads: 1\nlimits:\n  total_text_bytes: 1000000\n").port
        sids = [chat(port, "x" * 10_000, model="echo", unit="delta", **FAST).sid for _ in range(150)]
        statuses = [fetch(port, "GET", "/chat/stream", {"Last-Event-ID": sid + ".10000"}).status for sid in sids]
        assert statuses[0] == 410 and statuses[-1] == 200
        assert statuses == sorted(statuses, reverse=True), "the oldest go first"
        assert 50 <= statuses.count(200) <= 100

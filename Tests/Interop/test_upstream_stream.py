"""Upstreams that answer well, in every way a stream of bytes can be cut, timed and dressed."""

import json
import random
import socket
import time

import pytest

from scripted_upstream import END, HEAD, chunk, delta, event, finish, raw_delta
from on_schedule import assert_on_schedule
from sse_client import Connection, assert_error, chat, create, fetch, post_chat, read_answer, stream_target

TEXT = "Hello, größer 你好 👩‍💻!\nA second line.\r\nThe end 🇩🇪"


@pytest.fixture
def relay(gateway, upstream):
    """What a reader gets from a gateway whose upstream plays the script."""
    def ask(script, **parameters):
        port = gateway(upstream(script).url).port
        return post_chat(port, {"prompt": "x", "rate": 0, "format": "json", **parameters})

    return ask


def body_of(text, end="\n", seed=1):
    """The whole body of an answer, in deltas cut at random between characters."""
    chance, events, position = random.Random(seed), [], 0
    while position < len(text):
        step = chance.randint(1, 5)
        events.append(event(chunk(content=text[position : position + step]), end))
        position += step
    return b"".join(events) + event(finish(), end) + event("[DONE]", end)


class TestBytes:
    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n"], ids=["LF", "CR", "CRLF"])
    @pytest.mark.parametrize("chunked", [False, True])
    @pytest.mark.parametrize("size", [1, 2, 7, 10**6])
    def test_every_border_and_line_end(self, relay, end, chunked, size):
        def script(exchange):
            exchange.start(chunked)
            body = body_of(TEXT, end)
            for start in range(0, len(body), size):
                exchange.write(body[start : start + size])
            if chunked:
                exchange.send(b"0\r\n\r\n")

        answer = relay(script)
        assert answer.whole and answer.json_text == TEXT

    def test_mixed_line_ends_byte_by_byte(self, relay):
        def script(exchange):
            exchange.start()
            body = b"".join(event(chunk(content=letter), end) for letter, end in zip("abcdef", ["\r\n", "\n", "\r"] * 2)) + END
            for byte in body:
                exchange.write(bytes([byte]))

        answer = relay(script)
        assert answer.whole and answer.json_text == "abcdef"

    def test_a_head_in_pieces(self, relay):
        def script(exchange):
            for byte in HEAD + b"Connection: close\r\n\r\n":
                exchange.send(bytes([byte]))
            exchange.say(TEXT)
            exchange.end()

        assert relay(script).json_text == TEXT

    def test_comments_unknown_fields_and_other_decoration(self, relay):
        def script(exchange):
            exchange.start()
            exchange.write(b": OPENROUTER PROCESSING\n\n:\n\n:" + b"x" * 3000 + b"\n\n")
            exchange.write(b"id: 7\nretry: 100\nevent: message\n: inside\n" + delta("a"))
            exchange.write(b"data:" + delta("b")[6:])  # no space after the colon
            exchange.write(b"foo: bar\nnocolon\n\n\n\n")
            half = chunk(content="c").encode()
            cut = half.index(b'"choices"')
            exchange.write(b"data: " + half[:cut] + b"\ndata: " + half[cut:] + b"\n\n")
            exchange.end()

        answer = relay(script)
        assert answer.whole and answer.json_text == "abc"

    def test_a_bom_at_the_start(self, relay):
        def script(exchange):
            exchange.start()
            for byte in b"\xef\xbb\xbf" + delta("a") + delta("\ufeffb") + END:
                exchange.write(bytes([byte]))

        assert relay(script).json_text == "a\ufeffb"

    def test_content_type_in_other_spellings(self, relay):
        def script(exchange):
            exchange.send(b"HTTP/1.1 200 OK\r\ncontent-type: Text/Event-Stream;charset=UTF-8\r\nConnection: close\r\n\r\n")
            exchange.say("a")
            exchange.end()

        assert relay(script).json_text == "a"

    @pytest.mark.parametrize("other", [
        {"choices": []}, {"id": "c1"}, {"choices": [{"index": 0, "delta": {"role": "assistant"}}]},
        {"choices": [{"index": 0, "delta": {"content": None}}]}, {"choices": [{"index": 0, "delta": {"content": ""}}]},
        {"choices": [{"index": 0, "delta": {}, "logprobs": None}], "usage": None, "new": {"a": [1, 2.5e3, True, "\u00e9"]}},
    ], ids=json.dumps)
    def test_chunks_that_bear_no_text(self, relay, other):
        def script(exchange):
            exchange.start()
            exchange.write(event(json.dumps(other)) + delta("a") + event(json.dumps(other)) + delta("b"))
            exchange.end()

        answer = relay(script)
        assert answer.whole and answer.json_text == "ab"

    @pytest.mark.timeout(60)
    def test_a_delta_of_5_mib(self, relay):
        text = "0123456789abcde\n" * (5 * 65536)

        def script(exchange):
            exchange.start()
            exchange.say(text)
            exchange.end()

        answer = relay(script, unit="delta")
        assert answer.whole and answer.json_text == text


class TestClusters:
    def units(self, relay, *deltas, **parameters):
        def script(exchange):
            exchange.start()
            # In one write: what comes later than 50 ms may rightly be a unit of its own.
            exchange.write(b"".join(raw_delta(each) if isinstance(each, bytes) else delta(each) for each in deltas) + END)

        answer = relay(script, **parameters)
        assert answer.whole
        return answer.deltas

    def test_a_zwj_emoji_cut_over_deltas(self, relay):
        assert self.units(relay, "a👩", "\u200d", "💻b") == ["a", "👩‍💻", "b"]

    def test_flags_skin_tones_and_accents_cut_over_deltas(self, relay):
        assert self.units(relay, "🇩", "🇪🇫", "🇷", "👍", "🏽", "e", "\u0301", "1", "\ufe0f\u20e3") == ["🇩🇪", "🇫🇷", "👍🏽", "e\u0301", "1️⃣"]

    def test_crlf_cut_over_deltas(self, relay):
        assert self.units(relay, "a\r", "\nb\r", "c") == ["a", "\r\n", "b", "\r", "c"]

    def test_a_surrogate_pair_cut_over_deltas(self, relay):
        assert self.units(relay, rb"a\ud83d", rb"\ude00b") == ["a", "😀", "b"]

    def test_a_surrogate_pair_in_one_delta(self, relay):
        assert self.units(relay, rb"\ud83d\ude00") == ["😀"]

    def test_half_a_surrogate_pair_is_replaced(self, relay):
        assert "".join(self.units(relay, rb"a\ud83d", "b", rb"\ude00c")) == "a\ufffdb\ufffdc"
        assert "".join(self.units(relay, rb"a\ud83d")) == "a\ufffd"

    def test_a_utf_8_sequence_cut_over_deltas(self, relay):
        # Some servers cut the bytes of a token and send them as they are.
        assert self.units(relay, b"a\xe4\xbd", b"\xa0b\xf0\x9f", b"\x98\x80") == ["a", "你", "b", "😀"]

    def test_invalid_utf_8_is_replaced(self, relay):
        assert "".join(self.units(relay, b"a\xffb", "c", b"d\xe4\xbd")) == "a\ufffdbcd\ufffd"

    def test_ids_count_the_bytes_of_the_replaced_text(self, relay):
        def script(exchange):
            exchange.start()
            exchange.write(raw_delta(b"a\xffb") + END)

        assert [frame.offset for frame in relay(script).content] == [1, 4, 5]

    def test_words_cut_over_deltas(self, relay):
        assert self.units(relay, "Hel", "lo", " wor", "ld", "  and", " so", unit="word") == ["Hello", " world", "  and", " so"]

    def test_delta_units_are_the_upstreams(self, relay):
        assert self.units(relay, "Hel", "lo wor", "ld", unit="delta") == ["Hel", "lo wor", "ld"]

    @pytest.mark.alone
    def test_the_last_cluster_waits_50_ms_and_the_last_word_250(self, gateway, upstream):
        said = []

        def script(exchange):
            exchange.start()
            said.append(time.monotonic())
            exchange.say("ab")
            exchange.hold()

        port = gateway(upstream(script).url).port
        for unit, units, waits in (("character", ["a", "b"], (0, 0.05)), ("word", ["ab"], (0.25,))):
            answer = chat(port, "x", unit=unit, rate=0, until=lambda answer: len(answer.content) == len(units))
            assert answer.units == units
            assert_on_schedule([frame.at - said[-1] for frame in answer.content], waits, usually=0.1, since=0)


@pytest.mark.alone
class TestPace:
    def test_the_first_unit_leaves_with_the_first_delta(self, gateway, upstream):
        def script(exchange):
            exchange.start()
            # The upstream's own time to its first token.
            time.sleep(0.7)
            script.said = time.monotonic()
            exchange.say("Hello")
            exchange.end()

        # ttft has no effect on an upstream.
        answer = chat(gateway(upstream(script).url).port, "x", ttft=5000)
        assert answer.start.at < script.said
        assert answer.content[0].at - script.said < 0.5

    def test_a_faster_upstream_is_paced(self, gateway, upstream):
        def script(exchange):
            exchange.start()
            exchange.say("x" * 101)
            exchange.end()

        answer = chat(gateway(upstream(script).url).port, "x", rate=50)
        assert answer.whole
        assert_on_schedule([frame.at for frame in answer.content], [index / 50 for index in range(101)])

    def test_units_of_a_slower_upstream_leave_at_once(self, gateway, upstream):
        said = []

        def script(exchange):
            exchange.start()
            for _ in range(8):
                said.append(time.monotonic())
                exchange.say("ab ")
                time.sleep(0.3)
            exchange.end()

        answer = chat(gateway(upstream(script).url).port, "x", rate=200)
        assert answer.whole and answer.text == "ab " * 8
        firsts = [answer.content[index].at for index in range(0, 24, 3)]
        assert_on_schedule(firsts, said, since=0)

    def test_no_burst_follows_a_stall(self, gateway, upstream):
        def script(exchange):
            exchange.start()
            exchange.say("x" * 20)
            time.sleep(2.5)
            exchange.say("y" * 40)
            exchange.end()

        answer = chat(gateway(upstream(script).url).port, "x", rate=20)
        after = [frame.at for frame in answer.content if "y" in frame.data]
        assert_on_schedule(after, [index / 20 for index in range(40)])


class TestBackpressure:
    def test_a_fast_upstream_is_held_back(self, gateway, upstream):
        megabyte = delta("word " * 200) * 900

        def script(exchange):
            exchange.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            exchange.start()
            for _ in range(20):
                exchange.send(megabyte)
            script.through = True

        script.through = False
        source = upstream(script)
        server = gateway(source.url)
        before = server.resident()
        with Connection(server.port) as reader:
            reader.request("GET", stream_target("x", unit="word", rate=10))
            answer = read_answer(reader.response(), until=lambda answer: len(answer.content) >= 30)
            assert not script.through, "20 MB were taken in for a reader of ten words a second"
            (exchange,) = source.exchanges
            assert exchange.sent < 16_000_000 and server.resident() - before < 40_000_000
            assert fetch(server.port, "DELETE", f"/chat/streams/{answer.sid}").status == 204
            assert exchange.closed.wait(1.2), "a paused transfer is cancelled too"

    @pytest.mark.timeout(60)
    def test_a_paused_transfer_goes_on_when_the_reader_does(self, gateway, upstream):
        """Whole and in order, through many pauses of the transfer."""
        text = "".join(f"{number} " for number in range(500_000))

        def script(exchange):
            exchange.start(chunked=True)
            for start in range(0, len(text), 5000):
                exchange.say(text[start : start + 5000])
            exchange.end()

        port = gateway(upstream(script).url).port
        answer = chat(port, "x", unit="delta", rate=400, timeout=30)
        assert answer.whole and answer.text == text


@pytest.mark.timeout(60)
def test_text_beyond_8_mib_a_stream_is_trimmed_and_that_is_told(gateway, upstream):
    text = "".join(f"{number:9d}" for number in range(1_100_000))

    def script(exchange):
        exchange.start(chunked=True)
        for start in range(0, len(text), 9000):
            exchange.say(text[start : start + 9000])
        exchange.end()

    port = gateway(upstream(script).url).port
    first = chat(port, "x", unit="delta", rate=0, timeout=30)
    assert first.whole and first.text == text, "a reader who keeps up misses nothing"
    for headers, path in (({"Last-Event-ID": first.start.id}, "/chat/stream"), ({}, f"/chat/stream/{first.sid}"),
                          ({"Last-Event-ID": f"{first.sid}.90000"}, "/chat/stream")):
        assert_error(fetch(port, "GET", path, headers), 410)
    kept = len(text) - 7 * 1024 * 1024
    assert chat(port, headers={"Last-Event-ID": f"{first.sid}.{kept}"}).text == text[kept:]


class TestNamedEvents:
    def script(self, exchange):
        exchange.start()
        exchange.write(event(chunk(role="assistant", content="")) + event(chunk(reasoning_content="Let me ")))
        exchange.write(event(chunk(reasoning_content="think.")))
        exchange.say("Hello", " you")
        exchange.write(event(chunk(tool_calls=[{"index": 0, "id": "call_1", "type": "function",
                                                "function": {"name": "weather", "arguments": ""}}])))
        for piece in ('{"city":', '"Köln"}'):
            exchange.write(event(chunk(tool_calls=[{"index": 0, "function": {"arguments": piece}}])))
        exchange.write(event(finish("tool_calls")))
        exchange.write(event(json.dumps({"choices": [], "usage": {
            "prompt_tokens": 9, "completion_tokens": 13, "total_tokens": 22}})))
        exchange.write(event("[DONE]"))

    def test_they_are_sent_where_asked_for(self, relay):
        answer = relay(self.script, events=["reasoning", "tool", "usage"])
        assert answer.whole and answer.json_text == "Hello you"
        reasoning = answer.named("reasoning")
        assert all(each.keys() == {"delta"} for each in reasoning)
        assert "".join(each["delta"] for each in reasoning) == "Let me think."
        tools = answer.named("tool")
        assert (tools[0]["index"], tools[0]["id"], tools[0]["name"]) == (0, "call_1", "weather")
        assert "".join(each.get("arguments") or "" for each in tools) == '{"city":"Köln"}'
        assert all(each["index"] == 0 for each in tools)
        assert answer.named("usage") == [{"input_tokens": 9, "output_tokens": 13}]
        assert answer.frames[-2].event == "usage", "usage comes before the terminal frame"

    @pytest.mark.parametrize("events, shown", [("", set()), ("usage", {"usage"}), ("reasoning,tool", {"reasoning", "tool"})])
    def test_others_are_not_shown(self, relay, events, shown):
        answer = relay(self.script, **({"events": events} if events else {}))
        assert answer.whole and answer.json_text == "Hello you"
        assert {frame.event for frame in answer.frames} - {None, "start"} == shown

    def test_a_resume_does_not_repeat_them(self, gateway, upstream):
        port = gateway(upstream(self.script).url).port
        first = chat(port, "x", events="reasoning,tool,usage", rate=0)
        assert first.named("usage")
        again = chat(port, headers={"Last-Event-ID": first.start.id})
        assert again.text == "Hello you" and again.whole
        assert {frame.event for frame in again.frames} == {None, "start"}

    def test_usage_is_asked_of_the_upstream(self, gateway, upstream):
        source = upstream(self.script)
        chat(gateway(source.url).port, "x", events="usage", rate=0)
        (exchange,) = source.exchanges
        assert exchange.json["stream_options"]["include_usage"] is True


def test_a_config_file_with_an_upstream(gateway, upstream):
    """The file says what the flags say."""
    def script(exchange):
        exchange.start()
        exchange.say("from above")
        exchange.end()

    source = upstream(script)
    config = f"upstreams:\n  - url: {source.url}\n    model: big\n    key: ${{MY_KEY}}\n"
    port = gateway(config=config, environment={"MY_KEY": "sk-from-file"}).port
    assert chat(port, "x", rate=0).text == "from above"
    sid = create(port, prompt="x", model="big")
    assert chat(port, path=f"/chat/stream/{sid}").text == "from above"
    assert {each.headers["authorization"] for each in source.exchanges} == {"Bearer sk-from-file"}

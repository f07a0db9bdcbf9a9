"""What the frames of `/chat/stream` are: head, start, units, ids and the end, byte for byte."""

import json
import random
import time

import pytest
import regex

from sse_client import ID, Connection, chat, fetch, post_chat, read_answer, shown, stream_target

BUILT_IN = ["echo", "prose", "markdown", "code", "math", "emoji", "chinese", "japanese", "thai", "arabic", "long"]
UNITS = ["character", "word", "token", "delta"]
# Content must not wait for a schedule where a test is about content.
FAST = {"rate": 0, "ttft": 0}

HARD_TEXTS = {
    "done": "data: [DONE]\n\n[DONE]",
    "only done": "[DONE]",
    "fields": "event: fault\nid: x.end\ndata: y\nretry: 1\n: comment\n\ndata:z",
    "cr": "one\rtwo\r\rthree\r",
    "lf": "\n\none\ntwo\n\nthree\n",
    "crlf": "one\r\ntwo\r\n\r\nthree\r\n",
    "mixed ends": "\r\n\n\r\r\n\r\r\n\n\r",
    "only lf": "\n",
    "only cr": "\r",
    "nul": "a\0b\0\0c\0",
    "bom": "\ufeffa\ufeff\ufeffb",
    "spaces": "  two  spaces \t tab ",
    "colons": ":a\n:b\n::",
    "other line ends": "a\u2028b\u2029c\u0085d\u000be\u000cf",
    "clusters": "👨‍👩‍👧‍👦👩🏽‍💻🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f🇩🇪🇫🇷1️⃣❤️👍🏽e\u0301\u1112\u1161\u11ab",
    "quotes": '{"delta":"x"} \\n \\u0000 </script> "',
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "far planes": "\U0001d538\U0002000b\U000e0001\U0010fffd\ufffd\uffff\U0001fffe",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_response_head(server, method):
    body = None if method == "GET" else {"prompt": "hi", "model": "echo", **FAST}
    target = stream_target("hi", model="echo", **FAST) if method == "GET" else "/chat/stream"
    # Asked for compression, as every browser does: a compressed stream would be held back by the compressor.
    response = fetch(server.port, method, target, {"Accept-Encoding": "gzip, br"}, body)
    assert response.status == 200
    assert response.header("content-type") == "text/event-stream; charset=utf-8"
    assert {"no-cache", "no-store", "no-transform"} <= response.tokens("cache-control")
    assert response.header("x-accel-buffering") == "no"
    assert response.header("x-content-type-options") == "nosniff"
    assert response.header("content-length") is None
    assert response.header("content-encoding") is None
    assert response.version == "HTTP/1.1" and response.framing == "chunked"
    assert "close" not in response.tokens("connection")


def test_start_frame_comes_before_the_first_token_exists(server):
    sent = time.monotonic()
    answer = chat(server.port, "hi", model="echo?rate=80", ttft=30000, until=lambda answer: answer.start)
    # Duty 5 says 100 ms; the rest is for a machine that builds something at the same time.
    assert answer.start.at - sent < 0.5
    assert ID.fullmatch(answer.start.id) and answer.start.offset == 0
    about = answer.about
    assert about.keys() == {"id", "model", "unit", "rate", "seed", "created", "resumed"}
    assert about["id"] == answer.sid
    assert about["model"] == "echo", "the model's name is told without its parameters"
    assert about["unit"] == "character" and about["rate"] == 80
    assert isinstance(about["seed"], str) and 0 <= int(about["seed"]) < 2**64
    assert abs(about["created"] - time.time()) < 5
    assert about["resumed"] is False


def test_retry_comes_first_and_is_jittered(server):
    answers = [chat(server.port, "x", model="echo", **FAST) for _ in range(24)]
    retries = [answer.frames[0].retry for answer in answers]
    assert None not in retries
    assert len(set(retries)) >= 8 and max(retries) >= 1.1 * min(retries), retries
    for answer in answers:
        assert sum(frame.retry is not None for frame in answer.frames) == 1
        # In the frame before the start frame, or in the start frame itself.
        assert answer.frames.index(answer.start) <= 1


def test_ids_are_offsets_after_each_unit_and_the_last_is_end(server):
    text = "añ你😀👩‍💻\r\nz"
    answer = chat(server.port, text, model="echo", format="json", **FAST)
    position = 0
    for frame, delta in zip(answer.content, answer.deltas):
        position += len(delta.encode())
        assert frame.offset == position
    assert position == len(text.encode())
    assert answer.last.id == answer.sid + ".end"
    assert answer.last.data == "[DONE]" and answer.last.event is None
    assert len({frame.id.split(".")[0] for frame in answer.frames if frame.id}) == 1


def test_every_stream_has_an_id_of_its_own(server):
    assert len({chat(server.port, "x", model="echo", **FAST).sid for _ in range(20)}) == 20


@pytest.mark.parametrize("model", BUILT_IN + ["mock"])
def test_joined_data_is_the_text_in_every_unit_and_format(server, model):
    prompt = "Say it: größer, 你好 and 👩‍💻!\r\nThen stop."
    texts = set()
    for unit in UNITS:
        plain = chat(server.port, prompt, model=model, unit=unit, seed=7, **FAST)
        as_json = chat(server.port, prompt, model=model, unit=unit, seed=7, format="json", **FAST)
        assert plain.whole and as_json.whole
        assert plain.text == shown(as_json.json_text)
        assert [frame.offset for frame in plain.content] == [frame.offset for frame in as_json.content]
        assert as_json.content[-1].offset == len(as_json.json_text.encode())
        assert all(plain.units) and all(as_json.deltas), "a unit without text"
        texts.add(as_json.json_text)
    assert len(texts) == 1, "the unit changes the text"
    if model == "echo":
        assert texts == {prompt}


@pytest.mark.parametrize("model, wanted", [
    ("markdown", [r"(?m)^\s*([-*]|\d+\.) ", r"(?m)^\|.*\|", r"\]\("]),
    ("math", [r"\\[a-z]+", r"\$|\\\(|\\\["]),
    ("emoji", ["\u200d", "[\U0001f1e6-\U0001f1ff]{2}", "[\U0001f3fb-\U0001f3ff]"]),
    ("chinese", [r"[\p{Han}，。、！？]{20}"]), ("japanese", [r"\p{Hiragana}", r"\p{Katakana}", r"\p{Han}"]),
    ("thai", [r"\p{Thai}{20}"]), ("arabic", [r"\p{Arabic}{3}"]), ("code", [r"(?m)^\s{2,}\S"]), ("prose", [r"\w \w"]),
])
def test_built_in_answers_are_what_their_names_say(server, model, wanted):
    text = chat(server.port, "x", model=model, unit="delta", **FAST).text
    for pattern in wanted:
        assert regex.search(pattern, text), (pattern, text)


def test_long_has_20000_characters(server):
    text = chat(server.port, "x", model="long", unit="delta", **FAST).text
    assert 20000 in (len(text), len(regex.findall(r"\X", text)))


@pytest.mark.parametrize("name", HARD_TEXTS)
def test_hard_text_arrives_as_content(server, name):
    text = HARD_TEXTS[name]
    for unit in UNITS:
        got = chat(server.port, text, model="echo", unit=unit, **FAST)
        posted = post_chat(server.port, {"prompt": text, "model": "echo", "unit": unit, "format": "json", **FAST})
        assert got.whole and got.text == shown(text), unit
        assert posted.whole and posted.json_text == text, unit
        assert got.content[-1].offset == posted.content[-1].offset == len(text.encode()), "a CRLF counts 2"


def test_json_format_keeps_line_ends_and_nul_as_escapes(server):
    answer = chat(server.port, "a\r\nb\rc\0d", model="echo", format="json", unit="word", **FAST)
    raw = b"".join(frame.raw for frame in answer.content)
    assert answer.json_text == "a\r\nb\rc\0d"
    assert b"\\r\\n" in raw and b"\\u0000" in raw


def test_random_text_of_all_planes(server):
    chance = random.Random(20)
    spans = [(0, 0x7F), (0, 0x20), (0x80, 0x7FF), (0x300, 0x36F), (0x800, 0xD7FF), (0xE000, 0xFFFF),
             (0x1F300, 0x1FAFF), (0x10000, 0x10FFFF), (0x200D, 0x200D), (0x1F1E6, 0x1F1FF), (0x0A, 0x0D)]
    for _ in range(60):
        text = "".join(chr(chance.randint(*chance.choice(spans))) for _ in range(chance.randint(1, 400)))
        unit = chance.choice(UNITS)
        body = {"prompt": text, "model": "echo", "unit": unit, **FAST}
        assert post_chat(server.port, body).text == shown(text), (unit, text)
        assert post_chat(server.port, body | {"format": "json"}).json_text == text, (unit, text)


@pytest.mark.parametrize("model", ["emoji", "thai", "arabic", "japanese", "prose"])
def test_character_units_are_whole_clusters(server, model):
    answer = chat(server.port, "x", model=model, format="json", **FAST)
    for unit in answer.deltas:
        assert regex.fullmatch(r"\X", unit), f"{unit!r} is not one cluster"


def test_words_take_the_white_space_before_them(server):
    words = chat(server.port, "Hello world  again\nand\tagain \n", model="echo", unit="word", **FAST).units
    assert words == ["Hello", " world", "  again", "\nand", "\tagain", " \n"]


@pytest.mark.parametrize("model", ["chinese", "japanese", "thai"])
def test_words_of_scripts_without_spaces_are_cut_sensibly(server, model):
    units = chat(server.port, "x", model=model, unit="word", **FAST).units
    letters = [len(regex.findall(r"\p{L}", unit)) for unit in units]
    letters = [count for count in letters if count]
    assert max(letters) <= 20, max(units, key=len)
    # Words, neither sentences nor single letters.
    assert 1.1 < sum(letters) / len(letters) < 6, units[:20]


def test_token_units_look_like_subwords(server):
    units = chat(server.port, "x", model="prose", unit="token", **FAST).units
    words = chat(server.port, "x", model="prose", unit="word", **FAST).units
    mean = sum(map(len, units)) / len(units)
    assert 2 < mean < 7 and len(units) > len(words)
    # Like a model's tokens: a space belongs to the token after it.
    assert sum(unit.startswith(" ") for unit in units) > sum(unit.endswith(" ") for unit in units)


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_same_seed_gives_the_same_frames(server, format):
    for model in ("mock", "prose"):
        first, second = [chat(server.port, "x", model=model, seed=2**64 - 1, format=format, unit="token", **FAST)
                         for _ in range(2)]
        assert first.about["seed"] == str(2**64 - 1)
        assert [(f.offset, f.data) for f in first.content] == [(f.offset, f.data) for f in second.content]


def test_the_seed_told_in_the_start_frame_repeats_the_answer(server):
    first = chat(server.port, "x", unit="delta", **FAST)
    assert chat(server.port, "x", unit="delta", seed=first.about["seed"], **FAST).text == first.text


def test_the_mock_picks_by_the_seed(server):
    assert len({chat(server.port, "x", unit="delta", seed=seed, **FAST).text for seed in range(30)}) > 3


@pytest.mark.parametrize("unit", UNITS)
def test_max_units_ends_the_stream_as_whole(server, unit):
    full = chat(server.port, "x", model="prose", unit=unit, **FAST)
    wanted = min(7, len(full.units))
    cut = chat(server.port, "x", model="prose", unit=unit, max_units=wanted, **FAST)
    assert cut.whole and cut.units == full.units[:wanted]


def test_usage_is_one_named_event_before_the_last_frame(server):
    answer = chat(server.port, "Hello world", model="echo", events="usage", **FAST)
    assert answer.whole and answer.text == "Hello world"
    for usage in answer.named("usage"):
        assert usage.keys() == {"input_tokens", "output_tokens"}
        assert usage["input_tokens"] >= 1 and usage["output_tokens"] >= 1
    assert len(answer.named("usage")) <= 1
    assert not chat(server.port, "Hello", model="echo", **FAST).named("usage"), "named events are sent on request only"


def test_http_1_0_is_close_delimited(server):
    with Connection(server.port) as connection:
        connection.request("GET", stream_target("Hello\nworld", model="echo", rate=200, ttft=0), version="HTTP/1.0")
        response = connection.response()
        assert response.header("transfer-encoding") is None and response.header("content-length") is None
        assert "close" in response.tokens("connection")
        answer = read_answer(response)
        assert answer.whole and answer.text == "Hello\nworld"
        assert connection.at_end()


def test_head_has_the_same_head_and_no_body(server):
    target = stream_target("hi", model="echo", **FAST)
    got = fetch(server.port, "GET", target)
    with Connection(server.port) as connection:
        connection.request("HEAD", target)
        head = connection.response(head_only=True)
        for name in ("content-type", "cache-control", "x-accel-buffering", "x-content-type-options"):
            assert head.header(name) == got.header(name)
        assert head.status == 200
        # The next answer on the connection starts at once: not one byte of a body came before it.
        connection.request("GET", "/chat/models")
        assert "models" in connection.response().json()


def test_the_connection_stays_usable_after_a_stream(server):
    with Connection(server.port) as connection:
        for text in ("first", "second\n", "third"):
            connection.request("GET", stream_target(text, model="echo", rate=500, ttft=0))
            answer = read_answer(connection.response())
            assert answer.whole and answer.text == text
        connection.request("GET", "/chat/stream")
        assert connection.response().json()["error"]["param"] == "prompt"
        connection.request("POST", "/chat/stream", body={"prompt": "fourth", "model": "echo", **FAST})
        assert read_answer(connection.response()).text == "fourth"


def test_connection_close_is_honoured(server):
    with Connection(server.port) as connection:
        connection.request("GET", stream_target("hi", model="echo", **FAST), {"Connection": "close"})
        response = connection.response()
        assert read_answer(response).whole and connection.at_end()


def test_pipelined_requests_are_answered_in_order(server):
    with Connection(server.port) as connection:
        head = "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        body = json.dumps({"prompt": "two", "model": "echo", **FAST})
        connection.send((head.format(stream_target("one", model="echo", rate=100, ttft=50))
                         + "POST /chat/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                         + f"Content-Length: {len(body)}\r\n\r\n{body}"
                         + head.format("/chat/models") + head.format("/nowhere")
                         + head.format(stream_target("three", model="echo", **FAST))).encode())
        assert read_answer(connection.response()).text == "one"
        assert read_answer(connection.response()).text == "two"
        assert "models" in connection.response().json()
        assert connection.response().json()["error"]
        assert read_answer(connection.response()).text == "three"

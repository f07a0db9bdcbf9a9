"""A small HTTP/1 client over bare sockets that knows Server-Sent Events. Where the port says so it speaks over TLS, or
HTTP/2 with the same face (`transports.py`, `h2_client.py`).

It shows what `http.client` hides: the exact bytes, how the body was framed and when each byte came. What it
parses it also checks, so that every stream of every test is held to the grammar.
"""

import json
import re
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import quote

import transports
from transports import ConnectionEnded

TIMEOUT = 20
ID = re.compile(r"([a-z2-7]{26})\.(0|[1-9][0-9]{0,9}|end)")
EVENT_NAMES = {None, "start", "fault", "reasoning", "tool", "usage"}


@dataclass
class Frame:
    """One block of an event stream, up to and with its blank line."""

    raw: bytes
    at: float
    id: str | None = None
    event: str | None = None
    data: str | None = None
    retry: int | None = None
    comment: bool = False

    @property
    def offset(self):
        """The byte offset that the id names, None where there is no id or it is the last one."""
        tail = self.id.rsplit(".", 1)[1] if self.id else "end"
        return None if tail == "end" else int(tail)

    @property
    def last(self):
        return self.id is not None and self.id.endswith(".end")


def parse_frame(raw, at):
    """Parses one block as strictly as a server may be held to: LF only, known names, one space."""
    assert b"\r" not in raw and b"\0" not in raw, raw
    frame = Frame(raw, at)
    data = []
    for line in raw.decode("utf-8").removesuffix("\n\n").split("\n"):
        if line.startswith(":"):
            frame.comment = True
            continue
        name, colon, value = line.partition(":")
        assert colon and name in ("id", "event", "data", "retry"), f"not a field: {line!r}"
        # One space always: without it EventSource eats the first space of " world". An empty value may lack it.
        assert value == "" or value.startswith(" "), f"no space after the colon: {line!r}"
        value = value[1:]
        if name == "data":
            data.append(value)
        elif name == "retry":
            assert re.fullmatch("[0-9]+", value), line
            assert 1000 <= int(value) <= 30000, line
            frame.retry = int(value)
        else:
            assert getattr(frame, name) is None, f"twice in a frame: {line!r}"
            setattr(frame, name, value)
    if data:
        frame.data = "\n".join(data)
    if frame.id is not None:
        assert ID.fullmatch(frame.id), frame.id
        # An id that bears no data is not committed by every browser.
        assert frame.data is not None, raw
    assert frame.event in EVENT_NAMES, frame.event
    return frame


def Connection(port, **options):
    """A connection that speaks what the port does."""
    if transports.is_http2(port):
        from h2_client import H2Connection
        return H2Connection(port, **options)
    return HTTP1Connection(port, **options)


class HTTP1Connection:
    """One TCP connection. Responses are read one after the other, so it serves pipelining too."""

    def __init__(self, port, host="127.0.0.1", timeout=TIMEOUT, receive_buffer=None):
        self.port = port
        self.socket = transports.connect(port, host, timeout, receive_buffer)
        self.buffer = bytearray()
        self.at = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with RST, as a crashed tab or a lost network does."""
        transports.reset(self.socket)

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def send(self, data):
        self.socket.sendall(data)

    def request(self, method, target, headers=(), body=None, version="HTTP/1.1"):
        self.send(render_request(self.port, method, target, headers, body, version))
        return self

    def fill(self):
        """Takes in what has come; False at the end of the connection."""
        received = self.socket.recv(65536)
        self.at = time.monotonic()
        self.buffer += received
        return bool(received)

    def take_line(self):
        while (end := self.buffer.find(b"\r\n")) < 0:
            if not self.fill():
                raise ConnectionEnded(bytes(self.buffer))
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        return line

    def take(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise ConnectionEnded(bytes(self.buffer))
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def response(self, head_only=False):
        return Response(self, head_only)

    def at_end(self):
        """Whether the peer closes now, in order, without one byte more."""
        return not self.buffer and not self.fill()


def render_request(port, method, target, headers=(), body=None, version="HTTP/1.1"):
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    names = {name.lower() for name, _ in pairs}
    if "host" not in names:
        pairs.insert(0, ("Host", f"127.0.0.1:{port}"))
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        if "content-type" not in names:
            pairs.append(("Content-Type", "application/json"))
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        pairs.append(("Content-Length", str(len(body))))
    head = f"{method} {target} {version}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in pairs)
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + (body or b"")


class Response:
    """The head is read when it is made; the body as it is asked for."""

    def __init__(self, connection, head_only=False):
        self.connection = connection
        line = connection.take_line().decode("latin-1")
        self.at = connection.at
        self.version, status, self.reason = (line.split(" ", 2) + [""])[:3]
        assert self.version in ("HTTP/1.0", "HTTP/1.1"), line
        self.status = int(status)
        self.headers = []
        while line := connection.take_line():
            name, colon, value = line.decode("latin-1").partition(":")
            assert colon and name == name.strip(), line
            self.headers.append((name.lower(), value.strip()))
        self.framing, self.length = "none", 0
        if head_only or self.status in (204, 304):
            return
        if (coding := self.header("transfer-encoding")) is not None:
            assert coding.lower() == "chunked" and self.header("content-length") is None, self.headers
            self.framing = "chunked"
        elif (length := self.header("content-length")) is not None:
            self.framing, self.length = "length", int(length)
        else:
            self.framing = "close"

    def header(self, name):
        values = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(values) if values else None

    def tokens(self, name):
        """A comma-separated header as a set of lower-case words."""
        return {word.strip().lower() for word in (self.header(name) or "").split(",")} - {""}

    def pieces(self):
        """The body's bytes, with the time at which they came."""
        connection = self.connection
        if self.framing == "length" and self.length:
            yield connection.take(self.length), connection.at
        elif self.framing == "chunked":
            while True:
                size = connection.take_line()
                assert re.fullmatch(rb"[0-9A-Fa-f]+", size), f"chunk size {size!r}"
                if int(size, 16) == 0:
                    assert connection.take_line() == b"", "a trailer"
                    return
                piece = connection.take(int(size, 16) + 2)
                assert piece.endswith(b"\r\n"), "a chunk longer than its size"
                yield piece[:-2], connection.at
        elif self.framing == "close":
            while connection.buffer or connection.fill():
                piece = connection.take(len(connection.buffer))
                yield piece, connection.at

    def read(self):
        return b"".join(piece for piece, _ in self.pieces())

    def json(self):
        assert self.header("content-type").split(";")[0].strip() == "application/json", self.headers
        return json.loads(self.read())

    def frames(self):
        """The frames as they come. The body must end with a whole one."""
        buffer, first = bytearray(), True
        for piece, at in self.pieces():
            buffer += piece
            if first and buffer:
                assert not buffer.startswith(b"\xef\xbb\xbf"), "the body starts with a BOM"
                first = False
            while (end := buffer.find(b"\n\n")) >= 0:
                raw = bytes(buffer[: end + 2])
                del buffer[: end + 2]
                yield parse_frame(raw, at)
        assert not buffer, f"the body ends inside a frame: {bytes(buffer)!r}"


@dataclass
class Answer:
    """The frames of one connection's stream, with what tests ask of them."""

    response: Response
    frames: list[Frame] = field(default_factory=list)

    @property
    def start(self):
        return next((frame for frame in self.frames if frame.event == "start"), None)

    @property
    def about(self):
        return json.loads(self.start.data)

    @property
    def sid(self):
        return self.start.id.rsplit(".", 1)[0]

    @property
    def content(self):
        return [frame for frame in self.frames if frame.event is None and frame.id and not frame.last]

    @property
    def units(self):
        """What each content frame bears, as the text format has it."""
        return [frame.data for frame in self.content]

    @property
    def deltas(self):
        """The units of the JSON format."""
        bodies = [json.loads(unit) for unit in self.units]
        assert all(body.keys() == {"delta"} for body in bodies), bodies
        return [body["delta"] for body in bodies]

    @property
    def text(self):
        return "".join(self.units)

    @property
    def json_text(self):
        return "".join(self.deltas)

    @property
    def last(self):
        return self.frames[-1] if self.frames and self.frames[-1].last else None

    @property
    def whole(self):
        return bool(self.last) and self.last.event is None and self.last.data == "[DONE]"

    @property
    def fault(self):
        return json.loads(self.last.data) if self.last and self.last.event == "fault" else None

    def named(self, event):
        return [json.loads(frame.data) for frame in self.frames if frame.event == event]

    @property
    def last_id(self):
        """What a browser would send as Last-Event-ID now."""
        return next((frame.id for frame in reversed(self.frames) if frame.id), None)

    def check(self):
        """What holds for every connection's frames, complete or not."""
        ids = [frame.id for frame in self.frames if frame.id]
        assert len({each.rsplit(".", 1)[0] for each in ids}) <= 1, "ids of two streams"
        offsets = [frame.offset for frame in self.frames if frame.offset is not None]
        # The start frame repeats the offset where a resume starts: the only id that names no new text.
        assert all(a < b for a, b in zip(offsets, offsets[1:])), f"ids do not increase: {offsets}"
        terminal = [index for index, frame in enumerate(self.frames) if frame.last]
        assert terminal in ([], [len(self.frames) - 1]), "frames after the terminal one"
        for frame in self.frames:
            if frame.event in ("reasoning", "tool", "usage"):
                assert frame.id is None, frame.raw
        return self


def read_answer(response, until=None):
    """Reads frames to the end, or up to the first for which `until(answer)` holds."""
    assert response.status == 200, (response.status, response.read())
    answer = Answer(response)
    for frame in response.frames():
        answer.frames.append(frame)
        if until and until(answer):
            break
    return answer.check()


def chat(port, prompt=None, *, until=None, headers=(), path="/chat/stream", timeout=TIMEOUT, **parameters):
    """`GET /chat/stream?prompt=…` on a connection of its own, read to the end."""
    with Connection(port, timeout=timeout) as connection:
        connection.request("GET", stream_target(prompt, path=path, **parameters), headers)
        return read_answer(connection.response(), until)


def post_chat(port, body, *, until=None, headers=(), path="/chat/stream", timeout=TIMEOUT):
    with Connection(port, timeout=timeout) as connection:
        connection.request("POST", path, headers, body)
        return read_answer(connection.response(), until)


def stream_target(prompt=None, path="/chat/stream", **parameters):
    pairs = ([("prompt", prompt)] if prompt is not None else []) + list(parameters.items())
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs)
    return f"{path}?{query}" if query else path


def fetch(port, method, target, headers=(), body=None, version="HTTP/1.1", timeout=TIMEOUT):
    """One request on a connection of its own: the response, with its body in `.body`."""
    with Connection(port, timeout=timeout) as connection:
        connection.request(method, target, headers, body, version)
        response = connection.response(head_only=method == "HEAD")
        response.body = response.read()
        return response


def create(port, headers=(), **body):
    """`POST /chat`: the id of a stream that nobody reads yet."""
    response = fetch(port, "POST", "/chat", headers, body)
    assert response.status in (200, 201), (response.status, response.body)
    return json.loads(response.body)["id"]


def assert_error(response, status, param=...):
    """The shape of every error body; `param` where the contract names it."""
    body = response.body if hasattr(response, "body") else response.read()
    assert response.status == status, (response.status, body)
    assert response.header("content-type").split(";")[0] == "application/json", response.headers
    error = json.loads(body)["error"]
    assert isinstance(error["code"], str) and error["code"], error
    assert isinstance(error["message"], str) and error["message"], error
    assert "param" in error and (error["param"] is None or isinstance(error["param"], str)), error
    if param is not ...:
        assert error["param"] == param, error
    return error


def shown(text):
    """How the text format shows a text: line ends as LF, NUL as U+FFFD."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def wait_until(condition, seconds, what):
    """For what can only be looked at from outside the process."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)

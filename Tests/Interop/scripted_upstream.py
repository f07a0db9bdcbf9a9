"""An OpenAI-compatible upstream that says, byte for byte and at the moment it chooses, what a test tells it to."""

import json
import select
import socket
import struct
import threading
import time
import traceback

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


class Gone(Exception):
    """The gateway has closed the connection."""


def chunk(**delta):
    """The JSON of one `chat.completion.chunk` with this delta."""
    return json.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
                       "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}, ensure_ascii=False)


def finish(reason="stop"):
    return json.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
                       "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})


def event(data, end="\n"):
    """One event as bytes; `data` is text or, for invalid UTF-8, bytes."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return b"data: " + raw + end.encode() * 2


def delta(text):
    return event(chunk(content=text))


def raw_delta(escaped):
    """A delta whose content is given as the inside of a JSON string: for bytes that no encoder would write."""
    return event(chunk(content="@").encode().replace(b'"@"', b'"' + escaped + b'"'))


DONE = event("[DONE]")
END = event(finish()) + DONE


class Exchange:
    """One request of the gateway, and the means to answer it."""

    def __init__(self, connection):
        self.socket = connection
        self.head, self.headers, self.body = "", {}, b""
        self.received_at = self.closed_at = None
        self.sent = 0
        self.closed = threading.Event()
        self.chunked = False

    def receive(self):
        """Reads the request: head, then a counted or chunked body."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := self.socket.recv(65536)):
                raise Gone
            data += more
        head, data = data.split(b"\r\n\r\n", 1)
        self.head = head.decode("latin-1")
        for line in self.head.split("\r\n")[1:]:
            name, value = line.split(":", 1)
            self.headers[name.strip().lower()] = value.strip()
        if self.headers.get("expect", "").lower() == "100-continue":
            self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            while not data.endswith(b"0\r\n\r\n"):
                data += self.socket.recv(65536)
            while data:
                size, data = data.split(b"\r\n", 1)
                self.body += data[: int(size, 16)]
                data = data[int(size, 16) + 2 :]
        else:
            while len(data) < int(self.headers.get("content-length", 0)):
                data += self.socket.recv(65536)
            self.body = data
        self.received_at = time.monotonic()

    @property
    def path(self):
        return self.head.split(" ")[1]

    @property
    def json(self):
        return json.loads(self.body)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone from error
        self.sent += len(data)

    def start(self, chunked=False, length=None):
        """The head of a good answer: close-delimited unless told otherwise."""
        self.chunked = chunked
        framing = b"Transfer-Encoding: chunked\r\n" if chunked else b""
        framing = b"Content-Length: %d\r\n" % length if length is not None else framing
        # The connection ends with the script. Who is not told may ask on it once more, and find it reset.
        self.send(HEAD + framing + b"Connection: close\r\n\r\n")

    def write(self, data):
        """Body bytes, in a chunk of their own where the body is chunked."""
        self.send(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data)

    def say(self, *texts):
        """Deltas, in one write."""
        self.write(b"".join(delta(text) for text in texts))

    def end(self):
        """What ends a good answer."""
        self.write(END)
        if self.chunked:
            self.send(b"0\r\n\r\n")

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hold(self, seconds=60):
        """Says nothing more, and returns when the gateway closes the connection; Gone is for sends."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN | select.POLLRDHUP)
        assert poll.poll(seconds * 1000), "the gateway keeps the connection"
        self.note_closed()

    def note_closed(self):
        if self.closed_at is None:
            self.closed_at = time.monotonic()
        self.closed.set()


class ScriptedUpstream:
    """Plays `script(exchange)` for every request it gets; the connection ends with the script.

    With a `context` it speaks TLS, and counts the handshakes that failed.
    """

    def __init__(self, script, context=None):
        self.script, self.context = script, context
        self.failed_handshakes = 0
        self.exchanges, self.failures = [], []
        self.changed = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}/v1"

    def close(self):
        # Shut down first: closing alone does not wake a thread that is in accept.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for exchange in self.exchanges:
            try:
                exchange.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.play, args=(Exchange(connection),), daemon=True).start()

    def play(self, exchange):
        try:
            if self.context:
                exchange.socket = self.shake_hands(exchange.socket)
            exchange.receive()
            with self.changed:
                self.exchanges.append(exchange)
                self.changed.notify_all()
            self.script(exchange)
        except Gone:
            exchange.note_closed()
        except OSError:
            # Before its request was read, a connection is nobody's script.
            if exchange in self.exchanges:
                self.failures.append(traceback.format_exc())
        except Exception:
            self.failures.append(traceback.format_exc())
        finally:
            exchange.socket.close()

    def shake_hands(self, connection):
        """The connection with TLS on it. Where that fails, the other side gets the time to read why."""
        raw = connection.dup()
        secured = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except OSError:
            self.failed_handshakes += 1
            raw.settimeout(2)
            try:
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(65536):
                    pass
            except OSError:
                pass
            secured.close()
            raise Gone from None
        finally:
            raw.close()
        return secured

    def wait_for_requests(self, count=1, seconds=10):
        """The exchanges, as soon as there are so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.exchanges) >= count, seconds), "no request came"
            return list(self.exchanges)

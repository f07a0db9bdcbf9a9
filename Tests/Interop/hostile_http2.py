"""A server of HTTP/2 by prior knowledge that does to each request what a test wants, be it against the rules."""

import contextlib
import socket
import threading

import hpack
from hyperframe import frame as frames

from http2_peer import PREFACE

SSE = ((":status", "200"), ("content-type", "text/event-stream"))


class HostileServer:
    """`behave(connection, stream)` is called for each request; where it returns False the connection is closed."""

    def __init__(self, behave, settings=None):
        self.behave, self.settings, self.connections, self.requests = behave, settings or {}, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A close alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def greet(self, connection):
        """The first frames to a new client."""
        connection.send(frames.SettingsFrame(0, settings=self.settings))

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection = HostileConnection(self, self.listener.accept()[0])
                self.connections += 1
                threading.Thread(target=connection.run, daemon=True).start()


class HostileConnection:
    def __init__(self, server, connected):
        self.server, self.socket = server, connected
        self.encoder, self.requests = hpack.Encoder(), 0

    def run(self):
        with self.socket, contextlib.suppress(OSError, EOFError):
            self.exactly(len(PREFACE))
            self.server.greet(self)
            while self.take(*frames.Frame.parse_frame_header(memoryview(self.exactly(9)))) is not False:
                pass

    def exactly(self, count):
        received = b""
        while len(received) < count:
            more = self.socket.recv(count - len(received))
            if not more:
                raise EOFError
            received += more
        return received

    def take(self, frame, length):
        frame.parse_body(memoryview(self.exactly(length)))
        if isinstance(frame, frames.SettingsFrame) and "ACK" not in frame.flags:
            self.send(frames.SettingsFrame(0, flags=["ACK"]))
        if isinstance(frame, frames.HeadersFrame):
            self.requests += 1
            self.server.requests += 1
            return self.server.behave(self, frame.stream_id)
        return None

    def send(self, *pieces):
        self.socket.sendall(b"".join(piece if isinstance(piece, bytes) else piece.serialize() for piece in pieces))

    def head(self, stream, fields=SSE, ends=False):
        return frames.HeadersFrame(stream, self.encoder.encode(fields), flags=["END_HEADERS"] + ["END_STREAM"] * ends)

    def data(self, stream, content=b"data: x\n\ndata: [DONE]\n\n", ends=True):
        return frames.DataFrame(stream, content, flags=["END_STREAM"] * ends)

    def answer(self, stream):
        """As it should be."""
        self.send(self.head(stream), self.data(stream))

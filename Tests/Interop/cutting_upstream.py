"""An upstream that cuts its answers: where and how, each request says in its field `cut`."""

import contextlib
import json
import socket
import struct
import threading
import time

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes

from scripted_upstream import ScriptedUpstream


class Cut:
    """Of one answer: its head, its whole body, and what of that is sent before the connection ends."""

    def __init__(self, exchange, kind, status, whole, place):
        self.exchange, self.whole, self.sent = exchange, whole, whole[:place]
        self.kind, self.status = kind.encode(), status

    def head(self, framing, version=b"1.1"):
        self.exchange.send(b"HTTP/%s %d Word\r\nContent-Type: %s\r\n%s\r\n"
                           % (version, self.status, self.kind, framing))

    def length(self):
        self.head(b"Content-Length: %d\r\n" % len(self.whole))
        self.exchange.send(self.sent)

    def inside_of_a_chunk(self):
        """The chunk that has begun is never whole, though the body may be."""
        self.head(b"Transfer-Encoding: chunked\r\n")
        self.exchange.send(b"%x\r\n%s" % (len(self.whole) + 1, self.sent))

    def behind_a_chunk(self):
        self.head(b"Transfer-Encoding: chunked\r\n")
        if self.sent:
            self.exchange.send(b"%x\r\n%s\r\n" % (len(self.sent), self.sent))

    def ended_chunks(self):
        """What broke behind a proxy that ends the body as if nothing had been."""
        self.behind_a_chunk()
        self.exchange.send(b"0\r\n\r\n")

    def until_close(self):
        self.head(b"Connection: close\r\n")
        self.exchange.send(self.sent)

    def http_1_0(self):
        self.head(b"", b"1.0")
        self.exchange.send(self.sent)

    # MARK: How the connection ends

    def finish(self):
        """FIN; over TLS without a word of the session's end."""

    def reset(self):
        # What came before may be read, or may be lost with it.
        time.sleep(0.002)
        self.exchange.reset()

    def end_session(self):
        # Who is told so may close without a word in return.
        with contextlib.suppress(OSError):
            self.exchange.socket.unwrap()


FRAMINGS = ["length", "inside_of_a_chunk", "behind_a_chunk", "ended_chunks", "until_close", "http_1_0"]
PLAIN_WAYS = [f"{framing}-{end}" for framing in FRAMINGS for end in ("finish", "reset")]
TLS_WAYS = [f"{framing}-{end}" for framing in FRAMINGS for end in ("finish", "end_session")]
# Of one stream, and of all that share the connection.
H2_STREAM_WAYS = ["cancel", "no_error", "early_end", "early_end_of_a_length"]
H2_CONNECTION_WAYS = ["goaway", "finish", "reset"]


def cutting(answer, context=None):
    """`answer(request)` gives the content type, the status and the body for a request's JSON."""
    def script(exchange):
        place, way = exchange.json["cut"]
        framing, end = way.split("-")
        cut = Cut(exchange, *answer(exchange.json), place)
        getattr(cut, framing)()
        getattr(cut, end)()
    return ScriptedUpstream(script, context)


class CuttingHTTP2:
    """The same over HTTP/2 in TLS, where one stream of a connection can be cut."""

    def __init__(self, answer, context):
        context.set_alpn_protocols(["h2"])
        self.answer, self.context, self.failures = answer, context, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}/v1"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as secured:
                HTTP2Cutter(secured, self.answer).run()
        except OSError:
            pass
        except Exception as failure:
            self.failures.append(failure)


class HTTP2Cutter:
    def __init__(self, secured, answer):
        self.socket, self.answer, self.bodies = secured, answer, {}
        self.session = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.session.initiate_connection()

    def run(self):
        self.flush()
        while data := self.socket.recv(65536):
            for event in self.session.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    self.bodies[event.stream_id] = self.bodies.get(event.stream_id, b"") + event.data
                    self.session.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded) and not self.cut(event.stream_id):
                    return
            self.flush()

    def flush(self):
        self.socket.sendall(self.session.data_to_send())

    def cut(self, stream):
        """Whether the connection goes on."""
        request = json.loads(self.bodies.pop(stream))
        place, way = request["cut"]
        kind, status, whole = self.answer(request)
        length = [("content-length", str(len(whole)))] if way == "early_end_of_a_length" else []
        self.session.send_headers(stream, [(":status", str(status)), ("content-type", kind), *length])
        self.session.send_data(stream, whole[:place], end_stream=False)
        self.flush()
        if way in ("cancel", "no_error"):
            self.session.reset_stream(stream, ErrorCodes.CANCEL if way == "cancel" else ErrorCodes.NO_ERROR)
        elif way.startswith("early_end"):
            self.session.end_stream(stream)
        elif way == "goaway":
            self.session.close_connection()
            self.flush()
        elif way == "reset":
            time.sleep(0.002)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return way not in H2_CONNECTION_WAYS

"""HTTP/2 with the face of `sse_client.Connection`: each request is a stream, and responses are read in their order.

It reads only when it is asked to, and gives a stream's window back only for what was taken of that stream: a stream that
nobody reads stalls, and its siblings do not.
"""

import json
import time
from collections import deque

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from h2.connection import ConnectionInputs, ConnectionState
from h2.errors import ErrorCodes
from h2.settings import SettingCodes, Settings

import transports
from sse_client import TIMEOUT, Response
from transports import ConnectionEnded

WINDOW = 65_535
WIDEST = 2**31 - 1


class StreamReset(ConnectionEnded):
    """RST_STREAM; `code` is its reason."""

    def __init__(self, code):
        super().__init__(f"RST_STREAM {code!r}")
        self.code = code


class H2Stream:
    """What has come of one request."""

    def __init__(self, number):
        self.number = number
        self.fields, self.head_at = None, None
        self.pieces = deque()
        self.has_ended, self.error = False, None

    @property
    def is_over(self):
        return self.has_ended or self.error is not None


class H2Response(Response):
    """The head is awaited when it is made; the body as it is asked for."""

    def __init__(self, connection, stream):
        self.connection, self.stream = connection, stream
        connection.fill_until(lambda: stream.fields is not None or stream.is_over)
        if stream.fields is None:
            raise stream.error or ConnectionEnded("a stream without a head")
        self.at = stream.head_at
        assert [name for name, _ in stream.fields].count(":status") == 1, stream.fields
        self.version, self.reason, self.framing = "HTTP/2", "", "frames"
        self.status = int(dict(stream.fields)[":status"])
        self.headers = [(name, value) for name, value in stream.fields if not name.startswith(":")]
        assert all(name == name.lower() for name, _ in self.headers), self.headers
        assert not self.tokens("connection") and self.header("transfer-encoding") is None, self.headers

    def pieces(self):
        """The payload of each DATA frame, with the time at which it came. An end that is none raises."""
        while True:
            self.connection.fill_until(lambda: self.stream.pieces or self.stream.is_over)
            if not self.stream.pieces:
                break
            piece, length, at = self.stream.pieces.popleft()
            self.connection.acknowledge(self.stream, length)
            if piece:
                yield piece, at
        if self.stream.error:
            raise self.stream.error


class H2Connection:
    """One connection. `receive_buffer` is also the window of each stream, so that few bytes are on their way."""

    def __init__(self, port, host="127.0.0.1", timeout=TIMEOUT, receive_buffer=None, window=None):
        self.port = port
        self.socket = transports.connect(port, host, timeout, receive_buffer)
        self.at = time.monotonic()
        self.streams, self.unread = {}, deque()
        self.last_stream, self.goaway, self.settings, self.pings = None, None, {}, 0
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.local_settings = Settings(client=True, initial_values={
            SettingCodes.ENABLE_PUSH: 0, SettingCodes.INITIAL_WINDOW_SIZE: window or receive_buffer or WINDOW})
        # hyper-h2 takes a GOAWAY for the end of all; the streams below its number go on.
        machine = self.h2.state_machine
        machine._transitions = machine._transitions | {
            (ConnectionState.CLIENT_OPEN, ConnectionInputs.RECV_GOAWAY): (None, ConnectionState.CLIENT_OPEN)}
        self.h2.initiate_connection()
        # A connection's window that stalled streams cannot fill.
        self.h2.increment_flow_control_window(WIDEST - WINDOW)
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def flush(self):
        if said := self.h2.data_to_send():
            self.socket.sendall(said)

    def send(self, data):
        """Bytes of any kind, past all that is kept of the connection's state."""
        self.socket.sendall(data)

    def finish_sending(self):
        """Nothing to do: each request has ended its side of its stream."""

    def reset(self):
        """Resets every stream that is not over. The connection stays, as a browser's does, until it is closed."""
        for stream in self.streams.values():
            if not stream.is_over:
                self.reset_stream(stream)

    def reset_stream(self, stream, code=ErrorCodes.CANCEL):
        stream.error = StreamReset(code)
        self.h2.reset_stream(stream.number, code)
        self.flush()

    def open(self, method, target, headers=(), body=None):
        """A request and its stream."""
        stream = H2Stream(self.h2.get_next_available_stream_id())
        fields, body = render_fields(self.port, method, target, headers, body)
        self.streams[stream.number] = stream
        self.h2.send_headers(stream.number, fields, end_stream=body is None)
        self.flush()
        if body is not None:
            self.send_body(stream, body)
        return stream

    def send_body(self, stream, body):
        while body:
            self.fill_until(lambda: stream.is_over or self.h2.local_flow_control_window(stream.number) > 0)
            if stream.is_over:
                return
            size = min(self.h2.local_flow_control_window(stream.number), self.h2.max_outbound_frame_size)
            piece, body = body[:size], body[size:]
            self.h2.send_data(stream.number, piece)
            self.flush()
        if not stream.is_over:
            self.h2.end_stream(stream.number)
            self.flush()

    def request(self, method, target, headers=(), body=None, version="HTTP/2"):
        self.unread.append(self.open(method, target, headers, body))
        return self

    def response(self, head_only=False):
        return H2Response(self, self.unread.popleft())

    def response_of(self, stream):
        return H2Response(self, stream)

    def at_end(self):
        """Whether every stream has ended in order, without one byte more."""
        self.fill_until(lambda: all(each.is_over for each in self.streams.values()))
        return all(each.has_ended and not each.error and not each.pieces for each in self.streams.values())

    def acknowledge(self, stream, length):
        try:
            if length and not stream.is_over:
                self.h2.acknowledge_received_data(length, stream.number)
                self.flush()
        except (h2.exceptions.ProtocolError, OSError):
            # The connection has ended since: what had come of it is read all the same.
            pass

    def fill_until(self, condition):
        while not condition():
            self.fill()

    def fill(self):
        """Takes in what has come. The end of the connection is told to its streams, and raised where there is none."""
        try:
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionEnded("the connection")
        except (ConnectionEnded, ConnectionError) as end:
            running = [each for each in self.streams.values() if not each.is_over]
            for each in running:
                each.error = end
            if not running:
                raise
            return False
        self.at = time.monotonic()
        for event in self.h2.receive_data(received):
            self.take(event)
        self.flush()
        return True

    def take(self, event):
        stream = self.streams.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.ResponseReceived):
            stream.fields, stream.head_at = list(event.headers), self.at
        elif isinstance(event, h2.events.DataReceived):
            stream.pieces.append((bytes(event.data), event.flow_controlled_length, self.at))
        elif isinstance(event, h2.events.StreamEnded):
            stream.has_ended = True
        elif isinstance(event, h2.events.StreamReset):
            stream.error = stream.error or StreamReset(event.error_code)
        elif isinstance(event, h2.events.TrailersReceived):
            raise AssertionError("trailers")
        elif isinstance(event, h2.events.RemoteSettingsChanged):
            self.settings |= {code: change.new_value for code, change in event.changed_settings.items()}
        elif isinstance(event, h2.events.PingReceived):
            self.pings += 1
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.goaway, self.last_stream = event.error_code, event.last_stream_id


def render_fields(port, method, target, headers, body):
    """A request's fields and body, rendered as `sse_client.render_request` does for HTTP/1."""
    pairs = [(name.lower(), value) for name, value in (headers.items() if isinstance(headers, dict) else headers)]
    names = {name for name, _ in pairs}
    authority = next((value for name, value in pairs if name == "host"), f"127.0.0.1:{port}")
    pairs = [(name, value) for name, value in pairs if name != "host"]
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        if "content-type" not in names:
            pairs.append(("content-type", "application/json"))
    if body is not None and "content-length" not in names:
        pairs.append(("content-length", str(len(body))))
    scheme = "https" if transports.is_secure(port) else "http"
    return [(":method", method), (":scheme", scheme), (":authority", authority), (":path", target), *pairs], body

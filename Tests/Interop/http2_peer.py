"""A client of HTTP/2 that keeps no rule: it sends the frames it is told to, and notes what comes."""

import socket
import ssl
import threading
import time

import hpack
from hyperframe import frame as frames

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR = 0, 1, 3
STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 5, 6, 7, 8, 9, 11


def raw_frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame that no library would make."""
    length = len(payload) if length is None else length
    return length.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


class HTTP2Peer:
    """One connection. A thread of its own reads it and answers SETTINGS and PING, and gives the windows back."""

    def __init__(self, server, preface=PREFACE, settings=None, gives_windows_back=True, answers=True):
        self.authority = f"localhost:{server.port}"
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        # Not a TLS socket: Python's may not be read and written by two threads at once.
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = server.context(protocols=["h2"])
        self.session = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.shake_hands()
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.gives_windows_back, self.answers = gives_windows_back, answers
        self.changed = threading.Condition()
        self.session_lock, self.sending = threading.Lock(), threading.Lock()
        self.settings, self.heads, self.bodies, self.times, self.resets, self.done = {}, {}, {}, {}, {}, set()
        self.pongs, self.goaway, self.ended, self.said = 0, None, None, None
        self.send(preface + frames.SettingsFrame(0, settings=settings or {}).serialize())
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def shake_hands(self):
        while True:
            try:
                self.session.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.socket.sendall(self.outgoing.read())
                self.incoming.write(self.socket.recv(65536))
        self.socket.sendall(self.outgoing.read())

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    # MARK: Sending

    def send(self, *pieces):
        """Sends frames, or bytes. False where the connection has ended."""
        data = b"".join(each if isinstance(each, bytes) else each.serialize() for each in pieces)
        try:
            with self.sending:
                with self.session_lock:
                    self.session.write(data)
                    records = self.outgoing.read()
                self.socket.sendall(records)
            return True
        except OSError:
            return False

    def flood(self, piece, times, at_once=50):
        """Sends a frame ever again, until all are sent or the connection has ended."""
        make = piece if callable(piece) else lambda _: piece
        for first in range(0, times, at_once):
            some = [make(index) for index in range(first, min(times, first + at_once))]
            if self.ended is not None or not self.send(*some):
                return

    def head(self, stream, target, method="GET", more=(), ends=True, flags=("END_HEADERS",)):
        fields = [(":method", method), (":scheme", "https"), (":authority", self.authority), (":path", target), *more]
        return frames.HeadersFrame(stream, self.encoder.encode(fields), flags=[*flags] + ["END_STREAM"] * ends)

    def get(self, stream, target, **more):
        return self.send(self.head(stream, target, **more))

    def large_head(self, stream, target, size):
        """A request whose one long field is in no table, in as many frames as it needs."""
        fields = [(":method", "GET"), (":scheme", "https"), (":authority", self.authority), (":path", target)]
        fields.append(hpack.NeverIndexedHeaderTuple("x-filler", "~" * (size - 500)))
        block = self.encoder.encode(fields, huffman=False)
        pieces = [block[at:at + 16_384] for at in range(0, len(block), 16_384)]
        made = [frames.HeadersFrame(stream, pieces[0], flags=["END_STREAM"])]
        made += [frames.ContinuationFrame(stream, piece) for piece in pieces[1:]]
        made[-1].flags.add("END_HEADERS")
        return made

    # MARK: Reading

    def read(self):
        buffer = b""
        try:
            while received := self.socket.recv(65536):
                buffer += self.decrypted(received)
                while len(buffer) >= 9:
                    frame, length = frames.Frame.parse_frame_header(memoryview(buffer[:9]))
                    if len(buffer) < 9 + length:
                        break
                    frame.parse_body(memoryview(buffer[9:9 + length]))
                    buffer = buffer[9 + length:]
                    self.take(frame)
        except OSError as error:
            self.said = error
        finally:
            with self.changed:
                self.ended = time.monotonic()
                self.changed.notify_all()

    def decrypted(self, received):
        plain = b""
        with self.session_lock:
            self.incoming.write(received)
            try:
                while more := self.session.read(65536):
                    plain += more
            except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                pass
        return plain

    def take(self, frame):
        stream, answer = frame.stream_id, []
        with self.changed:
            if isinstance(frame, frames.SettingsFrame) and "ACK" not in frame.flags:
                self.settings.update(frame.settings)
                answer.append(frames.SettingsFrame(0, flags=["ACK"]))
            elif isinstance(frame, frames.PingFrame):
                if "ACK" in frame.flags:
                    self.pongs += 1
                else:
                    answer.append(frames.PingFrame(0, frame.opaque_data, flags=["ACK"]))
            elif isinstance(frame, frames.HeadersFrame):
                assert "END_HEADERS" in frame.flags
                self.heads[stream] = dict(self.decoder.decode(frame.data))
            elif isinstance(frame, frames.DataFrame):
                self.bodies[stream] = self.bodies.get(stream, b"") + frame.data
                self.times.setdefault(stream, []).append(time.monotonic())
                if self.gives_windows_back and frame.flow_controlled_length:
                    answer += [frames.WindowUpdateFrame(each, frame.flow_controlled_length) for each in (0, stream)]
            elif isinstance(frame, frames.RstStreamFrame):
                self.resets[stream] = frame.error_code
            elif isinstance(frame, frames.GoAwayFrame):
                self.goaway = frame
            if "END_STREAM" in frame.flags or isinstance(frame, frames.RstStreamFrame):
                self.done.add(stream)
            self.changed.notify_all()
        if answer and self.answers:
            self.send(*answer)

    def wait(self, condition, what, seconds=10):
        with self.changed:
            assert self.changed.wait_for(condition, seconds), f"{what}: {self}"

    def wait_for_end(self, stream, seconds=10):
        self.wait(lambda: stream in self.done or self.ended, f"stream {stream} does not end", seconds)
        assert stream in self.done, f"the connection ended first: {self}"

    def goodbye(self, seconds=10):
        """The code with which the server ends the connection."""
        self.wait(lambda: self.ended, "the connection does not end", seconds)
        assert self.goaway is not None, f"it ended without a word: {self}"
        return self.goaway.error_code

    def status(self, stream):
        return self.heads.get(stream, {}).get(":status")

    def __str__(self):
        return (f"goaway {self.goaway}, resets {self.resets}, heads {self.heads}, done {sorted(self.done)[:20]}, "
                f"ended {self.ended is not None} {self.said!r}")

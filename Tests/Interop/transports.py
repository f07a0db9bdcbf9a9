"""What a connection to the gateway goes over: plain HTTP/1 (`h1`), HTTP/1 over TLS (`tls`), HTTP/2 over TLS (`h2`) and
plain HTTP/2 (`h2c`). A test that knows nothing of it is given a port that does."""

import functools
import socket
import ssl
import struct
import tempfile
import threading
from pathlib import Path

# Of each transport, what is asked for in the handshake; None: there is none.
PROTOCOLS = {"h1": None, "tls": "http/1.1", "h2": "h2", "h2c": None}


class ConnectionEnded(Exception):
    """The peer closed or reset the connection, or the stream, before what was awaited had come."""


class Port(int):
    """A port, and what is spoken there."""

    def __new__(cls, number, over):
        port = super().__new__(cls, number)
        port.over = over
        return port


def port_over(number, transport):
    """Python's resolver takes no port but a bare number: what is spoken by default needs no more."""
    return int(number) if transport == "h1" else Port(number, transport)


def over(port):
    return getattr(port, "over", "h1")


def is_http2(port):
    return over(port).startswith("h2")


def is_secure(port):
    return PROTOCOLS[over(port)] is not None


def once(function):
    """What it returns is made once, whatever number of threads ask first."""
    lock, kept = threading.RLock(), functools.cache(function)

    @functools.wraps(function)
    def locked(*arguments):
        with lock:
            return kept(*arguments)

    return locked


@once
def authority():
    """The authority of the tests' gateways; its files live as long as this process."""
    from certificates import Authority
    folder = tempfile.TemporaryDirectory(prefix="typebar-certificates-")
    made = Authority(Path(folder.name))
    made.kept = folder
    return made


@once
def server_files():
    """A certificate for this machine, and its key."""
    return authority().issue("127.0.0.1", "localhost")


@once
def client_context(protocol):
    context = ssl.create_default_context(cafile=authority().file)
    context.set_alpn_protocols([protocol])
    return context


def connect(port, host="127.0.0.1", timeout=None, receive_buffer=None):
    """A socket, or what looks like one, after its handshake."""
    plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.settimeout(timeout)
        plain.connect((host, port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        protocol = PROTOCOLS[over(port)]
        return TLSSocket(plain, client_context(protocol), protocol) if protocol else plain
    except BaseException:
        plain.close()
        raise


def reset(connected):
    """Closes with RST, as a crashed tab or a lost network does: TLS learns nothing of it."""
    plain = connected.plain if isinstance(connected, TLSSocket) else connected
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    plain.close()


class TLSSocket:
    """TLS with the face of a socket. Unlike Python's own it can end one direction and read on, and it tells an end of
    the session (`b""`) from one of the connection under it (`ConnectionEnded`)."""

    def __init__(self, plain, context, protocol=None, host="127.0.0.1"):
        self.plain = plain
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = context.wrap_bio(self.incoming, self.outgoing, server_hostname=host)
        self.decrypted = bytearray()
        self.has_ended = False
        while not self.step(self.session.do_handshake):
            if not self.take_in():
                raise ConnectionEnded("in the handshake")
        assert protocol is None or self.session.selected_alpn_protocol() == protocol, \
            f"{self.session.selected_alpn_protocol()} instead of {protocol}"

    def step(self, call):
        """Whether the call needs nothing more from the peer; what it wants to say is sent."""
        try:
            call()
            return True
        except ssl.SSLWantReadError:
            return False
        finally:
            if said := self.outgoing.read():
                self.transmit(said)

    def transmit(self, records):
        self.plain.sendall(records)

    def take_in(self):
        """False where the connection under the session has ended."""
        received = self.plain.recv(65536)
        self.incoming.write(received)
        return bool(received)

    def decrypt(self):
        """Takes all that can be read now."""
        def read():
            while not self.has_ended:
                try:
                    piece = self.session.read(65536)
                except ssl.SSLZeroReturnError:
                    piece = b""
                self.decrypted += piece
                self.has_ended = not piece
        self.step(read)

    def recv(self, count):
        self.decrypt()
        while not self.decrypted and not self.has_ended:
            if not self.take_in():
                raise ConnectionEnded("without an end of the session")
            self.decrypt()
        taken = bytes(self.decrypted[:count])
        del self.decrypted[:count]
        return taken

    def sendall(self, data):
        self.step(lambda: self.session.write(data))

    def shutdown(self, how):
        """Says that nothing more will be sent; what comes is still read."""
        assert how == socket.SHUT_WR
        # What is there already would be taken for an answer to it.
        self.decrypt()
        self.step(self.session.unwrap)

    def settimeout(self, seconds):
        self.plain.settimeout(seconds)

    def setsockopt(self, *option):
        self.plain.setsockopt(*option)

    def getsockname(self):
        return self.plain.getsockname()

    def fileno(self):
        return self.plain.fileno()

    def close(self):
        """Ends the session in order, as a browser does, if anybody is there to hear it."""
        try:
            if self.plain.fileno() >= 0 and not self.has_ended:
                self.shutdown(socket.SHUT_WR)
        except (OSError, ConnectionEnded):
            pass
        self.plain.close()

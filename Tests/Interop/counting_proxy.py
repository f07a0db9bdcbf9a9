"""A TCP proxy that lets everything through, counts what goes by, and can drop the line."""

import re
import socket
import struct
import threading

REQUEST = re.compile(rb"^(GET|HEAD|POST|PUT|DELETE|OPTIONS) (\S+) HTTP/1\.1\r$", re.MULTILINE)


class CountingProxy:
    def __init__(self, target):
        self.target = target
        self.lock = threading.Lock()
        self.sent, self.received, self.pairs = [], [], []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            record = {"sent": bytearray(), "received": bytearray()}
            with self.lock:
                self.pairs.append((client, server))
                self.sent.append(record["sent"])
                self.received.append(record["received"])
            threading.Thread(target=self.pump, args=(client, server, record["sent"]), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, record["received"]), daemon=True).start()

    def pump(self, source, sink, record):
        try:
            while data := source.recv(65536):
                with self.lock:
                    record += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def requests(self, prefix="/"):
        """The requests so far, as `GET /path`."""
        with self.lock:
            found = [match for record in self.sent for match in REQUEST.findall(record)]
        lines = [f"{method.decode()} {path.decode()}" for method, path in found]
        return [line for line in lines if line.split(" ")[1].startswith(prefix)]

    def stream_requests(self):
        return [line for line in self.requests("/chat/stream") if not line.startswith(("DELETE", "OPTIONS"))]

    def answered(self, pattern):
        """How often this came from the server."""
        with self.lock:
            return sum(len(re.findall(pattern, bytes(record))) for record in self.received)

    def generations(self):
        """The start frames of answers that were asked for, not resumed."""
        return self.answered(rb'"resumed": ?false')

    def retries(self):
        with self.lock:
            return [int(each) for record in self.received for each in re.findall(rb"(?m)^retry: (\d+)$", bytes(record))]

    def drop(self):
        """Resets every connection, as a network that goes away does."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for client, server in pairs:
            for each in (client, server):
                try:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    # A shutdown wakes the pump; the reset follows with the close.
                    each.shutdown(socket.SHUT_RD)
                    each.close()
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()

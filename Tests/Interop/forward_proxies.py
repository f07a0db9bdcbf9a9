"""Proxies as a company has them, in small: HTTP with and without tunnels, and SOCKS5. They note whom they were asked for."""

import base64
import select
import socket
import threading

REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"


class Refused(Exception):
    """The client has not shown who it is."""


class ForwardProxy:
    """Serves whoever shows `user` ("name:password"), or everybody. `asked` has the targets, `seen` all bytes sent to it."""

    scheme = "http"

    def __init__(self, user=None):
        self.user = user
        self.asked, self.seen, self.pairs, self.connections = [], bytearray(), [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, user=None, scheme=None):
        return f"{scheme or self.scheme}://{user + '@' if user else ''}127.0.0.1:{self.port}"

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.pairs:
            each.close()

    def drop(self):
        """Ends all connections that go through it."""
        for each in self.pairs:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        self.pairs.append(client)
        try:
            server = self.open(client)
            self.pairs.append(server)
            self.pump(client, server)
        except (OSError, Refused):
            pass
        finally:
            client.close()

    def read(self, client, count):
        data = b""
        while len(data) < count:
            if not (more := client.recv(count - len(data))):
                raise OSError("the client has left")
            data += more
        self.seen += data
        return data

    def pump(self, client, server):
        try:
            while True:
                for source in select.select([client, server], [], [])[0]:
                    if not (data := source.recv(65536)):
                        return
                    if source is client:
                        self.seen += data
                    (server if source is client else client).sendall(data)
        finally:
            server.close()


class HTTPProxy(ForwardProxy):
    """CONNECT for what is encrypted, whole URLs for what is not."""

    def open(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.read(client, 1)
        line, *fields = data.decode("latin-1").split("\r\n")
        if self.user:
            word = "Proxy-Authorization: Basic " + base64.b64encode(self.user.encode()).decode()
            if word not in fields:
                client.sendall(REFUSED)
                raise Refused
        method, target, version = line.split(" ")
        self.asked.append(f"{method} {target}")
        if method == "CONNECT":
            host, port = target.rsplit(":", 1)
            server = socket.create_connection((host, int(port)))
            client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            return server
        host, _, path = target.removeprefix("http://").partition("/")
        name, port = host.rsplit(":", 1)
        server = socket.create_connection((name, int(port)))
        kept = [field for field in fields if not field.lower().startswith("proxy-")]
        server.sendall("\r\n".join([f"{method} /{path} {version}", *kept]).encode("latin-1"))
        return server


class SOCKSProxy(ForwardProxy):
    """RFC 1928, with the user name and password of RFC 1929."""

    scheme = "socks5"

    def open(self, client):
        _, count = self.read(client, 2)
        methods = self.read(client, count)
        wanted = 2 if self.user else 0
        if wanted not in methods:
            client.sendall(b"\x05\xff")
            raise Refused
        client.sendall(bytes([5, wanted]))
        if self.user:
            self.check_user(client)
        _, _, _, kind = self.read(client, 4)
        if kind == 3:
            host = self.read(client, self.read(client, 1)[0]).decode()
        else:
            host = socket.inet_ntop(*((socket.AF_INET, self.read(client, 4)) if kind == 1
                                      else (socket.AF_INET6, self.read(client, 16))))
        port = int.from_bytes(self.read(client, 2), "big")
        self.asked.append(f"{'name' if kind == 3 else 'address'} {host}:{port}")
        server = socket.create_connection((host, port))
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return server

    def check_user(self, client):
        self.read(client, 1)
        name = self.read(client, self.read(client, 1)[0])
        password = self.read(client, self.read(client, 1)[0])
        is_known = name + b":" + password == self.user.encode()
        client.sendall(b"\x01" + (b"\x00" if is_known else b"\x01"))
        if not is_known:
            raise Refused

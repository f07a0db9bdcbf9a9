"""A real server over TLS, by a certificate of the test's own."""

import socket
import ssl

import pytest

from certificates import Authority
from conftest import Gateway
from sse_client import TIMEOUT, Connection


def SecureConnection(server, timeout=TIMEOUT, **how):
    """A connection of HTTP/1 over TLS."""
    connection = Connection(server.port, timeout=timeout)
    connection.socket = server.context(**how).wrap_socket(
        connection.socket, server_hostname="localhost", suppress_ragged_eofs=False)
    return connection


class SecureGateway(Gateway):
    """Speaks TLS, HTTP/1 and HTTP/2 on its one port; `how` is its certificate's making.

    A configuration names its certificates itself.
    """

    def __init__(self, authority, how=None, **flags):
        self.authority = authority
        if "config" not in flags:
            self.certificate, key = authority.issue("localhost", "127.0.0.1", **how or {})
            flags |= {"tls_certificate": self.certificate, "tls_key": key}
        super().__init__(**flags)

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def context(self, protocols=("http/1.1",), ciphers=None, version=None):
        """What a client of this server needs that trusts nobody else."""
        context = ssl.create_default_context(cafile=self.authority.file)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        if ciphers:
            context.set_ciphers(ciphers + ":@SECLEVEL=0")
        if version:
            context.minimum_version = context.maximum_version = version
        return context

    def ask_anything(self):
        self.fetch("/chat/models")

    def fetch(self, target, method="GET", headers=(), body=None):
        """One request over TLS, with its body in `.body`."""
        with SecureConnection(self) as connection:
            response = connection.request(method, target, headers, body).response()
            response.body = response.read()
            return response

    def plain_socket(self):
        """A connection on which nobody has spoken."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(authority):
    """One for a module's tests."""
    gateway = SecureGateway(authority)
    yield gateway
    code = gateway.end()
    assert code is None, f"the server ended by itself with {code}:\n{gateway.said()[-4000:]}"

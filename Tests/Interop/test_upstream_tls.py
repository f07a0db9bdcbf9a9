"""Upstreams over TLS: whom the gateway trusts, how it shows who it is, and what it tells where one of both fails."""

import json
import ssl

import pytest

from api_client import ask, said
from certificates import Authority
from scripted_upstream import END, delta
from sse_client import chat

KEY = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def good(exchange):
    exchange.start()
    exchange.write(delta("Hello over TLS") + END)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """An authority that nobody has been told to trust."""
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def port(gateway):
    """The port of a gateway whose one upstream is at `url`; `connection` as the configuration has it."""
    def make(url, **connection):
        entry = {"name": "secure", "model": "m", "url": url, "key": KEY,
                 "connection": {name: str(value) for name, value in connection.items()}}
        return gateway(config=json.dumps({
            "upstreams": [entry], "log_level": "trace",
            "routes": [{"model": "m", "targets": [{"upstream": "secure"}], "retries": {"base_ms": 10}}]})).port
    return make


def assert_refused(port, source, *words):
    """Told by the contract's fault and by the status of an API, in words that lead to the cause; nothing was asked."""
    answer = chat(port, "Hello", model="m", rate=0)
    assert answer.fault and answer.fault["kind"] == "upstream_refused", answer.frames[-1].raw
    assert any(word in answer.fault["message"].lower() for word in words), answer.fault
    told = ask(port, model="m", parameters="")
    assert told.status == 502 and any(word in told.text.lower() for word in words), told.text
    assert not source.exchanges, "the prompt and the key went to a stranger"
    assert KEY not in told.text


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_who_is_signed_by_the_authority_is_asked(port, upstream, authority, version):
    source = upstream(good, authority.server("127.0.0.1", version=version))
    served = port(source.url, ca_file=authority.file)
    assert said(ask(served, model="m", parameters="")) == "Hello over TLS"
    assert chat(served, "x", model="m", rate=0).text == "Hello over TLS"
    assert source.exchanges[0].headers["authorization"] == "Bearer " + KEY


def test_a_name_is_looked_for_in_the_certificate(port, upstream, authority):
    source = upstream(good, authority.server("localhost"))
    served = port(source.url.replace("127.0.0.1", "localhost"), ca_file=authority.file)
    assert said(ask(served, model="m", parameters="")) == "Hello over TLS"


def test_the_certificate_of_another_host_is_refused(port, upstream, authority):
    source = upstream(good, authority.server("api.example.com"))
    assert_refused(port(source.url, ca_file=authority.file), source, "host", "does not match", "mismatch")


def test_a_certificate_past_its_time_is_refused(port, upstream, authority):
    source = upstream(good, authority.server("127.0.0.1", expired=True))
    assert_refused(port(source.url, ca_file=authority.file), source, "expired")


def test_an_unknown_authority_is_refused(port, upstream, authority, stranger):
    source = upstream(good, stranger.server("127.0.0.1"))
    assert_refused(port(source.url, ca_file=authority.file), source, "issuer", "self-signed", "self signed")


def test_an_own_authority_is_unknown_to_the_system(port, upstream, authority):
    source = upstream(good, authority.server("127.0.0.1"))
    assert_refused(port(source.url), source, "issuer", "self-signed", "self signed")


def test_who_speaks_no_tls_is_told_apart(port, server):
    served = port(f"https://127.0.0.1:{server.port}/v1")
    answer = chat(served, "Hello", model="m", rate=0)
    assert answer.fault["kind"] == "upstream_refused", answer.fault
    assert "wrong version number" in answer.fault["message"], answer.fault
    assert ask(served, model="m", parameters="").status == 502


def test_where_the_first_cannot_be_trusted_the_next_is_asked(gateway, upstream, authority, stranger):
    false, true = upstream(good, stranger.server("127.0.0.1")), upstream(good, authority.server("127.0.0.1"))
    entries = [{"name": name, "url": source.url, "key": KEY, "connection": {"ca_file": str(authority.file)}}
               for name, source in (("false", false), ("true", true))]
    targets = [{"upstream": "false", "model": "m"}, {"upstream": "true", "model": "m", "priority": 1}]
    served = gateway(config=json.dumps({
        "upstreams": entries, "routes": [{"model": "m", "targets": targets, "retries": {"base_ms": 10}}]})).port
    assert said(ask(served, model="m", parameters="")) == "Hello over TLS"
    assert not false.exchanges and len(true.exchanges) == 1


def test_a_file_of_authorities_that_is_not_there_is_told(port, upstream, authority, tmp_path):
    source = upstream(good, authority.server("127.0.0.1"))
    answer = chat(port(source.url, ca_file=tmp_path / "gone.pem"), "x", model="m", rate=0)
    assert answer.fault["kind"] == "upstream_refused" and "gone.pem" in answer.fault["message"], answer.fault
    assert not source.exchanges


class TestClientCertificate:
    @pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
    def test_it_is_shown(self, port, upstream, authority, version):
        source = upstream(good, authority.server("127.0.0.1", clients=authority, version=version))
        certificate, key = authority.issue("typebar")
        served = port(source.url, ca_file=authority.file, certificate_file=certificate, key_file=key)
        assert said(ask(served, model="m", parameters="")) == "Hello over TLS"

    def test_its_key_may_be_in_the_same_file(self, port, upstream, authority, tmp_path):
        source = upstream(good, authority.server("127.0.0.1", clients=authority))
        both = tmp_path / "both.pem"
        both.write_text("".join(each.read_text() for each in authority.issue("typebar")))
        served = port(source.url, ca_file=authority.file, certificate_file=both)
        assert said(ask(served, model="m", parameters="")) == "Hello over TLS"

    @pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
    @pytest.mark.parametrize("whose", ["none", "strangers"])
    def test_without_the_right_one_the_error_tells_so(self, port, upstream, authority, stranger, version, whose):
        source = upstream(good, authority.server("127.0.0.1", clients=authority, version=version))
        shown = {}
        if whose == "strangers":
            shown = dict(zip(("certificate_file", "key_file"), stranger.issue("typebar")))
        answer = chat(port(source.url, ca_file=authority.file, **shown), "x", model="m", rate=0)
        # Since TLS 1.3 a client has sent its request before it learns that it is not welcome.
        kinds = ["upstream_refused"] + ["upstream_reset"] * (version == ssl.TLSVersion.TLSv1_3)
        assert answer.fault and answer.fault["kind"] in kinds, answer.frames[-1].raw
        assert answer.text == "" and not source.exchanges
        words = ["certificate", "unknown ca", "handshake failure"]
        assert any(word in answer.fault["message"].lower() for word in words), answer.fault

    def test_one_that_cannot_be_read_is_named(self, port, upstream, authority, tmp_path):
        source = upstream(good, authority.server("127.0.0.1", clients=authority))
        broken = tmp_path / "client.pem"
        broken.write_text("no certificate\n")
        answer = chat(port(source.url, ca_file=authority.file, certificate_file=broken), "x", model="m", rate=0)
        assert answer.fault["kind"] == "upstream_refused" and "client.pem" in answer.fault["message"], answer.fault

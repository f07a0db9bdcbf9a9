"""Upstreams behind a proxy: which one is used, what it is asked, and that nobody learns its password."""

import json
import subprocess

import pytest

from api_client import ask, call, said
from certificates import Authority
from conftest import BINARY, free_port
from forward_proxies import HTTPProxy, SOCKSProxy
from scripted_upstream import END, delta
from sse_client import chat

KEY = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"
PASSWORD = "hunter2-is-secret"
USER = "gateway:" + PASSWORD


def good(exchange):
    exchange.start()
    exchange.write(delta("Hello through it") + END)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def proxy():
    """Makes proxies: `proxy(HTTPProxy, user="name:password")`."""
    made = []

    def make(kind, **more):
        made.append(kind(**more))
        return made[-1]
    yield make
    for each in made:
        each.close()


@pytest.fixture
def served(gateway, authority):
    """A gateway whose one upstream is at `url` behind `through`, and that logs all it can."""
    def make(url, through=None, environment=None, **connection):
        connection |= {"ca_file": str(authority.file)} | ({"proxy": through} if through else {})
        entry = {"name": "far", "model": "m", "url": url, "key": KEY, "connection": connection,
                 "timeouts": {"connect_ms": 3000}}
        return gateway(environment=environment, config=json.dumps({
            "upstreams": [entry], "log_level": "trace",
            "routes": [{"model": "m", "targets": [{"upstream": "far"}], "retries": {"base_ms": 10}}]}))
    return make


def secure(authority, upstream):
    return upstream(good, authority.server("127.0.0.1", "localhost"))


def all_that_it_says(server):
    """What a client, an operator or a dashboard can read of a server, faults and refusals included."""
    answer = chat(server.port, "x", model="m", rate=0)
    told = ask(server.port, model="m", parameters="")
    pages = [call(server.port, "GET", path).text for path in ("/metrics", "/admin/requests", "/readyz")]
    return "\n".join([frame.raw.decode() for frame in answer.frames] + [told.text, server.said(), *pages])


@pytest.mark.parametrize("kind", [HTTPProxy, SOCKSProxy])
@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("user", [None, USER], ids=["open", "password"])
def test_all_goes_through_it(served, proxy, upstream, authority, kind, is_secure, user):
    source = secure(authority, upstream) if is_secure else upstream(good)
    through = proxy(kind, user=user)
    server = served(source.url, through.url(user))
    for _ in range(3):
        assert said(ask(server.port, model="m", parameters="")) == "Hello through it"
    target = f"127.0.0.1:{source.port}"
    wanted = {HTTPProxy: f"CONNECT {target}" if is_secure else f"POST http://{target}/v1/chat/completions",
              SOCKSProxy: f"address {target}"}[kind]
    assert through.asked == [wanted] * 3 and len(source.exchanges) == 3
    assert source.exchanges[0].headers["authorization"] == "Bearer " + KEY
    assert "proxy-authorization" not in source.exchanges[0].headers
    if is_secure:
        assert KEY.encode() not in through.seen and b"chat/completions" not in through.seen
    assert PASSWORD not in all_that_it_says(server)


def test_socks5h_leaves_the_name_to_the_proxy(served, proxy, upstream):
    source, through = upstream(good), proxy(SOCKSProxy)
    url = source.url.replace("127.0.0.1", "localhost")
    assert said(ask(served(url, through.url(scheme="socks5h")).port, model="m", parameters="")) == "Hello through it"
    assert said(ask(served(url, through.url(scheme="socks5")).port, model="m", parameters="")) == "Hello through it"
    assert through.asked == [f"name localhost:{source.port}", f"address 127.0.0.1:{source.port}"]


@pytest.mark.parametrize("kind", [HTTPProxy, SOCKSProxy])
@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("user", [None, "gateway:wrong-" + PASSWORD], ids=["none", "wrong"])
def test_a_proxy_that_knows_us_not_is_told_without_its_password(served, proxy, upstream, authority, kind, is_secure, user):
    source = secure(authority, upstream) if is_secure else upstream(good)
    server = served(source.url, proxy(kind, user=USER).url(user))
    answer = chat(server.port, "x", model="m", rate=0)
    # Without a tunnel the proxy's own status is the answer.
    is_answer = kind is HTTPProxy and not is_secure
    assert answer.fault and answer.fault["kind"] == ("upstream_status" if is_answer else "upstream_refused"), answer.fault
    assert "407" in answer.fault["message"] or kind is SOCKSProxy, answer.fault
    assert ask(server.port, model="m", parameters="").status >= 400
    assert not source.exchanges and PASSWORD not in all_that_it_says(server)


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
def test_a_proxy_that_is_not_there_is_told_without_its_password(served, upstream, scheme):
    source = upstream(good)
    server = served(source.url, f"{scheme}://{USER}@127.0.0.1:{free_port()}")
    answer = chat(server.port, "x", model="m", rate=0)
    assert answer.fault and answer.fault["kind"] == "upstream_refused", answer.fault
    assert not source.exchanges and PASSWORD not in all_that_it_says(server)


def test_a_proxy_whose_name_is_none_is_told_without_its_password(served, upstream):
    server = served(upstream(good).url, f"http://{USER}@no-such-proxy.invalid:3128")
    answer = chat(server.port, "x", model="m", rate=0)
    assert answer.fault and answer.fault["kind"] == "upstream_refused", answer.fault
    assert PASSWORD not in all_that_it_says(server)


def test_the_environment_s_proxies_are_not_used(served, upstream, authority):
    dead = f"http://127.0.0.1:{free_port()}"
    names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    for source in (upstream(good), secure(authority, upstream)):
        server = served(source.url, environment={name: dead for name in names})
        assert said(ask(server.port, model="m", parameters="")) == "Hello through it"


def test_no_proxy_of_the_environment_exempts_nobody(served, proxy, upstream):
    source, through = upstream(good), proxy(HTTPProxy)
    server = served(source.url, through.url(), environment={"no_proxy": "*", "NO_PROXY": "*"})
    assert said(ask(server.port, model="m", parameters="")) == "Hello through it" and len(through.asked) == 1


def test_a_proxy_that_dies_in_mid_stream_ends_the_answer_with_an_error(served, proxy, upstream, authority):
    through = proxy(HTTPProxy)

    def begun(exchange):
        exchange.start()
        exchange.say("Hel")
        exchange.hold()
    source = upstream(begun, authority.server("127.0.0.1"))
    server = served(source.url, through.url())

    answer = chat(server.port, "x", model="m", rate=0,
                  until=lambda answer: through.drop() if answer.text == "Hel" else False)
    assert answer.text == "Hel" and answer.fault, answer.frames[-1].raw
    assert answer.fault["kind"] in ("upstream_reset", "truncated"), answer.fault


def test_a_configuration_s_error_does_not_tell_the_password(tmp_path):
    path = tmp_path / "typebar.yaml"
    path.write_text(json.dumps({"upstreams": [{"name": "far", "url": "http://127.0.0.1:1/v1", "connection": {
        "proxy": USER + "@127.0.0.1:3128"}}]}))
    told = subprocess.run([BINARY, "check", path], capture_output=True, text=True, timeout=10)
    assert told.returncode != 0 and PASSWORD not in told.stdout + told.stderr, told.stderr

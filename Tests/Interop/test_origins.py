"""Which pages may ask: CORS for those that may, 403 for those that would spend their visitor's tokens."""

import pytest

from sse_client import assert_error, fetch, stream_target

FAST = {"rate": 0, "ttft": 0}
LOOPBACK_PAGES = ["http://localhost:5500", "http://127.0.0.1:3000", "http://[::1]:8000", "http://localhost"]
OTHER_PAGES = ["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "null",
               "http://evil.example:5500", "http://evil-localhost", "http://127.0.0.10.example"]
OTHER_HOSTS = ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.7:8080"]
LISTED = "https://app.example"
ASK = stream_target("Hello", model="mock/echo", **FAST)
POST = {"prompt": "Hello", "model": "mock/echo", **FAST}


def preflight(port, origin, target="/chat/stream", method="POST"):
    return fetch(port, "OPTIONS", target, {
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type,last-event-id"})


def cors_headers(response):
    return {name: value for name, value in response.headers if name.startswith("access-control-")}


@pytest.fixture
def guarded(gateway, upstream):
    """A server in front of an upstream, and the upstream, which nobody who is refused may reach."""
    def script(exchange):
        exchange.start()
        exchange.say("paid")
        exchange.end()

    source = upstream(script)
    return gateway(source.url, cors_origin=LISTED, allow_host=["gateway.example"]), source


class TestMockOnly:
    @pytest.mark.parametrize("origin", LOOPBACK_PAGES)
    def test_pages_of_this_machine_are_allowed(self, server, origin):
        for response in (fetch(server.port, "GET", ASK, {"Origin": origin}),
                         fetch(server.port, "POST", "/chat/stream", {"Origin": origin}, POST)):
            assert response.status == 200
            assert response.header("access-control-allow-origin") == origin
            assert "origin" in response.tokens("vary")

    @pytest.mark.parametrize("origin", OTHER_PAGES)
    def test_other_pages_get_no_permission_to_read(self, server, origin):
        response = fetch(server.port, "GET", ASK, {"Origin": origin})
        assert response.status == 200 and response.header("access-control-allow-origin") is None

    def test_errors_can_be_read_by_the_page_too(self, server):
        response = fetch(server.port, "GET", "/chat/stream", {"Origin": "http://localhost:5500"})
        assert_error(response, 400)
        assert response.header("access-control-allow-origin") == "http://localhost:5500"

    @pytest.mark.parametrize("host", OTHER_HOSTS)
    def test_any_host_is_served(self, server, host):
        assert fetch(server.port, "GET", ASK, {"Host": host}).status == 200

    def test_no_origin_needs_no_permission(self, server):
        assert fetch(server.port, "GET", ASK).header("access-control-allow-origin") in (None, "*")


class TestPreflight:
    @pytest.mark.parametrize("target", ["/chat/stream", "/chat", "/chat/stream/" + "a" * 26, "/chat/streams/" + "a" * 26])
    def test_allowed_page(self, server, target):
        response = preflight(server.port, "http://localhost:5500", target)
        assert response.status == 204 and response.body == b""
        assert response.header("access-control-allow-origin") == "http://localhost:5500"
        assert {"get", "post", "head", "options", "delete"} <= response.tokens("access-control-allow-methods")
        assert {"last-event-id", "idempotency-key", "content-type", "authorization"} <= response.tokens(
            "access-control-allow-headers")
        assert int(response.header("access-control-max-age")) > 0
        assert "origin" in response.tokens("vary")

    def test_other_page_where_there_is_only_the_mock(self, server):
        response = preflight(server.port, "https://evil.example")
        assert response.status == 204
        assert not [name for name in cors_headers(response) if name.startswith("access-control-allow-")]

    def test_other_page_where_there_is_an_upstream(self, guarded):
        server, source = guarded
        response = preflight(server.port, "https://evil.example")
        assert response.status == 403
        assert not [name for name in cors_headers(response) if name.startswith("access-control-allow-")]

    def test_neither_preflight_nor_head_starts_a_generation(self, guarded):
        server, source = guarded
        assert preflight(server.port, LISTED, ASK.replace("mock%2Fecho", "scripted")).status == 204
        assert preflight(server.port, LISTED).header("access-control-allow-origin") == LISTED
        assert fetch(server.port, "HEAD", stream_target("Hello")).status == 200
        # A whole generation on the same connection pool passes after them, so theirs would have been seen.
        assert fetch(server.port, "GET", stream_target("Hello", rate=0)).status == 200
        assert len(source.exchanges) == 1

    def test_options_without_an_origin_is_204(self, server):
        assert fetch(server.port, "OPTIONS", "/chat/stream").status == 204


class TestUpstreamIsGuarded:
    @pytest.mark.parametrize("origin", OTHER_PAGES)
    def test_other_pages_are_403(self, guarded, origin):
        server, source = guarded
        for response in (fetch(server.port, "GET", stream_target("Hello"), {"Origin": origin}),
                         fetch(server.port, "POST", "/chat", {"Origin": origin}, {"prompt": "Hello"}),
                         fetch(server.port, "POST", "/chat/stream", {"Origin": origin}, {"prompt": "Hello"}),
                         fetch(server.port, "DELETE", "/chat/streams/" + "a" * 26, {"Origin": origin}),
                         fetch(server.port, "GET", "/chat/stream/" + "a" * 26, {"Origin": origin})):
            assert_error(response, 403)
            assert response.header("access-control-allow-origin") is None
        assert not source.exchanges

    @pytest.mark.parametrize("host", OTHER_HOSTS)
    def test_other_hosts_are_403(self, guarded, host):
        server, source = guarded
        for response in (fetch(server.port, "GET", stream_target("Hello"), {"Host": host}),
                         fetch(server.port, "POST", "/chat", {"Host": host}, {"prompt": "Hello"}),
                         # A rebound page is of the same origin as the host it names.
                         fetch(server.port, "GET", stream_target("Hello"), {"Host": host, "Origin": "http://" + host})):
            assert_error(response, 403)
        assert not source.exchanges

    @pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:9",
                                      "gateway.example", "gateway.example:443"])
    def test_loopback_and_listed_hosts_are_served(self, guarded, host):
        server, _ = guarded
        assert fetch(server.port, "GET", ASK, {"Host": host}).status == 200

    @pytest.mark.parametrize("origin", LOOPBACK_PAGES + [LISTED])
    def test_loopback_and_listed_pages_are_served(self, guarded, origin):
        server, _ = guarded
        response = fetch(server.port, "GET", ASK, {"Origin": origin})
        assert response.status == 200 and response.header("access-control-allow-origin") == origin

    def test_a_listed_page_is_that_scheme_host_and_port(self, guarded):
        server, _ = guarded
        for origin in ("http://app.example", "https://app.example:8443", "https://app.example.evil", "https://xapp.example"):
            assert_error(fetch(server.port, "GET", ASK, {"Origin": origin}), 403)


class TestAllowList:
    def test_several_origins(self, gateway):
        port = gateway(cors_origin=["https://a.example", "https://b.example"]).port
        for origin in ("https://a.example", "https://b.example"):
            assert fetch(port, "GET", ASK, {"Origin": origin}).header("access-control-allow-origin") == origin
        assert fetch(port, "GET", ASK, {"Origin": "https://c.example"}).header("access-control-allow-origin") is None

    def test_star_allows_all_but_never_credentials(self, gateway, upstream):
        source = upstream(lambda exchange: exchange.start() or exchange.end())
        port = gateway(source.url, cors_origin="*").port
        for response in (fetch(port, "GET", ASK, {"Origin": "https://any.example"}), preflight(port, "https://any.example")):
            assert response.status in (200, 204)
            assert response.header("access-control-allow-origin") in ("*", "https://any.example")
            assert response.header("access-control-allow-credentials") is None

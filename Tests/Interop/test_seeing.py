"""What the server tells of itself: metrics, health, and the live page's figures."""

import http.client
import json
import re
import time

from api_client import ask, call
from conftest import free_port
from sse_client import chat, fetch


def samples(port):
    told = call(port, "GET", "/metrics")
    assert told.status == 200 and told.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {name: float(value) for name, value in re.findall(r"^(typebar_\S+) (\S+)$", told.text, re.MULTILINE)}


def test_streams_and_frames_are_counted(gateway):
    port = gateway().port
    before = samples(port)
    for _ in range(3):
        assert ask(port, "a b c d e f").status == 200
    chat(port, "Hello", rate=0, model="echo")
    after = samples(port)

    def grown(name):
        return after.get(name, 0) - before.get(name, 0)
    assert grown('typebar_streams_total{outcome="whole",format="openai_chat"}') == 3
    assert grown('typebar_streams_total{outcome="whole",format="plain_stream"}') == 1
    assert grown("typebar_ttft_seconds_count") == 4
    assert grown('typebar_frames_total{kind="text"}') == grown("typebar_frame_lag_seconds_count") >= 4 * 3
    assert grown('typebar_connections_total{code="200"}') == 5, "four answers and the metrics before"


def test_an_upstream_is_told_with_its_breaker(gateway):
    dead = f"http://127.0.0.1:{free_port()}/v1"
    config = json.dumps({"upstreams": [{"name": "dead", "url": dead, "breaker": {"failures": 1, "open_ms": 60000}}],
                         "routes": [{"model": "m", "targets": [{"upstream": "dead"}]}]})
    port = gateway(config=config).port
    assert ask(port, model="m", parameters="").status in (502, 503)
    told = samples(port)
    assert told['typebar_breaker_state{upstream="dead",model="m",state="open"}'] == 1
    assert told['typebar_upstream_in_flight{upstream="dead",model="m"}'] == 0
    assert told['typebar_upstream_seconds_count{upstream="dead",outcome="failed"}'] >= 1, "failed calls count too"


def test_health_and_readiness(gateway):
    served = gateway(grace=5)
    assert call(served.port, "GET", "/healthz").text == "ok\n"
    assert call(served.port, "GET", "/readyz").text == "ready\n"
    # A connection that is open already is still answered while the server goes down.
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request("POST", "/v1/chat/completions?rate=2", json.dumps(
        {"model": "echo", "stream": True, "messages": [{"role": "user", "content": "a b c d e"}]}),
        {"Content-Type": "application/json"})
    connection.getresponse().read(1)
    served.terminate()
    time.sleep(0.3)
    connection.close()


def test_the_live_page_is_fed_each_second(gateway):
    port = gateway().port
    assert fetch(port, "GET", "/live").status == 200
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/live/events")
    response = connection.getresponse()
    told = []
    while len(told) < 2:
        line = response.readline()
        if line.startswith(b"data: "):
            told.append(json.loads(line[6:]))
    connection.close()
    assert told[1]["uptime"] - told[0]["uptime"] > 0.9


def test_figures_are_only_for_who_may_look(gateway):
    served = gateway(admin_key_env="KEY", environment={"KEY": "secret-key"})
    assert call(served.port, "GET", "/metrics").status == 401
    assert call(served.port, "GET", "/metrics", headers={"Authorization": "Bearer secret-key"}).status == 200
    assert call(served.port, "GET", "/healthz").status == 200

"""What the server tells of itself: metrics, health, and the live page's figures."""

import http.client
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from api_client import ask, call
from conftest import free_port
from sse_client import chat, fetch
from test_routes import configuration, failing, good

PROMTOOL = shutil.which("promtool") or str(Path(__file__).parents[2] / ".build/promtool")


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


def test_promtool_finds_nothing_to_complain_of(gateway, upstream):
    assert os.access(PROMTOOL, os.X_OK), "there is no promtool: scripts/install test fetches it"

    def truncated(exchange):
        exchange.start()
        exchange.say("Hel")
        exchange.reset()

    urls = {"good": upstream(good).url, "broken": upstream(failing(500)).url, "truncated": upstream(truncated).url,
            'odd "name"': f"http://127.0.0.1:{free_port()}/v1"}
    routes = [{"model": name, "retries": {"attempts": 2, "base_ms": 1},
               "targets": [{"upstream": name}, {"upstream": "good", "priority": 1}]} for name in urls]
    port = gateway(config=configuration([{"name": name, "url": url} for name, url in urls.items()], routes)).port
    for name in urls:
        ask(port, model=name, parameters="")
    for fault in ("reset@2", "error@2", "status:429:1"):
        ask(port, model="mock/echo", parameters=f"speed=0&fault={fault}")
    streamed = chat(port, "Hello", model="mock/echo", rate=0)
    for last in (streamed.frames[-2].id, streamed.frames[-1].id, "nonsense", "a" * 26 + ".1"):
        call(port, "GET", "/chat/stream", headers={"Last-Event-ID": last})
    text = call(port, "GET", "/metrics").body
    checked = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, timeout=30)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
    told = samples(port)
    for result, count in {"resumed": 1, "ended": 1, "invalid": 1, "gone": 1, "busy": 0}.items():
        assert told[f'typebar_resumes_total{{result="{result}"}}'] == count, result
    assert told['typebar_log_append_seconds_count{engine="memory"}'] >= 1
    assert told['typebar_log_degraded{engine="memory"}'] == told["typebar_drain_remaining"] == 0


def test_bytes_are_counted_while_a_stream_runs(gateway):
    port = gateway().port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/chat/stream?model=echo&ttft=0&rate=200&unit=character&prompt=" + "x" * 4000)
    response = connection.getresponse()
    sent = []
    for _ in range(3):
        read = len(response.read(4000))
        sent.append(samples(port)["typebar_bytes_sent_total"])
        assert read == 4000
    connection.close()
    assert sent[0] > 4000 and sent[1] > sent[0] + 3000 and sent[2] > sent[1] + 3000


def test_health_and_readiness(gateway):
    served = gateway(grace=20)
    assert call(served.port, "GET", "/healthz").text == "ok\n"
    assert call(served.port, "GET", "/readyz").text == "ready\n"


def test_it_is_not_ready_for_a_while_before_it_takes_no_new_clients(gateway):
    served = gateway(grace=20, config="unready_seconds: 1.5\n")
    stream = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    stream.request("GET", "/chat/stream?model=echo&ttft=0&rate=10&prompt=" + "x" * 25)
    answer = stream.getresponse()
    answer.read(1)
    served.terminate()
    deadline = time.monotonic() + 1
    while (ready := call(served.port, "GET", "/readyz")).status == 200 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (ready.status, ready.text) == (503, "draining\n")
    assert call(served.port, "GET", "/healthz").status == 200, "it is well, and need not be started again"
    assert samples(served.port)["typebar_drain_remaining"] == 1
    assert ask(served.port, "new clients are still answered").status == 200
    assert b"[DONE]" in answer.read()
    stream.close()
    assert served.process.wait(5) == 0


def test_readiness_does_not_depend_on_upstreams(gateway):
    config = configuration([{"name": "dead", "url": f"http://127.0.0.1:{free_port()}/v1", "model": "m",
                             "breaker": {"failures": 1, "open_ms": 60000}}], [])
    served = gateway(config=config)
    assert ask(served.port, model="m", parameters="").status in (502, 503)
    assert call(served.port, "GET", "/readyz").status == 200
    assert ask(served.port, model="mock/echo").status == 200


def figures(response):
    """The events of the live page's stream."""
    while line := response.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def test_the_live_stream_shows_how_the_server_goes_down_and_does_not_hold_it_up(gateway):
    served = gateway(grace=20)
    live = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    live.request("GET", "/live/events")
    told = figures(live.getresponse())
    stream = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    stream.request("GET", "/chat/stream?model=echo&ttft=0&rate=10&prompt=" + "x" * 30)
    answer = stream.getresponse()
    answer.read(1)
    assert next(told)["drain_remaining"] == 0
    served.terminate()
    remaining = [each["drain_remaining"] for each in told]
    assert max(remaining) == 1 and remaining[-1] == 0
    assert b"[DONE]" in answer.read(), "a running stream comes to its end"
    assert served.process.wait(5) == 0
    live.close()
    stream.close()


def test_the_live_page_is_fed_each_second(gateway):
    port = gateway().port
    assert fetch(port, "GET", "/live").status == 200
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/live/events")
    response = connection.getresponse()
    stream = figures(response)
    told = [next(stream), next(stream)]
    connection.close()
    assert told[1]["uptime"] - told[0]["uptime"] > 0.9


def test_figures_are_only_for_who_may_look(gateway):
    served = gateway(admin_key_env="KEY", environment={"KEY": "secret-key"})
    assert call(served.port, "GET", "/metrics").status == 401
    assert call(served.port, "GET", "/metrics", headers={"Authorization": "Bearer secret-key"}).status == 200
    assert call(served.port, "GET", "/healthz").status == 200

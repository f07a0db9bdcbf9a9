# SPDX-License-Identifier: Apache-2.0
"""`typebar bench` as a command: what it demands, what it writes, and how it exits."""

import csv
import json
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest

from bench_client import KnownSchedule, Metric, bench, command
from sse_client import wait_until
from test_bench_faults import EMPTY, Says


@pytest.fixture(scope="module")
def known():
    server = KnownSchedule()
    yield server
    server.end()


@pytest.fixture(scope="module")
def quick(known):
    return known.url(ttft=50, gap=10, count=10)


def run(*words, **flags):
    return subprocess.run(command(*words, **flags), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)


def first_line(text):
    return next(line for line in text.splitlines() if line.strip())


# MARK: Exit codes


def test_the_first_line_is_the_verdict(quick):
    said = run(quick, concurrency=4, requests=8)
    assert said.returncode in (0, 3), said
    assert re.search(r"trusted|degraded|client.bound", first_line(said.stdout), re.I), said.stdout


@pytest.mark.parametrize("words", [
    [],
    ["ftp://127.0.0.1/"],
    ["not a url"],
    ["URL", "--concurrency", "0"],
    ["URL", "--concurrency", "-3"],
    ["URL", "--requests", "0"],
    ["URL", "--duration", "soon"],
    ["URL", "--request-rate", "-1"],
    ["URL", "--request-rate", "many"],
    ["URL", "--request-rate", "5", "--stages", "10:1s"],
    ["URL", "--sweep", "8,4"],
    ["URL", "--request-rate", "5", "--burstiness", "0"],
    ["URL", "--stages", "10"],
    ["URL", "--trace", "/nonexistent/trace"],
    ["URL", "--body", "/nonexistent/body"],
    ["URL", "--body", "/dev/null", "--prompt", "x"],
    ["URL", "--format", "morse"],
    ["URL", "--header", "no colon"],
    ["URL", "--goodput", "ttft"],
    ["URL", "--goodput", "beauty:3"],
    ["URL", "--assert", "ttft.p99"],
    ["URL", "--assert", "beauty.p99<3ms"],
    ["URL", "--max-error-rate", "lots"],
    ["URL", "--cadence", "slow"],
    ["URL", "--warmup", "-1s"],
    ["URL", "--processes", "0"],
    ["URL", "--processes", "100000"],
    ["URL", "--requests", "9223372036854775807"],
    ["URL", "--warmup", "9223372036854775807"],
    ["URL", "--concurrency", "9223372036854775807"],
    ["URL", "--duration", "0"],
    ["URL", "--max-concurrency", "5"],
    ["URL", "--burstiness", "2"],
    ["URL", "--sweep", "1,2", "--concurrency", "5"],
    ["URL", "--header", "x: y\r\nz: 1"],
    ["URL", "--json", "/tmp"],
    ["URL", "--baseline", "/nonexistent/report.json"],
    ["URL", "--json", "/nonexistent/folder/report.json"],
    ["URL", "--no-such-flag"],
    ["diff", "/nonexistent/a.json", "/nonexistent/b.json"],
], ids=" ".join)
def test_wrong_usage_is_2_and_says_what_is_wrong(quick, words):
    said = run(*[quick if word == "URL" else word for word in words])
    assert said.returncode == 2, said
    assert said.stderr.strip() and "fatal" not in said.stderr.lower() and "Error Domain" not in said.stderr
    parts = [part for word in words if word != "URL" for part in re.findall(r"[a-z]{4,5}", word)]
    assert not parts or any(part in said.stderr for part in parts), said.stderr


def test_an_assertion_that_holds_is_0_and_one_that_does_not_is_99(quick, tmp_path):
    good = bench(quick, concurrency=2, requests=6, **{"assert": ["ttft.mean<10s", "errors<1%", "gap.p50>1ms"]})
    assert good.code == 0, good
    result = bench(quick, concurrency=2, requests=6, **{"assert": ["ttft.mean<10s", "ttft.mean<10ms"]})
    assert result.code == 99, result
    assert [each["holds"] for each in result.runs[0]["assertions"]] == [True, False]
    assert "ttft.mean<10ms" in result.out


def test_an_assertion_on_what_was_not_measured_fails(quick):
    assert bench(quick, concurrency=2, requests=2, **{"assert": "stall.max<10s"}).code == 99


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_130_and_the_report_is_written(known, tmp_path, which):
    file = tmp_path / "report.json"
    url, before = known.url(ttft=50, gap=20, count=10000), known.told()["contents"]
    process = subprocess.Popen(command(url, concurrency=4, duration="60s", json=file), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    # More than 30 tokens of each.
    wait_until(lambda: known.told()["contents"] > before + 4 * 60, 20, "the streams have not begun")
    process.send_signal(which)
    began = time.monotonic()
    out, errors = process.communicate(timeout=10)
    assert process.returncode == 130 and time.monotonic() - began < 3, (out, errors)
    target = json.loads(file.read_text())["runs"][0]["targets"][0]
    assert {name: count for name, count in target["ends"].items() if count} == {"cut": 4}
    assert target["contents"] > 4 * 30 and target["metrics"]["gap"]["count"] == target["contents"] - 4
    assert "ttft" in out


def test_streams_that_outlast_the_duration_are_cut_after_the_drain(known):
    began = time.monotonic()
    result = bench(known.url(ttft=20, gap=20, count=10000), "--drain", "500ms", concurrency=3, duration="1s")
    assert result.code == 0 and result.ends == {"cut": 3}, result
    assert 1.4 < time.monotonic() - began < 6


def test_a_duration_begins_streams_for_so_long_and_lets_them_end(known):
    result = bench(known.url(ttft=20, gap=20, count=10), concurrency=4, duration="2s")
    assert result.code == 0 and set(result.ends) == {"complete"}, result
    assert 4 * 2000 / 240 * 0.7 < result.ends["complete"] < 4 * 2000 / 200 + 8


def test_the_warm_up_is_in_no_figure(known):
    known.zero()
    result = bench(known.url(ttft=20, gap=10, count=5), concurrency=4, requests=10, warmup=6)
    told = known.told()
    assert result.code == 0 and result.ends == {"complete": 10}, result
    assert told["streams"] == 16 and result.target["contents"] == 50


# MARK: What it writes


def test_progress_goes_to_standard_error_and_quiet_has_none(known):
    url = known.url(ttft=50, gap=20, count=30)
    loud = run(url, concurrency=2, duration="6s", allow_client_bound=True)
    assert loud.returncode == 0 and loud.stderr.strip() and "\x1b" not in loud.stdout + loud.stderr, loud
    quiet = run(url, concurrency=2, requests=4, quiet=True, allow_client_bound=True)
    assert quiet.returncode == 0 and not quiet.stderr.strip() and "ttft" in quiet.stdout, quiet


def test_the_table_has_what_a_reader_looks_for(known):
    result = bench(known.url(ttft=50, gap=20, count=30, stall="9:400", every=5), concurrency=10, requests=50)
    for word in ("ttft", "gap", "e2e", "p50", "p90", "p99", "max", "stall", "50"):
        assert word in result.out, result.out
    assert any(mark in result.out for mark in "▁▂▃▄▅▆▇█"), "the worst streams as sparklines"


def test_json_has_histograms_that_hold_all_values(quick):
    result = bench(quick, concurrency=4, requests=20, seed=7)
    report = result.report
    assert report["schema"] == 1 and str(report["seed"]) == "7" and quick in json.dumps(report)
    assert report["engine"] == "epoll" and report["machine"]["kernel"]
    for name, told in result.target["metrics"].items():
        metric = Metric(told)
        assert sum(count for _, count in metric.values) == metric.count, name
        assert metric.values == sorted(metric.values), name


def test_secrets_are_in_no_report(quick, tmp_path):
    secret = "sk-very-secret-4711"
    files = {name: tmp_path / f"report.{name}" for name in ("json", "csv", "junit", "html")}
    result = bench(quick, "--header", f"Authorization: Bearer {secret}", concurrency=2, requests=4, **files)
    assert result.code == 0, result
    for file in files.values():
        assert secret not in file.read_text(), file
    assert secret not in result.out + result.errors


def test_csv_and_junit_are_well_formed_and_say_the_same(quick, tmp_path):
    table, tests = tmp_path / "report.csv", tmp_path / "report.xml"
    result = bench(quick, concurrency=4, requests=20, csv=table, junit=tests,
                   **{"assert": ["ttft.mean<10s", "ttft.mean<1ms", "gap.p50<1ms"]})
    assert result.code == 99, result
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and None not in rows[0] and all(None not in row.values() for row in rows)
    by_metric = {row["metric"]: row for row in rows}
    assert int(by_metric["gap"]["count"]) == 20 * 9
    assert float(by_metric["ttft"]["mean"]) == pytest.approx(result.metric("ttft").mean, abs=0.01)
    root = ElementTree.parse(tests).getroot()
    cases = list(root.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    suite = root if root.tag == "testsuite" else root.find("testsuite")
    assert int(suite.get("tests")) == len(cases) and int(suite.get("failures")) == len(failed)
    assert len([case for case in cases if "<" in case.get("name")]) == 3
    assert {"ttft.mean<1ms", "gap.p50<1ms"} <= {case.get("name") for case in failed}


def test_goodput_counts_the_streams_that_kept_all_of_it(known):
    url = known.url(ttft=50, gap=10, count=10, stall="5:400", every=4)
    result = bench(url, concurrency=4, requests=20, goodput="ttft:2000,max_gap:300")
    goodput = result.runs[0]["goodput"]
    assert goodput["of"] == 20 and goodput["met"] == 15, result
    result = bench(known.url(ttft=50, gap=10, count=10, status=500, every=4), concurrency=4, requests=20,
                   goodput="ttft:2000", max_error_rate="100%")
    assert (result.runs[0]["goodput"]["met"], result.runs[0]["goodput"]["of"]) == (15, 20), "a failed stream did not meet it"


# MARK: What is asked


def test_a_prompt_and_a_body_are_posted(server, tmp_path):
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"model": "echo", "stream": True, "messages": [{"role": "user", "content": "a b c d e f"}]}))
    url = f"{server.url}/v1/chat/completions?unit=word&rate=50&ttft=20"
    for words in (["--body", body], ["--prompt", "a b c d e f", "--model", "echo"]):
        result = bench(url, *words, concurrency=2, requests=4)
        assert result.code == 0 and result.ends == {"complete": 4}, result
        assert result.target["format"] == "openai_chat" and result.target["contents"] == 4 * 6


def test_what_is_sent_is_a_plain_request(tmp_path):
    server = Says(EMPTY)
    body = tmp_path / "body"
    body.write_text('{"größer":1}')
    bench(f"http://127.0.0.1:{server.port}/a?b=c", "--header", "X-Mine: yes", "--header", "Host: example.org", body=body,
          concurrency=1, requests=2)
    server.end()
    for heard in server.heard:
        head, _, sent = heard.partition("\r\n\r\n")
        lines = head.split("\r\n")
        names = [line.partition(":")[0].lower() for line in lines[1:]]
        assert lines[0] == "POST /a?b=c HTTP/1.1" and sent == body.read_text()
        assert "X-Mine: yes" in lines and "Host: example.org" in lines and len(names) == len(set(names)), lines
        assert f"content-length: {len(body.read_bytes())}" in [line.lower() for line in lines], lines
    assert len(server.heard) == 2


# MARK: diff, baseline, calibrate


@pytest.fixture(scope="module")
def two_reports(known, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for name, ttft in (("a", 50), ("b", 120)):
        result = bench(known.url(ttft=ttft, gap=10, count=10), concurrency=10, requests=60, json=folder / f"{name}.json")
        assert result.code == 0, result
    return folder / "a.json", folder / "b.json"


def test_diff_names_what_has_changed_and_what_has_not(two_reports):
    said = run("diff", *two_reports)
    assert said.returncode == 0, said
    line = next(line for line in said.stdout.splitlines() if line.split()[:1] == ["ttft"])
    numbers = [float(word) for word in re.findall(r"[+-]?\d+(?:\.\d+)?", line)]
    assert any(number == pytest.approx(50, abs=15) for number in numbers), said.stdout
    assert any(number == pytest.approx(120, abs=15) for number in numbers), said.stdout
    same = run("diff", two_reports[0], two_reports[0])
    assert same.returncode == 0, same


def test_a_baseline_is_compared_with(known, two_reports):
    result = bench(known.url(ttft=120, gap=10, count=10), concurrency=10, requests=60, baseline=two_reports[0])
    assert result.code == 0, result
    line = next(line for line in result.out.split("change", 1)[1].splitlines() if line.split()[:1] == ["ttft"])
    assert "worse" in line, line


@pytest.mark.parametrize("content", ["", "{", "[]", "{\"schema\":99,\"runs\":[]}", "{\"schema\":1}"], ids=repr)
def test_a_file_that_is_no_report_is_2(two_reports, tmp_path, content):
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    said = run("diff", two_reports[0], bad)
    assert said.returncode == 2 and "bad.json" in said.stderr, said


def test_calibrate_says_what_each_engine_is_good_for():
    said = run("calibrate", "--streams", "150")
    assert said.returncode == 0, said
    *levels, plain, secure = said.stdout.splitlines()
    for engine, summary in [("epoll (HTTP/1.1)", plain), ("nio (TLS, HTTP/1.1)", secure)]:
        assert any(level.startswith(f"{engine}, 100 streams × 20 events a second: TTFT off by ") for level in levels), said
        # On a busy machine it may be good for nothing; but streams have run.
        assert re.match(re.escape(engine) + r" is (not )?good for \d+ streams × 20 events a second", summary), said
        assert "failed" not in summary, said

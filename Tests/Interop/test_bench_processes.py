# SPDX-License-Identifier: Apache-2.0
"""`typebar bench --processes`: one end for all of them, however it comes."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bench_client import KnownSchedule
from conftest import BINARY


@pytest.fixture
def known():
    server = KnownSchedule()
    yield server
    server.end()


def begin(known, *words):
    """A run of 30 s in two processes, in a group as a terminal's is."""
    command = [BINARY, "bench", known.url(ttft=50, gap=20, count=50), "-c", "8", "-z", "30s", "--processes", "2", "-q"]
    return subprocess.Popen([*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            start_new_session=True)


def workers(process):
    """Those that have left its process group, which is the first that they do."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        # Threads and processes come and go while they are looked at.
        with contextlib.suppress(OSError):
            found += [each for each in map(int, (task / "children").read_text().split()) if os.getpgid(each) == each]
    return found


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(process):
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("has_begun", [False, True])
def test_ctrl_c_on_a_terminal_ends_all_and_the_report_is_written(known, tmp_path, has_begun):
    report = tmp_path / "report.json"
    process = begin(known, "--json", report)
    until(lambda: len(workers(process)) == 2)
    if has_begun:
        until(lambda: known.told()["streams"] > 0)
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=10)
    assert process.returncode == 130 and "interrupted" in out, errors
    target = json.loads(report.read_text())["runs"][0]["targets"][0]
    assert sum(target["ends"].values()) == target["begun"]


def test_without_one_of_them_there_is_no_run(known):
    process = begin(known)
    until(lambda: known.told()["streams"] > 0)
    os.kill(workers(process)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1 and "ended with code 137" in errors


def test_they_do_not_outlive_their_parent(known):
    process = begin(known)
    until(lambda: known.told()["streams"] > 0)
    orphans = workers(process)
    process.kill()
    process.communicate(timeout=10)
    until(lambda: all(is_gone(orphan) for orphan in orphans))

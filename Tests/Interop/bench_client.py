"""Runs `typebar bench`, and the server of a known schedule (scripts/perf/schedule.c) that its report is held against."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from conftest import BINARY
from sse_client import fetch

ROOT = Path(__file__).parents[2]


def built(name):
    """The path of a program of scripts/perf, compiled where that has to be."""
    source, folder = ROOT / "scripts" / "perf" / f"{name}.c", ROOT / ".build" / "perf"
    program = folder / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"{name}.{os.getpid()}"  # another run of the tests may want it now
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", made, source], check=True)
        made.replace(program)
    return program


class KnownSchedule:
    """A running one; `told()` is what it has done."""

    def __init__(self, *flags, core=None):
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        self.process = subprocess.Popen([*pinned, built("schedule"), *map(str, flags), "0"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def url(self, **wishes):
        """`url(count=20, stall="5:400")`"""
        return f"http://127.0.0.1:{self.port}/stream?" + "&".join(f"{name}={value}" for name, value in wishes.items())

    def told(self):
        return json.loads(fetch(self.port, "GET", "/told").body)

    def zero(self):
        return json.loads(fetch(self.port, "GET", "/zero").body)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=10)
        return json.loads(said.splitlines()[-1])


class Metric:
    """One metric of a report; percentiles here are of its histogram, by nearest rank, however few values there are."""

    def __init__(self, told):
        self.told = told
        self.count, self.mean, self.max = told["count"], told.get("mean"), told.get("max")
        self.values = [(value / 1000, count) for value, count in told["histogram"]]

    def at(self, share):
        rank, seen = max(1, -(-share * self.count // 1)), 0
        for value, count in self.values:
            seen += count
            if seen >= rank:
                return value
        raise AssertionError(f"a histogram of {seen} values where {self.count} are told")

    def above(self, value):
        """How many values are greater."""
        return sum(count for each, count in self.values if each > value)


class Result:
    def __init__(self, process, report):
        self.code, self.out, self.errors, self.report = process.returncode, process.stdout, process.stderr, report

    @property
    def runs(self):
        return self.report["runs"]

    @property
    def targets(self):
        assert len(self.runs) == 1
        return self.runs[0]["targets"]

    @property
    def target(self):
        """Of a run with one."""
        assert len(self.targets) == 1
        return self.targets[0]

    @property
    def verdict(self):
        return self.runs[0]["verdict"]["level"]

    @property
    def ends(self):
        return {name: count for name, count in self.target["ends"].items() if count}

    def metric(self, name):
        return Metric(self.target["metrics"][name])

    def __str__(self):
        return f"exit {self.code}\n{self.out}\n{self.errors}"


def command(*words, **flags):
    """`command(url, max_error_rate="50%", quiet=True)`"""
    line = [str(BINARY), "bench", *map(str, words)]
    for name, value in flags.items():
        name = "--" + name.replace("_", "-")
        for each in value if isinstance(value, (list, tuple)) else [value]:
            line += [name] if each is True else [name, str(each)]
    return line


def bench(*words, timeout=35, core=None, loose=True, **flags):
    """Runs it to its end. `loose`: on a machine that others use too, that it measured itself is no failure."""
    if loose:
        flags["allow_client_bound"] = True
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    with tempfile.TemporaryDirectory(prefix="typebar-bench-") as folder:
        path = Path(flags.setdefault("json", Path(folder) / "report.json"))
        done = subprocess.run(pinned + command(*words, **flags), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=timeout)
        report = json.loads(path.read_text()) if path.exists() else None
    return Result(done, report)

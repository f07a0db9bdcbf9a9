# SPDX-License-Identifier: Apache-2.0
"""The figures of encrypted connections, for scripts/bench: a frame's CPU over TLS and over HTTP/2 with TLS, against the same
streams by plain HTTP/1.1 in the same round; the memory of a stream that rests; full handshakes, against nginx's.

All is TLS 1.3 with one certificate (ECDSA, P-256), made here. The clients are tls.c and handshakes.c. A handshake costs the
client more than the server, which therefore never has all of its core to do: what is compared is handshakes a second of the
server's CPU, and those that there were in a second stand beside.
"""

import os
import ssl
import statistics
import subprocess
import time

from runs import Unmeasured

STREAMS, RATE = 600, 50
SHARED = 100  # streams of one connection of HTTP/2
RESTING, PAUSE = 2000, 10  # streams that rest, and for how many seconds from one unit to the next
SHAKING = 32  # connections at once
NGINX = """    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache off;
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        location / {{ return 200; }}
    }}
"""

FIGURES = {
    "tls_cpu": (f"server CPU a frame over TLS, of that over plain HTTP/1.1, {STREAMS} streams x {RATE}/s", "x", 1.5),
    "tls_http2": (f"the same, HTTP/2 over TLS, {STREAMS // SHARED} connections x {SHARED} streams x {RATE}/s", "x", 1.5),
    "tls_memory": (f"resident memory of a stream that rests, beyond a plain one's, {RESTING:,} streams", "KiB", 20),
    "tls_handshakes": ("full handshakes a second of the server's CPU, of nginx's, TLS 1.3, ECDSA P-256", "x", 0.8),
}
AT_LEAST = {"tls_handshakes"}
WIRES = {  # the server, and how the client asks
    "plain": ("typebar", []),
    "tls": ("typebar-tls", ["-x"]),
    "http2": ("typebar-tls", ["-x", "-S", SHARED]),
}


def cpu_us(run):
    return run["server_cpu_s"] * 1e6 / run["frames"]


def per_cpu_second(run):
    return run["handshakes"] / run["server_cpu_s"]


def grown_kib(run):
    """Since before the first stream, to when all rested."""
    return (run["rss_kib"] - run["rss_before_kib"]) / run["streams"]


def wrapped(connection):
    """The connection, encrypted, whoever it is with."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(connection)


def build(perf, sources):
    """The clients, and a certificate."""
    for name in ("tls", "handshakes"):
        command = [os.environ.get("CC", "cc"), "-O2", "-Wall", "-o", perf / name, sources / f"{name}.c", "-lssl", "-lcrypto"]
        subprocess.run(command, check=True)
    folder = perf / "secure"
    folder.mkdir(exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"], check=True, capture_output=True)


class SecureFigures:
    """Of the class `Bench`, which knows cores, options, servers and runs."""

    encrypted = None  # rounds of each wire, which two figures share

    def streamed(self, wire, streams, rate, units, *more, warm=200):
        """One run of a fresh server, which has had a few streams of the same sort."""
        kind, ways = WIRES[wire]

        def path(rate, units):
            return f"/chat/stream?prompt={'abcdefghij' * (units // 10)}&model=echo&unit=character&rate={rate:g}&ttft=0"

        with self.server(kind) as (process, port, _):
            first, _ = self.client("tls", process, port, "-u", path(50, 10), "-n", warm, "-k", 50, "-r", 0.5, "-e", "-c", 10, *ways)
            time.sleep(0.3)
            words = ["-u", path(rate, units), "-n", streams, "-k", f"{rate:g}", *ways, *more]
            run, command = (first, None) if first["problem"] else self.client("tls", process, port, *words)
            died = f"; it exited with {process.returncode}" if process.poll() is not None else ""
        if run["problem"]:
            raise Unmeasured(f"{wire}, {streams} streams x {rate:g}/s: {run['problem']}, {run['failed']} failed{died}")
        run = {"server": kind, "wire": wire, "rate": rate, "units_wanted": units, "window_wanted_s": None, **run}
        self.keep(run, command)
        return run

    def followed(self, wire):
        """Every stream to its end, and every byte of its text counted."""
        ramp, settle, margin = 2, 0.5, 1.5
        units = -(-round(RATE * (ramp + settle + self.options.seconds + margin)) // 10) * 10
        words = ["-r", ramp, "-s", settle, "-w", self.options.seconds, "-e", "-c", units, "-t", 60 + 5 * self.options.seconds]
        run = self.streamed(wire, STREAMS, RATE, units, *words)
        if not run["frames"]:
            raise Unmeasured(f"{wire}, {STREAMS} streams x {RATE}/s: no frame came while all of them ran")
        self.say(f"  {wire}: {cpu_us(run):.2f} us of CPU a frame, late p99 {run['late_ms']['p99']:.2f} ms, "
                 f"{run['frames'] / run['reads']:.2f} frames a read")
        return run

    def encrypted_rounds(self):
        if self.encrypted is None:
            rounds = []
            for number in range(self.options.rounds):
                self.say(f"  round {number + 1} of {self.options.rounds}")
                rounds.append({wire: self.followed(wire) for wire in WIRES})
            self.encrypted = rounds
        else:
            self.runs = [run for row in self.encrypted for run in row.values()]
        return self.encrypted

    def against_plain(self, wire):
        rounds = self.encrypted_rounds()

        def middle(wire, value):
            return statistics.median(value(row[wire]) for row in rounds)

        return [cpu_us(row[wire]) / cpu_us(row["plain"]) for row in rounds], {
            "us_per_frame": middle(wire, cpu_us),
            "plain_us_per_frame": middle("plain", cpu_us),
            "frames_a_record": middle(wire, lambda run: run["frames"] / run["reads"]),
            "late_p99": middle(wire, lambda run: run["late_ms"]["p99"]),
            "plain_late_p99": middle("plain", lambda run: run["late_ms"]["p99"]),
            "turns_per_frame": middle(wire, lambda run: run["server_turns"] / run["frames"]),
            "plain_turns_per_frame": middle("plain", lambda run: run["server_turns"] / run["frames"]),
        }

    def tls_cpu(self):
        return self.against_plain("tls")

    def tls_http2(self):
        return self.against_plain("http2")

    def tls_memory(self):
        rounds = []
        for number in range(self.options.rounds):
            self.say(f"  round {number + 1} of {self.options.rounds}")
            words = ["-r", 4, "-s", 3, "-w", 1, "-t", 60]
            rounds.append({wire: self.streamed(wire, RESTING, 1 / PAUSE, 20, *words, warm=5) for wire in WIRES})
            self.say("  " + ", ".join(f"{wire} {grown_kib(run):.2f} KiB a stream" for wire, run in rounds[-1].items()))

        def middle(wire, value):
            return statistics.median(value(row[wire]) for row in rounds)

        return [grown_kib(row["tls"]) - grown_kib(row["plain"]) for row in rounds], {
            **{f"{wire}_kib": middle(wire, grown_kib) for wire in WIRES},
            **{f"{wire}_before_mib": middle(wire, lambda run: run["rss_before_kib"] / 1024) for wire in WIRES},
        }

    def shaken(self, kind):
        with self.server(kind) as (process, port, _):
            run, command = self.client("handshakes", process, port, "-n", SHAKING, "-s", 1, "-w", self.options.seconds)
        if run["problem"] or run["resumed"]:
            raise Unmeasured(f"{kind}, handshakes: {run['problem'] or 'a session was resumed'}")
        run = {"server": kind, **run}
        self.keep(run, command)
        self.say(f"  {kind}: {run['handshakes'] / run['window_s']:,.0f} handshakes/s, {1e6 / per_cpu_second(run):.0f} us of CPU "
                 f"each, client {1e6 * run['client_cpu_s'] / run['handshakes']:.0f} us")
        return run

    def tls_handshakes(self):
        rounds = []
        for number in range(self.options.rounds):
            self.say(f"  round {number + 1} of {self.options.rounds}")
            rounds.append([self.shaken(kind) for kind in ("typebar-tls", "nginx-tls")])
        ours, nginx = zip(*rounds)

        def middle(runs, value):
            return statistics.median(map(value, runs))

        def per_second(run):
            return run["handshakes"] / run["window_s"]

        def share(run):
            return run["server_cpu_s"] / run["window_s"]

        return [per_cpu_second(a) / per_cpu_second(b) for a, b in rounds], {
            "per_cpu_second": middle(ours, per_cpu_second),
            "nginx_per_cpu_second": middle(nginx, per_cpu_second),
            "per_second": middle(ours, per_second),
            "nginx_per_second": middle(nginx, per_second),
            "server_share": middle(ours, share),
            "nginx_server_share": middle(nginx, share),
            "client_us": middle(ours, lambda run: 1e6 * run["client_cpu_s"] / run["handshakes"]),
            "p50_ms": middle(ours, lambda run: run["handshake_ms"]["p50"]),
            "p99_ms": middle(ours, lambda run: run["handshake_ms"]["p99"]),
        }

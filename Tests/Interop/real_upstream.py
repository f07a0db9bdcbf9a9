"""Runs `llmock` of PyPI (FastAPI on uvicorn): a server of four formats that we did not write."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from conftest import free_port
from sse_client import fetch

# Where it speaks each format.
BASES = {"openai_chat": "/v1", "openai_responses": "/v1", "anthropic_messages": "/anthropic/v1",
         "gemini": "/gemini/v1beta"}


class RealUpstream:
    def __init__(self, log, *flags, delay=30):
        """`delay` is between two of its chunks, in milliseconds."""
        self.port = free_port()
        self.process = subprocess.Popen(
            [Path(sys.executable).parent / "llmock", "serve", "--host", "127.0.0.1", "--port", str(self.port),
             "--response-style", "echo", "--stream-chunk-delay-ms", str(delay), "--log-level", "warning", *flags],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()})
        deadline = time.monotonic() + 30
        while True:
            try:
                fetch(self.port, "GET", "/v1/models", timeout=2)
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "llmock does not start"
                time.sleep(0.05)

    @property
    def url(self):
        return self.base("openai_chat")

    def base(self, format):
        return f"http://127.0.0.1:{self.port}{BASES[format]}"

    def plan(self, *behaviors):
        """What its next requests get."""
        fetch(self.port, "POST", "/_llmock/reset")
        if behaviors:
            made = fetch(self.port, "POST", "/_llmock/scenario", body={"behaviors": list(behaviors)})
            assert made.status == 201, made.body

    def answer(self, prompt):
        """What it says to the prompt when it is asked directly, without streaming."""
        response = fetch(self.port, "POST", "/v1/chat/completions", {"Authorization": "Bearer sk-any"},
                         {"model": "gpt-4o", "messages": [{"role": "user", "content": prompt}]})
        return json.loads(response.body)["choices"][0]["message"]["content"]

    def end(self):
        self.process.kill()
        self.process.wait()

"""Clients of each SDK, made as a developer would make them: the base URL, a key, nothing clever."""

import contextlib
import importlib
import time

import anthropic
import ollama
import openai
from google import genai
from google.genai import types

from sse_client import wait_until

KEY = "sk-known"
AT_ONCE = {"speed": "0"}


def version_of(text):
    return tuple(int(part) for part in text.split(".")[:2])


OPENAI = version_of(openai.__version__)
ANTHROPIC = version_of(anthropic.__version__)
GENAI = version_of(genai.__version__)

# What a TCP connection cut in the middle of an answer looks like: the HTTP client's own error, but that openai 3 wraps
# it. The newest SDKs have moved to httpx2, all but Ollama's.
HTTP_CLIENTS = ("httpx", "httpx2") if OPENAI >= (3, 0) else ("httpx",)
CUT = tuple(importlib.import_module(name).TransportError for name in HTTP_CLIENTS)
OPENAI_CUT = openai.APIConnectionError if OPENAI >= (3, 0) else CUT


def options(server, session, key, query, retries):
    """What OpenAI's and Anthropic's constructors share. `query` goes with every request: pacing and faults."""
    return {"api_key": key, "max_retries": retries, "timeout": 20, "default_query": AT_ONCE if query is None else query,
            "default_headers": {"X-Typebar-Session": session}}


def openai_client(server, session, query=None, retries=0, key=KEY, kind=openai.OpenAI, **more):
    return kind(base_url=server.url + "/v1", **options(server, session, key, query, retries), **more)


def anthropic_client(server, session, query=None, retries=0, key=KEY, kind=anthropic.Anthropic, **more):
    return kind(base_url=server.url, **options(server, session, key, query, retries), **more)


def adding(query):
    """Hooks of an HTTP client, plain and asynchronous. Its own `params` would replace the query that the SDK makes."""
    def add(request):
        request.url = request.url.copy_merge_params(query)

    async def add_later(request):
        add(request)

    return {"event_hooks": {"request": [add]}}, {"event_hooks": {"request": [add_later]}}


def gemini_client(server, session, query=None, key=KEY, **more):
    plain, asynchronous = adding(AT_ONCE if query is None else query)
    http = types.HttpOptions(base_url=server.url, headers={"X-Typebar-Session": session}, client_args=plain,
                             async_client_args=asynchronous, **more)
    return genai.Client(api_key=key, http_options=http)


def ollama_client(server, session, query=None, kind=ollama.Client):
    return kind(host=server.url, headers={"X-Typebar-Session": session}, params=AT_ONCE if query is None else query,
                timeout=20)


@contextlib.contextmanager
def released_socket(server):
    """The block opens an answer and closes it before its end; the server then holds as many sockets as before."""
    before = server.settled_sockets()
    yield lambda: server.sockets() > before
    wait_until(lambda: server.sockets() <= before, 10, "the server keeps the socket of a reader that has gone")


@contextlib.contextmanager
def lasting(least, most):
    """Seconds that the block may take."""
    start = time.monotonic()
    yield
    assert least <= time.monotonic() - start <= most

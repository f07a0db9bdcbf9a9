"""Plain HTTP to the APIs that the mock speaks: what is on the wire, without an SDK in between."""

import http.client
import json
import time

import transports
from sse_client import Connection
from transports import ConnectionEnded

CHAT = "/v1/chat/completions"
# How each format is asked one question, streamed: path, headers, and the body but for model and question.
ASK = {
    "openai_chat": (CHAT, {}, lambda text: {"messages": [{"role": "user", "content": text}]}),
    "openai_completions": ("/v1/completions", {}, lambda text: {"prompt": text, "max_tokens": 1000}),
    "openai_responses": ("/v1/responses", {}, lambda text: {"input": text}),
    "anthropic_messages": ("/v1/messages", {"anthropic-version": "2023-06-01"},
                           lambda text: {"max_tokens": 1000, "messages": [{"role": "user", "content": text}]}),
    "gemini": ("/v1beta/models/{model}:streamGenerateContent?alt=sse", {},
               lambda text: {"contents": [{"role": "user", "parts": [{"text": text}]}]}),
    "ollama_chat": ("/api/chat", {}, lambda text: {"messages": [{"role": "user", "content": text}]}),
    "ollama_generate": ("/api/generate", {}, lambda text: {"prompt": text}),
    "ui_message_stream": ("/api/chat", {}, lambda text: {
        "id": "chat-" + text[:8], "trigger": "submit-message",
        "messages": [{"id": "u1", "role": "user", "parts": [{"type": "text", "text": text}]}]}),
}


class Told:
    """An answer, as far as it came; `error` is what cut it off."""

    def __init__(self, status, headers, body, error, seconds):
        self.status, self.headers, self.body, self.error, self.seconds = status, headers, body, error, seconds

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)

    def events(self):
        """The data of each event, as text; of NDJSON each line."""
        if "ndjson" in (self.headers.get("content-type") or ""):
            return [line for line in self.text.split("\n") if line]
        text = self.text.replace("\r\n", "\n").replace("\r", "\n")
        return ["\n".join(line[6:] for line in block.split("\n") if line.startswith("data: "))
                for block in text.split("\n\n") if "data: " in block]


def call(port, method, path, body=None, headers=None, timeout=20):
    """Sends one request and reads all that comes, also of an answer that is cut off."""
    began = time.monotonic()
    payload = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
    fields = {"Content-Type": "application/json"} if payload is not None else {}
    if transports.over(port) != "h1":
        return call_over(port, method, path, payload, fields | (headers or {}), timeout, began)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    parts, error, status, told = [], None, None, {}
    try:
        connection.request(method, path, payload, fields | (headers or {}))
        response = connection.getresponse()
        status, told = response.status, {name.lower(): value for name, value in response.getheaders()}
        while part := response.read1(65536):
            parts.append(part)
    except http.client.IncompleteRead as cut:
        parts.append(cut.partial)
        error = cut
    except (OSError, http.client.HTTPException) as cut:
        error = cut
    finally:
        connection.close()
    return Told(status, told, b"".join(parts), error, time.monotonic() - began)


def call_over(port, method, path, payload, fields, timeout, began):
    """The same over TLS or HTTP/2. Python's own HTTPS takes a reset for an end."""
    parts, error, status, told = [], None, None, {}
    with Connection(port, timeout=timeout) as connection:
        try:
            response = connection.request(method, path, fields, payload).response()
            status, told = response.status, dict(response.headers)
            for piece, _ in response.pieces():
                parts.append(piece)
        except (OSError, ConnectionEnded) as cut:
            error = cut
            if status and response.framing == "length":
                parts.append(bytes(connection.buffer))
    return Told(status, told, b"".join(parts), error, time.monotonic() - began)


def ask(port, text="a b c d e f", format="openai_chat", model="echo", parameters="speed=0", headers=None, **more):
    """One streamed question in any format; `parameters` go in the query."""
    path, fields, body = ASK[format]
    path = path.format(model=model)
    if parameters:
        path += ("&" if "?" in path else "?") + parameters
    content = body(text) | ({} if format == "gemini" else {"model": model})
    if not format.startswith(("gemini", "ui")):
        content["stream"] = True
    if format == "ui_message_stream" and model == "echo":
        content["model"] = model
    return call(port, "POST", path, content | more, fields | (headers or {}))


def said(told, format="openai_chat"):
    """The text that a client of the format puts together."""
    out = ""
    for data in told.events():
        if data == "[DONE]":
            continue
        event = json.loads(data)
        if format == "openai_chat":
            out += "".join(choice["delta"].get("content") or "" for choice in event.get("choices", []))
        elif format == "openai_completions":
            out += "".join(choice["text"] for choice in event.get("choices", []))
        elif format == "openai_responses" and event["type"] == "response.output_text.delta":
            out += event["delta"]
        elif format == "anthropic_messages" and event["type"] == "content_block_delta":
            out += event["delta"].get("text", "")
        elif format == "gemini":
            out += "".join(part.get("text", "") for candidate in event.get("candidates", [])
                           for part in candidate["content"]["parts"])
        elif format == "ollama_chat":
            out += event.get("message", {}).get("content", "")
        elif format == "ollama_generate":
            out += event.get("response", "")
        elif format == "ui_message_stream" and event["type"] == "text-delta":
            out += event["delta"]
    return out


def ending(told, format="openai_chat"):
    """How a streamed answer ended for a client of the format: `whole`, `error` (told as the format tells it) or `cut`."""
    events = told.events()
    # The AI SDK's stream has its mark after an error too; in OpenAI's formats it stands for a whole answer.
    has_mark = bool(events) and events[-1] == "[DONE]"
    spoken = [json.loads(data) for data in events if data != "[DONE]"]
    last = spoken[-1] if spoken else {}
    if format == "gemini":
        # Its error in mid-stream is a bare object, not an event.
        tail = told.text.replace("\r\n", "\n").rstrip().rsplit("\n\n", 1)[-1]
        if tail.startswith("{") and "error" in json.loads(tail):
            return "error"
        return "whole" if any(each.get("finishReason") for each in last.get("candidates", [])) else "cut"
    if format in ("openai_chat", "openai_completions"):
        if "error" in last:
            return "cut" if has_mark else "error"
        reasons = [choice.get("finish_reason") for event in spoken for choice in event.get("choices", [])]
        return "whole" if has_mark and any(reasons) else "cut"
    if format in ("ollama_chat", "ollama_generate"):
        return "error" if "error" in last else "whole" if last.get("done") else "cut"
    kind = last.get("type")
    if format == "ui_message_stream":
        return "error" if kind == "error" else "whole" if kind == "finish" and has_mark else "cut"
    errors, wholes = {"openai_responses": (("error", "response.failed"), ("response.completed", "response.incomplete")),
                      "anthropic_messages": (("error",), ("message_stop",))}[format]
    return "error" if kind in errors else "whole" if kind in wholes else "cut"

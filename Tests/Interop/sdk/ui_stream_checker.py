"""Holds a body to the UI Message Stream protocol, version 1, as strictly as the strictest of its clients.

There is no npm here to run the real client. The clients before ai 5.0.217, 6.0.231 and 7.0.32 fail on an unknown field,
all of them on an unknown type, a missing field and a delta of a block that is not open.
"""

import json

FINISH_REASONS = {"stop", "length", "content-filter", "tool-calls", "error", "other"}
TEXT, FLAG, ANY = str, bool, object
BLOCK = ({"id": TEXT}, {"providerMetadata": dict})
BLOCK_DELTA = ({"id": TEXT, "delta": TEXT}, {"providerMetadata": dict})
CALL = {"providerExecuted": FLAG, "dynamic": FLAG}
INPUT = CALL | {"providerMetadata": dict, "title": TEXT}

# What each part has to have, and what it may have.
PARTS = {
    "start": ({}, {"messageId": TEXT, "messageMetadata": ANY}),
    "start-step": ({}, {}),
    "finish-step": ({}, {}),
    "text-start": BLOCK, "text-delta": BLOCK_DELTA, "text-end": BLOCK,
    "reasoning-start": BLOCK, "reasoning-delta": BLOCK_DELTA, "reasoning-end": BLOCK,
    "tool-input-start": ({"toolCallId": TEXT, "toolName": TEXT}, CALL | {"title": TEXT}),
    "tool-input-delta": ({"toolCallId": TEXT, "inputTextDelta": TEXT}, {}),
    "tool-input-available": ({"toolCallId": TEXT, "toolName": TEXT, "input": dict}, INPUT),
    "tool-input-error": ({"toolCallId": TEXT, "toolName": TEXT, "input": ANY, "errorText": TEXT}, INPUT),
    "tool-output-available": ({"toolCallId": TEXT, "output": ANY}, CALL | {"preliminary": FLAG}),
    "tool-output-error": ({"toolCallId": TEXT, "errorText": TEXT}, CALL),
    "source-url": ({"sourceId": TEXT, "url": TEXT}, {"title": TEXT, "providerMetadata": dict}),
    "source-document": ({"sourceId": TEXT, "mediaType": TEXT, "title": TEXT},
                        {"filename": TEXT, "providerMetadata": dict}),
    "file": ({"url": TEXT, "mediaType": TEXT}, {"providerMetadata": dict}),
    "message-metadata": ({"messageMetadata": ANY}, {}),
    "error": ({"errorText": TEXT}, {}),
    "abort": ({}, {}),
    "finish": ({}, {"finishReason": TEXT, "messageMetadata": ANY}),
}
DATA = ({"data": ANY}, {"id": TEXT, "transient": FLAG})


class ProtocolError(AssertionError):
    pass


def demand(condition, what, part=None):
    if not condition:
        raise ProtocolError(what if part is None else f"{what}: {part}")


def data_of(body):
    """The `data` of each event. Comments of their own are heartbeats."""
    demand(body.endswith(b"\n\n") and b"\r" not in body, "the last event has no blank line, or a line ends in CR")
    for event in body.decode("utf-8").removesuffix("\n\n").split("\n\n"):
        if event.startswith(":"):
            continue
        demand(event.startswith("data: ") and "\n" not in event, f"not one line of data: {event!r}")
        yield event.removeprefix("data: ")


def check_fields(part):
    kind = part.get("type")
    demand(isinstance(kind, str), "no type", part)
    demand(kind in PARTS or kind.startswith("data-"), "an unknown type", part)
    required, optional = PARTS.get(kind, DATA)
    fields = {name: value for name, value in part.items() if name != "type"}
    demand(required.keys() <= fields.keys(), "a field is missing", part)
    for name, value in fields.items():
        demand(name in required or name in optional, f"an unknown field, {name}", part)
        demand(isinstance(value, (required | optional)[name]), f"{name} is of a wrong type", part)
    demand(part.get("finishReason", "stop") in FINISH_REASONS, "an unknown finish reason", part)


class Order:
    """What may come next: the rules of the order of parts."""

    def __init__(self):
        self.started = self.in_step = self.over = False
        self.open = {}
        self.blocks = set()
        self.calls = {}

    def take(self, part):
        demand(not self.over, "a part after the last", part)
        kind = part["type"]
        demand(self.started or kind == "start", "the first part is no start", part)
        family, _, act = kind.rpartition("-")
        if kind in ("start", "start-step", "finish-step", "finish", "error", "abort"):
            self.take_frame(kind, part)
        elif family in ("text", "reasoning"):
            self.take_block(family, act, part)
        elif kind.startswith("tool-"):
            self.take_tool(kind, part)

    def take_frame(self, kind, part):
        if kind == "start":
            demand(not self.started, "a second start", part)
            self.started = True
        elif kind in ("error", "abort"):
            self.over = True
        else:
            demand(not self.open, "a block is still open", part)
            demand(self.in_step == (kind == "finish-step"), "a step in a step, or an end without a step", part)
            self.in_step, self.over = kind == "start-step", kind == "finish"
            demand(not self.unready(), "a call whose input never came", part)

    def take_block(self, family, act, part):
        demand(self.in_step, "a block outside a step", part)
        name = part["id"]
        if act == "start":
            demand(name not in self.blocks, "the id of an earlier block", part)
            self.blocks.add(name)
            self.open[name] = family
            return
        demand(self.open.get(name) == family, "a piece of a block that is not open", part)
        if act == "end":
            del self.open[name]

    def take_tool(self, kind, part):
        demand(self.in_step, "a tool outside a step", part)
        state = self.calls.get(part["toolCallId"])
        if kind == "tool-input-start":
            demand(state is None, "the id of an earlier call", part)
            self.calls[part["toolCallId"]] = ""
        elif kind == "tool-input-delta":
            demand(isinstance(state, str), "input of a call that has not begun, or that is complete", part)
            self.calls[part["toolCallId"]] += part["inputTextDelta"]
        elif kind in ("tool-input-available", "tool-input-error"):
            demand(state is None or isinstance(state, str), "a second input of a call", part)
            if state and kind == "tool-input-available":
                demand(json.loads(state) == part["input"], "an input that its pieces do not add up to", part)
            self.calls[part["toolCallId"]] = True
        else:
            demand(state is True, "an output before its input", part)

    def unready(self):
        return [name for name, state in self.calls.items() if state is not True]


def checked_parts(body):
    """The parts of a whole body, all of them in order and in form."""
    *parts, last = data_of(body)
    demand(last == "[DONE]", f"the last event is no [DONE]: {last!r}")
    order = Order()
    parts = [json.loads(part) for part in parts]
    for part in parts:
        demand(isinstance(part, dict), "not an object", part)
        check_fields(part)
        order.take(part)
    demand(order.over, "neither finish nor error at the end")
    return parts


def text_of(parts, kind="text-delta"):
    return "".join(part["delta"] for part in parts if part["type"] == kind)

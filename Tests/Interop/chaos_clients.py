"""Clients of every format, hundreds at once, who judge what they get: whole, an honest error, or neither."""

import asyncio
import itertools
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote

import transports
from api_client import ASK, Told, ending, said
from sse_client import parse_frame

PLAIN = "plain_stream"
WORDS = "ab größer 你好 世界 👩‍👩‍👧‍👦 🇩🇪 naïve \"quoted\" back\\slash {json} and so on é".split(" ")


class Broken(Exception):
    """An answer that is neither whole nor an honest error."""


def request_bytes(port, method, path, fields, body):
    payload = json.dumps(body).encode() if body is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def parse(raw, is_whole):
    """The response of these bytes. `is_whole` asks for a body that ends as its framing says."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    if fields.get("transfer-encoding") == "chunked":
        joined, has_end = b"", False
        while body and not has_end:
            size, found, rest = body.partition(b"\r\n")
            if not found:
                break
            count = int(size, 16)
            joined, has_end, body = joined + rest[:count], count == 0, rest[count + 2:]
        if is_whole and not has_end:
            raise Broken("the connection was cut, without an error")
        body = joined
    elif is_whole and len(body) < int(fields.get("content-length", 0)):
        raise Broken(f"the connection was cut, {len(body)} bytes into a body of {fields['content-length']}")
    return Told(int(first.split(" ")[1]), fields, body, None, 0)


@dataclass
class Problem:
    """What went wrong for a client, with all that came to it."""

    format: str
    model: str
    tag: str
    what: str
    raw: bytes

    def __str__(self):
        head, _, body = self.raw.partition(b"\r\n\r\n")
        return (f"{self.format} {self.model} {self.tag}: {self.what}\n  {head!r}\n"
                f"  {len(body)} bytes of body, ending: {body[-600:]!r}")

    @property
    def request(self):
        """What the server's log calls it; None where no head came."""
        found = re.search(rb"request-id: (\S+)", self.raw.partition(b"\r\n\r\n")[0], re.IGNORECASE)
        return found and found[1].decode()


class Crowd:
    """Asks again and again, `size` at once. What was asked and how it ended is in `asked`, `ended` and `problems`."""

    def __init__(self, port, models, seed, patience):
        self.port, self.models, self.patience = port, models, patience
        self.dice = random.Random(seed)
        self.numbers = itertools.count(10_000_000)
        self.asked, self.ended, self.problems, self.tags = Counter(), Counter(), [], {}
        self.errors = Counter()

    def connect(self):
        context = transports.client_context("http/1.1") if transports.is_secure(self.port) else None
        return asyncio.open_connection("127.0.0.1", int(self.port), ssl=context)

    async def keep_asking(self, size, seconds):
        until = asyncio.get_running_loop().time() + seconds

        async def one(delay):
            await asyncio.sleep(delay)
            while asyncio.get_running_loop().time() < until:
                if await self.ask() != "whole":
                    await asyncio.sleep(self.dice.uniform(0.5, 1.5))
        await asyncio.gather(*(one(index / size * min(3, seconds / 4)) for index in range(size)))

    async def ask_each_once(self, size, **how):
        await asyncio.gather(*(self.ask(**how) for _ in range(size)))

    async def ask(self, format=None, model=None, leaves=None):
        format = format or self.dice.choice([*ASK, PLAIN, PLAIN])
        model = model or self.dice.choice(self.models)
        leaves = self.dice.random() < 0.1 if leaves is None else leaves
        # The mock, too, types what it is asked; its first word tells one question from another.
        tag = str(next(self.numbers))
        text = " ".join([tag, *self.dice.choices(WORDS, k=self.dice.randrange(5, 40))])
        self.asked[format] += 1
        self.tags[tag] = model
        heard = bytearray()
        try:
            how = await asyncio.wait_for(self.hear(format, model, text, leaves, heard), self.patience)
        except asyncio.TimeoutError:
            self.problems.append(Problem(format, model, tag, "hangs", bytes(heard)))
            return
        except (Broken, OSError, ValueError, LookupError, AssertionError) as problem:
            self.problems.append(Problem(format, model, tag, repr(problem), bytes(heard)))
            return
        self.ended[format, how] += 1
        return how

    async def hear(self, format, model, text, leaves, heard):
        """How the answer ended. All that came of it is in `heard`."""
        if format == PLAIN:
            return await self.hear_plain(model, text, leaves, heard)
        path, fields, body = ASK[format]
        content = body(text) | ({} if format == "gemini" else {"model": model})
        if not format.startswith(("gemini", "ui")):
            content["stream"] = True
        if not await self.send("POST", path.format(model=model), fields, content, leaves, heard):
            return "left"
        told = parse(bytes(heard), is_whole=True)
        if told.status != 200:
            self.note_error(told.json(), told)
            return "refused"
        return self.judge(text, said(told, format), ending(told, format), told.text)

    def judge(self, text, got, end, shown):
        if end == "whole" and got != text:
            raise Broken(f"whole, but of {text!r} only {got!r}")
        if end == "cut":
            raise Broken(f"neither an end nor an error: {shown[-300:]!r}")
        if not text.startswith(got):
            raise Broken(f"of {text!r} it made {got!r}")
        return end

    def note_error(self, told, answer):
        if not isinstance(told, dict) or "error" not in told:
            raise Broken(f"{answer.status} without an error: {answer.text[:300]!r}")
        if answer.status not in (410, 429) and answer.status < 500:
            raise Broken(f"{answer.status}: {answer.text[:300]!r}")
        self.errors[answer.status] += 1

    async def send(self, method, path, fields, body, leaves, heard):
        """False for who leaves, and does not hear all that comes."""
        reader, writer = await self.connect()
        try:
            writer.write(request_bytes(self.port, method, path, fields, body))
            if leaves:
                await reader.read(self.dice.randrange(1, 2000))
                await asyncio.sleep(self.dice.random())
                return False
            while part := await reader.read(65536):
                heard += part
            return True
        finally:
            writer.transport.abort()

    # MARK: /chat/stream, whose readers may come back

    async def hear_plain(self, model, text, leaves, heard):
        path = f"/chat/stream?prompt={quote(text, safe='')}&model={model}&{self.dice.choice(['rate=0', 'smooth=250'])}"
        limit = self.dice.randrange(500, 3000) if self.dice.random() < 0.3 else None
        frames = await self.read_frames(path, {}, limit, heard)
        if isinstance(frames, str):
            return frames
        named = [frame for frame in frames if frame.id]
        if leaves and named and not named[-1].last:
            return "left"
        for _ in range(3):
            if named and named[-1].last:
                break
            # The connection was lost on purpose: the rest is asked for where it broke.
            last = named[-1].id if named else None
            if last is None:
                return "left"
            more = await self.read_frames("/chat/stream", {"Last-Event-ID": last}, None, heard)
            if isinstance(more, str):
                # Who comes back when the time to do so is over is told so.
                return "left"
            named += [frame for frame in more if frame.id and frame.event != "start"]
        got = "".join(frame.data for frame in named if frame.event is None and not frame.last)
        last = named[-1]
        end = "cut" if not last.last else "whole" if last.data == "[DONE]" and not last.event else "error"
        if end == "error" and "kind" not in json.loads(last.data):
            raise Broken(last.data)
        return self.judge(text, got, end, last.data)

    async def read_frames(self, path, fields, limit, heard):
        """The frames that came before `limit` bytes; the word `refused` for an HTTP error."""
        reader, writer = await self.connect()
        heard.clear()
        ended = False
        try:
            writer.write(request_bytes(self.port, "GET", path, fields, None))
            while not ended and (limit is None or len(heard) < limit):
                part = await reader.read(limit - len(heard) if limit else 65536)
                heard += part
                ended = not part
        finally:
            writer.transport.abort()
        if b"\r\n\r\n" not in heard:
            raise Broken("no answer")
        told = parse(bytes(heard), is_whole=ended)
        if told.status != 200:
            # Of an error that was not heard to its end, nothing can be said.
            if ended:
                self.note_error(told.json(), told)
            return "refused"
        blocks = told.body.split(b"\n\n")
        if ended and blocks[-1]:
            raise Broken(f"it ends inside of a frame: {blocks[-1]!r}")
        return [parse_frame(block + b"\n\n", 0) for block in blocks[:-1]]

"""An upstream that fails in every way there is: `chaos_upstream.py PORT FORMAT SEED FILE`.

It answers with the text of the question, a few words at a time, in FORMAT, unless the dice want otherwise. Each
question's first word goes into FILE at once, so that the count outlives a SIGKILL. With the seed `calm` nothing fails;
SIGUSR1 resets all connections.
"""

import asyncio
import json
import os
import random
import signal
import socket
import struct
import sys

# How an answer goes, and how often. Times are in seconds; the gateway's clocks are 1.5.
MOODS = {"good": 120, "reset": 5, "close": 5, "half_reset": 4, "half_close": 4, "half_stall": 2, "stall": 3, "silent": 2,
         "error_event": 3, "broken": 2, "refuse_500": 3, "refuse_503": 2, "refuse_429": 2, "hang_up": 3}
STALL = 4


def words_of(value):
    """All texts inside of a message, in any format's shape."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(words_of(each) for each in value)
    return words_of(value.get("content") or value.get("parts") or value.get("text") or "")


def question_of(body):
    asked = json.loads(body)
    messages = asked.get("messages") or asked.get("contents") or asked["input"]
    return words_of(messages if isinstance(messages, str) else messages[-1])


def sse(value, event=None):
    name = f"event: {event}\n" if event else ""
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{name}data: {data}\n\n".encode()


def typed(kind, **more):
    return sse({"type": kind} | more, kind)


class OpenAIChat:
    head, tail = [], [sse({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}), sse("[DONE]")]

    @staticmethod
    def say(text):
        return sse({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
            {"index": 0, "delta": {"content": text}, "finish_reason": None}]})


class Responses:
    head = [typed("response.created", response={"id": "r", "status": "in_progress"})]
    tail = [typed("response.completed", response={"id": "r", "status": "completed", "usage": {
        "input_tokens": 1, "output_tokens": 2, "total_tokens": 3}})]

    @staticmethod
    def say(text):
        return typed("response.output_text.delta", item_id="i", output_index=0, content_index=0, delta=text)


class Anthropic:
    head = [typed("message_start", message={"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m",
                                            "usage": {"input_tokens": 1, "output_tokens": 1}}),
            typed("content_block_start", index=0, content_block={"type": "text", "text": ""})]
    tail = [typed("content_block_stop", index=0),
            typed("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 2}), typed("message_stop")]

    @staticmethod
    def say(text):
        return typed("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


class Gemini:
    head, tail = [], [sse({"candidates": [{"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": "STOP"}]})]

    @staticmethod
    def say(text):
        return sse({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]})


class Ollama:
    head, tail = [], [b'{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n']

    @staticmethod
    def say(text):
        message = {"model": "m", "message": {"role": "assistant", "content": text}, "done": False}
        return json.dumps(message, ensure_ascii=False).encode() + b"\n"


FORMATS = {"openai_chat": OpenAIChat, "openai_responses": Responses, "anthropic_messages": Anthropic, "gemini": Gemini,
           "ollama_chat": Ollama}


class Upstream:
    def __init__(self, format, seed, file):
        self.format, self.is_calm = FORMATS[format], seed == "calm"
        self.type = "application/x-ndjson" if format == "ollama_chat" else "text/event-stream"
        self.dice = random.Random(seed)
        self.file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.open = set()

    def reset_all(self):
        for writer in list(self.open):
            self.reset(writer)

    @staticmethod
    def reset(writer):
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def serve(self, reader, writer):
        self.open.add(writer)
        try:
            while await self.answer(reader, writer):
                pass
        except (OSError, EOFError):
            pass
        finally:
            self.open.discard(writer)
            writer.close()

    async def answer(self, reader, writer):
        """One exchange; whether another may follow on the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if head.startswith("GET"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            return True
        length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        text = question_of(await reader.readexactly(length))
        os.write(self.file, text.split(" ")[0].encode() + b"\n")
        mood = "good" if self.is_calm else self.dice.choices(list(MOODS), list(MOODS.values()))[0]
        if mood == "hang_up":
            return False
        if mood == "silent":
            await asyncio.sleep(STALL)
            return False
        if mood.startswith("refuse_"):
            self.refuse(writer, int(mood[7:]))
            return True
        return await self.stream(writer, text, mood)

    def refuse(self, writer, status):
        body = b'{"error":{"message":"Not just now."}}'
        writer.write(b"HTTP/1.1 %d No\r\nContent-Type: application/json\r\nRetry-After: %d\r\nContent-Length: %d\r\n\r\n%s"
                     % (status, self.dice.randrange(2), len(body), body))

    async def stream(self, writer, text, mood):
        is_chunked = self.dice.random() < 0.7
        framing = "Transfer-Encoding: chunked" if is_chunked else "Connection: close"
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {self.type}\r\n{framing}\r\n\r\n".encode())
        said = self.pieces(text)
        frames = self.format.head + [self.format.say(piece) for piece in said] + self.format.tail
        # The answer's last frames may be cut, but say nothing wrong: it would come after the whole text.
        spared = len(self.format.tail) if mood in ("error_event", "broken") else 0
        at = self.dice.randrange(len(frames) - spared)
        for index, frame in enumerate(frames):
            if index == at and mood != "good":
                return await self.misbehave(writer, frame, mood, is_chunked)
            await self.write(writer, frame, is_chunked)
            await asyncio.sleep(0.01 if self.is_calm else self.dice.expovariate(10))
        if is_chunked:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return is_chunked

    def pieces(self, text):
        """The text cut where no word ends, one to three words or so each."""
        places = sorted(self.dice.sample(range(1, len(text)), min(len(text) - 1, len(text) // 9)))
        return [text[start:end] for start, end in zip([0, *places], [*places, len(text)])]

    async def write(self, writer, data, is_chunked):
        """In up to three writes, cut anywhere: inside of a character, a field, a chunk's size."""
        raw = b"%x\r\n%s\r\n" % (len(data), data) if is_chunked else data
        for place in range(self.dice.choice([0, 0, 0, 1, 2])):
            cut = self.dice.randrange(len(raw))
            writer.write(raw[:cut])
            await writer.drain()
            await asyncio.sleep(0.002)
            raw = raw[cut:]
            if not raw:
                return
        writer.write(raw)
        await writer.drain()

    async def misbehave(self, writer, frame, mood, is_chunked):
        if mood.startswith("half"):
            writer.write(b"%x\r\n" % len(frame) if is_chunked else b"")
            writer.write(frame[: self.dice.randrange(1, len(frame))])
            await writer.drain()
            await asyncio.sleep(0.01)
        elif mood == "error_event":
            error = json.dumps({"error": {"message": "Overloaded.", "type": "overloaded_error", "code": 503}})
            line = error + "\n" if self.format is Ollama else f"data: {error}\n\n"
            await self.write(writer, line.encode(), is_chunked)
        elif mood == "broken":
            # The last bracket: an earlier one may be the text's own.
            await self.write(writer, b"".join(frame.rsplit(b"}", 1)), is_chunked)
            await asyncio.sleep(0.1)
        if mood.endswith("stall"):
            await asyncio.sleep(STALL)
        if mood.endswith("reset"):
            self.reset(writer)
        elif is_chunked and mood == "close" and self.dice.random() < 0.5:
            # A body that ends in order, with an answer that does not.
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        return False


async def main(port, format, seed, file):
    upstream = Upstream(format, seed, file)
    # Who started this has bound the port too, so that no connection of the chaos takes it while nobody listens.
    await asyncio.start_server(upstream.serve, "127.0.0.1", int(port), reuse_port=True, backlog=1024)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, upstream.reset_all)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

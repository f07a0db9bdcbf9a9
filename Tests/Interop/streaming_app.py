"""An ASGI app that streams OpenAI chat and tells who asked; `streaming_app.py PORT [CERTIFICATE KEY]` serves it.

hypercorn serves it over HTTP/2, in this one process: its own command would leave a worker behind when it is killed.

The question is `WORDS PAUSE_MS TAG`: so many words, each with the tag, and so long a pause between two.
"""

import asyncio
import json
import signal
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config

from scripted_upstream import END, delta

seen = {"connections": set(), "versions": set(), "streams": 0, "at_once": 0, "most_at_once": 0, "left": 0}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/seen":
        return await tell(send)
    seen["connections"].add(scope["client"][1])
    seen["versions"].add(scope["http_version"])
    seen["streams"] += 1
    seen["at_once"] += 1
    seen["most_at_once"] = max(seen["most_at_once"], seen["at_once"])
    try:
        await answer(receive, send)
    finally:
        seen["at_once"] -= 1


async def tell(send):
    told = {name: len(value) if name == "connections" else sorted(value) if name == "versions" else value
            for name, value in seen.items()}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


async def answer(receive, send):
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    words, pause, tag = json.loads(body)["messages"][-1]["content"].split(" ")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    leaving = asyncio.ensure_future(receive())
    for index in range(int(words)):
        await send({"type": "http.response.body", "body": delta(f"{tag}{index} "), "more_body": True})
        await asyncio.wait([leaving], timeout=int(pause) / 1000)
        if leaving.done():
            seen["left"] += 1
            return
    leaving.cancel()
    await send({"type": "http.response.body", "body": END})


async def main(port, certificate=None, key=None):
    config = Config()
    config.bind, config.certfile, config.keyfile = [f"127.0.0.1:{port}"], certificate, key
    config.graceful_timeout = 1
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await serve(app, config, shutdown_trigger=stopped.wait)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""An `EventSource` server on sse-starlette, which we did not write: `starlette_app.py PORT`; uvicorn serves it.

`/?count=20&gap=30` sends so many events, so many ms apart, with ids, and a comment now and then.
"""

import asyncio
import sys

import uvicorn
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.routing import Route


async def events(count, gap):
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(count):
        await asyncio.sleep(max(0, began + (number + 1) * gap - loop.time()))
        if number % 4 == 3:
            yield ServerSentEvent(comment="still here")
        yield ServerSentEvent(data=f"word {number}", id=str(number + 1))
    yield ServerSentEvent(data="[DONE]")


async def stream(request):
    count, gap = int(request.query_params.get("count", 20)), float(request.query_params.get("gap", 30)) / 1000
    return EventSourceResponse(events(count, gap), ping=1)


if __name__ == "__main__":
    uvicorn.run(Starlette(routes=[Route("/", stream, methods=["GET", "POST"])]), host="127.0.0.1", port=int(sys.argv[1]),
                log_level="warning")

"""What a server sends without end does not fill the memory."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.fakes.server import COMMENT, FakeServer, Reply, Step

MOST = 400 * 1024 * 1024
MIB = 1024 * 1024
LISTENER = """
import asyncio, json, resource, sys
from tests.services.asking import BODY, HEADERS, api

async def main():
    kinds = []
    async with api(sys.argv[1]) as service:
        try:
            async with asyncio.timeout(float(sys.argv[2])):
                async for event in service.stream_chat(dict(BODY), HEADERS):
                    if type(event).__name__ not in kinds:
                        kinds.append(type(event).__name__)
        except TimeoutError:
            kinds.append("left")
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"kinds": kinds, "peak": peak}))

asyncio.run(main())
"""


async def listen(server: FakeServer, seconds: float) -> dict[str, Any]:
    """What a process of its own hears in this time, and how much memory it has taken."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LISTENER, server.base_url, str(seconds), stdout=subprocess.PIPE
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    heard: dict[str, Any] = json.loads(output)
    return heard


async def test_a_line_without_an_end_is_given_up_before_it_fills_the_memory() -> None:
    line: list[Step] = [b"data: ", *[b"x" * MIB] * 200]
    async with FakeServer() as server:
        server.on_chat(Reply(200, {"Content-Type": "text/event-stream"}, line))
        heard = await listen(server, 30)
    assert heard["kinds"][-1] in ("Interrupted", "Failed")
    assert heard["peak"] < MOST


async def test_comments_without_an_end_are_forgotten() -> None:
    comments: Sequence[Step] = [COMMENT * 4_000] * 1_000_000
    async with FakeServer() as server:
        server.on_chat(Reply(200, {"Content-Type": "text/event-stream"}, comments))
        heard = await listen(server, 3)
    assert "KeepAlive" in heard["kinds"]
    assert heard["kinds"][-1] in ("left", "Interrupted", "Failed")
    assert heard["peak"] < MOST

"""From the reply of a server to the events of a turn: a stream, a whole answer, or neither."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui.domain.connection import Connection
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.events import Connected, Failed, TurnEvent
from tui.domain.sanitize import single_line
from tui.domain.values import as_list, as_object, parse_json
from tui.services.answer_failures import compressed, not_a_stream
from tui.services.failures import Said, no_api, read_complaint, reported_failure
from tui.services.reply import Reply
from tui.services.web_page import gist, is_web_page
from tui.services.wire_chat import LONGEST_DOCUMENT, ChatReader

LONGEST_ERROR = 64 * 1024
"""How much of a body that is no answer is read, in bytes."""

_SHOWN_OF_A_PAGE = 200
_EVENT_STREAM = "text/event-stream"
_JSON = "application/json"
_GENERATION_ID = "x-generation-id"


async def answer_events(
    reply: Reply, connection: Connection, said: Said
) -> AsyncGenerator[TurnEvent, None]:
    """The events of a reply whose status is good; closes it.

    Never raises for what a server does: the last event is one of Finished, Interrupted and Failed.
    """
    try:
        if reply.is_encoded:
            yield Failed(compressed(connection.server_name))
        elif reply.media_type == _EVENT_STREAM:
            yield _connected(reply)
            async with aclosing(_streamed(reply, connection, said)) as events:
                async for event in events:
                    yield event
        else:
            for event in await _unstreamed(reply, connection, said):
                yield event
    finally:
        await reply.aclose()


async def _streamed(
    reply: Reply, connection: Connection, said: Said
) -> AsyncGenerator[TurnEvent, None]:
    reader = ChatReader(said, connection.server_name)
    while not reader.ended:
        try:
            chunk = await reply.next_chunk()
        except WorkbenchError as error:
            events = reader.lose(error.failure)
        else:
            events = reader.finish() if chunk is None else reader.feed(chunk)
        for event in events:
            yield event
    # Not before: who leaves now must not lose the end of the answer.
    await reply.settle()


async def _unstreamed(reply: Reply, connection: Connection, said: Said) -> list[TurnEvent]:
    """The events of a body that is no stream: a whole answer, an error, or a web page."""
    if reply.media_type != _JSON:
        return [Failed(_no_api(reply, connection, said, await reply.read_some(LONGEST_ERROR)))]
    try:
        body = await reply.read(LONGEST_DOCUMENT)
    except WorkbenchError as error:
        return [Failed(error.failure)]
    try:
        document = as_object(parse_json(body))
    except ValueError:
        document = {}
    if as_list(document.get("choices")):
        reader = ChatReader(said, connection.server_name)
        return [_connected(reply), *reader.take_whole(document)]
    complaint = read_complaint(document)
    if complaint is not None:
        return [Failed(reported_failure(complaint, said))]
    shown = said(body.decode("utf-8", "replace"), _SHOWN_OF_A_PAGE)
    media_type = said(reply.media_type, 100)
    return [Failed(not_a_stream(connection.server_name, reply.status, media_type, shown))]


def _connected(reply: Reply) -> Connected:
    return Connected(single_line(reply.headers.get(_GENERATION_ID, ""), 200) or None)


def _no_api(reply: Reply, connection: Connection, said: Said, body: bytes) -> Failure:
    text = body.decode("utf-8", "replace")
    if is_web_page(text):
        answer, detail = "a web page", gist(text)
    else:
        answer, detail = said(reply.media_type, 100) or "no content type", text
    return no_api(connection, reply.status, answer, said(detail, _SHOWN_OF_A_PAGE))

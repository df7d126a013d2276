"""``POST /chat/completions`` of the demo: from the request to a simulated, billed answer."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from tui.demo.answers import Ending, Reply, Situation, compose, error_status
from tui.demo.billing import Generation, Ledger, PromptCache
from tui.demo.catalogue import DemoCatalogue, Json
from tui.demo.chunks import Script, completion_row, json_bytes
from tui.demo.errors import ErrorReply, error_on_request
from tui.demo.pace import Pace
from tui.demo.prompt import as_object, asked_completion_tokens, read_prompt
from tui.demo.route import Route, find_route
from tui.demo.stream import AnswerStream, WholeBody
from tui.services.http import TransportResponse

_METADATA_HEADER = "x-openrouter-metadata"


class ChatDesk:
    """Takes chat requests and opens a generation for each one that is answered."""

    def __init__(
        self,
        catalogue: DemoCatalogue,
        ledger: Ledger,
        cache: PromptCache,
        pace: Pace,
        seed: int,
        now: Callable[[], datetime],
    ) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._cache = cache
        self._pace = pace
        self._seed = seed
        self._now = now
        self._opened = 0

    async def answer(
        self, content: bytes, headers: Mapping[str, str]
    ) -> TransportResponse | ErrorReply:
        """The answer to one request body; ``headers`` have lower-case names."""
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            return ErrorReply(400, "Invalid JSON body")
        prompt = read_prompt(body) if isinstance(body, dict) else None
        if prompt is None:
            return ErrorReply(400, 'Input required: specify "prompt" or "messages"')
        route = find_route(self._catalogue, body, prompt)
        if isinstance(route, ErrorReply):
            return route
        asked_error = error_status(prompt.question)
        if asked_error is not None:
            host = route.endpoint.host.name
            error = error_on_request(asked_error, route.endpoint.model.id, host)
            if error is not None:
                return error
        script = self._script(body, route)
        if headers.get(_METADATA_HEADER) == "enabled":
            script = replace(script, metadata=route.as_metadata())
        if body.get("stream") is True:
            return self._streamed(script)
        return await self._whole(script)

    def _script(self, body: Json, route: Route) -> Script:
        """Open the generation and write its answer, cut to the tokens that the request allows."""
        session_id = str(body.get("session_id") or "")
        prompt, endpoint = route.prompt, route.endpoint
        generation = Generation(
            id=self._new_id(),
            endpoint=endpoint,
            pricing=endpoint.pricing,
            at=self._now(),
            started=time.monotonic(),
            prompt_tokens=prompt.tokens,
            cache=self._cache.use(endpoint, session_id, prompt),
            streamed=body.get("stream") is True,
            session_id=session_id,
        )
        self._ledger.open(generation)
        wish = as_object(body.get("reasoning"))
        situation = Situation(
            model_name=endpoint.model.name,
            question=prompt.question,
            turn=prompt.turn,
            prompt_tokens=prompt.tokens,
            cached_tokens=generation.cache.read,
            dropped_messages=prompt.dropped,
            reasons=_reasons(endpoint.model.reasoning, wish),
        )
        reply = compose(situation).cut_for(endpoint.model.author)
        reply = _limited(reply, asked_completion_tokens(body))
        return Script(generation, reply, hides_reasoning=wish.get("exclude") is True)

    def _new_id(self) -> str:
        self._opened += 1
        digest = hashlib.sha256(f"{self._seed}:{self._opened}".encode()).hexdigest()
        return f"gen-{int(self._now().timestamp())}-{digest[:20]}"

    def _streamed(self, script: Script) -> TransportResponse:
        headers = {
            "content-type": "text/event-stream",
            "cache-control": "no-cache",
            "x-generation-id": script.generation.id,
        }
        return TransportResponse(200, headers=headers, stream=AnswerStream(script, self._pace))

    async def _whole(self, script: Script) -> TransportResponse:
        """An answer in one piece; it cannot be cancelled, so its bill is settled beforehand."""
        generation, reply = script.generation, script.reply
        generation.reasoning_tokens = len(reply.reasoning)
        generation.completion_tokens = len(reply.reasoning) + len(reply.tokens)
        generation.waived = reply.ending is Ending.ERROR
        generation.finish_reason = reply.finish_reason
        generation.native_finish_reason = script.native_reason
        generation.ended_at = time.monotonic()
        await self._pace.wait(script.silence + generation.completion_tokens / script.rate)
        generation.ended_at = time.monotonic()
        headers = {"content-type": "application/json", "x-generation-id": generation.id}
        return TransportResponse(
            200, headers=headers, stream=WholeBody(json_bytes(completion_row(script)))
        )


def _reasons(ability: Json, wish: Json) -> bool:
    """Whether the model reasons for this request: as it must, else as asked, else by default."""
    if ability.get("mandatory"):
        return True
    if not ability or wish.get("enabled") is False or wish.get("effort") == "none":
        return False
    asked = wish.get("enabled") is True or "effort" in wish or "max_tokens" in wish
    return asked or ability.get("default_enabled") is True


def _limited(reply: Reply, limit: int | None) -> Reply:
    """The reply within ``limit`` tokens, reasoning first; what is cut off ends with ``length``."""
    if limit is None or len(reply.reasoning) + len(reply.tokens) <= limit:
        return reply
    reasoning = reply.reasoning[:limit]
    tokens = reply.tokens[: limit - len(reasoning)]
    return replace(
        reply,
        reasoning=reasoning,
        tokens=tokens,
        finish_reason="length",
        ending=Ending.COMPLETE,
    )

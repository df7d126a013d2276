"""What a streamed answer looks like on the wire, and what is billed when it is left early."""

from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import takewhile
from typing import Any

import pytest

from tests.demo.client import ROOT, SONNET, Answer, DemoClient, chat_request, messages
from tui.demo.transport import DemoTransport
from tui.domain.pictures import Picture, data_in
from tui.services.http import ByteStream, TransportRequest, TransportResponse

R1 = "deepseek/deepseek-r1-0528"
GPT = "openai/gpt-5.2"
GEMINI = "google/gemini-2.5-pro"
LLAMA = "meta-llama/llama-3.3-70b-instruct"


async def test_a_stream_begins_with_comments_and_ends_with_usage_and_done(
    client: DemoClient,
) -> None:
    answer = await client.chat("Hello")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.lines[0] == ": OPENROUTER PROCESSING"
    assert [line for line in answer.lines if line][-1] == "data: [DONE]"
    assert "usage" in answer.chunks[-1]
    assert answer.finish_reasons.count("stop") == 1


async def test_every_chunk_names_the_generation_the_model_and_the_provider(
    client: DemoClient,
) -> None:
    answer = await client.chat("Hello")
    for chunk in answer.chunks:
        assert chunk["id"] == answer.generation_id
        assert chunk["object"] == "chat.completion.chunk"
        assert chunk["model"] == "anthropic/claude-4.5-sonnet-20250929"
        assert chunk["provider"] == "Anthropic"
        for choice in chunk["choices"]:
            assert choice["index"] == 0
            assert choice["delta"]["role"] == "assistant"
            assert "native_finish_reason" in choice


async def test_comments_come_between_the_chunks_as_well(client: DemoClient) -> None:
    answer = await client.chat("long 200")
    first = answer.lines.index(next(line for line in answer.lines if line.startswith("data")))
    assert ": OPENROUTER PROCESSING" in answer.lines[first:]


@pytest.mark.parametrize(
    ("model", "choices"),
    [
        (SONNET, []),
        (LLAMA, [None]),
        ("openai/gpt-4.1", ["stop"]),
    ],
)
async def test_the_usage_chunk_has_one_of_three_shapes(
    client: DemoClient, model: str, choices: list[str | None]
) -> None:
    last = (await client.chat("Hello", model=model)).chunks[-1]
    assert [choice["finish_reason"] for choice in last["choices"]] == choices


@pytest.mark.parametrize(
    ("model", "tokens", "prompt_price", "completion_price"),
    [
        # two words, and what a message costs with the author's models
        (SONNET, 2 + 6, "0.000003", "0.000015"),
        (GPT, 2 + 4, "0.00000175", "0.000014"),
        (GEMINI, 2 + 2, "0.00000125", "0.00001"),
        (LLAMA, 2 + 4, "0.0000001", "0.00000032"),
        ("openrouter/auto", 2 + 4, "0.00000075", "0.0000045"),
        ("deepseek/deepseek-v4-flash:free", 2 + 4, "0", "0"),
    ],
)
async def test_the_reported_cost_is_price_times_usage(
    client: DemoClient, model: str, tokens: int, prompt_price: str, completion_price: str
) -> None:
    usage = (await client.chat("Hello there", model=model)).usage
    prompt = usage["prompt_tokens"] * Decimal(prompt_price)
    completion = usage["completion_tokens"] * Decimal(completion_price)
    assert usage["prompt_tokens"] == tokens
    assert usage["cost"] == prompt + completion
    details = usage["cost_details"]
    assert details["upstream_inference_prompt_cost"] == prompt
    assert details["upstream_inference_completions_cost"] == completion


async def test_every_piece_is_a_token(client: DemoClient) -> None:
    answer = await client.chat("Hello", model=R1)
    pieces = [delta for delta in answer.deltas if delta["content"] or delta.get("reasoning")]
    details = answer.usage["completion_tokens_details"]
    assert answer.usage["completion_tokens"] == len(pieces)
    assert details["reasoning_tokens"] == sum(bool(p.get("reasoning")) for p in pieces) > 0


async def test_a_model_that_must_reason_does_so_first(client: DemoClient) -> None:
    answer = await client.chat("Hello", model=R1, reasoning={"enabled": False})
    kinds = ["reasoning" if d.get("reasoning") else "content" for d in answer.deltas]
    assert kinds == sorted(kinds, reverse=True)
    assert answer.reasoning


async def test_a_model_that_may_reason_does_so_when_asked(client: DemoClient) -> None:
    assert not (await client.chat("Hello")).reasoning
    assert (await client.chat("Hello", reasoning={"effort": "low"})).reasoning
    assert (await client.chat("Hello", reasoning={"max_tokens": 2000})).reasoning
    assert (await client.chat("Hello", model=GPT)).reasoning
    assert not (await client.chat("Hello", model=GPT, reasoning={"effort": "none"})).reasoning


async def test_excluded_reasoning_is_billed_and_not_shown(client: DemoClient) -> None:
    answer = await client.chat("Hello", model=R1, reasoning={"exclude": True})
    assert not answer.reasoning
    assert answer.usage["completion_tokens_details"]["reasoning_tokens"] > 20
    assert not any(delta.get("reasoning_details") for delta in answer.deltas)


async def test_claude_signs_its_reasoning_last(client: DemoClient) -> None:
    answer = await client.chat("reasoning")
    details = [item for delta in answer.deltas for item in delta.get("reasoning_details", ())]
    assert "".join(item.get("text", "") for item in details) == answer.reasoning
    assert ["signature" in item for item in details].index(True) == len(details) - 1
    assert {item["format"] for item in details} == {"anthropic-claude-v1"}


async def test_gpt_shows_a_summary_and_seals_the_rest(client: DemoClient) -> None:
    answer = await client.chat("reasoning", model=GPT)
    details = [item for delta in answer.deltas for item in delta.get("reasoning_details", ())]
    assert [item["type"] for item in details[-2:]] == ["reasoning.summary", "reasoning.encrypted"]


async def test_max_tokens_cuts_the_answer(client: DemoClient) -> None:
    answer = await client.chat("long 500", max_tokens=20)
    assert answer.usage["completion_tokens"] == 20
    assert answer.finish_reasons[-1] == "length"


async def test_the_native_reason_is_the_providers_word(client: DemoClient) -> None:
    for model, word in ((SONNET, "max_tokens"), (GPT, "max_output_tokens"), (LLAMA, "length")):
        answer = await client.chat("length", model=model)
        natives = [c["native_finish_reason"] for ch in answer.chunks for c in ch["choices"]]
        assert word in natives


async def test_a_failure_inside_the_stream_is_an_error_under_status_200(
    client: DemoClient,
) -> None:
    answer = await client.chat("error mid-stream")
    last = answer.chunks[-1]
    assert answer.status == 200
    assert answer.text
    assert last["error"]["code"] == 502
    assert last["choices"][0]["finish_reason"] == "error"
    row = await generation(client, answer)
    assert (row["total_cost"], row["finish_reason"]) == (0, "error")


async def test_a_cut_ends_without_a_finish_reason_and_without_done(client: DemoClient) -> None:
    answer = await client.chat("error cut")
    assert answer.text
    assert not answer.is_done
    assert set(answer.finish_reasons) == {None}
    assert not any("usage" in chunk for chunk in answer.chunks)


async def test_empty_has_no_token_and_charges_the_prompt(client: DemoClient) -> None:
    answer = await client.chat("empty")
    assert answer.text == ""
    assert answer.usage["completion_tokens"] == 0
    assert answer.usage["cost"] == answer.usage["prompt_tokens"] * Decimal("0.000003")


async def test_slow_keeps_the_connection_alive_with_comments(client: DemoClient) -> None:
    lines = [line for line in (await client.chat("slow")).lines if line]
    comments = list(takewhile(lambda line: line.startswith(":"), lines))
    assert len(comments) >= 12


async def test_the_route_is_told_only_when_asked_for(client: DemoClient) -> None:
    request = chat_request("Hello", model="~openai/gpt-latest")
    plain = await client.send(request)
    request.headers["X-OpenRouter-Metadata"] = "enabled"
    told = await client.send(request)
    assert not any("openrouter_metadata" in chunk for chunk in plain.chunks)
    metadata = told.chunks[-1]["openrouter_metadata"]
    assert (metadata["requested"], metadata["strategy"]) == ("~openai/gpt-latest", "latest")


async def test_without_streaming_the_same_answer_is_one_document(client: DemoClient) -> None:
    streamed = await client.chat("reasoning", model=GPT)
    whole = (await client.chat("reasoning", model=GPT, stream=False)).document
    (choice,) = whole["choices"]
    assert whole["object"] == "chat.completion"
    assert choice["message"]["content"] == streamed.text
    assert choice["message"]["reasoning"] == streamed.reasoning
    assert choice["finish_reason"] == "stop"
    assert whole["usage"] == streamed.usage


async def test_without_streaming_claude_has_one_signed_detail(client: DemoClient) -> None:
    whole = (await client.chat("reasoning", stream=False)).document
    (detail,) = whole["choices"][0]["message"]["reasoning_details"]
    assert detail["text"]
    assert detail["signature"]


async def test_without_streaming_a_failure_is_in_the_choice(client: DemoClient) -> None:
    whole = (await client.chat("error mid-stream", stream=False)).document
    assert whole["choices"][0]["finish_reason"] == "error"
    assert whole["choices"][0]["error"]["code"] == 502
    assert whole["usage"]["cost"] == 0


async def generation(client: DemoClient, answer: Answer) -> dict[str, object]:
    found = await client.get(f"/generation?id={answer.generation_id}")
    return dict(found.document["data"])


async def test_a_generation_tells_what_the_answer_said(client: DemoClient) -> None:
    answer = await client.chat("Hello", session_id="session-1")
    row = await generation(client, answer)
    assert row["total_cost"] == answer.usage["cost"]
    assert row["native_tokens_prompt"] == answer.usage["prompt_tokens"]
    assert row["native_tokens_completion"] == answer.usage["completion_tokens"]
    assert row["finish_reason"] == "stop"
    assert row["session_id"] == "session-1"
    assert row["cancelled"] is False
    assert row["streamed"] is True


async def left_early(transport: DemoTransport, chunks: int, **fields: Any) -> str:
    """Begin a long answer, read some chunks, close it; the result is the generation's id."""
    response: TransportResponse = await transport.handle_async_request(
        chat_request("long 1000", **fields)
    )
    stream = response.stream
    assert isinstance(stream, ByteStream)
    body: AsyncIterator[bytes] = aiter(stream)
    seen = 0
    while seen < chunks:
        seen += (await anext(body)).startswith(b"data: {")
    await stream.aclose()
    return response.headers["x-generation-id"]


@pytest.mark.parametrize("chunks", [0, 1, 25])
async def test_a_provider_that_stops_bills_what_was_written(
    client: DemoClient, chunks: int
) -> None:
    generation_id = await left_early(client.transport, chunks)
    row = (await client.get(f"/generation?id={generation_id}")).document["data"]
    assert row["cancelled"] is True
    assert row["native_tokens_completion"] == chunks
    prompt = row["native_tokens_prompt"] * Decimal("0.000003")
    assert row["total_cost"] == prompt + chunks * Decimal("0.000015")


async def test_a_provider_that_does_not_stop_bills_the_whole_answer(client: DemoClient) -> None:
    generation_id = await left_early(client.transport, 3, provider={"only": ["google-vertex"]})
    row = (await client.get(f"/generation?id={generation_id}")).document["data"]
    assert row["cancelled"] is True
    assert row["native_tokens_completion"] == 1_000


async def test_a_generation_is_unknown_while_it_runs(client: DemoClient) -> None:
    response = await client.transport.handle_async_request(chat_request("long 1000"))
    generation_id = response.headers["x-generation-id"]
    assert (await client.get(f"/generation?id={generation_id}")).status == 404
    await response.aclose()
    assert (await client.get(f"/generation?id={generation_id}")).status == 200


async def test_closing_an_answer_that_has_ended_changes_nothing(client: DemoClient) -> None:
    answer = await client.chat("Hello")
    assert (await generation(client, answer))["cancelled"] is False


async def test_a_marked_prompt_is_written_and_then_read(client: DemoClient) -> None:
    def conversation(*later: str) -> list[dict[str, object]]:
        part = {"type": "text", "text": " word" * 6_000, "cache_control": {"type": "ephemeral"}}
        return [{"role": "user", "content": [part]}, *messages("", *later)[1:]]

    async def usage(*later: str) -> dict[str, int]:
        body = {"model": SONNET, "messages": conversation(*later), "stream": True}
        answer = await client.send(TransportRequest("POST", f"{ROOT}/chat/completions", json=body))
        return dict(answer.usage["prompt_tokens_details"])

    first, second = await usage(), await usage("Yes.", "And then?")
    assert (first["cached_tokens"], first["cache_write_tokens"]) == (0, 6_006)
    assert (second["cached_tokens"], second["cache_write_tokens"]) == (6_006, 0)


async def test_an_image_comes_as_data_in_a_chunk_and_in_a_whole_answer(client: DemoClient) -> None:
    streamed = await client.chat("image")
    [images] = [
        choice["delta"]["images"]
        for chunk in streamed.chunks
        for choice in chunk["choices"]
        if "images" in choice["delta"]
    ]
    whole = await client.chat("image", stream=False)
    assert whole.document["choices"][0]["message"]["images"] == images
    data = data_in(images[0]["image_url"]["url"])
    assert data is not None
    assert Picture.of(data).words.startswith("PNG 240×150")

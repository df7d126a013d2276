"""What the cache did for each answer, and why it did not do more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import CLAUDE, GEMINI, GPT, LLAMA, Chat, request_for
from tui.domain.caching_entries import AUTOMATIC_MINIMUM, WarmPrefix
from tui.domain.caching_reasons import MissReason
from tui.domain.caching_trace import CacheState, cache_trace, sticky_warning, warm_now
from tui.domain.calibration import Estimate
from tui.domain.conversation import Message, Role
from tui.domain.cost import Usage
from tui.domain.turn import TurnRequest

LONG = "word " * 1_600
"""2,000 tokens by our count, and 4 for the message."""


def marked(**model: object) -> TurnRequest:
    return request_for(CLAUDE, prompt_caching=True, model=model)


def used(prompt: int, read: int = 0, written: int = 0) -> Usage:
    return Usage(prompt, 10, cached_tokens=read, cache_write_tokens=written)


def state(chat: Chat, message: Message) -> CacheState:
    return cache_trace(chat.conversation, chat.request, chat.now).states[message.id]


def reason(chat: Chat, message: Message) -> MissReason | None:
    return state(chat, message).reason


def two_turns(request: TurnRequest, second: Usage, **later: object) -> tuple[Chat, Message]:
    """A long first turn that was cached as far as its request allowed, and a second one."""
    chat = Chat(request)
    explicit = request.settings.prompt_caching
    chat.turn(LONG, usage=used(2004, written=2004 if explicit else 0))
    return chat, chat.turn("And then?", usage=second, **later)  # type: ignore[arg-type]  # by name


def test_the_first_turn_writes_and_reads_nothing() -> None:
    chat = Chat(marked())
    first = chat.turn(LONG, usage=used(2004, written=2004))
    seen = state(chat, first)
    assert (seen.read, seen.written, seen.plain, seen.missed) == (0, 2004, 0, 0)
    assert seen.reason is MissReason.FIRST_TURN
    assert seen.words == "wrote 2,004 · first turn"
    assert seen.warm_until == first.created_at + timedelta(minutes=5)


def test_a_hit_has_no_reason() -> None:
    chat, second = two_turns(marked(), used(2020, read=2004, written=16))
    seen = state(chat, second)
    assert (seen.read, seen.written, seen.plain, seen.missed) == (2004, 16, 0, 0)
    assert (seen.reason, seen.words) == (None, "read 2,004 · wrote 16")


def test_gemini_counts_what_it_writes_as_read() -> None:
    chat = Chat(request_for(GEMINI, prompt_caching=True))
    first = chat.turn(LONG * 3, usage=used(6004, read=6000, written=6000))
    seen = state(chat, first)
    assert (seen.read, seen.written, seen.plain) == (6000, 6000, 4)


def test_an_hour_lasts_an_hour() -> None:
    request = marked(params={"cache_ttl": "1h"})
    chat, second = two_turns(request, used(2020, written=2020), minutes=59)
    assert reason(chat, second) is MissReason.UNEXPLAINED
    chat, second = two_turns(request, used(2020, written=2020), minutes=61)
    seen = state(chat, second)
    assert seen.reason is MissReason.EXPIRED
    assert seen.words == "wrote 2,020 · expired: 61 minutes had passed"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (5, "expired: 5 minutes had passed"),
        (119, "expired: 119 minutes had passed"),
        (180, "expired: 3 hours had passed"),
    ],
)
def test_after_its_lifetime_an_entry_is_gone(minutes: float, words: str) -> None:
    chat, second = two_turns(marked(), used(2020), minutes=minutes)
    seen = state(chat, second)
    assert (seen.reason, seen.missed) == (MissReason.EXPIRED, 0)
    assert seen.words == words


def test_another_provider_holds_nothing() -> None:
    chat, second = two_turns(marked(), used(2020), served_by="Google")
    seen = state(chat, second)
    assert (seen.reason, seen.missed) == (MissReason.OTHER_PROVIDER, 2004)
    assert seen.words == "missed 2,004 · Google answered, and Anthropic holds the cache"


def test_a_miss_that_nothing_explains_says_so() -> None:
    chat, second = two_turns(marked(), used(2020))
    assert state(chat, second).words == "missed 2,004 · the provider did not say why"


def test_a_short_prompt_is_not_cached() -> None:
    chat = Chat(marked())
    first = chat.turn("Hi", usage=used(9))
    seen = state(chat, first)
    assert seen.reason is MissReason.TOO_SHORT
    assert seen.words == "too short: the prompt has 9 of 1,024 tokens"


def test_a_prompt_that_grew_long_enough_had_nothing_to_read() -> None:
    chat = Chat(marked())
    chat.turn("Hi", usage=used(9))
    second = chat.turn(LONG, usage=used(2030, written=2030))
    assert (
        state(chat, second).words
        == "wrote 2,030 · too short: the turn before had 9 of 1,024 tokens"
    )


def test_an_edited_message_leaves_what_came_before_it() -> None:
    chat = Chat(marked())
    chat.say(Role.SYSTEM, LONG)
    system = chat.conversation.leaf_id
    first = chat.turn(LONG, usage=used(4008, written=4008))
    edited = chat.turn("Something else", parent=system, usage=used(2020, read=2004, written=16))
    seen = state(chat, edited)
    # the mark on the system prompt was read, which is all that both requests share
    assert (seen.reason, seen.missed) == (None, 0)
    again = chat.turn("Third way", parent=system, usage=used(2020))
    assert reason(chat, again) is MissReason.UNEXPLAINED
    assert first.id not in cache_trace(chat.conversation, chat.request, chat.now).states


def test_an_edit_before_every_mark_loses_the_cache() -> None:
    chat = Chat(marked())
    chat.turn(LONG, usage=used(2004, written=2004))
    edited = chat.turn(LONG + "!", root=True, usage=used(2005, written=2005))
    assert reason(chat, edited) is MissReason.EARLIER_EDITED
    assert state(chat, edited).words == "wrote 2,005 · an earlier message had changed"


def test_another_system_prompt_loses_the_cache() -> None:
    chat = Chat(marked())
    chat.turn(LONG, usage=used(2004, written=2004))
    chat.say(Role.SYSTEM, "Be brief.", root=True)
    second = chat.turn(LONG, usage=used(2010, written=2010))
    assert reason(chat, second) is MissReason.SYSTEM_CHANGED


def test_an_answer_that_is_given_again_can_read_the_same_prompt() -> None:
    chat = Chat(marked())
    first = chat.turn(LONG, usage=used(2004, written=2004))
    assert first.generation is not None
    chat.now += timedelta(minutes=1)
    generation = replace(first.generation, usage=used(2004))
    again = replace(chat.say(Role.ASSISTANT, "No.", first.parent_id), generation=generation)
    chat.conversation.put(again)
    assert (state(chat, again).reason, state(chat, again).missed) == (MissReason.UNEXPLAINED, 2004)
    hit = replace(again, generation=replace(generation, usage=used(2004, read=2004)))
    chat.conversation.put(hit)
    assert (state(chat, hit).reason, state(chat, hit).read) == (None, 2004)


def test_each_model_has_a_cache_of_its_own() -> None:
    chat = Chat(marked())
    chat.turn(LONG, usage=used(2004), request=request_for(GPT, prompt_caching=True))
    second = chat.turn("And then?", usage=used(2020, written=2020))
    assert reason(chat, second) is MissReason.OTHER_MODEL


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (request_for(CLAUDE), MissReason.SWITCHED_OFF),
        (request_for(GEMINI), MissReason.SWITCHED_OFF),
        (request_for(GPT), MissReason.FIRST_TURN),
        (request_for(LLAMA, prompt_caching=True), MissReason.NO_CACHE),
        (request_for("llama3", provider="compatible"), MissReason.NOT_KNOWN),
    ],
)
def test_whether_there_is_a_cache_at_all(request_: TurnRequest, expected: MissReason) -> None:
    chat = Chat(request_)
    assert reason(chat, chat.turn(LONG, usage=used(2004))) is expected


def test_gemini_may_read_by_itself_without_the_box() -> None:
    chat, second = two_turns(request_for(GEMINI), used(6020, read=2004))
    assert state(chat, second).words == "read 2,004"


def test_the_first_turn_with_the_box_checked_has_nothing_to_read() -> None:
    chat = Chat(marked())
    chat.turn(LONG, usage=used(2004), request=request_for(CLAUDE))
    second = chat.turn("And then?", usage=used(2020, written=2020))
    assert reason(chat, second) is MissReason.FIRST_TURN
    assert "first turn with the box checked" in state(chat, second).words


def test_compression_breaks_the_prefix() -> None:
    request = request_for(CLAUDE, prompt_caching=True, compress_prompts=True)
    chat = Chat(request)
    chat.turn(LONG, usage=used(2004, written=2004))
    estimate = Estimate(prompt_raw=250_000, prompt=250_000)
    second = chat.turn(LONG, usage=used(199_000, written=199_000), estimate=estimate)
    assert reason(chat, second) is MissReason.COMPRESSED


@pytest.mark.parametrize("usage", [None, Usage(completion_tokens=5), Usage(2004, 5)])
def test_without_a_report_nothing_is_claimed(usage: Usage | None) -> None:
    chat = Chat(marked())
    answer = chat.turn(LONG, usage=usage)
    trace = cache_trace(chat.conversation, chat.request, chat.now)
    seen = trace.states.get(answer.id)
    assert trace.warm is None
    assert seen is None or (seen.reason, seen.words) == (
        None,
        "the server says nothing about its cache",
    )


# --- what the next request will find


def warm(chat: Chat, minutes: float = 1) -> WarmPrefix | None:
    path = chat.conversation.path()
    return warm_now(chat.conversation, path, chat.request, chat.now + timedelta(minutes=minutes))


def test_the_next_request_finds_what_the_last_one_left() -> None:
    chat, second = two_turns(marked(), used(2020, read=2004, written=16))
    found = warm(chat)
    path = chat.conversation.path()
    assert found == WarmPrefix(
        messages=tuple(message.id for message in path[:3]),
        tokens=2020,
        until=second.created_at + timedelta(minutes=5),
        sticky_until=second.created_at + timedelta(minutes=10),
        provider="Anthropic",
    )
    assert found.left(chat.now + timedelta(minutes=1)) == 240
    assert found.left(chat.now + timedelta(minutes=9)) == 0
    assert warm(chat, minutes=5) is None


def test_a_model_that_caches_by_itself_holds_the_whole_last_prompt() -> None:
    chat, _ = two_turns(request_for(GPT), used(2020, read=1920))
    found = warm(chat)
    assert found is not None
    assert (found.tokens, len(found.messages)) == (2020, 3)


def test_reading_does_not_prolong_an_explicit_cache_of_gemini() -> None:
    chat = Chat(request_for(GEMINI, prompt_caching=True))
    first = chat.turn(LONG * 3, usage=used(6004, read=6004, written=6004))
    chat.turn("And then?", usage=used(6020, read=6004), minutes=4)
    found = warm(chat, minutes=0.5)
    assert found is not None
    assert (found.tokens, found.until) == (6004, first.created_at + timedelta(minutes=5))


def test_a_branch_finds_the_marks_that_it_shares() -> None:
    chat = Chat(marked())
    system = chat.say(Role.SYSTEM, LONG)
    chat.turn(LONG, usage=used(4008, written=4008))
    chat.conversation.leaf_id = system.id
    chat.say(Role.USER, "Another way")
    found = warm(chat)
    assert found is not None
    assert found.messages == (system.id,)
    assert found.tokens == 2004


def test_short_prompts_leave_nothing() -> None:
    chat = Chat(request_for(GPT))
    chat.turn("Hi", usage=used(AUTOMATIC_MINIMUM - 1))
    assert warm(chat) is None


def test_the_marks_of_the_last_request_are_named() -> None:
    chat = Chat(marked())
    system = chat.say(Role.SYSTEM, "Be brief.")
    for _ in range(3):
        chat.turn(LONG, usage=used(3000))
    turns = [one.id for one in chat.conversation.path() if one.role is Role.USER]
    trace = cache_trace(chat.conversation, chat.request, chat.now)
    assert trace.marks == {system.id, *turns[-2:]}
    assert cache_trace(chat.conversation, request_for(GPT), chat.now).marks == frozenset()


def test_an_order_of_providers_works_against_the_cache() -> None:
    assert sticky_warning(marked()) == ""
    assert "sticky routing off" in sticky_warning(marked(provider={"order": ["anthropic"]}))
    without_caching = request_for(CLAUDE, model={"provider": {"order": ["anthropic"]}})
    assert sticky_warning(without_caching) == ""


@given(
    st.lists(
        st.tuples(
            st.sampled_from([CLAUDE, GPT, GEMINI, LLAMA]),
            st.booleans(),
            st.integers(0, 10_000),
            st.none() | st.integers(0, 12_000),
            st.none() | st.integers(0, 12_000),
            st.integers(0, 20),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_whatever_is_reported_the_figures_hang_together(
    turns: list[tuple[str, bool, int, int | None, int | None, int, bool]],
) -> None:
    chat = Chat(marked())
    for model_id, caching, prompt, read, written, minutes, branches in turns:
        usage = Usage(prompt, 5, cached_tokens=read, cache_write_tokens=written)
        parent = chat.conversation.path()[0].id if branches and chat.conversation.messages else None
        request = request_for(model_id, prompt_caching=caching)
        chat.turn(LONG, usage=usage, minutes=minutes, request=request, parent=parent)
    trace = cache_trace(chat.conversation, chat.request, chat.now)
    on_path = {message.id for message in chat.conversation.path()}
    assert trace.states.keys() <= on_path
    for seen in trace.states.values():
        assert min(seen.read, seen.written, seen.plain, seen.missed) >= 0
        assert seen.words
        assert seen.missed == 0 or seen.reason is not None
    if trace.warm is not None:
        assert set(trace.warm.messages) <= on_path
        assert trace.warm.left(chat.now) > 0

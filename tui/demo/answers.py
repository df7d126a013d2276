"""What the demo answers: commands that show one thing each, and a helpful answer to the rest."""

import re
import zlib
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import chain, cycle, islice

from tui.demo import samples
from tui.demo.picture import picture
from tui.demo.tokenizer import split_tokens
from tui.demo.topics import TOPICS, Topic
from tui.domain.title_request import TITLE_REQUEST

_LONGEST = 200_000
_LONG = re.compile(r"long (\d{1,7})")
_ERROR = re.compile(r"error (\d{3})")
_WORD = re.compile(r"[\w$-]+")
_QUOTED_WORDS = 14
_QUOTED_CHARACTERS = 120
_MARKUP = str.maketrans("", "", "*_`[]<>#|~\\")


class Ending(Enum):
    """How a stream ends: as it should, with an error inside, or without a word."""

    COMPLETE = auto()
    ERROR = auto()
    CUT = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """A simulated answer in tokens; ``silence`` is in seconds before the first one.

    ``tokens_per_second`` None means the model's own pace.
    """

    tokens: tuple[str, ...]
    reasoning: tuple[str, ...] = ()
    finish_reason: str = "stop"
    images: tuple[bytes, ...] = ()
    ending: Ending = Ending.COMPLETE
    tokens_per_second: float | None = None
    silence: float = 0.0

    def cut_for(self, author: str) -> "Reply":
        """The same words in the tokens of an author's models; a length that was asked for stays."""
        if self.tokens_per_second is not None:
            return self
        return replace(
            self,
            tokens=tuple(split_tokens("".join(self.tokens), author)),
            reasoning=tuple(split_tokens("".join(self.reasoning), author)),
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """What an answer can refer to; the figures are tokens, ``turn`` counts from 1."""

    model_name: str
    question: str
    turn: int
    prompt_tokens: int
    cached_tokens: int = 0
    dropped_messages: int = 0
    reasons: bool = False


def error_status(question: str) -> int | None:
    """The HTTP status that a prompt such as ``error 402`` asks for."""
    found = _ERROR.fullmatch(_command(question))
    return int(found[1]) if found else None


def compose(situation: Situation) -> Reply:
    """The answer to a prompt; the same situation always gives the same answer."""
    command = _command(situation.question)
    thoughts = _thoughts(situation) if situation.reasons or command == "reasoning" else ()
    if situation.question.startswith(TITLE_REQUEST):
        return Reply(_tokens(_title(situation)), thoughts)
    if found := _LONG.fullmatch(command):
        length = min(int(found[1]), _LONGEST)
        return Reply(_long_text(length), tokens_per_second=1000)
    if (sample := samples.SAMPLES.get(command)) is not None:
        return Reply(_tokens(sample), thoughts)
    match command:
        case "image":
            return Reply(_tokens(samples.IMAGE), thoughts, images=(picture(),))
        case "error mid-stream":
            return Reply(_tokens(samples.FAILING), finish_reason="error", ending=Ending.ERROR)
        case "error cut":
            return Reply(_tokens(samples.CUT), ending=Ending.CUT)
        case "length":
            return Reply(_tokens(samples.TOO_LONG), thoughts, finish_reason="length")
        case "filter":
            return Reply(_tokens(samples.FILTERED), finish_reason="content_filter")
        case "empty":
            return Reply(())
        case "slow":
            return Reply(_tokens(samples.SLOW), silence=6)
    return Reply(_tokens(_answer(situation)), thoughts)


def _command(question: str) -> str:
    return " ".join(question.lower().split())


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(split_tokens(text))


def _answer(situation: Situation) -> str:
    topic, fits = _topic(situation)
    quote = _quote(situation.question)
    paragraphs = (
        _opening(situation, quote),
        f"> {quote}" if quote else "",
        "" if fits else "There is no model here to answer that. Something true instead:",
        f"## {topic.title}",
        topic.body,
        _closing(situation),
    )
    return "\n\n".join(filter(None, paragraphs))


def _title(situation: Situation) -> str:
    """The topic of a conversation that is to have a title, or how it begins."""
    said = situation.question.removeprefix(TITLE_REQUEST)
    topic, fits = _topic(replace(situation, question=said))
    return topic.title if fits else _quote(said.partition(":")[2])


def _opening(situation: Situation, quote: str) -> str:
    asked = "asked" if situation.question.rstrip().endswith(("?", "？")) else "wrote"
    you = f" You {asked}:" if quote else ""
    name = f"**{situation.model_name}**"
    openings = (
        f"This is the demo: no request left your machine, and {name} never saw it.{you}",
        f"{name} would answer here; this text is a simulation.{you}",
        f"A simulated answer in place of {name}, at its real price.{you}",
    )
    return openings[situation.turn % len(openings)]


def _quote(question: str) -> str:
    """The first words of the prompt on one line, with nothing in them that Markdown reads."""
    words = question.translate(_MARKUP).split()
    quote = " ".join(words[:_QUOTED_WORDS])[:_QUOTED_CHARACTERS]
    return f"{quote} …" if quote and len(quote) < len(" ".join(words)) else quote


def _topic(situation: Situation) -> tuple[Topic, bool]:
    """The topic that most words of the prompt point to, or one chosen by its text and turn."""
    words = set(_WORD.findall(situation.question.lower()))
    best = max(TOPICS, key=lambda topic: len(topic.words & words))
    if best.words & words:
        return best, True
    seed = zlib.crc32(situation.question.encode(errors="replace")) + situation.turn
    return TOPICS[seed % len(TOPICS)], False


def _closing(situation: Situation) -> str:
    if situation.dropped_messages:
        return (
            f"*{situation.dropped_messages} messages from the middle were left out of this prompt, "
            "so that it fits: I have not read them.*"
        )
    if situation.turn == 1:
        return "Type `help` for what else the demo can show."
    told = (
        f"This was turn {situation.turn}. The whole conversation went along with it, "
        f"{situation.prompt_tokens:,} tokens"
    )
    if situation.cached_tokens:
        return f"{told}; {situation.cached_tokens:,} of them came from the cache."
    return f"{told}, which is why long chats cost more with every turn."


def _thoughts(situation: Situation) -> tuple[str, ...]:
    quote = _quote(situation.question)
    topic, fits = _topic(situation)
    read = f"The message reads “{quote}”. " if quote else "There is no message. "
    found = (
        f"Its words point to something I do know: {topic.title.lower()}."
        if fits
        else f"Its words point nowhere I know, so {topic.title.lower()} will do."
    )
    return _tokens(
        f"{read}No model is behind this demo, and I should say so before anything else. {found} "
        "I will keep it short, and end with where the conversation stands."
    )


def _long_text(length: int) -> tuple[str, ...]:
    """Exactly ``length`` tokens of Markdown: the topics as numbered sections, over and over."""
    sections = (
        f"## {number}. {topic.title}\n\n{topic.body}\n\n"
        for number, topic in enumerate(cycle(TOPICS), start=1)
    )
    return tuple(islice(chain.from_iterable(map(split_tokens, sections)), length))

"""What the simulated answers talk about: short, true pieces on OpenRouter and the workbench."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject: ``words`` in a prompt lead to it, ``body`` is Markdown without its heading."""

    title: str
    words: frozenset[str]
    body: str


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


TOPICS = (
    Topic(
        "Prompt caching",
        _words("cache caching cached caches prefix ttl warm ephemeral"),
        """\
A provider can keep the beginning of a prompt, so that the next turn pays less for it.

- **Claude** and some **Qwen** models cache only what the request marks. The box *Enable prompt \
caching* (F2) sets the marks.
- **Gemini** reuses recent prompts at times; the box adds a cache you can rely on.
- **GPT**, **Grok** and **DeepSeek** do it by themselves.

Reading from the cache is cheap, writing may cost extra, and a prompt below the model's minimum \
length is not cached at all.""",
    ),
    Topic(
        "What middle-out drops",
        _words("compress compression middle-out middle context overflow drop forget"),
        """\
When a conversation outgrows the context, OpenRouter can shorten the prompt:

1. The beginning stays, with the instructions.
2. The end stays, with your question.
3. What lies between is removed or cut until the rest fits.

The model then answers as if the middle had never been said. With *Compress prompts* off, a \
prompt that is too long is refused instead, and nothing is left out behind your back.""",
    ),
    Topic(
        "Where the money goes",
        _words(
            "cost costs price prices pricing money pay bill billing cheap expensive credits usd $"
        ),
        """\
```text
  prompt tokens      × prompt price
+ cached tokens      × cache-read price
+ written tokens     × cache-write price
+ completion tokens  × completion price
```

Reasoning counts as completion. While an answer streams, its cost is an estimate and marked `≈`; \
at the end OpenRouter reports what it charged, and that figure takes its place.""",
    ),
    Topic(
        "Choosing a provider",
        _words("provider providers routing route endpoint endpoints latency throughput uptime"),
        """\
Most models are served by several providers. A request can say which:

| `provider` | Effect |
|:--|:--|
| `order` | tries these first, in this order |
| `only` | uses no others |
| `ignore` | never uses these |
| `sort` | by price, throughput or latency |
| `max_price` | refuses anything dearer |

Without any of them OpenRouter prefers the cheap and the stable. Setting `order` switches sticky \
routing off, so a warm cache may be missed.""",
    ),
    Topic(
        "When a model is not available",
        _words("fallback fallbacks outage unavailable backup availability"),
        """\
A request may name more than one model. If the first fails, OpenRouter asks the next:

```json
{
  "model": "anthropic/claude-sonnet-4.5",
  "models": ["anthropic/claude-sonnet-4.5", "openai/gpt-5.2"]
}
```

A full context, a rate limit, moderation or an outage all count as failing. You pay the price of \
the model that answered, and the receipt below the answer names it.""",
    ),
    Topic(
        "What Esc does to the bill",
        _words("stop stopping cancel cancelled cancelling abort interrupt esc escape"),
        """\
**Esc** closes the connection. What that saves depends on the provider:

- OpenAI, Anthropic, DeepSeek and xAI stop writing, and the bill stops with them.
- Google, Amazon Bedrock, Mistral and some others finish the answer and charge for all of it.

A stopped answer brings no usage with it. OpenRouter knows the real cost a moment later, under \
the id of the generation.""",
    ),
    Topic(
        "Reading an error",
        _words("error errors fail fails failed failure retry retries broken 401 402 429 502 503"),
        """\
| Code | Meaning | What helps |
|--:|:--|:--|
| 401 | the key is wrong or disabled | another key |
| 402 | no credits left | topping up |
| 429 | too many requests | waiting a little |
| 502 | the provider failed | another provider |
| 503 | nobody can take it now | a fallback model |

Trying again by itself is safe only before the first token: after that, a second try would be a \
second bill.""",
    ),
    Topic(
        "Free models and variants",
        _words("free variant variants nitro floor online suffix limits"),
        """\
A suffix after the model's id changes how it is served:

- `:free` costs nothing, with limits on requests per minute and per day
- `:nitro` prefers the fastest provider
- `:floor` prefers the cheapest one

And `openrouter/auto` picks a model for each prompt. Its own price is unknown beforehand: you pay \
that of the model it picked, so the catalogue says *varies*.""",
    ),
    Topic(
        "Counting tokens",
        _words("token tokens tokenizer count characters"),
        """\
Models read tokens, not words. As a rule of thumb:

1. English needs about one token for four characters.
2. Chinese, Japanese and Korean need about one for each character.
3. Code lies between the two, as indentation and symbols count as well.

Every model cuts text in its own way, so the exact number comes back with the answer. Until then \
the workbench estimates, and marks what it guessed with `≈`.""",
    ),
    Topic(
        "Paying for thoughts",
        _words("reasoning reason think thinking thoughts effort budget o3"),
        """\
Some models reason before they answer. Three things are worth knowing:

- Reasoning is billed as completion, even where it is hidden.
- `reasoning.effort` says how much: from `minimal` to `high`, and beyond for a few models.
- Some models cannot leave it out.

To continue a train of thought, its `reasoning_details` go back with the next request, unchanged \
and signed. The workbench takes care of that.""",
    ),
    Topic(
        "The keys worth knowing",
        _words("keyboard shortcut shortcuts workbench demo hello hi hey"),
        """\
| Key | Does |
|:--|:--|
| Enter | sends the message |
| Shift+Enter | starts a new line |
| Esc | stops the answer |
| F2 | opens the settings |
| F3 | opens the models |
| Ctrl+P | finds any command |

Press F1 for the others. The line below each answer says who wrote it, what it cost, and how long \
it took.""",
    ),
)

"""An answer with one of everything that the transcript draws."""

from textual.content import Content

from tui.domain.image_header import ImageFormat
from tui.domain.pictures import Picture
from tui.ui.transcript import Entry, Role

QUESTION = "Show me one of everything, please.\n\n```sh\nls -l | wc\n```"
REASONING = "First the text, then the data, and formulas at the end."
ANSWER = """\
# How a turn is billed

What you pay is *tokens × price*, ~~rounded up~~ **to the last digit**; `usage.cost` says so.
Read [the guide](https://openrouter.ai/docs) or https://openrouter.ai/models first.[^1]

## Order

1. The prompt:
   - what is read from the cache
   - what is not
     - at the full price
2. The completion

- [x] set a budget
- [ ] choose a provider

> A price is not a promise.
>
> > It was one once.

| Model | Prompt | Cached |
|:--|--:|:-:|
| Claude Sonnet 4.5 | $3 | yes |
| 汉字 and 👩‍🔬 | $0.25 | no |

| Provider | Region | Latency | Throughput | Uptime | Quantization | Cache read | Data policy |
|---|---|--:|--:|--:|---|--:|---|
| Google Vertex | europe-west1 | 0.61 s | 84 tok/s | 99.9 % | unknown | $0.30 | keeps nothing |
| Amazon Bedrock | us-east-1 | 0.94 s | 61 tok/s | 99.2 % | fp8 | $0.30 | keeps nothing |

```python
def cost(plain: int, cached: int) -> Decimal:
    \"\"\"What a prompt costs in USD.\"\"\"
    price = Decimal("0.000003")  # per token; a comment that is wrapped where there is no room
    return plain * price + cached * price / 10
```

With $n$ tokens, of which $r \\le n$ are read:

$$
c = (n - r) \\cdot p + \\frac{r \\cdot p}{10} + \\sum_{i=1}^{k} t_i
$$

这一段检查换行：汉字占两列，标点也是。日本語では全角、ｶﾅ は半角。
한국어도 넓다. Emoji: 🙂 👍🏽 🇪🇺 é ñ.

---

<details>HTML is shown as it is.</details>

[^1]: Prices change; the receipt below does not.
"""
NOTE = Content("claude-4.5-sonnet · Anthropic · $0.004218 · 1,204 → 561 tok · 6.1 s")
PICTURE = Picture("0" * 64, ImageFormat.PNG, 1024, 1024, 1_234_567)


def rich_entries() -> list[Entry]:
    """A question and the answer to it, with its reasoning folded and an image below."""
    return [
        Entry("question", Role.USER, QUESTION),
        Entry("answer", Role.ASSISTANT, ANSWER, REASONING, NOTE, images=(PICTURE,)),
    ]

"""The fixed texts behind the demo's commands: one kind of Markdown, or one way to end, each."""

_HELP = """\
## What the demo can show

| Type | To see |
|:--|:--|
| `table` `code` `list` `links` `math` `cjk` | one kind of Markdown |
| `image` | an image beside the text |
| `reasoning` | thoughts before the answer |
| `long 2000` | 2,000 tokens at 1,000 a second |
| `slow` | a server that takes its time |
| `length` `filter` `empty` | unusual ways to finish |
| `error 402` | one of 401, 402, 403, 404, 429, 500, 502, 503 |
| `error mid-stream` | a failure in the middle of an answer |
| `error cut` | a connection that breaks |

Anything else gets an ordinary answer. Models, prices and the arithmetic are real; the words and \
the money are not."""

_TABLE = """\
Three models and what a million tokens cost, from the demo's catalogue:

| Model | Prompt | Completion | Cache read | Context |
|:------|-------:|-----------:|-----------:|--------:|
| Claude Sonnet 4.5 | $3 | $15 | $0.30 | 1,000,000 |
| Gemini 2.5 Pro | $1.25 | $10 | $0.125 | 1,048,576 |
| GPT-5.2 | $1.75 | $14 | $0.175 | 400,000 |
| DeepSeek V3.2 | $0.252 | $0.378 | $0.0252 | 131,072 |

The completion column decides the bill of most chats: answers cost five to eight times as much \
per token as prompts do. Only in the last row the two are close."""

_CODE = '''\
This is how a cost is computed, in `Decimal` so that no digit is lost:

```python
from decimal import Decimal


def cost(plain: int, cached: int, completion: int) -> Decimal:
    """What one answer of Claude Sonnet 4.5 costs in USD."""
    prompt_price = Decimal("0.000003")
    read_price = Decimal("0.0000003")
    completion_price = Decimal("0.000015")
    return plain * prompt_price + cached * read_price + completion * completion_price


print(cost(1_204, 0, 561))  # 0.012027
```

And the request that leads to it, from a shell:

```bash
curl https://openrouter.ai/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "anthropic/claude-sonnet-4.5",
       "messages": [{"role": "user", "content": "Hello"}]}'
```

`0.012027` is exact. A `float` holds such prices only nearly, and a sum of many answers shows it.'''

_LIST = """\
Before a long conversation:

1. Choose the model.
   - Is the context long enough for what you want to paste?
   - Does it read images or files, if you have any?
2. Look at the price.
   - The completion price matters most for writing.
   - The prompt price matters most for reading.
     - A cache makes the second and later turns cheaper.
3. Decide about the limits.
   - [x] say what may be dropped when the context is full
   - [ ] set a budget

Then start small, and read the receipt below the first answer."""

_LINKS = """\
Some places worth knowing:

- the [model catalogue](https://openrouter.ai/models) on the web
- the guide to [prompt caching](https://openrouter.ai/docs/guides/best-practices/prompt-caching)
- how [providers are chosen][routing], explained by OpenRouter
- the address itself: <https://openrouter.ai/docs>

The workbench opens `http` and `https` links only. One to a `javascript:` address, such as \
[this one](javascript:alert(1)), stays plain text.

[routing]: https://openrouter.ai/docs/guides/routing/provider-selection"""

_MATH = """\
One turn of Claude Sonnet 4.5 with a warm cache. The prompt has $n = 2649$ tokens, of which \
$r = 2569$ are read and $w = 79$ are written:

$$
c = (n - r - w) \\cdot p + r \\cdot p_r + w \\cdot p_w
$$

| Part | Tokens | Price | USD |
|:--|--:|--:|--:|
| plain | 1 | 0.000003 | 0.000003 |
| read | 2569 | 0.0000003 | 0.0007707 |
| written | 79 | 0.00000375 | 0.00029625 |
| **sum** | **2649** | | **0.00106995** |

Without the cache the same prompt would cost 2649 × 0.000003 = 0.007947 USD: 7.4 times as much."""

_CJK = """\
## 宽字符 · 全角文字 · 넓은 글자

这一段用来检查换行：汉字在终端里占两列，标点也是，所以一行能放下的字数只有英文的一半左右。

日本語では、ひらがな・カタカナ・漢字が混ざります。ｶﾀｶﾅ は半角なので一列です。

한국어는 띄어쓰기가 있어서 줄을 단어 사이에서 나눌 수 있습니다.

| 语言 | 例子 | 列 |
|:--|:--|--:|
| 中文 | 你好，世界 | 10 |
| 日本語 | こんにちは | 10 |
| 한국어 | 안녕하세요 | 10 |

Emoji are wide too: 🙂 is one character, 👩‍🔬 is three joined into one, and 🇪🇺 is two."""

_REASONING = """\
The thoughts above came first, in pieces of their own; the transcript keeps them apart from the \
answer.

- They are **billed as completion**: the receipt counts them among its tokens.
- What vouches for them arrived last. It goes back unchanged with the next request, so that the \
model can take up its own train of thought."""

SAMPLES = {
    "help": _HELP,
    "table": _TABLE,
    "code": _CODE,
    "list": _LIST,
    "links": _LINKS,
    "math": _MATH,
    "cjk": _CJK,
    "reasoning": _REASONING,
}

IMAGE = """\
An image came with this answer, drawn by the demo itself. It is kept with the conversation; \
nothing is fetched for it."""

FAILING = """\
This answer will not reach its end. The provider fails in the middle of it, and since the stream \
has begun, the error can only come inside it: the status is still 200. What has arrived stays, \
and"""

CUT = """\
This answer breaks off. The connection ends without a closing word, so nobody can say whether \
more was to come. The text so far is kept, and"""

TOO_LONG = """\
This answer reaches the limit for its length. The model had more to say, but `max_tokens`, or its \
own maximum, was used up, and so the text ends in the middle of a"""

FILTERED = """\
This answer is stopped by the provider's content filter. The words before"""

SLOW = """\
That took a while. Until the first token arrived, the server sent a comment now and then, only to \
show that the connection was alive: `: OPENROUTER PROCESSING`. A client that counts data alone as \
life would have given up."""

"""Deterministic answers: one like a model's, and hostile ones that never close their block."""

from itertools import count
from random import Random

_VOCABULARY = (
    "the model keeps context window prompt tokens cache price provider route answer stream "
    "latency budget request response system message history middle order value default when "
    "which because however usually between after before several small large first last"
)
_WORDS = _VOCABULARY.split()
_SEED = 20_240_601


def _sentence(random: Random, words: int) -> str:
    text = [random.choice(_WORDS) for _ in range(words)]
    if words > 8:
        text[2] = f"**{text[2]}**"
        text[5] = f"`{text[5]}`"
        text[7] = f"*{text[7]}*"
    return " ".join(text).capitalize() + "."


def _paragraph(random: Random) -> str:
    return " ".join(_sentence(random, random.randint(6, 18)) for _ in range(random.randint(2, 5)))


def _list(random: Random) -> str:
    marks = ("- ", "1. ", "- [x] ")
    mark = random.choice(marks)
    return "\n".join(mark + _sentence(random, random.randint(4, 14)) for _ in range(8))


def _code(random: Random) -> str:
    lines = ["```python"]
    for number in range(random.randint(3, 8)):
        lines += [
            f"def step_{number}(value: int, limit: int = {random.randint(1, 99)}) -> list[str]:",
            f'    """{_sentence(random, 6)}"""',
            f"    result = [str(item) for item in range(value) if item != {number}]",
            f"    return result[:limit]  # {random.choice(_WORDS)}",
            "",
        ]
    return "\n".join([*lines, "```"])


def _table(random: Random) -> str:
    rows = ["| Model | Price | Context | Notes |", "|---|---:|:---:|---|"]
    for _ in range(random.randint(4, 12)):
        price, context = random.random() * 10, random.randint(8, 999)
        rows.append(
            f"| {random.choice(_WORDS)} | ${price:.2f} | {context}k | {_sentence(random, 4)} |"
        )
    return "\n".join(rows)


def mixed(characters: int) -> str:
    """Prose, headings, lists, code and tables: exactly so many characters."""
    random = Random(_SEED)
    parts: list[str] = []
    size = 0
    for number in count(1):
        parts += [f"## Part {number}", _paragraph(random), _list(random), _paragraph(random)]
        parts += [_code(random), _paragraph(random), _table(random), f"> {_sentence(random, 12)}"]
        size += sum(len(part) + 2 for part in parts[-8:])
        if size >= characters:
            break
    return "\n\n".join(parts)[:characters]


def prose(characters: int) -> str:
    """Paragraphs only: what hostile answers of the same size are compared with."""
    random = Random(_SEED)
    return "\n\n".join(_paragraph(random) for _ in range(characters // 150))[:characters]


def hostile(characters: int) -> dict[str, str]:
    """Answers of the same size, each one block that goes on and on."""
    line = "value {0} of the list with some `code` and"
    answers = {
        "list": "\n".join(f"- {line.format(n)}" for n in range(300)),
        "table": "| n | text |\n|---|---|\n"
        + "\n".join(f"| {n} | {line.format(n)} |" for n in range(300)),
        "fence": "```python\n" + "\n".join(f"x{n} = f({n})  # comment" for n in range(600)),
        "one line": " ".join(_sentence(Random(n), 10) for n in range(200)),
        "fences": "```\n" * 3_000,
        "columns": "|a" * 3_000 + "|\n" + "|-" * 3_000 + "|\n" + "|b" * 3_000 + "|",
        "quote": "\n".join(f"> {line.format(n)}" for n in range(300)),
        "nested": "- item\n" + "\n".join(f"  - {line.format(n)}" for n in range(300)),
    }
    cut = {name: (text * 2)[:characters] for name, text in answers.items()}
    # Cut short, it would never become a table.
    return cut | {"columns": answers["columns"]}

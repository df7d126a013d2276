"""A search as SQL: words for the index, filters as conditions. All values are parameters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.search_query import FilterName, Has, SearchFilter, SearchQuery, SearchWord
from tui.services.history_rows import moment_to_text
from tui.services.migrations.version_2 import IN_SCRIPTS, SCRIPTS

_MOST_RANKED = 5_000
"""Of a word that is everywhere, the newest messages with it are ranked: ranks tell little there."""
_SCRIPT = re.compile(f"[{SCRIPTS}]")
_LIKE_SIGNS = re.compile(r"([%_\\])")

_COLUMNS = """
    m.seq, m.id, m.conversation_id, m.role, m.text, m.created_at, c.title, c.pinned, c.archived,
    coalesce(g.model_served, g.model_asked, c.model) AS model
"""
_CONVERSATION = "JOIN conversations AS c ON c.id = m.conversation_id"
# By their own small index: the column itself lies behind the whole text.
_IN_SIGHT = (
    "c.deleted_at IS NULL",
    "m.seq NOT IN (SELECT seq FROM messages WHERE removed_at IS NOT NULL)",
)
# A filter on an answer holds for a prompt if it holds for one of its answers.
_OF_ANSWER = """
    EXISTS (SELECT 1 FROM generations AS a WHERE {condition} AND a.message_id IN (
        SELECT m.id UNION ALL SELECT id FROM messages WHERE parent_id = m.id))
"""
_OF_MODEL = "(a.model_asked LIKE ? ESCAPE '\\' OR a.model_served LIKE ? ESCAPE '\\')"
_TAGGED = "EXISTS (SELECT 1 FROM tags WHERE conversation_id = c.id AND tag LIKE ? ESCAPE '\\')"
_HAS = {
    Has.CODE: "instr(m.text, '```')",
    Has.FILE: "m.seq IN (SELECT seq FROM messages WHERE attachments IS NOT NULL)",
    Has.IMAGE: (
        "m.seq IN (SELECT seq FROM messages WHERE images IS NOT NULL) OR m.seq IN ("
        "SELECT seq FROM messages WHERE attachments IS NOT NULL"
        ' AND instr(attachments, \'"kind": "image"\'))'
    ),
}


@dataclass(slots=True)
class _Condition:
    """What must hold, and the values of its parameters in their order."""

    parts: list[str] = field(default_factory=lambda: list(_IN_SIGHT))
    values: list[object] = field(default_factory=list)

    def add(self, part: str, *values: object, negated: bool = False) -> None:
        """Require one more thing."""
        self.parts.append(f"NOT ({part})" if negated else f"({part})")
        self.values.extend(values)

    def __str__(self) -> str:
        return " AND ".join(self.parts)


def statement(query: SearchQuery, limit: int, *, indexed: bool) -> tuple[str, list[object]]:
    """The SQL that finds the messages, best first, and its parameters.

    Without an index of words they are all looked for in the text. Ranks are those of bm25; what has
    no words that the index could find comes newest first. Other than for its conditions, a message
    is read only if it is one of those that are shown.
    """
    condition = _Condition()
    for word in query.words:
        if word.in_text or not indexed:
            if not word.negated and _SCRIPT.search(word.text):
                condition.add(f"m.{IN_SCRIPTS}")
            pattern = f"%{_escaped(word.text)}%"
            condition.add("m.text LIKE ? ESCAPE '\\'", pattern, negated=word.negated)
        elif word.negated:
            found = "m.seq IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)"
            condition.add(found, _quoted(word), negated=True)
    for one in query.filters:
        _add_filter(condition, one)
    words = match_expression(query.words) if indexed else ""
    if words:
        places = f"""
            SELECT * FROM (
                SELECT f.rowid AS place, f.rank AS score
                FROM messages_fts AS f CROSS JOIN messages AS m ON m.seq = f.rowid {_CONVERSATION}
                WHERE f.messages_fts MATCH ? AND {condition}
                ORDER BY f.rowid DESC LIMIT {_MOST_RANKED}
            ) ORDER BY score, place DESC LIMIT ?
        """  # noqa: S608 - all values are parameters
        values = [words, *condition.values, limit]
    else:
        places = f"""
            SELECT m.seq AS place, 0 AS score FROM messages AS m CROSS {_CONVERSATION}
            WHERE {condition} ORDER BY m.seq DESC LIMIT ?
        """  # noqa: S608 - as above
        values = [*condition.values, limit]
    sql = f"""
        SELECT {_COLUMNS} FROM ({places}) AS best JOIN messages AS m ON m.seq = best.place
        {_CONVERSATION} LEFT JOIN generations AS g ON g.message_id = m.id
        ORDER BY best.score, best.place DESC
    """  # noqa: S608 - as above
    return sql, values


def match_expression(words: Sequence[SearchWord]) -> str:
    """What the index is asked for, empty if it cannot help: every word, each of them quoted."""
    return " AND ".join(_quoted(word) for word in words if not word.negated and not word.in_text)


def _quoted(word: SearchWord) -> str:
    """A word in which no operator is seen; the index splits it as it splits the texts."""
    text = word.text.replace('"', '""')
    return f'"{text}" *' if word.prefix else f'"{text}"'


def _escaped(text: str) -> str:
    return _LIKE_SIGNS.sub(r"\\\1", text)


def _add_filter(condition: _Condition, one: SearchFilter) -> None:
    match one.name, one.value:
        case FilterName.MODEL, str(name):
            pattern = f"%{_escaped(name)}%"
            part = _OF_ANSWER.format(condition=_OF_MODEL)
            condition.add(part, pattern, pattern, negated=one.negated)
        case FilterName.COST, amount:
            part = _OF_ANSWER.format(condition=f"CAST(a.cost AS REAL) {one.sign} ?")
            condition.add(part, float(str(amount)), negated=one.negated)
        case FilterName.TAG, str(name):
            condition.add(_TAGGED, _escaped(name), negated=one.negated)
        case FilterName.HAS, Has() as kind:
            condition.add(_HAS[kind], negated=one.negated)
        case FilterName.BEFORE, datetime() as moment:
            condition.add("m.created_at < ?", moment_to_text(moment), negated=one.negated)
        case FilterName.AFTER, datetime() as moment:
            condition.add("m.created_at >= ?", moment_to_text(moment), negated=one.negated)
        case _:
            raise AssertionError(one)

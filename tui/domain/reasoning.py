"""Streamed ``reasoning_details`` put together again, to be sent back as OpenRouter wants them."""

from collections.abc import Mapping, Sequence

_JOINED = ("text", "summary", "data")
"""Fields that arrive in pieces; any other, such as a late signature, counts as last sent."""
_TEXT = "reasoning.text"


class ReasoningDetails:
    """Merges pieces by type and index, in the order of their arrival.

    Without an index only neighbouring texts belong together. A null never replaces what is known.
    Adding a piece costs no more than its own length, however long the whole has become.
    """

    def __init__(self) -> None:
        self._items: list[dict[str, object]] = []
        self._joined: list[dict[str, list[str]]] = []
        self._places: dict[tuple[str, int], int] = {}

    def add(self, pieces: Sequence[Mapping[str, object]]) -> None:
        """Take the pieces of one delta."""
        for piece in pieces:
            place = self._place(piece)
            item, joined = self._items[place], self._joined[place]
            for name, value in piece.items():
                if name in _JOINED and isinstance(value, str):
                    joined.setdefault(name, []).append(value)
                    item.setdefault(name, "")
                elif value is not None or name not in item:
                    item[name] = value

    def _place(self, piece: Mapping[str, object]) -> int:
        kind, index = piece.get("type"), piece.get("index")
        if isinstance(index, int):
            place = self._places.setdefault((str(kind), index), len(self._items))
        elif kind == _TEXT and self._items and self._items[-1].get("type") == _TEXT:
            place = len(self._items) - 1
        else:
            place = len(self._items)
        if place == len(self._items):
            self._items.append({})
            self._joined.append({})
        return place

    def merged(self) -> list[dict[str, object]]:
        """All items so far, each whole."""
        return [
            item | {name: "".join(pieces) for name, pieces in joined.items()}
            for item, joined in zip(self._items, self._joined, strict=True)
        ]

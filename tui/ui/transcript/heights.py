"""Prefix sums of heights (a Fenwick tree): finding a row and changing a height take O(log n)."""

from collections.abc import Iterable


class Heights:
    """A list of heights in rows that can be changed, grown and cut at its end."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        for node in range(1, len(self._tree)):
            above = node + (node & -node)
            if above < len(self._tree):
                self._tree[above] += self._tree[node]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """The sum of all heights."""
        return self.before(len(self._heights))

    def append(self, height: int) -> None:
        """Add one height at the end."""
        self._heights.append(height)
        node = len(self._heights)
        value = height
        step = 1
        while step < node & -node:
            value += self._tree[node - step]
            step <<= 1
        self._tree.append(value)

    def truncate(self, length: int) -> None:
        """Drop everything from the index ``length`` on; no other node of the tree depends on it."""
        del self._heights[length:]
        del self._tree[length + 1 :]

    def set(self, index: int, height: int) -> None:
        """Change one height."""
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        node = index + 1
        while node < len(self._tree):
            self._tree[node] += change
            node += node & -node

    def before(self, index: int) -> int:
        """The sum of the heights before ``index``: the row at which that element begins."""
        total = 0
        while index:
            total += self._tree[index]
            index -= index & -index
        return total

    def find(self, row: int) -> tuple[int, int]:
        """The element that holds ``row``, and the row's offset in it.

        Raises:
            IndexError: There is no such row.

        """
        if row < 0:
            raise IndexError(row)
        position = 0
        step = 1 << len(self._heights).bit_length()
        while step:
            node = position + step
            if node < len(self._tree) and self._tree[node] <= row:
                row -= self._tree[node]
                position = node
            step >>= 1
        if position >= len(self._heights):
            raise IndexError(row)
        return position, row

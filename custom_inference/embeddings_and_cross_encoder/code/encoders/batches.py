"""Cut texts of mixed lengths into batches that waste little on padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(lengths: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
    """Yield batches of positions, the longest texts first, so that memory runs out early or never.

    Args:
        lengths: Tokens of each text.
        max_tokens: Most tokens of a batch when every text is padded to its longest. A text with
            more is a batch of its own.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > max_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch

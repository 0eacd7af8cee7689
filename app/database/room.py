"""Room for large answers: as many at once as fit together, the others in turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """So many bytes of answers may be read at once; one that is larger than that takes all of it.

    While it is read, an answer is in memory three times: in the buffer of the connection, as a result and as text.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = size
        self._turn = asyncio.Lock()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, size: int, patience: float) -> AsyncIterator[None]:
        """Wait for room, in the order of coming, and hold it for as long as the block lasts; raises TimeoutError."""
        size = min(size, self._size)
        async with asyncio.timeout(patience), self._turn, self._changed:
            await self._changed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield
        finally:
            async with self._changed:
                self._free += size
                self._changed.notify_all()

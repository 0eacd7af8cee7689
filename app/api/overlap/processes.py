"""The overlaptoets, the plantoets and the ruimtezoeker as processes: inputs are checked at once, a run tells how far it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.api.overlap.answering import Overlaptoets, Progress
from app.api.overlap.plantoetsen import Plantoetsen
from app.api.overlap.ruimtezoekers import Ruimtezoekers
from app.overlap.inputs import OVERLAPTOETS, PLANTOETS, RUIMTEZOEKER, Description
from app.web.addresses import Addresses, Json

# Each question is read into a type of its own, which only its own answer knows.
type Read = Callable[[Json], Any]
type Answer = Callable[[Any, Addresses, Progress], Awaitable[Json]]


@dataclass(frozen=True)
class Proces:
    """One process: what it is, and how it checks its inputs and runs on what it made of them."""

    description: Description
    addresses: Addresses
    _read: Read
    _answer: Answer

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return self.description.id

    def check(self, inputs: Json) -> object:
        """Return the question in these inputs, or raise BadRequest with every fault, before anything is asked of the database."""
        return self._read(inputs)

    async def run(self, checked: object, progress: Progress) -> Json:
        """Return the whole answer to a checked question; `progress` hears the share that is done, and the task may be cancelled."""
        return await self._answer(checked, self.addresses, progress)


def processes(toets: Overlaptoets, addresses: Addresses) -> tuple[Proces, ...]:
    """Return the processes of this deployment; `addresses` is where their answers link to."""
    plantoetsen, ruimtezoekers = Plantoetsen(toets), Ruimtezoekers(toets)
    return (
        Proces(OVERLAPTOETS, addresses, toets.read, toets.answer),
        Proces(PLANTOETS, addresses, plantoetsen.read, plantoetsen.answer),
        Proces(RUIMTEZOEKER, addresses, ruimtezoekers.read, ruimtezoekers.answer),
    )

"""What a process is to the doors, and the ones that there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.overlap.inputs import Description
from app.problems import NotFound
from app.web.addresses import Addresses, Json

EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"

# Hears the share (0 to 1) of a run that is done.
type Progress = Callable[[float], None]


class NoSuchProcess(NotFound):
    """No process has this id."""

    type = f"{EXCEPTIONS}/no-such-process"


class Process(Protocol):
    """A question with a description; `check` costs little and asks nothing of the database, `run` may be cancelled at any step."""

    @property
    def description(self) -> Description:
        """What it is, and which inputs it has."""

    def check(self, inputs: Json) -> object:
        """Return what these inputs ask, or raise BadRequest with every fault in them."""

    async def run(self, checked: Any, addresses: Addresses, progress: Progress) -> object:  # noqa: ANN401
        """Return the outcome (as JSON) of what was checked."""


@dataclass(frozen=True)
class Processes(Mapping[str, Process]):
    """All processes by id, in the order in which they are shown."""

    listed: Sequence[Process]

    def __getitem__(self, process_id: str) -> Process:
        """Return the process or raise NoSuchProcess."""
        for each in self.listed:
            if each.description.id == process_id:
                return each
        choices = ", ".join(self)
        raise NoSuchProcess(f"Er is geen proces {process_id[:60]!r}. Kies uit: {choices}.")

    def __iter__(self) -> Iterator[str]:
        return (each.description.id for each in self.listed)

    def __len__(self) -> int:
        return len(self.listed)

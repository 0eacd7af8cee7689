"""What one short measurement of one side gave."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Sample:
    """Answers and faults in so many seconds."""

    answers: int
    faults: int
    seconds: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds if self.seconds else 0.0


class Side(Protocol):
    """One of the two that are compared."""

    def measure(self, seconds: float) -> Sample:
        """Ask for as long as that; what is under way then is waited for and counts."""

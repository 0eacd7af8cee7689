"""A process that gives back what it got, for who tests a client (the conformance suite of OGC API - Processes needs one)."""

import asyncio

from app.ogc.processes.process import Progress
from app.overlap.inputs import Description, Input
from app.problems import BadRequest
from app.web.addresses import Addresses, Json

LONGEST_PAUSE_S = 60
LONGEST_TEXT = 1_000
STEP_S = 0.2
ECHO = Description(
    id="echo",
    path="",
    title="Echo, om een client te proberen",
    description="Geeft de tekst terug die hij krijgt, desgewenst na een pauze. Zegt niets over energie.",
    inputs={
        "echo": Input("Tekst", "De tekst die terugkomt.", {"type": "string", "maxLength": LONGEST_TEXT}, required=True),
        "pause": Input("Pauze", "Hoeveel seconden het duurt.", {"type": "number", "minimum": 0, "maximum": LONGEST_PAUSE_S}),
    },
    answer="De tekst",
    outcome={"type": "string"},
    keywords=("proef",),
)


class Echo:
    """Says again what it is told."""

    description = ECHO

    def check(self, inputs: Json) -> tuple[str, float]:
        """Return the text and the seconds to wait, or raise BadRequest."""
        faults = [f"{name}: deze invoer is onbekend. Bekend zijn: echo, pause." for name in sorted(inputs.keys() - {"echo", "pause"})]
        text, pause = inputs.get("echo"), inputs.get("pause", 0)
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            faults.append(f"echo: hier hoort een tekst van hoogstens {LONGEST_TEXT} tekens.")
        if isinstance(pause, bool) or not isinstance(pause, int | float) or not 0 <= pause <= LONGEST_PAUSE_S:
            faults.append(f"pause: hier hoort een getal van 0 tot en met {LONGEST_PAUSE_S}.")
        if faults or not isinstance(text, str) or not isinstance(pause, int | float):
            raise BadRequest("Deze vraag kan niet worden uitgevoerd.", faults)
        return text, float(pause)

    async def run(self, checked: tuple[str, float], addresses: Addresses, progress: Progress) -> str:  # noqa: ARG002
        """Wait and say it again."""
        text, pause = checked
        waited = 0.0
        while waited < pause:
            await asyncio.sleep(min(STEP_S, pause - waited))
            waited += STEP_S
            progress(min(1.0, waited / pause))
        return text

"""A derivation is two files: `seed/afleidingen/{name}.yaml` says what figures it makes from which facts, `{name}.sql` how."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.layers import KEBAB, explain
from app.problems import ConfigurationFault
from app.register.begrippen import Begrippen
from app.register.kengetallen import Kengetal, read_kengetallen

FOLDER = "afleidingen"
OBJECT, CIJFER = "object/", "cijfer/"
PLAIN = frozenset({"gebied", "gebied_relatie", "kengetal"})


class Afleiding(BaseModel):
    """How the service makes figures itself.

    The statement yields `land`, `gebied` (null: in no gemeente) and `waarde`, and further what differs from the rest: `indicator`,
    the dimensions, `jaar`, `beeld`, `soort`, the bounds, `methode`, `kwaliteit`, and `leveringen` (numbers) when not all objects that it
    reads are behind every row. It reads the tables that app/publish/figures/ground.sql
    makes of the facts in `derived_from`: `object/{collection}`, `cijfer/{indicator}`, `gebied`, `gebied_relatie` and `kengetal`. With
    `covers_land` the objects are of the whole land: gemeenten without any get 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(pattern=KEBAB)]
    title: Annotated[str, Field(min_length=1)]
    method: Annotated[str, Field(min_length=1)]
    indicators: Annotated[tuple[str, ...], Field(min_length=1)]
    derived_from: Annotated[tuple[str, ...], Field(min_length=1)]
    kwaliteit: str
    covers_land: bool = False
    sql: Annotated[str, Field(min_length=1)]

    def names_after(self, prefix: str) -> tuple[str, ...]:
        """Return the collections or the indicators that it reads."""
        return tuple(kind.removeprefix(prefix) for kind in self.derived_from if kind.startswith(prefix))


@dataclass(frozen=True)
class Afleidingen:
    """All derivations, in an order in which each comes after those that it builds on, and the key figures they use."""

    each: tuple[Afleiding, ...] = ()
    kengetallen: tuple[Kengetal, ...] = ()

    @property
    def object_kinds(self) -> tuple[str, ...]:
        """The kinds of objects that any of them reads, as `levering_facts` names them."""
        return tuple(sorted({kind for afleiding in self.each for kind in afleiding.derived_from if kind.startswith(OBJECT)}))

    @cached_property
    def hash(self) -> str:
        """Changes when a figure may come out otherwise with the same facts."""
        parts = [*(afleiding.model_dump_json() for afleiding in self.each), *(repr(kengetal) for kengetal in self.kengetallen)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_afleidingen(folders: tuple[Path, ...], begrippen: Begrippen) -> Afleidingen:
    """Read the derivations and key figures of these folders, or raise ConfigurationFault naming every fault with its file.

    A derivation of one's own replaces one of the same name.
    """
    found: dict[str, Afleiding] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted((folder / FOLDER).glob("*.yaml"))):
        try:
            found[path.stem] = _read(path)
        except (ValidationError, yaml.YAMLError, TypeError, OSError) as fault:
            faults += [f"{path}: {line}" for line in explain(fault)]
        else:
            faults += [f"{path}: {line}" for line in _faults_in(found[path.stem], begrippen)]
    if faults:
        raise ConfigurationFault("Er zijn fouten in de afleidingen.", faults)
    return Afleidingen(tuple(_ordered(found)), read_kengetallen(folders, begrippen))


def _read(path: Path) -> Afleiding:
    declared = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    statement = path.with_suffix(".sql").read_text(encoding="utf-8")
    return Afleiding(**{**declared, "name": path.stem, "sql": re.sub(r";\s*$", "", statement)})


def _faults_in(afleiding: Afleiding, begrippen: Begrippen) -> Iterator[str]:
    for indicator in (*afleiding.indicators, *afleiding.names_after(CIJFER)):
        if indicator not in begrippen["indicator"]:
            yield f"{indicator!r} staat niet in de lijst 'indicator'"
    if afleiding.kwaliteit not in begrippen["kwaliteit"]:
        yield f"{afleiding.kwaliteit!r} staat niet in de lijst 'kwaliteit'"
    for kind in afleiding.derived_from:
        if kind not in PLAIN and not kind.startswith((OBJECT, CIJFER)):
            yield f"onbekende feiten {kind!r}; bekend zijn object/…, cijfer/…, {', '.join(sorted(PLAIN))}"
    if own := set(afleiding.indicators) & set(afleiding.names_after(CIJFER)):
        yield f"een afleiding leest niet wat zij zelf maakt: {', '.join(sorted(own))}"


def _ordered(found: dict[str, Afleiding]) -> Iterator[Afleiding]:
    """Yield first what reads no figures that another makes; raise ConfigurationFault when derivations wait for each other."""
    waiting = dict(found)
    while waiting:
        made_later = {indicator for each in waiting.values() for indicator in each.indicators}
        ready = [name for name, each in waiting.items() if not made_later.intersection(each.names_after(CIJFER))]
        if not ready:
            raise ConfigurationFault("Afleidingen wachten op elkaar.", sorted(waiting))
        for name in ready:
            yield waiting.pop(name)

"""What the opgaven and the overlap of a publication are made of, so that only what changed is made anew."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

import psycopg

from app.layers import Layer
from app.overlap.objects import has_objects
from app.publish.common import CommonTask
from app.publish.configured import Configured
from app.publish.inputs import Facts, Inputs, digest, inputs_of
from app.publish.overlap.building import Basis, build_overlap
from app.publish.overlap.following import FOLLOWING_SQL, read_before, tell_size
from app.publish.overlap.gebieden import GROUNDS_SQL, gebied_layers
from app.publish.overlap.opgaven import CLASS, DAYS, OPGAVEN_SQL, build_opgaven, tell_days
from app.register.publication import OPGAVEN, OVERLAP, Origin

# Raise when objects are measured or weighed in another way: every signal is then made anew.
MEASURE = "1"
LISTS = ("beperking", "objecttype")
SQL = (FOLLOWING_SQL, GROUNDS_SQL)
TOLD_DAYS = "select description->'dagen' from publication.layer_version where layer_id = %s and input_hash = %s"


def overlap_tasks(connection: psycopg.Connection, facts: Facts, configured: Configured, snapshot: str) -> tuple[CommonTask, ...]:
    """Return the tables of opgaven, and those of what they mean for all that is known, which stand on the first.

    The second follow on those of the publication that is current.
    """
    layers = tuple(configured.layers.values())
    opgaven_layers = [layer for layer in layers if layer.opgave]
    around = sorted(facts.behind("gebied", "brondekking"))
    opgaven_inputs = _with_rasters(_inputs(opgaven_layers, facts, digest(OPGAVEN_SQL, CLASS, DAYS, around)), configured, facts)
    opgaven = CommonTask(OPGAVEN, opgaven_inputs, partial(build_opgaven, layers=configured.layers), snapshot, tell=tell_days)
    shapes = [inputs_of(layer, facts, frozenset()).hash for layer in gebied_layers(layers)]
    gebieden = digest(facts.exact, shapes, sorted((layer.id, sorted(layer.opgave.codes)) for layer in layers if layer.opgave))
    around_objects = [sorted(facts.behind("gebied")), _passed(connection, opgaven, configured.day)]
    basis = Basis(_rules(configured, around_objects), gebieden, opgaven.table_name)
    objects = [layer for layer in layers if has_objects(layer)]
    inputs = _with_rasters(_inputs([*opgaven_layers, *objects], facts, digest(basis, opgaven_inputs.hash)), configured, facts)
    before = read_before(connection, basis.hash)
    told = {
        "basis": basis.hash,
        "opgaven": basis.opgaven,
        "regelset": configured.regelset.versie,
        "onder": before.foundation if before else None,
    }
    build = partial(build_overlap, configured=configured, basis=basis, before=before)
    return opgaven, CommonTask(OVERLAP, inputs, build, snapshot, told, needs=(opgaven.key,), tell=tell_size)


def _with_rasters(inputs: Inputs, configured: Configured, facts: Facts) -> Inputs:
    """Return the inputs of opgaven with those of the rasters whose classes are opgaven too."""
    rasters = configured.layers.rasters
    behind = facts.behind(*(f"raster/{each}" for each in rasters))
    declared = [each.model_dump_json() for each in rasters.values()]
    return Inputs((*inputs.origins, *behind.values()), digest(inputs.hash, sorted(behind), declared))


def _rules(configured: Configured, around: Sequence[object]) -> str:
    """Return the hash of what decides a signal besides the object and the opgave; rules hold from a day, until a day."""
    lists = [(each.code, each.ouder, sorted(each.kenmerken.items())) for name in LISTS for each in configured.begrippen[name].values()]
    valid = [each.code for each in configured.regelset.regels if each.is_valid(configured.day)]
    return digest(MEASURE, SQL, configured.regelset.versie, valid, configured.afleidingen.kengetallen, lists, around)


def _passed(connection: psycopg.Connection, opgaven: CommonTask, today: dt.date) -> list[str]:
    """Return the days until today on which an opgave began or ceased to hold; unknown as long as the opgaven are not made."""
    row = connection.execute(TOLD_DAYS, list(opgaven.key)).fetchone()
    return [day for day in row[0] if day <= today.isoformat()] if row else []


def _inputs(layers: Iterable[Layer], facts: Facts, rest: str) -> Inputs:
    made = [inputs_of(layer, facts, frozenset()) for layer in layers]
    origins: dict[int, Origin] = {origin.levering_id: origin for each in made for origin in each.origins}
    return Inputs(tuple(origins.values()), digest(rest, [each.hash for each in made]))

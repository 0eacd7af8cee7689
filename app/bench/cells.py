"""The cells of the measurement: what is asked, how the SQL limit says it, and which ratio is the goal (issue 2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from app.bench.data import LAND, MOSAIC, POINTS, SMALL, Amount
from app.bench.limit import statements_of
from app.bench.questions import Question, ask_all, ask_boxes, ask_features, ask_tiles
from app.layers import Layers

GROUPS = ("items", "item", "deep", "tiles", "warm", "figures", "overlap")
# What is timed as a whole instead of asked many times.
TIMED = frozenset({"figures", "overlap"})
DEEP_OFFSET = 150_000
DEEP_LIMIT = 1_000
PAGES = ((10, 2_000, 0.5), (1_000, 500, 1.0), (10_000, 100, 1.0))
WARM_LEVELS = (6, 9, 12, 15)
MOST_WARM_TILES = 200
CONNECTIONS = 16


@dataclass(frozen=True)
class Against:
    """What the service is held against: a statement of SQL with its own parameters, or other questions to the service itself."""

    statement: bytes = b""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One line of the table; `goal` is the least ratio, `before` how many answers the service gives before the clock runs."""

    group: str
    title: str
    questions: tuple[Question, ...]
    against: Against
    goal: float | None = None
    connections: int = CONNECTIONS
    before: int = 1


@dataclass(frozen=True)
class Scene:
    """What cells are made from: the layers, how much there is, at which levels tiles are measured, and how to ask the service."""

    layers: Layers
    amount: Amount
    levels: tuple[int, ...]
    get: Callable[[str], bytes]


def cells_of(scene: Scene, groups: frozenset[str]) -> list[Cell]:
    """Return the cells of these groups."""
    makers = {"items": _items, "item": _item, "deep": _deep, "tiles": _tiles, "warm": _warm_tiles}
    return [cell for group in GROUPS if group in groups - TIMED for cell in makers[group](scene)]


def density_of(count: int) -> float:
    """Return how many of `count` features there are per m²."""
    west, south, east, north = LAND
    return count / ((east - west) * (north - south))


def _items(scene: Scene) -> Iterator[Cell]:
    page = Against(statements_of(scene.layers[POINTS]).page)
    for limit, boxes, goal in PAGES:
        questions = ask_boxes(POINTS, boxes, density_of(scene.amount.points), limit)
        yield Cell("items", f"items {limit}, punten", tuple(questions), page, goal)
    questions = ask_boxes(SMALL, 500, density_of(scene.amount.small), 1_000)
    yield Cell("items", "items 1000, kleine vlakken", tuple(questions), Against(statements_of(scene.layers[SMALL]).page), 1.0)
    count = scene.amount.mosaic
    whole = Against(statements_of(scene.layers[MOSAIC]).skip)
    yield Cell("items", f"alle {count} vlakken van het mozaïek", (ask_all(MOSAIC, count),), whole, 1.0)


def _item(scene: Scene) -> Iterator[Cell]:
    # A prime step visits the ids in an order without neighbours.
    ids = [f"{(turn * 7919) % scene.amount.points:06d}" for turn in range(min(20_000, scene.amount.points))]
    yield Cell("item", "item, punten", tuple(ask_features(POINTS, ids)), Against(statements_of(scene.layers[POINTS]).item), 0.2)


def _deep(scene: Scene) -> Iterator[Cell]:
    """The page at DEEP_OFFSET, reached by following `next`: against the first page, and against SQL that skips as many."""
    offset = min(DEEP_OFFSET, scene.amount.points * 3 // 4)
    limit = min(DEEP_LIMIT, scene.amount.points // 8)
    first = f"/v1/collections/{POINTS}/items?limit={limit}"
    parameters = (str(limit), str(offset))
    deep = (Question(follow_next(scene.get, first, offset // limit), parameters),)
    yield Cell("deep", f"bladzijde op {offset} tegenover de eerste", deep, Against(questions=(Question(first),)), 0.5)
    yield Cell("deep", f"bladzijde op {offset}, punten", deep, Against(statements_of(scene.layers[POINTS]).skip))


def follow_next(get: Callable[[str], bytes], path: str, times: int) -> str:
    """Return the path that is reached by following the link `next` so many times."""
    for _ in range(times):
        links = orjson.loads(get(path))["links"]
        address = urlsplit(next(each["href"] for each in links if each["rel"] == "next"))
        path = f"{address.path}?{address.query}"
    return path


def _tiles(scene: Scene) -> Iterator[Cell]:
    names = {POINTS: "punten", SMALL: "kleine vlakken", MOSAIC: "mozaïek"}
    for collection, name in names.items():
        tile = Against(statements_of(scene.layers[collection]).tile)
        for level in scene.levels:
            questions = tuple(ask_tiles(collection, level))
            # Never the same tile twice at once: the service would make it once for both.
            connections = max(1, min(CONNECTIONS, len(questions) // 2))
            yield Cell("tiles", f"tegel z{level}, {name}", questions, tile, tile_goal(level), connections=connections)


def _warm_tiles(scene: Scene) -> Iterator[Cell]:
    tile = Against(statements_of(scene.layers[POINTS]).tile)
    for level in WARM_LEVELS:
        questions = tuple(ask_tiles(POINTS, level)[:MOST_WARM_TILES])
        # So often that every worker has had every tile.
        yield Cell("warm", f"tegel z{level} uit het geheugen, punten", questions, tile, before=8 * len(questions))


def tile_goal(level: int) -> float | None:
    """Return the goal for tiles of a level."""
    if level <= 9:
        return 1.0
    return 0.6 if level == 12 else None

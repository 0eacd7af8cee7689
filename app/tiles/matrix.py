"""The tile matrix sets of the service (OGC 17-083r4): where each tile lies."""

import math
from dataclasses import dataclass

from app.layers import Layer
from app.problems import NotFound, TileNotFound
from app.register.crs import RD, WEB_MERCATOR, Crs
from app.register.publication import Box

EARTH_RADIUS_M = 6378137.0


@dataclass(frozen=True)
class TileMatrixSet:
    """A quadtree of square tiles of 256 cells; `origin` is the top left corner and `width` the side of level 0, in CRS units.

    `levels_behind` is how many levels less this set has than WebMercatorQuad for the same size of cell on the ground at 52° north.
    """

    id: str
    title: str
    crs: Crs
    axes: tuple[str, str]
    origin: tuple[float, float]
    width: float
    levels: int
    levels_behind: int = 0
    scale_set: str | None = None

    @property
    def uri(self) -> str:
        """The URI in the register of OGC."""
        return f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{self.id}"

    def cell_size(self, level: int) -> float:
        """Return the side of a cell in CRS units."""
        return self.width / 256 / float(2**level)

    def zooms(self, layer: Layer) -> range:
        """Return the levels of this set at which the layer has tiles."""
        last = self.levels - 1
        return range(min(max(layer.zoom.min - self.levels_behind, 0), last), min(max(layer.zoom.max - self.levels_behind, 0), last) + 1)

    def tiles_over(self, box: Box, level: int) -> tuple[int, int, int, int]:
        """Return (first row, last row, first column, last column) of the tiles that touch the box, in CRS units."""
        side, last = self.width / 2**level, 2**level - 1
        columns = [math.floor((x - self.origin[0]) / side) for x in (box[0], box[2])]
        rows = [math.floor((self.origin[1] - y) / side) for y in (box[3], box[1])]
        first_row, last_row, first_column, last_column = (min(max(each, 0), last) for each in (*rows, *columns))
        return first_row, last_row, first_column, last_column


@dataclass(frozen=True)
class TileAddress:
    """One tile of one set; exists, therefore inside it."""

    matrix_set: TileMatrixSet
    level: int
    row: int
    column: int

    def __post_init__(self) -> None:
        """Raise TileNotFound for a tile outside the set."""
        side = 2**self.level if 0 <= self.level < self.matrix_set.levels else 0
        if not (0 <= self.row < side and 0 <= self.column < side):
            raise TileNotFound(
                f"Tegel {self.level}/{self.row}/{self.column} ligt buiten {self.matrix_set.id} (niveau/rij/kolom; niveaus 0 tot en met"
                f" {self.matrix_set.levels - 1})."
            )

    @property
    def web_level(self) -> int:
        """The level of WebMercatorQuad at which things are drawn as large as here."""
        return self.level + self.matrix_set.levels_behind

    @property
    def box(self) -> Box:
        """What the tile covers, in units of the set's CRS."""
        side = self.matrix_set.width / float(2**self.level)
        west = self.matrix_set.origin[0] + self.column * side
        north = self.matrix_set.origin[1] - self.row * side
        return west, north - side, west + side, north


WEB_MERCATOR_QUAD = TileMatrixSet(
    id="WebMercatorQuad",
    title="Web Mercator, voor webkaarten",
    crs=WEB_MERCATOR,
    axes=("E", "N"),
    origin=(-math.pi * EARTH_RADIUS_M, math.pi * EARTH_RADIUS_M),
    width=2 * math.pi * EARTH_RADIUS_M,
    levels=23,
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
RD_QUAD = TileMatrixSet(
    id="NetherlandsRDNewQuad",
    title="Nederlandse tegelindeling in RD",
    crs=RD,
    axes=("X", "Y"),
    origin=(-285401.92, 903401.92),
    width=880803.84,
    levels=17,
    levels_behind=5,
)
TILE_MATRIX_SETS = {each.id: each for each in (WEB_MERCATOR_QUAD, RD_QUAD)}


def tile_matrix_set_of(identifier: str) -> TileMatrixSet:
    """Return the tile matrix set with this id, or raise NotFound naming the choices."""
    try:
        return TILE_MATRIX_SETS[identifier]
    except KeyError:
        raise NotFound(f"Er is geen tegelindeling {identifier!r}. Kies uit: {', '.join(TILE_MATRIX_SETS)}.") from None

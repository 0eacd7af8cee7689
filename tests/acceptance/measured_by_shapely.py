"""The overlap of every gemeente with every constraint layer of the shared data, measured without this service: make valid, union, in RD.

Run `PYTHONPATH=. python tests/acceptance/measured_by_shapely.py URL` against a service with the real data to compare all of them.
"""

import sys
from collections.abc import Iterator

import httpx
import numpy as np
import pyogrio
import shapely

from app.register.crs import to_rd, use_grid
from app.settings import ROOT

DATA = ROOT.parent / "shared" / "data"
ZEELAND = "beperkingen/zeeland_omgevingsverordening_2023.gpkg"
LIMBURG = "beperkingen/waterschap_limburg_verordening_2025.gpkg"
# Layer of the service → (beperking, files with their layers that become it).
SOURCES: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("natura-2000", "NA-N2K"): [("beperkingen/natura2000_2026.gpkg", "natura2000")],
    ("grondwaterbescherming", "WB-GWB"): [(ZEELAND, "grondwaterbeschermingszone")],
    ("waterwingebieden", "WB-WWG"): [(ZEELAND, "waterwingebied")],
    ("stiltegebieden", "NA-STI"): [(ZEELAND, f"stiltegebied_{each}") for each in ("a", "b", "overig")],
    ("aardkundig-waardevolle-gebieden", "LA-AAR"): [(ZEELAND, "aardkundig_waardevol_gebied")],
    ("ganzenrustgebieden", "NA-WEI"): [(ZEELAND, "ganzenrustgebied")],
    ("duisternisgebieden", "LA-DUI"): [(ZEELAND, "duisternisgebied")],
    ("gesloten-stortplaatsen", "WB-STO"): [(ZEELAND, "gesloten_stortplaats")],
    ("normen-wateroverlast", "WB-NWO"): [(ZEELAND, "norm_wateroverlast")],
    ("boringsvrije-zones", "WB-BVZ"): [(LIMBURG, "boringsvrije_zone"), (LIMBURG, "venloschol")],
    ("meanderzones", "WB-MEA"): [(LIMBURG, "meanderzone")],
    ("inundatiegebieden", "WB-BRG"): [(LIMBURG, "inundatiegebied")],
    ("waterkeringszones", "WB-KER"): [(LIMBURG, "waterkering_kernzone")],
    ("waterkeringszones", "WB-KERZ"): [(LIMBURG, "waterkering_buitenbeschermingszone")],
}


def gemeenten() -> dict[str, shapely.Geometry]:
    """The gemeenten of 2025 in RD, by code."""
    frame = pyogrio.read_dataframe(DATA / "grenzen" / "gemeenten_2025.geojson")
    return dict(zip(frame["statcode"], to_rd(frame.geometry.to_numpy(), 4326), strict=True))


def constraint(files: list[tuple[str, str]]) -> np.ndarray:
    """All polygons of these layers united, in RD: ground under two of them counts once. In the parts that the union has."""
    shapes = []
    for file, layer in files:
        frame = pyogrio.read_dataframe(DATA / file, layer=layer)
        shapes.append(to_rd(frame.geometry.to_numpy(), frame.crs.to_epsg()))
    # Parts first: an area of Natura 2000 is the stack of its parts, and where they overlap a mended whole would have a hole.
    parts = shapely.make_valid(shapely.get_parts(np.concatenate(shapes)))
    return shapely.get_parts(shapely.union_all(parts))


def areas(files: list[tuple[str, str]], wanted: dict[str, shapely.Geometry]) -> dict[str, float]:
    """The hectares of each gemeente under a constraint; gemeenten without are left out."""
    codes, shapes = list(wanted), np.array(list(wanted.values()), dtype=object)
    parts = constraint(files)
    of, part = shapely.STRtree(parts).query(shapes, predicate="intersects")
    hectares = np.bincount(of, weights=shapely.area(shapely.intersection(shapes[of], parts[part])) / 10_000, minlength=len(codes))
    return {code: float(each) for code, each in zip(codes, hectares, strict=True) if each > 0}


def differs(ours: float, theirs: float) -> bool:
    """Tell whether two areas (ha) differ more than 0.1 % and 0.1 ha."""
    return abs(ours - theirs) > max(0.1, 0.001 * theirs)


def differences(client: httpx.Client) -> Iterator[str]:
    """Compare what a service says of every gemeente and every layer."""
    wanted = gemeenten()
    told = {code: told_of(client, code) for code in wanted}
    for (laag, beperking), files in SOURCES.items():
        expected = areas(files, wanted)
        wrong = 0
        for code in wanted:
            ours, theirs = told[code].get((laag, beperking), 0.0), expected.get(code, 0.0)
            if differs(ours, theirs):
                wrong += 1
                yield f"{code} {laag} {beperking}: {ours} ha, Shapely {theirs:.2f} ha"
        print(f"{laag} {beperking}: {len(expected)} gemeenten, {sum(expected.values()):.2f} ha, {wrong} verschillen")  # noqa: T201


def told_of(client: httpx.Client, code: str) -> dict[tuple[str, str], float]:
    """What a service says of one gemeente: hectares by layer and beperking."""
    answer = client.get(f"/v1/gebieden/{code}/overlap").raise_for_status().json()
    return {(each["laag"], each["constraintCode"]): each["overlapHa"] or 0.0 for each in answer["opgaven"]}


if __name__ == "__main__":
    use_grid(DATA / "proj")
    with httpx.Client(base_url=sys.argv[1], timeout=60) as service:
        found = list(differences(service))
    sys.exit("\n".join(found) if found else 0)

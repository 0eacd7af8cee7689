"""Tell what the overlaptoets found: every finding with its rule, severity, reason, source, date and authority, and in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import shapely

from app.layers import Layer, RasterLayer
from app.overlap.footprint import Footprint, Methode
from app.overlap.opgaven import Opgave
from app.overlap.toets import Bevinding, NietBeoordeeld, Uitkomst
from app.register.begrippen import Begrippen
from app.register.crs import RD, Crs, from_rd
from app.register.publication import Origin, Publication
from app.register.regels import SENTENCE, Regelset
from app.web.addresses import Addresses, Json

M2_PER_HA = 10_000.0
# Of more opgaven than this only the number is told.
MOST_NAMED = 100


@dataclass(frozen=True)
class Teller:
    """What the telling of an answer needs: names of codes, the publication and the rules behind it, and how geometry is asked."""

    begrippen: Begrippen
    publication: Publication
    regelset: Regelset
    addresses: Addresses
    crs: Crs
    with_geometry: bool

    def tell(self, uitkomst: Uitkomst) -> Json:
        """Return what was found for one object, the worst first."""
        subject = uitkomst.subject
        return {
            "object": {
                "laag": subject.laag,
                "id": subject.id,
                "naam": subject.naam,
                "objecttype": subject.objecttype,
                "objectgroep": subject.objectgroep,
                "kenmerken": {name: value for name, value in subject.attributes.items() if value is not None},
                "provincies": list(subject.provincies),
                "ruimtebeslag": self._ground(subject.footprint),
            },
            "ernst": uitkomst.ernst,
            "samenvatting": self._summary(uitkomst),
            "bevindingen": [self._finding(each, uitkomst) for each in uitkomst.bevindingen],
            "koppelkansen": [self._finding(each, uitkomst) for each in uitkomst.koppelkansen],
            "geenMelding": [self._named(code) for code in uitkomst.geen_melding],
            "nietBeoordeeld": [self._not_judged(each) for each in uitkomst.niet_beoordeeld],
        }

    def _ground(self, footprint: Footprint) -> Json:
        kengetal = footprint.kengetal
        ground: Json = {
            "oppervlakteHa": hectares(footprint.m2),
            "methode": footprint.methode.value,
            "kengetal": kengetal.code if kengetal else None,
            "toelichting": _explained(footprint),
        }
        return ground | ({"geometrie": self._geojson(footprint.geometry)} if self.with_geometry else {})

    def _finding(self, bevinding: Bevinding, uitkomst: Uitkomst) -> Json:
        first = bevinding.first
        regel, beperking = first.regel, self.begrippen["beperking"][first.opgave.beperking]
        opgaven = [each.opgave for each in bevinding.oordelen]
        origin = self._origin(opgaven)
        area = uitkomst.subject.footprint.m2
        told: Json = {
            "regelCode": regel.code,
            "beperking": beperking.code,
            "beperkingNaam": beperking.naam,
            "laag": first.opgave.laag,
            "kader": beperking.ouder,
            "regime": beperking.kenmerken.get("regime"),
            "ernst": first.ernst,
            "hardheid": first.hardheid,
            "reden": regel.reden,
            "regelBron": regel.bron,
            "bevestigd": regel.bevestigd,
            "provincieOverride": regel.gebied is not None,
            "zin": self._sentence(bevinding, uitkomst),
            "bevoegdGezag": sorted({each.gezag for each in opgaven if each.gezag}) or [beperking.kenmerken.get("gezag") or "onbekend"],
            "bronDataset": origin.title if origin else None,
            "bronUrl": origin.homepage if origin else None,
            "bronPeildatum": origin.peildatum.isoformat() if origin else None,
            "relatie": "overlapt" if first.is_overlap else "binnen_afstand",
            "overlapOppervlakteHa": hectares(bevinding.m2) if first.is_overlap and area is not None else None,
            "overlapAandeelPct": round(100 * bevinding.m2 / area, 1) if first.is_overlap and area else None,
            "afstandM": round(bevinding.afstand_m),
            "nauwkeurigheidM": max((each.nauwkeurigheid_m for each in opgaven if each.nauwkeurigheid_m is not None), default=None),
            "randraak": bevinding.randraak,
            "aantalOpgaven": len(opgaven),
            "opgaven": [self._opgave(each) for each in opgaven[:MOST_NAMED]],
        }
        return told | ({"geometrie": self._geojson(bevinding.overlap)} if self.with_geometry else {})

    def _layer(self, laag: str) -> Layer | RasterLayer:
        raster = self.publication.rasters.get(laag)
        return raster.layer if raster else self.publication[laag].layer

    def _opgave(self, opgave: Opgave) -> Json:
        is_class = opgave.laag in self.publication.rasters
        feature = ("coverage",) if is_class else ("items", opgave.id)
        href = self.addresses.at("collections", opgave.laag, *feature)
        told: Json = {"id": opgave.id, "naam": opgave.naam, "href": href}
        return told | ({"hoogteMaxM": opgave.hoogte_max_m} if opgave.hoogte_max_m is not None else {})

    def _origin(self, opgaven: Iterable[Opgave]) -> Origin | None:
        """Return the newest levering that these opgaven are from."""
        published = self.publication.opgaven
        wanted = {each.levering for each in opgaven}
        found = [origin for origin in (published.origins if published else ()) if origin.levering_id in wanted]
        return max(found, key=lambda origin: origin.peildatum, default=None)

    def _not_judged(self, each: NietBeoordeeld) -> Json:
        return {**self._named(each.beperking), "laag": each.laag, "reden": each.reden, "aandeelPct": round(100 * each.aandeel, 1)}

    def _named(self, beperking: str) -> Json:
        known = self.begrippen["beperking"].get(beperking)
        return {"beperking": beperking, "beperkingNaam": known.naam if known else beperking, "kader": known.ouder if known else None}

    def _sentence(self, bevinding: Bevinding, uitkomst: Uitkomst) -> str:
        first = bevinding.first
        what = self.begrippen["objecttype"][uitkomst.subject.objecttype].naam
        names = list(dict.fromkeys(each.opgave.naam or each.opgave.id for each in bevinding.oordelen))
        area = uitkomst.subject.footprint.m2
        if not first.is_overlap:
            how = f"ligt op {bevinding.afstand_m:.0f} m van"
        elif area:
            how = f"overlapt voor {dutch(hectares(bevinding.m2) or 0, 2)} ha ({dutch(100 * bevinding.m2 / area, 1)} %) met"
        else:
            how = "ligt in"
        severity = self.begrippen["ernst"][first.ernst].naam
        title = self._layer(first.opgave.laag).title
        return f"{severity}: {what.lower()} {how} {_few(names)} ({title}). {first.regel.reden}"

    def _summary(self, uitkomst: Uitkomst) -> str:
        counts = dict.fromkeys(("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT"), 0)
        for each in uitkomst.bevindingen:
            if not each.randraak and each.first.ernst in counts:
                counts[each.first.ernst] += 1
        told = [f"{count} × {self.begrippen['ernst'][ernst].naam.lower()}" for ernst, count in counts.items() if count]
        told += [f"{len(uitkomst.koppelkansen)} × koppelkans"] if uitkomst.koppelkansen else []
        found = ", ".join(told) or "geen melding"
        left = {each.beperking for each in uitkomst.niet_beoordeeld}
        return f"{found[0].upper()}{found[1:]}; {len(left)} gebiedsopgaven niet (volledig) beoordeeld. {SENTENCE}"

    def _geojson(self, shape: shapely.Geometry | None) -> Json | None:
        if shape is None:
            return None
        placed = shape if self.crs is RD else from_rd(np.array([shape], dtype=object), self.crs)[0]
        told: Json = orjson.loads(shapely.to_geojson(placed))
        return told


def _explained(footprint: Footprint) -> str:
    match footprint.methode:
        case Methode.GEMETEN:
            return "Gemeten van het vlak in RD."
        case Methode.OPGAVE:
            return "Oppervlakte volgens de bron, rond de plek van het object."
        case Methode.KENGETAL:
            return f"{footprint.kengetal.omschrijving}." if footprint.kengetal else ""
        case Methode.ONBEKEND:
            return "Het ruimtebeslag is niet bekend: alleen de plek of de lijn zelf is getoetst."


def hectares(m2: float | None) -> float | None:
    """Hectares of 0.01, as an answer gives them; what is smaller but there is not nothing."""
    if m2 is None:
        return None
    return round(m2 / M2_PER_HA, 2 if m2 >= M2_PER_HA / 100 else 4)


def _few(names: Sequence[str]) -> str:
    return " en ".join(names) if len(names) < 3 else f"{names[0]}, {names[1]} en {len(names) - 2} andere"


def dutch(number: float, decimals: int) -> str:
    """Write a number with a decimal comma."""
    return f"{number:.{decimals}f}".replace(".", ",")

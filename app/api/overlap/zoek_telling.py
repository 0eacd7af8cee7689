"""Tell the places that the ruimtezoeker found, as GeoJSON: how large, how far from a station, and what remains against each."""

from dataclasses import dataclass

import shapely

from app.api.overlap.telling import Teller, dutch, hectares
from app.overlap.holding import Wens
from app.overlap.judging import KOPPELKANS
from app.overlap.ruimtezoeker import VOLTAGE, Gevonden, Plaats
from app.overlap.toets import Bevinding, Uitkomst
from app.register.regels import SENTENCE
from app.web.addresses import JSON, Json, link

FREE, NOT_JUDGED = "VRIJ", "NIET_BEOORDEELD"
METHOD = (
    "Van het gebied gaat af wat vermeden moet worden, tot de afstand waarop de regels kijken, per provincie met haar eigen regels; wat"
    " dichtbij moet liggen begrenst het. Wat smaller is dan gevraagd valt weg, wat groter is wordt in stukken geknipt die elk groot genoeg"
    " zijn. Elk stuk gaat door de overlaptoets. Vooraan staat wat helemaal beoordeeld is, daarbinnen wat de minste ernst overhoudt, dan het"
    " kleinste aandeel daarvan, dan de kortste afstand tot een station."
)


@dataclass(frozen=True)
class Zoekteller(Teller):
    """Tells what was found; names, addresses and geometry as for the overlaptoets."""

    def tell_places(self, gevonden: Gevonden, wens: Wens) -> Json:
        """Return the places as a FeatureCollection, best first, with how they were found."""
        return {
            "type": "FeatureCollection",
            "features": [self._feature(number + 1, each) for number, each in enumerate(gevonden.plaatsen)],
            "samenvatting": self._summary_of_search(gevonden, wens),
            "aantal": len(gevonden.plaatsen),
            "aantalGevonden": gevonden.aantal,
            "gebiedHa": hectares(wens.area.area),
            "vrijHa": hectares(gevonden.free_m2),
            "passendHa": hectares(gevonden.fitting_m2),
            "gevraagdHa": hectares(wens.m2),
            "vermeden": sorted(wens.vermijd),
            "methode": METHOD,
            "regelsetVersie": self.regelset.versie,
            "publicatie": self.publication.versie,
            "strekking": SENTENCE,
            "links": [
                link("describedby", self.addresses.at("regels"), JSON, f"De regels, versie {self.regelset.versie}"),
                link("root", f"{self.addresses.root}?f=json", JSON, "Beginpagina van de service"),
            ],
        }

    def _feature(self, rang: int, plaats: Plaats) -> Json:
        uitkomst = plaats.uitkomst
        remaining = [each for each in uitkomst.bevindingen if not each.randraak]
        avoided = {each.beperking for each in plaats.niet_beoordeeld}
        others = {each.beperking for each in uitkomst.niet_beoordeeld} - avoided
        return {
            "type": "Feature",
            "id": str(rang),
            "geometry": self._geojson(shapely.orient_polygons(plaats.geometry)),
            "properties": {
                "rang": rang,
                "oordeel": FREE if plaats.is_free else NOT_JUDGED,
                "ernst": uitkomst.ernst,
                "oppervlakteHa": hectares(plaats.geometry.area),
                "provincies": list(uitkomst.subject.provincies),
                "station": self._station(plaats),
                "afstandStationM": None if plaats.station_m is None else round(plaats.station_m),
                "zin": self._sentence_of_place(rang, plaats),
                "bevindingen": [self._finding(each, uitkomst) for each in remaining],
                "koppelkansen": [self._finding(each, uitkomst) for each in uitkomst.koppelkansen],
                "nietBeoordeeld": [self._not_judged(each) for each in plaats.niet_beoordeeld],
                "overigNietBeoordeeld": sorted(others),
            },
        }

    def _finding(self, bevinding: Bevinding, uitkomst: Uitkomst) -> Json:
        # A place is its own ground; that of each finding would repeat it.
        told = super()._finding(bevinding, uitkomst)
        told.pop("geometrie", None)
        return told

    def _station(self, plaats: Plaats) -> Json | None:
        station = plaats.station
        if station is None:
            return None
        href = self.addresses.at("collections", station.laag, "items", station.id)
        return {"laag": station.laag, "id": station.id, "naam": station.naam, "spanningKv": station.attributes.get(VOLTAGE), "href": href}

    def _sentence_of_place(self, rang: int, plaats: Plaats) -> str:
        area = dutch(hectares(plaats.geometry.area) or 0, 2)
        station = "er is geen station binnen 20 km"
        if plaats.station is not None and plaats.station_m is not None:
            name = plaats.station.naam or plaats.station.id
            station = f"op {dutch(plaats.station_m / 1000, 1)} km van station {name}"
        if plaats.is_free:
            verdict = "Vrij van wat vermeden moet worden."
        else:
            missing = len({each.beperking for each in plaats.niet_beoordeeld})
            verdict = f"Niet beoordeeld: van {missing} te vermijden gebiedsopgaven is niet (overal) bekend of zij hier liggen."
        return f"Plek {rang}: {area} ha, {station}. {verdict} {self._remains(plaats)}"

    def _remains(self, plaats: Plaats) -> str:
        counts: dict[str, int] = {}
        for each in plaats.uitkomst.bevindingen:
            if not each.randraak and each.first.ernst != KOPPELKANS:
                counts[each.first.ernst] = counts.get(each.first.ernst, 0) + 1
        told = [f"{count} × {self.begrippen['ernst'][ernst].naam.lower()}" for ernst, count in counts.items()]
        return f"Blijft over: {', '.join(told)}." if told else "Verder is er geen melding."

    def _summary_of_search(self, gevonden: Gevonden, wens: Wens) -> str:
        size = dutch(hectares(wens.m2) or 0, 2)
        if not gevonden.free_m2:
            return f"Er is hier geen ruimte: alles valt onder wat vermeden moet worden, of ligt niet nabij genoeg. {SENTENCE}"
        if not gevonden.plaatsen:
            left = dutch(hectares(gevonden.free_m2) or 0, 2)
            return f"Geen plek van {size} ha gevonden; {left} ha is vrij, maar te smal of in te kleine stukken. {SENTENCE}"
        free = sum(each.is_free for each in gevonden.plaatsen)
        return (
            f"{gevonden.aantal} plekken van minstens {size} ha gevonden, de beste {len(gevonden.plaatsen)} getoond;"
            f" {free} daarvan vrij, van de andere is niet alles beoordeeld. {SENTENCE}"
        )

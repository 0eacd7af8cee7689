"""Tell what a plan touches: per layer and objecttype how many, which and how much, and per object what the rules say of such a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.api.overlap.telling import Teller, dutch, hectares
from app.overlap.footprint import Methode
from app.overlap.judging import Oordeel
from app.overlap.objects import Published, object_layers
from app.overlap.plantoets import OF_THE_NET, ONBEKEND, Geraakt, Plan, Planuitkomst, ground_of
from app.overlap.toets import NO_LAYER
from app.register.regels import SENTENCE
from app.web.addresses import JSON, Json, link

# Of more objects than this, per layer and objecttype, only the number is told; of findings in all.
MOST_NAMED = 200
MOST_JUDGED = 500
# What is never added to each other: alternating current, direct current, and what is stored.
CAPACITIES = {"vermogen_mw": ("vermogenMw", "MW"), "vermogen_piek_mwp": ("vermogenPiekMwp", "MWp"), "opslag_mwh": ("opslagMwh", "MWh")}
# Which objecttypes have which of them; of a station no capacity is delivered.
SUN, STORES, OF_NO_CAPACITY = "ZON", frozenset({"BATTERIJ"}), frozenset({"STATION"})
FLAGGED = ("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT", "KOPPELKANS", "NIET_BEOORDEELD")
NO_PLAN = "Geef een beperking (wat het plan zelf is, zoals WO-PLN) om te lezen wat de regels van elk object erbij zeggen."


@dataclass(frozen=True)
class Planteller(Teller):
    """Tells a Planuitkomst; names, addresses and geometry as for the overlaptoets."""

    def tell_plan(self, uitkomst: Planuitkomst, found: Published) -> Json:
        """Return what a plan touches, what the rules say of it, and in which opgaven of the net it lies."""
        geraakt = uitkomst.geraakt
        told: Json = {
            "plan": self._plan(uitkomst.plan, found),
            "samenvatting": self._summary_of(uitkomst),
            "aantalObjecten": len(geraakt),
            "groepen": [self._group(group) for group in _groups(geraakt)],
            "lengtePerNetvlak": _lengths(geraakt),
            "ruimtebeslag": self._taken(geraakt) | ({"geometrie": self._geojson(uitkomst.grond)} if self.with_geometry else {}),
            "beoordeling": self._judged(uitkomst),
            "energienet": self._net(uitkomst),
            "lagen": [each.id for each in object_layers(self.publication)],
            "regelsetVersie": self.regelset.versie,
            "publicatie": self.publication.versie,
            "strekking": SENTENCE,
            "links": [
                link("describedby", self.addresses.at("regels"), JSON, f"De regels, versie {self.regelset.versie}"),
                link("root", f"{self.addresses.root}?f=json", JSON, "Beginpagina van de service"),
            ],
        }
        return told

    def _plan(self, plan: Plan, found: Published) -> Json:
        told: Json = {
            "laag": found.laag or None,
            "id": found.id or None,
            "naam": found.naam,
            "oppervlakteHa": hectares(plan.geometry.area),
            "afstandM": plan.afstand_m,
            "beperking": self._named(plan.opgave.beperking) if plan.opgave else None,
        }
        return told | ({"geometrie": self._geojson(plan.geometry)} if self.with_geometry else {})

    def _group(self, group: Sequence[Geraakt]) -> Json:
        first = group[0].object
        known = self.begrippen["objecttype"].get(first.objecttype)
        statuses = sorted({_status(each) for each in group})
        return {
            "laag": first.laag,
            "objecttype": None if first.objecttype == ONBEKEND else first.objecttype,
            "objecttypeNaam": known.naam if known else "Onbekend",
            **self._totals(group),
            "perStatus": [{"status": status, **self._totals([each for each in group if _status(each) == status])} for status in statuses],
            "objecten": [self._object(each) for each in group[:MOST_NAMED]],
        }

    def _totals(self, group: Sequence[Geraakt]) -> Json:
        properties = self.publication[group[0].object.laag or ""].layer.properties
        sums = {key: _sum(name, group) for name, (key, _) in CAPACITIES.items() if name in properties and _tells(name, group)}
        return {"aantal": len(group), **sums, "lengtePerNetvlak": _lengths(group), "ruimtebeslag": self._taken(group)}

    def _taken(self, group: Sequence[Geraakt]) -> Json:
        """Tell what ground is taken inside the plan: by objects themselves, and by strips along lines, which are never added up."""
        unknown = sum(each.object.footprint.methode is Methode.ONBEKEND for each in group)
        objects, strips = ([each for each in group if (each.netvlak is not None) is strip] for strip in (False, True))
        return {"directHa": hectares(ground_of(objects).area), "strookHa": hectares(ground_of(strips).area), "onbekend": unknown}

    def _object(self, each: Geraakt) -> Json:
        subject, footprint = each.object, each.object.footprint
        told: Json = {
            **self._reference(each),
            "status": subject.attributes.get("status"),
            "relatie": "raakt" if each.afstand_m == 0 else "binnen_afstand",
            "afstandM": round(each.afstand_m),
            **{key: subject.attributes[name] for name, (key, _) in CAPACITIES.items() if subject.attributes.get(name) is not None},
            "ruimtebeslagMethode": footprint.methode.value,
            "ruimtebeslagBinnenHa": None if footprint.methode is Methode.ONBEKEND else hectares(each.m2),
        }
        return told | ({"netvlak": each.netvlak, "lengteBinnenKm": round(each.km, 3)} if each.netvlak else {})

    def _reference(self, each: Geraakt) -> Json:
        laag, feature_id = each.object.laag or "", each.object.id or ""
        return {
            "laag": laag,
            "id": feature_id,
            "naam": each.object.naam,
            "href": self.addresses.at("collections", laag, "items", feature_id),
        }

    def _judged(self, uitkomst: Planuitkomst) -> Json:
        if uitkomst.plan.opgave is None:
            return {"beperking": None, "toelichting": NO_PLAN, "perErnst": {}, "aantal": 0, "zonderRegels": 0, "bevindingen": []}
        flagged = [(each, oordeel) for each, oordeel in uitkomst.beoordeeld if oordeel.ernst in FLAGGED]
        counts = {ernst: sum(one.ernst == ernst and not one.randraak for _, one in flagged) for ernst in FLAGGED}
        return {
            "beperking": uitkomst.plan.opgave.beperking,
            "toelichting": "Van elk object bij het plan is nagegaan wat de regels zeggen alsof het plan er al ligt.",
            "perErnst": {ernst: count for ernst, count in counts.items() if count},
            "aantal": len(flagged),
            "zonderRegels": uitkomst.zonder_regels,
            "bevindingen": [self._verdict(each, oordeel) for each, oordeel in flagged[:MOST_JUDGED]],
        }

    def _verdict(self, each: Geraakt, oordeel: Oordeel) -> Json:
        regel, overlaps = oordeel.regel, oordeel.is_overlap
        known = each.object.footprint.methode is not Methode.ONBEKEND
        return {
            "object": self._reference(each) | {"objecttype": each.object.objecttype},
            "regelCode": regel.code,
            "ernst": oordeel.ernst,
            "hardheid": oordeel.hardheid,
            "reden": regel.reden,
            "regelBron": regel.bron,
            "bevestigd": regel.bevestigd,
            "provincieOverride": regel.gebied is not None,
            "relatie": "overlapt" if overlaps else "binnen_afstand",
            "afstandM": round(each.afstand_m),
            "overlapOppervlakteHa": hectares(each.m2) if overlaps and known else None,
            "randraak": oordeel.randraak,
            "zin": self._sentence_of(each, oordeel),
        }

    def _sentence_of(self, each: Geraakt, oordeel: Oordeel) -> str:
        what = self.begrippen["beperking"][oordeel.opgave.beperking].naam.lower()
        kind = self.begrippen["objecttype"][each.object.objecttype].naam.lower()
        name = f" {each.object.naam}" if each.object.naam else ""
        how = "ligt in het plan" if oordeel.is_overlap else f"ligt op {each.afstand_m:.0f} m van het plan"
        return f"{self.begrippen['ernst'][oordeel.ernst].naam}: {kind}{name} {how} ({what}). {oordeel.regel.reden}"

    def _net(self, uitkomst: Planuitkomst) -> Json:
        whole = uitkomst.plan.geometry.area
        opgaven = [
            {
                **self._named(each.opgave.beperking),
                "laag": each.opgave.laag,
                **self._opgave(each.opgave),
                "overlapOppervlakteHa": hectares(each.m2),
                "aandeelPct": round(100 * each.m2 / whole, 1),
            }
            for each in sorted(uitkomst.energienet, key=lambda each: (each.opgave.beperking, -each.m2, each.opgave.id))
        ]
        return {"aantal": len(opgaven), "opgaven": opgaven[:MOST_NAMED], "nietBeoordeeld": self._net_unknown(uitkomst)}

    def _net_unknown(self, uitkomst: Planuitkomst) -> list[Json]:
        """Tell of every opgave of the net that no layer is known to be complete of here: finding nothing says nothing."""
        told = []
        for code, each in self.begrippen["beperking"].items():
            if each.ouder != OF_THE_NET:
                continue
            layers = [one.id for one in self.publication.values() if one.layer.opgave and code in one.layer.opgave.codes]
            share = max((uitkomst.covered.get(laag, 0.0) for laag in layers), default=0.0)
            if share < 1:
                why = "Geen kaartlaag is hier volledig." if layers else NO_LAYER
                told.append({**self._named(code), "reden": why, "aandeelPct": round(100 * (1 - share), 1)})
        return told

    def _summary_of(self, uitkomst: Planuitkomst) -> str:
        geraakt = uitkomst.geraakt
        near = f" of liggen er binnen {uitkomst.plan.afstand_m:.0f} m van" if uitkomst.plan.afstand_m else ""
        parts = [f"{len(geraakt)} energieobjecten raken het plan{near}"]
        for name, (_, unit) in CAPACITIES.items():
            known = sum(each.object.attributes.get(name) is not None for each in geraakt)
            parts += [f"van {known} is bekend hoeveel {unit}"] if known else []
        parts.append(f"bekend direct ruimtebeslag binnen het plan {dutch(self._taken(geraakt)['directHa'], 2)} ha")
        parts.append(f"het plan ligt in {len(uitkomst.energienet)} gebiedsopgaven van het energienet")
        return f"{'; '.join(parts)}. {SENTENCE}"


def _groups(geraakt: Iterable[Geraakt]) -> list[list[Geraakt]]:
    found: dict[tuple[str, str], list[Geraakt]] = {}
    for each in sorted(geraakt, key=lambda each: (each.object.laag or "", each.object.objecttype, each.afstand_m, each.object.id or "")):
        found.setdefault((each.object.laag or "", each.object.objecttype), []).append(each)
    return list(found.values())


def _status(each: Geraakt) -> str:
    status = each.object.attributes.get("status")
    return status if isinstance(status, str) else ONBEKEND


def _tells(name: str, group: Sequence[Geraakt]) -> bool:
    """Tell whether such objects have a capacity of this kind, so that one that is not given is unknown."""
    first = group[0]
    given = any(each.object.attributes.get(name) is not None for each in group)
    if first.netvlak is not None or first.object.objecttype in (*OF_NO_CAPACITY, ONBEKEND):
        return given
    is_sun = first.object.objecttype.startswith(SUN)
    always = {"vermogen_mw": not is_sun, "vermogen_piek_mwp": is_sun, "opslag_mwh": first.object.objecttype in STORES}
    return given or always[name]


def _sum(name: str, group: Iterable[Geraakt]) -> Json:
    values = [each.object.attributes.get(name) for each in group]
    known = [float(value) for value in values if isinstance(value, int | float)]
    return {"som": round(sum(known), 6) if known else None, "onbekend": len(values) - len(known)}


def _lengths(group: Iterable[Geraakt]) -> Json:
    found: dict[str, float] = {}
    for each in group:
        if each.netvlak and each.km:
            found[each.netvlak] = found.get(each.netvlak, 0.0) + each.km
    return {netvlak: round(km, 3) for netvlak, km in sorted(found.items())}

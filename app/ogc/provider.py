"""How pygeoapi sees a layer: its fields and coordinate systems; features themselves are answered by our own routes."""

from pygeoapi.provider.base import BaseProvider

from app.layers import Geometry, Layer, Property
from app.web.addresses import Json

GEOMETRY_FORMATS = {
    Geometry.POINT: "geometry-point-or-multipoint",
    Geometry.LINE: "geometry-linestring-or-multilinestring",
    Geometry.POLYGON: "geometry-polygon-or-multipolygon",
}


class LayerProvider(BaseProvider):  # type: ignore[misc]  # pygeoapi has no types
    """The provider that `configuration.py` names by its dotted path; `data` is the Layer."""

    def __init__(self, provider_def: Json) -> None:
        super().__init__(provider_def)
        self.layer: Layer = provider_def["data"]
        self._fields = self.get_fields()

    def get_fields(self) -> dict[str, Json]:
        """Return the JSON Schema of the id and of each property, in the order of the layer (Features 5, `x-ogc-role`, `x-ogc-unit`)."""
        fields = {"id": {"title": "Kenmerk", "description": "Blijvend kenmerk van het object.", "type": "string"}}
        fields |= {name: _describe(each) for name, each in self.layer.properties.items()}
        if period := self.layer.period:
            fields[period.start]["x-ogc-role"] = "primary-interval-start"
            if period.end:
                fields[period.end]["x-ogc-role"] = "primary-interval-end"
        return {name: field | {"x-ogc-propertySeq": place} for place, (name, field) in enumerate(fields.items(), start=1)}


def _describe(declared: Property) -> Json:
    said = {"title": declared.title, "description": declared.description, "x-ogc-unit": declared.unit, "x-bron": declared.source}
    return {name: value for name, value in said.items() if value is not None} | declared.type.json_schema

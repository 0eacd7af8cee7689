"""The words of OpenAPI 3.0 in which the service describes itself: operations, references, parameters and schemas."""

from dataclasses import dataclass

from app.web.addresses import HTML, Json

# Paths that name something, which may not exist; figures may not have been published.
NAMING = (
    *("/collections/", "/tileMatrixSets/", "/styles/", "/begrippen/", "/gebieden", "/cijfers", "/aansluiting", "/energiebeelden"),
    "/regels/{",
)


@dataclass(frozen=True)
class Operation:
    """One GET: its path, id, tag, summary, and the names of its shared parameters and answer; path parameters come with the path."""

    path: str
    id: str
    tag: str
    summary: str
    answer: str
    parameters: tuple[str, ...] = ("f",)

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def describe(self) -> Json:
        """Return the operation as OpenAPI writes it; any may be unavailable, only a path that names something not found."""
        found = ("404",) if self.path.startswith(NAMING) else ()
        answers = {code: shared("responses", f"Fout{code}") for code in ("400", *found, "406", "500", "503")}
        return {
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "parameters": [shared("parameters", name) for name in (*self.path_parameters, *self.parameters)],
            "responses": {"200": shared("responses", self.answer), **answers},
        }


def shared(kind: str, name: str) -> Json:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def query_parameter(name: str, description: str, schema: Json) -> Json:
    """Return a query parameter; a list is separated by commas."""
    lists = {"style": "form", "explode": False} if schema["type"] == "array" else {}
    return {"name": name, "in": "query", "required": False, "description": description, **lists, "schema": schema}


def content_of(schema: str, *media_types: str) -> Json:
    """Return the content of an answer in these media types, and as a web page."""
    return {media_type: {"schema": shared("schemas", schema)} for media_type in media_types} | {HTML: {"schema": {"type": "string"}}}


def object_of(required: tuple[str, ...] = (), **properties: Json) -> Json:
    """Return the schema of an object."""
    return {"type": "object", **({"required": list(required)} if required else {}), "properties": properties}


def list_of(items: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": items}

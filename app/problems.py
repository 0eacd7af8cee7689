"""What can go wrong for a user, as exceptions that carry meaning; only the doors turn them into problem+json."""

from collections.abc import Sequence


class Problem(Exception):
    """A fault with a Dutch explanation that its cause may read; `errors` lists every single fault found.

    `type` is the URI by which a standard names it, where one does.
    """

    type = "about:blank"
    status = 500
    title = "Er ging iets mis in de service"

    def __init__(self, detail: str, errors: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join((self.detail, *(f"- {error}" for error in self.errors)))


class BadRequest(Problem):
    """The request cannot be understood (never 422, rule `/core/error-handling/invalid-input`)."""

    status = 400
    title = "Ongeldige vraag"


class NotFound(Problem):
    """Nothing lives at this address."""

    status = 404
    title = "Niet gevonden"


class LayerNotFound(NotFound, KeyError):
    """No layer has this id; a KeyError too, so that `in` and `get` work on what maps ids to layers."""


class FeatureNotFound(NotFound):
    """The layer has no feature with this id."""


class TileNotFound(NotFound):
    """The tile lies outside the tile matrix set."""


class MethodNotAllowed(Problem):
    """The address exists, but not for this HTTP method."""

    status = 405
    title = "Deze methode kan hier niet"


class NotAcceptable(Problem):
    """None of the formats that the client accepts can be made."""

    status = 406
    title = "Formaat niet beschikbaar"


class Unavailable(Problem):
    """The service cannot answer now but will again; sent with Retry-After."""

    status = 503
    title = "Tijdelijk niet beschikbaar"


class ConfigurationFault(Problem):
    """Layers, styles, sources or settings contradict each other; the service does not start."""

    title = "De configuratie klopt niet"


class ImportFault(Problem):
    """A levering was refused; what was published before stays as it was."""

    title = "De levering is geweigerd"

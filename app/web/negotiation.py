"""Which format a client gets (`f=` before Accept), which compression, and which query parameters it may send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request

from app.problems import BadRequest, NotAcceptable

ENCODINGS = ("br", "gzip")


@dataclass(frozen=True)
class _Accepted:
    """One range of an Accept header; an earlier position wins between equals."""

    media_type: str
    quality: float
    position: int

    def matches(self, offer: str) -> int:
        """Tell how precisely this range names the offer: 0 not at all, 1 anything, 2 the type, 3 its JSON suffix, 4 exactly."""
        if self.media_type == offer:
            return 4
        kind, _, subtype = offer.partition("/")
        # A client that takes application/json can read application/geo+json (RFC 6839).
        if self.media_type == "application/json" and subtype.endswith("+json"):
            return 3
        return {f"{kind}/*": 2, "*/*": 1}.get(self.media_type, 0)


def negotiate(request: Request, offers: Mapping[str, str], default: str) -> str:
    """Return the name of the offered format (name → media type) that the client wants.

    Raises BadRequest for an unknown `f`, NotAcceptable when Accept names nothing on offer.
    """
    asked = tuple(request.query_params.getlist("f"))
    return choose_format(asked, ",".join(request.headers.getlist("accept")), tuple(offers.items()), default)


@lru_cache(maxsize=512)
def choose_format(asked: tuple[str, ...], accept: str, offers: tuple[tuple[str, str], ...], default: str) -> str:
    """Choose between offers (name, media type) by the values of `f` and the Accept header; clients send few different ones."""
    names = [name for name, _ in offers]
    if asked:
        if len(asked) > 1 or asked[0] not in names:
            raise BadRequest(f"De waarde {', '.join(asked)!r} van 'f' is geen formaat van dit adres. Kies uit: {', '.join(names)}.")
        return asked[0]
    ranges = _parse([accept])
    ranked = {name: _rank(ranges, media_type.split(";")[0], name == default) for name, media_type in offers}
    best = max(ranked, key=lambda name: ranked[name])
    if ranked[best][0] <= 0:
        media_types = ", ".join(media_type for _, media_type in offers)
        raise NotAcceptable(f"Dit adres heeft geen formaat dat de header Accept noemt. Kies uit: {media_types}.")
    return best


def choose_encoding(request: Request) -> str | None:
    """Return the best compression this client accepts, or None."""
    accepted = {each.media_type: each.quality for each in _parse(request.headers.getlist("accept-encoding"), anything="identity")}
    return next((encoding for encoding in ENCODINGS if accepted.get(encoding, accepted.get("*", 0.0)) > 0), None)


def refuse_unknown_parameters(request: Request, known: Iterable[str]) -> None:
    """Raise BadRequest naming every query parameter that this address does not have (`/req/core/query-param-unknown`)."""
    refuse_unknown(request.query_params.keys(), known)


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise BadRequest naming every name that is not known."""
    unknown = sorted(set(names).difference(known))
    if unknown:
        raise BadRequest(
            f"Dit adres kent de parameter {', '.join(map(repr, unknown))} niet. Bekend zijn: {', '.join(sorted(known)) or 'geen'}.",
            [f"onbekende parameter: {name!r}" for name in unknown],
        )


def refuse_repeated(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the query as a mapping, or raise BadRequest when a parameter is given twice: one of the two would be lost."""
    names = [name for name, _ in pairs]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise BadRequest(f"Deze parameters staan meer dan eens in de vraag: {', '.join(repeated)}. Geef elke parameter één keer.")
    return dict(pairs)


def _parse(headers: Iterable[str], anything: str = "*/*") -> list[_Accepted]:
    named = [part.strip() for part in ",".join(headers).split(",") if part.strip()] or [anything]
    return [_parse_range(part, position) for position, part in enumerate(named)]


def _parse_range(part: str, position: int) -> _Accepted:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((value for name, _, value in (each.partition("=") for each in parameters) if name == "q"), "1")
    return _Accepted(media_type, _parse_quality(quality), position)


def _parse_quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _rank(ranges: list[_Accepted], media_type: str, is_default: bool) -> tuple[float, int, bool, int]:
    """Order offers by quality, how precisely they were named, being the default, and place.

    Of the ranges that fit an offer the most precise one decides (RFC 9110 §12.5.1).
    """
    precision, accepted = max(((each.matches(media_type), each) for each in ranges), key=lambda match: (match[0], -match[1].position))
    if precision == 0:
        return (0.0, 0, False, 0)
    if precision > 2:
        return (accepted.quality, 3, False, -accepted.position)
    return (accepted.quality, precision, is_default, -accepted.position)

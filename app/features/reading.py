"""Ask the database for a page or a feature; the answer is bytes that need only an envelope."""

from dataclasses import dataclass

from app.database import Reader
from app.features.question import Cursor, PageQuestion
from app.features.statements import COUNTED_AT_MOST, count_statement, feature_statement, page_statement, parameters_of, shape_of
from app.layers import Geometry
from app.problems import FeatureNotFound
from app.register.crs import Crs
from app.register.publication import PublishedLayer


@dataclass(frozen=True)
class Page:
    """Features as GeoJSON text joined by commas, how many there are, and where the next page starts.

    `matched` is how many the whole selection has, exactly; None when there are more than were counted (`COUNTED_AT_MOST`).
    """

    features: bytes
    returned: int
    matched: int | None
    next: Cursor | int | None


async def read_page(reader: Reader, published: PublishedLayer, question: PageQuestion) -> Page:
    """Return one page of a layer in the order of its numbers, or as sorted; `next` is an offset when sorted."""
    shape = shape_of(question)
    parameters = parameters_of(question)
    size = min(question.limit, published.description.count) * published.description.feature_bytes
    row = await reader.row(page_statement(published, shape), parameters, size)
    features, last, found, candidates = row or (None, None, 0, None)
    returned = min(found, question.limit)
    matched = await _matched(reader, published, question, _Seen(found, candidates))
    following: Cursor | int | None = None
    if found > question.limit:
        following = question.offset + question.limit if question.sort else Cursor(last, matched if question.selects else None)
    return Page(features or b"", returned, matched, following)


async def read_feature(reader: Reader, published: PublishedLayer, feature_id: str, crs: Crs) -> bytes:
    """Return one feature as GeoJSON text, or raise FeatureNotFound."""
    # PostgreSQL has no text with a NUL in it, so no feature has such an id.
    row = None if "\0" in feature_id else await reader.row(feature_statement(published, crs), {"id": feature_id})
    if row is None:
        raise FeatureNotFound(f"Laag {published.id!r} heeft geen object met id {feature_id!r}.")
    feature: bytes = row[0]
    return feature


@dataclass(frozen=True)
class _Seen:
    """What a page statement saw: features found for the page (one more than its limit if there is a next one), and candidates."""

    found: int
    candidates: int | None


async def _matched(reader: Reader, published: PublishedLayer, question: PageQuestion, seen: _Seen) -> int | None:
    """Count no more than needed: the whole layer is known, a cursor carries it, the last page tells it, points are their own box."""
    if not question.selects:
        return published.description.count
    if question.cursor is not None:
        return question.cursor.matched
    if 0 < seen.found <= question.limit or (seen.found == 0 and question.offset == 0):
        return question.offset + seen.found
    if seen.candidates is not None:
        if published.layer.geometry is Geometry.POINT and question.period is None:
            return seen.candidates
        if seen.candidates > COUNTED_AT_MOST:
            return None
    row = await reader.row(count_statement(published, shape_of(question).selection), parameters_of(question))
    counted = int(row[0]) if row else 0
    return counted if counted <= COUNTED_AT_MOST else None

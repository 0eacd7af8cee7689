"""Entity tags that start with the publication: an answer the client already has costs no query."""

import zlib

from starlette.requests import Request

from app.register.publication import Publication

# A new publication shows within a minute; until then nobody needs to ask.
FRESH = "public, max-age=60, stale-while-revalidate=600"


def tag_for(publication: Publication, question: bytes) -> str:
    """Return the weak entity tag of an answer: it may be compressed on its way, its content follows from publication and question."""
    return f'W/"{publication.id}-{zlib.crc32(question):08x}"'


def has_already(request: Request, tag: str) -> bool:
    """Tell whether the client already has this entity tag."""
    return is_known(tag, ",".join(request.headers.getlist("if-none-match")))


def is_known(tag: str, if_none_match: str) -> bool:
    """Tell whether an If-None-Match header holds the tag (RFC 9110 §13.1.2: weak comparison)."""
    known = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tag.removeprefix("W/") in known or "*" in known

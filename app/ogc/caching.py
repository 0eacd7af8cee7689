"""Entity tags that start with the publication: an answer the client already has costs no query."""

import zlib

from starlette.requests import Request

from app.register.publication import Publication

# A new publication shows within a minute; until then nobody needs to ask.
FRESH = "public, max-age=60, stale-while-revalidate=600"


def tag_of(publication: Publication, request: Request, representation: str) -> str:
    """Return the weak entity tag of an answer: it may be compressed on its way, its content follows from publication and URL."""
    url = f"{request.url.path}?{request.url.query} {representation}"
    return f'W/"{publication.id}-{zlib.crc32(url.encode()):08x}"'


def has_already(request: Request, tag: str) -> bool:
    """Tell whether the client already has this entity tag (If-None-Match, RFC 9110 §13.1.2: weak comparison)."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    known = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag.removeprefix("W/") in known or "*" in known

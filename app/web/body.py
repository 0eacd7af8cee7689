"""Read the JSON that a client sends: refused by its size before it is read, and by its form before anything is made of it."""

import re

import orjson
from starlette.requests import Request

from app.problems import BadRequest, Problem
from app.web.addresses import Json

MOST_BYTES = 1_000_000
# As JSON writes it, behind an even number of backslashes: PostgreSQL keeps no such text.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
TOO_LARGE = f"De vraag is groter dan {MOST_BYTES // 1_000_000} MB. Stuur minder punten of minder objecten."


class TooLarge(Problem):
    """The body is larger than any sensible question."""

    status = 413
    title = "De vraag is te groot"


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    status = 415
    title = "Dit formaat kan de service niet lezen"


async def read_json(request: Request) -> Json:
    """Return the JSON object in the body, or raise TooLarge, UnsupportedMediaType or BadRequest."""
    media_type = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMediaType(f"De vraag staat in {media_type!r}; stuur JSON (Content-Type: application/json).")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge(TOO_LARGE)
    try:
        told = orjson.loads(bytes(body))
    except orjson.JSONDecodeError as fault:
        raise BadRequest(f"De vraag is geen geldige JSON: {fault}.") from None
    if NUL.search(body):
        raise BadRequest("De vraag bevat een NUL-teken (\\u0000); dat hoort in geen enkele tekst.")
    if not isinstance(told, dict):
        raise BadRequest("De vraag is geen JSON-object: begin met { en eindig met }.")
    return told

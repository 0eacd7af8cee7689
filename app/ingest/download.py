"""Fetch the files of a source from their official addresses: patient with a busy server, and going on where a connection broke."""

import csv
import datetime as dt
import email.utils
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

from app import __version__
from app.ingest.quarantine import MAX_BYTES
from app.ingest.report import Progress, silent
from app.ingest.source import Source, SourceFile
from app.problems import ImportFault
from app.settings import Settings

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
PAGE = 1000
EXTENSIONS = {"gpkg": ".gpkg", "geojson": ".geojson", "shapefile": ".zip", "gml": ".gml", "csv": ".csv", "xlsx": ".xlsx"}
NEXT_KEYS = ("@odata.nextLink", "odata.nextLink")


@dataclass(frozen=True)
class Patience:
    """How often to try again without getting any further, and how long to wait in between."""

    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0


class _Busy(Exception):
    """The server asks to come back later."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"de server antwoordt {response.status_code}")
        self.wait_s = _retry_after(response.headers.get("retry-after"))


@dataclass(frozen=True)
class _Fetcher:
    client: httpx.Client
    patience: Patience
    progress: Progress


def download(settings: Settings, source: Source, progress: Progress = silent, patience: Patience | None = None) -> Mapping[str, Path]:
    """Fetch every file of the source into the home and return where each is, or raise ImportFault.

    A next call goes on where a broken one stopped.
    """
    homeless = [f"{name}: {file.pattern}" for name, file in source.files.items() if file.address is None]
    if homeless:
        raise ImportFault(
            f"Bron {source.id!r} heeft bestanden zonder adres. Haal ze van {source.homepage} en geef ze met --file.", homeless
        )
    folder = settings.home / "downloads" / source.id
    folder.mkdir(parents=True, exist_ok=True)
    with httpx.Client(follow_redirects=True, timeout=30, headers={"User-Agent": f"energiebeeld/{__version__}"}) as client:
        fetcher = _Fetcher(client, patience or Patience(), progress)
        return {name: _fetch(fetcher, file, folder / f"{name}{EXTENSIONS[file.format]}") for name, file in source.files.items()}


def _fetch(fetcher: _Fetcher, file: SourceFile, target: Path) -> Path:
    if file.address is None:
        raise ImportFault(f"{file.pattern} heeft geen adres.")
    how = {"file": _fetch_file, "oapif": _fetch_features, "odata": _fetch_table}[file.address.kind]
    part = target.with_name(f"{target.name}.part")
    try:
        how(fetcher, file.address.url, part)
    except (httpx.HTTPError, _Busy, json.JSONDecodeError) as fault:
        raise ImportFault(f"{file.address.url} is niet op te halen: {fault}. Probeer het later, of geef het bestand met --file.") from fault
    part.replace(target)
    part.with_suffix(".etag").unlink(missing_ok=True)
    return target


def _fetch_file(fetcher: _Fetcher, url: str, part: Path) -> None:
    """Fetch one file; each attempt asks only for what is not there yet, and counts as one only when it brought nothing."""
    fetcher.progress(f"{url} ophalen")
    for attempt in _attempts(fetcher.patience, lambda: part.stat().st_size if part.exists() else 0):
        with attempt:
            _fetch_rest(fetcher, url, part)


def _fetch_rest(fetcher: _Fetcher, url: str, part: Path) -> None:
    etag = part.with_suffix(".etag")
    known = etag.read_text(encoding="utf-8") if etag.exists() and part.exists() else ""
    have = part.stat().st_size if known else 0
    # Without If-Range a file that changed since would be glued to the old beginning.
    resume = {"Range": f"bytes={have}-", "If-Range": known} if have else {}
    with fetcher.client.stream("GET", url, headers={"Accept-Encoding": "identity", **resume}) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and _total(response) == have:
            return
        _demand_success(response)
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        etag.write_text(response.headers.get("etag") or response.headers.get("last-modified", ""), encoding="utf-8")
        _pour(fetcher, response, part, have if resumed else 0)


def _pour(fetcher: _Fetcher, response: httpx.Response, part: Path, have: int) -> None:
    total = have + int(response.headers.get("content-length", 0))
    with part.open("ab" if have else "wb") as file:
        for block in response.iter_bytes():
            have += len(block)
            if have > MAX_BYTES:
                raise ImportFault(f"{response.url} is groter dan {MAX_BYTES:,} bytes.")
            file.write(block)
            fetcher.progress(f"{response.url} ophalen", have / total if total else None)


def _total(response: httpx.Response) -> int | None:
    size = response.headers.get("content-range", "").rpartition("/")[2]
    return int(size) if size.isdigit() else None


def _fetch_features(fetcher: _Fetcher, url: str, part: Path) -> None:
    """Gather the pages of an OGC API Features collection (part 1, §7.15: follow `next` until there is none) into one GeoJSON."""
    first = str(httpx.URL(url).copy_merge_params({"f": "json", "limit": str(PAGE)}))
    count, matched = 0, None
    with part.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for page in _pages(fetcher, first, _next_link):
            matched = page.get("numberMatched", matched)
            count = _write_features(file, page, count)
            fetcher.progress(f"{url}: {count} objecten", count / matched if isinstance(matched, int) and matched else None)
        file.write("\n]}\n")
    if isinstance(matched, int) and matched != count:
        raise ImportFault(f"{url} belooft {matched} objecten, maar gaf er {count}. Probeer het later opnieuw.")


def _write_features(file: TextIO, page: Mapping[str, object], count: int) -> int:
    features = page.get("features")
    if not isinstance(features, list):
        raise ImportFault("Het antwoord is geen GeoJSON-FeatureCollection.")
    for feature in features:
        file.write(",\n" if count else "")
        json.dump(feature, file, ensure_ascii=False, separators=(",", ":"))
        count += 1
    return count


def _next_link(page: Mapping[str, object]) -> str | None:
    links = page.get("links")
    following = [link["href"] for link in links if link.get("rel") == "next"] if isinstance(links, list) else []
    return str(following[0]) if following else None


def _fetch_table(fetcher: _Fetcher, url: str, part: Path) -> None:
    """Gather the pages of an OData table (v3 `odata.nextLink`, v4 `@odata.nextLink`) into one CSV."""
    count = 0
    with part.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for page in _pages(fetcher, url, _next_rows):
            rows = page.get("value")
            if not isinstance(rows, list):
                raise ImportFault(f"{url} gaf geen tabel.")
            if writer is None and rows:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
            if writer is not None:
                writer.writerows(rows)
            count += len(rows)
            fetcher.progress(f"{url}: {count} rijen")


def _next_rows(page: Mapping[str, object]) -> str | None:
    return next((str(page[key]) for key in NEXT_KEYS if page.get(key)), None)


def _pages(fetcher: _Fetcher, url: str, following: Callable[[Mapping[str, object]], str | None]) -> Iterator[Mapping[str, object]]:
    """Yield page after page; a link to elsewhere or back to an earlier page is no page."""
    seen: set[str] = set()
    here: str | None = url
    while here is not None:
        if here in seen or urlsplit(here)[:2] != urlsplit(url)[:2]:
            raise ImportFault(f"{url} verwijst voor de volgende bladzijde naar {here}; dat wordt niet gevolgd.")
        seen.add(here)
        page = _fetch_page(fetcher, here)
        yield page
        link = following(page)
        here = urljoin(here, link) if link else None


def _fetch_page(fetcher: _Fetcher, url: str) -> Mapping[str, object]:
    for attempt in _attempts(fetcher.patience, lambda: 0):
        with attempt:
            response = fetcher.client.get(url, headers={"Accept": "application/geo+json, application/json"})
            _demand_success(response)
            page = response.json()
            if not isinstance(page, dict):
                raise ImportFault(f"{url} gaf geen JSON-object.")
            return page
    raise ImportFault(f"{url} gaf geen antwoord.")


def _demand_success(response: httpx.Response) -> None:
    if response.status_code in BUSY:
        raise _Busy(response)
    response.raise_for_status()


def _attempts(patience: Patience, size: Callable[[], int]) -> tenacity.Retrying:
    """Try until it works or until `patience.attempts` in a row brought nothing new."""
    got = [size(), 0]

    growing = tenacity.wait_random_exponential(multiplier=patience.first_wait_s, max=patience.longest_wait_s)

    def exhausted(_: tenacity.RetryCallState) -> bool:
        now = size()
        got[:] = (now, 1) if now > got[0] else (got[0], got[1] + 1)
        return got[1] >= patience.attempts

    def wait(state: tenacity.RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.wait_s if isinstance(fault, _Busy) else 0.0
        return min(max(asked, growing(state)), patience.longest_wait_s)

    passing = tenacity.retry_if_exception_type((_Busy, httpx.TransportError, json.JSONDecodeError))
    return tenacity.Retrying(stop=exhausted, wait=wait, retry=passing, reraise=True)


def _retry_after(value: str | None) -> float:
    """Read seconds or an HTTP date (RFC 9110 §10.2.3)."""
    if value is None:
        return 0.0
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(value) - dt.datetime.now(dt.UTC)).total_seconds())
    except ValueError:
        return 0.0

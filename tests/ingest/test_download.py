"""Fetching from an official address, tried on a server that answers in the same form, and that is sometimes busy or breaks off."""

import csv
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from app.ingest.download import Patience, download
from app.ingest.importing import Options, import_source
from app.ingest.source import Source
from app.problems import ImportFault
from app.settings import Settings

QUICK = Patience(attempts=3, first_wait_s=0.01, longest_wait_s=0.05)
CONTENT = bytes(range(256)) * 4000


@dataclass
class Publisher:
    """A web server whose behaviour is a function of the request; `asked` lists what was asked."""

    url: str
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("Range")))
            site.answers[urlsplit(self.path).path](self)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Publisher(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


def answer(request, body: bytes, status=200, *, headers=None, sent=None):
    """Send `body`, or only its first `sent` bytes before the connection breaks."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body if sent is None else body[:sent])
    if sent is not None:
        request.close_connection = True


def source_of(url, kind, format_):
    return Source(
        id="proef",
        title="Proef",
        description="Proef",
        publisher="Niemand",
        license="https://example.org/",
        homepage="https://example.org/",
        peildatum="2025-01-01",
        files={"bestand": {"pattern": "*", "format": format_, "address": {"kind": kind, "url": url} if url else None}},
        datasets=[
            {
                "file": "bestand",
                "collection": "punten",
                "geometry": "point",
                "key": ["id"],
                "crs": "EPSG:4326",
                **({"csv_geometry": {"x": "x", "y": "y"}} if format_ == "csv" else {}),
            }
        ],
    )


def fetch(settings, publisher, path, kind="file", format_="gpkg"):
    return download(settings, source_of(f"{publisher.url}{path}", kind, format_), patience=QUICK)["bestand"]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


def ranged(request, body=CONTENT, sent=None, etag='"een"'):
    """A server that knows Range and If-Range."""
    asked = request.headers.get("Range")
    if asked and request.headers.get("If-Range") == etag:
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        headers = {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        return answer(request, body[start:], 206, headers=headers, sent=sent)
    return answer(request, body, 200, headers={"ETag": etag}, sent=sent)


class TestFile:
    def test_arrives_whole_and_leaves_no_scraps(self, settings, publisher):
        publisher.answers["/bestand"] = ranged
        path = fetch(settings, publisher, "/bestand")
        assert path.read_bytes() == CONTENT
        assert [each.name for each in path.parent.iterdir()] == ["bestand.gpkg"]

    def test_goes_on_where_the_connection_broke(self, settings, publisher):
        publisher.answers["/bestand"] = lambda request: ranged(request, sent=300_000)
        assert fetch(settings, publisher, "/bestand").read_bytes() == CONTENT
        ranges = [asked for _, asked in publisher.asked]
        assert ranges[0] is None
        assert ranges[1:] == ["bytes=300000-", "bytes=600000-", "bytes=900000-"]

    def test_a_next_call_goes_on_too(self, settings, publisher):
        publisher.answers["/bestand"] = lambda request: ranged(request, sent=0 if request.headers.get("Range") else 300_000)
        with pytest.raises(ImportFault, match="is niet op te halen"):
            fetch(settings, publisher, "/bestand")
        publisher.asked.clear()
        publisher.answers["/bestand"] = ranged
        assert fetch(settings, publisher, "/bestand").read_bytes() == CONTENT
        assert publisher.asked == [("/bestand", "bytes=300000-")]

    def test_a_file_that_changed_meanwhile_starts_again(self, settings, publisher):
        states = iter([{"sent": 300_000}, {"body": b"nieuw", "etag": '"twee"'}])
        publisher.answers["/bestand"] = lambda request: ranged(request, **next(states))
        assert fetch(settings, publisher, "/bestand").read_bytes() == b"nieuw"

    def test_a_server_without_ranges_starts_again(self, settings, publisher):
        sent = iter([300_000, None])
        publisher.answers["/bestand"] = lambda request: answer(request, CONTENT, sent=next(sent))
        assert fetch(settings, publisher, "/bestand").read_bytes() == CONTENT

    def test_a_busy_server_is_asked_again(self, settings, publisher):
        states = iter([503, 429])
        publisher.answers["/bestand"] = lambda request: (
            answer(request, b"", status, headers={"Retry-After": "0"}) if (status := next(states, None)) else ranged(request)
        )
        assert fetch(settings, publisher, "/bestand").read_bytes() == CONTENT
        assert len(publisher.asked) == 3

    def test_one_that_stays_busy_is_given_up(self, settings, publisher):
        publisher.answers["/bestand"] = lambda request: answer(request, b"", 503)
        with pytest.raises(ImportFault, match="antwoordt 503"):
            fetch(settings, publisher, "/bestand")
        assert len(publisher.asked) == QUICK.attempts

    def test_what_is_not_there_is_asked_once(self, settings, publisher):
        publisher.answers["/bestand"] = lambda request: answer(request, b"", 404)
        with pytest.raises(ImportFault, match="404"):
            fetch(settings, publisher, "/bestand")
        assert len(publisher.asked) == 1

    def test_progress_is_told(self, settings, publisher):
        publisher.answers["/bestand"] = ranged
        told = []
        source = source_of(f"{publisher.url}/bestand", "file", "gpkg")
        download(settings, source, lambda _, done=None: told.append(done), QUICK)
        assert told[-1] == 1.0

    def test_without_an_address_the_file_is_asked_for(self, settings):
        with pytest.raises(ImportFault, match="zonder adres"):
            download(settings, source_of(None, "file", "gpkg"))


def collection(publisher, count, limit=1000, matched=None):
    """OGC API Features as PDOK serves it: a `next` link with a cursor, numberMatched on every page."""

    def items(request):
        query = parse_qs(urlsplit(request.path).query)
        assert query["f"] == ["json"]
        assert query["jaarcode"] == ["2025"]
        start = int(query.get("cursor", ["0"])[0])
        size = min(int(query["limit"][0]), limit)
        features = [
            {"type": "Feature", "id": number, "properties": {"id": number}, "geometry": {"type": "Point", "coordinates": [5.0, 52.0]}}
            for number in range(start, min(start + size, count))
        ]
        links = [{"rel": "self", "href": f"{publisher.url}{request.path}"}]
        if start + size < count:
            links.append({"rel": "next", "href": f"/items?f=json&jaarcode=2025&limit={size}&cursor={start + size}"})
        page = {"type": "FeatureCollection", "features": features, "links": links, "numberMatched": matched or count}
        answer(request, json.dumps(page).encode(), headers={"Content-Type": "application/geo+json"})

    return items


class TestFeatures:
    def test_pages_are_followed_to_the_end(self, settings, publisher):
        publisher.answers["/items"] = collection(publisher, 2500)
        path = fetch(settings, publisher, "/items?jaarcode=2025", "oapif", "geojson")
        features = json.loads(path.read_text())["features"]
        assert [each["id"] for each in features] == list(range(2500))
        assert len(publisher.asked) == 3

    def test_a_page_that_breaks_off_is_asked_again(self, settings, publisher):
        items, broken = collection(publisher, 1500), iter([True])
        publisher.answers["/items"] = lambda request: answer(request, b'{"type":', sent=4) if next(broken, False) else items(request)
        path = fetch(settings, publisher, "/items?jaarcode=2025", "oapif", "geojson")
        assert len(json.loads(path.read_text())["features"]) == 1500

    def test_fewer_features_than_promised_is_a_fault(self, settings, publisher):
        publisher.answers["/items"] = collection(publisher, 10, matched=12)
        with pytest.raises(ImportFault, match="belooft 12 objecten, maar gaf er 10"):
            fetch(settings, publisher, "/items?jaarcode=2025", "oapif", "geojson")

    @pytest.mark.parametrize("href", ["http://127.0.0.2:9/items", "/items?f=json&jaarcode=2025&limit=1000"])
    def test_a_next_link_to_elsewhere_or_in_a_circle_is_not_followed(self, settings, publisher, href):
        page = {"type": "FeatureCollection", "features": [], "links": [{"rel": "next", "href": href}]}
        publisher.answers["/items"] = lambda request: answer(request, json.dumps(page).encode())
        with pytest.raises(ImportFault, match="dat wordt niet gevolgd"):
            fetch(settings, publisher, "/items?f=json&jaarcode=2025&limit=1000", "oapif", "geojson")


@pytest.mark.parametrize("key", ["odata.nextLink", "@odata.nextLink"])
def test_odata_pages_become_one_csv(settings, publisher, key):
    def table(request):
        skip = int(parse_qs(urlsplit(request.path).query).get("$skip", ["0"])[0])
        rows = [{"ID": number, "RegioS": "GM0014  ", "Waarde_1": None if number % 2 else number} for number in range(skip, skip + 2)]
        more = {key: f"{publisher.url}/TypedDataSet?$skip={skip + 2}"} if skip < 4 else {}
        answer(request, json.dumps({"value": rows, **more}).encode())

    publisher.answers["/TypedDataSet"] = table
    path = fetch(settings, publisher, "/TypedDataSet", "odata", "csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ID"] for row in rows] == ["0", "1", "2", "3", "4", "5"]
    assert (rows[0]["RegioS"], rows[1]["Waarde_1"]) == ("GM0014  ", "")


def test_an_import_without_files_fetches_them(database_settings, publisher):
    publisher.answers["/items"] = collection(publisher, 3)
    source = source_of(f"{publisher.url}/items?jaarcode=2025", "oapif", "geojson")
    report = import_source(database_settings, source, {}, Options(dry_run=True))
    assert report.datasets[0].read == 3

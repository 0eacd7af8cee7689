"""Which format a client gets."""

import pytest
from starlette.requests import Request

from app.problems import BadRequest, NotAcceptable
from app.web.negotiation import choose_encoding, negotiate, refuse_unknown_parameters

OFFERS = {"json": "application/geo+json", "html": "text/html"}


def ask(query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": raw})


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("*/*", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/geo+json, application/json", "json"),
        ("application/json", "json"),
        ("text/html;q=0.5, application/json", "json"),
        ("text/*", "html"),
        ("text/html, */*", "html"),
        ("text/html;q=0, */*", "json"),
        ("TEXT/HTML", "html"),
    ],
)
def test_accept_decides_when_f_is_absent(accept: str, wanted: str) -> None:
    assert negotiate(ask(accept=accept), OFFERS, "json") == wanted


def test_without_accept_the_default_is_sent() -> None:
    assert negotiate(ask(), OFFERS, "html") == "html"


def test_f_wins_from_accept() -> None:
    assert negotiate(ask("f=json", accept="text/html"), OFFERS, "html") == "json"


@pytest.mark.parametrize("query", ["f=xml", "f=", "f=json&f=html"])
def test_an_unknown_f_is_a_bad_request(query: str) -> None:
    with pytest.raises(BadRequest, match="'f'"):
        negotiate(ask(query), OFFERS, "json")


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "*/*;q=0", "application/json;q=onzin"])
def test_nothing_acceptable_is_said_so(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        negotiate(ask(accept=accept), OFFERS, "json")


@pytest.mark.parametrize(
    ("header", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("*", "br"), ("identity", None), ("", None)],
)
def test_encoding(header: str, encoding: str | None) -> None:
    assert choose_encoding(ask(accept_encoding=header)) == encoding


def test_no_encoding_without_the_header() -> None:
    assert choose_encoding(ask()) is None


def test_every_unknown_parameter_is_named() -> None:
    with pytest.raises(BadRequest) as fault:
        refuse_unknown_parameters(ask("lang=nl&f=json&zoom=3"), ("f",))
    assert fault.value.errors == ("onbekende parameter: 'lang'", "onbekende parameter: 'zoom'")

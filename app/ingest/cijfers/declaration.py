"""How a table of figures is declared in a source: which column holds what, in which unit, for which gebied and year."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.ingest.cijfers.headings import Headings
from app.ingest.declared import Declared
from app.register.begrippen import DIMENSIONS

KEY = ("energiebeeld", "gebied", "indicator", *DIMENSIONS, "jaar", "beeld")
# What every figure is told by, besides its place, its year and its number.
CODES = ("indicator", *DIMENSIONS, "beeld", "soort", "herkomst", "kwaliteit", "methode", "eenheid")
NEEDED = ("indicator", "beeld", "soort", "herkomst", "kwaliteit", "eenheid")
# The columns of the generic Dutch levering; the optional ones may be left out of the file.
LEVERING = (
    "gebied",
    *CODES[:6],
    "jaar",
    "waarde",
    "eenheid",
    "ondergrens",
    "bovengrens",
    "soort",
    "herkomst",
    "kwaliteit",
    "methode",
    "reden_leeg",
)
LEVERING_NEEDED = ("gebied", "indicator", "jaar", "waarde")

# A beeld of one's own needs no place in the code list, but does need an explanation.
OWN_BEELD = "EIGEN_"
# The versie of the effective energiebeeld of a land, which publishing makes.
ACTUEEL = "actueel"

type Empty = Literal["ONTHULLING", "ONBEKEND", "NVT", "NUL", "GEEN_RIJ"]


class FromColumn(Declared):
    """A column that holds a code. Text is trimmed, so a CBS code padded with spaces needs nothing.

    `values` translates what stands there (E007161: ZON_PV); what it does not name is taken as it stands and then held against the code
    list. `prefix` is put before a bare number ("0518" becomes GM0518). `default` is the code of an empty cell.
    """

    column: str
    values: Mapping[str, str] = {}
    prefix: str = ""
    default: str = ""


type Code = str | FromColumn


class Measure(Declared):
    """One column with figures, and what those figures are; what it does not say is as the dataset says.

    `samen` names columns that are added into one figure (ten branches of industry): the only way in which several columns may make
    one figure. `ondergrens` and `bovengrens` are columns in the same unit.
    """

    column: str | None = None
    samen: tuple[str, ...] = ()
    indicator: Code
    drager: Code | None = None
    subsector: Code | None = None
    techniek: Code | None = None
    richting: Code | None = None
    beeld: Code | None = None
    soort: Code | None = None
    herkomst: Code | None = None
    kwaliteit: Code | None = None
    methode: Code | None = None
    eenheid: Code | None = None
    ondergrens: str | None = None
    bovengrens: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) != bool(self.samen):
            raise ValueError("een maat heeft óf column óf samen")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The column, or those that are added."""
        return self.samen if self.column is None else (self.column,)


class Figures(Declared):
    """A table of figures.

    `form` is `tabel` for a table with a column per measure (or one measure with its indicator in a column); `kruistabel` for a sheet in
    which rows above the figures (`header`) tell what each column holds, and in which columns are called by their letters, while year and
    beeld may come from the name of the file; and `levering` for the generic Dutch levering, whose columns are called as the parts of a
    figure: gebied;indicator;drager;subsector;techniek;richting;jaar;beeld;waarde;eenheid;ondergrens;bovengrens;soort;herkomst;kwaliteit;
    methode;reden_leeg, in any order. What is given here then holds where the column is left out or the cell is empty.

    `indeling` is the day whose division into gemeenten the codes are of: `jaar` means 1 January of the year of the figure (of the
    peildatum for later years). A year of which no division is loaded is left out and counted. `indeling_ouders` is the division by which
    the codes of what is larger than a gemeente are read, for years of which no gemeenten are loaded.

    `decimal` is the decimal sign. `thousands` is the sign between thousands, '' when there is none; when it is not given, a number that
    can be read in two ways ("1.234" with a decimal comma) is refused. `empty` says what a spelling of nothing means ('' is the empty
    cell): ONTHULLING, ONBEKEND and NVT make a figure without value for that reason, NUL makes zero, GEEN_RIJ no figure. A cell that is
    simply empty makes no figure.
    """

    energiebeeld: str
    form: Literal["tabel", "levering", "kruistabel"] = "tabel"
    header: Headings | None = None
    gebied: FromColumn | None = None
    jaar: int | FromColumn | None = None
    indeling: Literal["jaar"] | dt.date = "jaar"
    indeling_ouders: dt.date | None = None
    drager: Code = ""
    subsector: Code = ""
    techniek: Code = ""
    richting: Code = ""
    beeld: Code = "HUIDIG"
    soort: Code = ""
    herkomst: Code = ""
    kwaliteit: Code = ""
    methode: Code = ""
    eenheid: Code = ""
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " "] | None = None
    empty: Mapping[str, Empty] = {}
    measures: tuple[Measure, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.thousands == self.decimal:
            yield "decimal en thousands zijn niet hetzelfde teken"
        if (self.header is not None) != (self.form == "kruistabel"):
            yield "header hoort bij form: kruistabel"
        if self.form != "tabel":
            yield from self._faults_without_measures()
            return
        if self.gebied is None or self.jaar is None or not self.measures:
            yield "een tabel met cijfers heeft gebied, jaar en measures nodig"
        for number, measure in enumerate(self.measures, start=1):
            missing = [name for name in NEEDED if self._code(measure, name) == ""]
            if missing:
                yield f"bij maat {number} ontbreekt {', '.join(missing)}"

    def _faults_without_measures(self) -> Iterator[str]:
        if self.measures:
            yield f"bij form: {self.form} horen geen measures"
        if self.header is not None:
            if self.gebied is None:
                yield "een kruistabel heeft gebied nodig"
            unknown = {name for rule in self.header.rules for name in rule.codes} - set(CODES)
            if unknown:
                yield f"rules geven {', '.join(sorted(unknown))}; bekend zijn {', '.join(CODES)}"

    def _code(self, measure: Measure, name: str) -> Code:
        own: Code | None = getattr(measure, name)
        inherited: Code = getattr(self, name, "")
        return inherited if own is None else own

    def resolved(self, header: tuple[str, ...], headings: Mapping[str, Mapping[str, str]]) -> tuple["Resolved", ...]:
        """Return every measure with all it is, for a table with these columns and (of a cross table) these headings above them."""
        if self.form == "levering":
            return (self._of_levering(header),)
        if self.header is not None:
            return tuple(self._of_headings(self.header, headings))
        return tuple(
            Resolved(
                each.columns,
                {name: self._code(each, name) for name in CODES},
                self.gebied or FromColumn(column="gebied"),
                self.jaar or FromColumn(column="jaar"),
                (each.ondergrens, each.bovengrens),
            )
            for each in self.measures
        )

    def _of_levering(self, header: tuple[str, ...]) -> "Resolved":
        bounds = tuple(name if name in header else None for name in ("ondergrens", "bovengrens"))
        return Resolved(
            ("waarde",),
            {name: self._column_or_given(name, header) for name in CODES},
            self.gebied or FromColumn(column="gebied"),
            self.jaar or FromColumn(column="jaar"),
            (bounds[0], bounds[1]),
            "reden_leeg" if "reden_leeg" in header else None,
        )

    def _of_headings(self, header: Headings, headings: Mapping[str, Mapping[str, str]]) -> Iterator["Resolved"]:
        """Yield a measure for all columns that hold the same, in the order of the first; what is left out stays by itself."""
        groups: dict[tuple[object, ...], list[str]] = {}
        for column, texts in headings.items():
            codes, leave_out = header.codes_of(texts)
            groups.setdefault((leave_out, leave_out and column, *sorted(codes.items())), []).append(column)
        for columns in groups.values():
            codes, leave_out = header.codes_of(headings[columns[0]])
            given: dict[str, Code] = {name: codes.get(name, getattr(self, name, "")) for name in CODES}
            gebied, jaar = self.gebied or FromColumn(column="A"), self.jaar or 0
            yield Resolved(tuple(columns), given, gebied, jaar, leave_out=leave_out)

    def _column_or_given(self, name: str, header: tuple[str, ...]) -> Code:
        given: Code = getattr(self, name, "")
        if isinstance(given, FromColumn) or name not in header:
            return given
        return FromColumn(column=name, default=given)

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Every column that must be in the file."""
        if self.form == "levering":
            return LEVERING_NEEDED
        if self.form == "kruistabel":
            return tuple(each.column for each in (self.gebied, self.jaar) if isinstance(each, FromColumn))
        return tuple(dict.fromkeys(name for each in self.resolved((), {}) for name in each.named_columns))


@dataclass(frozen=True)
class Resolved:
    """A measure with nothing left unsaid: its columns, its codes, its gebied and year, its bounds and its reason for being empty.

    `leave_out` is the reason why none of its figures are taken.
    """

    columns: tuple[str, ...]
    codes: Mapping[str, Code]
    gebied: FromColumn
    jaar: int | FromColumn
    bounds: tuple[str | None, str | None] = (None, None)
    reden_leeg: str | None = None
    leave_out: str | None = None

    @property
    def named_columns(self) -> Iterator[str]:
        """The columns that this measure reads."""
        yield from self.columns
        yield from (each.column for each in (self.gebied, self.jaar, *self.codes.values()) if isinstance(each, FromColumn))
        yield from (name for name in self.bounds if name is not None)

    def origin(self, field: str) -> str | None:
        """Return the column that a code comes from; None when the source says it."""
        if field == "reden_leeg":
            return self.reden_leeg
        given = {"gebied": self.gebied, "jaar": self.jaar, **self.codes}[field]
        return given.column if isinstance(given, FromColumn) else None


class Beeld(Declared):
    """One picture of now or later: the present (HUIDIG), what has been decided (PLAN), or one possible future (TOEKOMST)."""

    code: str
    naam: str
    soort: Literal["HUIDIG", "PLAN", "TOEKOMST"]
    familie: str | None = None
    omschrijving: str | None = None
    rekening_gehouden_met: tuple[str, ...] = ()


class Energiebeeld(Declared):
    """The energiebeeld that figures belong to; every source that adds to it describes it in the same way.

    `status` is a code of the list energiebeeldstatus.
    """

    id: str
    gebied: str
    ronde: str
    versie: str
    status: str
    opsteller: str
    gedragen_door: tuple[str, ...] = ()
    datum_gedragen: dt.date | None = None
    gebaseerd_op: str | None = None
    toelichting: str | None = None
    peildatum: dt.date | None = None
    beelden: Annotated[tuple[Beeld, ...], Field(min_length=1)] = (Beeld(code="HUIDIG", naam="Huidig", soort="HUIDIG"),)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.id != f"{self.gebied}-{self.ronde}-{self.versie}":
            yield f"een energiebeeld heet {{gebied}}-{{ronde}}-{{versie}}: {self.gebied}-{self.ronde}-{self.versie}"
        if self.versie == ACTUEEL:
            yield f"de versie {ACTUEEL!r} maakt de service zelf"
        if self.status == "GEDRAGEN" and not (self.gedragen_door and self.datum_gedragen):
            yield "een gedragen energiebeeld noemt gedragen_door en datum_gedragen"
        if len({each.code for each in self.beelden}) < len(self.beelden):
            yield "beelden hebben elk een eigen code"
        if [each for each in self.beelden if each.code.startswith(OWN_BEELD) and not each.omschrijving]:
            yield "een eigen beeld heeft een omschrijving"

"""How a cross table tells what its columns hold: in rows above the figures, with rules that turn what stands there into codes."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from app.ingest.declared import Declared

type Texts = Mapping[str, str]


class HeadingRule(Declared):
    """What columns with these headings hold.

    `when` gives per heading what stands there, with * for anything; `codes` are those of the figures. `leave_out` is the reason why such
    columns are not taken, which the report repeats with what was in them.
    """

    when: Annotated[Mapping[str, str], Field(min_length=1)]
    codes: Mapping[str, str] = {}
    leave_out: str | None = None

    def fits(self, texts: Texts) -> bool:
        """Tell whether the rule is about a column with these headings."""
        return all(fnmatchcase(texts.get(name, ""), spelled) for name, spelled in self.when.items())


def _flat(rules: object) -> object:
    """Lists within the list of rules are taken apart, so that YAML can share them between sheets by an anchor."""
    if not isinstance(rules, list | tuple):
        return rules
    return [rule for each in rules for rule in (each if isinstance(each, list | tuple) else [each])]


class Headings(Declared):
    """The rows above a cross table.

    `rows` names the rows that tell what a column holds and gives their number; `first` is the first row with figures. Every rule that
    fits counts, a later one over an earlier one. Of each heading at least one rule must know what stands there, or the levering is
    refused. Columns that turn out to hold the same are added up.
    """

    rows: Annotated[Mapping[str, PositiveInt], Field(min_length=1)]
    first: PositiveInt
    rules: Annotated[tuple[HeadingRule, ...], BeforeValidator(_flat), Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if unknown := {name for rule in self.rules for name in rule.when} - set(self.rows):
            raise ValueError(f"rules noemen koppen die niet onder rows staan: {', '.join(sorted(unknown))}")
        if self.first <= max(self.rows.values()):
            raise ValueError("de cijfers beginnen onder de koppen")
        return self

    def codes_of(self, texts: Texts) -> tuple[Mapping[str, str], str | None]:
        """Return the codes of a column with these headings, and why it is left out, if it is."""
        codes: dict[str, str] = {}
        leave_out = None
        for rule in (rule for rule in self.rules if rule.fits(texts)):
            codes |= rule.codes
            leave_out = rule.leave_out or leave_out
        return codes, leave_out

    def unknown_in(self, texts: Texts) -> Iterator[str]:
        """Yield the headings of a column of which no rule knows what stands there."""
        for name in self.rows:
            if not any(name in rule.when and rule.fits(texts) for rule in self.rules):
                yield name

    def like(self, name: str, text: str) -> str:
        """Say in Dutch what could be meant by a heading that nobody knows."""
        known = list(dict.fromkeys(rule.when[name] for rule in self.rules if name in rule.when))
        meant = get_close_matches(text, known, n=1, cutoff=0.7)
        return f"Bedoeld is {meant[0]}?" if meant else f"Bekend zijn {', '.join(known[:12])}{' …' if len(known) > 12 else ''}."

"""One file in a source that is delivered more than once: each copy becomes a file of its own, whose name tells what its figures are."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.ingest.cijfers.declaration import Figures
from app.ingest.report import Findings, Place, Remark, fault
from app.ingest.source import Dataset, FromName, Source

# Between the name that a source gives a file and the number of a copy of it.
COPY = "/"


def copies(name: str, paths: Iterable[Path]) -> dict[str, Path]:
    """Return the copies of a file under names of their own, in the order of their file names."""
    return {f"{name}{COPY}{number}": path for number, path in enumerate(sorted(paths, key=lambda each: each.name), start=1)}


def declared_names(files: Iterable[str]) -> frozenset[str]:
    """Return the names that the source gives these files."""
    return frozenset(name.partition(COPY)[0] for name in files)


def spread(source: Source, files: Mapping[str, Path], findings: Findings) -> tuple[Source, Mapping[str, Path]]:
    """Return the source with a file and its datasets for each copy, and those copies whose names tell what is in them.

    The other copies are faults in the findings.
    """
    if not any(file.from_name for file in source.files.values()):
        return source, files
    declared, datasets, taken = dict[str, object](), list[Dataset](), dict[str, Path]()
    for name, path in files.items():
        file = source.files[name.partition(COPY)[0]]
        codes = _codes_of(path, file.from_name, findings) if file.from_name else {}
        if codes is not None:
            declared[name] = file.model_copy(update={"from_name": None, "pattern": path.name} if file.from_name else {})
            datasets += [_of_copy(each, name, codes) for each in source.datasets if each.file == name.partition(COPY)[0]]
            taken[name] = path
    return source.model_copy(update={"files": declared, "datasets": tuple(datasets)}), taken


def _codes_of(path: Path, declared: FromName, findings: Findings) -> Mapping[str, str] | None:
    """Return what the name of a file says, by field; None when it does not say that."""
    found = re.fullmatch(declared.pattern, path.name)
    if found is None:
        reason = "de naam van het bestand zegt niet wat erin staat"
        _tell(findings, path, fault("bestandsnaam-onbekend", reason, f"Noem het bestand als {declared.example}."))
        return None
    texts = found.groupdict(default="")
    unknown = [(field, text) for field, text in texts.items() if field in declared.values and text not in declared.values[field]]
    for field, text in unknown:
        reason = f"de naam van het bestand noemt bij {field} {text!r}; bekend zijn {', '.join(declared.values[field])}"
        _tell(findings, path, fault("bestandsnaam-onbekend", reason, f"Noem het bestand als {declared.example}."))
    return None if unknown else {field: declared.values.get(field, {}).get(text, text) for field, text in texts.items()}


def _of_copy(dataset: Dataset, name: str, codes: Mapping[str, str]) -> Dataset:
    if dataset.figures is None:
        return dataset.model_copy(update={"file": name})
    given: dict[str, object] = {**codes, **({"jaar": int(codes["jaar"])} if "jaar" in codes else {})}
    figures: Figures = dataset.figures.model_copy(update=given)
    return dataset.model_copy(update={"file": name, "figures": figures})


def _tell(findings: Findings, path: Path, remark: Remark) -> None:
    findings.add(Place(path.name), remark)

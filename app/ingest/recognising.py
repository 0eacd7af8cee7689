"""Tell which delivered file is which file of a source, by its name."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath

from app.ingest.source import Source
from app.ingest.spreading import copies, declared_names
from app.problems import ImportFault


def recognise(source: Source, paths: Sequence[Path]) -> Mapping[str, Path]:
    """Tell which of these paths is which file of the source, by its pattern; a source of one file takes a single path whatever its name.

    Of a file that may be delivered more than once every path that fits is a copy.
    """
    found: dict[str, Path] = {}
    for name, file in source.files.items():
        fitting = [path for path in paths if _fits(path, file.pattern)]
        if file.from_name is not None:
            found |= copies(name, fitting)
        elif fitting:
            found[name] = fitting[0]
    if not found and len(source.files) == len(paths) == 1:
        return {next(iter(source.files)): paths[0]}
    return found


def _fits(path: Path, pattern: str) -> bool:
    parts = PurePath(pattern).parts
    return len(parts) <= len(path.parts) and all(map(fnmatch, path.parts[-len(parts) :], parts))


def demand_files(source: Source, files: Mapping[str, Path]) -> None:
    """Raise ImportFault when files of the source are missing, naming each with the name it usually has."""
    named = declared_names(files)
    missing = [f"{name}: {file.pattern}" for name, file in source.files.items() if name not in named]
    if missing:
        raise ImportFault(f"Van bron {source.id!r} ontbreken bestanden. Geef ze met --file.", missing)


def recognise_given(source: Source, paths: Sequence[Path]) -> Mapping[str, Path]:
    """Tell the same of files that were meant for this source: then one with a wrong name is not passed by, but refused."""
    if len(source.files) == 1 and (name := next(iter(source.files))) and source.files[name].from_name is not None:
        return copies(name, paths)
    return recognise(source, paths)


def unclaimed(sources: Mapping[str, Source], folder: Path) -> list[Path]:
    """Return the files under `folder` that belong to no source, so that nobody thinks they were taken."""
    patterns = [file.pattern for source in sources.values() for file in source.files.values()]
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not any(_fits(path, pattern) for pattern in patterns)]

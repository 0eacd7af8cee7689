"""A whole selection as Parquet, in constant memory: every block of CSV that PostgreSQL writes becomes a row group."""

import io
from collections.abc import Mapping

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]

from app.beeld.columns import Column, Kind
from app.beeld.exporting import Copy, Parts, copied
from app.settings import Settings

# About 15 000 figures: large enough to compress well, small enough for the memory (20 MB in all, twice that for blocks twice as large).
ROW_GROUP = 6_000_000

TYPES = {Kind.TEXT: pa.string(), Kind.INTEGER: pa.int32(), Kind.NUMBER: pa.float64(), Kind.DATE: pa.date32(), Kind.LIST: pa.string()}


class _Sink(io.RawIOBase):
    """Where the Parquet writer writes; `drain` gives what came since the last time."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """Tell that it takes bytes."""
        return True

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._written

    def write(self, part: bytes) -> int:  # type: ignore[override]
        """Take bytes."""
        self._parts.append(bytes(part))
        self._written += len(part)
        return len(part)

    def drain(self) -> bytes:
        """Return what was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def parquet_parts(settings: Settings, copy: Copy, notes: Mapping[str, str]) -> Parts:
    """Yield a Parquet file of the figures (COPY without a header); the notes are metadata of its schema."""
    schema = pa.schema([(column.name, _type(column)) for column in copy.columns], metadata=dict(notes))
    sink = _Sink()
    with pa.parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for block in copied(settings, copy, ROW_GROUP):
            writer.write_table(_table(block, schema))
            yield sink.drain()
    yield sink.drain()
    pa.default_memory_pool().release_unused()


def _type(column: Column) -> pa.DataType:
    return pa.int64() if column.stored == "levering_id" else TYPES[column.kind]


def _table(block: bytes, schema: pa.Schema) -> pa.Table:
    # COPY writes an empty text as "" and nothing as nothing.
    return pa.csv.read_csv(
        pa.BufferReader(block),
        read_options=pa.csv.ReadOptions(use_threads=False, column_names=schema.names, block_size=len(block) + 1),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    ).cast(schema)

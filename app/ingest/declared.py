"""What every part of a source declaration is: frozen, and without fields that nobody knows."""

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """A piece of a YAML file, parsed once."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

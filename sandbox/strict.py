"""The base of request bodies: closed objects, and what is wrong with a body in words."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel


class Strict(BaseModel):
    """A closed object. Optional fields may be left out but not be null, except those in `nullable`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)
    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _refuse_null(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for name, content in value.items():
                if content is None and name not in cls.nullable:
                    raise ValueError("null is not a value")
        return value

    def wire(self) -> dict[str, Any]:
        """The object as it came, without what was left out."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def describe(error: ValidationError) -> str:
    """The first problem in words that name the field."""
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return f"Missing required field: {place}"
    if problem["type"] == "extra_forbidden":
        return f"Unknown field: {place}"
    if problem["type"] == "json_invalid":
        return "The body is not valid JSON"
    return f"Invalid value for {place or 'the body'}: {problem['msg']}"

"""What answers are made of, described so precisely in the API document that a client's types can be made of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from contracts.refusals import Refusal

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339 in UTC, with microseconds and Z."""

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
"""As in 2026-01-31."""

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact decimal, written as a JSON number."""

DEFECT = "defect"
"""The name of an answer that is our own mistake."""

RefusalName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [*(refusal.name.lower() for refusal in Refusal), DEFECT]})
]


class Answer(BaseModel):
    """Base of every answer's model: a field with a default is always there too, and the document says so."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True, use_attribute_docstrings=True)


class Complaint(Answer):
    """What is wrong with one field of a request; `field` is empty when it is the whole."""

    field: str
    problem: str


class ErrorBody(BaseModel):
    """Every refusal: `code` is status and serial, `name` the same from a closed list, `message` a sentence.

    The rest is there only where it applies: which `fields` are wrong, how long to wait, by what name to ask the
    operator about a mistake of ours, and what a service adds of its own.
    """

    model_config = ConfigDict(extra="allow")
    code: int
    name: RefusalName
    message: str
    fields: list[Complaint] | None = None
    retry_after_s: int | None = None
    request_id: str | None = None

"""Reading what a client sends: JSON without surprises, and fields that take nothing for something else."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.parsers import JSONParser

from inventory_site.core.errors import DomainError
from inventory_site.core.problems import InvalidRequest, Malformed


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: no NaN, no name twice, nothing that a database cannot store."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read() if stream is not None else b""
        return read_json(raw)


def read_json(raw: bytes) -> Any:
    """The value of a body; an empty body is an empty object. Raises Malformed."""
    if not raw.strip():
        return {}
    try:
        text = raw.decode()
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_name_twice)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        raise Malformed(f"The body is not JSON that can be read: {str(error)[:120]}.") from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


class StrictSerializer(serializers.Serializer[Any]):
    """Takes the fields that it names and no others."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: [f"There is no field {name} here."] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """An integer; neither text nor true."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """True or false; neither text nor a number."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Text(serializers.CharField):
    """Text; a number is none."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Code(Text):
    """The code of a warehouse, compared trimmed and in upper case."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class Moment(serializers.DateTimeField):
    """A time in RFC 3339, in which zone it is told."""

    default_error_messages: ClassVar = {"naive": "Say in which zone, such as 2026-11-23T08:00:00Z."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        try:
            return super().to_internal_value(value)
        except (OverflowError, ValueError):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")


MOST_LINES = 1000


def many(item: Callable[..., Any], most: int = MOST_LINES, **options: Any) -> Any:
    """A list of 1 to `most` items."""
    return item(many=True, allow_empty=False, max_length=most, **options)


@dataclass(frozen=True, slots=True)
class Unusable:
    """An item of a batch that cannot be read, in its place among the others."""

    reference: str
    error: DomainError


class _EachByItself(serializers.ListSerializer[Any]):
    """A list in which an item that is not valid stands as Unusable, and the others are read all the same."""

    def run_child_validation(self, data: Any) -> Any:
        try:
            return super().run_child_validation(data)
        except serializers.ValidationError as error:
            named = data.get("reference") if isinstance(data, Mapping) else None
            return Unusable(named if isinstance(named, str) else "", refusal(error))


def each_by_itself(item: Callable[[], Any], most: int) -> Any:
    """A batch of 1 to `most` items, of which each is refused by itself."""
    return _EachByItself(child=item(), allow_empty=False, max_length=most)


def with_answers(
    asked: Sequence[Any], answer: Callable[[list[Any]], Sequence[Any]]
) -> list[tuple[str, Any]]:
    """The reference of each item of a batch and what came of it: its own fault, or what was answered."""
    answers = iter(answer([one for one in asked if not isinstance(one, Unusable)]))
    return [
        (one.reference, one.error if isinstance(one, Unusable) else next(answers)) for one in asked
    ]


def refusal(error: serializers.ValidationError) -> InvalidRequest:
    """What a serializer found, each fault with the pointer of its place."""
    items = list(faults(error.detail, ""))
    places = ", ".join(dict.fromkeys(item["pointer"] or "/" for item in items[:5]))
    return InvalidRequest(f"The request is not valid at {places}.", items=items)


def words(most: int, **options: Any) -> Text:
    """Text that may be left out."""
    return Text(max_length=most, required=False, allow_blank=True, default="", **options)


def faults(errors: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Every message of a serializer's errors, with the pointer of the place it is about."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            if name == "non_field_errors":
                yield from faults(inner, pointer)
            else:
                step = str(name).replace("~", "~0").replace("/", "~1")
                yield from faults(inner, f"{pointer}/{step}")
    elif isinstance(errors, list) and any(isinstance(inner, Mapping) for inner in errors):
        for place, inner in enumerate(errors):
            if inner:
                yield from faults(inner, f"{pointer}/{place}")
    else:
        for message in errors:
            yield {"pointer": pointer, "message": str(message)}

"""What was published of the API, and whether it still holds: within v1 things are only added.

The published contract is the OpenAPI document without its words. A request may come to be taken in more ways,
never in fewer; an answer may come to tell more, never less, and never a field in another kind.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("contract_v1.json")
WORDS = ("description", "summary", "title", "example", "examples", "tags", "info", "servers")
# Where a number grows, fewer requests pass; and where one falls.
LEAST = ("minimum", "minLength", "minItems", "exclusiveMinimum")
MOST = ("maximum", "maxLength", "maxItems", "exclusiveMaximum")
EXACT = ("pattern", "format", "default")

Schema = Mapping[str, Any]


def without_words(value: Any, *, named: bool = False) -> Any:
    """The document without what only people read. `named`: the keys are names of fields, not the format's."""
    if isinstance(value, list):
        return [without_words(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_words(part, named=not named and key in ("properties", "headers", "schemas"))
        for key, part in value.items()
        if named or key not in WORDS
    }


def in_lines(document: Schema) -> str:
    """As JSON with a line for each path and each schema, so that a change is seen where it is."""
    paths = ",\n".join(_line(path, told) for path, told in sorted(document["paths"].items()))
    schemas = document["components"]["schemas"].items()
    parts = ",\n".join(_line(name, schema) for name, schema in sorted(schemas))
    rest = {key: part for key, part in document["components"].items() if key != "schemas"}
    others = "".join(f"{_line(key, part)}," for key, part in sorted(rest.items()))
    return (
        f'{{"openapi":{json.dumps(document["openapi"])},\n"paths":{{\n{paths}}},\n'
        f'"components":{{{others}\n"schemas":{{\n{parts}}}}}}}\n'
    )


def _line(name: str, value: Any) -> str:
    return f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'), sort_keys=True)}"


def broken(published: Schema, now: Schema) -> list[str]:
    """What a client of the published contract can no longer rely on."""
    return sorted(dict.fromkeys(_Comparison(published, now).operations()))


class _Comparison:
    def __init__(self, published: Schema, now: Schema) -> None:
        self.published, self.now = published, now

    def operations(self) -> Iterator[str]:
        for path, methods in self.published["paths"].items():
            for method, then in methods.items():
                name = f"{method.upper()} {path}"
                now = self.now["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{name} is gone"
                    continue
                for key in ("operationId", "security"):
                    if then.get(key) != now.get(key):
                        yield f"{name}: {key} has changed"
                yield from self._parameters(name, then, now)
                yield from self._body(name, then.get("requestBody"), now.get("requestBody"))
                yield from self._answers(name, then["responses"], now["responses"])

    def _parameters(self, name: str, then: Schema, now: Schema) -> Iterator[str]:
        known, there = (
            {(x["in"], x["name"]): x for x in told.get("parameters", [])} for told in (then, now)
        )
        for key, parameter in there.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{name}: {key[1]} is required now"
        for key, parameter in known.items():
            if key not in there:
                yield f"{name}: {key[1]} is gone"
            else:
                where = f"{name}: {key[1]}"
                yield from self._taken(where, parameter["schema"], there[key]["schema"])

    def _body(self, name: str, then: Schema | None, now: Schema | None) -> Iterator[str]:
        if now and now.get("required") and not (then or {}).get("required"):
            yield f"{name}: a body is required now"
        if then and not now:
            yield f"{name}: the body is gone"
        elif then and now:
            for media, content in then["content"].items():
                if media not in now["content"]:
                    yield f"{name}: {media} is gone"
                else:
                    new = now["content"][media]["schema"]
                    yield from self._taken(f"{name}: body", content["schema"], new)

    def _answers(self, name: str, then: Schema, now: Schema) -> Iterator[str]:
        for status, answer in then.items():
            where = f"{name}: {status}"
            if status not in now:
                yield f"{where} is gone"
                continue
            for header in answer.get("headers", {}):
                if header not in now[status].get("headers", {}):
                    yield f"{where} {header} is gone"
            for media, content in answer.get("content", {}).items():
                if media not in now[status].get("content", {}):
                    yield f"{where} {media} is gone"
                else:
                    new = now[status]["content"][media]["schema"]
                    yield from self._told(where, content["schema"], new)

    def _taken(self, where: str, then: Schema, now: Schema) -> Iterator[str]:
        """Whatever was taken is taken."""
        then, now = _resolved(self.published, then), _resolved(self.now, now)
        if lost := _kinds(then) - _kinds(now):
            yield f"{where} takes no {', '.join(sorted(lost))} any more"
        if "enum" in now and not set(map(str, then.get("enum", [where]))) <= set(
            map(str, now["enum"])
        ):
            yield f"{where} takes fewer values"
        for key in LEAST:
            if key in now and now[key] > then.get(key, float("-inf")):
                yield f"{where}: {key} has risen"
        for key in MOST:
            if key in now and now[key] < then.get(key, float("inf")):
                yield f"{where}: {key} has fallen"
        for key in EXACT:
            if key in now and now[key] != then.get(key):
                yield f"{where}: {key} has changed"
        for field in set(now.get("required", ())) - set(then.get("required", ())):
            yield f"{where}/{field} is required now"
        for field, schema in then.get("properties", {}).items():
            if field not in now.get("properties", {}):
                yield f"{where}/{field} is gone"
            else:
                yield from self._taken(f"{where}/{field}", schema, now["properties"][field])
        if "items" in then and "items" in now:
            yield from self._taken(f"{where}/*", then["items"], now["items"])

    def _told(self, where: str, then: Schema, now: Schema) -> Iterator[str]:
        """Whatever was told is told, in the same kind."""
        then, now = _resolved(self.published, then), _resolved(self.now, now)
        if new := _kinds(now) - _kinds(then):
            yield f"{where} may be {', '.join(sorted(new))} now"
        if not set(map(str, then.get("enum", ()))) <= set(
            map(str, now.get("enum", then.get("enum", ())))
        ):
            yield f"{where} has fewer values"
        for field in set(then.get("required", ())) - set(now.get("required", ())):
            yield f"{where}/{field} may be missing now"
        for field, schema in then.get("properties", {}).items():
            if field not in now.get("properties", {}):
                yield f"{where}/{field} is gone"
            else:
                yield from self._told(f"{where}/{field}", schema, now["properties"][field])
        if "items" in then and "items" in now:
            yield from self._told(f"{where}/*", then["items"], now["items"])


def _resolved(document: Schema, schema: Schema) -> Schema:
    """Without references; of a choice that only adds null, the other with null."""
    while "$ref" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        else:
            schema = {**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}}
    parts = [_resolved(document, part) for part in schema.get("oneOf", schema.get("anyOf", ()))]
    if not parts:
        return schema
    together: dict[str, Any] = {"type": sorted(set().union(*map(_kinds, parts)))}
    for part in parts:
        enum = together.get("enum", []) + part.get("enum", [])
        together |= {k: v for k, v in part.items() if k != "type"} | (
            {"enum": enum} if enum else {}
        )
    return together


def _kinds(schema: Schema) -> set[str]:
    """The types that a schema allows; an integer is a number, and no type is any."""
    kind = schema.get("type", [])
    found = set([kind] if isinstance(kind, str) else kind)
    if not found and "enum" in schema:
        names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
        found = {names[type(value)] for value in schema["enum"]}
    return found

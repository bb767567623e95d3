"""What OpenAPI says of every address alike: the key, the Idempotency-Key, and how a refusal looks."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from inventory_site.core import examples


class HeldElsewhere(serializers.Serializer[Any]):
    warehouse = serializers.CharField()
    on_hand = serializers.IntegerField()
    available = serializers.IntegerField()


class Fault(serializers.Serializer[Any]):
    """One place that is at fault, or one line that is short. Which fields it has beside `pointer` depends on
    the code; there may be others, which docs/errors.md tells of."""

    pointer = serializers.CharField(
        help_text="A JSON pointer (RFC 6901) into the body; empty: the whole, or no part of it."
    )
    code = serializers.CharField(required=False, help_text="Where it is not the problem's own.")
    message = serializers.CharField(required=False, help_text="What is wrong there, in words.")
    parameter = serializers.CharField(required=False, help_text="The parameter of the address.")
    sku = serializers.CharField(required=False, allow_null=True)
    warehouse = serializers.CharField(required=False, allow_null=True)
    bin = serializers.CharField(required=False, allow_null=True)
    requested = serializers.IntegerField(required=False, help_text="Units asked for.")
    available = serializers.IntegerField(required=False, help_text="Units there are.")
    held = HeldElsewhere(
        many=True, required=False, help_text="Where the SKU is, as far as the key may see."
    )
    next_inbound = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When more of it is expected; null: not known."
    )


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457). Every code is explained at /api/docs/errors."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = Fault(many=True)  # type: ignore[assignment]


ALWAYS = (401, 403, 405, 429, 500, 503)
READING = (400, *ALWAYS)
WRITING = (400, 409, 411, 413, 415, 422, *ALWAYS)

WORDS = {
    304: "The client has this version already.",
    400: "The request cannot be read.",
    401: "No valid API key.",
    403: "The key may not do this, or not in this warehouse.",
    404: "There is no such thing.",
    405: "Not with this method; see Allow.",
    409: "It collides with the present state; nothing was changed.",
    411: "The body has no length that can be known.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The request can never work as it is.",
    429: "Too many requests; see Retry-After.",
    500: "A defect of ours; nothing was changed.",
    503: "Busy or away for a moment; send it again after Retry-After.",
}

IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    type={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 255 printable characters; the same key with the same body is answered again.",
)
IF_NONE_MATCH = OpenApiParameter(
    name="If-None-Match",
    type=OpenApiTypes.STR,
    location=OpenApiParameter.HEADER,
    description="The ETag of the answer you have.",
)


def header(
    name: str, statuses: Sequence[int], words: str, *, type: Any = OpenApiTypes.STR
) -> OpenApiParameter:
    """A header of the answers with these statuses."""
    return OpenApiParameter(
        name=name,
        type=type,
        location=OpenApiParameter.HEADER,
        response=list(statuses),
        description=words,
    )


SECONDS = {"type": "integer", "minimum": 1}


def _headers(answered: Sequence[int]) -> list[OpenApiParameter]:
    """What answers tell beside their bodies, whatever was asked."""
    counted = [*answered, 429]
    return [
        header("WWW-Authenticate", [401], "How to send a key: `Api-Key`."),
        header("Allow", [405], "The methods that this address takes."),
        header("Retry-After", [429, 503], "Seconds until it is worth another try.", type=SECONDS),
        header(
            "RateLimit",
            counted,
            "What is left to the key and for how long, where there is a limit.",
        ),
        header("RateLimit-Policy", counted, "How many requests in how many seconds."),
    ]


def limit_parameter(*, most: int, default: int) -> OpenApiParameter:
    """The parameter `limit` of an address that shows at most so many rows at once."""
    return OpenApiParameter(
        name="limit",
        type={"type": "integer", "minimum": 1, "maximum": most, "default": default},
        description="Rows of a page.",
    )


LIMIT = limit_parameter(most=200, default=50)


def path_parameter(name: str, *, example: str, words: str) -> OpenApiParameter:
    """A part of the address itself."""
    return OpenApiParameter(
        name=name,
        type={"type": "string", "minLength": 1},
        location=OpenApiParameter.PATH,
        description=words,
        examples=[OpenApiExample("Example", value=example)],
    )


CURSOR = OpenApiParameter(
    name="cursor", type=OpenApiTypes.STR, description="`next` of the page before."
)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a key is sent."""

    target_class = "inventory_site.core.auth.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Api-Key followed by a space and the key.",
        }


class StrictBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A body takes the fields it names and no others, and only so many lines."""

    target_class = "inventory_site.core.reading.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        told: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        told["additionalProperties"] = False
        for name, field in self.target.fields.items():
            if isinstance(field, serializers.ListSerializer):
                most = field.max_length  # type: ignore[attr-defined]
                told["properties"][name] |= {"minItems": 1, "maxItems": most}
        return told


class OpenFault(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A fault may have fields of its code's own."""

    target_class = "inventory_site.core.documenting.Fault"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        told: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        return told | {"additionalProperties": True}


class ApiSchema(AutoSchema):
    """What holds of every operation: it has a name of its own, and it wants a key."""

    def get_operation_id(self) -> str:
        """`post_reservation_batch` for ReservationBatch.post: the name that generated clients use."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.view).__name__).lower()
        return f"{self.method.lower()}_{words}"

    def _get_examples(
        self,
        serializer: Any,
        direction: Any,
        media_type: Any,
        status_code: Any = None,
        extras: Any = None,
    ) -> Any:
        """With the answer that was recorded of this operation, or of any that is refused so."""
        shown = []
        if direction == "response":
            value = examples.answer_of(operation=self.get_operation_id(), status=str(status_code))
            if value is not None and str(media_type).endswith("json"):
                shown = [OpenApiExample("Example", value=value, response_only=True)]
        given = [*(extras or ()), *shown]
        return super()._get_examples(  # type: ignore[no-untyped-call]
            serializer, direction, media_type, status_code, given
        )

    def get_auth(self) -> list[dict[str, Any]]:
        return [requirement for requirement in super().get_auth() if requirement]


def share_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The examples of what is refused alike everywhere stand in the document once."""
    shared = {f"Refused{status}": value for status, value in examples.refusals().items()}
    for methods in result["paths"].values():
        for told in methods.values():
            for status, answer in told["responses"].items():
                for content in answer.get("content", {}).values():
                    shown = content.get("examples", {}).get("Example", {}).get("value")
                    if shown is not None and shown == shared.get(f"Refused{status}"):
                        place = f"#/components/examples/Refused{status}"
                        content["examples"]["Example"] = {"$ref": place}
    result["components"]["examples"] = {name: {"value": x} for name, x in shared.items()}
    return result


def _problems(statuses: Sequence[int]) -> dict[Any, Any]:
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, description=WORDS[status])
        for status in statuses
    }


def reads(
    answer: Any,
    *,
    summary: str,
    parameters: Sequence[OpenApiParameter] = (),
    also: Sequence[int] = (),
    media: str = "application/json",
) -> Callable[[Any], Any]:
    """Document a GET."""
    refused = [status for status in (*READING, *also) if status != 304]
    told = {(200, media): answer, **_problems(refused)}
    headers = _headers([200, 304])
    if 304 in also:
        told[304] = OpenApiResponse(description=WORDS[304])
        headers.append(header("ETag", [200, 304], "The version of the answer, for If-None-Match."))
    return extend_schema(summary=summary, parameters=[*parameters, *headers], responses=told)


def writes(
    body: Any,
    answers: dict[int, Any],
    *,
    summary: str,
    example: dict[str, Any] | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    also: Sequence[int] = (),
    located: bool = False,
) -> Callable[[Any], Any]:
    """Document a POST that changes stock. `located`: the answer says where the thing it made is."""
    sent = [] if example is None else [OpenApiExample("Example", value=example, request_only=True)]
    refused = [*WRITING, *also]
    headers = _headers(list(answers))
    headers.append(
        header("Idempotent-Replay", list(answers), "`true`: the answer to an earlier request.")
    )
    if located:
        headers.append(header("Location", list(answers), "The address of what was made."))
    return extend_schema(
        summary=summary,
        request=body,
        parameters=[IDEMPOTENCY_KEY, *parameters, *headers],
        examples=sent,
        responses={**answers, **_problems(refused)},
    )

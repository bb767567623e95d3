"""What the API answers of counts."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from orders.models import CountReason, CountStatus
from warehouse.queries import moment


def count_task(row: Sequence[Any]) -> dict[str, Any]:
    """A row of `tasks_page`. What the books say is not told: whoever counts may ask too."""
    _, reference, warehouse, bin_, sku, reason, status, claimed_by, due, created, closed = row
    return {
        "reference": reference,
        "warehouse": warehouse,
        "bin": bin_,
        "sku": sku,
        "reason": reason,
        "status": status,
        "claimed_by": claimed_by,
        "due_at": moment(due),
        "created_at": moment(created),
        "closed_at": None if closed is None else moment(closed),
    }


class CountTaskShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    warehouse = serializers.CharField()
    bin = serializers.CharField()
    sku = serializers.CharField(allow_null=True, help_text="null: all that is in the bin.")
    reason = serializers.ChoiceField(choices=CountReason.values)
    status = serializers.ChoiceField(choices=CountStatus.values)
    claimed_by = serializers.CharField(allow_null=True)
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class CountTaskPageShape(serializers.Serializer[Any]):
    count_tasks = CountTaskShape(many=True)
    next = serializers.CharField(allow_null=True)


class OpenedShape(serializers.Serializer[Any]):
    references = serializers.ListField(
        child=serializers.CharField(), help_text="Of the tasks, new or open already."
    )

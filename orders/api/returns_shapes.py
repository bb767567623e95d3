"""What the API answers about returns, for OpenAPI."""

from typing import Any

from rest_framework import serializers

from orders.models import ReturnStatus


class ReturnOrderLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    expected = serializers.IntegerField(help_text="0: nobody announced it.")
    received = serializers.IntegerField()
    restocked = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    scrapped = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Announced, and not come.")


class ReturnOrderShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    order = serializers.CharField(allow_null=True)
    warehouse = serializers.CharField()
    status = serializers.ChoiceField(choices=ReturnStatus.values)
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    graded_at = serializers.DateTimeField(allow_null=True)
    lines = ReturnOrderLineShape(many=True)


class ReturnOrderPageShape(serializers.Serializer[Any]):
    return_orders = ReturnOrderShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")

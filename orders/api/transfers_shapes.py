"""What the API answers about transfer orders, for OpenAPI."""

from typing import Any

from rest_framework import serializers

from orders.models import TransferStatus


class TransferOrderLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    dispatched = serializers.IntegerField()
    received = serializers.IntegerField()
    damaged = serializers.IntegerField(help_text="Of those received.")
    lost = serializers.IntegerField()
    left = serializers.IntegerField(help_text="On the road.")


class TransferOrderShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # as in the body
    destination = serializers.CharField()
    status = serializers.ChoiceField(choices=TransferStatus.values)
    notes = serializers.CharField()
    created_at = serializers.DateTimeField()
    dispatched_at = serializers.DateTimeField(allow_null=True)
    expected_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    lines = TransferOrderLineShape(many=True)


class TransferOrderPageShape(serializers.Serializer[Any]):
    transfer_orders = TransferOrderShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")

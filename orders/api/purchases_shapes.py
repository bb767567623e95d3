"""What the API answers about purchase orders, for OpenAPI."""

from typing import Any

from rest_framework import serializers

from orders.models import PurchaseStatus


class PurchaseLineShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    received = serializers.IntegerField(help_text="May exceed what was ordered.")
    damaged = serializers.IntegerField(help_text="Of those received.")
    left = serializers.IntegerField(help_text="Still to come.")
    unit_cost = serializers.CharField(allow_null=True, help_text="A decimal number as text.")


class PurchaseOrderShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    supplier = serializers.CharField()
    warehouse = serializers.CharField()
    status = serializers.ChoiceField(choices=PurchaseStatus.values)
    expected_at = serializers.DateTimeField(allow_null=True)
    notes = serializers.CharField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    lines = PurchaseLineShape(many=True)


class PurchaseOrderPageShape(serializers.Serializer[Any]):
    purchase_orders = PurchaseOrderShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")


class DraftsShape(serializers.Serializer[Any]):
    purchase_orders = PurchaseOrderShape(many=True)
    without_supplier = serializers.ListField(
        child=serializers.CharField(), help_text="SKUs that should be bought of nobody knows whom."
    )


class NoticeShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    kind = serializers.ChoiceField(choices=["over", "under", "damaged"])
    ordered = serializers.IntegerField()
    received = serializers.IntegerField()
    damaged = serializers.IntegerField()


class PurchaseReceiptShape(serializers.Serializer[Any]):
    order = PurchaseOrderShape()
    notices = NoticeShape(many=True)

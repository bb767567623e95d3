"""The addresses of documents under /api/v1/, topic by topic."""

from orders.api import counts, purchases, returns, sales, shipments, transfers

urlpatterns = [
    *sales.ADDRESSES,
    *shipments.ADDRESSES,
    *purchases.ADDRESSES,
    *returns.ADDRESSES,
    *transfers.ADDRESSES,
    *counts.ADDRESSES,
]

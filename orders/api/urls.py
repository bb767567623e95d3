"""The addresses of documents under /api/v1/, topic by topic."""

from orders.api import sales, shipments

urlpatterns = [*sales.ADDRESSES, *shipments.ADDRESSES]

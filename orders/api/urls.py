"""The addresses of documents under /api/v1/, topic by topic."""

from orders.api import counts

urlpatterns = [*counts.ADDRESSES]

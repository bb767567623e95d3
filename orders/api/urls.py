"""The addresses of documents under /api/v1/, topic by topic."""

from orders.api import purchases, returns, transfers

urlpatterns = [*purchases.ADDRESSES, *returns.ADDRESSES, *transfers.ADDRESSES]

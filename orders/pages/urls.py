"""Addresses of the floor, under /floor/. Each topic's module has its own in ADDRESSES."""

from orders.pages import finishing, home, picking, signing_in

app_name = "floor"

TOPICS = (
    signing_in,
    home,
    picking,
    finishing,
)

urlpatterns = [address for topic in TOPICS for address in topic.ADDRESSES]

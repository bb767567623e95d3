"""Addresses of the floor, under /floor/. Each topic's module has its own in ADDRESSES."""

from orders.pages import home, signing_in

app_name = "floor"

TOPICS = (
    signing_in,
    home,
)

urlpatterns = [address for topic in TOPICS for address in topic.ADDRESSES]

"""Addresses of the floor, under /floor/. Each topic's module has its own in ADDRESSES."""

from orders.pages import (
    counting,
    delivery_labels,
    finishing,
    home,
    looking,
    moving,
    parcels,
    pick_list,
    picking,
    planning,
    putting_away,
    receiving,
    returning,
    signing_in,
)

app_name = "floor"

TOPICS = (
    signing_in,
    home,
    pick_list,
    picking,
    planning,
    finishing,
    parcels,
    receiving,
    delivery_labels,
    putting_away,
    returning,
    counting,
    moving,
    looking,
)

urlpatterns = [address for topic in TOPICS for address in topic.ADDRESSES]

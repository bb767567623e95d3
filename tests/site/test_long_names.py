"""Whoever may sign in may work: a name of full length fits wherever it is written down."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from inventory_site.core.actors import Actor
from inventory_site.core.db import in_unit_of_work
from notifications.models import OutboxEvent
from tests.factories import stock
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import Reservation, StockMovement
from warehouse.services.movements import receive
from warehouse.services.reservations import reserve

LONGEST = get_user_model()._meta.get_field("username").max_length
OURS = ("core", "notifications", "orders", "warehouse")


def test_every_column_for_who_it_was_has_room():
    narrow = [
        str(field)
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField)
        and (field.name == "actor" or field.name.endswith("_by"))
        and field.max_length < LONGEST
    ]
    assert narrow == []


@pytest.mark.django_db
def test_what_somebody_with_the_longest_name_does_is_written_down():
    stock({("A", "MAIN"): 5})
    who = Actor("n" * LONGEST)
    more, order = PlacedLine("A", "MAIN", 1), ReserveLine("A", 2)
    in_unit_of_work(lambda: receive(reference="R", lines=[more], actor=who))
    in_unit_of_work(lambda: reserve(reference="O", lines=[order], actor=who))
    assert StockMovement.objects.get(reference="R").actor == who.name
    assert Reservation.objects.get().actor == who.name
    assert OutboxEvent.objects.filter(actor=who.name).count() == 2

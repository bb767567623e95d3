"""Every number of the dashboard is that of the page which it opens, and of the API where that tells it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory_site.core import auth
from inventory_site.core.models import ApiKey
from inventory_site.core.roles import MANAGER, READ_ONLY, RECEIVER
from notifications.models import OutboxEvent, SetAside
from orders.models import PickLine, PickScan, SalesOrder
from orders.services.returning import ReturnedLine, expect_return, receive_return
from tests.factories import BinFactory, ProductFactory, do, stock, warehouse
from tests.orders.counted import hand_in, opened
from tests.orders.making import order, pick_list
from tests.orders.shipped import shipped_order
from tests.site.staff import at, person
from warehouse.errors import InsufficientStock
from warehouse.flow import value_by_class
from warehouse.lines import PlacedLine, ReserveLine
from warehouse.models import BinStock, LostDemand, Product
from warehouse.services.movements import receive
from warehouse.services.proof import Drift, verify_ledger
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch
from warehouse.services.reservations import reserve
from warehouse.services.watching import tell_of_drifts

pytestmark = pytest.mark.django_db

CHANGE_LISTS = {
    "Orders to pick", "To pick and due today", "Orders that wait for stock", "Out of stock",
    "Under reorder point", "Returns waiting",
}  # fmt: skip
# Which of its report's figures a card shows.
REPORTS = {
    "Oversells prevented": "units not oversold", "Dead stock": "value at unit cost",
    "Lines picked an hour, today": "lines an hour", "Counts that agreed": "right at the first count",
}  # fmt: skip


def documents(code, few):
    """Something behind every card, and not as much of it in the one warehouse as in the other."""
    stock({(f"{code}-{n}", code): 9 for n in range(6)})
    for n in range(few):
        order(f"O-{code}-{n}", warehouse=code, **{f"{code}-{n}": 2})
        order(f"W-{code}-{n}", warehouse=code, **{f"{code}-5": 20})
        with pytest.raises(InsufficientStock):
            do(
                reserve,
                reference=f"BIG-{code}-{n}",
                warehouse=code,
                lines=[ReserveLine(f"{code}-4", 15)],
            )
    shipped_order(f"S-{code}", {f"{code}-3": 4}, code=code)
    returned = [ReturnedLine(f"{code}-3", 2)]
    do(expect_return, reference=f"R-{code}", order=f"S-{code}", warehouse=code, lines=returned)
    do(receive_return, reference=f"R-{code}")
    settings = [ReorderSetting(f"{code}-{n}", code, 7, 5) for n in range(few)]
    do(set_reorder_batch, settings=settings)


def floor(code, few, picker):
    """Lines picked at noon, a minute from each other, and a count that found one unit less."""
    noon = timezone.now().replace(hour=12, minute=0, second=0)
    for n in range(few):
        pick_list(f"PICK-{code}-{n}", code, **{f"O_{code}_{n}": {f"{code}-{n}": 2}})
    for n, line in enumerate(PickLine.objects.filter(pick_list__warehouse__code=code)):
        for scan in (0, 1):
            at_ = noon + timedelta(minutes=2 * n + scan)
            PickScan.objects.create(pick_line=line, user=picker, quantity=1, picked_at=at_)
    lying = BinStock.objects.filter(bin__code="A-01-01", bin__warehouse__code=code)
    found = dict(lying.values_list("item__product__sku", "quantity"))
    hand_in(opened(code=code), f"counter-{code}", **(found | {f"{code}-1": found[f"{code}-1"] - 1}))
    BinFactory(warehouse=warehouse(code), code="A-01-02")
    reference = opened("A-01-02", code=code)
    hand_in(reference, f"counter-{code}")


@pytest.fixture
def house(db):
    cache.clear()
    picker = get_user_model().objects.create_user("anna")
    for code, few in (("MAIN", 3), ("EAST", 1)):
        documents(code, few)
        floor(code, few, picker)
        ProductFactory(sku=f"OLD-{code}")
        lain = [PlacedLine(f"OLD-{code}", code, 7 * few, "A-01-01")]
        do(receive, reference="LONG-AGO", lines=lain, now=timezone.now() - timedelta(days=120))
    due = SalesOrder.objects.filter(reference__in=["O-MAIN-0", "O-EAST-0"])
    due.update(ship_by=timezone.now() - timedelta(hours=1))
    Product.objects.update(unit_cost=Decimal("2.35"))
    SetAside.objects.create(reader="watch", event=OutboxEvent.objects.latest("pk"), error="fell")
    drifts = [Drift("levels", f"MAIN-{n}", 1, 2) for n in range(2)]
    do(tell_of_drifts, drifts=drifts, took_ms=1500)


def cards(browser):
    return {card.title: card for card in browser.get("/admin/").context["cards"]}


def behind(browser, card):
    """The number that the page behind a card shows."""
    page = browser.get(card.link).context
    if card.title in CHANGE_LISTS:
        return f"{page['cl'].result_count:,}"
    if card.link.startswith("/admin/reports/"):
        return dict(page["figures"])[REPORTS[card.title]]
    if card.title == "Failed deliveries":
        told = {one.title: int(one.figure) for one in page["cards"]}
        return str(told["Events set aside"] + told["Deliveries failed"])
    assert card.title == "Proof of the books"
    if "vitals" in page:
        return {one.title: one for one in page["vitals"].cards}[card.title].figure
    (alert,) = page["cl"].result_list
    return str(alert.details["rows"])


@pytest.mark.parametrize(
    ("role", "within", "number"),
    [(MANAGER, (), 12), (MANAGER, ("EAST",), 10), (READ_ONLY, (), 12), (RECEIVER, (), 3),
     (RECEIVER, ("EAST",), 3)],
)  # fmt: skip
def test_every_card_is_what_its_page_says(house, role, within, number):
    browser = at(person("kim", role, within=within))
    told = cards(browser)
    assert len(told) == number
    for title, card in told.items():
        assert card.figure == behind(browser, card), title
        assert card.figure not in ("0", "-", "0.00"), f"{title}: something lies behind it"


def test_the_figures_are_those_of_what_happened(house):
    told = {title: card.figure for title, card in cards(at(person("kim", MANAGER))).items()}
    assert told["To pick and due today"] == "2"
    assert told["Oversells prevented"] == str(4 * 6)
    assert told["Dead stock"] == "65.80"
    assert told["Counts that agreed"] == "0.0\N{NO-BREAK SPACE}%"
    assert told["Proof of the books"] == "2"


def test_refusals_are_those_of_the_list_for_who_reads_no_reports(house):
    LostDemand.objects.filter(reference="BIG-MAIN-0").update(
        occurred_at=timezone.now() - timedelta(days=31)
    )
    clerk = person("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_lostdemand"))
    browser = at(clerk)
    (card,) = cards(browser).values()
    assert card.figure == "3"
    assert browser.get(card.link).context["cl"].result_count == 3


def levels(client, skus):
    """On hand and available of these, as the API tells them."""
    auth.forget_known()
    _, secret = ApiKey.objects.create_key(name="shop", scopes=list(auth.SCOPES), warehouses=[])
    asked = "&".join(f"sku={sku}" for sku in skus)
    answer = client.get(f"/api/v1/stock?{asked}", headers={"Authorization": f"Api-Key {secret}"})
    return {one["sku"]: (one["on_hand"], one["available"]) for one in answer.json()["stock"]}


def test_levels_are_those_of_the_api_and_the_books_are_right(house, valkey, client):
    assert verify_ledger() == []
    page = at(person("kim", MANAGER)).get("/admin/").context
    told = levels(client, Product.objects.values_list("sku", flat=True))
    assert page["movers"]
    for one in page["movers"]:
        assert one.available == told[one.sku][1], one.sku
    on_hand = sum(on_hand for on_hand, _ in told.values())
    worth = sum(one.value for one in value_by_class())
    assert worth == on_hand * Decimal("2.35")
    assert f"{worth:,.0f}" in page["value_chart"].words
    out = [sku for sku, (_, available) in told.items() if available <= 0]  # one item of each SKU
    assert cards(at(person("ann", MANAGER)))["Out of stock"].figure == str(len(out))


def test_it_costs_as_many_statements_for_many_as_for_few(house):
    browser = at(person("kim", MANAGER))
    browser.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/admin/")
    stock({(f"MORE-{n}", "MAIN"): 1 for n in range(20)})
    order("MORE", **{f"MORE-{n}": 1 for n in range(20)})
    with CaptureQueriesContext(connection) as many:
        browser.get("/admin/")
    assert len(few) == len(many) <= 30

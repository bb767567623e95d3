"""Advice, suggestions, classes and dead stock in the back office, and who may do what there."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from inventory_site.core.models import StaffAccess
from tests.confirming import confirmed
from tests.factories import ProductFactory, do
from tests.warehouse.histories import NOW, settings, sold, supplied
from tests.warehouse.statements import sent_by
from warehouse.models import ItemClass, Product, ReorderAdvice
from warehouse.services.advising import advise
from warehouse.services.classifying import classify
from warehouse.services.replenishment import ReorderSetting, set_reorder_batch

pytestmark = pytest.mark.django_db

ADVICE = "/admin/warehouse/reorderadvice/"
ITEMS = "/admin/warehouse/inventoryitem/"
DEAD = f"{ITEMS}dead-stock/"
EVEN = [10, 12, 9, 11, 10, 8, 12, 10, 11, 9]


def person(client, role="operations manager", within=()):
    one = get_user_model().objects.create_user(f"{role} of {within}", is_staff=True)
    one.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    one.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=one, warehouses=list(within))
    client.force_login(one)
    return one


@pytest.fixture
def advised(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    supplied("A", "B", days=9)
    sold("A", EVEN)
    sold("A", EVEN, code="EAST")
    sold("B", EVEN)
    do(advise, now=NOW)


def act(client, action, *rows, **more):
    chosen = [row.pk for row in rows]
    told = {"action": action, "_selected_action": chosen, **more}
    return confirmed(client, ADVICE, told, follow=True).content.decode()


def of(sku, code="MAIN"):
    return ReorderAdvice.objects.get(item__product__sku=sku, item__warehouse__code=code)


def test_the_list_says_what_would_change_and_why(client, advised):
    person(client)
    page = client.get(ADVICE).content.decode().replace("\xa0", " ")
    row = of("A")
    assert f"0 → {row.point}" in page
    assert f"0 → {row.quantity}" in page
    assert "asks for 10 a week (smooth), lead time 9 days as stated, 98% for class A" in page
    for given, seen in (
        ({"warehouse": "MAIN"}, 2),
        ({"abc__exact": "A"}, 3),
        ({"pattern__exact": "lumpy"}, 0),
        ({"change": "doubled"}, 3),
        ({"change": "raised"}, 3),
        ({"change": "lowered"}, 0),
        ({"change": "halved"}, 0),
        ({"state": "accepted"}, 0),
        ({"state": "all"}, 3),
        ({"q": "B"}, 1),
    ):
        assert client.get(ADVICE, given).context["cl"].result_count == seen, given
    assert client.get(f"{ADVICE}{row.pk}/change/").status_code == 200


def test_a_manager_accepts_many_and_declines(client, advised):
    boss = person(client)
    assert "2 items set as advised." in act(client, "accept_chosen", of("A"), of("A", "EAST"))
    row = of("A")
    assert settings("A") == (row.point, row.quantity)
    assert (row.decision, row.decided_by) == ("accepted", boss.username)
    assert "1 item declined." in act(client, "decline_chosen", of("B"))
    assert (settings("B"), of("B").decision) == ((0, 0), "declined")
    assert client.get(ADVICE).context["cl"].result_count == 0


def test_what_is_out_of_date_is_told_and_nothing_is_set(client, advised):
    person(client)
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 5, 5)])
    page = act(client, "accept_chosen", of("A"), of("B"))
    assert "Nothing was changed: A in MAIN has been set to 5 / 5 since." in page
    assert (settings("A"), settings("B")) == ((5, 5), (0, 0))
    act(client, "decline_chosen", of("B"))
    assert "None of these rows is here any more." in act(client, "accept_chosen", of("B"))


def test_all_of_a_filtered_list_are_accepted_across_its_pages(client, advised):
    person(client)
    assert "3 items set as advised." in act(client, "accept_chosen", of("A"), select_across="1")


def test_limited_staff_see_and_accept_what_is_theirs_alone(client, advised):
    person(client, within=["EAST"])
    assert [x.pk for x in client.get(ADVICE).context["cl"].result_list] == [of("A", "EAST").pk]
    assert client.get(f"{ADVICE}{of('A').pk}/change/").status_code == 302
    page = act(client, "accept_chosen", of("A"), of("A", "EAST"))
    assert "concerns a warehouse that is not allowed" in page
    assert (settings("A"), settings("A", "EAST")) == ((0, 0), (0, 0))
    assert "1 item set as advised." in act(
        client, "accept_chosen", of("A", "EAST"), select_across="1"
    )
    assert settings("A") == (0, 0)


@pytest.mark.parametrize("role", ["read-only", "receiver", "picker"])
def test_whoever_is_no_manager_looks_and_decides_nothing(client, advised, role):
    person(client, role)
    page = client.get(ADVICE).content.decode()
    assert "asks for 10 a week" in page
    assert "accept_chosen" not in page
    for action in ("accept_chosen", "decline_chosen"):
        act(client, action, of("A"))
    assert (settings("A"), of("A").decision) == ((0, 0), "")


def test_suggestions_say_supplier_pack_and_what_it_takes_by_now(client, advised):
    person(client)
    Product.objects.filter(sku="A").update(pack_size=24)
    do(set_reorder_batch, settings=[ReorderSetting("A", "MAIN", 5000, 7)])
    page = client.get("/admin/warehouse/reordersuggestion/").content.decode()
    assert "ACME" in page
    assert "4008" in page  # 5000 - 1000 + 1, in packs of 24


def test_items_show_and_filter_by_their_classes(client, advised):
    person(client)
    assert client.get(ITEMS).status_code == 200  # before the first night
    do(classify, now=NOW)
    assert ">AX<" in client.get(ITEMS).content.decode()
    found = client.get(ITEMS, {"abc": "C"}).context["cl"].result_count
    assert found == ItemClass.objects.filter(abc="C").count()


def test_dead_stock_is_a_report_of_one_s_own_warehouses(client, advised):
    person(client, "read-only")
    sold("OLD", [1] + [0] * 20, left=7)
    Product.objects.filter(sku="OLD").update(name="<b>Zyx")
    sold("EAST-OLD", [0] * 30, left=3, code="EAST")
    page = client.get(DEAD, follow=True).content.decode()
    assert "&lt;b&gt;Zyx" in page
    assert "<b>Zyx" not in page
    assert "EAST-OLD" in page
    page = client.get(DEAD, {"days": "180", "warehouse": "MAIN"}, follow=True).content.decode()
    assert ("Zyx" in page, "EAST-OLD" in page) == (False, False)
    for nonsense in ({"days": "x"}, {"days": "7"}, {"warehouse": "NOWHERE"}):
        assert client.get(DEAD, nonsense, follow=True).status_code == 400  # said, not passed over
    person(client, "read-only", within=["EAST"])
    page = client.get(DEAD, follow=True).content.decode()
    assert ("EAST-OLD" in page, "MAIN" in page) == (True, False)
    foreign = client.get(DEAD, {"warehouse": "MAIN"}, follow=True)
    assert (foreign.status_code, "EAST-OLD" in foreign.content.decode()) == (400, False)


def test_the_old_address_of_dead_stock_asks_the_report_the_same(client, advised):
    person(client)
    for asked, there in (
        ({}, ""), ({"days": "180"}, "?idle=180"),
        ({"days": "90", "warehouse": "MAIN"}, "?idle=90&warehouse=MAIN"),
    ):  # fmt: skip
        assert client.get(DEAD, asked)["Location"] == f"/admin/reports/dead-stock/{there}"
    person(client, "receiver")
    assert client.get(DEAD).status_code == 403
    assert "dead-stock" not in client.get(ITEMS).content.decode()


def test_without_the_right_to_look_there_is_no_such_page(client, advised):
    client.force_login(get_user_model().objects.create_user("stranger", is_staff=True))
    assert client.get(DEAD).status_code == 403
    assert client.get(ADVICE).status_code == 403


def test_the_number_of_statements_does_not_depend_on_the_rows(client):
    person(client)

    def statements():
        do(advise, now=NOW)
        do(classify, now=NOW)
        return [len(sent_by(client.get, address)) for address in (ADVICE, ITEMS)]

    sold("S", EVEN + [0] * 20)
    few = statements()
    for place in range(12):
        sold(f"S{place}", EVEN + [0] * 20)
    assert statements() == few
    assert max(few) <= 40  # of which most are the frame's: session, person, rights, sidebar


def test_a_pack_size_is_set_with_the_product(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    product = ProductFactory(sku="A", name="A")
    given = {
        "name": "A", "pack_size": "12", "active": "on", "barcodes-TOTAL_FORMS": "0",
        "barcodes-INITIAL_FORMS": "0",
    }  # fmt: skip
    page = f"/admin/warehouse/product/{product.pk}/change/"
    assert client.post(page, given).status_code == 302
    assert Product.objects.get().pack_size == 12
    assert (
        "greater than or equal to 1"
        in client.post(page, given | {"pack_size": "0"}).content.decode()
    )

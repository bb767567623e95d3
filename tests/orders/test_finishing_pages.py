"""The finish page and a tote's page: pack all, ship a part, and what was cancelled in a tote."""

import re

import pytest
from django.contrib.auth import get_user_model

from notifications.models import OutboxEvent
from orders.models import PickList, SalesOrder, Shipment
from orders.pages import finishing
from orders.services import picking
from orders.services.cancelling import cancel
from orders.services.placing import NewLine
from tests.factories import do, warehouse
from tests.orders.pages import act, said, signed_in, step
from tests.orders.picking_world import in_bin, orders, person, planned, shelve
from tests.orders.printed import pages
from warehouse.lines import CountLine
from warehouse.services.counting import count
from warehouse.services.proof import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in(get_user_model().objects.get(pk=person("anna")))


@pytest.fixture
def finish():
    """Two totes, picked: O1 with 3 A and 1 B, O2 with 1 A. The address of the finish page."""
    shelve({("A", "A-01-01"): 9, ("B", "B-01-01"): 9})
    orders({"O1": {"A": 3, "B": 1}, "O2": {"A": 1}})
    (reference,) = planned()
    do(picking.pick_whole_lists, pick_lists=[reference])
    return f"/floor/pick/{reference}/finish/"


def tote(finish, number=1):
    return finish.replace("finish", f"tote/{number}")


def test_all_totes_are_packed_and_shipped_in_two_taps(client, finish):
    assert "Pack all 2" in client.get(finish).content.decode()
    packed = act(client, finish, do="pack_all")
    assert said(packed) == ("ok", "2 packed. Open a tote to scan its tracking label, or ship all.")
    assert "Pack all" not in packed.content.decode()
    assert said(act(client, finish, do="pack_all"))[0] == "refused"
    assert said(act(client, finish, do="ship")) == ("ok", "2 shipped.")
    assert PickList.objects.get().status == "done"
    assert verify_ledger() == []


@pytest.mark.parametrize(("typed", "carriers"), [("", ["DHL", "UPS"]), (" GLS ", ["GLS", "GLS"])])
def test_shipped_together_each_goes_with_its_own_carrier_unless_one_is_typed(
    client, finish, typed, carriers
):
    for order, carrier in (("O1", "DHL"), ("O2", "UPS")):
        SalesOrder.objects.filter(reference=order).update(carrier=carrier)
    page = act(client, finish, do="pack_all")
    assert _field(page, "carrier") == {"value": "", "placeholder": "Each its own"}
    act(client, finish, do="ship", carrier=typed)
    assert list(Shipment.objects.order_by("id").values_list("carrier", flat=True)) == carriers
    told = OutboxEvent.objects.filter(type="order.shipped").order_by("id")
    assert [event.details["carrier"] for event in told] == carriers


def _field(page, id):
    """What stands in a field of a page, and what it says while it is empty."""
    (tag,) = re.findall(rf'<input[^>]* id="{id}"[^>]*>', page.content.decode())
    found = dict(re.findall(r'(value|placeholder)="([^"]*)"', tag))
    return {"value": "", "placeholder": ""} | found


def test_a_part_of_a_tote_is_shipped(client, finish):
    sent = {"do": "ship_part", "units:A": 2, "units:B": 0, "tracking": "T1", "carrier": "DHL"}
    tone, words = said(act(client, tote(finish), **sent))
    assert (tone, words.startswith("Tote 1 is not packed yet")) == ("refused", True)
    act(client, tote(finish), do="pack")
    assert "Ship only a part" in client.get(tote(finish)).content.decode()
    answer = act(client, tote(finish), **sent)
    parcel = Shipment.objects.get()
    assert said(answer) == ("ok", f"2 shipped: {parcel.reference}. 2 stay in tote 1.")
    assert (parcel.carrier, parcel.tracking_number) == ("DHL", "T1")
    assert SalesOrder.objects.get(reference="O1").status == "partly_shipped"
    assert [(x.sku, x.units) for x in answer.context["in_tote"]] == [("A", 1), ("B", 1)]
    rest = act(client, tote(finish), **{"do": "ship_part", "units:A": 1, "units:B": 1})
    assert rest.context["said"].next == finish
    assert SalesOrder.objects.get(reference="O1").status == "shipped"
    assert verify_ledger() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"units:A": 0, "units:B": 0}, {"units:A": 4}, {"units:A": -1}, {"units:A": "x"},
        {"units:C": 1}, {"units:A": 1, "tracking": "A-01-01"},
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused(client, finish, wrong):
    act(client, tote(finish), do="pack")
    assert said(act(client, tote(finish), do="ship_part", **wrong))[0] == "refused"
    assert Shipment.objects.count() == 0


def test_what_was_cancelled_in_a_tote_is_named_until_it_is_put_away(client, finish):
    do(cancel, reference="O1", lines=[NewLine("A", 2)])
    page = client.get(tote(finish))
    assert [(x.sku, x.units) for x in page.context["loose"]] == [("A", 2)]
    assert "Part of the order was cancelled" in page.content.decode()
    assert "part cancelled" in client.get(finish).content.decode()
    away = act(client, "/floor/put-away/", code="A")
    assert said(away)[1].startswith("2 of A from PACKING.")
    keep = {"sku": "A", "from": "PACKING", "quantity": 2, "step": step(client)}
    assert said(act(client, "/floor/put-away/", code="A-01-01", **keep))[0] == "ok"
    assert (in_bin("A", "A-01-01"), in_bin("A", "PACKING")) == (7, 2)
    page = client.get(tote(finish))
    assert page.context["loose"] == []
    assert "Checked and packed" in page.content.decode()
    assert verify_ledger() == []


def test_the_slip_of_a_packed_tote_is_there_before_it_leaves(client, finish):
    assert "slip" not in client.get(finish).content.decode()
    act(client, tote(finish), do="pack")
    own, all_of_them = f"{tote(finish)}slip/", finish.replace("finish", "slips")
    assert f'href="{own}"' in client.get(tote(finish)).content.decode()
    assert f'href="{all_of_them}"' in client.get(finish).content.decode()
    for address in (own, all_of_them):
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert len(pages(answer.content)) == 1
    assert client.get(f"{tote(finish, 2)}slip/").status_code == 409
    warehouse("EAST")
    elsewhere = signed_in(get_user_model().objects.get(pk=person("eva")), warehouses=["EAST"])
    assert elsewhere.get(all_of_them).status_code == 403


@pytest.mark.parametrize(
    ("page", "sent", "words"),
    [
        ("finish", {"do": "ship"}, "1 shipped."),
        ("tote", {"do": "ship"}, "Tote 1 is not packed yet"),
        ("tote", {"do": "ship_part", "units:A": 1}, "Tote 1 is not packed yet"),
    ],
)
def test_a_tote_that_is_unpacked_while_it_is_to_be_shipped_stays(
    client, finish, monkeypatch, page, sent, words
):
    act(client, finish, do="pack_all")
    read = finishing.pick_list_view
    reference = PickList.objects.get().reference
    stale = iter([read(reference=reference)])
    act(client, f"{tote(finish)}problem/", do="report", sku="A", units=1, problem="damaged")
    monkeypatch.setattr(
        finishing, "pick_list_view", lambda **told: next(stale, None) or read(**told)
    )
    answer = act(client, finish if page == "finish" else tote(finish), **sent)
    assert said(answer)[1].startswith(words)
    assert not Shipment.objects.filter(order__reference="O1").exists()


@pytest.mark.parametrize(
    ("there", "laid"), [(0, ""), (1, "1 of A from tote 1 are in quarantine: lay")]
)
def test_broken_goods_that_a_count_took_away_are_not_said_to_be_in_quarantine(
    client, finish, there, laid
):
    do(count, reference="C", lines=[CountLine("A", "MAIN", there, "PACKING")])
    sent = {"do": "report", "sku": "A", "units": 3, "problem": "damaged"}
    _tone, words = said(act(client, f"{tote(finish)}problem/", **sent))
    assert in_bin("A", "QUARANTINE") == there
    assert ("in quarantine" in words) is bool(there)
    assert words.startswith(laid)
    assert (
        f"The books no longer have {3 - there} of A in PACKING: lay what is broken aside" in words
    )


@pytest.mark.parametrize("taken", ["mine", "open", "another's"])
def test_what_a_count_took_from_a_tote_is_said_while_its_list_is_walked(finish, taken):
    boss = get_user_model().objects.get(pk=person("boss", role="operations manager"))
    client, ann = signed_in(boss), person("anna")
    PickList.objects.update(status="open")
    if taken != "open":
        PickList.objects.update(status="claimed", claimed_by=ann if taken != "mine" else boss.pk)
    do(count, reference="C", lines=[CountLine("B", "MAIN", 0, "PACKING")])
    page, problem = finish.replace("finish/", ""), f"{tote(finish)}problem/"
    if taken == "another's":
        assert client.get(problem).url == page
        return
    assert "(Problem)" in said(act(client, page, do="put_back", tote=1))[1]
    assert f'href="{problem}"' in client.get(page).content.decode()
    assert [x.units for x in client.get(problem).context["in_tote"]] == [3, 1]
    told = act(client, problem, do="report", sku="B", units=1, problem="missing")
    assert (told.context["said"].next, said(told)[0]) == (page, "note")
    assert "pack it again" not in said(told)[1]
    assert said(act(client, page, do="put_back", tote=1))[0] == "note"
    assert verify_ledger() == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"sku": "A", "problem": "missing"},
         "1 of A are missing in tote 1. 1 of A can be picked again for O1. What lies at the bench will be "
         "counted. Check the tote and pack it again."),
        ({"sku": "B", "problem": "damaged"},
         "1 of B from tote 1 are in quarantine: lay them there. 1 of B can be picked again for O1. "
         "Check the tote and pack it again."),
    ],
)  # fmt: skip
def test_what_a_tote_lacks_is_said_on_its_page_and_the_rest_goes(client, finish, sent, words):
    act(client, tote(finish), do="pack")
    problem = f"{tote(finish)}problem/"
    assert f'href="{problem}"' in client.get(tote(finish)).content.decode()
    assert [x.units for x in client.get(problem).context["in_tote"]] == [3, 1]
    for wrong in ({"units": 9}, {"units": 1, "sku": ""}, {"units": 0}):
        assert said(act(client, problem, do="report", **(sent | wrong)))[0] == "refused"
    answer = act(client, problem, do="report", units=1, **sent)
    assert said(answer) == ("note", words)
    assert answer.context["said"].next == tote(finish)
    act(client, tote(finish), do="pack")
    assert said(act(client, tote(finish), do="ship"))[0] == "ok"
    assert verify_ledger() == []

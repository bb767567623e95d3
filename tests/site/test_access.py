"""Role by page by foreign warehouse, of every address that the site has; an unknown page fails."""

import csv
import io
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from inventory_site.core.list_files import TakenAlong
from notifications.models import OutboxEvent
from orders.models import CountTask
from tests.site.access import (
    FLOOR_LOOKED_AT,
    FLOOR_OF_ONE,
    FLOOR_PAGES,
    MODELS,
    OPEN,
    OWN,
    OWN_OF_ONE,
    SENT,
)
from tests.site.every_address import actions, addresses, ask, let_in, no_trace
from tests.site.staff import at
from tests.site.two_houses import CODES, furnish, people

LETTERS = "MmVRPa"
KINDS = {
    "changelist": "view",
    "change": "view",
    "history": "view",
    "add": "add",
    "delete": "delete",
}
FLOOR_ALL = {**FLOOR_PAGES, **FLOOR_OF_ONE, **FLOOR_LOOKED_AT}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Things by warehouse, people by letter. Pages are not drawn: who may see them is settled before."""
    with django_db_blocker.unblock(), no_trace(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        folk = people()
        things = furnish()
        things["MAIN"]["warehouse_importrun"].user = folk["m"]  # who is limited sees their own
        things["MAIN"]["warehouse_importrun"].save()
        yield things, folk


@pytest.fixture(scope="module")
def clients(world):
    """Signed in, and standing in MAIN."""
    found = {letter: at(user) if user else Client() for letter, user in world[1].items()}
    for client in found.values():
        client.post("/floor/warehouse/", {"warehouse": "MAIN"})
    return found


def test_the_table_knows_every_address_and_no_other():
    pages = {f"{model}_{kind}" for model in MODELS for kind in KINDS}
    known = pages | OWN.keys() | OWN_OF_ONE.keys() | SENT.keys() | FLOOR_ALL.keys() | OPEN
    assert set(addresses()) == known


def test_the_table_knows_every_action():
    assert {model for model, _ in actions()} == {name for name, row in MODELS.items() if row.act}


def filled(address, things):
    """The address, of what is meant."""
    named = {
        name: things[page]
        for name, page in {
            "user": "auth_user", "key": "core_apikey", "channel": "notifications_channel",
            "list": "orders_picklist", "boxed": "boxed", "shipment": "orders_shipment",
            "purchase": "orders_purchaseorder", "back": "orders_returnorder",
            "count": "orders_counttask", "bin": "warehouse_bin", "run": "warehouse_importrun",
        }.items()
    }  # fmt: skip
    return address.format(
        code=things["warehouse_warehouse"].code,
        sku=things["warehouse_product"].sku,
        line=things["orders_picklist"].lines.first().pk,
        content_type=ContentType.objects.get_for_model(things["warehouse_bin"]).pk,
        **named,
    )


def wrong(asked):
    """Of what was asked for, that which was not answered as it should be."""
    return [words for words, answer, expected in asked if let_in(answer) is not expected]


def reachable(letter, row, code):
    return code == "MAIN" or letter != "m" or row.everywhere


def cases(letter, things):
    """Path, what is sent, and whether it should be let in, of every model's pages."""
    for name, row in MODELS.items():
        base = f"/admin/{name.replace('_', '/', 1)}/"
        yield base, None, letter in row.view
        yield base + "add/", None, letter in row.add
        yield base + "add/", {}, letter in row.add
        for code in CODES:
            if name not in things[code]:
                continue
            here = reachable(letter, row, code)
            one = f"{base}{things[code][name].pk}/"
            yield one + "change/", None, letter in row.view and here
            yield one + "change/", {}, letter in row.change and here
            yield one + "delete/", None, letter in row.delete and here
            yield one + "delete/", {"post": "yes"}, letter in row.delete and here


@pytest.mark.parametrize("letter", LETTERS)
def test_pages_of_rows(world, clients, letter):
    asked = (
        ((letter, path, sent), ask(clients[letter], path, sent), expected)
        for path, sent, expected in cases(letter, world[0])
    )
    assert wrong(asked) == []


@pytest.mark.parametrize("letter", LETTERS)
def test_a_list_goes_along_as_a_file_to_whoever_sees_it_and_has_its_rows(world, clients, letter):
    for model, page in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if not isinstance(page, TakenAlong):
            continue
        path = f"/admin/{name.replace('_', '/', 1)}/"
        with no_trace():
            answer = clients[letter].get(path, {"_file": "csv"})
            assert let_in(answer) is (letter in MODELS[name].view), (name, letter)
            if let_in(answer):
                shown = clients[letter].get(path).context_data["cl"].queryset.count()
                told = b"".join(answer.streaming_content).decode()
                assert len(list(csv.reader(io.StringIO(told)))) == 1 + shown, name


@pytest.mark.parametrize("letter", LETTERS)
def test_histories_show_what_one_may_see(world, clients, letter):
    """Those of settings lead to the list of changes, which shows one's own."""
    for name, row in MODELS.items():
        for code in CODES:
            if name not in world[0][code]:
                continue
            may = letter in row.view and reachable(letter, row, code)
            one = world[0][code][name]
            answer = ask(clients[letter], f"/admin/{name.replace('_', '/', 1)}/{one.pk}/history/")
            if let_in(answer) and "settingchange" in answer.get("Location", ""):
                listed = ask(clients[letter], answer["Location"]).context_data["cl"].queryset
                may = may and (letter == "M" or name.startswith("warehouse_"))
                assert listed.exists() is may, (letter, name, code)
            else:
                assert let_in(answer) is may, (letter, name, code)


@pytest.mark.parametrize("letter", LETTERS)
def test_other_pages(world, clients, letter):
    asked = []
    for who, address in (OWN | FLOOR_PAGES).values():
        path = filled(address, world[0]["MAIN"])
        asked.append(((letter, path), ask(clients[letter], path), letter in who))
    for code in CODES:
        for table, sent, from_afar in (
            (OWN_OF_ONE, None, "MVR"),
            (SENT, {}, "M"),
            (FLOOR_OF_ONE, None, ""),
            (FLOOR_LOOKED_AT, None, "MVRP"),
        ):
            for who, address in table.values():
                path = filled(address, world[0][code])
                may = letter in who and (code == "MAIN" or letter in from_afar)
                asked.append(((letter, path), ask(clients[letter], path, sent), may))
    assert wrong(asked) == []


def rows_of(thing):
    """How it stands, and how much has happened."""
    row = type(thing)._base_manager.filter(pk=thing.pk).values().first()
    return row, OutboxEvent.objects.count()


def offered(page, user):
    request = RequestFactory().get("/")
    request.user = user
    return set(page.get_actions(request))


@pytest.mark.parametrize("letter", "MmVR")
def test_actions_are_offered_to_those_who_may_and_do_nothing_for_others(world, clients, letter):
    things, folk = world
    for name, action in actions():
        row = MODELS[name]
        model = type(things["MAIN"][name])
        if letter in row.act:
            assert action in offered(admin.site._registry[model], folk[letter]), (name, action)
        for code in CODES:
            if letter in row.act and reachable(letter, row, code):
                continue
            thing = things[code][name]
            with no_trace():
                before = rows_of(thing)
                chosen = {"action": action, "_selected_action": [str(thing.pk)]} | {
                    "confirmed": "1"
                }
                clients[letter].post(reverse(f"admin:{name}_changelist"), chosen)
                assert rows_of(thing) == before, (letter, name, action, code)


@pytest.mark.parametrize("letter", "MmVR")
def test_rows_are_deleted_in_bulk_where_the_table_says_so(world, letter):
    for model, page in admin.site._registry.items():
        row = MODELS[f"{model._meta.app_label}_{model._meta.model_name}"]
        assert ("delete_selected" in offered(page, world[1][letter])) is (letter in row.delete), (
            model
        )


def test_a_list_of_a_limited_manager_has_nothing_of_elsewhere(world, clients):
    for name, row in MODELS.items():
        if "m" not in row.view or row.everywhere:
            continue
        found = ask(clients["m"], f"/admin/{name.replace('_', '/', 1)}/?all=")
        if found.status_code == 302:  # an unknown filter
            found = ask(clients["m"], f"/admin/{name.replace('_', '/', 1)}/")
        shown = {one.pk for one in found.context_data["cl"].queryset}
        assert world[0]["EAST"][name].pk not in shown, name


def test_a_bin_is_put_up_in_a_warehouse_of_ones_own(world, clients):
    """The id of another warehouse, sent by hand, is no choice."""
    things, _ = world
    for code, made in (("EAST", False), ("MAIN", True)):
        place = things[code]["warehouse_warehouse"]
        sent = {"warehouse": place.pk, "code": "Z-99-99", "kind": "pick", "pick_sequence": 1}
        with no_trace():
            clients["m"].post("/admin/warehouse/bin/add/", sent)
            assert place.bins.filter(code="Z-99-99").exists() is made


@pytest.mark.parametrize("letter", "MmVRPa")
def test_stock_is_handled_in_ones_own_warehouses_by_those_who_may(world, clients, letter):
    """Whatever is sent by hand: form, warehouse and bin are those of the thing, the right is the person's."""
    for code in CODES:
        may = letter in "Mm" and (code == "MAIN" or letter == "M")
        sent = {
            "sku": f"{code}-1", "warehouse": code, "bin": "A-01-01", "delta": "1",
            "quantity": "1", "to_bin": "RECEIVING", "reason": "found",
        }  # fmt: skip
        for way in ("correct", "write-off", "move", "count"):
            with no_trace():
                before = OutboxEvent.objects.count(), CountTask.objects.count()
                clients[letter].post(f"/admin/stock/{way}/", {**sent, "action_id": str(uuid4())})
                done = (OutboxEvent.objects.count(), CountTask.objects.count()) != before
                assert done is may, (letter, code, way)

"""Channels in the back office: set up by managers of all warehouses, addresses never given back."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from inventory_site.core.models import StaffAccess
from inventory_site.core.roles import MANAGER
from notifications.models import Channel, Ring, Route
from tests.factories import warehouse
from tests.notifications.alarms import MINUTE, NOW, channel, deliver, ring, stand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]

LIST, RINGS = "/admin/notifications/channel/", "/admin/notifications/ring/"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def person(name, *warehouses, role=MANAGER):
    made = get_user_model().objects.create_user(name, is_staff=True)
    made.groups.add(Group.objects.get_or_create(name=role)[0])
    StaffAccess.objects.create(user=made, warehouses=list(warehouses))
    return made


@pytest.fixture
def office(client):
    client.force_login(person("boss"))
    return client


def filled(*routes, **fields):
    """The form of a channel as a browser sends it."""
    data = {"name": "Ops", "kind": "email", "address": "ops@shop.example", "enabled": "on"} | fields
    kept = sum("id" in route for route in routes)
    data |= {"routes-TOTAL_FORMS": len(routes), "routes-INITIAL_FORMS": kept}
    for n, route in enumerate(routes):
        usual = {"severities": ["warning"], "every_minutes": 0, "time_zone": "UTC"}
        data |= {f"routes-{n}-{name}": value for name, value in (usual | route).items()}
    return data


def edit(made):
    return f"{LIST}{made.pk}/change/"


def test_a_channel_is_set_up_with_its_routes(office):
    warehouse("MAIN")
    page = office.get(f"{LIST}add/").content.decode()
    for offered in ("Channel failing", "MAIN · Main", "Europe/Berlin", "urgent"):
        assert offered in page
    route = {
        "severities": ["warning", "urgent"], "rules": ["channel_failing"], "warehouses": ["MAIN"],
        "every_minutes": 60, "quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Europe/Berlin",
    }  # fmt: skip
    assert office.post(f"{LIST}add/", filled(route)).status_code == 302
    made = Channel.objects.get()
    assert (made.address, made.enabled) == ("ops@shop.example", True)
    kept = Route.objects.values().get()
    assert (kept["severities"], kept["rules"]) == (["warning", "urgent"], ["channel_failing"])
    assert (kept["warehouses"], kept["every_minutes"]) == (["MAIN"], 60)
    assert (str(kept["quiet_from"]), kept["time_zone"]) == ("22:00:00", "Europe/Berlin")


def test_a_route_that_is_left_as_it_is_offered_is_a_route(office):
    office.post(f"{LIST}add/", filled({"severities": ["warning", "urgent"]}))
    assert Route.objects.get().severities == ["warning", "urgent"]


@pytest.mark.parametrize(
    ("fields", "route", "words"),
    [
        ({"address": "nobody"}, {}, "“nobody” is not an address of e-mail."),
        ({"address": ""}, {}, "Say where alerts are to be told."),
        ({"kind": "service", "address": "json://10.0.0.1/S3CRET"}, {}, "JSON is not among the services"),
        ({}, {"severities": []}, "This field is required."),
        ({}, {"severities": ["loud"]}, "loud is not one of the available choices"),
        ({}, {"warehouses": ["GONE"]}, "GONE is not one of the available choices"),
        ({}, {"time_zone": "Mars/Base"}, "Mars/Base is not one of the available choices"),
        ({}, {"quiet_from": "22:00"}, "Quiet hours have a beginning and an end."),
        ({}, {"quiet_from": "22:00", "quiet_until": "22:00"}, "end at another hour than they begin"),
        ({}, {"every_minutes": 1441}, "less than or equal to 1440"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(office, fields, route, words):
    page = office.post(f"{LIST}add/", filled(route, **fields)).content.decode()
    assert words in page
    assert "S3CRET" not in page
    assert not Channel.objects.exists()


def test_an_address_is_kept_unless_another_is_given_and_is_never_shown(office):
    made = channel("Chat", SLACK)
    page = office.get(edit(made)).content.decode() + office.get(LIST).content.decode()
    assert "Slack …i7FQ" in page
    assert SLACK not in page
    assert "TIiajkdnlazkcOXrIdev" not in page
    route = {"id": made.routes.get().pk, "channel": made.pk}
    office.post(edit(made), filled(route, name="Room", kind="service", address=""))
    made.refresh_from_db()
    assert (made.name, made.address) == ("Room", SLACK)
    page = office.post(edit(made), filled(route, kind="email", address="")).content.decode()
    assert "Say where alerts are to be told." in page
    office.post(edit(made), filled(route, kind="email"))
    made.refresh_from_db()
    assert made.address == "ops@shop.example"


def test_a_choice_that_is_no_longer_offered_does_not_vanish(office):
    made = channel(warehouses=["CLOSED"], time_zone="Old/Zone", rules=["former"])
    route = made.routes.get()
    page = office.get(edit(made)).content.decode()
    assert all(name in page for name in ("CLOSED", "Old/Zone", "former"))
    sent = {"id": route.pk, "channel": made.pk, "warehouses": ["CLOSED"], "time_zone": "Old/Zone"}
    assert (
        office.post(edit(made), filled(sent | {"rules": ["former"]}, address="")).status_code == 302
    )


def test_the_test_button_says_what_happened(office, mailoutbox, settings):
    made = channel()
    assert "Send a test message" in office.get(edit(made)).content.decode()
    page = office.post(f"{LIST}{made.pk}/send-test/", follow=True).content.decode()
    assert "Ops: Sent to ops@shop.example." in page
    assert len(mailoutbox) == 1
    settings.EMAIL_HOST = ""
    told = {"action": "send_test", "_selected_action": [made.pk], "confirmed": 1}
    assert "EMAIL_URL is not set" in office.post(LIST, told, follow=True).content.decode()
    assert office.get(f"{LIST}{made.pk}/send-test/").status_code == 405
    assert office.post(f"{LIST}999/send-test/").status_code == 404


def test_the_list_says_how_channels_do_and_turns_them_on_and_off(office, settings):
    made = channel()
    stand("A", "B")
    ring()
    assert "Not used yet." in office.get(LIST).content.decode()
    settings.EMAIL_HOST = ""
    deliver(made)
    assert "UTC. E-mail is not set up here" in office.get(LIST).content.decode()
    for action, enabled, words in (
        ("turn_off", False, "goes on waiting"),
        ("turn_on", True, "Not used yet."),
    ):
        told = {"action": action, "_selected_action": [made.pk], "confirmed": 1}
        assert words in office.post(LIST, told, follow=True).content.decode()
        made.refresh_from_db()
        assert made.enabled == enabled


def test_only_managers_of_all_warehouses_set_up_channels(client):
    made = channel()
    clerk = person("clerk", role="picker")
    for name in ("view", "add", "change", "delete"):
        clerk.user_permissions.add(Permission.objects.get(codename=f"{name}_channel"))
    for who in (clerk, person("east", "EAST")):
        client.force_login(who)
        for page in (LIST, f"{LIST}add/", edit(made), f"{LIST}{made.pk}/delete/"):
            assert client.get(page).status_code == 403
        assert client.post(f"{LIST}{made.pk}/send-test/").status_code == 404
        told = {"action": "turn_off", "_selected_action": [made.pk], "confirmed": 1}
        assert client.post(LIST, told).status_code == 403
    assert Channel.objects.get().enabled


def test_rings_show_what_was_told_to_managers_of_the_warehouse(client, office):
    made = channel()
    stand("A", title="A in MAIN", warehouse="MAIN")
    stand("B", rule="other", title="<b>B</b> in EAST", warehouse="EAST")
    ring()
    deliver(made, NOW + MINUTE)
    page = client.get(RINGS).content.decode()
    assert "A in MAIN" in page
    assert "&lt;b&gt;B&lt;/b&gt; in EAST" in page
    one = Ring.objects.get(alert__subject="A")
    assert 'name="_save"' not in client.get(f"{RINGS}{one.pk}/change/").content.decode()
    client.force_login(person("east", "EAST"))
    page = client.get(RINGS).content.decode()
    assert "A in MAIN" not in page
    assert "in EAST" in page
    assert client.get(f"{RINGS}{one.pk}/change/").status_code == 302  # as if it were not there
    client.force_login(person("clerk", role="picker"))
    assert client.get(RINGS).status_code == 403


@pytest.mark.parametrize("many", [1, 12])
def test_the_number_of_statements_does_not_depend_on_the_rows(
    office, many, django_assert_max_num_queries
):
    for n in range(many):
        made = channel(f"C{n}")
        for _ in range(many):
            Route.objects.create(channel=made, severities=["info"])
    stand(*(f"S{n}" for n in range(many)))
    ring()
    for page, most in ((LIST, 11), (RINGS, 13), (edit(made), 13)):
        with django_assert_max_num_queries(most):
            assert office.get(page).status_code == 200


def test_a_channel_is_deleted_with_what_waits_there(office):
    made = channel()
    stand("A")
    ring()
    office.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
    assert (Channel.objects.count(), Ring.objects.count()) == (0, 0)

"""A message that a channel refuses: whichever alert it is for, the others are told; and whether it was the
message at all that was refused, or an address that is wrong."""

import pytest

from notifications.models import Channel, Ring
from notifications.services import channels, sending
from tests.factories import do
from tests.notifications.alarms import (
    HOUR,
    MINUTE,
    NOW,
    channel,
    deliver,
    due_on,
    proven,
    ring,
    stand,
)
from tests.notifications.receivers import Chat, chat_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server_known")]


@pytest.fixture
def chat(settings):
    settings.ALERT_SERVICE_SCHEMES = ["json"]
    there = Chat()
    with chat_service(there) as port:
        there.address = f"json://127.0.0.1:{port}/"
        yield there


def until_nothing_waits(ops, now=NOW):
    """Minutes, one courier each, until nothing waits."""
    for minutes in range(60):
        if not due_on(ops):
            return minutes
        deliver(ops, now + minutes * MINUTE)
    raise AssertionError(due_on(ops))


def outcomes():
    """Subjects that were told, and that were refused for good."""
    told, refused = set(), set()
    for one in Ring.objects.exclude(sent_at=None, dropped_at=None).select_related("alert"):
        (told if one.sent_at else refused).add(one.alert.subject)
    return told, refused


@pytest.mark.parametrize("bad", [["S07"], ["S00", "S19"], []])
def test_of_a_message_that_is_refused_all_is_told_but_what_is_refused_by_itself(chat, bad):
    ops = proven(channel("Chat", chat.address))
    names = [f"S{n:02}" for n in range(20)]
    stand(*(name for name in names if name not in bad))
    stand(*bad, rule="dead_stock", title="POISON")
    chat.poison = "POISON"
    ring()
    assert until_nothing_waits(ops) <= 16
    assert outcomes() == (set(names) - set(bad), set(bad))


def test_urgent_ones_go_first_by_themselves(chat):
    ops = proven(channel("Chat", chat.address))
    stand("A", "B", title="POISON")
    stand("C", "D", rule="out_of_stock", severity="urgent")
    chat.poison = "POISON"
    ring()
    deliver(ops)
    stand("C", "D", "E", rule="out_of_stock", severity="urgent")
    ring(NOW + MINUTE)
    assert deliver(ops, NOW + MINUTE).sent
    assert outcomes()[0] == {"C", "D"}
    until_nothing_waits(ops, NOW + 2 * MINUTE)
    assert outcomes() == ({"C", "D", "E"}, {"A", "B"})


def test_where_nothing_was_told_before_it_is_the_address_that_is_wrong(chat):
    ops = channel("Chat", chat.address)
    stand("A")
    ring()
    chat.status = 400
    assert deliver(ops).refused
    assert set(due_on(ops)) == {"A"}
    chat.status = 200
    assert deliver(ops, NOW + MINUTE).sent


@pytest.fixture
def refused(chat):
    """A channel that was in use, and was refused A since the room is gone."""
    ops = proven(channel("Chat", chat.address))
    stand("A", "B")
    ring()
    chat.status = 400
    until_nothing_waits(ops)
    assert outcomes() == (set(), {"A", "B"})
    chat.status = 200
    return Channel.objects.get(pk=ops.pk)


def another_address(ops):
    do(channels.save, channel=ops, address=ops.address, now=NOW + HOUR)
    assert Channel.objects.get().sent_at is None, "not used yet"


def another_name(ops):
    do(channels.save, channel=ops, now=NOW + HOUR)


def off_and_on(ops):
    do(channels.switch, channel_id=ops.pk, enabled=False, now=NOW + HOUR)
    do(channels.switch, channel_id=ops.pk, enabled=True, now=NOW + HOUR)


def a_test_arrives(ops):
    do(channels.note_that_it_works, channel_id=ops.pk, now=NOW + HOUR - MINUTE)


@pytest.mark.parametrize("mend", [another_address, another_name, off_and_on, a_test_arrives])
def test_what_was_refused_is_told_once_the_channel_is_mended(refused, mend):
    ring(NOW + HOUR)
    assert {"A", "B"}.isdisjoint(due_on(refused))
    mend(refused)
    ring(NOW + HOUR)
    assert {"A", "B"} <= set(due_on(refused))
    until_nothing_waits(refused, NOW + HOUR)
    assert outcomes()[0] >= {"A", "B"}


def test_so_is_what_went_and_came_back_meanwhile(refused):
    stand("B", now=NOW + 20 * MINUTE)
    stand("A", "B", now=NOW + 30 * MINUTE)
    ring(NOW + HOUR)
    assert {"A", "B"}.isdisjoint(due_on(refused)), "what came back is told of once a day"
    another_address(refused)
    ring(NOW + HOUR)
    assert {"A", "B"} <= set(due_on(refused))


def test_a_room_that_is_back_by_itself_hears_of_it_once_more_and_no_more_often(refused):
    Channel.objects.update(failures=3)
    for minutes, expected in ((0, 2), (10, 0)):
        now = NOW + HOUR + minutes * MINUTE
        stand(f"C{minutes}", rule="other", now=now)
        ring(now)
        deliver(refused, now)
        assert ring(now) == expected
        Channel.objects.update(failures=3)
        Ring.objects.filter(sent_at=None, dropped_at=None).update(dropped_at=now, refused="400")


def test_what_is_refused_is_tried_again_after_a_minute_however_often(refused):
    given = sending.rest_seconds(failures=1)
    assert 45 <= given <= 60
    rest = Channel.objects.get().rests_until - Ring.objects.latest("dropped_at").dropped_at
    assert 45 <= rest.total_seconds() <= 60

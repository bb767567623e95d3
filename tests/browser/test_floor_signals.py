"""What is said is heard and felt too, each tone in its own way."""

import pytest

from tests.browser.floor import Device, person
from tests.factories import stock

pytestmark = pytest.mark.browser

# A device that writes down what it would sound and how it would shake.
EARS = """
const heard = [], felt = [];
Object.assign(window, {heard, felt});
window.AudioContext = class {
    state = "suspended";
    currentTime = 0;
    async resume() { this.state = "running"; }
    createOscillator() {
        const frequency = {
            setValueAtTime: (from) => heard.push([wave.type, from]),
            linearRampToValueAtTime: (to, end) => heard.at(-1).push(to, end),
        };
        const wave = {frequency, connect: (next) => next, start() {}, stop() {}};
        return wave;
    }
    createGain() {
        const gain = {setValueAtTime() {}, exponentialRampToValueAtTime() {}};
        return {gain, connect: (next) => next};
    }
};
Object.defineProperty(navigator, "vibrate", {value: (pattern) => felt.push(pattern)});
"""
GOOD = (["sine", 1320, 1760, 0.13], 60)
BAD = (["square", 150, 110, 0.45], [180, 80, 180])
NOTE = (["sine", 660, 660, 0.1], 30)


@pytest.fixture
def device(committed_db, valkey, served, window):
    stock({("85123A", "MAIN"): 5})
    person()
    device = Device(window, served)
    device.page.add_init_script(EARS)
    device.page.clock.install()
    return device.arrive()


def signals(device):
    """What was heard and felt since the last time."""
    return device.page.evaluate(
        "() => heard.splice(0).map((tone, n) => [tone, felt.splice(0, 1)[0]])"
    )


def signalled(device):
    (one,) = signals(device)
    assert device.page.evaluate("felt.length") == 0
    return tuple(one)


def test_good_bad_and_note_are_told_apart_by_ear_and_hand(device):
    device.scan("NOBODY")
    assert (device.tone(), signalled(device)) == ("refused", BAD)
    device.context.set_offline(True)
    device.page.locator("#net").filter(has_text="offline").wait_for()
    device.scan("85123A", wait=False)
    assert (device.tone(), signalled(device)) == ("note", NOTE)
    device.context.set_offline(False)
    device.page.wait_for_url("**/floor/product/85123A/")
    assert (device.tone(), signalled(device)) == ("ok", GOOD)


def test_a_scan_that_is_not_taken_buzzes_low(device):
    device.scan("85123A")
    assert signalled(device) == GOOD
    device.burst("85123A")
    assert device.said().startswith("This page takes no scans")
    assert signalled(device) == BAD


def test_nothing_sounds_or_shakes_before_somebody_touches_the_page(device):
    """A browser refuses it, with an error in its console."""
    device.page.goto(device.site + "/floor/product/NOBODY/")
    assert (device.tone(), device.page.evaluate("[heard, felt]")) == ("refused", [[], []])

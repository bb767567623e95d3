"""A Chromium whose camera sees a label of ours."""

from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserType

from orders.services.labels import product_labels
from tests.orders.drawn import rectangles

FRAME = (1280, 720)
SCALE = 6  # dots per point


def frame(sku: str) -> Image.Image:
    """The product's label of 50 by 25 mm, as a phone held before it would see it."""
    picture = Image.new("L", FRAME, 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width, height in rectangles(product_labels(skus=[sku], paper="roll"))[0]:
        left, foot = 200 + x * SCALE, FRAME[1] - 120 - y * SCALE
        box = [
            round(left),
            round(foot - height * SCALE),
            round(left + width * SCALE) - 1,
            round(foot),
        ]
        pen.rectangle(box, fill=0)
    return picture


@contextmanager
def film(sku: str, folder: Path, kind: BrowserType, chromium: str):
    """A browser in front of whose camera the label is held."""
    place = folder / "camera.mjpeg"
    with place.open("wb") as reel:
        for _ in range(10):
            frame(sku).convert("RGB").save(reel, "JPEG", quality=90)
    words = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser: Browser = kind.launch(
        executable_path=chromium, args=[*words, f"--use-file-for-fake-video-capture={place}"]
    )
    yield browser
    browser.close()

"""A manager at a desk: forms of the back office filled and sent, ticked rows handed to an action."""

import json
import re
from urllib.request import Request, urlopen

from django.contrib.auth import get_user_model
from playwright.sync_api import Locator, Page

from tests.browser.floor import Device
from tests.browser.visiting import loaded
from warehouse import import_worker
from warehouse.models import ImportRun

PASSWORD = "a-long-password-7"


def manager() -> None:
    """Whoever set the house up."""
    get_user_model().objects.create_superuser("manager", password=PASSWORD)


def steps(desk: Device) -> list[str]:
    """What the dashboard still asks for, in its order."""
    return desk.open("/admin/").locator("ol.steps a").all_inner_texts()


def follow(desk: Device, step: str) -> Page:
    """Take a step of the dashboard where it leads."""
    desk.open("/admin/").locator("ol.steps").get_by_role("link", name=step, exact=True).click()
    loaded(desk.page)
    return desk.page


def follow_menu(desk: Device, title: str) -> Page:
    """Go to a list by the navigation."""
    desk.page.locator("#nav-sidebar-apps").get_by_text(title, exact=True).click()
    loaded(desk.page)
    return desk.page


def write(page: Page, **values: str) -> None:
    """Fill these fields of a form."""
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def add(page: Page, **values: str) -> None:
    """Fill these fields of a form for something new, and save it."""
    write(page, **values)
    page.click("[name=_save]")
    page.get_by_text("added successfully").wait_for()


def import_sheet(page: Page, *, kind: str, name: str, lines: list[str]) -> None:
    """A CSV through every page of the import, to its result; the worker is run here."""
    file = {"name": name, "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    page.check(f"input[name=kind][value={kind}]")
    page.set_input_files("input[name=file]", file)
    for button in ("Read the sheet", "Check the rows"):
        page.get_by_role("button", name=button).click()
        loaded(page)
    page.locator("#import").get_by_role("button", name=re.compile("^Import ")).click()
    page.wait_for_selector("#progress")
    assert import_worker.carry_out(run_id=ImportRun.objects.latest("id").pk) == "done"
    page.get_by_text("imported.").first.wait_for()


def new_key(page: Page, *, name: str, scopes: list[str]) -> str:
    """The secret of a new key, as the page shows it once."""
    write(page, name=name)
    for scope in scopes:
        page.check(f"[name=scopes][value='{scope}']")
    page.click("[name=_save]")
    return page.locator("code.secret").inner_text()


def called(site: str, path: str, *, secret: str, key: str = "", **body: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    """Status and body of the API's answer on the served site: to a POST where there is a body."""
    headers = {"Authorization": f"Api-Key {secret}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    sent = json.dumps(body).encode() if body else None
    with urlopen(Request(site + path, data=sent, headers=headers)) as answer:
        return answer.status, json.load(answer)


def act(page: Page, row: Locator, action: str) -> None:
    """Tick the row of a list and run an action on it."""
    row.locator("input[name=_selected_action]").check()
    page.select_option("select[name=action]", action)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Yes, do it").click()
    loaded(page)

"""A manager, who is no superuser, makes a person and a key and sees what was changed, in a real Chromium."""

from urllib.request import Request, urlopen

import pytest
from django.contrib.auth.models import Group

from inventory_site.core.models import ApiKey, SettingChange
from inventory_site.core.roles import MANAGER
from tests.browser.visiting import Visit
from tests.factories import ProductFactory, warehouse
from tests.site.staff import PASSWORD, person
from warehouse.models import Product

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(window, served, committed_db, valkey):
    for code in ("MAIN", "EAST"):
        warehouse(code)
    person("manager", MANAGER)
    return Visit(window, served)


def test_a_picker_is_made_and_signs_in_with_the_password_that_was_shown(visit, window, served):
    visit.sign_in("manager", PASSWORD)
    page = visit.open("/admin/auth/user/add/")
    page.fill("[name=username]", "bob")
    page.check("[name=roles][value=picker]")
    page.check("[name=warehouses][value=MAIN]")
    visit.fit_for_everybody("a new person")
    page.click("[name=_save]")
    password = page.locator("code.secret").inner_text()
    visit.fit_for_everybody("the password, shown once")
    visit.open("/admin/auth/user/")
    assert visit.faults == []
    floor = Visit(window, served, screen="phone").open("/floor/sign-in/")
    floor.fill("[name=username]", "bob")
    floor.fill("[name=password]", password)
    floor.click("button[type=submit]")
    floor.wait_for_url("**/floor/")
    assert Group.objects.get(name="picker").user_set.get().username == "bob"


def test_a_key_is_made_works_is_replaced_and_revoked(visit, served):
    page = visit.let_in().open("/admin/core/apikey/add/")
    page.fill("[name=name]", "shop")
    page.check("[name=scopes][value='stock:read']")
    visit.fit_for_everybody("a new key")
    page.click("[name=_save]")
    first = page.locator("code.secret").inner_text()
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("link", name="shop", exact=True).click()
    page.wait_for_selector("#overlap")
    visit.fit_for_everybody("a key")
    page.select_option("#overlap", "168")
    page.get_by_role("button", name="Make a new one for it").click()
    second = page.locator("code.secret").inner_text()
    for secret in (first, second):
        assert answered(served, secret) == 200
    newest = ApiKey.objects.order_by("-created").first()
    page = visit.open(f"/admin/core/apikey/{newest.pk}/change/")
    page.get_by_text("Revoke …").click()
    page.get_by_role("button", name="Revoke for good").click()
    page.wait_for_selector("text=Within 5 seconds")
    assert answered(served, first) == 200
    assert visit.faults == []


def answered(site, secret):
    headers = {"Authorization": f"Api-Key {secret}"}
    with urlopen(Request(f"{site}/api/v1/warehouses", headers=headers)) as answer:
        return answer.status


def test_the_history_of_a_product_tells_who_changed_what(visit):
    product = ProductFactory(sku="A", name="Anchor")
    page = visit.let_in().open(f"/admin/warehouse/product/{product.pk}/change/")
    page.fill("[name=pack_size]", "12")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/warehouse/product/")
    page = visit.open(f"/admin/warehouse/product/{product.pk}/change/")
    page = visit.open(page.locator("a[href*='/history/']").last.get_attribute("href"))
    page.wait_for_selector("text=1 → 12")
    visit.fit_for_everybody("the history of a product")
    assert Product.objects.get().pack_size == 12
    assert SettingChange.objects.filter(topic="warehouse.product").first().actor == "manager"
    assert visit.faults == []


def test_a_lock_says_until_when(window, served, committed_db, valkey):
    person("bob", MANAGER)
    visit = Visit(window, served, screen="phone", scheme="dark")
    for _ in range(8):
        page = visit.open("/floor/sign-in/")
        page.fill("[name=username]", "bob")
        page.fill("[name=password]", "wrong")
        page.click("button[type=submit]")
        page.wait_for_load_state()
    page.wait_for_selector("text=Too many wrong passwords")
    assert "is locked here until" in page.content()
    assert visit.overflow() <= 0
    assert visit.serious() == []

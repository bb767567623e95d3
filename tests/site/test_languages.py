"""A translation that is put into the folder is used, for pages and for nobody else."""

import pytest
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation import trans_real

from tests.site.catalogues import write_catalogue
from tests.warehouse.api.conftest import _fresh_keys, new_shop, shop

__all__ = ["_fresh_keys", "new_shop", "shop"]

NO_ORDER = "There is no order %(reference)s."
GERMAN = {
    "Back office": "Verwaltung",
    "Floor": "Lager",
    NO_ORDER: "Es gibt keinen Auftrag %(reference)s.",
}


@pytest.fixture
def german(tmp_path):
    write_catalogue(tmp_path, "de", GERMAN, plurals="nplurals=2; plural=(n != 1);")
    languages = [("en", "English"), ("de", "Deutsch")]
    with override_settings(LOCALE_PATHS=[tmp_path], LANGUAGES=languages):
        trans_real._translations.clear()
        yield
    trans_real._translations.clear()


@pytest.mark.usefixtures("german")
def test_a_page_is_in_the_language_that_is_asked_for():
    answer = Client().get("/", headers={"accept-language": "de"})
    page = answer.content.decode()
    assert '<html lang="de">' in page
    assert "Verwaltung" in page
    assert "Back office" not in page
    assert answer["Content-Language"] == "de"
    assert "Accept-Language" in answer["Vary"]
    assert translation.get_language() == "en", "the next request in this thread starts anew"
    assert "Back office" in Client().get("/").content.decode()


def test_there_is_english_alone_without_one():
    answer = Client().get("/", headers={"accept-language": "de"})
    assert '<html lang="en">' in answer.content.decode()
    assert "Accept-Language" not in answer.get("Vary", "")


@pytest.mark.usefixtures("german")
def test_the_api_refuses_in_english_whatever_is_asked_for(shop):
    with translation.override("de"):
        assert translation.gettext(NO_ORDER) == GERMAN[NO_ORDER], "it can be said in German"
    assert "Verwaltung" in Client().get("/", headers={"accept-language": "de"}).content.decode()
    answer = shop.get("/orders/NONE", **{"Accept-Language": "de"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no order NONE.")
    assert in_no_language(answer)


@pytest.mark.usefixtures("german", "db", "_fresh_keys")
@pytest.mark.parametrize(
    "path", ["v1/orders/A", "v1/nowhere", "nowhere", "docs/", "docs/errors", "schema/"]
)
def test_whatever_stands_under_api_is_in_english(path):
    answer = Client().get(f"/api/{path}", headers={"accept-language": "de"})
    assert answer.status_code in (200, 401, 404)
    assert "Verwaltung" not in answer.content.decode()
    assert in_no_language(answer)


def in_no_language(answer):
    """It says nothing of a language, and a cache need not ask for one."""
    return "Content-Language" not in answer and "Accept-Language" not in answer.get("Vary", "")

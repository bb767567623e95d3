"""A translation that is put into the folder is used, for pages and for nobody else."""

import struct

import pytest
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation import trans_real

GERMAN = {
    "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "Back office": "Verwaltung",
    "Floor": "Lager",
}


def compiled(words: dict[str, str]) -> bytes:
    """A catalogue as msgfmt writes it: a header, two tables of length and place, then the words."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(words.items())]
    count, begin = len(pairs), 28
    tables, text, place = [b"", b""], b"", begin + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<2I", len(pair[side]), place + len(text))
            text += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, begin, begin + 8 * count, 0, 0)
    return head + b"".join(tables) + text


@pytest.fixture
def german(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(compiled(GERMAN))
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

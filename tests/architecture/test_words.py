"""Every sentence that a person reads can be translated: it goes through gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.utils.functional import Promise

from inventory_site.core.errors import DomainError
from orders.templatetags.floor_words import words as words_of_scripts
from tests.architecture.project import ROOT, below, files, name, tree

# The API and its pages are read by programmers, in the language of its documents.
IN_ENGLISH = re.compile(
    r"/api/|^inventory_site/core/(api|auth|bodies|cursors|documenting|idempotency|problems|rate_limit|reading)\b"
)
APPS = ("inventory_site/", "orders/", "warehouse/", "notifications/")
LETTERS = re.compile(r"(?!Holdfast|API)\b[A-Za-z]{2,}")

TRANSLATED = re.compile(
    r"<span class=\"material-symbols[^>]*>\w*</span>|"
    r"{%-?\s*blocktranslate\b.*?{%-?\s*endblocktranslate\s*-?%}|{%-?\s*comment.*?endcomment\s*-?%}"
    r"|{#.*?#}|<!--.*?-->|<(script|style|svg)\b.*?</\1>",
    re.DOTALL,
)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
ATTRIBUTE = re.compile(r"""\b(aria-label|title|placeholder|alt|data-label)="([^"]*)\"""")
ENTITY = re.compile(r"&#?\w+;")


def templates() -> list[Path]:
    every = sorted((ROOT / "templates").rglob("*.html"))
    return [path for path in every if in_words(path)]


def in_words(path: Path) -> bool:
    return not IN_ENGLISH.search(name(path))


def bare_words(source: str) -> Iterator[str]:
    """Words of a template that nothing translates: between its tags, and in what is read out."""
    source = TAGS.sub("", TRANSLATED.sub("", source))
    told = [value for _, value in ATTRIBUTE.findall(source)]
    told += re.split(r"<[^>]*>", source, flags=re.DOTALL)
    for text in told:
        words = ENTITY.sub("", text).strip()
        if LETTERS.search(words):
            yield words


@pytest.mark.parametrize("path", templates(), ids=name)
def test_no_template_has_words_of_its_own(path: Path) -> None:
    assert list(bare_words(path.read_text())) == []


def test_words_of_templates_are_found() -> None:
    source = '<p title="Old">{% translate "New" %} Bare {{ x }}</p>{# note #}<i>&middot;</i>'
    assert list(bare_words(source)) == ["Old", "Bare"]


# What is shown of a call, a class or a refusal.
SHOWN = {"description", "verbose_name", "verbose_name_plural", "help_text", "label", "empty_label"}
OF_CLASSES = {"title", "short_description", "nothing_here", "search_help_text", *SHOWN}
TELLING = {"message_user", "error", "success", "warning", "info"}
CHOICES = {"TextChoices", "IntegerChoices"}


def modules_with_words() -> list[Path]:
    return [path for path in below(*APPS) if in_words(path)]


def said(node: ast.AST | None) -> bool:
    """Whether it is a sentence as it stands in the source."""
    if isinstance(node, ast.JoinedStr):
        return any(said(part) for part in node.values)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(LETTERS.search(node.value))
    )


def unwrapped(module: ast.AST, refusals: set[str]) -> Iterator[int]:
    """Lines on which somebody is told something that nothing translates."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield from _of_call(node, refusals)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node)


def _of_call(call: ast.Call, refusals: set[str]) -> Iterator[int]:
    yield from (k.value.lineno for k in call.keywords if k.arg in SHOWN and said(k.value))
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    base = getattr(getattr(call.func, "value", None), "id", "")
    if called == "ValidationError" or called in refusals:
        told = call.args[:1]
    elif called == "SheetRefused":
        told = call.args[1:2]  # after its code
    elif called in TELLING and base in ("messages", "self"):
        told = call.args[1:2]
    else:
        told = []
    yield from (one.lineno for one in told if said(one))


def _of_class(made: ast.ClassDef) -> Iterator[int]:
    bases = {getattr(base, "attr", getattr(base, "id", "")) for base in made.bases}
    for line in made.body:
        if not isinstance(line, ast.Assign):
            continue
        names = {getattr(target, "id", "") for target in line.targets}
        if "AppConfig" in bases:
            names.discard("label")  # by which programs know the app
        if names & OF_CLASSES and said(line.value):
            yield line.lineno
        if bases & CHOICES:
            pair = line.value.elts if isinstance(line.value, ast.Tuple) else []
            if len(pair) != 2 or said(pair[1]):
                yield line.lineno


def refusals() -> set[str]:
    """The names of all errors of the domain."""
    found: set[str] = set()
    waiting = [DomainError]
    while waiting:
        waiting += (own := waiting.pop().__subclasses__())
        found |= {one.__name__ for one in own}
    return found


@pytest.mark.parametrize("path", modules_with_words(), ids=name)
def test_no_module_tells_people_what_cannot_be_translated(path: Path) -> None:
    assert sorted(set(unwrapped(tree(path), refusals()))) == []


def test_words_of_modules_are_found() -> None:
    source = """
class State(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", _("Done")
class Filter:
    title = "state"
def work(request):
    messages.error(request, f"{n} left")
    raise Refusal("No such thing")
field = CharField(help_text="In grams.", verbose_name=_("weight"))
"""
    assert sorted(unwrapped(ast.parse(source), {"Refusal"})) == [3, 6, 8, 9, 10]


def _ours(model: type[Model]) -> bool:
    return model.__module__.replace(".", "/").startswith(APPS)


def test_fields_that_the_back_office_shows_have_names_that_can_be_translated() -> None:
    bare = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if admin.site.is_registered(model) and _ours(model)
        for field in model._meta.concrete_fields
        if not field.auto_created and not isinstance(field._verbose_name, Promise)
    ]
    assert bare == []


# Of our own scripts every literal is looked at ("…", '…', `…`), wherever it stands, but for selectors and
# names of classes; not comments and regular expressions. Two words are a sentence, and so is one alone that
# begins with a capital and goes on in small letters. One in small letters is not found: a state.
LITERAL = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?<=[(,=:])\s*/(?:\\.|[^/*\\\n])(?:\\.|[^/\\\n])*/"""
    r"""|(?:\b(?:find|closest|matches|matchMedia|querySelector(?:All)?)(?:\?\.)?\(|\bclassName\s*[:=])"""
    r"""\s*(?:"[^"\n]*"|'[^'\n]*'|`[^`]*`)"""
    r"""|(?P<quote>["'`])(?P<words>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.DOTALL,
)
FILLED_IN = re.compile(r"\$\{([^{}]*)\}")
WORD_BETWEEN_SPACES = re.compile(r"(?<!\S)[(\"'“]*[^\W\d_]{2,}(?:'[a-z]+)?[,;:.!?…)\"'”]*(?!\S)")
CAPITALISED = re.compile(r"\s*[A-Z][a-z]+[:.!?…]*\s*")
LOOKED_UP = re.compile(r"""(?<!function )\bsentence\((?:"([\w-]+)")?(?:,\s*\{([^}]*)\})?""")


def our_scripts() -> list[Path]:
    static = [path for path in files() if name(path).startswith("static/")]
    return [p for p in static if p.suffix in (".js", ".mjs") and "vendor" not in p.parts]


def sentences(script: str) -> Iterator[str]:
    """Literals of a script that are words for a person; what is filled into one is none of its words."""
    while found := FILLED_IN.search(script):
        yield from sentences(found[1])
        script = f"{script[: found.start()]}7{script[found.end() :]}"
    told = (found["words"] or "" for found in LITERAL.finditer(script))
    yield from (words for words in told if _a_sentence(words))


def _a_sentence(words: str) -> bool:
    return len(WORD_BETWEEN_SPACES.findall(words)) > 1 or bool(CAPITALISED.fullmatch(words))


@pytest.mark.parametrize("path", our_scripts(), ids=name)
def test_no_script_has_words_of_its_own(path: Path) -> None:
    assert list(sentences(path.read_text())) == []


def test_words_of_scripts_are_found() -> None:
    script = """
    import { a } from "./floor/camera.js"; // "Not this one"
    const quoted = text.replace(/"Old words"/g, "new"); find("dialog video"); form.closest?.('a, button');
    say("Try again", "note"); badge.textContent = 'Online'; title = "Starting…";
    say(`${label} is kept`); say(`kept, ${n ? `${n} of them` : ""} for you`); say("It's here");
    fetch(url, { method: "POST", headers: { "Floor-Action": id, Accept: "text/html" } });
    const told = sentence("try-again"); error.name === "NotAllowedError";
    element("div", { className: "row wide" }); say(`off: ${n} kept`);
    """
    assert sorted(sentences(script)) == [
        "7 is kept", "7 of them", "It's here", "Online", "Starting…", "Try again", "kept, 7 for you",
        "off: 7 kept",
    ]  # fmt: skip


def test_scripts_look_up_what_comes_with_the_page_and_all_of_it() -> None:
    """By a key in quotes, with a value for each gap of the sentence."""
    looked_up = {
        (key, frozenset(value.split(":")[0].strip() for value in values.split(",") if value))
        for path in our_scripts()
        for key, values in LOOKED_UP.findall(path.read_text())
    }
    assert looked_up == {
        (key, frozenset(re.findall(r"%\((\w+)\)s", str(words))))
        for key, words in words_of_scripts().items()
    }

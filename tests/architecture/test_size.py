"""Nothing is too large to be read at once, and everything is called by what it is about."""

from tests.architecture.project import below, files, functions, modules, name

MODULE, FUNCTION, TEST = 400, 70, 40
UNFOLDS = "templates/unfold/"  # a template of its own is replaced under its name
NAMES_OF_NOTHING = {"utils", "util", "helpers", "helper", "misc", "common", "stuff", "lib"}


def test_the_project_is_found():
    found = {name(path) for path in modules()}
    assert {"manage.py", "warehouse/services/reservations.py", "tests/conftest.py"} <= found


def test_modules_have_at_most_400_lines():
    sizes = {name(path): len(path.read_text().splitlines()) for path in modules()}
    assert {path: size for path, size in sizes.items() if size > MODULE} == {}


def test_functions_have_at_most_70_lines_and_tests_40():
    too_long = {}
    for path in modules():
        for function in functions(path):
            assert function.end_lineno is not None
            size = function.end_lineno - function.lineno + 1
            if size > (TEST if function.name.startswith("test_") else FUNCTION):
                too_long[f"{name(path)}:{function.name}"] = size
    assert too_long == {}


def test_most_functions_of_the_apps_are_short():
    sizes = sorted(
        function.end_lineno - function.lineno + 1
        for path in below("inventory_site/", "orders/", "warehouse/", "notifications/")
        for function in functions(path)
        if function.end_lineno is not None
    )
    assert sizes[len(sizes) // 2] <= 15


def test_no_module_is_named_after_nothing():
    parts = {name(path): {*path.parent.parts, path.stem} for path in files()}
    assert [
        path
        for path, names in parts.items()
        if names & NAMES_OF_NOTHING and not path.startswith(UNFOLDS)
    ] == []

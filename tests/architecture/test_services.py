"""How a service is called: by name, with types, and with words that say what it does."""

import ast

import pytest

from tests.architecture.project import below, name, tree

SERVICES = below("warehouse/services/", "orders/services/", "notifications/services/")
PUBLIC = [
    pytest.param(function, id=f"{name(path)}:{function.name}")
    for path in SERVICES
    for function in tree(path).body
    if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
]


def test_services_are_found():
    assert len(PUBLIC) > 30


@pytest.mark.parametrize("function", PUBLIC)
def test_a_public_function_takes_its_arguments_by_name(function):
    """A single argument that the function's own name announces may go without: `check_code(code)`."""
    positional = [*function.args.posonlyargs, *function.args.args]
    alone = len(positional) == 1 and not function.args.kwonlyargs
    assert not positional or alone
    assert function.args.vararg is None
    assert function.args.kwarg is None


@pytest.mark.parametrize("function", PUBLIC)
def test_a_public_function_is_typed_and_says_what_it_does(function):
    arguments = [*function.args.args, *function.args.kwonlyargs]
    assert [argument.arg for argument in arguments if argument.annotation is None] == []
    assert function.returns is not None
    assert ast.get_docstring(function)

"""The project's own files, as text and as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("inventory_site", "orders", "warehouse", "notifications")
CODE = (*APPS, "tests", "benchmarks", "manage.py")
BUILT = {"node_modules", "__pycache__", "staticfiles"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """What is (or is about to be) under version control; in a bare copy, everything but what is built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        found = [path for path in ROOT.rglob("*") if not _built(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def _built(parts: tuple[str, ...]) -> bool:
    folders = parts[:-1]
    return any(part in BUILT or (part.startswith(".") and part != ".ci") for part in folders)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Python that is written by hand: no migrations."""
    return tuple(
        path
        for path in files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in CODE
        and "migrations" not in path.parts
    )  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a module, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def below(*folders: str) -> list[Path]:
    """Modules of these folders (or these modules), named from the top of the project."""
    wanted = tuple(folders)
    return [path for path in modules() if name(path).startswith(wanted)]

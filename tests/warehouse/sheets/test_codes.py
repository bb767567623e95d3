"""Every code that a person may meet is explained."""

import re
from pathlib import Path

from warehouse.sheets import findings, limits

SHEETS = Path(findings.__file__).parent
COMMAND = SHEETS.parent / "management" / "commands" / "import_stock.py"
GUIDE = (SHEETS.parents[1] / "docs" / "importing.md").read_text(encoding="utf-8")


def test_every_code_stands_in_the_guide_and_the_guide_invents_none() -> None:
    explained = set(re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", GUIDE, re.MULTILINE))
    codes = {code for cell in explained for code in re.findall(r"`(\w+)`", cell)}
    of_the_command = set(re.findall(r'SheetRefused\(\s*"(\w+)"', COMMAND.read_text()))
    assert codes == {*findings.CODES, *limits.REFUSALS, *of_the_command}


def test_every_code_is_used_by_the_code() -> None:
    source = (
        "".join(
            path.read_text()
            for path in SHEETS.glob("*.py")
            if path.name not in {"findings.py", "limits.py"}
        )
        + (SHEETS / "limits.py").read_text().partition("REFUSALS")[0]
    )
    unused = [c for c in (*findings.CODES, *limits.REFUSALS) if f'"{c}"' not in source]
    assert unused == []

"""How far a long run has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

EVERY_SECONDS = 5.0


class Steps:
    """Progress towards `total`, told on the error stream so that output stays clean."""

    def __init__(self, what: str, total: int | None) -> None:
        self.what = what
        self.total = total
        self.done = 0
        self.told_at = time.monotonic()
        self.bar: Progress | None = None
        if sys.stderr.isatty():
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}"),
                console=Console(stderr=True),
            )
            self.task = self.bar.add_task(what, total=total, note="")

    def __enter__(self) -> "Steps":
        if self.bar:
            self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.bar:
            self.bar.stop()

    def reach(self, done: int, note: str = "") -> None:
        """Say how much is done by now."""
        self.done = done
        if self.bar:
            self.bar.update(self.task, completed=done, note=note)
        elif time.monotonic() - self.told_at > EVERY_SECONDS:
            self.told_at = time.monotonic()
            of = f" of {self.total:,}" if self.total else ""
            sys.stderr.write(f"{self.what}: {done:,}{of} {note}\n")
            sys.stderr.flush()

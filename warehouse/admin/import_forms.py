"""Forms of the import pages: which file, and which column is what."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from warehouse.services.import_kinds import IMPORTERS
from warehouse.sheets.fields import Layout, SheetKind

NOT_READ = _("Not read")


def kinds() -> list[SheetKind]:
    """The kinds of sheets, in the order in which a new house needs them."""
    order = ("products", "bins", "opening_stock", "reorder_settings")
    return [IMPORTERS[code].sheet for code in order]


class UploadForm(forms.Form):
    """Carries a number made when it was opened: sent twice, it is one import."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is in the sheet?"), choices=[(k.code, _(k.label)) for k in kinds()]
    )
    file = forms.FileField(label=_("File"), allow_empty_file=True)

    @classmethod
    def fresh(cls, kind: str = "") -> "UploadForm":
        """An empty form with a number of its own."""
        return cls(initial={"form_id": uuid.uuid4(), "kind": kind})


class ColumnsForm(forms.Form):
    """One choice for each column of a sheet."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    sheet = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args: Any, layout: Layout, kind: SheetKind, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", NOT_READ), *((field.name, _(field.label)) for field in kind.fields)]
        self.places = list(range(len(layout.titles)))
        self.layout = layout
        for place in self.places:
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=layout.titles[place] or gettext("Column %(number)s") % {"number": place + 1},
                choices=choices,
                required=False,
                initial=layout.columns.get(place, ""),
                widget=UnfoldAdminSelectWidget(),
            )

    def lines(self) -> list[dict[str, Any]]:
        """Each column with its first values."""
        return [
            {"field": self[f"c{place}"], "samples": self.layout.samples(place)}
            for place in self.places
        ]

    def columns(self) -> Mapping[int, str]:
        """Which column is what, as was said."""
        return {p: self.cleaned_data[f"c{p}"] for p in self.places if self.cleaned_data[f"c{p}"]}

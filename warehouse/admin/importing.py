"""Import in the browser: file, columns, check, confirmation, result. For managers."""

import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from inventory_site.core.db import in_unit_of_work
from inventory_site.core.errors import DomainError
from inventory_site.core.office import ShownOnly
from inventory_site.core.roles import Staff, staff
from warehouse.admin.exporting import export, template
from warehouse.admin.import_forms import ColumnsForm, UploadForm, kinds
from warehouse.admin.import_words import fixes_of, links_of, shares_of, sums_of
from warehouse.errors import ImportMovedOn, ImportNotFound
from warehouse.import_queue import send
from warehouse.models import ImportRun, ImportStatus
from warehouse.services import import_runs as runs
from warehouse.services.import_kinds import importer
from warehouse.sheets.limits import SheetRefused
from warehouse.sheets.remainder import write_rows_to_mend
from warehouse.sheets.tables import DEFAULT_LIMITS, too_large

FORM_BYTES = 64 * 1024  # of an upload, beside the file
DRAINED_BYTES = 256 * 1024 * 1024
UNDERWAY = (ImportStatus.QUEUED, ImportStatus.RUNNING)
BEGUN = (*UNDERWAY, ImportStatus.DONE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

View = Callable[..., HttpResponseBase]


@admin.register(ImportRun)
class ImportRunAdmin(ShownOnly):
    """Imports so far, and the way of a new one."""

    list_display = ("name", "status", "rows", "good", "bad", "actor", "created_at")
    list_filter = ("status", "kind")
    search_fields = ("file_name",)
    nothing_here = gettext_lazy(
        "Sheets that were imported are listed here. Import one: nothing is changed before you have seen "
        "what would be."
    )

    @admin.display(description=gettext_lazy("sheet"), ordering="file_name")
    def name(self, run: ImportRun) -> str:
        return str(run)

    def get_queryset(self, request: HttpRequest) -> Any:
        return runs.visible_to(who=person(request)).defer("report", "result", "columns")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated) and person(request).is_manager

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> Any:
        def own(route: str, view: View, name: str) -> Any:
            guarded = self.admin_site.admin_view(self._for_managers(view))
            return path(route, guarded, name=f"warehouse_importrun_{name}")

        upload = csrf_exempt(self._for_managers(self.upload))
        return [
            path("add/", self.admin_site.admin_view(upload), name="warehouse_importrun_add"),
            own("templates/<slug:kind>.<slug:format>", template, "template"),
            own("<int:run_id>/columns/", self.columns, "columns"),
            own("<int:run_id>/check/", require_POST(self.check_again), "check"),
            own("<int:run_id>/confirm/", require_POST(self.confirm), "confirm"),
            own("<int:run_id>/cancel/", require_POST(self.cancel), "cancel"),
            own("<int:run_id>/progress/", self.progress, "progress"),
            own("<int:run_id>/rows-to-mend.xlsx", self.rows_to_mend, "mend"),
            own("<int:run_id>/change/", require_safe(self.show), "change"),
            path(
                "export/<slug:what>.<slug:format>",
                self.admin_site.admin_view(partial(export, self.admin_site)),
                name="warehouse_importrun_export",
            ),
            *super().get_urls(),
        ]

    def _for_managers(self, view: View) -> View:
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            try:
                return view(request, *args, **named)
            except ImportNotFound as error:
                raise Http404(error.detail) from error

        return guarded

    # --- The file ---

    def upload(self, request: HttpRequest) -> HttpResponseBase:
        """A file that is too large is refused by what its request says of itself, before it is read."""
        size = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and int(size) > DEFAULT_LIMITS.file_bytes + FORM_BYTES:
            drain(request)
            form = UploadForm.fresh()
            return self._upload_page(request, form, refused=too_large(), status=413)
        return csrf_protect(self._upload)(request)

    def _upload(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self._upload_page(request, UploadForm.fresh(request.GET.get("kind", "")))
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._upload_page(request, form)
        try:
            run = self._start(form.cleaned_data, person(request))
        except (SheetRefused, DomainError) as refused:
            return self._upload_page(request, form, refused=str(refused))
        return HttpResponseRedirect(page(run, "change"))

    def _start(self, given: dict[str, Any], who: Staff) -> ImportRun:
        file, kind = given["file"], given["kind"]
        content = file.read(DEFAULT_LIMITS.file_bytes + 1)
        look = runs.look_at(content=content, name=file.name, kind=kind)
        start = partial(
            runs.start,
            form_id=given["form_id"],
            kind=kind,
            name=file.name,
            content=content,
            look=look,
            who=who,
        )
        run = runs.find(run_id=in_unit_of_work(start), who=who)
        if look.remembered and run.status == ImportStatus.UPLOADED:
            self._examine(run, run.revision, who)
            run.refresh_from_db()
        return run

    def _upload_page(
        self, request: HttpRequest, form: UploadForm, *, refused: str = "", status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "kinds": kinds(), "refused": refused, "step": 1}
        title = _("Import a sheet")
        return self._page(request, "upload", title, context, status=status)

    # --- Its columns ---

    def columns(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        """Which column is what: guessed, or as it was the last time; a person has the last word."""
        who = person(request)
        run = runs.find(run_id=run_id, who=who)
        if run.status not in runs.OPEN:
            return HttpResponseRedirect(page(run, "change"))
        asked = request.POST.get("sheet") or request.GET.get("sheet") or run.sheet_key
        kind = importer(kind=run.kind).sheet
        try:
            look = runs.look_again(run=run, sheet_name=asked)
        except (SheetRefused, ImportMovedOn) as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(page(run, "change"))
        first = {"revision": run.revision, "sheet": look.layout.table.key}
        form = ColumnsForm(request.POST or None, layout=look.layout, kind=kind, initial=first)
        refused_words = ""
        if request.method == "POST" and form.is_valid():
            try:
                self._name_columns(run, form, who)
                return HttpResponseRedirect(page(run, "change"))
            except (SheetRefused, DomainError) as refused:
                refused_words = str(refused)
        missing = [_(field.label) for field in kind.missing(look.layout.columns)]
        context = {
            "run": run, "form": form, "kind": kind, "refused": refused_words, "step": 2,
            "missing": missing, "sheets": look.names, "sheet": look.layout.table.name,
            "header_row": look.layout.row, "before": runs.same_before(run=run, who=who),
        }  # fmt: skip
        return self._page(request, "columns", _("Which column is what?"), context)

    def _name_columns(self, run: ImportRun, form: ColumnsForm, who: Staff) -> None:
        revision = form.cleaned_data["revision"]
        name = partial(
            runs.name_columns,
            run=run,
            revision=revision,
            layout=form.layout,
            columns=form.columns(),
            who=who,
        )
        in_unit_of_work(name)
        run.refresh_from_db()
        self._examine(run, revision + 1, who)

    def _examine(self, run: ImportRun, revision: int, who: Staff) -> None:
        checked = runs.examine(run=run, who=who, today=timezone.localdate())
        in_unit_of_work(partial(runs.keep_check, run=run, revision=revision, checked=checked))

    # --- Check, confirmation, result ---

    def show(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        """The import where it stands."""
        who = person(request)
        run = runs.find(run_id=run_id, who=who)
        if run.status == ImportStatus.UPLOADED:
            return HttpResponseRedirect(page(run, "columns"))
        context = {
            "run": run,
            "kind": importer(kind=run.kind).sheet,
            "before": runs.same_before(run=run, who=who),
            "shares": shares_of(run),
            "sums": sums_of(run),
            "fixes": fixes_of(run),
            "links": links_of(run),
            "underway": run.status in UNDERWAY,
        }
        if run.status == ImportStatus.CHECKED:
            return self._page(request, "check", _("Check before importing"), {**context, "step": 3})
        return self._page(request, "run", run.get_status_display(), {**context, "step": 4})

    def progress(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """How far it is; once it has ended, the page is to be opened anew."""
        run = runs.find(run_id=run_id, who=person(request))
        context = {"run": run, "shares": shares_of(run), "underway": run.status in UNDERWAY}
        answer = TemplateResponse(request, "admin/imports/progress.html", context)
        if run.status not in UNDERWAY:
            answer["HX-Redirect"] = page(run, "change")
        return answer

    def check_again(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Check once more, as things stand now."""
        who = person(request)
        return self._do(request, run_id, lambda run, at: self._examine(run, at, who))

    def confirm(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Hand it to the worker. Whoever confirms it a second time is shown how far it is."""
        leave_bad = request.POST.get("which") != "all"

        def work(run: ImportRun, revision: int) -> None:
            if run.status in BEGUN:
                messages.info(request, _("This import has begun already."))
                return
            in_unit_of_work(partial(runs.confirm, run=run, revision=revision, leave_bad=leave_bad))
            send(run_id=run.pk)

        return self._do(request, run_id, work)

    def cancel(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """Give it up before it has begun."""

        def work(run: ImportRun, revision: int) -> None:
            in_unit_of_work(partial(runs.cancel, run=run, revision=revision))

        return self._do(request, run_id, work)

    def _do(
        self, request: HttpRequest, run_id: int, work: Callable[[ImportRun, int], None]
    ) -> HttpResponse:
        run = runs.find(run_id=run_id, who=person(request))
        given = request.POST.get("revision", "")
        revision = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1
        try:
            work(run, revision)
        except (SheetRefused, DomainError) as refused:
            messages.error(request, str(refused))
        return HttpResponseRedirect(page(run, "change"))

    def rows_to_mend(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        """The rows at fault as they stood, each with what to put right, as a workbook."""
        run = runs.find(run_id=run_id, who=person(request))
        try:
            sheet, wrong = runs.sheet_of_run(run=run), runs.wrong_of(run=run)
        except (SheetRefused, DomainError) as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(page(run, "change"))
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
        fields = [field.name for field in importer(kind=run.kind).sheet.fields]
        write_rows_to_mend(file=file, sheet=sheet, wrong=wrong, fields=fields)
        file.seek(0)
        name = f"{run.file_name.rpartition('.')[0]}-to-mend.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    def _page(
        self,
        request: HttpRequest,
        name: str,
        title: str,
        context: dict[str, Any],
        *,
        status: int = 200,
    ) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(
            request, f"admin/imports/{name}.html", {**whole, **context}, status=status
        )


def person(request: HttpRequest) -> Staff:
    """Who asks, read once for each request."""
    known = getattr(request, "_importing_staff", None)
    if known is None:
        known = staff(request.user)
        request._importing_staff = known  # type: ignore[attr-defined]
    return known


def page(run: ImportRun, name: str) -> str:
    """The address of one of its pages."""
    return reverse(f"admin:warehouse_importrun_{name}", args=[run.pk])


def drain(request: HttpRequest) -> None:
    """Read an upload to its end and keep nothing of it: a browser that is cut off shows no answer."""
    left = DRAINED_BYTES
    while left > 0 and (piece := request.read(1024 * 1024)):
        left -= len(piece)

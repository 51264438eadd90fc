"""The admin of datasets: a file is uploaded, its data are checked, then it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from plots.admin_permissions import PublishPermissionsMixin
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.http import preset_provider
from plots.http.plot_links import Plot
from plots.permissions import SITE, Visibility, require_change
from plots.sources.parquet.sql import as_drawn_types
from plots.spec.registry import kinds, sources
from plots.values.column_text import write_column
from plots.values.formatting import CURRENCIES
from plots.values.scalars import write_value

from .models import METADATA_FIELDS, Dataset, Staged
from .sources import broken_by
from .staging import DatasetForm, UploadHandler, stage_posted

FIRST_ROWS = 10
# Data types for which the same charts are suggested.
DRAWN_ALIKE = {"datetime": "date", "duration": "number", "time": "number", "boolean": "text"}
AUDIENCES = {
    Visibility.STAFF: _(
        "Staff only: nobody else can read the rows. Others see only the charts that somebody "
        "publishes."
    ),
    Visibility.GROUPS: _(
        "Chosen groups: the members of the groups below can download every row, and so can staff."
    ),
    Visibility.MEMBERS: _(
        "Everybody who is logged in can download every row. That may be more people than you know."
    ),
    Visibility.UNLISTED: _(
        "Unlisted: everybody on the internet who knows the name can download every row, without "
        "logging in. No list shows it."
    ),
    Visibility.PUBLIC: _(
        "Public: everybody on the internet can find it and download every row as a CSV file, "
        "without logging in."
    ),
}


@admin.register(Dataset)
class DatasetAdmin(PublishPermissionsMixin, admin.ModelAdmin):
    """Datasets: their metadata, uploads with a preview, and suggested charts."""

    form = DatasetForm
    list_display = ("title", "name", "rows", "width", "bytes", "visibility", "revision", "updated")
    list_filter = ("visibility", "updated")
    list_per_page = 50
    search_fields = ("name", "title", "description", "origin")
    prepopulated_fields = {"name": ("title",)}
    radio_fields = {"visibility": admin.VERTICAL}
    change_form_template = "admin/plots_datasets/dataset/change_form.html"

    # Checking the CSRF token reads the uploaded file. The size of the file is limited first, so the
    # token is checked by ``changeform_view`` and not before these views.
    @method_decorator(csrf_exempt)
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().add_view(_with_size_limit(request), *args, **kwargs)

    @method_decorator(csrf_exempt)
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().change_view(_with_size_limit(request), *args, **kwargs)

    @method_decorator(csrf_protect)
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        found = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, found) if found else None
        if request.method == "POST" and (self.has_add_permission(request) if may is None else may):
            # A large file is read before the transaction of the form begins.
            stage_posted(request, found.name if found else request.POST.get("name", ""))
        return super().changeform_view(request, object_id, *args, **kwargs)

    def formfield_for_choice_field(self, *args: Any, **kwargs: Any) -> Any:
        """Return the field, whose choices say who can read the rows."""
        field: Any = super().formfield_for_choice_field(*args, **kwargs)
        field.choices = [(value, AUDIENCES[value]) for value, _label in field.choices]
        return field

    def get_form(
        self, request: HttpRequest, obj: Dataset | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        return type("DatasetForm", (form,), {"request": request})

    def get_fieldsets(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        metadata = ["title", "name", "description", "origin", "licence", "visibility", "groups"]
        if not obj:
            return [(None, {"fields": ["upload", *metadata]})]
        may_change = self.has_change_permission(request, obj)
        upload = [(_("New revision"), {"fields": ["upload"]})] if may_change else []
        record = ["rows", "table", "bytes", "revision", "author", "created", "updated"]
        may_save = bool(preset_provider.add_url(request.user))
        shown = ["plots", *["preset"] * may_save, *metadata, "used"]
        return [
            (None, {"fields": shown}),
            *upload,
            (_("Columns"), {"fields": record}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        if not obj:
            return ()
        return (
            "name", "plots", "preset", "used", "rows", "table", "bytes", "revision", "author",
            "created", "updated",
        )  # fmt: skip

    def get_prepopulated_fields(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def save_model(self, request: HttpRequest, obj: Dataset, form: Any, change: bool) -> None:
        require_change(request.user, obj)
        if not change:
            obj.author = request.user if request.user.is_authenticated else None
        if change:  # another user may have saved a new revision in the meantime
            obj.save(update_fields=[*METADATA_FIELDS, "updated"])
        if form.staged:
            obj.accept(form.staged, request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        form = context["adminform"].form
        staged = getattr(form, "shown", None)
        if staged:
            context |= _preview(staged, form.instance)
            if form.is_new and set(form.errors) == {"__all__"}:
                context |= {"errors": None, "title": _("Check your data")}
        token = staged.token(request.user, form.instance) if staged else ""
        context["token"] = token or getattr(form, "unread_token", "")
        response = super().render_change_form(request, context, *args, **kwargs)
        failure = getattr(form, "failure", None)
        if failure and failure.status >= 500:
            response.status_code = failure.status
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        for dataset in objs:
            protected += [_link(preset) for preset in sources.used_by(dataset.name)]
        return found, counts, needed, protected

    def response_add(self, request: HttpRequest, obj: Dataset, *args: Any) -> Any:
        """Redirect to the dataset's page, which suggests charts, instead of the list."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, *args)
        self.message_user(request, _("The dataset was saved. Choose one of the suggested charts."))
        return HttpResponseRedirect(reverse("admin:plots_datasets_dataset_change", args=[obj.pk]))

    @admin.display(description=_("columns"))
    def width(self, dataset: Dataset) -> int:
        return len(dataset.columns)

    @admin.display(description=_("size"), ordering="size")
    def bytes(self, dataset: Dataset) -> str:
        return filesizeformat(dataset.size)

    @admin.display(description=_("columns"))
    def table(self, dataset: Dataset) -> SafeString:
        rows = format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", _types_of(dataset))
        return format_html("<table>{}</table>", rows)

    @admin.display(description=_("used by"))
    def used(self, dataset: Dataset) -> SafeString | str:
        links = format_html_join(
            ", ", "{}", ((_link(each),) for each in sources.used_by(dataset.name))
        )
        return links or "—"

    @admin.display(description=_("suggested charts"))
    def plots(self, dataset: Dataset) -> SafeString:
        shown = ((_thumbnail(kind, given),) for kind, given in suggested_charts(dataset))
        return format_html_join(" ", "{}", shown)

    @admin.display(description=_("preset"))
    def preset(self, dataset: Dataset) -> SafeString:
        """A link to a form for a preset of the dataset; shown to users who may add presets."""
        url = preset_provider.add_url(SITE, parameters={"source": [dataset.name]})
        html = '<a class="button" href="{}">{}</a>'
        return format_html(html, url, _("New chart from this dataset"))


def _with_size_limit(request: HttpRequest) -> HttpRequest:
    """Write uploaded files of ``request`` to the disk, up to the size limit."""
    request.upload_handlers = [UploadHandler(request)]
    return request


def _preview(staged: Staged, dataset: Dataset) -> dict[str, Any]:
    def broken() -> list[tuple[SafeString, PlotError]]:
        found = broken_by(dataset, staged) if dataset.pk else []
        return [(_link(preset), error) for preset, error in found]

    return {
        "staged": staged,
        "columns": _types_of(staged),
        "audience": AUDIENCES[Visibility(dataset.visibility)],
        # Read when the template is rendered, after the transaction of the form.
        "preview": SimpleLazyObject(lambda: _first_rows(staged)),
        "broken": SimpleLazyObject(broken),
        "missing": [name for name in dataset.dtypes if name not in staged.dtypes],
    }


def _types_of(table: Staged | Dataset) -> list[tuple[str, str]]:
    """Return the names of the columns, and their data types with their units."""
    units = {**CURRENCIES, "of-100": "%"}
    return [
        (name, f"{dtype} ({units[table.formats[name]]})" if name in table.formats else dtype)
        for name, dtype in table.dtypes.items()
    ]


def _first_rows(staged: Staged) -> dict[str, Any]:
    """Return the first rows of ``staged`` as texts, or the error."""
    try:
        rows = staged.table().head(FIRST_ROWS)
    except PlotError as error:
        return {"error": error.message}
    return {"rows": [[_shown(value) for value in row] for row in rows]}


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else write_value(value)


def suggested_charts(dataset: Dataset) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield suggestions for charts: kinds and parameters, by the data types of the columns."""
    by_type: dict[str, list[str]] = {}
    for name, dtype in as_drawn_types(dataset.dtypes).items():
        shown = DRAWN_ALIKE.get(dtype, dtype)
        by_type.setdefault(shown, []).append(write_column((name,)))
    dates, numbers, texts = (by_type.get(dtype, []) for dtype in ("date", "number", "text"))
    given = {"source": dataset.name}
    if dates and numbers:
        yield "line", {**given, "x": dates[0], "y": numbers[0]}
    if len(numbers) > 1:
        yield "scatter", {**given, "x": numbers[0], "y": numbers[1]}
    if numbers:
        yield "hist", {**given, "x": numbers[0]}
    if texts:
        order = {"order": "-count", "limit": "20"}
        yield "bar", {**given, "x": texts[0], "stat": "count", **order}


def _thumbnail(kind: str, given: dict[str, str]) -> SafeString:
    url = f"{reverse('plots:kind', args=[kind])}?{urlencode(given)}"
    try:
        plot = Plot(read_spec(kind, as_parameters(given), user=SITE), publishes=False)
    except PlotError as error:
        return format_html('<a href="{}">{}</a> {}', url, kinds.get(kind).title, str(error))
    size: dict[str, Any] = {"width": 240, "height": 180}
    img = '<a href="{}" title="{}"><img src="{}" srcset="{}" width="240" height="180" alt="{}"></a>'
    title, src, srcset = kinds.get(kind).title, plot.url(**size), plot.srcset(**size)
    return format_html(img, url, title, src, srcset, title)


def _link(preset: Any) -> SafeString:
    url = reverse(
        f"admin:{preset._meta.app_label}_{preset._meta.model_name}_change", args=[preset.pk]
    )
    return format_html('<a href="{}">{}</a>', url, preset.title)

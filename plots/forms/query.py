"""Parameters that query a source's rows: stat, bin, filter, order and limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.spec.query import LOOKUPS, STATS, Filter, read_bin, read_filter
from plots.values.scalars import check_text

from .fields import RepeatedField
from .options import TextField, as_validation_error

MAX_LIMIT = 1_000_000_000  # databases have a largest number of rows


class FiltersField(RepeatedField):
    """Conditions on rows, all of which must hold. See ``spec.query.read_filter``."""

    def read(self, values: Iterable[Any]) -> Iterable[Filter]:
        texts = (check_text(str(value).strip(), "filter") for value in values)
        return (read_filter(text) for text in texts if text)


class BinField(forms.CharField):
    """Width of the bins of x: a number or a unit of time. See ``spec.query.read_bin``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_bin(text) if text else ""
        except PlotError as error:
            raise as_validation_error(error) from None


class QueryForm(forms.Form):
    """The query of a source's rows. The defaults are those of ``Query``."""

    stat = forms.ChoiceField(
        choices=[("", "rows as they are"), *STATS.items()],
        required=False,
        help_text="Summarise rows that share an x and a group into one value.",
    )
    bin = BinField(
        help_text="Group x into bins of this width, or by hour, day, week, month, quarter or year. "
        "Requires a stat.",
    )
    filter = FiltersField(
        help_text="Only rows that match: column:value or column__gte:10. Repeat it for more "
        f"conditions. Lookups: {', '.join(LOOKUPS)}.",
    )
    order = TextField(help_text="Column that sorts the rows; -column sorts from high to low.")
    limit = forms.IntegerField(
        min_value=1,
        max_value=MAX_LIMIT,
        required=False,
        help_text="Maximum number of rows, after sorting.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("bin") and not cleaned.get("stat") and "stat" not in self.errors:
            message = _("A bin requires a statistic of its rows; add stat=count, sum, mean, …")
            self.add_error("stat", ValidationError(message, code="required"))
        if cleaned.get("order") == "-":
            message = _("Name a column after the minus: order=-column.")
            self.add_error("order", ValidationError(message, code="required"))
        return cleaned

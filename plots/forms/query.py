"""The parameters that say what is made of a source's rows: ``query.py``'s grammar as fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.spec.query import LOOKUPS, STATS

from .column_fields import BinField, FiltersField
from .options import TextField


class QueryForm(forms.Form):
    """What is made of a source's rows before they are drawn. The defaults are ``Query``'s."""

    stat = forms.ChoiceField(
        choices=[("", "rows as they are"), *STATS.items()],
        required=False,
        help_text="One value for all rows with the same x and by.",
    )
    bin = BinField(
        help_text="Rows whose x is in the same bin are alike: its width, or hour, day, week, "
        "month, quarter, year. Needs a stat.",
    )
    filter = FiltersField(
        help_text="Only rows that fit, as column:value or column__gte:10; repeat it for more. "
        f"Lookups: {', '.join(LOOKUPS)}.",
    )
    order = TextField(help_text="The column that orders the rows; -column for the greatest first.")
    limit = forms.IntegerField(
        min_value=1, required=False, help_text="At most so many rows, in their order."
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("bin") and not cleaned.get("stat") and "stat" not in self.errors:
            message = _("Say what is made of the rows of a bin: stat=count, sum, mean, …")
            self.add_error("stat", ValidationError(message, code="required"))
        return cleaned

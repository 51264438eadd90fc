"""The doors of an upload: a form for the admin's pages, and what a shell's command does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.conf import conf
from plots.datasets.ingest import deadline
from plots.datasets.ingest.decoding import MEGABYTE
from plots.datasets.ingest.reader import read_table
from plots.datasets.ingest.workspace import Tell
from plots.errors import PlotError
from plots.forms.options import as_validation_error
from plots.spec.registry import NAME

from . import storage
from .models import Dataset, Staged


def stage(upload: Path, called: str, name: str, tell: Tell | None = None) -> Staged:
    """Read ``upload``, which its owner calls ``called``, and keep it for the dataset ``name``.

    Raises PlotError for what is no table.
    """
    size = upload.stat().st_size
    if size > conf.MAX_UPLOAD * MEGABYTE:
        raise too_large(size)
    with storage.workshop() as folder:
        Dataset.objects.sweep()
        table = read_table(upload.resolve(), called, folder, tell)
        return Staged.of(table, name if re.fullmatch(NAME, name) else "dataset")


def too_large(size: int) -> PlotError:
    message = gettext(
        "The file has %(size)s MB; at most %(most)s are taken. "
        "Pack it with gzip, or leave out columns."
    )
    words = {"size": f"{size / MEGABYTE:,.0f}", "most": f"{conf.MAX_UPLOAD:,}"}
    return PlotError(message % words, "too-much", "file")


class Quota(FileUploadHandler):
    """Ends the reading of a file that is too large, before it is on the disk."""

    size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > conf.MAX_UPLOAD * MEGABYTE:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


def stage_posted(request: HttpRequest, name: str) -> None:
    """Read the file of a ``DatasetForm`` before the form does, which is in a transaction then.

    What comes of it, a ``Staged`` or the PlotError, stands in the file's place.
    """
    upload: Any = request.FILES.get("upload")
    if upload is None:
        return
    try:
        with deadline.within(conf.UPLOAD_TIMEOUT):
            upload.outcome = stage(Path(upload.temporary_file_path()), upload.name, name)
    except PlotError as error:
        upload.outcome = error


class DatasetForm(forms.ModelForm):
    """A dataset with a file, which is read first and saved once it was looked at.

    A file makes the form invalid, with what was read of it in ``staged``; its token, sent back in
    the file's place, stands for it.
    """

    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV, TSV, JSON lines or Parquet, also packed with gzip. The first line names the "
            "columns. You see what was read before anything is saved."
        ),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    request: HttpRequest  # of whoever fills it in

    class Meta:
        model = Dataset
        fields = ("name", "title", "description", "origin", "licence", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staged: Staged | None = None
        self.is_new = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, token = cleaned.get("upload"), cleaned.get("token")
        if upload:
            self._take(upload.outcome)
        elif token:
            self._recall(token)
        elif size := self._too_large():
            self.add_error("upload", as_validation_error(too_large(size)))
        elif not self.instance.pk and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        return cleaned

    def _take(self, outcome: Staged | PlotError) -> None:
        if isinstance(outcome, PlotError):
            self.add_error("upload", as_validation_error(outcome))
            return
        self.staged = outcome
        self.is_new = True
        message = _("This was read of the file. Nothing is saved yet.")
        self.add_error(None, ValidationError(message, code="staged"))

    def _recall(self, token: str) -> None:
        self.staged = Staged.read(token)
        others = Dataset.objects.exclude(pk=self.instance.pk)
        if self.staged is None or others.filter(file=self.staged.file).exists():
            self.staged = None
            self.add_error("upload", _("What was read is no longer kept; send it again."))

    def _too_large(self) -> int:
        """The bytes of a file that the quota has turned away, about."""
        handlers = getattr(self.request, "upload_handlers", ())
        is_turned_away = any(isinstance(each, Quota) and each.size for each in handlers)
        return int(self.request.META.get("CONTENT_LENGTH") or 0) if is_turned_away else 0

    @property
    def shown(self) -> Staged | None:
        """What is there to be looked at before it is saved."""
        return self.staged if self.errors else None

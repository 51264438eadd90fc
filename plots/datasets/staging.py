"""Uploads: read and stored, then accepted in the admin or by a command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.admin_permissions import VisibilityForm
from plots.conf import conf
from plots.datasets.ingest import deadline
from plots.datasets.ingest.decoding import MEGABYTE
from plots.datasets.ingest.failures import site_failures
from plots.datasets.ingest.reader import read_table
from plots.datasets.ingest.workspace import ProgressCallback
from plots.errors import PlotError
from plots.forms.options import as_validation_error
from plots.permissions import Visibility, may_change
from plots.spec.registry import NAME

from . import storage
from .models import Dataset, Staged


def stage(
    upload: Path, filename: str, name: str, progress: ProgressCallback | None = None
) -> Staged:
    """Read an upload and store it until it is accepted.

    Parameters
    ----------
    upload : Path
        The file as it was uploaded.
    filename : str
        The name that its owner gave it.
    name : str
        The name of the dataset.
    progress : callable, optional
        Called with the name of a step and the share of it that is done.

    Raises
    ------
    PlotError
        If the file is too large or not a table, or cannot be stored.
    """
    with site_failures(), storage.temporary_folder() as folder:
        size = upload.stat().st_size
        if size > conf.MAX_UPLOAD * MEGABYTE:
            raise too_large(size)
        Dataset.objects.clean_up()
        table = read_table(upload.resolve(), filename, folder, progress)
        return Staged.of(table, name if re.fullmatch(NAME, name) else "dataset")


def name_from_file(filename: str) -> str:
    """Derive the name of a dataset from the name of its file: sales-2024 from “2024 Sales.csv”."""
    stem = filename.split(".")[0].lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-")[:50]
    if re.fullmatch(NAME, name):
        return name
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", letters)
    words.sort(key=lambda word: not word[0].isalpha())  # a name begins with a letter
    if words and not words[0][0].isalpha():
        words.insert(0, "data")
    return "-".join(words)[:50].rstrip("-") or "dataset"


def too_large(size: int) -> PlotError:
    """Make the error for a file of ``size`` bytes."""
    message = gettext(
        "The file has %(size)s MB; at most %(most)s MB can be uploaded. "
        "Pack it with gzip, or leave out columns."
    )
    message %= {"size": f"{size / MEGABYTE:,.0f}", "most": f"{conf.MAX_UPLOAD:,}"}
    return PlotError(message, "too-much", "file")


class UploadHandler(TemporaryFileUploadHandler):
    """Writes an uploaded file to the disk, up to the size limit.

    ``error`` says why a file was not written. The other fields of the form are read anyway.
    """

    error: PlotError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        with self._skipping():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._skipping():
            if start + len(raw_data) > conf.MAX_UPLOAD * MEGABYTE:
                meta: Any = getattr(self.request, "META", {})
                raise too_large(int(meta.get("CONTENT_LENGTH") or 0))
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        with suppress(SkipFile), self._skipping():
            return super().file_complete(file_size)

    @contextmanager
    def _skipping(self) -> Iterator[None]:
        """Set ``error`` to an error within this context, and skip the file."""
        try:
            with site_failures():
                yield
        except PlotError as error:
            self.error = error
            if hasattr(self, "file"):
                with suppress(OSError):  # if the disk is full, it cannot write the rest
                    self.file.close()
            raise SkipFile from error


def stage_posted(request: HttpRequest, name: str) -> None:
    """Read the file of a ``DatasetForm`` before the transaction in which the form is validated.

    The file's ``outcome`` is then a ``Staged`` or a PlotError.
    """
    upload: Any = request.FILES.get("upload")
    if upload is None:
        return
    try:
        with deadline.within(conf.UPLOAD_TIMEOUT):
            upload.outcome = stage(Path(upload.temporary_file_path()), upload.name, name)
    except PlotError as error:
        upload.outcome = error


class DatasetForm(VisibilityForm):
    """A form for a dataset and its file, which is saved after its owner has checked it.

    With a file, the form is invalid and the file's contents are in ``staged``. When the form is
    sent again, its ``token`` replaces the file.
    """

    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV, TSV, JSON or Parquet, also packed with gzip. The first line contains the names "
            "of the columns. You can check your data before anything is saved. Title and name "
            "are made from the name of the file if you leave them empty."
        ),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    request: HttpRequest  # set by the admin

    class Meta:
        model = Dataset
        fields = ("name", "title", "description", "origin", "licence", "visibility", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fill_names()
        self.staged: Staged | None = None
        self.is_new = False
        self.failure: PlotError | None = None
        self.unread_token = ""  # of a file that may be read later

    def _fill_names(self) -> None:
        """Make the title and the name of a new dataset from the name of the file, if left empty."""
        upload: Any = self.files.get("upload")
        if not upload or not self.instance._state.adding:
            return
        data: Any = self.data
        self.data = data = data.copy()
        title = re.sub(r"[\s_-]+", " ", upload.name.split(".")[0]).strip()
        title = title[:1].upper() + title[1:200]
        for field, value in (("title", title), ("name", name_from_file(upload.name))):
            if not data.get(field, "").strip():
                data[field] = value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance._state.adding and "name" in cleaned:
            self._check_name(cleaned["name"])
        upload, token = cleaned.get("upload"), cleaned.get("token")
        if upload:
            self._add_staged(upload.outcome)
        elif error := self._upload_error():
            self._refuse(error)
        elif token:
            self._restore(token)
        elif not self.instance.pk and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        return cleaned

    def _check_name(self, name: str) -> None:
        """Add an error for a name that published presets draw, if the user may not publish.

        Such presets remain when a source with this name is removed from the code.
        """
        dataset = Dataset(name=name, visibility=Visibility.STAFF)
        if not may_change(self.request.user, dataset):
            message = _(
                "Published charts draw a source of this name. Choose another name, because you "
                "don't have permission to publish."
            )
            self.add_error("name", message)

    def _add_staged(self, outcome: Staged | PlotError) -> None:
        if isinstance(outcome, PlotError):
            self._refuse(outcome)
            return
        self.staged = outcome
        self.is_new = True
        message = _("Check your data below. Nothing has been saved yet.")
        self.add_error(None, ValidationError(message, code="staged"))

    def _refuse(self, error: PlotError) -> None:
        self.failure = error
        self.add_error("upload", as_validation_error(error))

    def _restore(self, token: str) -> None:
        try:
            with site_failures():
                self.staged = Staged.read(token, self.request.user, self.instance)
        except PlotError as error:
            self.unread_token = token
            return self._refuse(error)
        others = Dataset.objects.exclude(pk=self.instance.pk)
        if self.staged is None or others.filter(file=self.staged.file).exists():
            self.staged = None
            self.add_error(
                "upload", _("The uploaded file is no longer stored. Please upload it again.")
            )

    def _upload_error(self) -> PlotError | None:
        """Why an ``UploadHandler`` has not written the file."""
        handlers = getattr(self.request, "upload_handlers", ())
        return next(filter(None, (getattr(each, "error", None) for each in handlers)), None)

    @property
    def shown(self) -> Staged | None:
        """The data to be checked before they are saved."""
        return self.staged if self.errors else None

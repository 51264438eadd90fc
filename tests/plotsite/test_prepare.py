"""The command prepare: starter content and the administrator."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plotsite.management.commands import prepare


@pytest.mark.django_db
def test_prepare_is_idempotent(capsys):
    call_command("prepare")
    first = list(Preset.objects.order_by("pk").values())
    listed = json.loads(prepare.STARTERS.read_text(encoding="utf-8"))
    for told in json.loads(prepare.STARTER_DATASETS.read_text(encoding="utf-8")):
        listed += told["presets"]
        assert Dataset.objects.filter(name=told["name"], revision=1).exists()
    assert [preset["slug"] for preset in first] == [entry["slug"] for entry in listed]
    assert [preset["order"] for preset in first] == list(range(len(listed)))
    capsys.readouterr()

    call_command("prepare")
    assert list(Preset.objects.order_by("pk").values()) == first
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_deleted_starter_presets_stay_deleted():
    call_command("prepare")
    Preset.objects.all().delete()
    call_command("prepare")
    assert not Preset.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "no such kind"}, {"no_such_field": 1}])
def test_broken_starter_preset(tmp_path, monkeypatch, change):
    entries = json.loads(prepare.STARTERS.read_text(encoding="utf-8"))
    entries[-1] |= change
    broken = tmp_path / "starter_presets.json"
    broken.write_text(json.dumps(entries), encoding="utf-8")
    with monkeypatch.context() as patch, pytest.raises(CommandError, match=entries[-1]["slug"]):
        patch.setattr(prepare, "STARTERS", broken)
        call_command("prepare")
    assert not Preset.objects.exists() and not Dataset.objects.exists()

    call_command("prepare")  # the failed run did not mark the presets as loaded
    assert Preset.objects.count() > len(entries)


@pytest.mark.django_db
def test_admin_password_is_printed_once(capsys, client):
    call_command("prepare", address="http://127.0.0.1:0/")
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:0/admin/" in printed
    found = re.search(r"password {2,}(\S+)", printed)
    assert found
    assert client.login(username="admin", password=found[1])

    get_user_model().objects.update(
        username="ada"
    )  # one administrator is enough, whatever the name
    call_command("prepare")
    assert "password" not in capsys.readouterr().out
    assert get_user_model().objects.count() == 1

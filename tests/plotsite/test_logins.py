"""Failed logins of a client have to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client, override_settings

LOGIN = "/admin/login/?next=/admin/"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture(autouse=True)
def editor(db: None) -> User:
    return User.objects.create_superuser("ada", password="right")


def log_in(password: str = "wrong", name: str = "ada", address: str = HERE, **headers: str) -> int:
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post(LOGIN, {"username": name, "password": password}).status_code


def test_wrong_passwords_for_a_name_have_to_wait() -> None:
    assert [log_in() for _ in range(4)] == [200] * 4
    assert log_in() == 429
    client = Client(REMOTE_ADDR=HERE)
    answer = client.post(LOGIN, {"username": "ada", "password": "right"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 900
    assert answer["Cache-Control"] == "no-store"
    assert "Try again in 15 minutes." in answer.content.decode()
    assert client.get(LOGIN).status_code == 200
    # Another address and another name are not affected.
    assert log_in("right", address=ELSEWHERE) == 302
    User.objects.create_superuser("eve", password="right")
    assert log_in("right", name="eve") == 302


def test_the_wait_ends() -> None:
    assert [log_in() for _ in range(5)][-1] == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    assert log_in("right") == 302


def test_refused_logins_do_not_make_the_wait_longer() -> None:
    assert [log_in() for _ in range(9)][-1] == 429
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_a_right_password_resets_the_count() -> None:
    for _ in range(3):
        assert [log_in() for _ in range(4)] == [200] * 4
        assert log_in("right") == 302


def test_many_names_from_an_address_have_to_wait() -> None:
    assert [log_in(name=f"name{n}") for n in range(49)] == [200] * 49
    assert log_in(name="another") == 429
    assert log_in("right") == 429
    assert log_in("right", address=ELSEWHERE) == 302


def test_a_network_of_ipv6_is_one_client() -> None:
    assert [log_in(address=f"2001:db8::{n}") for n in range(5)][-1] == 429
    assert log_in("right", address="2001:db8:0:1::1") == 302


def test_the_address_is_that_of_the_fair_share() -> None:
    forged = [log_in(**{"x-forwarded-for": f"1.1.1.{n}"}) for n in range(5)]
    assert forged[-1] == 429
    with override_settings(PLOTS={"CLIENT_IP_HEADER": "X-Forwarded-For", "PROCESSES": 0}):
        assert log_in("right", **{"x-forwarded-for": ELSEWHERE}) == 302


def test_passwords_are_not_stored() -> None:
    log_in("hunter2")
    assert "hunter2" not in str(AccessAttempt.objects.values())

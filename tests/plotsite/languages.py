"""The languages of the example site."""

from __future__ import annotations

import re

LANGUAGES = ("ko", "zh-hans")
KOREAN, CHINESE = re.compile("[가-힣]"), re.compile("[一-鿿]")

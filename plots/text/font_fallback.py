"""Which font draws a character: the one rule for pictures, error pictures and warnings.

Roboto has Latin, Greek and Cyrillic, DejaVu Sans most signs. Letters of other scripts come from a
font of the machine made for their script, if there is one; else from DejaVu Sans; else, those of
Chinese, Japanese and Korean, from a package beside us; else from any font of the machine. None of
those is looked for, let alone opened, before a text needs it, and matplotlib is never.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path

import font_roboto
from django.conf import settings

from plots.conf import conf


@dataclass(frozen=True)
class Face:
    """One font: a file, and its place among those that the file holds."""

    path: str
    index: int = 0

    def __contains__(self, character: str) -> bool:
        return ord(character) in _known(self)


_ROBOTO = Path(font_roboto.font_directory)
REGULAR, MEDIUM = (Face(str(_ROBOTO / f"Roboto-{name}.ttf")) for name in ("Regular", "Medium"))
# Comes with matplotlib: to find the file is not to import the package.
_DEJAVU = "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"
FALLBACK = Face(str(distribution("matplotlib").locate_file(_DEJAVU)))

MOST = 3  # faces besides ours in one text: each is an open file, and takes time to look into
MOST_FILES = 500  # of the machine, read for what nothing else has: half a second, once
NAMED = 5  # characters that a message names

# Files made for a language, the best first, as they are called on Linux, macOS and Windows. For
# any other script they are looked for as Noto and Lohit call theirs.
_MADE_FOR = {
    "ja": "NotoSansJP NotoSansCJKjp NotoSansCJK SourceHanSansJP SourceHanSans ipaexg YuGothR",
    "ko": "NotoSansKR NotoSansCJKkr NotoSansCJK SourceHanSansKR SourceHanSans NanumGothic "
    "AppleSDGothicNeo malgun",
    "zh-hans": "NotoSansSC NotoSansCJKsc NotoSansCJK SourceHanSansSC SourceHanSans wqymicrohei "
    "wqyzenhei PingFang msyh",
    "zh-hant": "NotoSansTC NotoSansCJKtc NotoSansCJK SourceHanSansTC SourceHanSans wqymicrohei "
    "wqyzenhei PingFang msjh",
}
# How the names of a collection's faces for them end.
_REGIONS = {"ja": (" JP",), "ko": (" KR", " K"), "zh-hans": (" SC",), "zh-hant": (" TC",)}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Cuts of a font that its plain one stands for, and those that have a box for everything.
_NOT_PLAIN = re.compile(
    "bold|black|heavy|light|thin|italic|oblique|condensed|mono|lastresort|blank"
)


def required_fonts(text: str, language: str = "") -> tuple[Face, ...]:
    """The faces besides ours that ``text`` needs, in the order in which to look into them.

    Chinese characters look different in Chinese, Japanese and Korean: see `language_of`.
    """
    if text.isascii():
        return ()
    return _needed(text, language, settings.LANGUAGE_CODE, conf.SYSTEM_FONTS)


def missing_characters(text: str) -> str:
    """The characters of ``text`` that no font here has, each once."""
    if text.isascii():
        return ""
    language, machine = language_of(text), conf.SYSTEM_FONTS
    return "".join(c for c in _wanted(text) if not _face_of(c, language, machine))


def character_names(characters: str) -> str:
    """``characters`` for a message to name, where they may not be seen: “ᚠ” (U+16A0), …"""
    named = [f"“{c}” (U+{ord(c):04X})" for c in characters[:NAMED]]
    return ", ".join([*named, "…"] if len(characters) > NAMED else named)


def language_of(text: str, default: str = "") -> str:
    """What the Chinese characters in ``text`` are: one of ja, ko, zh-hans and zh-hant.

    Its kana or hangul tell; else ``default`` if given; else the site's language; else of which
    Chinese script it has more that the other has not.
    """
    if _HANGUL.search(text):
        return "ko"
    if _KANA.search(text):
        return "ja"
    site = settings.LANGUAGE_CODE.lower()
    if default or site[:2] in ("ja", "ko"):
        return default or str(site[:2])
    signs = set(_CHINESE.findall(text))
    traditional = sum(_is_in("big5", c) - _is_in("gb2312", c) for c in signs)
    is_of_taiwan = site.startswith(("zh-hant", "zh-tw", "zh-hk"))
    return "zh-hant" if traditional > 0 or (is_of_taiwan and not traditional) else "zh-hans"


def fonts_version() -> str:
    """Another text where the same words may be drawn in other fonts."""
    return _stamp(settings.LANGUAGE_CODE, conf.SYSTEM_FONTS)


@lru_cache(8)
def _stamp(site: str, machine: bool) -> str:
    files = sorted(_files()) if machine else []
    return sha256(repr([site, bool(_package()), files]).encode()).hexdigest()


@lru_cache(4096)
def _needed(text: str, default: str, site: str, machine: bool) -> tuple[Face, ...]:
    language = language_of(text, default)
    found: list[Face] = []
    # Letters first: their font has the signs that go with them.
    for character in sorted(_wanted(text), key=lambda c: not c.isalpha()):
        if len(found) == MOST:
            break
        if character not in REGULAR and not any(character in face for face in found):
            face = _face_of(character, language, machine)
            if face and face != FALLBACK:
                found.append(face)
    return tuple(found)


def _wanted(text: str) -> list[str]:
    """The characters that ask for a glyph, each once: not what only tells others how to look."""
    return [
        c
        for c in dict.fromkeys(text)
        if unicodedata.category(c) not in ("Cc", "Cf") and "VARIATION SELECTOR" not in _name(c)
    ]


def _name(character: str) -> str:
    return unicodedata.name(character, "")


def _is_in(encoding: str, character: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


@lru_cache(4096)
def _face_of(character: str, language: str, machine: bool) -> Face | None:
    candidates = _candidates(character, language, machine)
    return next((face for face in candidates if character in face), None)


def _candidates(character: str, language: str, machine: bool) -> Iterator[Face]:
    yield REGULAR
    category = unicodedata.category(character)
    if category in ("Cn", "Co", "Cs"):
        return  # it means nothing, or something else in each font
    if machine and category[0] in "LM":
        yield from _made_for(_script(character, language))
    yield FALLBACK
    if package := _package():
        yield _face_in(package, language)
    if machine and ord(character) in _anywhere():
        yield _anywhere()[ord(character)]


def _script(character: str, language: str) -> str:
    if unicodedata.east_asian_width(character) in "WFH" or _HANGUL.match(character):
        return language
    return _name(character).partition(" ")[0]  # DEVANAGARI LETTER NA


@lru_cache(256)
def _made_for(script: str) -> tuple[Face, ...]:
    """Faces of the machine, the best first."""
    names = _MADE_FOR.get(script, f"NotoSans{script} Lohit{script}").lower().split()
    paths = [_files().get(name) or _files().get(f"{name}regular") for name in names]
    return tuple(_face_in(path, script) for path in paths if path)


@lru_cache(1)
def _files() -> dict[str, str]:
    """The machine's font files, by what they are called, in small letters alone."""
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    folders = [
        os.environ.get("XDG_DATA_HOME") or "~/.local/share",
        *shared.split(":"),
        *("~/Library", "/Library", "/System/Library"),
        *("~/AppData/Local/Microsoft/Windows", "C:/Windows"),
    ]
    found: dict[str, str] = {}
    for folder in [*(f"{each}/fonts" for each in folders), "~/.fonts"]:
        for path in sorted(Path(os.path.expanduser(folder)).rglob("*.*")):
            if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
                found.setdefault(re.sub(r"[\W_]", "", path.stem.lower()), str(path))
    return found


@lru_cache(1)
def _package() -> str:
    """The file that has Chinese, Japanese and Korean, if its package is installed."""
    try:
        from noto_cjk_sans_otc import FONT_PATH
    except ImportError:
        return ""
    return str(FONT_PATH)


@lru_cache(64)
def _face_in(path: str, language: str) -> Face:
    """Of a collection the face for ``language``, of another file its only one."""
    from fontTools.ttLib import TTCollection

    if not path.lower().endswith(".ttc"):
        return Face(path)
    try:
        with open(path, "rb") as file, TTCollection(file, lazy=True) as collection:
            said = [(font["name"].getBestFamilyName(), font["OS/2"]) for font in collection.fonts]
    except Exception:
        return Face(path)  # broken: it will have no characters
    unfit = [
        (not name.endswith(_REGIONS.get(language, ())), abs(os2.usWeightClass - 400), index)
        for index, (name, os2) in enumerate(said)
    ]
    return Face(path, min(unfit)[-1])


@lru_cache(1)
def _anywhere() -> dict[int, Face]:
    """For each character the first of the machine's fonts that has it."""
    found: dict[int, Face] = {}
    plain = sorted(name for name in _files() if not _NOT_PLAIN.search(name))
    for face in [Face(_files()[name]) for name in plain[:MOST_FILES]]:
        for code in _read(face):
            found.setdefault(code, face)
    return found


@lru_cache(16)
def _known(face: Face) -> frozenset[int]:
    return frozenset(_read(face))


def _read(face: Face) -> Iterator[int]:
    """The characters that ``face`` has outlines for; none if it is broken, coloured or thin."""
    from fontTools.ttLib import TTFont

    try:
        with open(face.path, "rb") as file, TTFont(file, fontNumber=face.index, lazy=True) as font:
            is_thin = "OS/2" in font and 100 <= font["OS/2"].usWeightClass < 300
            if is_thin or any(table in font for table in ("CBDT", "COLR", "EBDT", "sbix")):
                return iter(())
            font.setGlyphOrder(range(2**16))  # their names would take longer than all the rest
            return iter(font.getBestCmap() or ())
    except Exception:  # a file of somebody else's may be anything
        return iter(())

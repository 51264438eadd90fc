"""Which font draws a character, in images, error images and warnings.

Roboto has Latin, Greek and Cyrillic, DejaVu Sans most signs, Noto Emoji emojis. Letters of other
scripts are drawn in the first of these that has them: a font of the machine made for their script,
DejaVu Sans, the package of fonts for Chinese, Japanese and Korean, any font of the machine. These
are neither searched nor opened before a text needs them, and matplotlib is not imported.
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
    """A font: a file, and the index of the font in that file."""

    path: str
    index: int = 0

    def __contains__(self, character: str) -> bool:
        return ord(character) in _known(self)


_ROBOTO = Path(font_roboto.font_directory)
REGULAR, MEDIUM = (Face(str(_ROBOTO / f"Roboto-{name}.ttf")) for name in ("Regular", "Medium"))
# Comes with matplotlib. Its file is found without importing the package.
_DEJAVU = "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"
FALLBACK = Face(str(distribution("matplotlib").locate_file(_DEJAVU)))
# Noto Emoji in one weight, and its licence. Emojis are drawn in the colour of their text.
EMOJI = Face(str(Path(__file__).parent / "fonts" / "NotoEmoji-Regular.ttf"))

FIRST_EMOJI = 0x1F000  # DejaVu Sans has a few faces among hundreds; other signs are in its style
MOST = 3  # fallback fonts in one text: each is an open file, and takes time to search
MOST_FILES = 500  # of the machine, read for rare characters: half a second, once
NAMED = 5  # characters that a message lists

# Names of font files for a language on Linux, macOS and Windows, the best first. For other scripts,
# the names that Noto and Lohit use are searched.
_MADE_FOR = {
    "ja": "NotoSansJP NotoSansCJKjp NotoSansCJK SourceHanSansJP SourceHanSans ipaexg YuGothR",
    "ko": "NotoSansKR NotoSansCJKkr NotoSansCJK SourceHanSansKR SourceHanSans NanumGothic "
    "AppleSDGothicNeo malgun",
    "zh-hans": "NotoSansSC NotoSansCJKsc NotoSansCJK SourceHanSansSC SourceHanSans wqymicrohei "
    "wqyzenhei PingFang msyh",
    "zh-hant": "NotoSansTC NotoSansCJKtc NotoSansCJK SourceHanSansTC SourceHanSans wqymicrohei "
    "wqyzenhei PingFang msjh",
}
# The last part of the names of their fonts in a collection.
_REGIONS = {"ja": (" JP",), "ko": (" KR", " K"), "zh-hans": (" SC",), "zh-hant": (" TC",)}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Styles other than the regular one, and fonts with a box for every character.
_NOT_PLAIN = re.compile(
    "bold|black|heavy|light|thin|italic|oblique|condensed|mono|lastresort|blank"
)


def required_fonts(text: str, language: str = "") -> tuple[Face, ...]:
    """Return the fonts besides Roboto and DejaVu Sans that ``text`` needs, in order of search.

    Chinese characters look different in Chinese, Japanese and Korean: see `language_of`.
    """
    if text.isascii():
        return ()
    return _needed(text, language, settings.LANGUAGE_CODE, conf.SYSTEM_FONTS)


def missing_characters(text: str) -> str:
    """Return the characters of ``text`` that no font has, each once."""
    if text.isascii():
        return ""
    language, machine = language_of(text), conf.SYSTEM_FONTS
    return "".join(c for c in _visible(text) if not _face_of(c, language, machine))


def character_names(characters: str) -> str:
    """Return ``characters`` for a message, with their numbers: “ᚠ” (U+16A0), …"""
    named = [f"“{c}” (U+{ord(c):04X})" for c in characters[:NAMED]]
    return ", ".join([*named, "…"] if len(characters) > NAMED else named)


def language_of(text: str, default: str = "") -> str:
    """Return the language of the Chinese characters in ``text``: ja, ko, zh-hans or zh-hant.

    Kana and hangul decide; else ``default``, if given; else the language of the site; else the
    Chinese script with more characters that the other one does not have.
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
    """Return a digest of all that decides in which fonts a text is drawn."""
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
    for character in sorted(_visible(text), key=lambda c: not c.isalpha()):
        if len(found) == MOST:
            break
        if character not in REGULAR and not any(character in face for face in found):
            face = _face_of(character, language, machine)
            if face and face != FALLBACK:
                found.append(face)
    return tuple(found)


def _visible(text: str) -> list[str]:
    """Return the characters with a glyph, each once: no controls and no variation selectors."""
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
        return  # it has no meaning, or another one in each font
    if machine and category[0] in "LM":
        yield from _made_for(_script(character, language))
    if ord(character) >= FIRST_EMOJI:
        yield EMOJI
    yield FALLBACK
    yield EMOJI
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
    """Return the fonts of the machine for ``script``, the best first."""
    names = _MADE_FOR.get(script, f"NotoSans{script} Lohit{script}").lower().split()
    paths = [_files().get(name) or _files().get(f"{name}regular") for name in names]
    return tuple(_face_in(path, script) for path in paths if path)


@lru_cache(1)
def _files() -> dict[str, str]:
    """Return the font files of the machine, by their names in lower case letters."""
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
    """Return the file of the package for Chinese, Japanese and Korean, or "" without it."""
    try:
        from noto_cjk_sans_otc import FONT_PATH
    except ImportError:
        return ""
    return str(FONT_PATH)


@lru_cache(64)
def _face_in(path: str, language: str) -> Face:
    """Return the font for ``language`` in a collection, or the only font of another file."""
    from fontTools.ttLib import TTCollection

    if not path.lower().endswith(".ttc"):
        return Face(path)
    try:
        with open(path, "rb") as file, TTCollection(file, lazy=True) as collection:
            fonts = [(font["name"].getBestFamilyName(), font["OS/2"]) for font in collection.fonts]
    except Exception:
        return Face(path)  # a broken file has no characters
    unfit = [
        (not name.endswith(_REGIONS.get(language, ())), abs(os2.usWeightClass - 400), index)
        for index, (name, os2) in enumerate(fonts)
    ]
    return Face(path, min(unfit)[-1])


@lru_cache(1)
def _anywhere() -> dict[int, Face]:
    """Return the first font of the machine that has each character."""
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
    """Return the characters that ``face`` draws; none if it is broken, coloured or thin."""
    from fontTools.ttLib import TTFont

    try:
        with open(face.path, "rb") as file, TTFont(file, fontNumber=face.index, lazy=True) as font:
            is_thin = "OS/2" in font and 100 <= font["OS/2"].usWeightClass < 300
            if is_thin or any(table in font for table in ("CBDT", "COLR", "EBDT", "sbix")):
                return iter(())
            font.setGlyphOrder(range(2**16))  # reading the names would take longest
            return iter(font.getBestCmap() or ())
    except Exception:  # a font file may be broken in any way
        return iter(())

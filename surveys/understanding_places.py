"""What is sent rather than typed: a place may be typed as degrees, a picture or a voice may not."""

import re

from surveys.definition import Answer, Question
from surveys.options import SKIP, Misread
from surveys.typed import plain_digits, words_of
from surveys.understanding_words import lexicon

_SOUTH, _NORTH = 6.0, 23.5
"""Latitudes of Việt Nam with its islands, in degrees (Trường Sa to Lũng Cú)."""
_WEST, _EAST = 102.0, 118.0
_POINTS = re.compile(r"\s*\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*N?\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*E?\s*\)?\s*\.?")
_COMMAS = re.compile(r"\s*\(?\s*(-?\d{1,3},\d+)\s*[,;\s]\s*(-?\d{1,3},\d+)\s*\)?\s*\.?")


def place(_question: Question, text: str, _language: str) -> Answer | Misread:
    """A place in degrees, latitude first; longitude first is seen by its size."""
    plain = plain_digits(text)
    found = _POINTS.fullmatch(plain) or _COMMAS.fullmatch(plain)
    if found is None:
        return Misread("place_words")
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    return placed(*((longitude, latitude) if _inside(longitude, latitude) else (latitude, longitude)))


def placed(latitude: float, longitude: float) -> Answer | Misread:
    """A point in degrees as the answer to a place question."""
    return f"{latitude},{longitude}" if _inside(latitude, longitude) else Misread("place_outside")


def _inside(latitude: float, longitude: float) -> bool:
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def photo(question: Question, text: str, language: str) -> Answer | Misread:
    """No text is a picture; "không có" passes on where that is allowed."""
    return Misread("send_photo") if not _has_none(text, language) else _none(question)


def voice(question: Question, text: str, language: str) -> Answer | Misread:
    """No text is a voice; "không có" passes on where that is allowed."""
    return Misread("send_voice") if not _has_none(text, language) else _none(question)


def _has_none(text: str, language: str) -> bool:
    known = lexicon(language)
    typed = words_of(text)
    return typed in known.no or (bool(typed) and known.bare(typed) in known.no)


def _none(question: Question) -> Answer | Misread:
    return Misread("required") if question.required else SKIP

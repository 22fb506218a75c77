"""The language that letters tell."""

from __future__ import annotations

import pytest

from openregion.analysis.tongue import guess_language


@pytest.mark.parametrize(
    ("text", "page_lang", "lang"),
    [
        ("نشر الميزانية", "fr", "ar"),
        ("نشر CNDP الميزانية", "fr", "ar"),
        ("Le mot ميزانية veut dire budget", "ar", "fr"),
        ("Publish it", "en", "en"),
        ("Publish it", "ar", "fr"),
        ("Œuvre à Ḥad Ṣwāyr", "zgh", "fr"),
        ("ⴰⵣⵓⵍ", "fr", "zgh"),
        ("ﺍﻟﻤﻴﺰﺍﻧﻴﺔ", "fr", "ar"),
        ("", "en", "en"),
        ("12 345 ??? ١٢٣", "ar", "ar"),
        ("12 345", "zgh", "zgh"),
    ],
)
def test_language_is_told_by_the_letters_and_the_page(text: str, page_lang: str, lang: str) -> None:
    assert guess_language(text, page_lang) == lang

"""What is read aloud to a person before anyone writes for them."""

from __future__ import annotations

from dataclasses import dataclass

from openregion.consultation.queries.words import tag_of


@dataclass(frozen=True)
class Aloud:
    """Words to read aloud, in one tongue: what will be done with what the person says, and the question."""

    lang: str
    tag: str
    sentences: tuple[str, ...]


# Data, not messages: whoever helps reads the tongue of the person who is present, whatever the page is in.
_CONSENT: dict[str, tuple[str, ...]] = {
    "ary": (
        "غادي نكتب داكشي اللي غادي تقولو ليا، كيف ما قلتوه.",
        "السمية ديالكم ما غاديش نكتبوها.",
        "الكلام ديالكم غادي يتقرا، ومن بعد غادي يتنشر بلا ما نقولو شكون نتوما.",
        "غادي نعطيكم واحد الرقم سري: بيه تقدرو تعرفو شنو وقع فالفكرة ديالكم، ولا تسحبوها.",
        "تقدرو تقولو لا، وتقدرو توقفو فوقما بغيتو.",
        "واش متافقين؟",
    ),
    "ar": (
        "سأكتب ما تقولونه لي كما قلتموه.",
        "لن أكتب اسمكم.",
        "سيُقرأ كلامكم، ثم يُنشر دون أن يقال من أنتم.",
        "سأعطيكم رقما سريا: به تعرفون مآل فكرتكم، أو تسحبونها.",
        "يمكنكم أن ترفضوا، وأن تتوقفوا متى شئتم.",
        "هل أنتم موافقون؟",
    ),
    "fr": (
        "Je vais écrire ce que vous me dites, comme vous le dites.",
        "Je n’écris pas votre nom.",
        "Vos mots seront lus, puis publiés sans dire qui vous êtes.",
        "Je vous donnerai un code secret : avec lui, vous saurez ce que devient votre idée, ou vous la retirerez.",
        "Vous pouvez dire non, et vous arrêter quand vous voulez.",
        "Êtes-vous d’accord ?",
    ),
}


def consent_aloud() -> tuple[Aloud, ...]:
    """Give the words to read aloud, darija first: it is what most people speak."""
    return tuple(Aloud(lang, tag_of(lang), sentences) for lang, sentences in _CONSENT.items())

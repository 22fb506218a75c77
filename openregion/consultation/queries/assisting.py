"""Writing for somebody who is present: what is read aloud first, where it is done, what is recorded of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from openregion.consultation.models import AssistedEntry, Consultation
from openregion.consultation.queries.words import tag_of
from openregion.core.official import OfficialText
from openregion.people.models import Member


@dataclass(frozen=True)
class Aloud:
    """Words to read aloud, in one tongue: what will be done with what the person says, and the question.

    Without sentences, the helper says them in the person's own words.
    """

    lang: str
    tag: str
    way: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Assistance:
    """That somebody wrote for a person who was present: the consent, and who typed, for those who moderate alone."""

    consent_at: dt.datetime
    consent_lang: str
    helper: str
    organisation: str


# Data, not messages: whoever helps reads the tongue of the person who is present, whatever the page is in.
# The third sentence is the first of these where the consultation reads before it publishes, the second where after.
_THEN_PUBLISHED: dict[str, tuple[str, str]] = {
    "ary": (
        "الكلام ديالكم غادي يتقرا، ومن بعد غادي يتنشر بلا ما نقولو شكون نتوما.",
        "الكلام ديالكم غادي يتنشر دابا بلا ما نقولو شكون نتوما، ومن بعد غادي يتقرا؛ إلا تحيد، غادي تعرفو علاش.",
    ),
    "ar": (
        "سيُقرأ كلامكم، ثم يُنشر دون أن يقال من أنتم.",
        "سيُنشر كلامكم فورا دون أن يقال من أنتم، ثم يُقرأ؛ وإذا أزيل، عرفتم السبب.",
    ),
    "fr": (
        "Vos mots seront lus, puis publiés sans dire qui vous êtes.",
        "Vos mots seront publiés tout de suite sans dire qui vous êtes, puis lus ;"
        " s’ils sont retirés, vous saurez pourquoi.",
    ),
    "en": (
        "Your words will be read, then published without saying who you are.",
        "Your words will be published at once without saying who you are, then read;"
        " if they are taken away, you will know why.",
    ),
}
_CONSENT: dict[str, tuple[str, ...]] = {
    "ary": (
        "غادي نكتب داكشي اللي غادي تقولو ليا، كيف ما قلتوه.",
        "السمية ديالكم ما غاديش نكتبوها.",
        "غادي يبان بلي شي واحد عاونكم فالكتابة، بلا ما نقولو شكون.",
        "غادي نعطيكم واحد الرقم سري: بيه تقدرو تعرفو شنو وقع فالفكرة ديالكم، ولا تسحبوها.",
        "تقدرو تقولو لا، وتقدرو توقفو فوقما بغيتو.",
        "واش متافقين؟",
    ),
    "ar": (
        "سأكتب ما تقولونه لي كما قلتموه.",
        "لن أكتب اسمكم.",
        "سيظهر أن شخصا ساعدكم على الكتابة، دون أن يقال من هو.",
        "سأعطيكم رقما سريا: به تعرفون مآل فكرتكم، أو تسحبونها.",
        "يمكنكم أن ترفضوا، وأن تتوقفوا متى شئتم.",
        "هل أنتم موافقون؟",
    ),
    "fr": (
        "Je vais écrire ce que vous me dites, comme vous le dites.",
        "Je n’écris pas votre nom.",
        "On verra que quelqu’un vous a aidé à écrire, sans dire qui.",
        "Je vous donnerai un code secret : avec lui, vous saurez ce que devient votre idée, ou vous la retirerez.",
        "Vous pouvez dire non, et vous arrêter quand vous voulez.",
        "Êtes-vous d’accord ?",
    ),
    "en": (
        "I am going to write what you tell me, as you say it.",
        "I do not write your name.",
        "People will see that somebody helped you to write, without saying who.",
        "I will give you a secret code: with it, you will know what becomes of your idea, or take it back.",
        "You may say no, and stop whenever you want.",
        "Do you agree?",
    ),
}
_BEFORE_THE_MARK = 2  # sentences: what is written, without a name


def consent_aloud(consultation: Consultation) -> tuple[Aloud, ...]:
    """Give the words to read aloud, darija first: it is what most people speak; they tell how this one publishes.

    Tamazight comes without sentences: it is said in the words of the place, and
    no text of it has been validated.
    """
    after = consultation.reads == Consultation.Reads.AFTER
    texts = {
        lang: (*said[:_BEFORE_THE_MARK], _THEN_PUBLISHED[lang][after], *said[_BEFORE_THE_MARK:])
        for lang, said in _CONSENT.items()
    }
    spoken = ("ary", "zgh", "ar", "fr", "en")
    return tuple(
        Aloud(lang, tag_of(lang), "rtl" if lang in {"ary", "ar"} else "ltr", texts.get(lang, ())) for lang in spoken
    )


def to_assist(member: Member, *, at: dt.datetime) -> tuple[tuple[OfficialText, str], ...]:
    """Give the open consultations, each with the page on which one writes for a person who is present."""
    found = Consultation.objects.of(member).open_at(at).order_by("closes_at", "pk")
    return tuple((one.title, reverse("assist", args=[member.slug, one.slug])) for one in found)


def assistance_of(member: Member, number: int) -> Assistance | None:
    """Say what is recorded of the help with which words were written; nothing where none is."""
    entries = AssistedEntry.objects.filter(contribution__member=member, contribution__number=number)
    found = entries.select_related("helper").first()
    if found is None:
        return None
    helper = str(found.helper.name) if found.helper else ""
    return Assistance(found.consent_at, found.consent_lang, helper, found.organisation)

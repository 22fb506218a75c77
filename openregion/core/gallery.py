"""Sample words for the gallery of components, in Arabic and in French.

Nothing here is about a real place or person. The samples are short and long,
with figures and Latin words inside Arabic, since that is where pages break.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from openregion.core import colour as colours
from openregion.core import dates, languages
from openregion.core.forms import DayField, WordsField

# Every pair of colours that carries words: ground, ink, and where it is used.
PALETTE = (
    ("#1d2422", "#fdfcf9", "ink"),
    ("#56605c", "#fdfcf9", "soft"),
    ("#0b5d57", "#fdfcf9", "accent"),
    ("#0b5d57", "#eaefec", "accent, wash"),
    ("#56605c", "#eaefec", "soft, wash"),
    ("#ffffff", "#0b5d57", "button"),
    ("#ffffff", "#083f3b", "strip"),
    ("#8a4a06", "#faf0df", "under way"),
    ("#8a4a06", "#fdfcf9", "under way, paper"),
    ("#8f1d2c", "#f9ebea", "late"),
    ("#8f1d2c", "#fdfcf9", "late, paper"),
    ("#56605c", "#efeeea", "idle"),
)


@dataclass(frozen=True)
class Swatch:
    """A pair of colours, as the gallery shows it."""

    ink: str
    ground: str
    use: str
    ratio: str


def swatches() -> list[Swatch]:
    """List the pairs with their contrast, computed."""
    return [Swatch(ink, ground, use, f"{colours.contrast(ink, ground):.1f}") for ink, ground, use in PALETTE]


def sides() -> list[dict[str, Any]]:
    """Give the samples for each direction, the Arabic first."""
    return [_side("ar"), _side("fr")]


def _side(lang: str) -> dict[str, Any]:
    words = _WORDS[lang]
    return {
        "lang": lang,
        "dir": languages.direction(lang),
        "words": words,
        "empty_form": _form(lang, data=None),
        "wrong_form": _form(lang, data={f"{lang}-wrong-email": "nom@", f"{lang}-wrong-text": "—"}),
        "pages": _page(),
        "rows": [
            (words["place"], words["places"][1]),
            (words["when"], dates.day(dt.date(2027, 3, 14), lang)),
            (words["reference"], "MEM-2027/014"),
            (words["budget"], dates.dirhams(1250000, lang)),
        ],
        "stages": [
            {"number": number, "label": label, "state": state, "when": dates.month(dt.date(2027, number, 1), lang)}
            for number, (label, state) in enumerate(
                zip(words["stages"], ("done", "done", "present", "to-come", "to-come"), strict=True), start=1
            )
        ],
        "head": [
            {"label": words["place"], "number": False},
            {"label": words["received"], "number": True},
            {"label": words["answered"], "number": True},
        ],
        "table": [
            [
                {"value": place, "number": False},
                {"value": dates.whole(count), "number": True},
                {"value": dates.whole(count // 2), "number": True},
            ]
            for place, count in zip(words["places"], (1284, 93, 417), strict=True)
        ],
        "items": [(label, "#main", number == 1) for number, label in enumerate(words["stages"])],
        "crumbs": [(words["home"], "#main"), (words["method"], "#main"), (words["stages"][2], "")],
        "map": [
            {"name": name, "path": path, "url": "#main", "chosen": number == 1}
            for number, (name, path) in enumerate(zip(words["places"], _PATHS, strict=True))
        ],
        "at": dt.datetime(2027, 3, 2, 9, 30, tzinfo=dt.UTC),
    }


_PATHS = (
    "M20 30 90 12l60 22-8 60-62 20-48-26z",
    "M150 34l70-16 56 44-30 58-70 8-34-34z",
    "M80 114l62-20 34 34-14 52-70 10-36-40z",
)


def _page() -> Page:
    return Paginator(range(95), 20).page(2)


def _form(lang: str, data: dict[str, str] | None) -> forms.Form:
    words = _WORDS[lang]["form"]

    class Sample(forms.Form):
        text = forms.CharField(label=words["text"], help_text=words["text_help"], max_length=120, min_length=5)
        words_ = WordsField(label=words["words"], help_text=words["words_help"], rows=4)
        email = forms.EmailField(label=words["email"], help_text=words["email_help"], required=False)
        day = DayField(label=words["day"])
        place = forms.ChoiceField(label=words["place"], choices=[("", "—"), *enumerate(_WORDS[lang]["places"])])
        kind = forms.ChoiceField(label=words["kind"], choices=enumerate(words["kinds"]), widget=forms.RadioSelect)
        needs = forms.MultipleChoiceField(
            label=words["needs"],
            choices=enumerate(words["all_needs"]),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        file = forms.FileField(label=words["file"], help_text=words["file_help"], required=False)
        agreed = forms.BooleanField(label=words["agreed"])

    return Sample(data, prefix=f"{lang}-{'wrong' if data else 'fresh'}")


_WORDS: dict[str, dict[str, Any]] = {
    "ar": {
        "kicker": "المرحلة 3 من 5",
        "title": "ماذا صار بما قلتموه؟",
        "lead": "لكل مقترح جواب علني ومعلل. وهنا ترون ما أخذت به الجهة، وما لم تأخذ به، ولماذا.",
        "paragraph": "تنشر الجهة كل جواب داخل أجل 30 يوما، مع اسم المصلحة المسؤولة. ويمكن لكل شخص أن يعلق "
        "على الجواب أو أن يطلب توضيحا عبر الموقع أو في أحد اللقاءات المنظمة بالأقاليم. "
        "الرمز المرجعي SG-2027-0412 يسمح بتتبع المقترح إلى النهاية.",
        "points": ["نقرأ كل مقترح", "نجيب عنه علنا", "نبين ما تغير"],
        "notice": "بقيت 12 يوما للتعليق على المشروع",
        "notice_text": "ينتهي التعليق يوم 14 مارس 2027 على الساعة 16:30.",
        "late": "تأخر هذا الالتزام بستة أسابيع",
        "late_text": "كتبت المصلحة المسؤولة لماذا، وحددت تاريخا جديدا.",
        "done": "وصل مقترحكم",
        "done_text": "رقمه العمومي 412.",
        "empty": "لا لقاء بعد في هذا الإقليم",
        "empty_text": "يحدد الفريق المواعيد هنا، قبل أسبوعين على الأقل.",
        "act": "اقترحوا موعدا",
        "quiet": "اقرأوا المنهجية",
        "grave": "اسحبوا المقترح",
        "badges": ["أنجز", "قيد الإنجاز", "متأخر", "لم يبدأ"],
        "figure": "من المقترحات المقبولة حصلت على جواب معلل",
        "figure_two": "مقترحا توصلت به الجهة منذ فتح الاستشارة",
        "place": "المكان",
        "when": "التاريخ",
        "reference": "المرجع",
        "budget": "الكلفة التقديرية",
        "places": ["إقليم النخيل", "إقليم الساقية الخضراء", "عمالة الميناء"],
        "stages": [
            "إطلاق الإعداد",
            "التشخيص التشاركي",
            "صياغة بطاقات الالتزام",
            "صياغة المشروع والمصادقة عليه",
            "التتبع والتقييم",
        ],
        "received": "توصلنا به",
        "answered": "أجبنا عنه",
        "caption": "المقترحات حسب الإقليم",
        "home": "الرئيسية",
        "method": "المنهجية",
        "toc": "المراحل",
        "voice": "نريد أن نعرف كم صرف على طريق القرية، ومتى تنتهي الأشغال.",
        "by": "مقترح رقم 412، إقليم النخيل",
        "other_voice": "On veut savoir combien coûte la route, et quand elle finit.",
        "line": "نشرت الجهة 14 جوابا معللا.",
        "sub": "أجابت عن المقترح رقم 412.",
        "map": "خريطة تبين ثلاثة أقاليم",
        "source": "رسم للتوضيح، لا يمثل مكانا حقيقيا.",
        "search": "ابحثوا في المقترحات",
        "submit": "أرسلوا",
        "form": {
            "text": "العنوان",
            "text_help": "جملة واحدة تقول ما تقترحون.",
            "words": "مقترحكم",
            "words_help": "بأي لغة أو خط. لا تكتبوا اسم أحد ولا رقم هاتفه.",
            "email": "البريد الإلكتروني",
            "email_help": "لنخبركم بالجواب. لا ننشره أبدا.",
            "day": "متى لاحظتم ذلك؟",
            "place": "الإقليم",
            "kind": "هذا المقترح يخص",
            "kinds": ["مشروعا قائما", "مشروعا جديدا", "خدمة عمومية"],
            "needs": "ما تحتاجونه في اللقاء",
            "all_needs": ["ولوجية الكراسي المتحركة", "ترجمة بلغة الإشارة", "ترجمة إلى الأمازيغية"],
            "file": "صورة أو وثيقة",
            "file_help": "PDF أو JPEG، إلى حدود 5 ميغابايت.",
            "agreed": "قرأت كيف تحفظ معطياتي وأوافق",
        },
    },
    "fr": {
        "kicker": "Étape 3 sur 5",
        "title": "Qu’est devenu ce que vous avez dit ?",
        "lead": "Chaque suggestion reçoit une réponse publique et motivée. Ici, ce que la Région retient, ce qu’elle "
        "ne retient pas, et pourquoi.",
        "paragraph": "La Région publie chaque réponse sous 30 jours, avec le nom du service responsable. Chacun peut "
        "commenter la réponse ou demander une précision, sur le site ou lors d’une rencontre dans sa province. "
        "La référence SG-2027-0412 permet de suivre la suggestion jusqu’au bout.",
        "points": ["Nous lisons chaque suggestion", "Nous y répondons en public", "Nous montrons ce qui change"],
        "notice": "Il reste 12 jours pour commenter le projet",
        "notice_text": "Les commentaires ferment le 14 mars 2027 à 16:30.",
        "late": "Cet engagement a six semaines de retard",
        "late_text": "Le service responsable dit pourquoi, et donne une nouvelle date.",
        "done": "Votre suggestion est arrivée",
        "done_text": "Son numéro public est 412.",
        "empty": "Pas encore de rencontre dans cette province",
        "empty_text": "L’équipe fixe les dates ici, au moins deux semaines avant.",
        "act": "Proposer une date",
        "quiet": "Lire la méthode",
        "grave": "Retirer la suggestion",
        "badges": ["Fait", "En cours", "En retard", "Pas commencé"],
        "figure": "des suggestions admises ont reçu une réponse motivée",
        "figure_two": "suggestions reçues depuis l’ouverture de la consultation",
        "place": "Lieu",
        "when": "Date",
        "reference": "Référence",
        "budget": "Coût estimé",
        "places": ["Province des Palmiers", "Province de la Source-Verte", "Préfecture du Port"],
        "stages": [
            "Lancement de la préparation",
            "Diagnostic participatif",
            "Élaboration des fiches d’engagement",
            "Rédaction et validation du plan",
            "Suivi et évaluation",
        ],
        "received": "Reçues",
        "answered": "Répondues",
        "caption": "Suggestions par province",
        "home": "Accueil",
        "method": "La méthode",
        "toc": "Étapes",
        "voice": "On veut savoir combien coûte la route du village, et quand les travaux finissent.",
        "by": "Suggestion n° 412, Province des Palmiers",
        "other_voice": "نريد أن نعرف كم صرف على طريق القرية، ومتى تنتهي الأشغال.",
        "line": "La Région a publié 14 réponses motivées.",
        "sub": "Elle a répondu à la suggestion n° 412.",
        "map": "Carte de trois provinces",
        "source": "Dessin d’exemple, qui ne montre aucun lieu réel.",
        "search": "Chercher dans les suggestions",
        "submit": "Envoyer",
        "form": {
            "text": "Titre",
            "text_help": "Une phrase qui dit ce que vous proposez.",
            "words": "Votre suggestion",
            "words_help": "Dans votre langue, votre écriture. N’écrivez le nom ni le téléphone de personne.",
            "email": "Adresse électronique",
            "email_help": "Pour vous prévenir de la réponse. Jamais publiée.",
            "day": "Quand l’avez-vous constaté ?",
            "place": "Province",
            "kind": "Cette suggestion concerne",
            "kinds": ["Un projet en cours", "Un projet nouveau", "Un service public"],
            "needs": "Ce qu’il vous faut pour venir",
            "all_needs": ["Accès en fauteuil roulant", "Interprète en langue des signes", "Interprète en amazigh"],
            "file": "Photo ou document",
            "file_help": "PDF ou JPEG, jusqu’à 5 Mo.",
            "agreed": "J’ai lu comment mes données sont gardées et je suis d’accord",
        },
    },
}

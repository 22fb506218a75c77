"""A year of follow-up on the first commitment of the invented plan: what the completion sheet is tried on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from openregion.monitoring.actions import (
    Shown,
    correct_progress,
    draft_completion_sheet,
    report_progress,
    revise_completion_sheet,
)
from openregion.monitoring.models import CompletionSheet
from openregion.people.models import User
from openregion.plan.models import ActionPlan
from tests.plan.statements import AT, Words, words

YEAR = (dt.date(2027, 1, 1), dt.date(2027, 12, 31))
TEXTS: dict[str, Words] = {
    "problem": (
        "Le budget régional compte désormais 231 pages. Une enquête de 2027 montre que six habitants sur dix "
        "ne savent pas ce que la Région dépense chez eux.",
        "أصبحت ميزانية الجهة في 231 صفحة. "
        "ويبين بحث أُنجز في 2027 أن ستة من كل عشرة سكان لا يعرفون ما تنفقه الجهة في إقليمهم.",
        "The regional budget now has 231 pages. A survey of 2027 shows that six residents in ten do not know what the "
        "Region spends where they live.",
    ),
    "explanation-transparency": (
        "Les données sont ouvertes ligne par ligne.",
        "المعطيات مفتوحة سطرا بسطر.",
        "Data are open line by line.",
    ),
    "results": (
        "Deux budgets citoyens ont paru en juin, pour deux provinces. Le fichier a été téléchargé 412 fois et "
        "une radio locale en a lu des extraits.\nLe troisième attend les chiffres d’une commune.",
        "صدرت ميزانيتان للمواطن في يونيو، لإقليمين. وحُمل الملف 412 مرة وقرأت إذاعة محلية مقتطفات منه.\n"
        "وتنتظر الثالثة أرقام جماعة واحدة.",
        "Two citizens’ budgets came out in June, for two provinces. The file was downloaded 412 times and a local "
        "radio read from it.\nThe third waits for the figures of one commune.",
    ),
    "next-steps": (
        "Publier les deux autres provinces avant mars 2028.",
        "نشر الإقليمين الآخرين قبل مارس 2028.",
        "Publish the other two provinces before March 2028.",
    ),
}  # fmt: skip


def drafted_sheet(plan: ActionPlan, by: User) -> CompletionSheet:
    """Report a year with a delay and a correction, then fill in the sheet of that year."""
    commitment = plan.commitments.get(number=1)
    first, second, third, _last = commitment.milestones.order_by("number")
    seen = Shown(title=words(("Page publique", "الصفحة العمومية", "Public page")), url="https://budget.example.ma/2027")
    said = {"by": by, "at": AT}
    done = words(("La personne est désignée.", "تم تعيين المسؤول.", "The person is named."))
    report_progress(
        commitment, level="complete", text=done, as_of=dt.date(2027, 2, 1), milestone=first, evidence=[seen], **said
    )
    held = words(("Deux ateliers tenus.", "انعقدت ورشتان.", "Two workshops held."))
    wrong = report_progress(
        commitment, level="complete", text=held, as_of=dt.date(2027, 6, 20), milestone=second, evidence=[seen], **said
    )
    correct_progress(wrong, level="limited", text=held, as_of=dt.date(2027, 6, 20), **said)
    late = words(("Les chiffres d’une commune manquent.", "تنقص أرقام جماعة.", "The figures of a commune are missing."))
    new_day = {"expected_on": dt.date(2028, 10, 31), "measure": Decimal("2")}
    report_progress(
        commitment, level="limited", text=late, as_of=dt.date(2027, 11, 30), milestone=third, **new_day, **said
    )
    after = words(("Dit trop tard pour l’année.", "قيل بعد السنة.", "Said after the year."))
    report_progress(commitment, level="limited", text=after, as_of=dt.date(2028, 1, 15), **said)
    sheet = draft_completion_sheet(commitment, starts_on=YEAR[0], ends_on=YEAR[1], level="limited", **said)
    return revise_completion_sheet(
        sheet,
        texts={code: words(text) for code, text in TEXTS.items()},
        values={"relevance-transparency": True, "relevance-accountability": False},
        level="limited",
        **said,
    )

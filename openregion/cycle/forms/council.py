"""The forms of the Council's files: their words, their agenda, the opinion, the vote."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, reworded, text_in
from openregion.cycle.models import Cycle, Deliberation, Meeting, Proposal, ProposalPaper
from openregion.cycle.queries.council import (
    CHOICES,
    OPINIONS,
    SUBJECTS,
    Counts,
    commissions_of,
    councils_of,
    day_of,
    meetings_of_commission,
    plain,
    refused_to_replace,
    sessions_to_come,
    sittings_of,
    voting_mandates,
    without_quorum_at,
)
from openregion.cycle.queries.turns import DECISIONS
from openregion.people.forms import BodyChoice, LineField
from openregion.people.models import Body, Mandate
from openregion.people.queries import cited
from openregion.people.rules import today

LONGEST = 20_000
LONGEST_TITLE = 300
_OWN = {one.code: one.own_name for one in languages.ALL}


class WordedForm(forms.Form):
    """A form some of whose answers are official texts, in French, Arabic and English."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = dict(self.initial)
        self._before: dict[str, OfficialText] = {}

    def ask_words(
        self, name: str, label: Any, text: OfficialText | None = None, *, rows: int = 1, needed: bool = False,
        help_text: Any = "",
    ) -> None:  # fmt: skip
        """Ask an official text, French first; ``needed`` asks for the French."""
        self._before[name] = text or {}
        for lang in languages.WORKING:
            attrs: dict[str, Any] = {"lang": lang, "dir": languages.direction(lang)}
            widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs=attrs)
            field = WordsField if rows > 1 else LineField
            self.fields[f"{name}_{lang}"] = field(
                label=f"{label} – {_OWN[lang]}",
                required=needed and lang == "fr",
                max_length=LONGEST if rows > 1 else LONGEST_TITLE,
                widget=widget,
                help_text=help_text if lang == "fr" else "",
            )
            self.initial.setdefault(f"{name}_{lang}", plain(self._before[name]).get(lang, ""))

    def words(self, name: str, at: dt.datetime) -> OfficialText:
        """Give what was written as official text; what did not change keeps its date."""
        said = {lang: self.cleaned_data.get(f"{name}_{lang}", "") for lang in languages.WORKING}
        return reworded(self._before[name], said, at=at)


class SessionChoice(forms.ModelChoiceField):
    """A choice among sessions, by their name and day."""

    def label_from_instance(self, session: Meeting) -> str:  # type: ignore[override]
        """Name the session and its day."""
        lang = get_language() or "fr"
        return f"{text_in(session.title, lang)} – {dates.day(day_of(session), lang)}"


class DecisionChoice(forms.ModelChoiceField):
    """A choice among decisions of the Council, cited by their act."""

    def label_from_instance(self, one: Deliberation) -> str:  # type: ignore[override]
        """Cite the act of the decision."""
        return cited(one.act)


class PaperChoices(forms.ModelMultipleChoiceField):
    """A choice among the documents of a file, by their title."""

    def label_from_instance(self, paper: ProposalPaper) -> str:  # type: ignore[override]
        """Name the document."""
        return text_in(paper.title, get_language() or "fr")


class ProposalForm(WordedForm):
    """A file for the Council: what it is about, the report, the decision proposed."""

    subject = forms.ChoiceField(
        label=gettext_lazy("What it is about"), widget=forms.RadioSelect, choices=list(SUBJECTS.items())
    )
    council = BodyChoice(
        Body.objects.none(), to_field_name="uid", label=gettext_lazy("Which Council"), empty_label=None
    )
    wants_visa = forms.BooleanField(
        required=False,
        label=gettext_lazy("The visa will be asked for"),
        help_text=gettext_lazy("The guide asks it for the plan. For joining the programme, the Region chooses."),
    )

    def __init__(
        self, *args: Any, cycle: Cycle, proposal: Proposal | None = None, like: Proposal | None = None,
        fixed_subject: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        copied = proposal or like
        self.fields["council"].queryset = councils_of(cycle.member)  # type: ignore[attr-defined]
        if fixed_subject:
            self.fields["subject"].widget = forms.HiddenInput()
            self.fields["subject"].choices = [(fixed_subject, SUBJECTS[fixed_subject])]  # type: ignore[attr-defined]
            self.initial.setdefault("subject", fixed_subject)
        self.ask_words("title", _("Title"), copied.title if copied else None, needed=True)
        self.ask_words(
            "report", _("Report: why"), copied.report if copied else None, rows=10,
            help_text=_("The Council reads it to decide. Everyone does once the file is frozen and on an agenda."),
        )  # fmt: skip
        self.ask_words("decision_text", _("Decision proposed"), copied.decision_text if copied else None, rows=6)
        if copied:
            copied_too = {"subject": copied.subject, "wants_visa": copied.wants_visa, "council": copied.council.uid}
            self.initial = {**self.initial, **copied_too}
        if proposal is not None and (papers := proposal.papers.all()):
            self.fields["without"] = PaperChoices(
                papers, to_field_name="uid", required=False, widget=forms.CheckboxSelectMultiple,
                label=_("Documents to take out of the file"),
            )  # fmt: skip
        fields = list(self.fields)
        self.order_fields(["subject", "council", *(one for one in fields if one[-3:] in ("_fr", "_ar", "_en"))])

    def said(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed writes."""
        told = self.cleaned_data
        worded = {name: self.words(name, at) for name in ("title", "report", "decision_text")}
        return {name: told[name] for name in ("subject", "council", "wants_visa")} | worded


class PaperForm(WordedForm):
    """A document joined to a file."""

    file = forms.FileField(
        label=gettext_lazy("The document"),
        help_text=gettext_lazy(
            "Everyone can read it once the file is frozen and on an agenda. "
            "Hide identity-card numbers and private addresses."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_words("title", _("Title"), needed=True)
        self.order_fields(["title_fr", "title_ar", "title_en", "file"])


class AgendaForm(WordedForm):
    """On the agenda of which session, and why so late when its agenda left already."""

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = sessions_to_come(proposal)
        self.fields["session"] = SessionChoice(
            found, to_field_name="uid", label=_("Session"), empty_label=_("Choose the session")
        )
        self.ask_words(
            "late_reason", _("Why it is added late"), rows=3,
            help_text=_("Only when the agenda of the session was addressed already. It is published."),
        )  # fmt: skip


class DoneOnForm(forms.Form):
    """The day on which something was done."""

    def __init__(self, *args: Any, name: str, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = DayField(label=label, help_text=help_text, initial=today())


class ReferralForm(forms.Form):
    """To which commission, and when."""

    commission = BodyChoice(
        Body.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("Commission"),
        empty_label=gettext_lazy("Choose the commission"),
        help_text=gettext_lazy("The guide names the one for external relations and decentralised co-operation."),
    )
    referred_on = DayField(label=gettext_lazy("Referred on"))

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commission"].queryset = commissions_of(proposal.cycle.member, proposal.council)  # type: ignore[attr-defined]
        self.fields["referred_on"].initial = today()


class OpinionForm(WordedForm):
    """What the commission thinks of a file."""

    opinion = forms.ChoiceField(label=gettext_lazy("Opinion"), widget=forms.RadioSelect, choices=list(OPINIONS.items()))
    opinion_on = DayField(label=gettext_lazy("Given on"))

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"] = SessionChoice(
            meetings_of_commission(proposal), to_field_name="uid", required=False, label=_("At which meeting"),
            empty_label=_("Not recorded here"),
        )  # fmt: skip
        self.ask_words("text", _("What it says"), rows=5)


class ReasonForm(WordedForm):
    """Why something is done, in words that are published."""

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_words("reason", label, rows=3, needed=True)


class VoteForm(WordedForm):
    """The vote on a file: the sitting, the act, the decision, how the Council voted, the text as voted."""

    by_name = False
    number = LineField(
        label=gettext_lazy("Number of the deliberation"),
        max_length=60,
        help_text=gettext_lazy("As printed on the act, as in 12/2026."),
    )
    dated_on = DayField(label=gettext_lazy("Date of the vote"))
    decision = forms.ChoiceField(
        label=gettext_lazy("What the Council decided"), widget=forms.RadioSelect, choices=list(DECISIONS.items())
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sittings = sittings_of(proposal)
        self.fields["session"] = SessionChoice(sittings, to_field_name="uid", label=_("Sitting"), empty_label=None)
        held = [one for one in sittings if one.state == Meeting.State.HELD]
        if held:
            self.initial.setdefault("session", held[-1].uid)
            self.initial.setdefault("dated_on", day_of(held[-1]))
        self.ask_the_vote(proposal)
        self.ask_words(
            "text", _("Text as voted"), proposal.decision_text, rows=6, needed=True,
            help_text=_("The decision proposed stands here. Change it only where the Council amended it."),
        )  # fmt: skip
        self.fields["file"] = forms.FileField(
            required=False, label=_("The signed deliberation, as a PDF"),
            help_text=_("Everyone can read it."), widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        )  # fmt: skip
        if replaceable := refused_to_replace(proposal):
            self.fields["replaces"] = DecisionChoice(
                replaceable, to_field_name="uid", required=False, label=_("Decision that this vote replaces"),
                empty_label=_("None"), help_text=_("One whose visa was refused, on the same matter."),
                initial=replaceable[0].uid if len(replaceable) == 1 else None,
            )  # fmt: skip
        if any(without_quorum_at(one) for one in held):
            self.ask_without_quorum()
        self.order_fields(["session", "number", "dated_on", "decision"])

    def ask_without_quorum(self) -> None:
        """Ask why a vote stands that the rule, as far as it is known, would not let stand."""
        self.fields["confirmed"] = forms.BooleanField(
            required=False,
            label=_("I know that this vote stands, though the quorum is recorded as not met"),
            help_text=_("Only if it does. Otherwise convene the session again and record the vote of that sitting."),
        )
        self.ask_words(
            "quorum_reason", _("Why the vote stands without quorum"), rows=3, help_text=_("It is published.")
        )

    def ask_the_vote(self, proposal: Proposal) -> None:
        """Ask how many voted each way."""
        labels = {
            "votes_for": _("Votes for"), "votes_against": _("Votes against"), "abstained": _("Abstentions"),
            "not_taking_part": _("Present, took no part in the vote"),
        }  # fmt: skip
        for name, label in labels.items():
            needed = name != "not_taking_part"
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=999, required=needed)

    def said(self, at: dt.datetime) -> dict[str, Any]:
        """Give what the deed writes, but for the file."""
        told = self.cleaned_data
        cited_words = {name: told[name] for name in ("session", "number", "dated_on", "decision")}
        said = cited_words | self._voted() | {"text": self.words("text", at), "replaces": told.get("replaces")}
        if "confirmed" in self.fields:
            said |= {"confirmed": told["confirmed"], "quorum_reason": self.words("quorum_reason", at)}
        return said

    def _voted(self) -> dict[str, Any]:
        told = self.cleaned_data
        names = ("votes_for", "votes_against", "abstained", "not_taking_part")
        return {"ballot": "show-of-hands", "counts": Counts(*(told[name] or 0 for name in names))}


class NamedVoteForm(VoteForm):
    """The same vote, by name: each member of the Council, for, against, abstaining or taking no part."""

    by_name = True
    PREFIX = "vote-"

    def ask_the_vote(self, proposal: Proposal) -> None:
        """Ask how each one who sat that day voted."""
        typed = self.data.get("dated_on") if self.is_bound else self.initial.get("dated_on")
        try:
            on = DayField(required=False).clean(typed) or today()
        except forms.ValidationError:
            on = today()
        self.voters: list[Mandate] = list(voting_mandates(proposal.council, on))
        choices = [("", _("Was absent")), *CHOICES.items()]
        for one in self.voters:
            seat = text_in(one.seat.title, get_language() or "fr")
            self.fields[self.PREFIX + one.uid] = forms.ChoiceField(
                label=f"{one.holder_name} – {seat}", choices=choices, required=False
            )

    def _voted(self) -> dict[str, Any]:
        told = ((one, self.cleaned_data.get(self.PREFIX + one.uid, "")) for one in self.voters)
        return {"ballot": "by-name", "named": [(one, choice) for one, choice in told if choice]}


BALLOT_FORMS: dict[str, type[VoteForm]] = {"show-of-hands": VoteForm, "by-name": NamedVoteForm}

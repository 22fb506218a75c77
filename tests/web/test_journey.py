"""A suggestion's journey: walked forward and back, step by step, and broken links found."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openregion.consultation.actions import publish_contribution, withdraw_contribution
from openregion.consultation.models import Contribution
from openregion.diagnosis.models import Finding, FindingSource
from openregion.monitoring.models import CompletionSheet, Evidence, ProgressUpdate
from openregion.plan.actions import Contact, Step, cite_source, remove_source, revise_commitment, revise_plan
from openregion.plan.models import (
    Commitment,
    CommitmentSource,
    CoveredContribution,
    Milestone,
    PlanVersion,
    ReasonedResponse,
)
from openregion.record.models import FrozenDocument
from openregion.web import journey
from openregion.web.links import checked
from tests.factories.chains import Chain, days_ago, random_chain
from tests.factories.people import PASSWORD, MemberFactory, UserFactory, words

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "fr", "en", "zgh"]
SEEDS = range(8)
Pair = tuple[int, tuple[str, str]]


def read(contribution: Contribution) -> journey.Journey:
    columns = ("member", "consultation", "suggestion__theme", "suggestion__province")
    return journey.of(Contribution.objects.select_related(*columns).get(pk=contribution.pk))


def states(contribution: Contribution) -> dict[str, str]:
    return {step.kind: step.state for step in read(contribution).steps}


def page(one: Contribution, *, lang: str = "fr", status: int = 200, client: Client | None = None) -> str:
    response = (client or Client()).get(f"/{lang}/{one.member.slug}/suggestions/{one.number}/")
    assert response.status_code == status
    return response.content.decode()


def forward(chain: Chain) -> set[Pair]:
    """Walk from every suggestion to what its line leads to."""
    return {(one.pk, reached) for one in chain.received for reached in read(one).reaches}


def backward(chain: Chain) -> set[Pair]:
    """Walk from everything public back to the suggestions behind it, along the keys of the tables."""
    member = chain.member
    found: set[Pair] = set()
    for finding in Finding.objects.of(member).published():
        found |= {(source.contribution_id, ("finding", finding.uid)) for source in finding.sources.all()}
    for response in ReasonedResponse.objects.of(member):
        found |= {(cover.contribution_id, ("response", response.uid)) for cover in response.covers.all()}
    promised: dict[int, list[tuple[str, str]]] = {}
    for commitment in Commitment.objects.of(member):
        promised[commitment.pk] = [("commitment", commitment.uid)]
        promised[commitment.pk] += [
            ("version", one.uid) for one in PlanVersion.objects.of(member).order_by("number")[:1]
        ]
    for update in ProgressUpdate.objects.of(member).standing():
        promised[update.commitment_id].append(("update", update.uid))
    for proof in Evidence.objects.filter(update_shown__in=ProgressUpdate.objects.of(member).standing()):
        promised[proof.update_shown.commitment_id].append(("evidence", proof.uid))
    for sheet in CompletionSheet.objects.of(member).issued():
        promised[sheet.commitment_id].append(("sheet", sheet.uid))
    for commitment in Commitment.objects.of(member):
        voices = {one.pk for one in journey.voices_of(commitment)}
        found |= {(voice, reached) for voice in voices for reached in promised[commitment.pk]}
    return found


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@pytest.mark.parametrize("seed", SEEDS)
def test_walk_forward_and_walk_back_meet_on_random_chains(seed: int) -> None:
    chain, _promised = random_chain(seed)
    there, back = forward(chain), backward(chain)
    assert there == back
    assert len(there) > 4
    assert journey.broken_links(chain.member) == ()


@pytest.mark.row("O-5")
@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.parametrize("link", [FindingSource, CoveredContribution, CommitmentSource])
def test_one_link_broken_behind_the_deeds_is_named(seed: int, link: Any) -> None:
    chain, _promised = random_chain(seed)
    # A chain may rest no commitment on anything: then one is broken elsewhere.
    broken = link.objects.order_by("pk").last() or CoveredContribution.objects.order_by("pk").last()
    before = forward(chain)
    subject = {
        FindingSource: lambda: f"finding {broken.finding.number}",
        CoveredContribution: lambda: f"response {broken.response.number}",
        CommitmentSource: lambda: f"commitment {broken.commitment.slug}",
    }[type(broken)]()
    broken.delete()
    (found,) = journey.broken_links(chain.member)
    assert found.subject == subject
    assert forward(chain) <= before


def test_link_moved_to_another_member_is_named() -> None:
    chain, elsewhere = Chain(), Chain()
    finding = chain.gather(chain.suggest_many(2))
    theirs = elsewhere.suggest()
    FindingSource.objects.filter(finding=finding).first().delete()  # type: ignore[union-attr]
    FindingSource.objects.create(finding=finding, contribution=theirs, gathered_at=days_ago(1))
    (found,) = journey.broken_links(chain.member)
    assert str(found) == f"finding {finding.number}: gathers suggestion {theirs.number}, unread or of another member"
    assert journey.broken_links(elsewhere.member) == ()


def test_frozen_text_that_changed_and_proof_that_vanished_are_named() -> None:
    chain = Chain()
    one = chain.promise(chain.gather(chain.suggest_many(2)))
    version = chain.publish()
    update = chain.report(one)
    document = FrozenDocument.objects.get(pk=version.document_id)
    FrozenDocument.objects.filter(pk=document.pk).update(content=document.content.replace("Promesse", "Autre"))
    update.evidence.all().delete()
    told = [found.wrong for found in journey.broken_links(chain.member)]
    assert told == [
        "the journal says 1 proofs, its table holds 0",
        "its text no longer has the hash that was printed",
    ]


def test_command_says_in_one_line_and_by_its_exit_code() -> None:
    chain = Chain()
    finding = chain.gather(chain.suggest_many(3))
    out, err = io.StringIO(), io.StringIO()
    call_command("check_links", chain.member.slug, stdout=out)
    assert out.getvalue() == "links 3 · broken 0\n"
    finding.sources.first().delete()  # type: ignore[union-attr]
    with pytest.raises(SystemExit) as ended:
        call_command("check_links", chain.member.slug, stdout=(out := io.StringIO()), stderr=err)
    assert (ended.value.code, out.getvalue()) == (1, "links 2 · broken 1\n")
    assert err.getvalue() == "finding 1: the journal says 3 suggestions gathered, its table holds 2\n"
    with pytest.raises(CommandError, match="No member"):
        call_command("check_links", "inconnu")


def test_links_are_counted() -> None:
    chain, _promised = random_chain(1)
    done = checked(chain.member)
    assert done.links > 0
    assert done.broken == ()


@pytest.mark.row("O-5")
def test_each_step_is_done_in_its_turn_and_the_next_says_whose_it_is() -> None:
    chain = Chain()
    one = chain.suggest(publish=False)
    assert states(one) == {
        "received": "done", "published": "present", "gathered": "to-come", "answered": "to-come",
        "promised": "to-come", "plan": "to-come", "progress": "to-come", "sheet": "to-come",
    }  # fmt: skip
    one = publish_contribution(one, by=chain.by, at=days_ago(199))
    assert [step.kind for step in read(one).steps if step.state == "present"] == ["gathered"]
    finding = chain.gather([one])
    assert [step.kind for step in read(one).steps if step.state == "present"] == ["answered"]
    answer = chain.answer([one], finding=finding)
    assert [step.kind for step in read(one).steps if step.state == "present"] == ["promised"]
    commitment = chain.promise(finding, answer)
    assert states(one)["promised"] == "present", "a draft is nobody's promise"
    chain.publish()
    assert [step.kind for step in read(one).steps if step.state == "present"] == ["progress"]
    chain.report(commitment, "complete")
    assert [step.kind for step in read(one).steps if step.state == "present"] == ["sheet"]
    chain.close(commitment)
    assert set(states(one).values()) == {"done"}
    assert all(step.whose for step in read(one).steps if step.state in ("present", "to-come"))


@pytest.mark.parametrize("decision", ["not-taken-up", "out-of-scope"])
def test_dead_end_ends_the_line_with_the_reasons(decision: str) -> None:
    chain = Chain()
    one = chain.suggest()
    chain.answer([one], decision)
    *_before, last = read(one).steps
    assert (last.kind, last.state, last.items[0].text.text) == ("answered", "ended", "Pour ces raisons.")
    assert "Pour ces raisons." in page(one)


def test_change_of_mind_shows_all_answers_the_latest_first() -> None:
    chain = Chain()
    one = chain.suggest()
    first = chain.answer([one], "not-taken-up", ago=170)
    second = chain.answer([one], "taken-up", ago=100)
    answered = next(step for step in read(one).steps if step.kind == "answered")
    assert [item.url.rsplit("/", 2)[1] for item in answered.items] == [str(second.number), str(first.number)]
    assert [bool(item.aside) for item in answered.items] == [True, False]
    assert read(one).outcome == "taken-up"


def test_words_of_a_promise_are_the_published_ones() -> None:
    chain = Chain()
    one = chain.suggest()
    commitment = chain.promise(chain.gather([one]), title="Promesse votée")
    chain.publish()
    first, second = commitment.milestones.order_by("number")
    chain.report(commitment, milestone=first)
    before = page(one)
    revise(chain, commitment, "Brouillon suivant", [second, first])
    shown = page(one)
    assert [said in shown for said in ("Promesse votée", "Plan inventé", "Activité 1", "Activité 40")] == [True] * 4
    assert "Brouillon" not in shown
    assert steps_reported(one) == [("Activité 1", "Activité 40")]
    home = Client().get(f"/fr/{chain.member.slug}/").content.decode()
    assert ("Promesse votée" in home, "Brouillon" in home) == (True, False)
    assert before.count("Activité") == shown.count("Activité")


def revise(chain: Chain, commitment: Commitment, title: str, steps: list[Milestone]) -> None:
    """Write the next draft: other titles everywhere, and the activities in this order."""
    assert chain.plan is not None
    shared: dict[str, Any] = {"by": chain.by, "at": days_ago(1)}
    revise_plan(
        chain.plan, title=words(f"{title} du plan"), starts_on=chain.plan.starts_on, ends_on=chain.plan.ends_on,
        sections={}, **shared,
    )  # fmt: skip
    revise_commitment(
        commitment, title=words(title), starts_on=commitment.starts_on, ends_on=commitment.ends_on, unit=chain.unit,
        texts={}, values={}, problem_kinds=[], policy_areas=[], sector="", contact=Contact(), measure=None,
        steps=[Step(words(f"{title} {n}"), one.starts_on, one.ends_on, words(title), one.uid)
               for n, one in enumerate(steps)],
        **shared,
    )  # fmt: skip


def steps_reported(contribution: Contribution) -> list[tuple[str, str]]:
    progress = next(step for step in read(contribution).steps if step.kind == "progress")
    return [(item.label, item.title.text) for item in progress.items if item.title]


@pytest.mark.row("O-5")
def test_sources_that_a_draft_adds_or_removes_change_no_journey() -> None:
    chain = Chain()
    cited, answered, new = chain.suggest_many(3)
    answer = chain.answer([answered])
    commitment = chain.promise(chain.gather([cited]), answer)
    other = chain.gather([new])
    chain.publish()
    before = forward(chain)
    assert [one.pk for one in journey.voices_of(commitment)] == [cited.pk, answered.pk]
    for source in commitment.sources.all():
        remove_source(source, by=chain.by, at=days_ago(2))
    cite_source(commitment, finding=other, by=chain.by, at=days_ago(2))
    assert forward(chain) == before == backward(chain)
    assert [one.pk for one in journey.voices_of(commitment)] == [cited.pk, answered.pk]
    assert [states(one)["promised"] for one in (cited, answered, new)] == ["done", "done", "to-come"]
    assert journey.broken_links(chain.member) == ()
    chain.publish()
    assert [one.pk for one in journey.voices_of(commitment)] == [new.pk]
    assert forward(chain) == backward(chain)


def test_answer_that_a_published_version_cites_and_nobody_holds_is_named() -> None:
    chain = Chain()
    answer = chain.answer([chain.suggest()])
    commitment = chain.promise(answer)
    chain.publish()
    remove_source(commitment.sources.get(), by=chain.by, at=days_ago(2))
    answer.covers.all().delete()
    answer.delete()
    told = [str(found) for found in journey.broken_links(chain.member)]
    missing = f"commitment {commitment.slug}: its published version cites response {answer.number}, not held"
    assert told == [f"response {answer.uid}: is in the journal and no longer in its table", missing]


def test_unpublished_finding_and_draft_promise_do_not_show() -> None:
    chain = Chain()
    one = chain.suggest()
    finding = chain.gather([one], publish=False)
    chain.promise(finding, title="Promesse en préparation")
    shown = page(one)
    assert ("Constat inventé" in shown, "Promesse en préparation" in shown) == (False, False)
    assert read(one).reaches == frozenset()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_shows_the_words_in_their_own_language_and_direction(lang: str) -> None:
    chain = Chain()
    darija = chain.suggest("بغينا الماء يوصل للدوار", lang="ary")
    latin = chain.suggest("bghina lma ywsel", lang="ary")
    french = chain.suggest("De l'eau <b>ici</b>", lang="fr")
    assert 'lang="ar-MA" dir="rtl"' in page(darija, lang=lang)
    assert 'lang="ary-Latn" dir="ltr"' in page(latin, lang=lang)
    assert 'lang="fr" dir="ltr"' in page(french, lang=lang)
    assert "<b>ici</b>" not in page(french, lang=lang)


def test_every_step_leads_to_its_page() -> None:
    chain = Chain()
    one = chain.suggest()
    finding = chain.gather([one])
    answer = chain.answer([one], finding=finding)
    commitment = chain.promise(finding, answer)
    chain.publish()
    chain.report(commitment)
    sheet = chain.close(commitment)
    shown, here = page(one), f"/fr/{chain.member.slug}"
    links = [
        f"{here}/consultations/question/", f"{here}/findings/{finding.number}/", f"{here}/responses/{answer.number}/",
        f"{here}/commitments/{commitment.slug}/", f"{here}/plans/1/", "https://example.org/preuve",
        f"{here}/commitments/{commitment.slug}/sheets/{sheet.number}/",
    ]  # fmt: skip
    assert [link for link in links if f'href="{link}"' not in shown] == []
    missing = [link for link in links if link.startswith("/") and Client().get(link).status_code != 200]
    assert missing == []


@pytest.mark.row("O-8")
def test_what_is_not_public_does_not_exist_or_shows_without_its_words() -> None:
    chain = Chain()
    pending = chain.suggest("Mots en attente", publish=False)
    spam = chain.spam(chain.suggest("Mots de réclame", publish=False))
    hidden = chain.hide(chain.suggest("Mots cachés", publish=False))
    withdrawn = withdraw_contribution(chain.suggest("Mots retirés"), at=days_ago(2))
    unread = withdraw_contribution(chain.suggest("Mots repris", publish=False), at=days_ago(2))
    for one in (pending, spam, unread):
        page(one, status=404)
    for one, said in ((hidden, "Mots cachés"), (withdrawn, "Mots retirés")):
        shown = page(one)
        assert (said in shown, 'content="noindex"' in shown, str(one.number) in shown) == (False, True, True)


def test_moderators_find_their_door_and_others_do_not() -> None:
    chain = Chain()
    one = chain.suggest()
    moderator = Client()
    assert moderator.login(email=UserFactory(role="moderator", at=chain.member).email, password=PASSWORD)
    door = f"/fr/{chain.member.slug}/moderation/{one.number}/"
    assert (door in page(one, client=moderator), door in page(one)) == (True, False)


def test_number_of_another_member_does_not_exist_here() -> None:
    chain, elsewhere = Chain(), MemberFactory()
    one = chain.suggest()
    assert Client().get(f"/fr/{elsewhere.slug}/suggestions/{one.number}/").status_code == 404


def test_page_asks_as_much_for_a_short_chain_as_for_a_long_one() -> None:
    def questions(findings: int, reports: int) -> int:
        chain = Chain()
        one = chain.suggest()
        gathered = [chain.gather([one]) for _ in range(findings)]
        answers = [chain.answer([one], ago=170 - n) for n in range(findings)]
        promised = [chain.promise(*pair) for pair in zip(gathered, answers, strict=True)]
        chain.publish()
        for commitment in promised:
            for n in range(reports):
                chain.report(commitment, ago=90 - n)
            chain.close(commitment)
        address = f"/fr/{chain.member.slug}/suggestions/{one.number}/?uncached"
        Client().get(address)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    assert questions(1, 1) == questions(4, 6)

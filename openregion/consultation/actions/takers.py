"""Writing down who takes part, apart from what they say; and counting them, now and then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import localdate

from openregion.consultation import queries, rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Consultation, Profile, SpentPass
from openregion.core.refusal import refuse_if
from openregion.people.models import Territory, User
from openregion.record.actions import freeze
from openregion.record.models import FrozenDocument

AT_ONCE = 500


@transaction.atomic
def give_profile(
    consultation: Consultation,
    *,
    answers: Mapping[str, str],
    channel: str,
    at: dt.datetime,
    province: Territory | None = None,
    by: User | None = None,
    given: str = "",
) -> None:
    """Keep what a person says of themselves: with no date, no order and no link to their words.

    For the same reason nothing is given back, and the journal has no line of it,
    as it has none of votes: right after that of a suggestion, it would tell that
    its author answered. The count that is written down has one. Who answers for
    themselves spends the pass they were ``given`` after taking part: two presses
    at once make one. Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_say_who(consultation, answers, channel=channel, by=by, at=at, province=province))
    if channel == "online":
        mark = queries.mark_of(given, consultation)
        fresh = mark and SpentPass.objects.get_or_create(mark=mark, defaults={"spent_on": localdate(at)})[1]
        refuse_if("" if fresh else str(rules.ONLY_ONCE))
    kept = {name: answers.get(name, "") for name in queries.ASKED}
    Profile.objects.create(consultation=consultation, channel=channel, province=province, **kept)


@transaction.atomic
def count_takers(consultation: Consultation, *, at: dt.datetime) -> FrozenDocument | None:
    """Write down who took part so far, in groups of which none is small; give nothing when it is too soon.

    Once a week while the consultation runs, when enough people came since: two
    counts close to each other would tell of the one who came between them. No
    person asks for it: the round of the day does, and the rule is the clock's.
    """
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    counted = queries.count_to_write(consultation, at=at)
    if counted is None:
        return None
    member = consultation.cycle.member
    document = freeze(
        counted,
        kind=queries.TAKERS,
        subject_type="Consultation",
        subject_uid=consultation.uid,
        member_code=member.slug,
        at=at,
    )
    _lay_anew(consultation)
    journal("count_takers", consultation, member, "", at)
    return document


def _lay_anew(consultation: Consultation) -> None:
    """Write the answers again in the order of their keys, which are drawn by chance.

    On PostgreSQL a row stays where it was written, under the number of the
    transaction that wrote it: both would tell the order of arrival.
    """
    kept = list(Profile.objects.filter(consultation=consultation).order_by("key"))
    for start in range(0, len(kept), AT_ONCE):
        Profile.objects.filter(key__in=[one.key for one in kept[start : start + AT_ONCE]]).delete()
    Profile.objects.bulk_create(kept, batch_size=AT_ONCE)


def let_go_of_passes(*, at: dt.datetime) -> int:
    """Forget the passes that are too old to be used again; say how many."""
    gone, _each = SpentPass.objects.filter(spent_on__lt=localdate(at) - dt.timedelta(days=3)).delete()
    return gone

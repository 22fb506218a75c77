"""Long work across rooms, done in the background."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from openregion.cycle.models import Cycle, HandOver
from openregion.people.models import Member, User
from openregion.web import actions
from openregion.web.handover import making
from openregion.web.rounds import count_takers, go_round, refresh_workshops, tell_followers

ROUND_AT = dt.time(6, 30)  # before people come to work, on Casablanca's clock
_log = logging.getLogger(__name__)


@task()
def index_member(slug: str) -> int:
    """Index a member in the background, once its space is opened; give how many pages are found."""
    return actions.index_again(Member.objects.get(slug=slug)).indexed


@task()
def daily_round() -> str:
    """Go round: remind people, tell followers, count who took part; ask for the same tomorrow. In figures."""
    try:
        now = timezone.now()
        refresh_workshops()
        return f"{go_round(at=now)} · {tell_followers(at=now)} · counts {count_takers(at=now)}"
    finally:
        keep_rounds()


def keep_rounds() -> bool:
    """Have the worker go round at the next half past six, unless it is asked to already; say whether it was."""
    waiting = DBTaskResult.objects.filter(task_path=daily_round.module_path, status=TaskResultStatus.READY)
    if waiting.exists():
        return False
    now = timezone.localtime()
    next_one = now.replace(hour=ROUND_AT.hour, minute=ROUND_AT.minute, second=0, microsecond=0)
    if next_one <= now:
        next_one += dt.timedelta(days=1)
    daily_round.using(run_after=next_one).enqueue()
    return True


@transaction.atomic
def ask_hand_over(cycle: Cycle, *, by: User, at: dt.datetime) -> HandOver:
    """Have the pack of a cycle made by the worker. Raises ``Refused`` when it may not be."""
    asked = actions.hand_over(cycle, by=by, at=at)
    uid = asked.uid
    transaction.on_commit(lambda: make_pack.enqueue(uid))
    return asked


@task()
def make_pack(uid: str) -> str:
    """Make a hand-over pack; whoever takes it first makes it. What it came to, in figures."""
    found = HandOver.objects.filter(uid=uid, state=HandOver.State.WAITING)
    if not found.update(state=HandOver.State.RUNNING, moved_at=timezone.now()):
        return "taken"
    try:
        return str(making.make(HandOver.objects.select_related("cycle__member").get(uid=uid)))
    except Exception as error:
        # Its message may hold people's words, and what a task raises is kept in the database.
        _log.error("hand-over %s failed (%s)", uid, type(error).__name__)
        HandOver.objects.filter(uid=uid).update(state=HandOver.State.FAILED, ended_at=timezone.now())
        raise RuntimeError("The hand-over pack could not be made.") from None

"""A plan of five full sheets in an invented Region, played through the deeds: what the papers are tried on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from openregion.core.official import OfficialText, official
from openregion.cycle.actions import open_cycle, record_deliberation
from openregion.people.actions import record_act, set_up_body
from openregion.people.models import Authority, Body, Member, User
from openregion.plan.actions import (
    Contact,
    Measure,
    Step,
    adopt_plan,
    draft_commitment,
    draft_plan,
    freeze_plan,
    revise_commitment,
    revise_plan,
)
from openregion.plan.models import ActionPlan, Commitment, PlanVersion

AT = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)
STARTS, ENDS = dt.date(2027, 1, 1), dt.date(2028, 12, 31)

Words = tuple[str, str, str]  # fr, ar, en

TITLE: Words = (
    "Plan d’action de la Région ouverte 2027-2028",
    "مخطط عمل الجهة المنفتحة 2027-2028",
    "Action plan of the open Region 2027-2028",
)
SECTIONS: dict[str, Words] = {
    "context-importance": (
        "La Région des Deux-Oueds compte quatre provinces, dont deux de montagne. L’initiative donne un cadre pour "
        "dire ce qui est décidé, avec qui, et ce qu’il en advient.\nLe Conseil a voulu que chaque promesse soit datée.",
        "تضم جهة الوادين أربعة أقاليم، اثنان منها جبليان. وتوفر المبادرة إطارا لبيان ما يتقرر ومع من وما يؤول إليه.\n"
        "وقد أراد المجلس أن يكون لكل وعد تاريخ.",
        "The Region of the Two Rivers has four provinces, two of them in the mountains. The initiative gives a "
        "frame to "
        "say what is decided, with whom, and what becomes of it.\nThe Council wanted each promise to have its dates.",
    ),
    "context-problems": (
        "Le budget se lit mal hors de l’administration ; les pistes rurales se décident sans les douars ; "
        "les demandes d’information attendent 41 jours en moyenne (2025).",
        "تصعب قراءة الميزانية خارج الإدارة، وتُقرر المسالك القروية دون الدواوير، وتنتظر طلبات المعلومات 41 يوما "
        "في المتوسط (2025).",
        "The budget is hard to read outside the administration; rural tracks are decided without the villages; "
        "requests "
        "for information wait 41 days on average (2025).",
    ),
    "context-reforms": (
        "Budget lisible, décision partagée sur les pistes, réponse motivée à chaque suggestion.",
        "ميزانية مقروءة، وقرار مشترك بشأن المسالك، وجواب معلل عن كل اقتراح.",
        "A readable budget, shared decisions on tracks, a reasoned answer to each suggestion.",
    ),
    "efforts-achievements": (
        "Depuis 2022, les ordres du jour sont affichés dix jours avant chaque session et les trois instances "
        "consultatives ont rendu neuf avis.",
        "منذ 2022 تُنشر جداول الأعمال قبل كل دورة بعشرة أيام، وقدمت الهيئات الاستشارية الثلاث تسعة آراء.",
        "Since 2022, agendas are posted ten days before each session and the three consultative bodies gave nine "
        "opinions.",
    ),
    "efforts-national-plan": (
        "Les engagements nationaux sur l’accès à l’information et sur la transparence budgétaire sont repris à "
        "l’échelle "
        "de la Région.",
        "تؤخذ الالتزامات الوطنية المتعلقة بالحق في الحصول على المعلومات وشفافية الميزانية على مستوى الجهة.",
        "The national commitments on access to information and on budget transparency are taken up at the scale "
        "of the Region.",
    ),
    "methodology-process": (
        "Huit réunions, une par province et une par thème, puis une consultation en ligne de neuf semaines. "
        "Les associations ont rédigé les fiches avec les services.",
        "ثمانية لقاءات، واحد لكل إقليم وواحد لكل محور، ثم استشارة رقمية دامت تسعة أسابيع. وقد حررت الجمعيات "
        "البطاقات مع المصالح.",
        "Eight meetings, one a province and one a theme, then nine weeks of online consultation. Associations "
        "wrote the "
        "sheets together with the services.",
    ),
    "methodology-participation": (
        "Un forum existe, il réunit plusieurs collèges, il s’est réuni trois fois pendant la préparation.",
        "يوجد منتدى يجمع عدة فئات، وقد انعقد ثلاث مرات خلال الإعداد.",
        "A forum exists, seats several colleges, and met three times during preparation.",
    ),
    "foreword": (
        "Ce plan tient en cinq promesses. Chacune dit qui répond, quand, et à quoi l’on verra qu’elle est tenue.",
        "يقوم هذا المخطط على خمسة وعود، يبين كل واحد منها من المسؤول ومتى وبماذا سيُعرف الوفاء به.",
        "This plan holds five promises. Each says who answers for it, by when, and how anyone will see that it "
        "is kept.",
    ),
    "vision-long-term": (
        "Une Région où l’on peut suivre une parole jusqu’à son effet.",
        "جهة يمكن فيها تتبع الكلمة إلى أثرها.",
        "A Region where one can follow a word to its effect.",
    ),
}  # fmt: skip

PROMISES: tuple[dict[str, Words], ...] = (
    {
        "title": ("Un budget que chacun peut lire, province par province", "ميزانية يقرؤها الجميع إقليما بإقليم",
                  "A budget that anyone can read, province by province"),
        "problem": (
            "Le budget régional est publié en un seul document de 214 pages, sans découpage par province. En 2025, "
            "sept habitants sur dix interrogés disaient ne pas savoir ce que la Région dépense chez eux.",
            "تُنشر ميزانية الجهة في وثيقة واحدة من 214 صفحة دون تقسيم حسب الأقاليم. وفي 2025 صرح سبعة من كل عشرة "
            "مستجوبين بأنهم لا يعرفون ما تنفقه الجهة في إقليمهم.",
            "The regional budget comes as one document of 214 pages, not split by province. In 2025, seven "
            "people in ten "
            "who were asked did not know what the Region spends where they live."),
        "action": (
            "Publier chaque année un budget citoyen de huit pages par province, en arabe et en français, avec "
            "les données "
            "ouvertes ligne par ligne et un tableau des projets.",
            "نشر ميزانية المواطن كل سنة في ثماني صفحات لكل إقليم، بالعربية والفرنسية، مع المعطيات المفتوحة سطرا "
            "بسطر وجدول للمشاريع.",
            "Publish every year an eight-page citizens’ budget for each province, in Arabic and French, with open data "
            "line by line and a table of projects."),
        "contribution": (
            "Qui voit la dépense de sa province peut en discuter. Le tableau relie chaque projet à son avancement.",
            "من يرى نفقات إقليمه يستطيع مناقشتها. ويربط الجدول كل مشروع بدرجة تقدمه.",
            "Whoever sees what is spent in their province can discuss it. The table ties each project to its "
            "progress."),
        "indicator": ("Provinces couvertes par un budget citoyen", "الأقاليم المشمولة بميزانية المواطن",
                      "Provinces covered by a citizens’ budget"),
    },
    {
        "title": ("Choisir ensemble les pistes rurales à ouvrir", "الاختيار المشترك للمسالك القروية المزمع فتحها",
                  "Choosing together which rural tracks to open"),
        "problem": (
            "Chaque année la Région ouvre une trentaine de kilomètres de pistes. Les douars l’apprennent par les "
            "engins. "
            "Douze réclamations sur vingt portaient en 2025 sur ce choix.",
            "تفتح الجهة كل سنة نحو ثلاثين كيلومترا من المسالك، ولا تعلم الدواوير بذلك إلا بوصول الآليات. وتعلقت "
            "اثنتا عشرة شكاية من عشرين في 2025 بهذا الاختيار.",
            "Each year the Region opens some thirty kilometres of tracks. Villages learn of it from the "
            "machines. Twelve "
            "complaints in twenty were about this choice in 2025."),
        "action": (
            "Décider des pistes en assemblée ouverte dans chaque cercle, sur une liste de critères votée par le "
            "Conseil, "
            "et publier le procès-verbal sous dix jours.",
            "تقرير المسالك في جمع مفتوح بكل دائرة، وفق لائحة معايير يصوت عليها المجلس، ونشر المحضر داخل عشرة أيام.",
            "Decide on tracks in an open assembly in each district, on criteria voted by the Council, and publish the "
            "minutes within ten days."),
        "contribution": (
            "Les critères sont connus avant, les raisons après : un refus peut être compris et contesté.",
            "تُعرف المعايير مسبقا وتُعرف الأسباب بعد ذلك، فيصبح الرفض مفهوما وقابلا للطعن.",
            "Criteria are known before and reasons after: a refusal can be understood and challenged."),
        "indicator": ("Pistes décidées en assemblée ouverte", "المسالك المقررة في جمع مفتوح",
                      "Tracks decided in an open assembly"),
    },
    {
        "title": ("Répondre à chaque pétition dans les délais", "الجواب عن كل عريضة داخل الأجل",
                  "Answering each petition in time"),
        "problem": (
            "Sur onze pétitions déposées depuis 2021, quatre ont reçu une réponse écrite, en 117 jours en moyenne.",
            "من بين إحدى عشرة عريضة أودعت منذ 2021، تلقت أربع منها جوابا مكتوبا، في 117 يوما في المتوسط.",
            "Of eleven petitions handed in since 2021, four had a written answer, after 117 days on average."),
        "action": (
            "Tenir un registre public des pétitions, avec le délai de la loi affiché, et motiver chaque réponse.",
            "مسك سجل عمومي للعرائض يبين الأجل القانوني، وتعليل كل جواب.",
            "Keep a public register of petitions that shows the legal delay, and give reasons with each answer."),
        "contribution": (
            "Le délai devient visible de tous, et d’abord de l’administration.",
            "يصبح الأجل ظاهرا للجميع، وللإدارة أولا.",
            "The delay becomes visible to all, and first to the administration."),
        "indicator": ("Pétitions répondues dans les délais", "العرائض المجاب عنها داخل الأجل",
                      "Petitions answered in time"),
    },
    {
        "title": ("Un guichet d’accès à l’information dans chaque province", "شباك للحصول على المعلومات في كل إقليم",
                  "A desk for access to information in each province"),
        "problem": (
            "Les demandes d’accès à l’information se déposent au siège. Depuis la montagne, le trajet prend une "
            "journée.",
            "تودع طلبات الحصول على المعلومات بالمقر، ويستغرق التنقل من الجبل يوما كاملا.",
            "Requests for information are handed in at headquarters. From the mountains, the journey takes a day."),
        "action": (
            "Ouvrir un guichet par province avec une personne désignée, et publier chaque mois les délais observés "
            "(loi 31-13).",
            "فتح شباك في كل إقليم مع شخص مكلف، ونشر الآجال المسجلة كل شهر (القانون 31.13).",
            "Open a desk in each province with a named officer, and publish each month the delays observed (law "
            "31-13)."),
        "contribution": (
            "Une demande se dépose à pied, et son délai se compare d’une province à l’autre.",
            "يودع الطلب عن قرب، ويقارن أجله بين إقليم وآخر.",
            "A request is handed in on foot, and its delay is compared from one province to another."),
        "indicator": ("Délai moyen de réponse", "متوسط أجل الجواب", "Average delay of an answer"),
    },
    {
        "title": ("Des points d’eau suivis par les habitants", "نقط ماء يتتبعها السكان",
                  "Water points watched by residents"),
        "problem": (
            "Un point d’eau sur cinq est en panne à un moment donné ; la Région l’apprend en trois semaines.",
            "تتعطل نقطة ماء من كل خمس في وقت ما، ولا تعلم الجهة بذلك إلا بعد ثلاثة أسابيع.",
            "One water point in five is out of order at any time; the Region learns of it in three weeks."),
        "action": (
            "Ouvrir un signalement par téléphone et en ligne, publier la carte des pannes et le temps de réparation.",
            "فتح التبليغ بالهاتف وعبر الإنترنت، ونشر خريطة الأعطاب ومدة الإصلاح.",
            "Open reporting by telephone and online, publish the map of failures and the time to repair."),
        "contribution": (
            "Le signalement raccourcit l’attente ; la carte montre où elle dure.",
            "يقلص التبليغ مدة الانتظار، وتبين الخريطة أين تطول.",
            "Reporting shortens the wait; the map shows where it lasts."),
        "indicator": ("Pannes réparées sous sept jours", "الأعطاب المصلحة داخل سبعة أيام",
                      "Failures repaired within seven days"),
    },
)  # fmt: skip

SHARED: dict[str, Words] = {
    "relevance": (
        "L’engagement ouvre une information que la Région détient et donne un moyen d’agir sur la décision.",
        "يتيح الالتزام معلومة توجد لدى الجهة ويوفر وسيلة للتأثير في القرار.",
        "The commitment opens information that the Region holds and gives a way to act on the decision.",
    ),
    "budget": ("1 250 000 DH sur deux exercices", "1 250 000 درهم على سنتين ماليتين", "MAD 1 250 000 over two years"),
    "links-programmes": (
        "Programme de réduction des disparités territoriales en milieu rural.",
        "برنامج تقليص الفوارق المجالية بالوسط القروي.",
        "Programme to reduce territorial disparities in rural areas.",
    ),
    "links-plans": (
        "Programme de développement régional, axe 3, projet 3.2.",
        "برنامج التنمية الجهوية، المحور 3، المشروع 3.2.",
        "Regional development programme, axis 3, project 3.2.",
    ),
    "links-sdgs": ("ODD 16.6, 16.7 et 16.10", "أهداف التنمية المستدامة 16.6 و16.7 و16.10", "SDGs 16.6, 16.7 and 16.10"),
    "public-actors": (
        "Trésorerie régionale ; agence régionale d’exécution des projets.",
        "الخزينة الجهوية، والوكالة الجهوية لتنفيذ المشاريع.",
        "Regional treasury; regional agency for the execution of projects.",
    ),
    "non-public-actors": (
        "Réseau associatif des Deux-Oueds ; instance de la jeunesse ; radio locale.",
        "شبكة جمعيات الوادين، وهيئة الشباب، والإذاعة المحلية.",
        "Network of associations of the Two Rivers; youth council; local radio.",
    ),
    "additional-information": (
        "La fiche a été rédigée en trois séances, avec quatre associations.",
        "حُررت البطاقة في ثلاث جلسات مع أربع جمعيات.",
        "The sheet was written in three sittings, with four associations.",
    ),
    "status-quo": (
        "Rien n’est publié par province à ce jour ; un essai de 2024 n’a pas été repris.",
        "لا ينشر شيء حسب الأقاليم إلى اليوم، ولم تُستأنف تجربة 2024.",
        "Nothing is published by province to this day; a trial of 2024 was not taken up.",
    ),
    "long-term-goal": (
        "Objectif 1 : que chacun puisse suivre une décision de la Région.",
        "الهدف 1: أن يتمكن كل شخص من تتبع قرار الجهة.",
        "Goal 1: that anyone can follow a decision of the Region.",
    ),
    "institutions": ("Conseil de la Région", "مجلس الجهة", "Council of the Region"),
}
STEPS: tuple[tuple[Words, Words], ...] = (
    (("Désigner la personne qui répond de l’engagement", "تعيين المسؤول عن الالتزام",
      "Name who answers for the commitment"),
     ("Décision publiée", "مقرر منشور", "Published decision")),
    (("Préparer avec les associations, en trois ateliers", "الإعداد مع الجمعيات في ثلاث ورشات",
      "Prepare with associations, in three workshops"),
     ("Trois comptes rendus", "ثلاثة محاضر", "Three sets of minutes")),
    (("Mettre en service et publier les données", "الشروع في العمل ونشر المعطيات", "Start, and publish the data"),
     ("Page ouverte au public et fichier CSV", "صفحة مفتوحة للعموم وملف CSV", "Public page and CSV file")),
    (("Faire le bilan en réunion publique", "تقديم الحصيلة في لقاء عمومي", "Report in a public meeting"),
     ("Bilan et liste des suites", "حصيلة ولائحة التدابير", "Report and list of what follows")),
)  # fmt: skip
VALUES = {
    "values-information": True,
    "values-transparency": True,
    "values-influence": True,
    "values-civil-society": False,
    "values-participation": True,
}


def words(said: Words) -> OfficialText:
    """Write official text in the three languages."""
    return official(at=AT, fr=said[0], ar=said[1], en=said[2])


def filled_plan(member: Member, by: User) -> ActionPlan:
    """Open a cycle and write the whole plan: every section that has words here, and the five sheets."""
    cycle = open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 9, 1), by=by, at=AT)
    plan = draft_plan(cycle, title=words(TITLE), starts_on=STARTS, ends_on=ENDS, by=by, at=AT)
    sections = {code: words(said) for code, said in SECTIONS.items()}
    revise_plan(plan, title=words(TITLE), starts_on=STARTS, ends_on=ENDS, sections=sections, by=by, at=AT)
    unit = _unit(member, by)
    for number in range(len(PROMISES)):
        _filled_sheet(plan, number, unit, by)
    return plan


def _unit(member: Member, by: User) -> Body:
    name = words(
        ("Division du budget et de la programmation", "قسم الميزانية والبرمجة", "Budget and programming division")
    )
    authority = Authority.objects.of(member)[0]
    return set_up_body(authority=authority, member=member, kind="administration", name=name, by=by, at=AT)


def _filled_sheet(plan: ActionPlan, number: int, unit: Body, by: User) -> Commitment:
    own = PROMISES[number]
    given = {"title": words(own["title"]), "starts_on": STARTS, "ends_on": dt.date(2028, 6, 30), "unit": unit}
    commitment = draft_commitment(plan, **given, by=by, at=AT)
    texts = {code: words(said) for code, said in ({**SHARED, **own}).items() if code not in {"title", "indicator"}}
    steps = [
        Step(
            title=words(title),
            deliverable=words(deliverable),
            starts_on=dt.date(2027, 1 + 4 * (rank % 3), 1),
            ends_on=dt.date(2027 + rank // 2, 6, 30),
        )
        for rank, (title, deliverable) in enumerate(STEPS)
        if rank < 3
    ]
    last = STEPS[3]
    steps.append(Step(words(last[0]), dt.date(2028, 3, 1), dt.date(2028, 6, 30), words(last[1])))
    measure = Measure(
        name=words(own["indicator"]),
        unit=words(("sur 4", "من 4", "out of 4")),
        baseline=Decimal("0"),
        baseline_on=dt.date(2026, 12, 31),
        target=Decimal("4"),
        target_on=dt.date(2028, 6, 30),
        source=words(("Page publique de l’engagement", "الصفحة العمومية للالتزام", "Public page of the commitment")),
    )
    return revise_commitment(
        commitment,
        **given,
        texts=texts,
        values=VALUES,
        problem_kinds=["social", "political"],
        policy_areas=["fiscal-openness", "right-to-information"],
        sector="Finances publiques",
        contact=Contact("Salma Invenda", "Cheffe de division", "budget@deux-oueds.example.ma · 0500 00 00 00"),
        steps=steps,
        measure=measure,
        by=by,
        at=AT,
    )


def adopted(version: PlanVersion, by: User, *, on: dt.date = dt.date(2026, 10, 5)) -> PlanVersion:
    """Record the Council's vote on a frozen version."""
    member = version.plan.cycle.member
    act = record_act(
        authority=Authority.objects.of(member)[0],
        member=member,
        kind="deliberation",
        number=f"{40 + version.number}/2026",
        dated_on=on,
        title=words(("Adoption du plan d’action", "المصادقة على مخطط العمل", "Adoption of the action plan")),
        by=by,
        at=AT,
    )
    vote = record_deliberation(version.plan.cycle, act=act, decision="adopted", by=by, at=AT)
    return adopt_plan(version, deliberation=vote, by=by, at=AT)


def published(plan: ActionPlan, by: User, *, at: dt.datetime = AT) -> PlanVersion:
    """Freeze, adopt and publish a plan: the row alone, without telling anyone."""
    version = adopted(freeze_plan(plan, by=by, at=at), by)
    version.published_at = at
    version.save(update_fields=["published_at"])
    return version

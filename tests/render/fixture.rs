//! A guitar shop built by hand from the model's public tables: every statement of the vocabulary that a map shows.

use waypost::model::condition::{Comparison, Condition};
use waypost::model::event::EventName;
use waypost::model::experiment::{At, Guardrail, Method, MethodKind, Primary, Segment, Status, Variant};
use waypost::model::funnel::{Attempt, CountUnit, Exclusion, ExclusionVerb, FunnelFor, Order, Step};
use waypost::model::journey::{Phase, Target};
use waypost::model::lane::{
    Claim, Effort, Evidence, EvidenceKind, Feeling, LaneKind, Line, Place, Quality, Question, Spend, SpendEvery,
};
use waypost::model::metric::{Average, Better, MetricKind, Nps, Quantile, Share};
use waypost::model::place::ChannelKind;
use waypost::model::touchpoint::{
    Anchor, Ask, AskWhen, Message, Opportunity, Owner, Pain, PainKind, PainSeverity, Promise, Survey,
};
use waypost::model::value::{Change, Currency, Date, Decimal, Duration, Literal, Money, Percent, TimeUnit};
use waypost::model::{
    Audience, Channel, Consent, Event, Experiment, Funnel, Id, Journey, Lane, Meta, Metric, Model, Persona,
    PropertyRef, Stage, Team, Touchpoint,
};
use waypost::source::Span;

/// Rewrites every text of a user on its way into the model.
pub type Say<'a> = &'a dyn Fn(&str) -> String;

pub fn day(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

pub fn percent(text: &str) -> Percent {
    Percent(Decimal::parse(text).unwrap())
}

fn time(count: i64, unit: TimeUnit) -> Duration {
    Duration { count, unit }
}

fn days(count: i64) -> Duration {
    time(count, TimeUnit::Day)
}

pub struct Shop<'a> {
    pub model: Model,
    say: Say<'a>,
}

impl Shop<'_> {
    fn meta(&self, id: &str, title: &str) -> Meta {
        Meta { id: id.into(), title: (self.say)(title), about: None, was: None, span: Span::default() }
    }

    fn evidence(&self, title: &str, kind: EvidenceKind, people: u64) -> Evidence {
        Evidence { title: (self.say)(title), kind, people: Some(people), on: day(2026, 9, 14), span: Span::default() }
    }

    fn line(&self, lane: LaneKind, text: &str, personas: &[Id<Persona>]) -> Line {
        Line { lane, text: (self.say)(text), personas: personas.to_vec(), span: Span::default() }
    }

    fn feels(&self, value: i8, word: &str, personas: &[Id<Persona>]) -> Feeling {
        Feeling {
            value,
            word: Some((self.say)(word)),
            emoji: None,
            personas: personas.to_vec(),
            evidence: Vec::new(),
            span: Span::default(),
        }
    }

    fn team(&mut self, id: &str, title: &str) -> Id<Team> {
        let meta = self.meta(id, title);
        self.model.teams.push(Team { meta })
    }

    fn channel(&mut self, id: &str, title: &str, kind: ChannelKind) -> Id<Channel> {
        let meta = self.meta(id, title);
        self.model.channels.push(Channel { meta, kind: Some(kind), colour: None })
    }

    fn event(&mut self, id: &str, name: &str) -> Id<Event> {
        let meta = self.meta(id, name);
        let names = vec![EventName { name: (self.say)(name), condition: None }];
        self.model.events.push(Event { meta, names })
    }

    fn stage(&mut self, journey: Id<Journey>, id: &str, title: &str, phase: Option<Phase>) -> Id<Stage> {
        let meta = self.meta(id, title);
        let stage =
            Stage { meta, journey, phase, target: None, touchpoints: Vec::new(), place: Place::default(), pair: None };
        let id = self.model.stages.push(stage);
        self.model.journeys.get_mut(journey).unwrap().stages.push(id);
        id
    }

    fn touch(
        &mut self,
        stage: Id<Stage>,
        id: &str,
        title: &str,
        channel: Option<Id<Channel>>,
        owners: &[(Id<Team>, &str)],
    ) -> Id<Touchpoint> {
        let owner = |(team, share): &(Id<Team>, &str)| Owner {
            team: *team,
            influence: Some(percent(share)),
            span: Span::default(),
        };
        let touchpoint = Touchpoint {
            meta: self.meta(id, title),
            journey: self.model.stages[stage].journey,
            stage,
            channel,
            owners: owners.iter().map(owner).collect(),
            personas: Vec::new(),
            seen_by: None,
            moment_of_truth: false,
            earns_trust: false,
            may_repeat: false,
            promise: None,
            leaves_to: Vec::new(),
            against: Vec::new(),
            unique: Vec::new(),
            surveys: Vec::new(),
            messages: Vec::new(),
            place: Place::default(),
            pair: None,
        };
        let id = self.model.touchpoints.push(touchpoint);
        self.model.stages.get_mut(stage).unwrap().touchpoints.push(id);
        id
    }

    fn t(&mut self, id: Id<Touchpoint>) -> &mut Touchpoint {
        self.model.touchpoints.get_mut(id).unwrap()
    }

    fn s(&mut self, id: Id<Stage>) -> &mut Stage {
        self.model.stages.get_mut(id).unwrap()
    }

    fn journey(&mut self, id: &str, title: &str, personas: &[Id<Persona>]) -> Id<Journey> {
        let journey = Journey {
            meta: self.meta(id, title),
            personas: personas.to_vec(),
            starts: None,
            ends: None,
            sale_at: None,
            review: None,
            evidence: Vec::new(),
            claims: Vec::new(),
            stages: Vec::new(),
            ideal_of: None,
            without: Vec::new(),
            funnels: Vec::new(),
            attributions: Vec::new(),
            handovers: Vec::new(),
            paths: Vec::new(),
            requirements: Vec::new(),
        };
        self.model.journeys.push(journey)
    }

    fn pain(&mut self, at: Id<Touchpoint>, id: &str, title: &str, kind: PainKind, severity: PainSeverity) -> Id<Pain> {
        let meta = self.meta(id, title);
        let pain = Pain {
            meta,
            at: Anchor::Touchpoint(at),
            kind,
            severity,
            found_in_data: None,
            solved: None,
            evidence: Vec::new(),
        };
        let id = self.model.pains.push(pain);
        self.t(at).place.pains.push(id);
        id
    }

    fn opportunity(
        &mut self,
        at: Id<Touchpoint>,
        id: &str,
        title: &str,
        pain: Id<Pain>,
        value: i64,
    ) -> Id<Opportunity> {
        let meta = self.meta(id, title);
        let opportunity = Opportunity {
            meta,
            at: Anchor::Touchpoint(at),
            solves: vec![pain],
            value: Decimal::new(value, 0),
            cost: Decimal::new(2, 0),
        };
        let id = self.model.opportunities.push(opportunity);
        self.t(at).place.opportunities.push(id);
        id
    }
}

/// Returns the guitar shop.
pub fn guitar() -> Model {
    guitar_saying(&str::to_owned)
}

/// Returns the guitar shop with every text of its authors rewritten.
pub fn guitar_saying(say: Say) -> Model {
    let mut shop = Shop { model: Model::default(), say };
    shop.model.manifest.name = say("guitar-shop");
    shop.model.manifest.currency = Some("EUR".into());
    let s = &mut shop;

    let age = |how, n| Condition::Compare { field: "age".into(), how, value: Literal::Number(Decimal::new(n, 0)) };
    let maya = Persona {
        meta: s.meta("maya", "Maya, the late beginner"),
        quote: Some(say("I always wanted to play; I never know where to start.")),
        portrait: None,
        geographic: vec![say("Porto, a small flat with thin walls")],
        demographic: vec![say("34, UX researcher, 38000 EUR a year")],
        psychographic: vec![say("Learns by doing; wants to play *one song* by summer")],
        behavioural: vec![say("Reads on the phone, buys on the laptop")],
        share: Some(percent("35")),
        condition: Some(age(Comparison::GreaterEqual, 30)),
        lines: vec![s.line(LaneKind::Worries, "Cannot tell good from bad", &[])],
        evidence: vec![s.evidence("Beginners 2026", EvidenceKind::Survey, 212)],
    };
    let maya = s.model.personas.push(maya);
    let tom = Persona {
        meta: s.meta("tom", "Tom, who plays already"),
        quote: None,
        portrait: None,
        geographic: Vec::new(),
        demographic: Vec::new(),
        psychographic: Vec::new(),
        behavioural: vec![say("Buys strings twice a year from the newsletter")],
        share: Some(percent("65")),
        condition: Some(age(Comparison::Less, 30)),
        lines: Vec::new(),
        evidence: Vec::new(),
    };
    let tom = s.model.personas.push(tom);

    let marketing = s.team("marketing", "Marketing");
    let content = s.team("content", "Content");
    let product = s.team("product", "Product");
    let support = s.team("support", "Support");
    let growth = s.team("growth", "Growth");
    let social = s.channel("paid-social", "Paid social", ChannelKind::Online);
    let mouth = s.channel("word-of-mouth", "A friend", ChannelKind::Offline);
    let blog = s.channel("blog", "Blog", ChannelKind::Online);
    let website = s.channel("website", "Shop", ChannelKind::SelfService);
    let parcel = s.channel("parcel", "Parcel", ChannelKind::Offline);
    let email = s.channel("email", "E-mail", ChannelKind::Online);
    let meta = s.meta("legal", "Legal");
    let legal = s.model.lanes.push(Lane { meta });
    let ordered = s.event("order-paid", "Order Completed");
    let signup = s.event("newsletter-signup", "Signed Up");
    let viewed = s.event("checkout-viewed", "Checkout Viewed");
    let complained = s.event("complained", "Complaint Opened");
    let answered = s.event("survey-answered", "Survey Answered");
    let meta = s.meta("beginners", "Beginners");
    let beginners = s.model.audiences.push(Audience { meta, condition: Condition::Exists { field: "level".into() } });
    let meta = s.meta("analytics", "Click to accept");
    let consent = s.model.consents.push(Consent { meta, policy: say("/privacy") });

    let metric = |s: &Shop, id: &str, title: &str, kind, better| Metric {
        meta: s.meta(id, title),
        kind,
        cap: None,
        adjust: None,
        better,
        worth: None,
    };
    let order_rate = metric(
        s,
        "order-rate",
        "Order rate",
        MetricKind::Share(Share { event: ordered, window: days(7) }),
        Better::Higher,
    );
    let order_rate = s.model.metrics.push(order_rate);
    let revenue = PropertyRef { event: ordered, property: "revenue".into() };
    let aggregate = waypost::model::metric::Aggregate::Sum(revenue);
    let revenue = metric(
        s,
        "revenue-per-visitor",
        "Revenue per visitor",
        MetricKind::Average(Average { aggregate, window: days(14) }),
        Better::Higher,
    );
    let revenue = s.model.metrics.push(revenue);
    let load = Quantile {
        level: percent("95"),
        property: PropertyRef { event: viewed, property: "load_ms".into() },
        window: days(7),
    };
    let load = metric(s, "load-p95", "Checkout load time, 95th percentile", MetricKind::Quantile(load), Better::Lower);
    let load = s.model.metrics.push(load);
    let nps = Nps { property: PropertyRef { event: answered, property: "score".into() }, window: days(30) };
    let nps = metric(s, "nps", "Net promoter score", MetricKind::Nps(nps), Better::Higher);
    let nps = s.model.metrics.push(nps);

    let guitar = s.journey("guitar", "Buying a first guitar online", &[maya, tom]);
    let claim = Claim {
        text: say("Of those who leave the checkout, one in ten comes back"),
        with_without: Some((Decimal::new(253, 1), Decimal::new(108, 1))),
        evidence: vec![s.evidence("Own analytics", EvidenceKind::Analytics, 8412)],
        span: Span::default(),
    };
    let interviews = s.evidence("Interviews", EvidenceKind::Interview, 24);
    let j = s.model.journeys.get_mut(guitar).unwrap();
    j.meta.about = Some(say("From the wish to play to telling a friend"));
    j.starts = Some(say("Wants to learn an instrument"));
    j.ends = Some(say("Recommends us to a friend"));
    j.evidence = vec![interviews];
    j.claims = vec![claim];

    let awareness = s.stage(guitar, "awareness", "Awareness", Some(Phase::PreSale));
    let spend = Money { minor: 1_200_000, currency: Currency::parse("EUR").unwrap() };
    let goal = s.line(LaneKind::Goal, "Find out that learning an instrument fits my life", &[]);
    let place = &mut s.s(awareness).place;
    place.effort = Some(Effort::None);
    place.spends = vec![Spend { amount: spend, every: Some(SpendEvery::Month), dates: None, span: Span::default() }];
    place.lines = vec![goal];
    let ad = s.touch(awareness, "instagram-ad", "Instagram ad", Some(social), &[(marketing, "30")]);
    let lines = vec![
        s.line(LaneKind::Does, "Scrolls past an ad a day after talking about guitars", &[]),
        s.line(LaneKind::Asks, "Can I still learn this at my age?", &[]),
        s.line(LaneKind::Needs, "To see somebody like me playing", &[maya]),
        s.line(LaneKind::Own(legal), "Consent before any pixel", &[]),
        s.line(LaneKind::Thinks, "Maybe me?", &[]),
    ];
    let feelings = vec![s.feels(1, "curious", &[maya]), s.feels(-1, "watched", &[tom])];
    s.t(ad).place = Place { lines, feelings, ..Place::default() };
    let friend = s.touch(awareness, "friend", "A friend plays", Some(mouth), &[(marketing, "5")]);
    s.t(friend).personas = vec![tom];

    let consideration = s.stage(guitar, "consideration", "Consideration", Some(Phase::PreSale));
    let goal = s.line(LaneKind::Goal, "Pick one instrument without regret", &[]);
    let st = s.s(consideration);
    st.place.effort = Some(Effort::High);
    st.place.lines = vec![goal];
    st.target = Some(Target { share: percent("40"), within: days(14), span: Span::default() });
    let guide = s.touch(
        consideration,
        "comparison-guide",
        "Ten guitars for beginners",
        Some(blog),
        &[(content, "25"), (product, "5")],
    );
    let lines = vec![
        s.line(LaneKind::Asks, "Which one won't I outgrow?", &[]),
        s.line(LaneKind::Worries, "Being sold rubbish", &[]),
        s.line(LaneKind::Answers(Some(Quality::Partly)), "A table of ten, without advice", &[]),
        s.line(LaneKind::Backstage, "The buyer for guitars updates the table each quarter", &[]),
    ];
    let feelings = vec![s.feels(0, "overwhelmed", &[])];
    let question = Question { text: say("Why don't they ask the chat?"), answered_by: None, span: Span::default() };
    let t = s.t(guide);
    t.place = Place { lines, feelings, questions: vec![question], ..Place::default() };
    t.against = vec![say("Marketplaces"), say("The shop in town")];
    t.unique = vec![say("Thirty days to try")];
    let choices = s.pain(
        guide,
        "too-many-choices",
        "Ten options and no advice for my budget",
        PainKind::Message,
        PainSeverity::Medium,
    );
    let form = s.evidence("Guide feedback form", EvidenceKind::Survey, 131);
    s.model.pains.get_mut(choices).unwrap().evidence = vec![form];
    let quiz = s.opportunity(guide, "quiz", "A three-question quiz that recommends two guitars", choices, 3);
    let message = Message {
        meta: s.meta("first-month", "Your first 30 days"),
        touchpoint: guide,
        when: say("reading for 40 seconds"),
        audience: Some(beginners),
        sets: vec![
            (say("magnet"), Literal::Text(say("E-book: your first 30 days"))),
            (say("button"), Literal::Text(say("Send it to me"))),
        ],
        counts_as: Some(signup),
        seen_by: None,
    };
    let message = s.model.messages.push(message);
    s.t(guide).messages = vec![message];

    let purchase = s.stage(guitar, "purchase", "Purchase", Some(Phase::Sale));
    s.s(purchase).target = Some(Target { share: percent("55"), within: days(1), span: Span::default() });
    let checkout = s.touch(purchase, "checkout", "Checkout", Some(website), &[(product, "15")]);
    let lines = vec![
        s.line(LaneKind::Does, "Is asked for a password before the card", &[]),
        s.line(LaneKind::Expects, "To pay as a guest", &[maya]),
    ];
    let mut irritated = s.feels(-2, "irritated", &[]);
    irritated.evidence = vec![s.evidence("Exit survey", EvidenceKind::Survey, 340)];
    let t = s.t(checkout);
    t.place = Place { lines, feelings: vec![irritated], measured_by: vec![load], ..Place::default() };
    t.moment_of_truth = true;
    t.seen_by = Some(viewed);
    t.leaves_to = vec![say("The second-choice shop")];
    t.surveys = vec![Survey {
        ask: Ask::Open(say("What stopped you?")),
        when: AskWhen::OnLeaving,
        then: None,
        to: None,
        span: Span::default(),
    }];
    let account = s.pain(
        checkout,
        "forced-account",
        "An account is forced before payment",
        PainKind::Leaving,
        PainSeverity::High,
    );
    s.model.pains.get_mut(account).unwrap().found_in_data = Some(day(2026, 9, 12));
    let guest = s.opportunity(checkout, "guest", "Let people pay as guests", account, 5);
    let card =
        s.pain(checkout, "card-error", "The card form fails without a reason", PainKind::Service, PainSeverity::Low);
    let vendor = s.evidence("Payment provider", EvidenceKind::Vendor, 9);
    s.model.pains.get_mut(card).unwrap().evidence = vec![vendor];
    let order = s.touch(purchase, "order-placed", "Order placed", Some(website), &[(product, "5")]);
    let feelings = vec![s.feels(2, "relieved", &[])];
    s.t(order).place = Place { feelings, measured_by: vec![revenue], ..Place::default() };
    s.t(order).seen_by = Some(ordered);
    s.model.journeys.get_mut(guitar).unwrap().sale_at = Some(order);

    let retention = s.stage(guitar, "retention", "Retention", Some(Phase::PostSale));
    let delivery = s.touch(retention, "delivery", "The parcel", Some(parcel), &[(support, "10")]);
    let feelings = vec![s.feels(3, "delighted", &[])];
    let t = s.t(delivery);
    t.place = Place { feelings, ..Place::default() };
    t.promise = Some(Promise { within: days(7), of: order, span: Span::default() });
    t.earns_trust = true;
    t.may_repeat = true;
    let advocacy = s.stage(guitar, "advocacy", "Advocacy", Some(Phase::PostSale));
    let ask = s.touch(advocacy, "nps-survey", "How likely are you to recommend us?", Some(email), &[(support, "5")]);
    let nps_survey = Survey {
        ask: Ask::Nps,
        when: AskWhen::After(days(7), delivery),
        then: Some(say("Why this number?")),
        to: Some(support),
        span: Span::default(),
    };
    let choice = Survey {
        ask: Ask::Choice(say("What do you play?"), vec![say("Guitar"), say("Bass")]),
        when: AskWhen::OnLeaving,
        then: None,
        to: None,
        span: Span::default(),
    };
    s.t(ask).surveys = vec![nps_survey, choice];
    s.t(ask).place.measured_by = vec![nps];

    let step = |touchpoint, optional| Step { touchpoint, optional };
    let exclusion = Exclusion { verb: ExclusionVerb::Fail, event: complained, from: checkout, to: order };
    let funnel = Funnel {
        meta: s.meta("to-payment", "From the guide to the parcel"),
        journey: guitar,
        steps: vec![step(guide, false), step(checkout, false), step(order, false), step(delivery, false)],
        personas: FunnelFor::EachPersona,
        order: Order::Listed,
        within: Some(days(14)),
        within_step: None,
        count: CountUnit::People,
        attempt: Attempt::Best,
        exclusions: vec![exclusion],
        by: None,
        may_start_anywhere: true,
        clock_tolerance: None,
    };
    let funnel = s.model.funnels.push(funnel);
    s.model.journeys.get_mut(guitar).unwrap().funnels = vec![funnel];

    let ideal = s.journey("guitar-ideal", "The same purchase, as we want it", &[]);
    s.model.journeys.get_mut(ideal).unwrap().ideal_of = Some(guitar);
    let stage = s.stage(ideal, "purchase", "Purchase", None);
    s.s(stage).pair = Some(purchase);
    let touch = s.touch(stage, "checkout", "Checkout", None, &[]);
    let feelings = vec![s.feels(1, "in control", &[])];
    s.t(touch).place.feelings = feelings;
    s.t(touch).pair = Some(checkout);
    let stage = s.stage(ideal, "retention", "Retention", None);
    s.s(stage).pair = Some(retention);
    let touch = s.touch(stage, "delivery", "The parcel", None, &[]);
    s.t(touch).promise = Some(Promise { within: days(3), of: order, span: Span::default() });
    s.t(touch).pair = Some(delivery);

    let variant = |s: &Shop, id: &str, title: &str, weight: &str, button: &str| Variant {
        meta: s.meta(id, title),
        weight: percent(weight),
        sets: vec![
            ("guest_checkout".into(), Literal::Bool(id != "control")),
            ("cta".into(), Literal::Text((s.say)(button))),
            ("background".into(), Literal::Text((s.say)("A guitar on a sofa"))),
        ],
    };
    let experiment = Experiment {
        meta: s.meta("guest-checkout", "Guest checkout"),
        at: At::Touchpoint(checkout),
        journey: guitar,
        because: say("Forcing an account loses first-time buyers at the till"),
        tests: Some(guest),
        owner: growth,
        runs: (day(2026, 10, 5), day(2026, 11, 1)),
        status: Status::Stopped(day(2026, 11, 2), say("Planned end")),
        restarts: Vec::new(),
        next_question: Some(say("Does it hold for those who come back?")),
        unit: "user".into(),
        audience: None,
        traffic: percent("80"),
        layers: Vec::new(),
        consents: vec![consent],
        exposed_by: None,
        variants: vec![
            variant(s, "control", "Account required", "50", "Continue"),
            variant(s, "guest", "Guest checkout", "50", "Buy now"),
        ],
        primaries: vec![Primary {
            metric: order_rate,
            expects: Some(Change::Relative(percent("5"))),
            span: Span::default(),
        }],
        secondaries: vec![revenue],
        guardrails: vec![Guardrail { metric: load, tolerates: Change::Relative(percent("5")), span: Span::default() }],
        segments: vec![Segment::Persona],
        method: Method {
            kind: MethodKind::Sequential,
            level: percent("5"),
            power: percent("80"),
            span: Span::default(),
        },
    };
    let stopped = experiment.clone();
    s.model.experiments.push(experiment);
    let variants = vec![
        variant(s, "control", "Ten guitars", "50", "Compare"),
        variant(s, "quiz", "Three questions", "50", "Start"),
    ];
    let draft = Experiment {
        meta: s.meta("quiz-on-guide", "A quiz instead of ten options"),
        at: At::Touchpoint(guide),
        because: say("Advice for my budget beats a longer list"),
        tests: Some(quiz),
        runs: (day(2026, 11, 16), day(2027, 1, 10)),
        status: Status::Draft,
        next_question: None,
        variants,
        ..stopped
    };
    s.model.experiments.push(draft);
    shop.model
}

/// Returns data for the guitar shop, invented.
pub fn numbers(model: &Model) -> waypost::render::map::MapData {
    use waypost::render::map::data::{
        Count, FunnelData, FunnelLedger, FunnelStep, MapData, Measured, Rate, RowKind, Spot, Spread, StageData,
        TouchpointData,
    };
    let guitar = model.journey("guitar").unwrap();
    let stages: Vec<Id<Stage>> = model.journeys[guitar].stages.clone();
    let touches: Vec<Id<Touchpoint>> = model.touchpoints_of(guitar).map(|(id, _)| id).collect();
    let personas: Vec<Id<Persona>> = model.journeys[guitar].personas.clone();
    let rate = |hits, base| Rate { hits: Count::Exactly(hits), base: Count::Exactly(base), interval: None };
    let spread = |median: f64, low: f64, high: f64| Spread { median, low, high };
    let reach = [8_412, 5_960, 1_933, 729, 97];
    let times = [172_800.0, 95_000.0, 259_200.0, 3_542_400.0];
    let stage = |i: usize| StageData {
        reach: Count::Exactly(reach[i]),
        moved_on: (i < 4).then(|| rate(reach[i + 1], reach[i])),
        to_next: (i < 4).then(|| spread(times[i], times[i] / 4.0, times[i] * 3.0)),
        target: match i {
            1 => Some(rate(1_933, 5_960)),
            2 => Some(rate(1_200, 1_933)),
            _ => None,
        },
    };
    let at = [8_412, 40, 5_960, 1_933, 729, 710, 97];
    let lost = [2_400, 3, 4_027, 1_204, 19, 613, 0];
    let touch = |i: usize| TouchpointData {
        reach: Count::Exactly(at[i]),
        personas: vec![(personas[0], rate(at[i] * 9 / 10, 8_412)), (personas[1], rate(at[i] / 3, 4_000))],
        lost: (lost[i] > 0).then(|| rate(lost[i], at[i])),
        promise: (i == 5).then(|| (rate(690, 710), Some(spread(259_200.0, 172_800.0, 432_000.0)))),
    };
    let step = |title: &str, n: u64, seconds: Option<f64>| FunnelStep {
        title: title.into(),
        reached: Count::Exactly(n),
        time: seconds.map(|s| spread(s, s / 3.0, s * 2.5)),
    };
    let funnel = |persona, scale: u64| FunnelData {
        funnel: Some(model.journeys[guitar].funnels[0]),
        persona,
        steps: vec![
            step(&model.touchpoints[touches[2]].meta.title, 5_960 / scale, None),
            step(&model.touchpoints[touches[3]].meta.title, 1_933 / scale, Some(90_000.0)),
            step(&model.touchpoints[touches[4]].meta.title, 729 / scale, Some(240.0)),
            step(&model.touchpoints[touches[5]].meta.title, 710 / scale, Some(259_200.0)),
        ],
        ledger: FunnelLedger {
            entrants: 5_960 / scale,
            converted: 710 / scale,
            dropped: 5_960 / scale - 710 / scale - 40,
            failed: 25,
            immature: 15,
            excluded: 0,
            without_consent: 2_310 / scale,
        },
    };
    let metric = |id: &str| model.metrics.iter().find(|(_, m)| m.meta.id == id).map(|(i, _)| i).unwrap();
    MapData {
        days: Some((day(2026, 10, 1), day(2026, 10, 31))),
        people: Count::Exactly(8_412),
        consented: Some(0.71),
        simulated: true,
        stages: stages.iter().enumerate().map(|(i, &s)| (s, stage(i))).collect(),
        touchpoints: touches.iter().enumerate().map(|(i, &t)| (t, touch(i))).collect(),
        funnels: vec![funnel(None, 1), funnel(Some(personas[0]), 3), funnel(Some(personas[1]), 2)],
        measured: vec![
            Measured {
                at: Spot::Touchpoint(touches[6]),
                metric: metric("nps"),
                value: 41.0,
                interval: Some((29.0, 53.0)),
                people: 97,
            },
            Measured {
                at: Spot::Touchpoint(touches[3]),
                metric: metric("load-p95"),
                value: 2_310.0,
                interval: Some((2_240.0, 2_390.0)),
                people: 1_933,
            },
        ],
        handovers: Vec::new(),
        rows: vec![
            (RowKind::Read, 61_004),
            (RowKind::Used, 60_870),
            (RowKind::Duplicate, 120),
            (RowKind::Rejected, 14),
        ],
    }
}

//! The rows of the vocabulary, in the order of the reference.

use super::Count::{Any, One, OneOfGroup, Optional, Some as AtLeastOne};
use super::{Block, Row};

const FILE: &[Block] = &[Block::File];
const WITH_ID: &[Block] = &[
    Block::Journey,
    Block::Stage,
    Block::Touchpoint,
    Block::Message,
    Block::Pain,
    Block::Opportunity,
    Block::Funnel,
    Block::Persona,
    Block::Team,
    Block::Channel,
    Block::Lane,
    Block::Event,
    Block::Metric,
    Block::Audience,
    Block::Layer,
    Block::Holdout,
    Block::Consent,
    Block::Experiment,
    Block::Variant,
];
const JOURNEY: &[Block] = &[Block::Journey];
const EVIDENCED: &[Block] = &[Block::Journey, Block::Claim, Block::Feels, Block::Pain, Block::Persona];
const STAGE: &[Block] = &[Block::Stage];
const PLACE: &[Block] = &[Block::Stage, Block::Touchpoint];
const LANED: &[Block] = &[Block::Stage, Block::Touchpoint, Block::Persona];
const TOUCHPOINT: &[Block] = &[Block::Touchpoint];
const SEEN: &[Block] = &[Block::Touchpoint, Block::Message];
const MESSAGE: &[Block] = &[Block::Message];
const ENTERED: &[Block] = &[Block::Message, Block::Experiment];
const SETTING: &[Block] = &[Block::Message, Block::Variant];
const VARIANT: &[Block] = &[Block::Variant];
const PAIN: &[Block] = &[Block::Pain];
const OPPORTUNITY: &[Block] = &[Block::Opportunity];
const QUESTION: &[Block] = &[Block::Question];
const EVIDENCE: &[Block] = &[Block::Evidence];
const FUNNEL: &[Block] = &[Block::Funnel];
const ATTRIBUTION: &[Block] = &[Block::Attribution];
const PERSONA: &[Block] = &[Block::Persona];
const CHANNEL: &[Block] = &[Block::Channel];
const EVENT: &[Block] = &[Block::Event];
const AUDIENCE: &[Block] = &[Block::Audience];
const CUT: &[Block] = &[Block::Layer, Block::Holdout];
const HOLDOUT: &[Block] = &[Block::Holdout];
const CONSENT: &[Block] = &[Block::Consent];
const METRIC: &[Block] = &[Block::Metric];
const EXPERIMENT: &[Block] = &[Block::Experiment];

const fn row(on: &'static [Block], form: &'static str, count: super::Count, says: &'static str) -> Row {
    Row { on, form, count, opens: None, says }
}

const fn opens(on: &'static [Block], form: &'static str, count: super::Count, block: Block, says: &'static str) -> Row {
    Row { on, form, count, opens: Some(block), says }
}

/// Every statement of the language.
pub static ROWS: &[Row] = &[
    row(FILE, "use TEXT", Any, "reads the declarations of another file of the project"),
    opens(FILE, "journey ID TEXT", Any, Block::Journey, "one map, from first contact to the end it names"),
    opens(FILE, "persona ID TEXT", Any, Block::Persona, "a kind of person who travels"),
    opens(FILE, "team ID TEXT", Any, Block::Team, "who owns things"),
    opens(FILE, "channel ID TEXT", Any, Block::Channel, "where a touchpoint happens"),
    opens(FILE, "lane ID TEXT", Any, Block::Lane, "a row of the team's own"),
    opens(FILE, "event ID [TEXT]", Any, Block::Event, "a thing people do, as the data names it"),
    opens(FILE, "metric ID TEXT", Any, Block::Metric, "a number with one definition"),
    opens(FILE, "audience ID TEXT", Any, Block::Audience, "who may enter"),
    opens(FILE, "layer ID TEXT", Any, Block::Layer, "a space that experiments share without overlap"),
    opens(FILE, "holdout ID TEXT", Any, Block::Holdout, "units kept out of all experiments"),
    opens(FILE, "consent ID TEXT", Any, Block::Consent, "a kind of consent, and the words asking for it"),
    opens(FILE, "experiment ID TEXT", Any, Block::Experiment, "one test, its plan and its state"),
    row(WITH_ID, "about TEXT", Optional, "one line of explanation"),
    row(WITH_ID, "was ID", Optional, "the former id, so that `diff` knows a rename from a removal"),
    row(JOURNEY, "for PERSONA, …", One, "who travels"),
    row(JOURNEY, "starts TEXT", Optional, "what sets the journey off"),
    row(JOURNEY, "ends TEXT", Optional, "what the journey aims at"),
    row(JOURNEY, "sale at TOUCHPOINT", Optional, "the purchase point"),
    row(JOURNEY, "review every PERIOD since DATE", Optional, "when the map must be looked at again"),
    opens(EVIDENCED, "evidence TEXT", Any, Block::Evidence, "why we believe it"),
    opens(JOURNEY, "claim TEXT [with NUMBER without NUMBER]", Any, Block::Claim, "a number somebody says"),
    opens(JOURNEY, "stage ID TEXT", AtLeastOne, Block::Stage, "one step, in order"),
    row(JOURNEY, "ideal of JOURNEY", Optional, "this map is what that one should become"),
    row(JOURNEY, "without TOUCHPOINT", Any, "what the ideal drops"),
    opens(JOURNEY, "funnel ID TEXT", Any, Block::Funnel, "a path to count"),
    opens(
        JOURNEY,
        "attribution of TOUCHPOINT [by EVENT.PROPERTY]",
        Any,
        Block::Attribution,
        "shares an outcome, or its money, among earlier touchpoints",
    ),
    row(
        JOURNEY,
        "handover from VALUE to VALUE [by PROPERTY] at TOUCHPOINT",
        Any,
        "people who change device or channel here; channels without `by`",
    ),
    row(JOURNEY, "paths from TOUCHPOINT", Any, "where people go next"),
    row(JOURNEY, "paths into TOUCHPOINT", Any, "where people came from"),
    row(
        JOURNEY,
        "require at least PERCENT from TOUCHPOINT to TOUCHPOINT [PERSONAS]",
        Any,
        "`analyze --fail-on-gap` fails below this",
    ),
    row(STAGE, "phase <pre-sale | sale | post-sale>", One, "before, at or after the purchase"),
    row(
        STAGE,
        "target PERCENT move on within DURATION",
        Optional,
        "the share of those who reached it that reach the next stage",
    ),
    opens(STAGE, "touchpoint ID TEXT", Any, Block::Touchpoint, "one meeting with the company"),
    row(PLACE, "effort <none | low | medium | high>", Optional, "how much work it is for the customer"),
    row(PLACE, "spend MONEY [a <week | month>] [from DATE to DATE]", Any, "what it costs the company"),
    row(LANED, "goal TEXT [PERSONAS]", Any, "what the customer wants to reach"),
    row(LANED, "does TEXT [PERSONAS]", Any, "what the customer does"),
    row(LANED, "asks TEXT [PERSONAS]", Any, "a question of the customer's"),
    row(LANED, "thinks TEXT [PERSONAS]", Any, "what the customer thinks"),
    row(LANED, "needs TEXT [PERSONAS]", Any, "what the customer needs"),
    row(LANED, "wants TEXT [PERSONAS]", Any, "what the customer wants"),
    row(LANED, "expects TEXT [PERSONAS]", Any, "what the customer expects"),
    row(LANED, "worries TEXT [PERSONAS]", Any, "what worries the customer"),
    row(LANED, "motivates TEXT [PERSONAS]", Any, "what moves the customer on"),
    row(LANED, "answers [<well | partly | badly>] TEXT [PERSONAS]", Any, "how the company meets it, and how well"),
    row(PLACE, "frontstage TEXT", Any, "what the company does in sight"),
    row(PLACE, "backstage TEXT", Any, "what the company does unseen"),
    row(PLACE, "system TEXT", Any, "what software does"),
    row(PLACE, "note LANE TEXT [PERSONAS]", Any, "a line in the team's own row"),
    opens(PLACE, "feels FEELING [TEXT] [EMOJI] [PERSONAS]", Any, Block::Feels, "how it feels, for the curve"),
    row(PLACE, "measured by METRIC, …", Optional, "draws the numbers there"),
    opens(PLACE, "pain ID TEXT", Any, Block::Pain, "what hurts"),
    opens(PLACE, "opportunity ID TEXT", Any, Block::Opportunity, "what could help"),
    opens(PLACE, "question TEXT", Any, Block::Question, "a \"why don't they …\"; open ones are listed"),
    row(TOUCHPOINT, "channel CHANNEL", One, "where it happens"),
    row(
        TOUCHPOINT,
        "owner TEAM [PERCENT], …",
        Optional,
        "who answers for it, with its share of influence on the journey",
    ),
    row(TOUCHPOINT, "for PERSONA, …", Optional, "only these pass here"),
    row(SEEN, "seen by EVENT", Optional, "the event that shows somebody was here"),
    row(TOUCHPOINT, "moment of truth", Optional, "it decides whether people stay"),
    row(TOUCHPOINT, "earns trust", Optional, "it builds trust"),
    row(TOUCHPOINT, "may repeat", Optional, "passing again is no deviation"),
    row(TOUCHPOINT, "promise within DURATION of TOUCHPOINT", Optional, "how soon this follows another touchpoint"),
    row(TOUCHPOINT, "leaves to TEXT", Any, "where people go instead"),
    row(TOUCHPOINT, "against TEXT, …", Any, "competitors here"),
    row(TOUCHPOINT, "unique TEXT", Any, "what only we offer"),
    row(
        SEEN,
        "survey <nps | csat | choice TEXT CHOICES | TEXT> <on leaving | DURATION after TOUCHPOINT> [then TEXT [to TEAM]]",
        Any,
        "asks 0 to 10, 1 to 5, a choice or an open question; then why, and who closes the loop",
    ),
    opens(TOUCHPOINT, "message ID TEXT", Any, Block::Message, "something shown there to move people on"),
    row(MESSAGE, "when TEXT", One, "what triggers it"),
    row(ENTERED, "audience AUDIENCE", Optional, "who may get it, or enter"),
    row(SETTING, "set NAME to VALUE", Any, "one of its parts"),
    row(MESSAGE, "counts as EVENT", Optional, "its micro-conversion"),
    row(PAIN, "kind <leaving | message | delivery | product | service>", One, "what sort of gap"),
    row(PAIN, "severity <low | medium | high>", One, "how bad"),
    row(PAIN, "found in data on DATE", Optional, "learnt from analysis"),
    row(PAIN, "solved by EXPERIMENT on DATE", Optional, "healed by an experiment"),
    row(OPPORTUNITY, "solves PAIN, …", AtLeastOne, "which pains it heals"),
    row(OPPORTUNITY, "value NUMBER", One, "its worth, from 1 to 5"),
    row(OPPORTUNITY, "cost NUMBER", One, "its cost, from 1 to 5"),
    row(QUESTION, "answered by EXPERIMENT", Optional, "the experiment that answered it"),
    row(EVIDENCE, "kind <interview | survey | analytics | study | vendor | guess>", One, "what kind of evidence"),
    row(EVIDENCE, "people NUMBER", Optional, "how many people it rests on"),
    row(EVIDENCE, "on DATE", One, "when it was learnt"),
    row(FUNNEL, "steps [optional] TOUCHPOINT > …", One, "the steps, in order"),
    row(FUNNEL, "for <each persona | PERSONA, …>", Optional, "one funnel each, or only these"),
    row(
        FUNNEL,
        "order <listed | directly [ignoring EVENT, …] | any>",
        Optional,
        "how strictly the steps follow each other; listed if not said",
    ),
    row(FUNNEL, "within DURATION [of previous step]", Any, "time for the whole chain, and for each step"),
    row(FUNNEL, "count <people | sessions | PROPERTY>", Optional, "the unit; people if not said"),
    row(FUNNEL, "attempt <best | first | every>", Optional, "which attempt counts; best if not said"),
    row(FUNNEL, "fail people who EVENT between TOUCHPOINT and TOUCHPOINT", Any, "people lost at the first of the two"),
    row(FUNNEL, "drop people who EVENT between TOUCHPOINT and TOUCHPOINT", Any, "people left out of the base"),
    row(
        FUNNEL,
        "by PROPERTY, … [<at entry | first known | last known | at TOUCHPOINT | from the person>]",
        Optional,
        "a breakdown, and when its value is taken",
    ),
    row(FUNNEL, "may start anywhere", Optional, "people may enter at any step"),
    row(FUNNEL, "clock tolerance DURATION", Optional, "how far clocks may differ"),
    row(ATTRIBUTION, "look back DURATION", Optional, "how old a touch may be; 30 days if not said"),
    row(ATTRIBUTION, "models MODEL, …", Optional, "the ways of sharing an outcome among touches"),
    row(PERSONA, "geographic TEXT", Any, "where they live, and what that is like"),
    row(PERSONA, "demographic TEXT", Any, "age, work, income, education"),
    row(PERSONA, "psychographic TEXT", Any, "lifestyle, values, attitudes"),
    row(PERSONA, "behavioural TEXT", Any, "what they look for, how they like to deal"),
    row(PERSONA, "quote TEXT", Optional, "a sentence of theirs"),
    row(PERSONA, "portrait TEXT", Optional, "a picture in the project: PNG, JPEG, WebP or SVG of at most 64 KiB"),
    row(PERSONA, "share PERCENT", Optional, "their share of all customers"),
    row(PERSONA, "where CONDITION", Optional, "which units in the data these are"),
    row(CHANNEL, "kind <online | offline | self-service>", Optional, "what kind of place"),
    row(CHANNEL, "colour TEXT", Optional, "its colour on the map, as `\"#0072B2\"`"),
    row(EVENT, "named TEXT [where CONDITION]", AtLeastOne, "its name in the data"),
    row(AUDIENCE, "where CONDITION", One, "who belongs"),
    row(CUT, "unit UNIT", Optional, "what it is cut by; the manifest's first unit if not said"),
    row(HOLDOUT, "takes PERCENT", One, "how many"),
    row(CONSENT, "policy TEXT", One, "where the policy is"),
    row(METRIC, "share of EVENT within DURATION", OneOfGroup, "share of units that did it"),
    row(METRIC, "share without EVENT within DURATION", OneOfGroup, "share that did not: churn"),
    row(METRIC, "average of AGGREGATE per unit within DURATION", OneOfGroup, "per unit, then averaged"),
    row(METRIC, "ratio of AGGREGATE to AGGREGATE within DURATION", OneOfGroup, "one total over another"),
    row(METRIC, "quantile PERCENT of EVENT.PROPERTY within DURATION", OneOfGroup, "the value most stay under"),
    row(METRIC, "nps of EVENT.PROPERTY within DURATION", OneOfGroup, "net promoter score"),
    row(METRIC, "time to EVENT within DURATION", OneOfGroup, "how long until"),
    row(METRIC, "steps FUNNEL", OneOfGroup, "reaching each step of a funnel, all over everybody exposed"),
    row(METRIC, "cap at <percentile PERCENT | NUMBER>", Optional, "cuts extremes"),
    row(METRIC, "adjust with DURATION before", Optional, "uses each unit's past (CUPED)"),
    row(METRIC, "<higher | lower> is better", One, "which way is good"),
    row(METRIC, "worth MONEY", Optional, "what one is worth"),
    row(EXPERIMENT, "at PLACE", One, "where on the map: a touchpoint or a message"),
    row(EXPERIMENT, "because TEXT", One, "the hypothesis"),
    row(EXPERIMENT, "tests OPPORTUNITY", Optional, "what it tries"),
    row(EXPERIMENT, "owner TEAM", One, "who answers for it"),
    row(EXPERIMENT, "runs from DATE to DATE", One, "the planned time, both days included"),
    row(
        EXPERIMENT,
        "status <draft | running | paused | stopped on DATE because TEXT | shipped VARIANT on DATE because TEXT>",
        One,
        "where it stands",
    ),
    row(EXPERIMENT, "restart NUMBER from DATE because TEXT", Any, "re-randomises; what came before is not comparable"),
    row(EXPERIMENT, "next question TEXT", Optional, "what to ask after it"),
    row(EXPERIMENT, "unit UNIT", One, "what is randomised"),
    row(EXPERIMENT, "traffic PERCENT", Optional, "the share of the audience that enters; all if not said"),
    row(EXPERIMENT, "layer LAYER takes PERCENT", Any, "its slice of a layer"),
    row(EXPERIMENT, "consent CONSENT", Any, "needed to be counted"),
    row(EXPERIMENT, "exposed by EVENT", Optional, "counts a unit in; the `seen by` of `at` if not said"),
    opens(EXPERIMENT, "variant ID TEXT PERCENT", AtLeastOne, Block::Variant, "one arm, its weight, its parts"),
    row(VARIANT, "weight PERCENT from DATE", Any, "its weight from a later day on; nobody changes arms"),
    row(EXPERIMENT, "primary METRIC [expects CHANGE]", AtLeastOne, "decides"),
    row(EXPERIMENT, "secondary METRIC, …", Any, "informs"),
    row(EXPERIMENT, "guardrail METRIC tolerates CHANGE", Any, "may veto"),
    row(EXPERIMENT, "segments <persona | PROPERTY>, …", Optional, "how results are cut, exploratory"),
    row(
        EXPERIMENT,
        "method <fixed | sequential | group-sequential NUMBER looks [<obrien-fleming | pocock | power | hsd>] | bayesian> with level PERCENT and power PERCENT",
        One,
        "how it is decided",
    ),
];

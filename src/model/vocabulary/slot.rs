//! The slots of forms: what kinds of argument there are.

/// A kind of argument, named in forms by a word in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A new id.
    Id,
    /// `"…"` or block text.
    Text,
    /// `3`
    Number,
    /// `50%`
    Percent,
    /// -3 to +3
    Feeling,
    /// `7 days`
    Duration,
    /// `3 months`
    Period,
    /// `2026-10-01`
    Date,
    /// `12000 EUR`
    Money,
    /// `+5%`, `+2 points`, `+20 ms`, `+3 EUR`
    Change,
    /// `country in ("PT")`
    Condition,
    /// One emoji.
    Emoji,
    /// A text, number, name, true or false.
    Value,
    /// A name that something sets or reads.
    Name,
    /// A declared attribute or property.
    Property,
    /// `order-paid.revenue`
    EventProperty,
    /// `count EVENT`, `sum EVENT.PROPERTY`, …
    Aggregate,
    /// A way of sharing an outcome.
    Model,
    /// A key of the manifest's `units`.
    Unit,
    /// `("a", "b")`
    Choices,
    /// A reference to a persona.
    Persona,
    /// A reference to a touchpoint.
    Touchpoint,
    /// A reference to a touchpoint or message.
    Place,
    /// A reference to a journey.
    Journey,
    /// A reference to a team.
    Team,
    /// A reference to a channel.
    Channel,
    /// A reference to a lane.
    Lane,
    /// A reference to an event.
    Event,
    /// A reference to a metric.
    Metric,
    /// A reference to an audience.
    Audience,
    /// A reference to a layer.
    Layer,
    /// A reference to a consent.
    Consent,
    /// A reference to an experiment.
    Experiment,
    /// A reference to a pain.
    Pain,
    /// A reference to an opportunity.
    Opportunity,
    /// A reference to a funnel.
    Funnel,
    /// A reference to a variant of the same experiment.
    Variant,
}

impl Slot {
    /// All slots with the word that names them in forms.
    pub const ALL: &[(&'static str, Slot)] = &[
        ("AGGREGATE", Slot::Aggregate),
        ("AUDIENCE", Slot::Audience),
        ("CHANGE", Slot::Change),
        ("CHANNEL", Slot::Channel),
        ("CHOICES", Slot::Choices),
        ("CONDITION", Slot::Condition),
        ("CONSENT", Slot::Consent),
        ("DATE", Slot::Date),
        ("DURATION", Slot::Duration),
        ("EMOJI", Slot::Emoji),
        ("EVENT", Slot::Event),
        ("EVENT.PROPERTY", Slot::EventProperty),
        ("EXPERIMENT", Slot::Experiment),
        ("FEELING", Slot::Feeling),
        ("FUNNEL", Slot::Funnel),
        ("ID", Slot::Id),
        ("JOURNEY", Slot::Journey),
        ("LANE", Slot::Lane),
        ("LAYER", Slot::Layer),
        ("METRIC", Slot::Metric),
        ("MODEL", Slot::Model),
        ("MONEY", Slot::Money),
        ("NAME", Slot::Name),
        ("NUMBER", Slot::Number),
        ("OPPORTUNITY", Slot::Opportunity),
        ("PAIN", Slot::Pain),
        ("PERCENT", Slot::Percent),
        ("PERIOD", Slot::Period),
        ("PERSONA", Slot::Persona),
        ("PLACE", Slot::Place),
        ("PROPERTY", Slot::Property),
        ("TEAM", Slot::Team),
        ("TEXT", Slot::Text),
        ("TOUCHPOINT", Slot::Touchpoint),
        ("UNIT", Slot::Unit),
        ("VALUE", Slot::Value),
        ("VARIANT", Slot::Variant),
    ];

    /// Returns the slot of a word in capitals.
    pub fn parse(word: &str) -> Option<Slot> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, slot)| *slot)
    }

    /// Returns what to say is expected, with an example.
    pub fn expected(self) -> &'static str {
        match self {
            Slot::Id => "a new id, such as `order-placed`",
            Slot::Text => "a text in quotes",
            Slot::Number => "a number, such as `3`",
            Slot::Percent => "a percentage, such as `50%`",
            Slot::Feeling => "a feeling from `-3` to `+3`",
            Slot::Duration => "a duration, such as `7 days`",
            Slot::Period => "a period, such as `3 months`",
            Slot::Date => "a date, such as `2026-10-01`",
            Slot::Money => "an amount of money, such as `20 EUR`",
            Slot::Change => "a change, such as `+5%`, `+2 points` or `+20 ms`",
            Slot::Condition => "a condition, such as `country in (\"PT\", \"ES\")`",
            Slot::Emoji => "one emoji",
            Slot::Value => "a text in quotes, a number, `true` or `false`",
            Slot::Name => "a name",
            Slot::Property => "an attribute or property declared in `waypost.yaml`",
            Slot::EventProperty => "an event and its property, such as `order-paid.revenue`",
            Slot::Aggregate => "`count EVENT`, or `sum`, `max` or `last` of a property such as `order-paid.revenue`",
            Slot::Model => {
                "a model: first, last, last-non-direct, linear, position, j, inverse-j, time-decay, markov or shapley"
            }
            Slot::Unit => "a unit of `waypost.yaml`, such as `user`",
            Slot::Choices => "the answers to choose from, such as `(\"Price\", \"Delivery\")`",
            Slot::Persona => "the id of a persona",
            Slot::Touchpoint => "the id of a touchpoint",
            Slot::Place => "the id of a touchpoint or a message",
            Slot::Journey => "the id of a journey",
            Slot::Team => "the id of a team",
            Slot::Channel => "the id of a channel",
            Slot::Lane => "the id of a lane",
            Slot::Event => "the id of an event",
            Slot::Metric => "the id of a metric",
            Slot::Audience => "the id of an audience",
            Slot::Layer => "the id of a layer",
            Slot::Consent => "the id of a consent",
            Slot::Experiment => "the id of an experiment",
            Slot::Pain => "the id of a pain",
            Slot::Opportunity => "the id of an opportunity",
            Slot::Funnel => "the id of a funnel",
            Slot::Variant => "the id of a variant of this experiment",
        }
    }
}

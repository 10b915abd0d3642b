//! A statement's arguments, read by its form.

use crate::model::Condition;
use crate::model::metric::Aggregate;
use crate::model::value::{Change, Date, Decimal, Duration, Literal, Money, Percent, Period};
use crate::model::vocabulary::Slot;
use crate::source::Span;

/// One argument.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    /// A word of the form itself.
    Word(&'static str),
    /// A new id, or a bare name.
    Name(String),
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A percentage.
    Percent(Percent),
    /// A feeling.
    Feeling(i8),
    /// A duration.
    Duration(Duration),
    /// A period.
    Period(Period),
    /// A day.
    Date(Date),
    /// Money.
    Money(Money),
    /// A change.
    Change(Change),
    /// A condition.
    Condition(Condition),
    /// An emoji.
    Emoji(String),
    /// A value.
    Value(Literal),
    /// Answers to choose from.
    Choices(Vec<String>),
    /// A name of something declared elsewhere, in parts.
    Reference(Slot, Vec<String>),
    /// `sum order-paid.revenue`: which aggregate, and of what.
    Aggregate(AggregateWord, Vec<String>),
}

/// The aggregates by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AggregateWord {
    Count,
    Sum,
    Max,
    Last,
}

impl AggregateWord {
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "count" => Some(Self::Count),
            "sum" => Some(Self::Sum),
            "max" => Some(Self::Max),
            "last" => Some(Self::Last),
            _ => None,
        }
    }

    /// Returns the aggregate of a property.
    pub(super) fn of(self, property: crate::model::PropertyRef) -> Aggregate {
        match self {
            Self::Count => Aggregate::Count(property.event),
            Self::Sum => Aggregate::Sum(property),
            Self::Max => Aggregate::Max(property),
            Self::Last => Aggregate::Last(property),
        }
    }
}

/// All arguments of one statement, in order, each with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Args {
    pub(super) items: Vec<(Arg, Span)>,
}

macro_rules! getters {
    ($($(#[$doc:meta])* $one:ident, $all:ident: $variant:ident => $type:ty;)*) => {$(
        $(#[$doc])*
        pub(super) fn $all(&self) -> impl Iterator<Item = &$type> {
            self.items.iter().filter_map(|(arg, _)| match arg {
                Arg::$variant(value) => Some(value),
                _ => None,
            })
        }

        $(#[$doc])*
        #[allow(dead_code, reason = "one getter for each kind of argument, made by one rule")]
        pub(super) fn $one(&self) -> Option<$type> {
            self.$all().next().cloned()
        }
    )*};
}

impl Args {
    getters! {
        name, names: Name => String;
        text, texts: Text => String;
        number, numbers: Number => Decimal;
        percent, percents: Percent => Percent;
        feeling, feelings: Feeling => i8;
        duration, durations: Duration => Duration;
        period, periods: Period => Period;
        date, dates: Date => Date;
        money, monies: Money => Money;
        change, changes: Change => Change;
        condition, conditions: Condition => Condition;
        emoji, emojis: Emoji => String;
        value, values: Value => Literal;
        choices, all_choices: Choices => Vec<String>;
    }

    /// Returns whether the form's word was written.
    pub(super) fn has(&self, word: &str) -> bool {
        self.items.iter().any(|(arg, _)| matches!(arg, Arg::Word(w) if *w == word))
    }

    /// Returns the references of a kind, in order.
    pub(super) fn references(&self, slot: Slot) -> impl Iterator<Item = (&[String], Span)> {
        self.items.iter().filter_map(move |(arg, span)| match arg {
            Arg::Reference(s, path) if *s == slot => Some((path.as_slice(), *span)),
            _ => None,
        })
    }

    /// Returns the first reference of a kind.
    pub(super) fn reference(&self, slot: Slot) -> Option<(&[String], Span)> {
        self.references(slot).next()
    }

    /// Returns the aggregates, in order.
    pub(super) fn aggregates(&self) -> impl Iterator<Item = (AggregateWord, &[String], Span)> {
        self.items.iter().filter_map(|(arg, span)| match arg {
            Arg::Aggregate(word, path) => Some((*word, path.as_slice(), *span)),
            _ => None,
        })
    }

    /// Returns the place of the first argument of any kind that `is` accepts.
    pub(super) fn span_of(&self, is: impl Fn(&Arg) -> bool) -> Option<Span> {
        self.items.iter().find(|(arg, _)| is(arg)).map(|(_, span)| *span)
    }
}

//! Events: the only bridge between the data's names and the spec's.

use super::{Condition, Id, Meta};

/// A thing people do, as the data names it.
#[derive(Clone, Debug)]
pub struct Event {
    /// Id, and title where there is one.
    pub meta: Meta,
    /// Its names in the data, at least one; any of them will do.
    pub names: Vec<EventName>,
}

/// One name of an event in the data.
#[derive(Clone, Debug)]
pub struct EventName {
    /// The text in the event column.
    pub name: String,
    /// What else must hold.
    pub condition: Option<Condition>,
}

/// A property of an event: `order-paid.revenue`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PropertyRef {
    /// Whose property.
    pub event: Id<Event>,
    /// Its name in the data; declared in the manifest.
    pub property: String,
}

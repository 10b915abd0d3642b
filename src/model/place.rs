//! Who owns things and where they happen: teams, channels, lanes of the team's own.

use super::Meta;

/// Who owns things.
#[derive(Clone, Debug)]
pub struct Team {
    /// Id and title.
    pub meta: Meta,
}

/// Where a touchpoint happens.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Id and title.
    pub meta: Meta,
    /// Online, offline, self-service.
    pub kind: Option<ChannelKind>,
    /// `#rrggbb`, checked.
    pub colour: Option<String>,
}

/// Kinds of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// `online`
    Online,
    /// `offline`
    Offline,
    /// `self-service`
    SelfService,
}

impl ChannelKind {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            ChannelKind::Online => "online",
            ChannelKind::Offline => "offline",
            ChannelKind::SelfService => "self-service",
        }
    }
}

/// A row of the team's own.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Id and title.
    pub meta: Meta,
}

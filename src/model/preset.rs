//! Presets: the columns of exporting tools, as their vendors document them.

/// The columns of one tool's export. What an entry of the manifest says itself goes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name in the manifest.
    pub name: &'static str,
    /// What is meant, in a few words.
    pub says: &'static str,
    /// The column of the time.
    pub time: &'static str,
    /// The unit of times that are numbers.
    pub epoch: Option<&'static str>,
    /// The column of the event's name; rows without one are passed over.
    pub event: &'static str,
    /// The column of the row's own id.
    pub id: Option<&'static str>,
    /// The column of the known id.
    pub unit: &'static str,
    /// The column of the anonymous id.
    pub anonymous: Option<&'static str>,
    /// The event that joins the two, where not every row with both does.
    pub identify: Option<&'static str>,
    /// What stands before the name of a property.
    pub properties: &'static str,
    /// What stands before the name of an attribute.
    pub attributes: &'static str,
}

/// Every preset, sorted by name.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "amplitude",
        says: "Amplitude's Export API: one event a line, `amplitude_id` already joined",
        time: "event_time",
        epoch: None,
        event: "event_type",
        id: Some("$insert_id"),
        unit: "amplitude_id",
        anonymous: None,
        identify: None,
        properties: "event_properties.",
        attributes: "user_properties.",
    },
    Preset {
        name: "ga4",
        says: "Google Analytics 4 in BigQuery, exported as NDJSON or Parquet: `event_params` and `user_properties` by their keys",
        time: "event_timestamp",
        epoch: Some("us"),
        event: "event_name",
        id: None,
        unit: "user_id",
        anonymous: Some("user_pseudo_id"),
        identify: None,
        properties: "event_params.",
        attributes: "user_properties.",
    },
    Preset {
        name: "mixpanel",
        says: "Mixpanel's raw export, simplified id merge",
        time: "properties.time",
        epoch: Some("s"),
        event: "event",
        id: Some("properties.$insert_id"),
        unit: "properties.$user_id",
        anonymous: Some("properties.$device_id"),
        identify: None,
        properties: "properties.",
        attributes: "properties.",
    },
    Preset {
        name: "posthog",
        says: "PostHog's batch export of events",
        time: "timestamp",
        epoch: None,
        event: "event",
        id: Some("uuid"),
        unit: "distinct_id",
        anonymous: Some("properties.$anon_distinct_id"),
        identify: Some("$identify"),
        properties: "properties.",
        attributes: "person_properties.",
    },
    Preset {
        name: "segment",
        says: "Segment's messages, one a line",
        time: "timestamp",
        epoch: None,
        event: "event",
        id: Some("messageId"),
        unit: "userId",
        anonymous: Some("anonymousId"),
        identify: None,
        properties: "properties.",
        attributes: "context.traits.",
    },
    Preset {
        name: "snowplow",
        says: "Snowplow's atomic events, with a header",
        time: "derived_tstamp",
        epoch: None,
        event: "event_name",
        id: Some("event_id"),
        unit: "user_id",
        anonymous: Some("domain_userid"),
        identify: None,
        properties: "",
        attributes: "",
    },
];

/// Returns the preset of a name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.name == name)
}

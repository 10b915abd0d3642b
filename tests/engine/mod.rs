//! The reader of event files, the plan and the engine.
mod corpus;
mod cuts;
mod events;
mod journeys;
mod presets;
mod real;
mod sets;
mod spine;
mod truths;
mod twin;

//! The reader of event files, the plan and the engine.
mod events;
mod real;
mod sets;
mod spine;
mod twin;

//! Rules about the model: one file each, and the list of them.
//!
//! A rule's doc comment is its manual page: what is found, why it matters, an example, the better way. The findings are
//! warnings and notes; the manifest may make them errors or turn them off, and a comment
//! (`# waypost: allow CODE reason`) silences one on its statement.

mod adjust_without_effect;
mod allow_unknown;
mod allow_unused;
mod allow_without_reason;
mod answered_badly;
mod assumed_persona;
mod audience_by_property;
mod audience_misses_personas;
mod bad_feeling_without_pain;
mod bayesian_many_variants;
mod bayesian_metric;
mod bayesian_stopped_early;
mod cap_without_effect;
mod claim_without_evidence;
mod condition_always_true;
mod confusable_names;
mod consent_missing;
mod currency_differs;
mod date_in_future;
mod draft_past_its_end;
mod drafts_collide;
mod emoji_contradicts_feeling;
mod empty_stage;
mod ended_before_its_start;
mod event_without_touchpoint;
mod evidence_age;
mod expects_much;
mod expects_nothing;
mod expects_the_bad_way;
mod experiment_on_an_ideal;
mod feelings_contradict;
mod frame;
mod funnel_against_the_map;
mod funnel_drops_in_experiment;
mod guardrail_margin_wide;
mod guardrail_without_margin;
mod handover_to_itself;
mod holdout_large;
mod ideal_drops_and_names;
mod ideal_feels_worse;
mod ideal_promises_later;
mod ideal_without_pair;
mod impossible_condition;
mod influence_not_whole;
mod language;
mod layer_overfull_in_time;
mod lint_setting;
mod loose_level;
mod lopsided_weights;
mod low_power;
mod many_metrics;
mod many_moments_of_truth;
mod many_primaries;
mod many_segments;
mod many_variants;
mod map_without_review;
mod metric_without_data;
mod moment_of_truth_unmeasured;
mod money_before_trust;
mod more_looks_than_weeks;
mod no_guardrail;
mod not_whole_weeks;
mod nps_without_why;
mod opportunity_solves_nothing;
mod opportunity_untested;
mod overlapping_tests;
mod pain_solved_too_early;
mod pain_without_opportunity;
mod past_its_end;
mod peeking_with_fixed;
mod persona_shares_above_whole;
mod personal_card;
mod personal_column;
mod personal_email;
mod personal_iban;
mod personal_ip;
mod personal_phone;
mod personas_alike;
mod phases_out_of_order;
mod primary_before_exposure;
mod primary_is_exposure;
mod primary_without_expectation;
mod promise_backwards;
mod promise_without_event;
mod question_answered_too_early;
mod real_name;
mod repeated_persona;
mod requirement_backwards;
mod restart_of_a_draft;
mod restart_outside_the_plan;
mod review_overdue;
mod running_before_its_start;
mod runs_long;
mod runs_short;
mod sale_outside_sale_phase;
mod sale_point_missing;
mod same_audience;
mod same_event;
mod same_metric;
mod same_title;
mod sequential_quantile;
mod severe_pain_untested;
mod shared_primary;
mod shipped_the_control;
mod shipped_without_record;
mod short_hypothesis;
mod short_reason;
mod small_cells;
mod stranger_persona;
mod survey_before_its_place;
mod survey_fatigue;
mod target_on_last_stage;
mod tests_elsewhere;
mod tests_nothing;
mod thin_evidence;
mod tiny_slice;
mod tolerates_the_good_way;
mod touchpoint_without_event;
mod underpowered;
mod unknown_in_manifest;
mod unowned_touchpoint;
mod until_significant;
mod unused_attribute;
mod unused_audience;
mod unused_channel;
mod unused_consent;
mod unused_event;
mod unused_lane;
mod unused_layer;
mod unused_metric;
mod unused_persona;
mod unused_team;
mod unvisited_stage;
mod variant_like_another;
mod variants_set_nothing;
mod was_itself;
mod was_still_there;
mod weights_without_room;
mod window_longer_than_run;

pub use frame::{Group, Page, Rule, explain, nearest_code, pages, rule_of, run};

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    adjust_without_effect::RULE,
    allow_unknown::RULE,
    allow_unused::RULE,
    allow_without_reason::RULE,
    answered_badly::RULE,
    assumed_persona::RULE,
    audience_by_property::RULE,
    audience_misses_personas::RULE,
    bad_feeling_without_pain::RULE,
    bayesian_many_variants::RULE,
    bayesian_metric::RULE,
    bayesian_stopped_early::RULE,
    cap_without_effect::RULE,
    claim_without_evidence::RULE,
    condition_always_true::RULE,
    confusable_names::RULE,
    consent_missing::RULE,
    currency_differs::RULE,
    date_in_future::RULE,
    draft_past_its_end::RULE,
    drafts_collide::RULE,
    emoji_contradicts_feeling::RULE,
    empty_stage::RULE,
    ended_before_its_start::RULE,
    event_without_touchpoint::RULE,
    evidence_age::RULE,
    expects_much::RULE,
    expects_nothing::RULE,
    expects_the_bad_way::RULE,
    experiment_on_an_ideal::RULE,
    feelings_contradict::RULE,
    funnel_against_the_map::RULE,
    funnel_drops_in_experiment::RULE,
    guardrail_margin_wide::RULE,
    guardrail_without_margin::RULE,
    handover_to_itself::RULE,
    holdout_large::RULE,
    ideal_drops_and_names::RULE,
    ideal_feels_worse::RULE,
    ideal_promises_later::RULE,
    ideal_without_pair::RULE,
    impossible_condition::RULE,
    influence_not_whole::RULE,
    layer_overfull_in_time::RULE,
    lint_setting::RULE,
    loose_level::RULE,
    lopsided_weights::RULE,
    low_power::RULE,
    many_metrics::RULE,
    many_moments_of_truth::RULE,
    many_primaries::RULE,
    many_segments::RULE,
    many_variants::RULE,
    map_without_review::RULE,
    metric_without_data::RULE,
    moment_of_truth_unmeasured::RULE,
    money_before_trust::RULE,
    more_looks_than_weeks::RULE,
    no_guardrail::RULE,
    not_whole_weeks::RULE,
    nps_without_why::RULE,
    opportunity_solves_nothing::RULE,
    opportunity_untested::RULE,
    overlapping_tests::RULE,
    pain_solved_too_early::RULE,
    pain_without_opportunity::RULE,
    past_its_end::RULE,
    peeking_with_fixed::RULE,
    persona_shares_above_whole::RULE,
    personal_card::RULE,
    personal_column::RULE,
    personal_email::RULE,
    personal_iban::RULE,
    personal_ip::RULE,
    personal_phone::RULE,
    personas_alike::RULE,
    phases_out_of_order::RULE,
    primary_before_exposure::RULE,
    primary_is_exposure::RULE,
    primary_without_expectation::RULE,
    promise_backwards::RULE,
    promise_without_event::RULE,
    question_answered_too_early::RULE,
    real_name::RULE,
    repeated_persona::RULE,
    requirement_backwards::RULE,
    restart_of_a_draft::RULE,
    restart_outside_the_plan::RULE,
    review_overdue::RULE,
    running_before_its_start::RULE,
    runs_long::RULE,
    runs_short::RULE,
    sale_outside_sale_phase::RULE,
    sale_point_missing::RULE,
    same_audience::RULE,
    same_event::RULE,
    same_metric::RULE,
    same_title::RULE,
    sequential_quantile::RULE,
    severe_pain_untested::RULE,
    shared_primary::RULE,
    shipped_the_control::RULE,
    shipped_without_record::RULE,
    short_hypothesis::RULE,
    short_reason::RULE,
    small_cells::RULE,
    stranger_persona::RULE,
    survey_before_its_place::RULE,
    survey_fatigue::RULE,
    target_on_last_stage::RULE,
    tests_elsewhere::RULE,
    tests_nothing::RULE,
    thin_evidence::RULE,
    tiny_slice::RULE,
    tolerates_the_good_way::RULE,
    touchpoint_without_event::RULE,
    underpowered::RULE,
    unknown_in_manifest::RULE,
    unowned_touchpoint::RULE,
    until_significant::RULE,
    unused_attribute::RULE,
    unused_audience::RULE,
    unused_channel::RULE,
    unused_consent::RULE,
    unused_event::RULE,
    unused_lane::RULE,
    unused_layer::RULE,
    unused_metric::RULE,
    unused_persona::RULE,
    unused_team::RULE,
    unvisited_stage::RULE,
    variant_like_another::RULE,
    variants_set_nothing::RULE,
    was_itself::RULE,
    was_still_there::RULE,
    weights_without_room::RULE,
    window_longer_than_run::RULE,
];

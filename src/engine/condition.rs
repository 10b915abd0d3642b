//! Conditions over the columns of a batch: [`Test`].
use super::bind::{Column, View};
use crate::model::condition::{Comparison, Condition};
use crate::model::value::Literal;
use regex::Regex;
use std::cmp::Ordering;

/// A condition whose fields are columns.
#[derive(Clone, Debug)]
pub(super) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare(Column, Comparison, Literal),
    In(Column, Vec<Literal>),
    Matches(Column, Option<Regex>),
    Exists(Column),
}

impl Test {
    /// Returns the test of a condition; `column` says where a field is.
    pub(super) fn new(condition: &Condition, column: &mut dyn FnMut(&str) -> Column) -> Self {
        match condition {
            Condition::And(list) => Test::And(list.iter().map(|c| Test::new(c, column)).collect()),
            Condition::Or(list) => Test::Or(list.iter().map(|c| Test::new(c, column)).collect()),
            Condition::Not(inner) => Test::Not(Box::new(Test::new(inner, column))),
            Condition::Compare { field, how, value } => Test::Compare(column(field), *how, value.clone()),
            Condition::In { field, values } => Test::In(column(field), values.clone()),
            Condition::Matches { field, regex } => Test::Matches(column(field), Regex::new(regex).ok()),
            Condition::Exists { field } => Test::Exists(column(field)),
        }
    }

    /// Returns whether it holds for a row.
    pub(super) fn holds(&self, views: &[View<'_>], row: usize) -> bool {
        let order = |column: &Column, value: &Literal| column.view(views).and_then(|v| v.order(row, value));
        match self {
            Test::And(all) => all.iter().all(|t| t.holds(views, row)),
            Test::Or(any) => any.iter().any(|t| t.holds(views, row)),
            Test::Not(inner) => !inner.holds(views, row),
            Test::Compare(column, how, value) => match order(column, value) {
                Some(found) => how.holds(found),
                None => *how == Comparison::NotEqual,
            },
            Test::In(column, values) => values.iter().any(|v| order(column, v) == Some(Some(Ordering::Equal))),
            Test::Matches(column, regex) => {
                let text = column.view(views).and_then(|v| v.text(row));
                text.zip(regex.as_ref()).is_some_and(|(t, r)| r.is_match(t))
            }
            Test::Exists(column) => column.view(views).is_some_and(|v| v.is_valid(row)),
        }
    }

    /// Returns whether a row has a value for any field of the test.
    pub(super) fn tells(&self, views: &[View<'_>], row: usize) -> bool {
        match self {
            Test::And(list) | Test::Or(list) => list.iter().any(|t| t.tells(views, row)),
            Test::Not(inner) => inner.tells(views, row),
            Test::Compare(c, ..) | Test::In(c, _) | Test::Matches(c, _) | Test::Exists(c) => {
                c.view(views).is_some_and(|v| v.is_valid(row))
            }
        }
    }
}

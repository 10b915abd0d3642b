//! Conditions of the specs as conditions of a query, which are true or false and never nothing.
use super::form::{Expr, Function, all, any, call, infix, text, there};
use crate::model::condition::{Comparison, Condition};
use crate::model::manifest::PropertyType;
use crate::model::value::Literal;

/// A field as a query has it: a text, a double, minor units, or 0 and 1.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) value: Expr,
    pub(super) kind: PropertyType,
    /// How many minor units make one.
    pub(super) unit: f64,
}

impl Field {
    /// Returns the value and the literal as things that compare, if they do.
    fn pair(&self, literal: &Literal) -> Option<(Expr, Expr)> {
        let value = || self.value.clone();
        let bytes = |e: Expr| call(Function::Bytes, [e]);
        match (self.kind, literal) {
            (PropertyType::Text | PropertyType::Time, Literal::Text(t)) => Some((bytes(value()), text(t))),
            (PropertyType::Text | PropertyType::Time, Literal::Number(n)) => {
                Some((call(Function::Number, [value()]), Expr::Double(n.to_f64())))
            }
            (PropertyType::Number, Literal::Number(n)) => Some((value(), Expr::Double(n.to_f64()))),
            (PropertyType::Money, Literal::Number(n)) => {
                let amount = infix(" / ", call(Function::ToDouble, [value()]), Expr::Double(self.unit));
                Some((amount, Expr::Double(n.to_f64())))
            }
            (PropertyType::Boolean, Literal::Bool(b)) => Some((value(), Expr::Whole(i64::from(*b)))),
            _ => None,
        }
    }

    fn compare(&self, how: Comparison, literal: &Literal) -> Expr {
        let Some((value, literal)) = self.pair(literal) else {
            // What does not compare is only ever different.
            return if how == Comparison::NotEqual { all([]) } else { any([]) };
        };
        let op = match how {
            Comparison::Equal => " = ",
            Comparison::NotEqual => " <> ",
            Comparison::Less => " < ",
            Comparison::LessEqual => " <= ",
            Comparison::Greater => " > ",
            Comparison::GreaterEqual => " >= ",
        };
        let holds = infix(op, value.clone(), literal);
        if how == Comparison::NotEqual {
            return any([Expr::Missing(Box::new(value)), holds]);
        }
        all([there(value), holds])
    }
}

/// Returns a condition of the specs as one of a query; `field` says where a field is.
pub(super) fn holds(condition: &Condition, field: &dyn Fn(&str) -> Field) -> Expr {
    let each = |list: &[Condition]| -> Vec<Expr> { list.iter().map(|c| holds(c, field)).collect() };
    match condition {
        Condition::And(list) => all(each(list)),
        Condition::Or(list) => any(each(list)),
        Condition::Not(inner) => Expr::Not(Box::new(holds(inner, field))),
        Condition::Compare { field: name, how, value } => field(name).compare(*how, value),
        Condition::In { field: name, values } => {
            let field = field(name);
            any(values.iter().map(|v| field.compare(Comparison::Equal, v)))
        }
        Condition::Matches { field: name, regex } => {
            let field = field(name);
            match field.kind {
                PropertyType::Text | PropertyType::Time => {
                    let matches = call(Function::Matches, [field.value.clone(), text(regex)]);
                    all([there(field.value), matches])
                }
                _ => any([]),
            }
        }
        Condition::Exists { field: name } => there(field(name).value),
    }
}

/// Returns whether a row has a value for any field of a condition.
pub(super) fn tells(condition: &Condition, field: &dyn Fn(&str) -> Field) -> Expr {
    let mut names = Vec::new();
    condition.fields(&mut |name| names.push(name));
    names.sort_unstable();
    names.dedup();
    any(names.into_iter().map(|name| there(field(name).value)))
}

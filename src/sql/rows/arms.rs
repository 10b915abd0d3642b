//! In which experiment a row exposes, and in which variant.
use super::cell::good;
use super::{Role, Rows, UNKNOWN};
use crate::plan::{Source, SourceShape};
use crate::sql::form::{Expr, Form, Function, Select, all, any, call, infix, ours, text, there, when};

impl Rows<'_> {
    /// Returns whether a row exposes in an experiment.
    pub(super) fn exposes(
        &self,
        experiment: Option<usize>,
        source: &Source,
        is: &dyn Fn(usize) -> Expr,
        role: &Role,
    ) -> Expr {
        let x = experiment.and_then(|x| self.plan.experiments.get(x));
        let Some(x) = x.filter(|x| source.experiment.as_ref().is_none_or(|id| *id == x.logged_as)) else {
            return any([]);
        };
        let mut list = vec![there(ours("v"))];
        match role {
            Role::Event => list.push(is(x.exposure)),
            Role::Unit => (),
            Role::Outcome(_) => return any([]),
        }
        if source.experiment_by.is_some() {
            list.push(all([there(ours("xb")), infix(" = ", ours("xb"), text(&x.logged_as))]));
        }
        all(list)
    }

    /// Returns the number of the variant of an experiment that the data names.
    pub(super) fn variant(&self, experiment: Option<usize>, source: &Source) -> Expr {
        let variants = experiment.and_then(|x| self.plan.experiments.get(x)).map(|x| x.variants.as_slice());
        let mut arms = vec![(Expr::Missing(Box::new(ours("v"))), Expr::Null)];
        for (number, id) in (0..UNKNOWN).zip(variants.unwrap_or_default()) {
            let renamed = source.variants.iter().filter(|(_, to)| to == id).map(|(name, _)| name);
            let own = Some(id).filter(|id| !source.variants.iter().any(|(name, _)| name == *id));
            let names = renamed.chain(own).map(|name| infix(" = ", ours("v"), text(name)));
            arms.push((any(names), Expr::Whole(number)));
        }
        Expr::Case(arms, Box::new(Expr::Whole(UNKNOWN)))
    }

    /// Returns the number of the variant of an experiment in which the row exposes; nothing where it does not.
    pub(super) fn arm(&self, x: usize, source: &Source, is: &dyn Fn(usize) -> Expr, role: &Role) -> Expr {
        let nothing = call(Function::ToWhole, [Expr::Null]);
        when(self.exposes(Some(x), source, is, role), self.variant(Some(x), source), nothing)
    }

    /// Adds the part `lacking`: the rows that would expose, but for the consent they lack. Returns whether any source asks.
    pub(in crate::sql) fn lacking(&self, form: &mut Form) -> bool {
        let mut selects = Vec::new();
        for (at, (source, place)) in self.plan.sources.iter().zip(&self.places).enumerate() {
            let Some(agrees) = self.agrees(source) else { continue };
            let mut refused = good(self.plan, source, self.needs.experiment);
            refused.extend(self.meant(source));
            refused.push(Expr::Not(Box::new(agrees)));
            let role = match source.shape {
                SourceShape::Units { .. } => Role::Unit,
                SourceShape::Events { .. } | SourceShape::Tallies { .. } => {
                    refused.push(self.named(source));
                    Role::Event
                }
            };
            let raw = format!("refused_{at}");
            form.part(&raw, [self.raw(source, place).filter(all(refused))]);
            let is = |k: usize| self.is(k, ours("e"));
            let exposes = self.exposes(self.needs.experiment, source, &is, &role);
            let variant = self.variant(self.needs.experiment, source);
            let columns = Select::part(raw).same(&["u", "t"].map(str::to_owned));
            selects.push(columns.column(variant, "vc").filter(exposes));
        }
        let any = !selects.is_empty();
        if any {
            form.part("lacking", selects);
        }
        any
    }
}

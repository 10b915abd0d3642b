use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Condition;

rule! {
    /// An audience is drawn by something that only events have.
    ///
    /// Whether a person may enter is asked before anything happens, from what is known of the person: the manifest's
    /// `attributes`. A property of an event, such as the amount of an order, is not known then.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where revenue > 100 }
    /// ```
    ///
    /// Better: an attribute of the person.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where level == "beginner" }
    /// ```
    "audience-by-property", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for audience in ctx.model.audiences.values() {
        if let Some(field) = event_only(ctx, &audience.condition) {
            let message = format!("audience `{}` asks for `{field}`, which only events have", audience.meta.id);
            let span = ctx.part(audience.meta.span, "where");
            let help = format!(
                "use an attribute, or declare `{field}` under `attributes` in `waypost.yaml` if people have it"
            );
            out.push(RULE.at(ctx.within(span, &field), message).help(help));
        }
    }
}

fn event_only(ctx: &Context<'_>, condition: &Condition) -> Option<String> {
    let mut found = None;
    condition.fields(&mut |field| {
        let manifest = ctx.manifest();
        if manifest.attributes.get(field).is_none() && manifest.properties.get(field).is_some() {
            found.get_or_insert(field.to_owned());
        }
    });
    found
}

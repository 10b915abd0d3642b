//! Every text of the authors, rewritten in place: for hostile text and for the test that nothing is left out.

use waypost::model::lane::{Evidence, Line, Place};
use waypost::model::touchpoint::Ask;
use waypost::model::value::Literal;
use waypost::model::{Meta, Model, Table};

/// Calls `say` on every text of a model and puts what it returns in its place; ids stay.
pub fn rewrite(model: &mut Model, say: &mut dyn FnMut(&mut String)) {
    say(&mut model.manifest.name);
    each(&mut model.journeys, |j| {
        meta(&mut j.meta, say);
        j.starts.iter_mut().chain(&mut j.ends).for_each(&mut *say);
        j.claims.iter_mut().for_each(|c| {
            say(&mut c.text);
            evidence(&mut c.evidence, say);
        });
        evidence(&mut j.evidence, say);
        j.handovers.iter_mut().for_each(|h| [&mut h.from, &mut h.to].into_iter().for_each(&mut *say));
    });
    each(&mut model.stages, |s| {
        meta(&mut s.meta, say);
        place(&mut s.place, say);
    });
    each(&mut model.touchpoints, |t| {
        meta(&mut t.meta, say);
        place(&mut t.place, say);
        t.leaves_to.iter_mut().chain(&mut t.against).chain(&mut t.unique).for_each(&mut *say);
        t.surveys.iter_mut().for_each(|s| {
            match &mut s.ask {
                Ask::Choice(text, list) => std::iter::once(text).chain(list).for_each(&mut *say),
                Ask::Open(text) => say(text),
                Ask::Nps | Ask::Csat => {}
            }
            s.then.iter_mut().for_each(&mut *say);
        });
    });
    each(&mut model.messages, |m| {
        meta(&mut m.meta, say);
        say(&mut m.when);
        sets(&mut m.sets, say);
    });
    each(&mut model.pains, |p| {
        meta(&mut p.meta, say);
        evidence(&mut p.evidence, say);
    });
    each(&mut model.opportunities, |o| meta(&mut o.meta, say));
    each(&mut model.funnels, |f| meta(&mut f.meta, say));
    each(&mut model.personas, |p| {
        meta(&mut p.meta, say);
        p.quote.iter_mut().chain(&mut p.geographic).chain(&mut p.demographic).for_each(&mut *say);
        p.psychographic.iter_mut().chain(&mut p.behavioural).for_each(&mut *say);
        lines(&mut p.lines, say);
        evidence(&mut p.evidence, say);
    });
    each(&mut model.teams, |t| meta(&mut t.meta, say));
    each(&mut model.channels, |c| meta(&mut c.meta, say));
    each(&mut model.lanes, |l| meta(&mut l.meta, say));
    each(&mut model.events, |e| meta(&mut e.meta, say));
    each(&mut model.metrics, |m| meta(&mut m.meta, say));
    each(&mut model.audiences, |a| meta(&mut a.meta, say));
    each(&mut model.layers, |l| meta(&mut l.meta, say));
    each(&mut model.holdouts, |h| meta(&mut h.meta, say));
    each(&mut model.consents, |c| {
        meta(&mut c.meta, say);
        say(&mut c.policy);
    });
    each(&mut model.experiments, |e| {
        use waypost::model::experiment::Status;
        meta(&mut e.meta, say);
        say(&mut e.because);
        e.next_question.iter_mut().for_each(&mut *say);
        e.restarts.iter_mut().for_each(|r| say(&mut r.because));
        if let Status::Stopped(_, text) | Status::Shipped(_, _, text) = &mut e.status {
            say(text);
        }
        e.variants.iter_mut().for_each(|v| {
            meta(&mut v.meta, say);
            sets(&mut v.sets, say);
        });
    });
}

fn each<T>(table: &mut Table<T>, mut change: impl FnMut(&mut T)) {
    for i in 0..table.len() {
        if let Some(item) = table.id(i).and_then(|id| table.get_mut(id)) {
            change(item);
        }
    }
}

fn meta(meta: &mut Meta, say: &mut dyn FnMut(&mut String)) {
    say(&mut meta.title);
    meta.about.iter_mut().for_each(say);
}

fn evidence(list: &mut [Evidence], say: &mut dyn FnMut(&mut String)) {
    list.iter_mut().for_each(|e| say(&mut e.title));
}

fn lines(list: &mut [Line], say: &mut dyn FnMut(&mut String)) {
    list.iter_mut().for_each(|l| say(&mut l.text));
}

fn sets(list: &mut [(String, Literal)], say: &mut dyn FnMut(&mut String)) {
    for (name, value) in list {
        say(name);
        if let Literal::Text(text) = value {
            say(text);
        }
    }
}

fn place(place: &mut Place, say: &mut dyn FnMut(&mut String)) {
    lines(&mut place.lines, say);
    place.questions.iter_mut().for_each(|q| say(&mut q.text));
    for feeling in &mut place.feelings {
        feeling.word.iter_mut().chain(&mut feeling.emoji).for_each(&mut *say);
        evidence(&mut feeling.evidence, say);
    }
}

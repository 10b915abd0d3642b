//! The rows of the map, in the order a reader needs them; a row that nobody filled is left out.

use super::Ctx;
use super::grid::{Column, Spot, Touch, When};
use super::view::{Band, Cell, Icon, Item, Row};
use crate::model::experiment::At;
use crate::model::lane::LaneKind;
use crate::model::touchpoint::{Owner, Touchpoint};
use crate::model::value::{Decimal, Percent};
use crate::model::{Id, Team};
use crate::render::rich::{Piece, Rich, inline};

/// What customers do and think, above the curve.
const ABOVE: [LaneKind; 4] = [LaneKind::Goal, LaneKind::Does, LaneKind::Asks, LaneKind::Thinks];
/// What customers carry with them, below it.
const BELOW: [LaneKind; 5] =
    [LaneKind::Needs, LaneKind::Wants, LaneKind::Expects, LaneKind::Worries, LaneKind::Motivates];
/// What the company does.
const COMPANY: [LaneKind; 4] = [LaneKind::Answers(None), LaneKind::Frontstage, LaneKind::Backstage, LaneKind::System];

impl Ctx<'_> {
    /// Returns the rows between their rules.
    pub(super) fn bands(&self) -> Vec<Band> {
        let lanes = |list: &[LaneKind]| list.iter().map(|&l| self.lane_row(l)).collect::<Vec<_>>();
        let own = self.model.lanes.iter().map(|(id, _)| self.lane_row(LaneKind::Own(id)));
        let mut company = lanes(&COMPANY);
        company.extend(own);
        company.extend([self.messages(), self.surveys(), self.promises(), self.owners()]);
        let bands = [
            self.number_rows(),
            vec![self.touchpoints(), self.who()],
            lanes(&ABOVE),
            vec![self.curve_row()],
            lanes(&BELOW),
            vec![
                self.heat(),
                self.pains(),
                self.opportunities(),
                self.experiments_row(),
                self.questions(),
                self.rivals(),
            ],
            company,
            vec![self.effort_row(), self.evidence_row()],
        ];
        let full = |rows: Vec<Option<Row>>| Band { rows: rows.into_iter().flatten().collect() };
        bands.into_iter().map(full).filter(|b| !b.rows.is_empty()).collect()
    }

    /// Returns a row from what each column's places hold; nothing where no place holds anything.
    fn row(&self, key: &'static str, items: impl Fn(&Spot) -> Vec<Item>) -> Option<Row> {
        let cell = |column: &Column| {
            let items = self.grid.places(column).iter().flat_map(&items).collect();
            Cell { when: column_when(column), items, ..Cell::default() }
        };
        self.finish(key, self.grid.columns.iter().map(cell).collect())
    }

    /// Returns a row of these cells, if one of them holds anything.
    pub(super) fn finish(&self, key: &'static str, cells: Vec<Cell>) -> Option<Row> {
        let filled = |c: &Cell| !c.items.is_empty() || c.curve.is_some() || c.bar.is_some();
        let changed = |i: &Item| i.when.is_some_and(|w| w != When::Always);
        let differs = cells.iter().flat_map(|c| &c.items).any(changed);
        let label = self.words.t(&format!("row.{key}")).to_owned();
        cells.iter().any(filled).then_some(Row { key, label, own: false, differs, cells })
    }

    fn lane_row(&self, lane: LaneKind) -> Option<Row> {
        let row = self.row(lane.keyword(), |spot| self.lines(spot, lane))?;
        match lane {
            LaneKind::Own(id) => Some(Row { label: self.model.lanes[id].meta.title.clone(), own: true, ..row }),
            _ => Some(row),
        }
    }

    fn touchpoints(&self) -> Option<Row> {
        let cell = |column: &Column| {
            let items = column.touches.iter().filter_map(|t| self.touch_item(t)).collect();
            Cell { when: column_when(column), items, ..Cell::default() }
        };
        self.finish("touchpoints", self.grid.columns.iter().map(cell).collect())
    }

    fn touch_item(&self, touch: &Touch) -> Option<Item> {
        let touchpoint = self.grid.touchpoint(touch)?;
        let channel = touchpoint.channel.map(|c| vec![Piece::text(&self.model.channels[c].meta.title)]);
        let about = touchpoint.meta.about.as_deref().map(inline);
        Some(Item {
            anchor: self.touch_anchor(touch),
            when: Some(touch.when),
            of: self.of(&touchpoint.personas),
            notes: channel.into_iter().chain(about).collect(),
            marks: self.touch_marks(touch, touchpoint),
            to: String::new(),
            ..self.at(Some(touch), vec![Piece::text(&touchpoint.meta.title)])
        })
    }

    fn touch_marks(&self, touch: &Touch, touchpoint: &Touchpoint) -> Vec<Icon> {
        let sale = touch.is.today.is_some() && touch.is.today == self.grid.journey.sale_at;
        let ideal = touch.is.ideal.map(|t| &self.model.touchpoints[t]);
        let either = |flag: fn(&Touchpoint) -> bool| flag(touchpoint) || ideal.is_some_and(flag);
        let mark = |on: bool, name, key| on.then(|| self.icon(name, key, true));
        let marks = [
            mark(sale, "sale", "mark.sale"),
            mark(either(|t| t.moment_of_truth), "truth", "mark.truth"),
            mark(either(|t| t.earns_trust), "trust", "mark.trust"),
            mark(either(|t| t.may_repeat), "repeat", "mark.repeat"),
        ];
        marks.into_iter().flatten().collect()
    }

    /// Returns who uses what: for each persona the numbers of the touchpoints they pass.
    fn who(&self) -> Option<Row> {
        if self.grid.personas().len() < 2 {
            return None;
        }
        let cell =
            |column: &Column| Cell { when: column_when(column), items: self.who_items(column), ..Cell::default() };
        self.finish("who", self.grid.columns.iter().map(cell).collect())
    }

    fn who_items(&self, column: &Column) -> Vec<Item> {
        let personas = self.persona_keys().into_iter().zip(self.grid.personas());
        let item = |(key, &id): (super::view::PersonaKey, &Id<crate::model::Persona>)| {
            let passes =
                |t: &&Touch| self.grid.touchpoint(t).is_some_and(|t| t.personas.is_empty() || t.personas.contains(&id));
            let used: Vec<&Touch> = column.touches.iter().filter(passes).collect();
            let mut notes: Vec<_> = used.iter().map(|t| self.who_mark(t, id)).collect();
            if used.is_empty() {
                notes.push(vec![Piece::text(self.words.t("who.nowhere"))]);
            }
            Item { of: vec![key.index], text: vec![Piece::text(key.name)], notes, ..Item::default() }
        };
        if column.touches.is_empty() { Vec::new() } else { personas.map(item).collect() }
    }

    fn who_mark(&self, touch: &Touch, persona: Id<crate::model::Persona>) -> Rich {
        let data = self.data.zip(touch.is.today).and_then(|(d, t)| d.touchpoints.get(&t));
        let rate = data.and_then(|d| d.personas.iter().find(|(p, _)| *p == persona)).and_then(|(_, r)| r.share());
        let number = Piece::text(touch.number.to_string());
        let share = rate.map(|share| Piece::figure(format!("\u{a0}{}", self.words.percent(share, 0))));
        std::iter::once(number).chain(share).collect()
    }

    fn pains(&self) -> Option<Row> {
        self.row("pains", |spot| {
            let mut items = self.entries(spot, |p| p.pains.clone(), |&id, item| self.pain(&self.model.pains[id], item));
            items.sort_by_key(|i| i.icon.as_ref().map_or(3, |icon| severity_rank(icon.name)));
            items
        })
    }

    fn opportunities(&self) -> Option<Row> {
        self.row("opportunities", |spot| {
            self.entries(
                spot,
                |p| p.opportunities.clone(),
                |&id, item| self.opportunity(&self.model.opportunities[id], item),
            )
        })
    }

    fn experiments_row(&self) -> Option<Row> {
        let cell = |column: &Column| {
            let here = |touch: &Touch| {
                let at = |a: At| match a {
                    At::Touchpoint(t) => t,
                    At::Message(m) => self.model.messages[m].touchpoint,
                };
                let runs = self.model.experiments.iter().filter(|(_, e)| {
                    let place = at(e.at);
                    Some(place) == touch.is.today || Some(place) == touch.is.ideal
                });
                let blank = self.at(Some(touch), Vec::new());
                runs.map(|(id, _)| self.experiment(id, blank.clone())).collect::<Vec<_>>()
            };
            Cell { when: column_when(column), items: column.touches.iter().flat_map(here).collect(), ..Cell::default() }
        };
        self.finish("experiments", self.grid.columns.iter().map(cell).collect())
    }

    fn questions(&self) -> Option<Row> {
        self.row("questions", |spot| {
            self.entries(
                spot,
                |p| p.questions.iter().collect(),
                |question, item| {
                    let answered = question.answered_by.map(|e| {
                        let meta = &self.model.experiments[e];
                        let go = Piece::go(&meta.meta.title, format!("{}.html", crate::render::report_file(meta)));
                        self.words.say("question.answered", 0, &[("experiment", go)])
                    });
                    let icon = self.icon("question", "row.questions", false);
                    Item {
                        icon: Some(icon),
                        text: inline(&question.text),
                        notes: answered.into_iter().collect(),
                        ..item
                    }
                },
            )
        })
    }

    /// Returns the questions that no experiment answered yet.
    pub(super) fn open_questions(&self) -> Vec<Item> {
        let spots = self.grid.columns.iter().flat_map(|c| self.grid.places(c));
        let open = |spot: Spot| {
            let questions = spot.today.map(|p| p.questions.iter().collect::<Vec<_>>()).unwrap_or_default();
            let open = questions.into_iter().filter(|q| q.answered_by.is_none());
            open.map(|q| self.at(spot.touch.as_ref(), inline(&q.text))).collect::<Vec<_>>()
        };
        spots.flat_map(open).collect()
    }

    /// Returns competitors, where people go instead, and what only we offer.
    fn rivals(&self) -> Option<Row> {
        self.touch_row("rivals", |touchpoint| {
            let entry = |name, key, text: &String| {
                (self.icon(name, key, false), self.words.say(key, 0, &[("who", Piece::name(text))]))
            };
            let leaves = touchpoint.leaves_to.iter().map(|t| entry("leave", "rival.leaves", t));
            let against = touchpoint.against.iter().map(|t| entry("versus", "rival.against", t));
            let unique = touchpoint.unique.iter().map(|t| entry("star", "rival.unique", t));
            leaves.chain(against).chain(unique).collect()
        })
    }

    fn touch_row(&self, key: &'static str, part: impl Fn(&Touchpoint) -> Vec<(Icon, Vec<Piece>)>) -> Option<Row> {
        let cell = |column: &Column| {
            let items = |touch: &Touch| {
                let today = touch.is.today.map(|t| part(&self.model.touchpoints[t])).unwrap_or_default();
                let ideal = touch.is.ideal.map(|t| part(&self.model.touchpoints[t])).unwrap_or_default();
                let first = if ideal.is_empty() { touch.when } else { When::Today };
                let today = today.into_iter().map(move |e| (first, e));
                let all = today.chain(ideal.into_iter().map(|e| (When::Ideal, e)));
                let item =
                    |(when, (icon, text))| Item { when: Some(when), icon: Some(icon), ..self.at(Some(touch), text) };
                all.map(item).collect::<Vec<_>>()
            };
            Cell {
                when: column_when(column),
                items: column.touches.iter().flat_map(items).collect(),
                ..Cell::default()
            }
        };
        self.finish(key, self.grid.columns.iter().map(cell).collect())
    }

    fn promises(&self) -> Option<Row> {
        let row = self.touch_row("promises", |touchpoint| {
            let item = touchpoint.promise.as_ref().map(|p| self.promise(p, Item::default()));
            item.and_then(|i| i.icon.map(|icon| (icon, i.text))).into_iter().collect()
        })?;
        Some(Row { cells: row.cells.into_iter().map(|c| self.promise_kept(c)).collect(), ..row })
    }

    fn surveys(&self) -> Option<Row> {
        self.touch_items("surveys", |t, item| t.surveys.iter().map(|s| self.survey(s, item.clone())).collect())
    }

    fn messages(&self) -> Option<Row> {
        self.touch_items("messages", |t, item| {
            t.messages.iter().map(|&m| self.message(&self.model.messages[m], item.clone())).collect()
        })
    }

    fn touch_items(&self, key: &'static str, part: impl Fn(&Touchpoint, Item) -> Vec<Item>) -> Option<Row> {
        let cell = |column: &Column| {
            let items = |touch: &Touch| {
                let blank = |when| Item { when: Some(when), ..self.at(Some(touch), Vec::new()) };
                let ideal = touch.is.ideal.map(|t| part(&self.model.touchpoints[t], blank(When::Ideal)));
                let ideal = ideal.unwrap_or_default();
                let first = if ideal.is_empty() { touch.when } else { When::Today };
                let today = touch.is.today.map(|t| part(&self.model.touchpoints[t], blank(first)));
                today.unwrap_or_default().into_iter().chain(ideal).collect::<Vec<_>>()
            };
            Cell {
                when: column_when(column),
                items: column.touches.iter().flat_map(items).collect(),
                ..Cell::default()
            }
        };
        self.finish(key, self.grid.columns.iter().map(cell).collect())
    }

    /// Returns the teams of each stage with the sum of their influence.
    fn owners(&self) -> Option<Row> {
        let cell =
            |column: &Column| Cell { when: column_when(column), items: self.owner_items(column), ..Cell::default() };
        self.finish("owners", self.grid.columns.iter().map(cell).collect())
    }

    fn owner_items(&self, column: &Column) -> Vec<Item> {
        let mut teams: Vec<(Id<Team>, Decimal, bool, Vec<usize>)> = Vec::new();
        for touch in &column.touches {
            for owner in self.grid.touchpoint(touch).map_or(&[][..], |t| &t.owners) {
                add_owner(&mut teams, owner, touch.number);
            }
        }
        let item = |(team, sum, known, touches): (Id<Team>, Decimal, bool, Vec<usize>)| {
            let share =
                known.then(|| vec![Piece::figure(self.words.fill("number.percent", &[("n", &sum.to_string())]))]);
            let several = column.touches.len() > 1;
            let list = touches.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let at = several.then(|| vec![Piece::text(list)]);
            let text = vec![Piece::text(&self.model.teams[team].meta.title)];
            Item { text, notes: share.into_iter().chain(at).collect(), ..Item::default() }
        };
        teams.into_iter().map(item).collect()
    }

    fn effort_row(&self) -> Option<Row> {
        self.row("effort", |spot| {
            let part = |place: &crate::model::lane::Place| {
                let effort = place.effort.map(|e| self.effort(e));
                effort.into_iter().chain(place.spends.iter().map(|s| self.spend(s))).collect::<Vec<_>>()
            };
            match spot.touch {
                Some(_) => self.entries(spot, part, |text, item| Item { text: vec![Piece::text(text)], ..item }),
                None => Vec::new(),
            }
        })
    }

    /// Returns how much of what is said at a stage rests on research.
    fn evidence_row(&self) -> Option<Row> {
        let cell =
            |column: &Column| Cell { when: column_when(column), items: self.evidence_items(column), ..Cell::default() };
        self.finish("evidence", self.grid.columns.iter().map(cell).collect())
    }

    fn evidence_items(&self, column: &Column) -> Vec<Item> {
        let places: Vec<_> = self.grid.places(column).into_iter().filter_map(|s| s.today).collect();
        let feelings = places.iter().flat_map(|p| &p.feelings).map(|f| &f.evidence);
        let pains = places.iter().flat_map(|p| &p.pains).map(|&p| &self.model.pains[p].evidence);
        let all: Vec<bool> = feelings.chain(pains).map(|e| e.iter().any(|e| e.kind.is_research())).collect();
        let backed = all.iter().filter(|b| **b).count();
        let name = match (backed, all.len()) {
            (_, 0) => return Vec::new(),
            (0, _) => "empty",
            (b, n) if b == n => "full",
            _ => "half",
        };
        let n = |n: usize| Piece::figure(self.words.integer(n as u64));
        let text = self.words.say("evidence.share", all.len() as u64, &[("backed", n(backed)), ("all", n(all.len()))]);
        let icon = Icon { name, label: String::new(), shown: false };
        vec![Item { icon: Some(icon), text, ..Item::default() }]
    }
}

fn add_owner(teams: &mut Vec<(Id<Team>, Decimal, bool, Vec<usize>)>, owner: &Owner, touch: usize) {
    let Percent(share) = owner.influence.unwrap_or_default();
    let known = owner.influence.is_some();
    match teams.iter_mut().find(|(t, ..)| *t == owner.team) {
        Some((_, sum, any, touches)) => {
            *sum = *sum + share;
            *any |= known;
            touches.push(touch);
        }
        None => teams.push((owner.team, share, known, vec![touch])),
    }
}

fn severity_rank(icon: &str) -> u8 {
    match icon {
        "high" => 0,
        "medium" => 1,
        _ => 2,
    }
}

/// Returns the view of a whole column, where it stands in one only.
pub(super) fn column_when(column: &Column) -> Option<When> {
    column.is.today.is_none().then_some(When::Ideal)
}

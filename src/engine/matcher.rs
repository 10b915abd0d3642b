//! Which attempt of a unit counts in a funnel: [`Rules`] over [`Hit`]s give a [`Chain`].
//!
//! One pass keeps, for each step, only the newest chain that reached it. Since whoever reached step k newest can only have
//! come from the newest at step k - 1, no older chain can do better under a longest time for the whole or for each step.
//! Inside one instant lower steps are taken first, and no event twice. Optional steps are looked up afterwards between the
//! required ones, so they neither anchor a time nor stand in the way.
use super::ties::fill;

/// An event of a unit, as a funnel sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) time: i64,
    /// The required steps it fits, a bit each.
    pub(super) steps: u32,
    /// The exclusions it sets off, a bit each.
    pub(super) outs: u32,
    /// The optional steps it fits, a bit each.
    pub(super) options: u32,
}

/// How the steps follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    Listed,
    Directly,
    Any,
}

/// Which attempt counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Best,
    First,
}

/// An exclusion between two required steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Out {
    pub(super) from: usize,
    pub(super) to: usize,
    /// It leaves the base, instead of being lost at `from`.
    pub(super) drops: bool,
}

/// The rules of a funnel.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// How many required steps, at most 32.
    pub(super) steps: usize,
    pub(super) within: i64,
    pub(super) within_step: i64,
    pub(super) follow: Follow,
    pub(super) which: Which,
    pub(super) outs: Vec<Out>,
    pub(super) anywhere: bool,
    /// Events so close are of one instant.
    pub(super) tolerance: i64,
    /// Steps must be of different instants; to tell what hangs on ties.
    pub(super) strict: bool,
    /// One event may fill several steps in a row; as another tool counts.
    pub(super) reuses: bool,
}

/// The attempt that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain {
    /// The first step it has; 0 unless one may start anywhere.
    pub(super) entry: usize,
    /// The times of its steps, from `entry` on.
    pub(super) times: Vec<i64>,
    /// It was cut short by an exclusion that fails.
    pub(super) failed: bool,
    /// It was cut short by an exclusion that leaves the base.
    pub(super) dropped: bool,
}

impl Chain {
    /// Returns one more than the last step reached.
    pub(super) fn depth(&self) -> usize {
        self.entry + self.times.len()
    }
}

/// The newest chain at a step, and the first that reached it: the times of its steps, none where there is no chain.
#[derive(Clone, Debug, Default)]
struct State {
    newest: Times,
    /// The instant `newest` came here.
    came: i64,
    first: Times,
}

/// The times of a chain's steps and the step it starts with. Its memory is used again.
#[derive(Clone, Debug, Default)]
struct Times {
    entry: usize,
    at: Vec<i64>,
}

impl Times {
    fn take(&mut self, other: &Times) {
        self.entry = other.entry;
        self.at.clear();
        self.at.extend_from_slice(&other.at);
    }
}

/// Returns the attempt that counts; nothing where nobody entered.
pub(super) fn attempt(rules: &Rules, hits: &[Hit]) -> Option<Chain> {
    Walker::default().attempt(rules, hits)
}

/// Matches unit after unit; what it holds in between is memory only.
#[derive(Debug, Default)]
pub(super) struct Walker {
    states: Vec<State>,
    instant: Vec<Hit>,
    /// Memory for the times of a chain.
    times: Vec<i64>,
    entered: bool,
    failed: bool,
    dropped: bool,
}

impl Walker {
    /// Returns the attempt that counts; nothing where nobody entered.
    pub(super) fn attempt(&mut self, rules: &Rules, hits: &[Hit]) -> Option<Chain> {
        if rules.follow == Follow::Any {
            return any_order(rules, hits);
        }
        self.states.resize(rules.steps, State::default());
        for state in &mut self.states {
            state.newest.at.clear();
            state.first.at.clear();
        }
        (self.entered, self.failed, self.dropped) = (false, false, false);
        let mut rest = hits;
        while let Some(first) = rest.first() {
            let until = first.time.saturating_add(rules.tolerance);
            let count = rest.iter().take_while(|h| h.time <= until).count();
            let (now, later) = rest.split_at(count);
            rest = later;
            if let [only] = now {
                self.exclude(rules, only.outs, only.time);
                self.take(rules, only, only.time);
                continue;
            }
            let mut instant = std::mem::take(&mut self.instant);
            instant.clear();
            instant.extend_from_slice(now);
            // Whoever fits only early steps goes first: the order that serves the unit best.
            instant.sort_by_key(|h| (32 - h.steps.leading_zeros(), h.steps.trailing_zeros()));
            self.exclude(rules, instant.iter().fold(0, |all, h| all | h.outs), first.time);
            let entangled =
                rules.follow == Follow::Listed && !rules.reuses && instant.iter().any(|h| h.steps.count_ones() > 1);
            if entangled {
                self.take_together(rules, &instant, first.time);
            } else {
                for hit in &instant {
                    self.take(rules, hit, first.time);
                }
            }
            self.instant = instant;
        }
        self.best(rules)
    }

    /// Takes back a chain that is counted, for its memory.
    pub(super) fn reuse(&mut self, chain: Chain) {
        self.times = chain.times;
    }

    /// Ends the chains that an event of this instant excludes: those that passed `from` before and `to` not yet.
    fn exclude(&mut self, rules: &Rules, set: u32, now: i64) {
        if set == 0 {
            return;
        }
        for (_, out) in rules.outs.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1) {
            let mut hit = false;
            let lives = |chain: &Times| {
                let start = chain.at.first().copied().unwrap_or(now);
                let passed = out.from.checked_sub(chain.entry).and_then(|i| chain.at.get(i)).copied();
                passed.is_some_and(|t| t < now) && now - start <= rules.within
            };
            for (step, state) in self.states.iter_mut().enumerate().take(out.to).skip(out.from) {
                if lives(&state.newest) {
                    state.newest.at.clear();
                    hit = true;
                }
                if step > out.from && lives(&state.first) {
                    state.first.at.clear();
                }
            }
            self.failed |= hit && !out.drops;
            self.dropped |= hit && out.drops;
        }
    }

    /// Lets an event fill one step of each chain, the later steps first, so that none is filled twice by it.
    fn take(&mut self, rules: &Rules, hit: &Hit, instant: i64) {
        if rules.follow == Follow::Directly {
            return self.take_directly(rules, hit, instant);
        }
        let mut left = hit.steps;
        while left != 0 {
            let step = if rules.reuses { left.trailing_zeros() } else { left.ilog2() };
            left &= !(1 << step);
            self.entered |= self.lengthen(rules, step as usize, hit.time, instant);
        }
    }

    /// The same where an event that does not lengthen a chain ends it.
    fn take_directly(&mut self, rules: &Rules, hit: &Hit, instant: i64) {
        let mut filled = 0_u32;
        for place in 0..rules.steps {
            let step = if rules.reuses { place } else { rules.steps - 1 - place };
            if hit.steps >> step & 1 == 1 && self.lengthen(rules, step, hit.time, instant) {
                filled |= 1 << step;
            }
        }
        self.entered |= filled != 0;
        // ended only now: a chain goes on from the one that this event ends
        for (_, state) in self.states.iter_mut().enumerate().filter(|(step, _)| filled >> step & 1 == 0) {
            state.newest.at.clear();
        }
    }

    /// Lets the events of one instant, some of which fit several steps, lengthen each chain as far as they can.
    fn take_together(&mut self, rules: &Rules, instant: &[Hit], now: i64) {
        let most = if rules.strict { 1 } else { rules.steps };
        let mut reached: Vec<Option<Times>> = vec![None; rules.steps];
        let better = |new: &Times, old: &Option<Times>| {
            let rank = |t: &Times| (std::cmp::Reverse(t.entry), t.at.first().copied());
            old.as_ref().is_none_or(|old| rank(new) > rank(old))
        };
        let mut extend = |from: &Times, step: usize| {
            let filled = fill(instant, step, rules.steps);
            let times: Vec<i64> = filled.iter().take(most).filter_map(|at| instant.get(*at)).map(|h| h.time).collect();
            for (at, _) in times.iter().enumerate() {
                let mut chain = from.clone();
                chain.at.extend(times.iter().take(at + 1));
                chain.at.sort_unstable();
                if let Some(best) = reached.get_mut(step + at).filter(|best| better(&chain, best)) {
                    *best = Some(chain);
                }
            }
        };
        for (step, state) in self.states.iter().enumerate() {
            let (Some(start), Some(last)) = (state.newest.at.first(), state.newest.at.last()) else { continue };
            let until = instant.iter().map(|h| h.time).max().unwrap_or(now);
            if until - start <= rules.within && until - last <= rules.within_step {
                extend(&state.newest, step + 1);
            }
        }
        if !(rules.which == Which::First && self.entered) {
            let starts = if rules.anywhere { rules.steps } else { 1 };
            (0..starts).for_each(|entry| extend(&Times { entry, at: Vec::new() }, entry));
        }
        for (state, chain) in self.states.iter_mut().zip(reached) {
            let Some(chain) = chain else { continue };
            self.entered = true;
            state.came = now;
            if state.first.at.is_empty() {
                state.first.take(&chain);
            }
            state.newest = chain;
        }
    }

    /// Makes the newest chain of a step of an event; returns whether there is one.
    fn lengthen(&mut self, rules: &Rules, step: usize, time: i64, instant: i64) -> bool {
        let Some((before, rest)) = self.states.split_at_mut_checked(step) else { return false };
        let (before, Some(state)) = (before.last(), rest.first_mut()) else { return false };
        let longer = before.filter(|before| {
            let (Some(start), Some(last)) = (before.newest.at.first(), before.newest.at.last()) else { return false };
            let in_time = time - start <= rules.within && time - last <= rules.within_step;
            in_time && (!rules.strict || before.came < instant)
        });
        let starts = step == 0 || rules.anywhere;
        let first_only = rules.which == Which::First && self.entered;
        match longer {
            Some(before) => state.newest.take(&before.newest),
            None if starts && !first_only => {
                state.newest.entry = step;
                state.newest.at.clear();
            }
            None => return false,
        }
        state.newest.at.push(time);
        state.came = instant;
        if state.first.at.is_empty() {
            state.first.take(&state.newest);
        }
        true
    }

    /// Returns the deepest chain, of these the one that got there first.
    fn best(&mut self, rules: &Rules) -> Option<Chain> {
        let first = self.states.iter().rev().map(|s| &s.first).find(|f| !f.at.is_empty())?;
        let mut times = std::mem::take(&mut self.times);
        times.clone_from(&first.at);
        let mut chain = Chain { entry: first.entry, times, failed: false, dropped: false };
        let last = chain.depth() - 1;
        let cut = |drops: bool| rules.outs.iter().any(|o| o.drops == drops && o.from <= last && last < o.to);
        chain.failed = self.failed && cut(false);
        chain.dropped = self.dropped && cut(true);
        Some(chain)
    }
}

/// Returns the most steps done within the time, in whatever order; times ascending.
fn any_order(rules: &Rules, hits: &[Hit]) -> Option<Chain> {
    let mut last: Vec<Option<i64>> = vec![None; rules.steps];
    let mut best: Option<Chain> = None;
    for hit in hits {
        for (step, at) in last.iter_mut().enumerate() {
            if hit.steps >> step & 1 == 1 {
                *at = Some(hit.time);
            }
        }
        let mut times: Vec<i64> = last.iter().flatten().copied().filter(|t| hit.time - t <= rules.within).collect();
        times.sort_unstable();
        if !times.is_empty() && best.as_ref().is_none_or(|b| times.len() > b.times.len()) {
            best = Some(Chain { entry: 0, times, failed: false, dropped: false });
        }
    }
    best
}

/// Returns every attempt, one after the other: an attempt ends with its last step or its time, and the next begins behind it.
pub(super) fn every(rules: &Rules, hits: &[Hit]) -> Vec<Chain> {
    let first = Rules { which: Which::First, ..rules.clone() };
    let mut all = Vec::new();
    let mut rest = hits;
    while let Some(chain) = attempt(&first, rest) {
        let (start, end) = (chain.times.first().copied().unwrap_or(0), chain.times.last().copied().unwrap_or(0));
        let done = chain.depth() == rules.steps;
        let behind = if done { end } else { start.saturating_add(rules.within) };
        let next = rest.partition_point(|h| h.time <= behind);
        all.push(chain);
        rest = rest.get(next..).unwrap_or(&[]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(steps: usize) -> Rules {
        let (within, within_step) = (60, i64::MAX / 4);
        let (follow, which, outs) = (Follow::Listed, Which::Best, Vec::new());
        Rules {
            steps,
            within,
            within_step,
            follow,
            which,
            outs,
            anywhere: false,
            tolerance: 0,
            strict: false,
            reuses: false,
        }
    }

    /// `A0 B10`: steps by letter; X is the first exclusion, other letters nothing.
    fn hits(text: &str) -> Vec<Hit> {
        let hit = |word: &str| {
            let (name, time) = word.split_at(1);
            let letter = name.as_bytes()[0];
            let steps = if (b'A'..=b'H').contains(&letter) { 1 << (letter - b'A') } else { 0 };
            Hit { time: time.parse().unwrap(), steps, outs: u32::from(letter == b'X'), options: 0 }
        };
        text.split_whitespace().map(hit).collect()
    }

    fn depth(rules: &Rules, text: &str) -> usize {
        attempt(rules, &hits(text)).map_or(0, |c| c.depth())
    }

    #[test]
    fn golden_vectors() {
        for (text, deepest) in [
            ("A0 A30 B45 C75", 3),
            ("A0 B60", 2),
            ("A0 B61", 1),
            ("A5 B5", 2),
            ("B5 A5", 2),
            ("A0 B10 A50 C100", 2),
            ("A0 A10 A20 B25", 2),
            ("A0 B5 B20 C30", 3),
            ("", 0),
            ("B1 C2", 0),
        ] {
            assert_eq!(depth(&rules(3), text), deepest, "{text}");
        }
        let newest = attempt(&rules(3), &hits("A0 A10 A20 B25")).unwrap();
        assert_eq!(newest.times, [20, 25]);
        let twice = [Hit { time: 0, steps: 0b11, outs: 0, options: 0 }];
        assert_eq!(attempt(&rules(2), &twice).unwrap().depth(), 1, "one event is no two steps");
        assert_eq!(attempt(&rules(2), &[twice[0], twice[0]]).unwrap().depth(), 2);
        assert_eq!(depth(&Rules { strict: true, ..rules(2) }, "B5 A5"), 1);
    }

    #[test]
    fn directly_knows_what_came_between() {
        let direct = Rules { follow: Follow::Directly, ..rules(2) };
        assert_eq!(depth(&direct, "A0 Y1 B2"), 1);
        assert_eq!(depth(&direct, "A0 A1 B2"), 2);
        let reuses = Rules { reuses: true, ..direct };
        assert_eq!(depth(&reuses, "A0 Y1 B2"), 1);
        assert_eq!(depth(&reuses, "A0 A1 B2"), 2, "the chain that an event ends is the one it lengthens");
    }

    #[test]
    fn any_order_counts_steps_in_time() {
        let any = Rules { follow: Follow::Any, ..rules(3) };
        assert_eq!(depth(&any, "C0 A10 B20"), 3);
        assert_eq!(depth(&any, "C0 A50 B90"), 2);
    }

    #[test]
    fn exclusions_end_chains_between_their_steps() {
        let out = |drops| Rules { outs: vec![Out { from: 0, to: 1, drops }], ..rules(3) };
        let chain = |r: &Rules, text: &str| attempt(r, &hits(text)).unwrap();
        let failed = chain(&out(false), "A0 X5 B10 C20");
        assert_eq!((failed.depth(), failed.failed, failed.dropped), (1, true, false));
        assert!(chain(&out(true), "A0 X5 B10 C20").dropped);
        let retried = chain(&out(false), "A0 X5 A6 B10 C20");
        assert_eq!((retried.depth(), retried.failed), (3, false));
        assert_eq!(chain(&out(false), "A0 B10 X10").depth(), 1, "in the instant of b, X comes before b");
        assert_eq!(chain(&out(false), "A0 B10 X11 C20").depth(), 3);
        let wide = Rules { outs: vec![Out { from: 0, to: 2, drops: false }], ..rules(3) };
        let cut = chain(&wide, "A0 B10 X11 C20");
        assert_eq!((cut.depth(), cut.failed), (1, true));
    }

    #[test]
    fn first_and_every_attempt() {
        let first = Rules { which: Which::First, ..rules(3) };
        assert_eq!(depth(&first, "A0 A30 B45 C75"), 2);
        let all: Vec<usize> = every(&rules(2), &hits("A0 B5 A10 A80 B90")).iter().map(Chain::depth).collect();
        assert_eq!(all, [2, 1, 2]);
    }

    #[test]
    fn starting_anywhere() {
        let open = Rules { anywhere: true, ..rules(3) };
        let chain = attempt(&open, &hits("B0 C10")).unwrap();
        assert_eq!((chain.entry, chain.depth()), (1, 3));
    }

    /// Every order of ties and every choice of events, tried out.
    fn brute(rules: &Rules, hits: &[Hit], used: u32, chain: &[i64]) -> usize {
        let step = chain.len();
        if step == rules.steps {
            return step;
        }
        let next = hits.iter().enumerate().filter(|(i, h)| {
            let fits = h.steps >> step & 1 == 1 && used >> i & 1 == 0;
            let start = chain.first().copied().unwrap_or(h.time);
            let last = chain.last().copied().unwrap_or(h.time);
            fits && h.time >= last && h.time - start <= rules.within && h.time - last <= rules.within_step
        });
        let deeper = next.map(|(i, h)| {
            let mut longer = chain.to_vec();
            longer.push(h.time);
            brute(rules, hits, used | 1 << i, &longer)
        });
        deeper.max().unwrap_or(0).max(step)
    }

    #[test]
    fn one_pass_finds_what_trying_everything_finds() {
        let mut seed = 7_u64;
        let mut draw = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for case in 0..60_000 {
            let steps = 2 + draw(3) as usize;
            let mut hits: Vec<Hit> = (0..1 + draw(8))
                .map(|_| Hit { time: draw(12) as i64, steps: 1 << draw(steps as u64), outs: 0, options: 0 })
                .collect();
            hits.sort_by_key(|h| h.time);
            let within = 1 + draw(10) as i64;
            let within_step = if draw(2) == 0 { 1 + draw(6) as i64 } else { i64::MAX / 4 };
            let rules = Rules { within, within_step, ..rules(steps) };
            let found = attempt(&rules, &hits).map_or(0, |c| c.depth());
            assert_eq!(found, brute(&rules, &hits, 0, &[]), "case {case}: {hits:?} {rules:?}");
        }
    }

    #[test]
    fn repeated_steps_meet_brute_force_too() {
        let mut seed = 11_u64;
        let mut draw = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for case in 0..20_000 {
            // Steps A, B, A: one event fits the first and the third.
            let kinds = [0b101, 0b010];
            let mut hits: Vec<Hit> = (0..1 + draw(7))
                .map(|_| Hit {
                    time: 3 * draw(12) as i64 + draw(2) as i64,
                    steps: kinds[draw(2) as usize],
                    outs: 0,
                    options: 0,
                })
                .collect();
            hits.sort_by_key(|h| h.time);
            hits.dedup_by_key(|h| h.time);
            let rules = Rules { within: 1 + draw(30) as i64, ..rules(3) };
            let found = attempt(&rules, &hits).map_or(0, |c| c.depth());
            assert_eq!(found, brute(&rules, &hits, 0, &[]), "case {case}: {hits:?} {rules:?}");
        }
    }

    /// Ties, repeated steps, events that fit several steps, twins in one instant: all at once.
    #[test]
    fn a_million_cases_meet_brute_force() {
        let mut seed = 13_u64;
        let mut draw = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for case in 0..1_000_000 {
            let steps = 2 + draw(3) as usize;
            let kinds: Vec<u32> = (0..3).map(|_| draw(1 << steps) as u32).collect();
            let mut hits: Vec<Hit> = (0..1 + draw(5))
                .map(|_| Hit { time: draw(6) as i64, steps: kinds[draw(3) as usize], outs: 0, options: 0 })
                .collect();
            hits.sort_by_key(|h| h.time);
            let within = 1 + draw(6) as i64;
            let within_step = if draw(2) == 0 { 1 + draw(4) as i64 } else { i64::MAX / 4 };
            let rules = Rules { within, within_step, ..rules(steps) };
            let found = attempt(&rules, &hits).map_or(0, |c| c.depth());
            assert_eq!(found, brute(&rules, &hits, 0, &[]), "case {case}: {hits:?} {rules:?}");
        }
    }
}

//! What of a plan is to be counted: [`Wanted`].

/// What of a plan a page or a table shows, and so what is counted for it.
///
/// What became of the rows is counted whatever is wanted, and is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// All of it.
    #[default]
    Everything,
    /// Maps, funnels and travels.
    Journeys,
    /// The experiment of this id.
    Experiment(&'a str),
}

impl Wanted<'_> {
    /// Returns whether maps, funnels and travels are wanted.
    pub fn journeys(self) -> bool {
        !matches!(self, Wanted::Experiment(_))
    }

    /// Returns whether the experiment of this id is wanted.
    pub fn experiment(self, id: &str) -> bool {
        match self {
            Wanted::Everything => true,
            Wanted::Journeys => false,
            Wanted::Experiment(wanted) => wanted == id,
        }
    }
}

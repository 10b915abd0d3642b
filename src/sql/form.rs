//! The query form: typed expressions and selects, which a dialect writes as text.
//!
//! Texts and names of the specs enter a query only as [`Expr::Text`], [`Expr::Theirs`] and [`Place`], and each of these is
//! quoted in one function of a dialect; everything else is words of our own. So no spec can put a statement into a query.
use super::dialect::Dialect;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column that a query names itself: lower-case letters, digits and underscores.
    Ours(String),
    /// A column of the data, by its name there.
    Theirs(String),
    /// A whole number.
    Whole(i64),
    /// A double.
    Double(f64),
    /// A text.
    Text(String),
    /// Nothing.
    Null,
    /// Expressions with an operator between them.
    Infix(&'static str, Vec<Expr>),
    /// What does not hold.
    Not(Box<Expr>),
    /// Whether there is no value.
    Missing(Box<Expr>),
    /// The value behind the first condition that holds, else the last.
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// A function over the rows around this one.
    Over {
        /// What is made of the rows.
        of: Box<Expr>,
        /// Rows with equal values of these belong together.
        by: Vec<Expr>,
        /// Their order.
        order: Vec<Expr>,
        /// Which of them.
        frame: Frame,
    },
}

/// Which rows a window function looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// All of them, or as the function has it.
    Natural,
    /// Those before this one.
    Before,
}

/// What dialects write in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// A text that compares by its bytes.
    Bytes,
    /// The value as a text.
    ToText,
    /// A text in small letters.
    Lower,
    /// The value as a double.
    ToDouble,
    /// The value as a 64-bit whole number.
    ToWhole,
    /// The value as a truth value.
    ToTruth,
    /// The text as a double where it is one, else nothing.
    Number,
    /// The first, or nothing where it equals the second.
    NullIf,
    /// The first value that there is.
    Coalesce,
    /// A double without its fraction, half away from zero, as a whole number.
    Round,
    /// The quotient of two whole numbers from 0, without the rest.
    Divide,
    /// The rest of that division.
    Rest,
    /// The smaller of two.
    Least,
    /// The larger of two.
    Greatest,
    /// Microseconds since 1970 of a point in time; local times are of the session's zone.
    Micros,
    /// Whether a text matches a regular expression anywhere.
    Matches,
    /// Texts put together.
    Concat,
    /// How many rows.
    Count,
    /// How many different values.
    CountDifferent,
    /// The sum.
    Sum,
    /// The sum of doubles, in the order of the second, so that it rounds as one pass in time would.
    SumInOrder,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The value with the largest second one; of several the largest value.
    Last,
    /// All values as a text, ascending, with commas between.
    List,
    /// All texts, in any order, with semicolons between.
    Texts,
    /// A text with one piece of it replaced by another.
    Replace,
    /// The number of the row.
    RowNumber,
    /// The value of the first row.
    FirstValue,
    /// The value of the row before.
    Lag,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A table, by the parts of its name.
    Table(Vec<String>),
    /// Parquet files at these places.
    Parquet(Vec<String>),
    /// Text tables with a header at these places, and what separates their columns.
    Csv(Vec<String>, char),
    /// A part of the query itself.
    Part(String),
}

/// One select.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// What is selected, and its name.
    pub columns: Vec<(Expr, String)>,
    /// From where, and its short name where there are several.
    pub from: Vec<(Place, Option<&'static str>)>,
    /// What joins all of `from`.
    pub on: Option<Expr>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// The places, from 0, of the columns to group by.
    pub group: Vec<usize>,
}

/// Named parts and what is made of them; each part is the rows of all its selects.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The parts.
    pub parts: Vec<(String, Vec<Select>)>,
    /// What comes out.
    pub last: Vec<Select>,
}

// ---------------------------------------------------------------- building
/// Returns a column of ours.
pub fn ours(name: impl Into<String>) -> Expr {
    Expr::Ours(name.into())
}

/// Returns a text.
pub fn text(value: impl Into<String>) -> Expr {
    Expr::Text(value.into())
}

/// Returns a call.
pub fn call(function: Function, args: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(function, args.into_iter().collect())
}

/// Returns `a op b`.
pub fn infix(op: &'static str, a: Expr, b: Expr) -> Expr {
    Expr::Infix(op, vec![a, b])
}

/// Returns what holds when all hold; nothing is always true.
pub fn all(list: impl IntoIterator<Item = Expr>) -> Expr {
    joined(" AND ", list.into_iter().collect(), 1)
}

/// Returns what holds when one holds; nothing is never true.
pub fn any(list: impl IntoIterator<Item = Expr>) -> Expr {
    joined(" OR ", list.into_iter().collect(), 0)
}

fn joined(op: &'static str, mut list: Vec<Expr>, empty: i64) -> Expr {
    match list.len() {
        0 => infix(" = ", Expr::Whole(1), Expr::Whole(empty)),
        1 => list.swap_remove(0),
        _ => Expr::Infix(op, list),
    }
}

/// Returns `value` where `condition` holds, else `other`.
pub fn when(condition: Expr, value: Expr, other: Expr) -> Expr {
    Expr::Case(vec![(condition, value)], Box::new(other))
}

/// Returns 1 where it holds, else 0.
pub fn flag(condition: Expr) -> Expr {
    when(condition, Expr::Whole(1), Expr::Whole(0))
}

/// Returns whether a flag is set.
pub fn set(name: impl Into<String>) -> Expr {
    infix(" = ", ours(name), Expr::Whole(1))
}

/// Returns whether there is a value.
pub fn there(value: Expr) -> Expr {
    Expr::Not(Box::new(Expr::Missing(Box::new(value))))
}

/// Returns whether a value lies between two, both included.
pub fn between(value: Expr, from: Expr, to: Expr) -> Expr {
    all([infix(" >= ", value.clone(), from), infix(" <= ", value, to)])
}

impl Select {
    /// Returns a select of everything from one place.
    pub fn from(place: Place) -> Self {
        Self { from: vec![(place, None)], ..Self::default() }
    }

    /// Returns a select from a part of the query.
    pub fn part(name: impl Into<String>) -> Self {
        Self::from(Place::Part(name.into()))
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, value: Expr, name: impl Into<String>) -> Self {
        self.columns.push((value, name.into()));
        self
    }

    /// Adds a column to group by.
    #[must_use]
    pub fn by(mut self, value: Expr, name: impl Into<String>) -> Self {
        self.group.push(self.columns.len());
        self.column(value, name)
    }

    /// Adds columns of ours under their own names.
    #[must_use]
    pub fn same<'n>(self, names: impl IntoIterator<Item = &'n String>) -> Self {
        names.into_iter().fold(self, |select, name| select.column(ours(name), name))
    }

    /// Says which rows.
    #[must_use]
    pub fn filter(mut self, condition: Expr) -> Self {
        self.filter = Some(condition);
        self
    }
}

// ---------------------------------------------------------------- writing
impl Expr {
    /// Writes the expression as a dialect has it.
    pub fn write(&self, d: &dyn Dialect) -> String {
        let each = |list: &[Expr]| -> Vec<String> { list.iter().map(|e| e.write(d)).collect() };
        match self {
            Expr::Ours(name) => name.clone(),
            Expr::Theirs(name) => d.column(name),
            Expr::Whole(n) if *n < 0 => format!("({n})"),
            Expr::Whole(n) => n.to_string(),
            // With an exponent, it is a double everywhere and no decimal.
            Expr::Double(x) if *x < 0.0 => format!("({x:e})"),
            Expr::Double(x) => format!("{x:e}"),
            Expr::Text(text) => d.text(text),
            Expr::Null => "NULL".to_owned(),
            Expr::Infix(op, list) => format!("({})", each(list).join(op)),
            Expr::Not(inner) => match &**inner {
                Expr::Missing(value) => format!("({} IS NOT NULL)", value.write(d)),
                inner => format!("(NOT {})", inner.write(d)),
            },
            Expr::Missing(value) => format!("({} IS NULL)", value.write(d)),
            Expr::Case(list, other) => {
                let arms: String =
                    list.iter().map(|(c, v)| format!(" WHEN {} THEN {}", c.write(d), v.write(d))).collect();
                format!("CASE{arms} ELSE {} END", other.write(d))
            }
            Expr::Call(function, args) => d.call(*function, &each(args)),
            Expr::Over { of, by, order, frame } => {
                let by = format!("PARTITION BY {}", each(by).join(", "));
                let order =
                    if order.is_empty() { String::new() } else { format!(" ORDER BY {}", each(order).join(", ")) };
                let frame = match frame {
                    Frame::Natural => "",
                    Frame::Before => " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING",
                };
                format!("{} OVER ({by}{order}{frame})", of.write(d))
            }
        }
    }
}

/// Returns a column under its name; one that has the name already says it once.
fn named(value: &str, name: &str) -> String {
    if value == name { name.to_owned() } else { format!("{value} AS {name}") }
}

impl Select {
    fn write(&self, d: &dyn Dialect) -> Result<String, String> {
        let columns: Vec<String> = self.columns.iter().map(|(e, n)| named(&e.write(d), n)).collect();
        let mut text = format!("SELECT\n    {}", columns.join(",\n    "));
        let mut from = Vec::new();
        for (place, short) in &self.from {
            let place = match place {
                Place::Part(name) => name.clone(),
                place => d.place(place)?,
            };
            from.push(short.map_or_else(|| place.clone(), |s| format!("{place} {s}")));
        }
        if !from.is_empty() {
            let how = if self.on.is_some() { "\n  JOIN " } else { "\n  CROSS JOIN " };
            text += &format!("\n  FROM {}", from.join(how));
        }
        if let Some(on) = &self.on {
            text += &format!(" ON {}", on.write(d));
        }
        if let Some(filter) = &self.filter {
            text += &format!("\n  WHERE {}", filter.write(d));
        }
        if !self.group.is_empty() {
            let group: Vec<String> = self.group.iter().map(|at| (at + 1).to_string()).collect();
            text += &format!("\n  GROUP BY {}", group.join(", "));
        }
        Ok(text)
    }
}

impl Form {
    /// Adds a part.
    pub fn part(&mut self, name: impl Into<String>, selects: impl IntoIterator<Item = Select>) {
        self.parts.push((name.into(), selects.into_iter().collect()));
    }

    /// Writes the query as a dialect has it.
    ///
    /// # Errors
    /// When the dialect cannot read from a place.
    pub fn write(&self, d: &dyn Dialect) -> Result<String, String> {
        let union = |selects: &[Select]| -> Result<String, String> {
            let list: Result<Vec<String>, String> = selects.iter().map(|s| s.write(d)).collect();
            Ok(list?.join("\n  UNION ALL\n  "))
        };
        let mut parts = Vec::new();
        for (name, selects) in &self.parts {
            parts.push(format!("{name} AS (\n  {}\n)", union(selects)?));
        }
        let with = if parts.is_empty() { String::new() } else { format!("WITH {}\n", parts.join(", ")) };
        Ok(format!("{with}{}", union(&self.last)?))
    }
}

//! `waypost analyze`: what the data says of the journeys.

mod patch;

use crate::analysis::journey::JourneyReport;
use crate::analysis::journey::insight::{Insights, Suggested};
use crate::cli::measured::Measured;
use crate::cli::on::On;
use crate::cli::output::text;
use crate::cli::{Exit, Failure, World, opened, theme};
use crate::model::Model;
use crate::plan::{Tool, Wanted};
use crate::render::{Options, analyze};
use jiff::civil::Date;
use std::path::PathBuf;

/// Say what the data says of the journeys
///
/// Funnels with their ledger, times, credit, paths, handovers, promises, targets and gaps, in one pass over the data.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Analyze {
    /// The project
    project: Option<PathBuf>,
    /// Only this journey
    #[arg(long, value_name = "ID")]
    journey: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Say where people are lost, which pains the data suggests, and which experiments are worth running
    #[arg(long)]
    insights: bool,
    /// With `--insights`: write the suggested pains into the specs
    #[arg(long, requires = "insights")]
    write: bool,
    /// Count the funnels as this tool does as well, and show both
    #[arg(long, value_enum, value_name = "TOOL", conflicts_with_all = ["insights", "fail_on_gap", "journey"])]
    like: Option<ToolName>,
    /// With `--like`: name some of the people that are told differently, and the rule that explains it
    #[arg(long, requires = "like")]
    explain_difference: bool,
    /// Fail where a `require` is not met
    #[arg(long)]
    fail_on_gap: bool,
    /// The day to take for today (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    on: On,
}

/// Whose rules for funnels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ToolName {
    /// PostHog
    Posthog,
    /// Mixpanel, classic
    Mixpanel,
    /// ClickHouse's windowFunnel
    Clickhouse,
    /// GrowthBook
    Growthbook,
}

impl From<ToolName> for Tool {
    fn from(name: ToolName) -> Self {
        match name {
            ToolName::Posthog => Tool::Posthog,
            ToolName::Mixpanel => Tool::Mixpanel,
            ToolName::Clickhouse => Tool::Clickhouse,
            ToolName::Growthbook => Tool::Growthbook,
        }
    }
}

/// How the analysis is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Tables for a terminal
    Text,
    /// Tables for Markdown readers
    Markdown,
    /// Sections of a page
    Html,
    /// The numbers themselves
    Json,
    /// One cell a row
    Csv,
}

impl Analyze {
    /// Counts, and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model)) = opened::clean(world, self.project.as_deref())? else {
            return Ok(Exit::Findings);
        };
        if model.manifest.data.is_empty() {
            let help = "name the files under `data:` in `waypost.yaml`, or make some with `waypost simulate`";
            return Err(Failure::new("the manifest names no data").help(help));
        }
        let today = self.today.unwrap_or_else(|| world.today(model.manifest.zone()));
        if let Some(tool) = self.like.map(Tool::from) {
            if self.on.place.elsewhere() {
                let help = "count without `--on`, from files";
                return Err(Failure::new("`--like` compares the rules of tools over files only").help(help));
            }
            let measured = Measured::beside(world, &project, &model, today, tool)?;
            let like = measured.like(&project, tool, self.explain_difference)?;
            let parts = analyze::like(&like, &theme::options(&project, &model)?.words);
            self.write_parts(world, &parts, &like)?;
            return Ok(Exit::Clean);
        }
        if self.on.shown(world, &project, &model, Wanted::Journeys)? {
            return Ok(Exit::Clean);
        }
        let measured = self.on.place.measured(world, &project, &model, today, Wanted::Journeys)?;
        let mut reports = measured.journeys();
        if let Some(id) = &self.journey {
            reports.retain(|r| r.journey == *id);
            if reports.is_empty() {
                return Err(Failure::new(format!("no journey with data is called `{id}`")));
            }
        }
        let options = theme::options(&project, &model)?;
        if self.insights {
            let mut insights = measured.insights();
            insights.retain(|i| reports.iter().any(|r| r.journey == i.journey));
            self.write_insights(world, &insights, &options)?;
            let pains: Vec<&Suggested> = insights.iter().flat_map(|i| &i.pains).collect();
            if self.write || self.format == Form::Text {
                patch::patch(world, &project, &model, &pains, self.write)?;
            }
        } else {
            self.write_reports(world, &reports, &model, &options)?;
        }
        self.judge(world, &reports)
    }

    fn write_insights(&self, world: &mut World<'_>, all: &[Insights], options: &Options) -> Result<(), Failure> {
        let parts: Vec<analyze::Part> = all.iter().flat_map(|i| analyze::insights(i, &options.words)).collect();
        self.write_parts(world, &parts, &all)
    }

    fn write_reports(
        &self,
        world: &mut World<'_>,
        reports: &[JourneyReport],
        model: &Model,
        options: &Options,
    ) -> Result<(), Failure> {
        let parts: Vec<analyze::Part> = reports.iter().flat_map(|r| analyze::parts(r, model, &options.words)).collect();
        self.write_parts(world, &parts, &reports)
    }

    fn write_parts(
        &self,
        world: &mut World<'_>,
        parts: &[analyze::Part],
        numbers: &impl serde::Serialize,
    ) -> Result<(), Failure> {
        match self.format {
            Form::Text => write!(world.out, "{}", text::lines(&analyze::text(parts)))?,
            Form::Markdown => write!(world.out, "{}", text::lines(&analyze::markdown(parts)))?,
            Form::Html => write!(world.out, "{}", analyze::html(parts))?,
            Form::Csv => write!(world.out, "{}", text::lines(&analyze::csv(parts)))?,
            Form::Json => {
                let json = serde_json::to_string_pretty(numbers).map_err(|e| Failure::new(e.to_string()))?;
                writeln!(world.out, "{}", text::json(&json))?;
            }
        }
        Ok(())
    }

    /// Says each requirement that is not met; one that cannot be told is not met.
    fn judge(&self, world: &mut World<'_>, reports: &[JourneyReport]) -> Result<Exit, Failure> {
        if !self.fail_on_gap {
            return Ok(Exit::Clean);
        }
        let mut exit = Exit::Clean;
        for (report, r) in reports.iter().flat_map(|j| j.requirements.iter().map(move |r| (j, r))) {
            if r.met == Some(true) {
                continue;
            }
            exit = Exit::Findings;
            let is =
                r.rate.and_then(|r| r.share).map_or("cannot be told".to_owned(), |s| format!("is {:.1} %", s * 100.0));
            let line = format!(
                "gap: `{}` requires at least {:.1} % from `{}` to `{}` for {}; it {is}",
                report.journey,
                r.at_least * 100.0,
                r.from,
                r.to,
                r.who
            );
            writeln!(world.err, "{}", text::shown(&line))?;
        }
        Ok(exit)
    }
}

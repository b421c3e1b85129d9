//! What came out, printed while it comes.

use std::collections::BTreeMap;
use std::process::ExitCode;

/// How one case ended.
pub enum Outcome {
    Passed,
    /// How what came differs from what was expected.
    Failed(String),
    /// Why no client for AWS JSON can run it.
    Skipped(String),
}

/// The cases of one suite.
pub struct Suite {
    name: String,
    passed: usize,
    failed: usize,
    /// The cases by the reason for which they were skipped.
    skipped: BTreeMap<String, Vec<String>>,
}

impl Suite {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            passed: 0,
            failed: 0,
            skipped: BTreeMap::new(),
        }
    }

    /// Counts a case; a failure is printed.
    pub fn record(&mut self, case: &str, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed(difference) => {
                self.failed += 1;
                println!("FAILED {}: {case}\n{}", self.name, indent(&difference));
            }
            Outcome::Skipped(reason) => {
                self.skipped
                    .entry(reason)
                    .or_default()
                    .push(case.to_owned());
            }
        }
    }
}

/// All suites so far.
#[derive(Default)]
pub struct Report {
    passed: usize,
    failed: usize,
    skipped: usize,
    suites_without_cases: Vec<String>,
}

impl Report {
    /// Prints the line of a suite, and what it skipped.
    pub fn add(&mut self, suite: Suite) {
        let skipped = suite.skipped.values().map(Vec::len).sum::<usize>();
        println!(
            "{}: {} passed, {} failed, {skipped} skipped",
            suite.name, suite.passed, suite.failed
        );
        for (reason, cases) in &suite.skipped {
            println!("  skipped, {reason}: {}", cases.join(", "));
        }
        if suite.passed + suite.failed == 0 {
            self.suites_without_cases.push(suite.name);
        }
        self.passed += suite.passed;
        self.failed += suite.failed;
        self.skipped += skipped;
    }

    /// Prints the last line.
    pub fn finish(self) -> ExitCode {
        for name in &self.suites_without_cases {
            println!("{name} ran no case: its files are not where they were");
        }
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        );
        if self.failed == 0 && self.suites_without_cases.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn indent(text: &str) -> String {
    let lines = text.lines().map(|line| format!("  {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

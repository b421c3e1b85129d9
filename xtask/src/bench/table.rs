//! The table of figures.

use std::fmt::Write;

use super::Pair;

/// Figures of both sides, a row each.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    figure: String,
    pair: Pair,
    decimals: usize,
}

impl Table {
    /// Adds a row, and prints it with the ratio that this project aims at, if there is one.
    pub fn add(&mut self, figure: &str, pair: Pair, decimals: usize, at_most: Option<f64>) {
        let row = Row {
            figure: figure.to_owned(),
            pair,
            decimals,
        };
        let goal = at_most.map(|goal| format!(" (goal: {goal:.2})"));
        eprintln!("{}{}", row.cells().join(" | "), goal.unwrap_or_default());
        self.rows.push(row);
    }

    pub fn markdown(&self) -> String {
        let mut text =
            "| figure | this SDK | official | ratio |\n|---|---:|---:|---:|\n".to_owned();
        for row in &self.rows {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {} |", row.cells().join(" | "));
        }
        text
    }
}

impl Row {
    fn cells(&self) -> [String; 4] {
        let [ours, official] = self.pair;
        let decimals = self.decimals;
        [
            self.figure.clone(),
            grouped(&format!("{ours:.decimals$}")),
            grouped(&format!("{official:.decimals$}")),
            format!("{:.2}", ours / official),
        ]
    }
}

/// A number with a comma at every thousand.
fn grouped(number: &str) -> String {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (number, String::new()),
    };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_both_figures_and_their_ratio() {
        let mut table = Table::default();
        table.add("instructions", [123_456.0, 1_000_000.0], 0, Some(0.45));
        table.add("seconds", [1.25, 2.5], 2, None);
        let markdown = table.markdown();
        let rows: Vec<_> = markdown.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| instructions | 123,456 | 1,000,000 | 0.12 |",
                "| seconds | 1.25 | 2.50 | 0.50 |",
            ]
        );
    }
}

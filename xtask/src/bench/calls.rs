//! What a call costs, start-up left out: the difference between many calls and few.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::{Bench, Side, Table, alternate, cpu_seconds};

/// An operation, how often it is called at the least for counts and for times, and the goals.
struct Operation {
    name: &'static str,
    counted: [u32; 2],
    timed: [u32; 2],
    time: Option<f64>,
    allocations: Option<f64>,
}

const OPERATIONS: [Operation; 4] = [
    Operation {
        name: "StartLogging",
        counted: [20, 120],
        timed: [100, 10_100],
        time: Some(0.60),
        allocations: Some(0.50),
    },
    Operation {
        name: "DescribeTrails",
        counted: [20, 120],
        timed: [100, 10_100],
        time: None,
        allocations: None,
    },
    Operation {
        name: "LookupEvents",
        counted: [5, 25],
        timed: [50, 1_050],
        time: None,
        allocations: None,
    },
    Operation {
        name: "GetQueryResults",
        counted: [3, 13],
        timed: [20, 320],
        time: Some(0.45),
        allocations: None,
    },
];

pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let server = Server::start(bench)?;
    for operation in &OPERATIONS {
        let name = operation.name;
        let time = alternate(5, |side| {
            per_call(operation.timed, |count| {
                Ok(1e6 * cpu_seconds(&program(bench, &server, side, name, count))?)
            })
        })?;
        let figure = format!("CPU time per call, {name}, µs");
        table.add(&figure, time, 1, operation.time);

        // No goal: callgrind counts the hashes of signatures as software, which processors have in
        // hardware.
        let instructions = alternate(1, |side| {
            per_call(operation.counted, |count| {
                let tool = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
                valgrind(bench, &server, side, name, count, &tool, "Collected :")
            })
        })?;
        let figure = format!("instructions per call, {name}");
        table.add(&figure, instructions, 0, None);

        let allocations = alternate(1, |side| {
            per_call(operation.counted, |count| {
                let tool = ["--tool=memcheck", "--leak-check=no"];
                valgrind(
                    bench,
                    &server,
                    side,
                    name,
                    count,
                    &tool,
                    "total heap usage:",
                )
            })
        })?;
        let figure = format!("allocations per call, {name}");
        table.add(&figure, allocations, 1, operation.allocations);
    }
    let peak = alternate(5, |side| {
        let url = format!("{}/large", server.url);
        let mut command = Command::new(bench.program(&format!("calls-{}", side.name())));
        let output = command.args([&url, "GetQueryResults", "1"]).output()?;
        let text = String::from_utf8(output.stdout)?;
        let kilobytes: f64 = text
            .trim()
            .parse()
            .context("the program did not end well")?;
        Ok(kilobytes / 1e3)
    })?;
    table.add("peak memory, a response of 10 MB, MB", peak, 1, Some(0.60));
    Ok(())
}

/// A figure that grows with the number of calls, for one call.
fn per_call(counts: [u32; 2], mut total: impl FnMut(u32) -> Result<f64>) -> Result<f64> {
    let [few, many] = counts;
    let (of_few, of_many) = (total(few)?, total(many)?);
    Ok((of_many - of_few) / f64::from(many - few))
}

fn program(bench: &Bench, server: &Server, side: Side, operation: &str, count: u32) -> Command {
    let mut command = Command::new(bench.program(&format!("calls-{}", side.name())));
    command.args([&server.url, operation, &count.to_string()]);
    command
}

/// Runs the program in valgrind, and reads the number behind `label`.
fn valgrind(
    bench: &Bench,
    server: &Server,
    side: Side,
    operation: &str,
    count: u32,
    tool: &[&str],
    label: &str,
) -> Result<f64> {
    let program = program(bench, server, side, operation, count);
    let output = Command::new("valgrind")
        .args(tool)
        .arg(program.get_program())
        .args(program.get_args())
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program:?} failed:\n{text}");
    let (_, number) = text
        .split_once(label)
        .with_context(|| format!("valgrind does not say `{label}`:\n{text}"))?;
    let number = number.split_whitespace().next().unwrap_or_default();
    number
        .replace(',', "")
        .parse()
        .with_context(|| format!("`{number}` is not a number"))
}

/// The server, which stops when it is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(bench: &Bench) -> Result<Self> {
        let mut process = Command::new(bench.program("server"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

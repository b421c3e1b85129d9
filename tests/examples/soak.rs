//! Calls for a long time on one client, of which some fail: does it keep what it should let go?
//!
//! `cargo xtask soak --seconds 60` runs it. The server is a process of its own, so that the memory
//! that is measured is the client's alone. It is read where Linux tells it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cloudtrail_sdk::config::{Credentials, Region};
use cloudtrail_sdk::error::{ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::{Client, Config};
use tests::faults::{Faults, attempt_of};
use tests::protocol::IDENTITY;
use tests::server::LoopbackServer;

const FAULTS: Faults = Faults {
    seed: 1,
    percent: 20,
};

/// How many calls there are at a time.
const WORKERS: usize = 32;

/// One of so many calls is dropped half-way.
const DROPPED: u64 = 15;

/// How often a line is printed. The first is the one that memory is compared with: by then, pools
/// and caches are full.
const INTERVAL: Duration = Duration::from_secs(10);

/// By how much memory may grow after the first interval: this share of it, and this many kB.
const MAX_GROWTH_PERCENT: u64 = 10;
const MAX_GROWTH_KB: u64 = 8 << 10;

fn main() -> io::Result<ExitCode> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "serve" {
        serve()?;
        return Ok(ExitCode::SUCCESS);
    }
    let seconds = argument.parse().map(Duration::from_secs);
    let Some(time) = seconds.ok().filter(|time| *time >= 2 * INTERVAL) else {
        eprintln!("usage: soak SECONDS, at least {}", 2 * INTERVAL.as_secs());
        return Ok(ExitCode::FAILURE);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(soak(time))
}

/// Serves until standard input ends; says where, and answers every line with how things stand.
fn serve() -> io::Result<()> {
    let retries = Arc::new(AtomicU64::new(0));
    let server = LoopbackServer::start_with({
        let retries = Arc::clone(&retries);
        move |request| {
            let is_retry = attempt_of(request) > 1;
            retries.fetch_add(is_retry.into(), Ordering::Relaxed);
            FAULTS.answer(request)
        }
    })?;
    server.forget_requests();
    println!("{}", server.url());
    for line in io::stdin().lock().lines() {
        line?;
        let retries = retries.load(Ordering::Relaxed);
        println!("{retries} {}", server.open_connections());
    }
    Ok(())
}

async fn soak(time: Duration) -> io::Result<ExitCode> {
    let mut server = Server::start()?;
    let config = Config::builder()
        .region(Region::new(IDENTITY.region))
        .credentials_provider(Credentials::new(
            IDENTITY.access_key_id,
            IDENTITY.secret_access_key,
            None,
            None,
            "soak",
        ))
        .endpoint_url(server.read_line()?);
    let client = Client::from_conf(config.build());
    let counts = Counts::default();
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| tokio::spawn(work(client.clone(), counts.clone())))
        .collect();
    drop(client);

    println!("seconds     calls   calls/s   retries    RSS/kB  connections");
    let started = Instant::now();
    let (mut calls, mut first, mut most) = (0, None, 0);
    while started.elapsed() < time {
        tokio::time::sleep(INTERVAL).await;
        let before = std::mem::replace(&mut calls, counts.calls());
        let memory = resident_kb()?;
        first.get_or_insert(memory);
        most = memory.max(most);
        let (retries, connections) = server.status()?;
        println!(
            "{:7}{calls:10}{:10}{retries:10}{memory:10}{connections:13}",
            started.elapsed().as_secs(),
            (calls - before) / INTERVAL.as_secs()
        );
    }
    for worker in &workers {
        worker.abort();
    }
    for worker in workers {
        // It ends by being aborted.
        let _ = worker.await;
    }

    println!("\nhow calls ended:");
    for (end, count) in counts.sorted() {
        println!("{count:10}  {end}");
    }
    let connections = server.connections_after_close().await?;
    let first = first.unwrap_or_default();
    let growth = most.saturating_sub(first);
    println!("\nmemory grew by {growth} kB after the first {INTERVAL:?}");
    println!("{connections} connections stay open without a client");
    let grew = growth * 100 > first * MAX_GROWTH_PERCENT || growth > MAX_GROWTH_KB;
    if grew || connections > 0 {
        eprintln!("error: the client keeps what it should let go");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes one call after the other.
async fn work(client: Client, counts: Counts) {
    loop {
        let number = counts.next();
        let call = call(&client, number);
        let end = if number.is_multiple_of(DROPPED) {
            let limit = Duration::from_millis(number % 64);
            let in_time = tokio::time::timeout(limit, call).await;
            in_time.unwrap_or_else(|_| "dropped".to_owned())
        } else {
            call.await
        };
        counts.count(end);
    }
}

/// Makes the call with this number; says how it ended.
async fn call(client: &Client, number: u64) -> String {
    let name = format!("call-{number}");
    match number % 4 {
        0 => end(client.get_trail().name(name).send().await),
        1 => end(client.lookup_events().next_token(name).send().await),
        2 => {
            let call = client.lookup_events().next_token(name);
            let mut events = call.into_paginator().items().send();
            while let Some(event) = events.next().await {
                if event.is_err() {
                    return end(event);
                }
            }
            "success".to_owned()
        }
        // More results than the model allows.
        _ => end(client.lookup_events().max_results(1_000).send().await),
    }
}

fn end<T, E: ProvideErrorMetadata>(result: Result<T, SdkError<E>>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(SdkError::ConstructionFailure(_)) => "refused before it was sent".to_owned(),
        Err(SdkError::TimeoutError(_)) => "timeout".to_owned(),
        Err(SdkError::DispatchFailure(_)) => "no response".to_owned(),
        Err(SdkError::ResponseError(_)) => "response that cannot be read".to_owned(),
        Err(error) => format!("error: {}", error.code().unwrap_or("without a code")),
    }
}

/// How many calls have ended how.
#[derive(Clone, Default)]
struct Counts(Arc<Totals>);

#[derive(Default)]
struct Totals {
    started: AtomicU64,
    ends: Mutex<BTreeMap<String, u64>>,
}

impl Counts {
    fn next(&self) -> u64 {
        self.0.started.fetch_add(1, Ordering::Relaxed)
    }

    fn count(&self, end: String) {
        let mut ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        *ends.entry(end).or_default() += 1;
    }

    fn sorted(&self) -> BTreeMap<String, u64> {
        let ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.clone()
    }

    fn calls(&self) -> u64 {
        self.sorted().values().sum()
    }
}

/// The resident memory of this process.
fn resident_kb() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    status
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .strip_suffix("kB")?
                .trim()
                .parse()
                .ok()
        })
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "no VmRSS in /proc/self/status"))
}

/// The server, which stops when its standard input ends.
struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or(ErrorKind::BrokenPipe)?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    fn read_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// How many retries it has seen, and how many connections it has.
    fn status(&mut self) -> io::Result<(u64, u64)> {
        let input = self.input.as_mut().ok_or(ErrorKind::BrokenPipe)?;
        writeln!(input)?;
        let line = self.read_line()?;
        let (retries, connections) = line
            .split_once(' ')
            .and_then(|(retries, connections)| {
                Some((retries.parse().ok()?, connections.parse().ok()?))
            })
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, line.clone()))?;
        Ok((retries, connections))
    }

    /// How many connections are left a while after the client has gone.
    async fn connections_after_close(&mut self) -> io::Result<u64> {
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let (_, connections) = self.status()?;
            if connections == 0 || Instant::now() > deadline {
                return Ok(connections);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

//! Calls an operation so many times, and looks at what comes back: `calls URL OPERATION COUNT`.
//!
//! At its end it prints the most memory it has had, in kB.

use std::hint::black_box;

use sdk::config::{BehaviorVersion, Credentials, Region};
use sdk::{Client, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, operation, count] = &arguments[..] else {
        return Err("usage: calls URL OPERATION COUNT".into());
    };
    let credentials = Credentials::new("AKID", "secret", Some("token".into()), None, "bench");
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(url)
        .build();
    let client = Client::from_conf(config);
    for _ in 0..count.parse::<u32>()? {
        match operation.as_str() {
            "StartLogging" => {
                let call = client.start_logging().name("management-events");
                black_box(call.send().await?);
            }
            "DescribeTrails" => {
                let output = client.describe_trails().send().await?;
                assert_eq!(output.trail_list().len(), 3);
                black_box(output);
            }
            "LookupEvents" => {
                let output = client.lookup_events().max_results(50).send().await?;
                assert_eq!(output.events().len(), 50);
                black_box(output);
            }
            "GetQueryResults" => {
                let call = client
                    .get_query_results()
                    .query_id("a-query-id-of-36-characters-or-fewer");
                let output = call.send().await?;
                assert!(output.query_result_rows().len() >= 1000);
                black_box(output);
            }
            other => return Err(format!("no operation {other}").into()),
        }
    }
    println!("{}", peak_memory()?);
    Ok(())
}

/// The most memory that this process has had resident, in kB.
fn peak_memory() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let line = line.ok_or("the system does not tell the peak memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

//! Looks at the trails of all Regions at once, and tells what is wrong with each.
//!
//! `AUDIT_REGIONS` names the Regions, by commas; without it, those that every account has.

use cloudtrail_sdk::config::{Config, Region};
use cloudtrail_sdk::types::Trail;
use cloudtrail_sdk::{Client, Error, config};
use tokio::task::JoinSet;

const REGIONS: &str = "ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-southeast-1,\
    ap-southeast-2,ca-central-1,eu-central-1,eu-north-1,eu-west-1,eu-west-2,eu-west-3,sa-east-1,\
    us-east-1,us-east-2,us-west-1,us-west-2";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = config::load().await;
    // All clients have one pool of connections and one source of credentials.
    let regions = std::env::var("AUDIT_REGIONS").unwrap_or_else(|_| REGIONS.to_owned());
    let mut audits = JoinSet::new();
    for region in regions.split(',').map(|region| region.trim().to_owned()) {
        audits.spawn(audit(region, config.clone()));
    }
    // A Region that cannot be asked is told, and keeps nobody from the others.
    for (region, findings) in audits.join_all().await {
        match findings {
            Ok(findings) if findings.is_empty() => println!("{region}: no trail is at home here"),
            Ok(findings) => findings
                .iter()
                .for_each(|finding| println!("{region}: {finding}")),
            Err(error) => println!("{region}: {error}"),
        }
    }
}

async fn audit(region: String, config: Config) -> (String, Result<Vec<String>, Error>) {
    let config = config.to_builder().region(Region::new(region.clone()));
    let findings = findings(&Client::from_conf(config.build())).await;
    (region, findings)
}

async fn findings(client: &Client) -> Result<Vec<String>, Error> {
    let mut findings = Vec::new();
    let trails = client
        .describe_trails()
        .include_shadow_trails(false)
        .send()
        .await?;
    for trail in trails.trail_list() {
        let arn = trail.trail_arn().unwrap_or_default();
        let status = client.get_trail_status().name(arn).send().await?;
        let problems = problems(trail, status.is_logging() == Some(true));
        let name = trail.name().unwrap_or(arn);
        findings.push(match problems.is_empty() {
            true => format!("{name} is in order"),
            false => format!("{name} {}", problems.join(", ")),
        });
    }
    Ok(findings)
}

fn problems(trail: &Trail, is_logging: bool) -> Vec<&'static str> {
    let checks = [
        (is_logging, "does not log"),
        (
            trail.is_multi_region_trail() == Some(true),
            "covers one Region only",
        ),
        (
            trail.log_file_validation_enabled() == Some(true),
            "writes no digests",
        ),
        (trail.kms_key_id().is_some(), "has no key of its own"),
    ];
    let failed = checks.into_iter().filter(|(is_met, _)| !is_met);
    failed.map(|(_, problem)| problem).collect()
}

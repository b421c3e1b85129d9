//! Looks at the trails of several accounts at once, and tells which of them do not log.
//!
//! `AUDIT_ROLES` has the ARNs of roles, by commas: one in each account, such as
//! `arn:aws:iam::111122223333:role/Audit`. Whoever runs this has to be allowed to assume them; no
//! profile is needed. `AUDIT_EXTERNAL_ID` has the external ID that they ask for, if they do.

use std::process::ExitCode;
use std::time::Duration;

use cloudtrail_sdk::config::AssumeRole;
use cloudtrail_sdk::{Client, Error, config};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Ok(roles) = std::env::var("AUDIT_ROLES") else {
        println!("name the roles to assume in AUDIT_ROLES, by commas");
        return ExitCode::SUCCESS;
    };
    let mut audits = JoinSet::new();
    for role in roles.split(',').map(|role| role.trim().to_owned()) {
        audits.spawn(async { (audit(&role).await, role) });
    }
    // A role that cannot be assumed keeps nobody from the other accounts.
    let mut exit = ExitCode::SUCCESS;
    for (findings, role) in audits.join_all().await {
        match findings {
            Ok(findings) => println!("{role}: {findings}"),
            Err(error) => {
                eprintln!("{role}: {error}");
                exit = ExitCode::FAILURE;
            }
        }
    }
    exit
}

async fn audit(role: &str) -> Result<String, Error> {
    let mut role = AssumeRole::new(role)
        .session_name("audit-accounts")
        .session_length(Duration::from_secs(15 * 60));
    if let Ok(id) = std::env::var("AUDIT_EXTERNAL_ID") {
        role = role.external_id(id);
    }
    let client = Client::from_conf(config::loader().assume_role(role).load().await);

    let trails = client.describe_trails().send().await?;
    let mut silent = Vec::new();
    for trail in trails.trail_list() {
        let arn = trail.trail_arn().unwrap_or_default();
        let status = client.get_trail_status().name(arn).send().await?;
        if status.is_logging() != Some(true) {
            silent.push(trail.name().unwrap_or(arn));
        }
    }
    let count = trails.trail_list().len();
    Ok(match silent.is_empty() {
        _ if count == 0 => "there is no trail".to_owned(),
        true => format!("{count} trails, all of them log"),
        false => format!("{count} trails, these do not log: {}", silent.join(", ")),
    })
}

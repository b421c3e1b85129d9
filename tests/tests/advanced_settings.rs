//! Settings that few programs have: retry partitions, IDs of calls, calls without signatures.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use cloudtrail_sdk::config::retry::{ClientRateLimiter, RetryConfig, RetryPartition, TokenBucket};
use cloudtrail_sdk::config::{
    InvocationId, InvocationIdGenerator, ProvideCredentials, SharedInvocationIdGenerator,
};
use cloudtrail_sdk::error::{BoxError, SdkError};
use cloudtrail_sdk::test_util::{FakeTime, retry_tokens};
use cloudtrail_sdk::{Client, Config};
use tests::protocol::Reply;
use tests::server::LoopbackServer;

mod support;

/// Counts.
#[derive(Debug, Default)]
struct Numbers(AtomicU32);

impl InvocationIdGenerator for Numbers {
    fn generate(&self) -> Result<Option<InvocationId>, BoxError> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(Some(InvocationId::new("call-0".to_owned()))),
            1 => Ok(None),
            2 => Ok(Some(InvocationId::new("not\na header".to_owned()))),
            _ => Err("no more numbers".into()),
        }
    }
}

#[tokio::test]
async fn calls_have_the_ids_that_a_program_makes() {
    let server = LoopbackServer::start().unwrap();
    server.reply(Reply::raw(503, "text/plain", "later"));
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard())
        .clock(FakeTime::new(SystemTime::now()))
        .invocation_id_generator(Numbers::default())
        .build();
    assert!(config.invocation_id_generator().is_some());
    let client = Client::from_conf(config);
    for _ in 0..2 {
        client.list_trails().send().await.unwrap();
    }
    let ids: Vec<Option<String>> = server
        .received()
        .iter()
        .map(|request| request.header("amz-sdk-invocation-id").map(str::to_owned))
        .collect();
    let first = Some("call-0".to_owned());
    assert_eq!(ids, [first.clone(), first, None]);

    for why in ["header value", "no more numbers"] {
        let error = client.list_trails().send().await.unwrap_err();
        assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn ids_are_random_unless_a_call_has_others() {
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    let shared = SharedInvocationIdGenerator::new(Numbers::default());
    let mut changes = Config::builder();
    changes.set_invocation_id_generator(Some(shared));
    let call = client.list_trails().customize().config_override(changes);
    call.send().await.unwrap();
    client.list_trails().send().await.unwrap();
    let received = server.received();
    let [first, second] = &received[..] else {
        panic!("expected two requests");
    };
    assert_eq!(first.header("amz-sdk-invocation-id"), Some("call-0"));
    let random = second.header("amz-sdk-invocation-id").unwrap();
    assert_eq!(random.len(), 36, "{random}");
}

#[tokio::test]
async fn a_partition_can_be_that_of_one_call() {
    let server = LoopbackServer::start().unwrap();
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard())
        .clock(FakeTime::new(SystemTime::now()));
    let client = Client::from_conf(config.build());
    let partition = RetryPartition::custom("one call")
        .token_bucket(TokenBucket::new(0))
        .client_rate_limiter(ClientRateLimiter::new(0.0))
        .build();
    let changes = || Config::builder().retry_partition(partition.clone());

    server.reply(Reply::raw(503, "text/plain", "later"));
    let call = client.list_trails().customize().config_override(changes());
    assert!(call.send().await.is_err());
    assert_eq!(server.received().len(), 1);

    server.reply(Reply::raw(503, "text/plain", "later"));
    client.list_trails().send().await.unwrap();
    assert_eq!(server.received().len(), 3);
    assert_eq!(retry_tokens(&client), 500);
}

#[tokio::test]
async fn successes_and_time_fill_the_tokens_of_a_partition() {
    let server = LoopbackServer::start().unwrap();
    let time = FakeTime::new(SystemTime::now());
    let tokens = TokenBucket::builder()
        .capacity(14)
        .success_reward(3.0)
        .refill_rate(0.5)
        .build();
    let partition = RetryPartition::custom("filled")
        .token_bucket(tokens)
        .build();
    let config = support::config(&server.url())
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .clock(time.clone())
        .retry_partition(partition);
    let client = Client::from_conf(config.build());
    for _ in 0..2 {
        server.reply(Reply::raw(503, "text/plain", "later"));
    }
    assert!(client.list_trails().send().await.is_err());
    assert_eq!(retry_tokens(&client), 0);
    // A success at once adds one token, and the reward.
    client.list_trails().send().await.unwrap();
    assert_eq!(retry_tokens(&client), 4);

    time.advance(Duration::from_secs(20));
    server.reply(Reply::raw(503, "text/plain", "later"));
    client.list_trails().send().await.unwrap();
    assert_eq!(retry_tokens(&client), 14);
}

#[tokio::test]
async fn a_provider_that_fails_is_an_error_all_the_same() {
    #[derive(Debug)]
    struct Failing;

    impl ProvideCredentials for Failing {
        fn provide_credentials<'a>(
            &'a self,
        ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let error = aws_credential_types::provider::error::CredentialsError::not_loaded("no");
            aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
        }
    }

    let server = LoopbackServer::start().unwrap();
    let config = support::config(&server.url())
        .allow_no_auth()
        .credentials_provider(Failing);
    let client = Client::from_conf(config.build());
    assert!(client.list_trails().send().await.is_err());
    assert!(server.received().is_empty());
}

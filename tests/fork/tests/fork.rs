//! Calls in a process that was forked from one that has made calls: its threads are not there, nor
//! may it use its connections.

#![cfg(unix)]

use std::future::poll_fn;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use aws_credential_types::provider::future;
use cloudtrail_sdk::config::retry::RetryConfig;
use cloudtrail_sdk::config::{
    Credentials, ProvideCredentials, Region, ReqwestClient, SharedCredentialsProvider,
};
use cloudtrail_sdk::{Client, Config};
use tests::protocol::{IDENTITY, SESSION_TOKEN};
use tests::server::LoopbackServer;
use tokio::runtime::Runtime;

/// How many seconds a child may take; the system kills it then.
const LIMIT: u32 = 20;

/// A lock that another test holds during a fork would stay locked in the child.
fn one_at_a_time() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs code in a child, and returns what it says; nothing if it takes too long.
fn in_child(code: impl FnOnce() -> String) -> String {
    // Connections go back into their pool some time after a call.
    std::thread::sleep(Duration::from_millis(50));
    let (mut parents, mut childs) = UnixStream::pair().expect("a pair of sockets");
    // SAFETY: that more is called in the child than a program of several threads may call there is
    // what is tested. Nothing of the parent is unwound or dropped in it.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "cannot fork");
    if child == 0 {
        drop(parents);
        // SAFETY: it has no other effect than to end this process.
        unsafe { libc::alarm(LIMIT) };
        let said = catch_unwind(AssertUnwindSafe(code));
        let said = said.unwrap_or_else(|_| "panicked".to_owned());
        let written = childs.write_all(said.as_bytes());
        // SAFETY: it ends this process, and nothing else.
        unsafe { libc::_exit(written.is_err().into()) }
    }
    drop(childs);
    let mut said = String::new();
    let read = parents.read_to_string(&mut said);
    // SAFETY: the process is a child of this one that nobody else waits for.
    unsafe { libc::waitpid(child, ptr::null_mut(), 0) };
    read.expect("the child says something");
    said
}

fn config(server: &LoopbackServer) -> cloudtrail_sdk::config::Builder {
    let token = Some(SESSION_TOKEN.to_owned());
    let (id, secret) = (IDENTITY.access_key_id, IDENTITY.secret_access_key);
    Config::builder()
        .region(Region::new(IDENTITY.region))
        .credentials_provider(Credentials::new(id, secret, token, None, "test"))
        .endpoint_url(server.url())
        .retry_config(RetryConfig::disabled())
}

/// Makes a blocking call, and says what became of it.
fn call(client: &Client) -> String {
    match client.list_trails().send_blocking() {
        Ok(_) => "done".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_client_that_was_used_before_works_in_the_child() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let client = Client::from_conf(config(&server).build());
    assert_eq!(call(&client), "done");
    for _ in 0..2 {
        assert_eq!(in_child(|| call(&client) + &call(&client)), "donedone");
        assert_eq!(call(&client), "done");
    }
    assert_eq!(server.received().len(), 7);
}

#[test]
fn a_client_that_was_not_used_before_works_in_the_child() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    // This starts the runtime of the parent.
    assert_eq!(call(&Client::from_conf(config(&server).build())), "done");
    let client = Client::from_conf(config(&server).build());
    assert_eq!(in_child(|| call(&client)), "done");
    assert_eq!(
        in_child(|| call(&Client::from_conf(config(&server).build()))),
        "done"
    );
    assert_eq!(call(&client), "done");
}

#[test]
fn a_transport_that_was_built_before_works_in_the_child() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let transport = ReqwestClient::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let client = Client::from_conf(config(&server).transport(transport).build());
    assert_eq!(call(&client), "done");
    assert_eq!(in_child(|| call(&client)), "done");
    assert_eq!(call(&client), "done");
}

#[test]
fn a_child_of_a_child_works() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let client = Client::from_conf(config(&server).build());
    let grandchild = || call(&client) + &in_child(|| call(&client)) + &call(&client);
    assert_eq!(call(&client), "done");
    assert_eq!(in_child(grandchild), "donedonedone");
    assert_eq!(call(&client), "done");
}

/// What belongs to the parent stays as it is.
#[test]
fn a_client_can_be_dropped_in_the_child() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let client = Client::from_conf(config(&server).build());
    assert_eq!(call(&client), "done");
    // In the memory of the child alone it becomes none.
    let mut client = Some(client);
    let call = |client: &Option<Client>| client.as_ref().map(call).unwrap_or_default();
    let said = in_child(|| {
        let said = call(&client);
        client = None;
        said
    });
    assert_eq!(said, "done");
    assert_eq!(call(&client), "done");
}

#[test]
fn a_client_that_async_code_has_used_works_in_the_child() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let client = Client::from_conf(config(&server).build());
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime")
    };
    let call = |runtime: &Runtime| match runtime.block_on(client.list_trails().send()) {
        Ok(_) => "done".to_owned(),
        Err(error) => error.to_string(),
    };
    // The runtime lives on, and with it the connection.
    let parents = runtime();
    assert_eq!(call(&parents), "done");
    assert_eq!(in_child(|| call(&runtime())), "done");
    assert_eq!(call(&parents), "done");
    assert_eq!(server.received().len(), 3);
}

/// Its first load never ends.
#[derive(Debug, Default)]
struct Stuck(AtomicBool);

impl ProvideCredentials for Stuck {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            if !self.0.swap(true, Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            let token = Some(SESSION_TOKEN.to_owned());
            let (id, secret) = (IDENTITY.access_key_id, IDENTITY.secret_access_key);
            Ok(Credentials::new(id, secret, token, None, "test"))
        })
    }
}

#[test]
fn a_child_does_not_wait_for_credentials_that_its_parent_loads() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    let stuck = SharedCredentialsProvider::new(Stuck::default());
    let config = config(&server).credentials_provider(stuck);
    let client = Client::from_conf(config.build());
    // It holds on to the load as another thread of the parent would.
    let runtime = Runtime::new().expect("a runtime");
    let mut loading = Box::pin(client.list_trails().send());
    let poll = poll_fn(|context| Poll::Ready(loading.as_mut().poll(context).is_pending()));
    assert!(runtime.block_on(poll));
    assert_eq!(in_child(|| call(&client)), "done");
}

#[test]
fn a_reqwest_client_of_the_user_is_refused_at_once() {
    let _guard = one_at_a_time();
    let server = LoopbackServer::start().expect("a server");
    // As a program does it that chooses the cryptography of its clients.
    let chosen = rustls::crypto::ring::default_provider().install_default();
    chosen.expect("it is the first");
    let transport = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .expect("a client");
    let transport = ReqwestClient::from(transport);
    let client = Client::from_conf(config(&server).transport(transport).build());
    assert_eq!(call(&client), "done");
    assert_eq!(
        in_child(|| call(&client)),
        "ListTrails: error of the HTTP client: this process was forked from the one that made this \
         `reqwest::Client`, whose connections no thread serves here: make another client in this \
         process"
    );
    assert_eq!(call(&client), "done");
}

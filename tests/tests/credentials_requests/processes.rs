//! What depends on the process: its proxies, its standard streams.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use cloudtrail_sdk::config::{Environment, Region, loader};

use super::{
    ASSUMED, CONTAINER, OF_CONTAINER, ROLE, Service, config_file, credentials, load, response,
};

/// A server on loopback that answers every request the same, a connection each.
struct Server {
    url: String,
    /// The first lines of the requests.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let mut lines = Vec::new();
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if let Some((name, value)) = line.split_once(": ")
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                    lines.push(line.trim().to_owned());
                }
                reader.read_exact(&mut vec![0; length]).unwrap();
                let body = answer(&lines[0]);
                let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\
                            x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n";
                seen.lock().unwrap().push(lines.swap_remove(0));
                let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                reader.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Runs a test of this program again, in a process with these variables and this input, in which
/// [`child`] says so. What the process printed to its standard error is returned.
fn in_process(test: &str, variables: &[(&str, &str)], input: &str) -> String {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env_clear()
        .env(CHILD, "1")
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("1 passed"), "{stdout}");
    stderr
}

const CHILD: &str = "TEST_CHILD";

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

fn var(name: &str) -> String {
    std::env::var(name).unwrap()
}

#[test]
fn metadata_is_never_asked_through_a_proxy() {
    if is_child() {
        return metadata_beside_a_proxy();
    }
    let proxy = Server::start(|_| ASSUMED.to_owned());
    let metadata = Server::start(|request| {
        let path = request.split(' ').nth(1).unwrap();
        match path {
            "/latest/api/token" => "token",
            "/latest/meta-data/placement/region" => "eu-west-1",
            "/latest/meta-data/iam/security-credentials/" => "role",
            _ => OF_CONTAINER,
        }
        .to_owned()
    });
    let root = config_file(ROLE);
    let variables = [
        ("HTTP_PROXY", &*proxy.url),
        ("http_proxy", &*proxy.url),
        ("ALL_PROXY", &*proxy.url),
        ("TEST_METADATA", &*metadata.url),
        ("TEST_ROOT", root.path().to_str().unwrap()),
    ];
    in_process(
        "processes::metadata_is_never_asked_through_a_proxy",
        &variables,
        "",
    );
    // What goes to a service does.
    assert_eq!(proxy.requests(), ["POST http://sts.example/ HTTP/1.1"]);
    assert_eq!(
        metadata.requests(),
        [
            "GET /task HTTP/1.1",
            "PUT /latest/api/token HTTP/1.1",
            "GET /latest/meta-data/placement/region HTTP/1.1",
            "PUT /latest/api/token HTTP/1.1",
            "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1",
            "GET /latest/meta-data/iam/security-credentials/role HTTP/1.1",
        ]
    );
}

#[tokio::main(flavor = "current_thread")]
async fn metadata_beside_a_proxy() {
    let metadata = var("TEST_METADATA");
    let task = format!("{metadata}/task");
    let nowhere = Path::new("/nowhere");
    let container = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &*task),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret"),
    ];
    let config = load(nowhere, &container).load().await;
    let loaded = credentials(&config).await.unwrap();
    assert_eq!(loaded.access_key_id(), "ASIATASK");

    let instance = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", &*metadata)];
    let environment = Environment::of(instance).with_root(nowhere);
    let config = loader().environment(environment).load().await;
    assert_eq!(config.region(), Some(&Region::from_static("eu-west-1")));
    let loaded = credentials(&config).await.unwrap();
    assert_eq!(loaded.access_key_id(), "ASIATASK");

    let root = PathBuf::from(var("TEST_ROOT"));
    let sts = [("AWS_ENDPOINT_URL_STS", "http://sts.example")];
    let config = load(&root, &sts).load().await;
    let loaded = credentials(&config).await.unwrap();
    assert_eq!(loaded.access_key_id(), "ASIAROLE");
}

#[tokio::test]
async fn a_transport_that_was_given_asks_for_metadata_too() {
    let service = Service::new(|_, _| Ok(response(200, OF_CONTAINER)));
    let config = load(Path::new("/nowhere"), &[CONTAINER])
        .transport(service.clone())
        .load()
        .await;
    credentials(&config).await.unwrap();
    assert_eq!(service.count(), 1);
}

#[test]
fn what_a_process_prints_is_seen_and_the_input_of_the_program_stays_its_own() {
    if is_child() {
        return with_a_process();
    }
    let output = r#"{\"Version\": 1, \"AccessKeyId\": \"x$line\", \"SecretAccessKey\": \"key\"}"#;
    let process = format!("echo open https://device.example >&2; read line; echo \"{output}\"");
    let root = config_file(&format!("[default]\ncredential_process = {process}"));
    let shown = in_process(
        "processes::what_a_process_prints_is_seen_and_the_input_of_the_program_stays_its_own",
        &[("TEST_ROOT", root.path().to_str().unwrap())],
        "for the program\n",
    );
    assert_eq!(shown, "open https://device.example\n");
}

#[tokio::main(flavor = "current_thread")]
async fn with_a_process() {
    let config = load(&PathBuf::from(var("TEST_ROOT")), &[]).load().await;
    let loaded = credentials(&config).await.unwrap();
    assert_eq!(loaded.access_key_id(), "x");
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    assert_eq!(input, "for the program\n");
}

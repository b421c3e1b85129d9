//! Every operation, structure, enum, error and paginator of the model, over a real socket.
//!
//! The server checks what is sent and makes the answers, both by the model. The build script writes the code that
//! names each shape; what that code does with them is written here.

#![allow(deprecated, reason = "deprecated members are tested like others")]
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![allow(
    clippy::clone_on_copy,
    clippy::redundant_closure,
    reason = "the build script writes one form for all types"
)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cloudtrail_sdk::error::{ProvideErrorMetadata, SdkError};
use cloudtrail_sdk::operation::RequestId;
use cloudtrail_sdk::primitives::{Blob, DateTime, DateTimeFormat, Map};
use cloudtrail_sdk::{Client, Error, types};
use serde_json::{Value, json};
use tests::model::Operation;
use tests::protocol::{ErrorForm, Reply, http_status};
use tests::server::LoopbackServer;
use tests::values::Values;
use tests::{CONSTRAINTS, MODEL};

mod limits;
mod serialization;
#[path = "../support/mod.rs"]
mod support;

include!(concat!(env!("OUT_DIR"), "/all_operations.rs"));

/// The seeds of the values that are sent and answered. Between two neighbors every boolean changes.
const SEEDS: [u64; 2] = [0, 1];

const PAGE_SIZE: i32 = 7;

/// An operation under way; its output comes as JSON.
type Sending = Pin<Box<dyn Future<Output = Result<Value, SdkError<Error>>>>>;

/// Sends an operation with an input.
type Send = fn(&Client, &Value) -> Sending;

/// A paginator under way; its pages or items come as JSON.
type Reading = Pin<Box<dyn Future<Output = Result<Vec<Value>, SdkError<Error>>>>>;

/// Starts a paginator with an input.
type Read = fn(&Client, &Value) -> Reading;

/// An error of the model.
struct ErrorCase {
    shape: &'static str,
    /// The message of an error that is this error's variant.
    message: fn(&Error) -> Option<&str>,
}

/// An input with every member filled arrives value for value, and so does the output.
async fn check_round_trip(operation: &str, send: Send) {
    let operation = MODEL.operation(operation).unwrap();
    for seed in SEEDS {
        let (input, output) = values(operation, seed);
        let server = LoopbackServer::start().unwrap();
        server.reply(Reply::Output(output.clone()));
        let result = send(&support::client(&server.url()), &input).await;
        let received = server.only_received();
        assert_eq!(received.refusals, []);
        assert_eq!(
            received.operation().map(|operation| operation.name()),
            Some(operation.name())
        );
        assert_same(&received.json(), &input);
        assert_same(&result.unwrap(), &output);
    }
}

/// What goes into the builders of the input and the output can be read from what they build.
fn check_built(
    operation: &str,
    rebuild_input: fn(&Value) -> Value,
    rebuild_output: fn(&Value) -> Value,
) {
    let operation = MODEL.operation(operation).unwrap();
    for seed in SEEDS {
        let (input, output) = values(operation, seed);
        assert_same(&rebuild_input(&input), &input);
        assert_same(&rebuild_output(&output), &output);
    }
}

/// Every error that the operation lists arrives as its variant.
async fn check_listed_errors(operation: &str, send: Send) {
    let operation = MODEL.operation(operation).unwrap();
    let (input, _) = values(operation, 0);
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    for (shape, form) in operation
        .errors()
        .into_iter()
        .zip(ErrorForm::ALL.into_iter().cycle())
    {
        check_error(&server, shape.name(), form, send(&client, &input)).await;
    }
}

/// Every error of the model arrives as its variant in every form, from an operation that does not list it too.
#[tokio::test]
async fn every_error_arrives_in_every_form() {
    let server = LoopbackServer::start().unwrap();
    let client = support::client(&server.url());
    for shape in MODEL.errors() {
        for form in ErrorForm::ALL {
            check_error(
                &server,
                shape.name(),
                form,
                list_trails::send(&client, &json!({})),
            )
            .await;
        }
    }
}

/// `sending` ends with the error `shape`.
async fn check_error(
    server: &LoopbackServer,
    shape: &'static str,
    form: ErrorForm,
    sending: Sending,
) {
    let message = format!("{shape} in the form {form:?}");
    server.reply(Reply::Error {
        shape,
        message: message.clone(),
        form,
    });
    let error = sending.await.unwrap_err();
    let received = server.received().pop().unwrap();
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    assert_eq!(status, Some(http_status(shape)), "{message}");
    assert_eq!(
        error.request_id(),
        Some(received.request_id.as_str()),
        "{message}"
    );
    assert_eq!(error.code(), Some(shape), "{message}");

    let error = error.into_service_error();
    let case = ERRORS.iter().find(|case| case.shape == shape).unwrap();
    assert_eq!((case.message)(&error), Some(message.as_str()), "{error:?}");
    assert_eq!(
        ProvideErrorMetadata::message(&error),
        Some(message.as_str())
    );
    assert_eq!(error.code(), Some(shape), "{message}");
    assert_eq!(
        error.request_id(),
        Some(received.request_id.as_str()),
        "{message}"
    );
}

/// Every page is asked for with the token of the page before, and with the same other members.
async fn check_paginator(operation: &str, pages: Read, items: Option<Read>) {
    let operation = MODEL.operation(operation).unwrap();
    let paginated = operation.paginated().unwrap();
    let member = |key: &str| paginated[key].as_str();
    let (input_token, output_token) = (
        member("inputToken").unwrap(),
        member("outputToken").unwrap(),
    );

    let mut input = values(operation, 0).0;
    input.as_object_mut().unwrap().remove(input_token);
    let outputs: Vec<Value> = [Some("token-1"), Some("token-2"), None]
        .into_iter()
        .zip(1..)
        .map(|(token, seed)| {
            let mut output = values(operation, seed * 1000).1;
            match token {
                Some(token) => output[output_token] = json!(token),
                None => drop(output.as_object_mut().unwrap().remove(output_token)),
            }
            output
        })
        .collect();
    let serve = || {
        let server = LoopbackServer::start().unwrap();
        outputs
            .iter()
            .for_each(|output| server.reply(Reply::Output(output.clone())));
        server
    };

    let server = serve();
    let read = pages(&support::client(&server.url()), &input)
        .await
        .unwrap();
    assert_same(&Value::from(read), &Value::from(outputs.clone()));
    let mut expected = input.clone();
    if let Some(page_size) = member("pageSize") {
        expected[page_size] = json!(PAGE_SIZE);
    }
    let received = server.received();
    assert_eq!(received.len(), outputs.len());
    for (request, token) in received
        .iter()
        .zip([None, Some("token-1"), Some("token-2")])
    {
        if let Some(token) = token {
            expected[input_token] = json!(token);
        }
        assert_eq!(request.refusals, []);
        assert_same(&request.json(), &expected);
    }

    assert_eq!(items.is_some(), member("items").is_some());
    if let (Some(items), Some(name)) = (items, member("items")) {
        let server = serve();
        let read = items(&support::client(&server.url()), &input)
            .await
            .unwrap();
        let expected = outputs
            .iter()
            .flat_map(|output| output[name].as_array().unwrap())
            .cloned();
        assert_same(&Value::from(read), &expected.collect());
    }
}

/// An enum knows `values` and no others, and keeps what it does not know.
fn check_enum<E>(values: &[&str], variants: &[(&str, E)])
where
    E: for<'a> From<&'a str> + AsRef<str> + Debug + PartialEq,
{
    let known: BTreeSet<_> = variants.iter().map(|(value, _)| *value).collect();
    assert_eq!(BTreeSet::from_iter(values.iter().copied()), known);
    for (value, variant) in variants {
        assert_eq!((&E::from(value), variant.as_ref()), (variant, *value));
    }
    let unknown = E::from("of a later year");
    assert_eq!(unknown.as_ref(), "of a later year");
    assert!(variants.iter().all(|(_, variant)| *variant != unknown));
}

/// The input and the output of `operation` with every member filled.
fn values(operation: Operation<'static>, seed: u64) -> (Value, Value) {
    let mut values = Values::new(&CONSTRAINTS, seed);
    (
        values.structure(operation.input()),
        values.structure(operation.output()),
    )
}

/// Fails with the place of the first difference.
#[track_caller]
fn assert_same(actual: &Value, expected: &Value) {
    if let Some(difference) = difference(actual, expected, "$") {
        panic!("{difference}");
    }
}

fn difference(actual: &Value, expected: &Value, path: &str) -> Option<String> {
    match (actual, expected) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => left
            .iter()
            .find_map(|(name, value)| difference(value, &right[name], &format!("{path}.{name}"))),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(index, (left, right))| {
                difference(left, right, &format!("{path}[{index}]"))
            }),
        _ => (actual != expected).then(|| format!("{path} is {actual}, not {expected}")),
    }
}

// What the generated code is made of.

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap().iter()
}

fn make_date_time(value: &Value) -> DateTime {
    DateTime::from_str(&value.to_string(), DateTimeFormat::EpochSeconds).unwrap()
}

fn read_date_time(value: &DateTime) -> Value {
    serde_json::from_str(&value.fmt(DateTimeFormat::EpochSeconds).unwrap()).unwrap()
}

fn make_blob(value: &Value) -> Blob {
    Blob::new(BASE64.decode(text(value)).unwrap())
}

fn read_blob(value: &Blob) -> Value {
    Value::from(BASE64.encode(value))
}

/// An object of the members that are present.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// An array, unless it is empty: accessors do not tell an empty list from none.
fn array<T>(items: &[T], read: impl Fn(&T) -> Value) -> Option<Value> {
    (!items.is_empty()).then(|| items.iter().map(read).collect())
}

//! Answers to operations, given in the types of the operations.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_types::region::Region;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};

use super::lock::lock;
use super::time::FakeTime;
use crate::runtime::base::boxed::BoxFuture;
use crate::runtime::configuration::config::{Builder, Config};
use crate::runtime::error::metadata::ProvideErrorMetadata;
use crate::runtime::service::operation::Operation;
use crate::runtime::wire::http::{ConnectorError, Transport, TypedInput, response, with_answer};

/// A transport that answers operations by rules.
///
/// It stands below everything that a client does: inputs are checked, requests are encoded and signed,
/// failures are retried. The first rule that matches an input answers. A request that no rule matches
/// fails, is not retried, and the error names the operation and the rules.
///
/// Clones share the rules and what was requested.
#[derive(Clone, Default)]
pub struct Fakes(Arc<Shared>);

#[derive(Default)]
struct Shared {
    rules: Mutex<Vec<Arc<ErasedRule>>>,
    requests: Mutex<Vec<&'static str>>,
    time: FakeTime,
}

struct ErasedRule {
    operation: &'static str,
    calls: AtomicUsize,
    answer: AnswerInput,
}

/// The answer to an input, if the rule has one for it.
type AnswerInput = Box<dyn Fn(&TypedInput) -> Option<Reply> + Send + Sync>;

enum Reply {
    Now(Result<Response<Bytes>, ConnectorError>),
    Never,
}

impl Fakes {
    /// No rules yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a rule for the operation whose input is `I`. It is there when its answer is given.
    pub fn when<I: Operation>(&self) -> When<I> {
        When {
            fakes: self.clone(),
            conditions: Vec::new(),
        }
    }

    /// The operations that were requested, by their names in the model, in order; each attempt counts.
    pub fn requests(&self) -> Vec<&'static str> {
        lock(&self.0.requests).clone()
    }

    /// The clock of [`config`](Self::config).
    pub fn time(&self) -> FakeTime {
        self.0.time.clone()
    }

    /// A configuration for tests: this transport and its clock, a region and credentials.
    pub fn config(&self) -> Builder {
        Config::builder()
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("AKID", "secret", None, None, "fakes"))
            .clock(self.time())
            .transport(self.clone())
    }

    fn add<I: Operation>(
        &self,
        answer: impl Fn(&I) -> Option<Answer<I>> + Send + Sync + 'static,
    ) -> Rule {
        let rule = Arc::new(ErasedRule {
            operation: I::NAME,
            calls: AtomicUsize::new(0),
            answer: Box::new(move |input| Some(answer(input.get()?)?.reply)),
        });
        lock(&self.0.rules).push(Arc::clone(&rule));
        Rule(rule)
    }

    fn reply(&self, request: &Request<Bytes>) -> Reply {
        let Some(input) = request.extensions().get::<TypedInput>() else {
            return Reply::user_error(format!(
                "fakes answer operations alone, and this is some other request to {}",
                request.uri()
            ));
        };
        lock(&self.0.requests).push(input.operation());
        // Conditions and answers can be closures that use the fakes, so the rules are not locked.
        let rules = lock(&self.0.rules).clone();
        for rule in &rules {
            if let Some(reply) = (rule.answer)(input) {
                rule.calls.fetch_add(1, Ordering::Relaxed);
                return reply;
            }
        }
        Reply::user_error(format!(
            "no fake answers this {}; {}",
            input.operation(),
            Listed(&rules)
        ))
    }
}

impl Transport for Fakes {
    fn call(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ConnectorError>> {
        Box::pin(async move {
            match self.reply(&request) {
                Reply::Now(result) => result,
                Reply::Never => std::future::pending().await,
            }
        })
    }
}

impl fmt::Debug for Fakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fakes({})", Listed(&lock(&self.0.rules)))
    }
}

impl Reply {
    fn user_error(message: String) -> Self {
        Self::Now(Err(ConnectorError::user(message.into())))
    }
}

/// `the rules are: 1. ListTrails (has answered once)`.
struct Listed<'a>(&'a [Arc<ErasedRule>]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("there are no rules");
        }
        f.write_str("the rules are:")?;
        for (number, rule) in (1..).zip(self.0) {
            let calls = rule.calls.load(Ordering::Relaxed);
            let separator = if number == 1 { "" } else { "," };
            let operation = rule.operation;
            write!(f, "{separator} {number}. {operation} ")?;
            match calls {
                0 => f.write_str("(has not answered yet)")?,
                1 => f.write_str("(has answered once)")?,
                _ => write!(f, "(has answered {calls} times)")?,
            }
        }
        Ok(())
    }
}

/// A rule that still lacks its answer.
#[must_use = "a rule is made by its answer: `output`, `error`, `answer` or `sequence`"]
pub struct When<I> {
    fakes: Fakes,
    conditions: Vec<Condition<I>>,
}

type Condition<I> = Box<dyn Fn(&I) -> bool + Send + Sync>;

impl<I: Operation> When<I> {
    /// Only for inputs that meet this condition; all conditions of a rule must be met.
    pub fn with(mut self, condition: impl Fn(&I) -> bool + Send + Sync + 'static) -> Self {
        self.conditions.push(Box::new(condition));
        self
    }

    /// Answers with this output, each time anew.
    pub fn output(self, output: impl Fn() -> I::Output + Send + Sync + 'static) -> Rule {
        self.answer(move |_| Answer::output(output()))
    }

    /// Answers with this error, each time anew; see [`Answer::error`].
    pub fn error(self, error: impl Fn() -> I::Error + Send + Sync + 'static) -> Rule
    where
        I::Error: ProvideErrorMetadata,
    {
        self.answer(move |_| Answer::error(error()))
    }

    /// Answers with what is made of the input.
    pub fn answer(self, answer: impl Fn(&I) -> Answer<I> + Send + Sync + 'static) -> Rule {
        let Self { fakes, conditions } = self;
        fakes.add(move |input| met(&conditions, input).then(|| answer(input)))
    }

    /// Gives these answers, one after the other. After the last one the rule matches nothing any
    /// more, so that later rules answer.
    pub fn sequence(self, answers: impl IntoIterator<Item = Answer<I>>) -> Rule {
        let Self { fakes, conditions } = self;
        let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
        fakes.add(move |input| {
            met(&conditions, input)
                .then(|| lock(&answers).pop_front())
                .flatten()
        })
    }
}

fn met<I>(conditions: &[Condition<I>], input: &I) -> bool {
    conditions.iter().all(|condition| condition(input))
}

/// A rule of [`Fakes`].
#[derive(Clone)]
pub struct Rule(Arc<ErasedRule>);

impl Rule {
    /// How many requests it has answered; each attempt counts.
    pub fn calls(&self) -> usize {
        self.0.calls.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("operation", &self.0.operation)
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// One answer to the operation whose input is `I`.
pub struct Answer<I> {
    reply: Reply,
    operation: PhantomData<fn(I)>,
}

impl<I: Operation> Answer<I> {
    /// The operation's output.
    pub fn output(output: I::Output) -> Self {
        Self::response(with_answer(StatusCode::OK, HeaderMap::new(), output))
    }

    /// One of the service's errors. It comes with status 400 and the code in its metadata, by which
    /// clients decide whether to retry.
    pub fn error(error: I::Error) -> Self
    where
        I::Error: ProvideErrorMetadata,
    {
        let mut headers = HeaderMap::new();
        if let Some(Ok(code)) = error.code().map(HeaderValue::from_str) {
            headers.insert("x-amzn-errortype", code);
        }
        Self::response(with_answer(StatusCode::BAD_REQUEST, headers, error))
    }

    /// A response of this status and body, read as one of the service is. A number that is no status
    /// fails as a request that cannot be sent.
    pub fn http(status: u16, body: impl Into<Bytes>) -> Self {
        match StatusCode::from_u16(status) {
            Ok(status) => Self::response(response(status, HeaderMap::new(), body)),
            Err(_) => Self::dispatch(ConnectorError::user(
                format!("{status} is no HTTP status").into(),
            )),
        }
    }

    /// A response, read as one of the service is.
    pub fn response(response: Response<Bytes>) -> Self {
        Self::new(Reply::Now(Ok(response)))
    }

    /// No response, since the network failed.
    pub fn dispatch(error: ConnectorError) -> Self {
        Self::new(Reply::Now(Err(error)))
    }

    /// No answer ever: for time limits, and for calls that are dropped.
    pub fn pending() -> Self {
        Self::new(Reply::Never)
    }

    fn new(reply: Reply) -> Self {
        Self {
            reply,
            operation: PhantomData,
        }
    }
}

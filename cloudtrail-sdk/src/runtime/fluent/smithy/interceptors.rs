//! Interceptors and retry classifiers, as programs set them.

use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor};
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, SharedRetryClassifier};

use super::intercepted::INTERCEPTED;
use crate::runtime::configuration::config::{Builder, Config};

impl Config {
    /// The interceptors that were added.
    pub fn interceptors(&self) -> impl Iterator<Item = SharedInterceptor> + '_ {
        self.interceptors.iter().cloned()
    }

    /// The classifiers that were added.
    pub fn retry_classifiers(&self) -> impl Iterator<Item = SharedRetryClassifier> + '_ {
        self.retry_classifiers.iter().cloned()
    }
}

impl Builder {
    /// Adds an interceptor, whose hooks see and change what passes between the program and the
    /// service. Interceptors run in the order in which they were added; those of a call come after
    /// those of its client.
    pub fn interceptor(mut self, interceptor: impl Intercept + 'static) -> Self {
        self.push_interceptor(SharedInterceptor::new(interceptor));
        self
    }

    /// Adds an interceptor; see [`interceptor`](Self::interceptor).
    pub fn push_interceptor(&mut self, interceptor: SharedInterceptor) -> &mut Self {
        self.config.interceptors.push(interceptor);
        self.config.intercepted = Some(&INTERCEPTED);
        self
    }

    /// Sets all interceptors; see [`interceptor`](Self::interceptor).
    pub fn set_interceptors(
        &mut self,
        interceptors: impl IntoIterator<Item = SharedInterceptor>,
    ) -> &mut Self {
        self.config.interceptors = interceptors.into_iter().collect();
        self.config.intercepted = Some(&INTERCEPTED);
        self
    }

    /// Adds a classifier, which is asked about every attempt. Of all that have an opinion, the rules
    /// included, the one with the highest priority decides, and of equal ones the last; but a retry
    /// that any of them forbids is not made.
    pub fn retry_classifier(mut self, classifier: impl ClassifyRetry + 'static) -> Self {
        self.push_retry_classifier(SharedRetryClassifier::new(classifier));
        self
    }

    /// Adds a classifier; see [`retry_classifier`](Self::retry_classifier).
    pub fn push_retry_classifier(&mut self, classifier: SharedRetryClassifier) -> &mut Self {
        self.config.retry_classifiers.push(classifier);
        self.config.intercepted = Some(&INTERCEPTED);
        self
    }

    /// Sets all classifiers; see [`retry_classifier`](Self::retry_classifier).
    pub fn set_retry_classifiers(
        &mut self,
        classifiers: impl IntoIterator<Item = SharedRetryClassifier>,
    ) -> &mut Self {
        self.config.retry_classifiers = classifiers.into_iter().collect();
        self.config.intercepted = Some(&INTERCEPTED);
        self
    }
}

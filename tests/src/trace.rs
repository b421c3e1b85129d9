//! Everything that is told to `tracing`, for tests.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// All that this thread tells from now on, at every level.
pub struct Captured {
    text: Buffer,
    loudest: Arc<Mutex<Option<Level>>>,
    _guard: DefaultGuard,
}

impl Captured {
    /// Starts to listen, until this is dropped.
    pub fn start() -> Self {
        let text = Buffer::default();
        let loudest = Arc::new(Mutex::new(None));
        let print = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_writer(text.clone());
        let subscriber = tracing_subscriber::registry()
            .with(LevelFilter::TRACE)
            .with(print)
            .with(Loudest(Arc::clone(&loudest)));
        Self {
            text,
            loudest,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// The loudest level of any event so far.
    pub fn loudest(&self) -> Option<Level> {
        *self.loudest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that was told so far, a line an event.
    pub fn text(&self) -> String {
        let bytes = self.text.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Stops to listen.
    pub fn finish(self) -> String {
        self.text()
    }
}

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Buffer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

struct Loudest(Arc<Mutex<Option<Level>>>);

impl<S: Subscriber> Layer<S> for Loudest {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = *event.metadata().level();
        let mut loudest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if loudest.is_none_or(|loudest| level < loudest) {
            *loudest = Some(level);
        }
    }
}

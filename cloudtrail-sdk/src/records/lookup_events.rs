//! Records of the events that `LookupEvents` answers.

use super::Record;
use crate::types::Event;

impl Event {
    /// The complete record, from [`cloud_trail_event`](Self::cloud_trail_event). `None` if the answer
    /// does not have it.
    pub fn record(&self) -> Result<Option<Record>, serde_json::Error> {
        self.cloud_trail_event().map(str::parse).transpose()
    }
}

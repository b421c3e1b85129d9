//! JSON, as it is written.

/// Writes JSON into a buffer.
#[derive(Debug, Default)]
pub struct JsonWriter {
    buffer: Vec<u8>,
}

impl JsonWriter {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(bytes),
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) {
        self.serialize(text);
    }

    /// Writes what needs no escapes, such as a number.
    pub(super) fn raw(&mut self, text: &str) {
        self.buffer.extend_from_slice(text.as_bytes());
    }

    pub(super) fn serialize<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        // Writing into a vector cannot fail, nor can the values that are written here.
        let written = serde_json::to_writer(&mut self.buffer, value);
        debug_assert!(written.is_ok());
    }

    pub(super) fn float(&mut self, value: f64, print: impl FnOnce(&mut Self)) {
        if value.is_finite() {
            print(self);
        } else if value.is_nan() {
            self.string("NaN");
        } else {
            self.string(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
    }
}

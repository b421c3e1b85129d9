//! The XML of services that speak AWS Query.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// The text of the first element with this name; none if there is no such element, or a blank one.
pub(super) fn text(xml: &[u8], name: &str) -> Option<String> {
    let mut reader = Reader::from_str(std::str::from_utf8(xml).ok()?);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return None,
            Event::Start(start) if start.local_name().as_ref() == name => {
                let raw = reader.read_text(start.name()).ok()?;
                let text = unescape(&raw).ok().map(Cow::into_owned)?;
                return Some(text).filter(|text| !text.trim().is_empty());
            }
            _ => {}
        }
    }
}

//! Whether documentation of ours is upstream's.

use std::collections::BTreeSet;

use serde_json::Value;

/// Shorter sentences are alike by chance.
const MIN_WORDS: usize = 4;

/// A sentence that both have.
pub struct Shared {
    /// The shape or member of ours that has it.
    pub id: String,
    pub sentence: String,
}

/// The sentences of `overlay` that `upstream`, a service of botocore, has as well.
pub fn shared(overlay: &Value, upstream: &Value) -> Vec<Shared> {
    let mut theirs = BTreeSet::new();
    collect(upstream, &mut |text| theirs.extend(sentences(text)));
    let mut shared = Vec::new();
    for (id, apply) in overlay["shapes"].as_object().into_iter().flatten() {
        collect(apply, &mut |text| {
            let same = sentences(text).into_iter();
            let same = same.filter(|sentence| theirs.contains(sentence));
            shared.extend(same.map(|sentence| Shared {
                id: id.clone(),
                sentence,
            }));
        });
    }
    shared
}

/// Hands over every string that is prose, however deep it stands.
fn collect(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let name = key.rsplit('#').next().unwrap_or(key);
                let is_prose = ["documentation", "message", "deprecatedMessage"].contains(&name);
                match value {
                    Value::String(text) if is_prose => take(text),
                    value => collect(value, take),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, take)),
        _ => {}
    }
}

/// The sentences of a text of some length, in lower case and without HTML, Markdown and
/// punctuation.
fn sentences(text: &str) -> Vec<String> {
    plain(text)
        .split(['\n', '\0'])
        .map(|sentence| {
            let words = sentence.split(|c: char| !c.is_alphanumeric());
            let words = words.filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>()
        })
        .filter(|words| words.len() >= MIN_WORDS)
        .map(|words| words.join(" "))
        .collect()
}

/// The text without tags and the addresses of links, with `\0` where a sentence ends.
fn plain(text: &str) -> String {
    const INLINE: [&str; 9] = ["a", "b", "code", "em", "i", "strong", "tt", "u", "span"];
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tag = rest
            .strip_prefix('<')
            .and_then(|inner| inner.split_once('>'));
        if let Some((tag, after)) = tag
            && tag.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic())
        {
            let name = tag.trim_start_matches('/');
            let name = name.split([' ', '/']).next().unwrap_or(name);
            // Text around a block is not one sentence; inside a word there is no block.
            if !INLINE.contains(&name) {
                out.push('\0');
            }
            rest = after;
            continue;
        }
        if let Some((_, after)) = rest
            .strip_prefix("](")
            .and_then(|inner| inner.split_once(')'))
        {
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let ends = matches!(c, '.' | '!' | '?' | ';' | ':')
            && rest.starts_with(|next: char| next.is_whitespace() || next == '<')
            || c == '\n' && rest.starts_with('\n')
            || c == '\n' && rest.starts_with("- ");
        match c {
            _ if ends => out.push('\0'),
            c if c.is_whitespace() => out.push(' '),
            '\'' | '’' => {}
            c => out.push(c),
        }
    }
    out.replace("&quot", " ")
        .replace("&amp", " ")
        .replace("&nbsp", " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn markup_case_and_white_space_do_not_tell_sentences_apart() {
        let expected = ["the name of the trail"];
        for text in [
            "The name of the trail.",
            "<p>The <code>name</code> of\n  the trail.</p>",
            "The [name](https://example.com/a.b) of the `Trail`",
            "Short one. **The name** of the trail! Too short.",
            "<ul><li>The name of the trail</li><li>Other</li></ul>",
            "Before: the name of the trail; after",
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_that_upstream_has_is_found_wherever_it_stands() {
        let upstream = json!({
            "operations": {"Get": {"documentation": "<p>Returns one trail by name. More.</p>"}},
            "shapes": {"Get": {"members": {"A": {"documentation": "The trail to be returned."}}}},
        });
        let overlay = json!({"shapes": {
            "a#Get": {"traits": {"smithy.api#documentation": "Own words here, truly. The trail to be *returned*."}},
            "a#Set": {"traits": {
                "smithy.api#documentation": "Own words.",
                "smithy.api#deprecated": {"message": "returns one  trail by name"},
            }},
        }});
        let shared = shared(&overlay, &upstream);
        let found: Vec<_> = shared
            .iter()
            .map(|shared| (shared.id.as_str(), shared.sentence.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("a#Get", "the trail to be returned"),
                ("a#Set", "returns one trail by name"),
            ]
        );
    }
}

//! Calls of macros with braces, which prettyplease prints as one paragraph: they are tables, whose rows
//! end with semicolons.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

const INDENT: &str = "    ";
const WIDTH: usize = 100;

/// The text of an item that is a table.
pub(super) fn of(item: &syn::Item) -> Option<String> {
    let syn::Item::Macro(syn::ItemMacro { mac, .. }) = item else {
        return None;
    };
    if !matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) {
        return None;
    }
    let mut out = mac
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect::<Vec<_>>()
        .join("::");
    out.push_str("! {\n");
    print_rows(&mut out, INDENT, mac.tokens.clone());
    out.push_str("}\n");
    Some(out)
}

fn print_rows(out: &mut String, indent: &str, rows: TokenStream) {
    let rows: Vec<TokenTree> = rows.into_iter().collect();
    for row in rows.split_inclusive(|token| is_punct(token, ';')) {
        print_row(out, indent, row);
    }
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// Prints attributes on lines of their own, breaks what is too long behind commas, and prints the
/// rows that stand at the end of a row.
fn print_row(out: &mut String, indent: &str, mut row: &[TokenTree]) {
    while let [pound, TokenTree::Group(attribute), rest @ ..] = row
        && is_punct(pound, '#')
    {
        let line = documentation(attribute.stream())
            .unwrap_or_else(|| format!("#[{}]", spell(attribute.stream())));
        out.push_str(&format!("{indent}{line}\n"));
        row = rest;
    }
    let rows = match row {
        [start @ .., TokenTree::Group(rows), _] if rows.delimiter() == Delimiter::Brace => {
            row = start;
            Some(rows.stream())
        }
        _ => None,
    };
    let mut line = indent.to_owned();
    for part in row.split_inclusive(|token| is_punct(token, ',')) {
        let part = spell(part.iter().cloned().collect());
        if line.trim().is_empty() {
            line.push_str(&part);
        } else if line.len() + 1 + part.len() <= WIDTH {
            line = line + " " + &part;
        } else {
            out.push_str(&format!("{line}\n"));
            line = format!("{indent}{INDENT}{part}");
        }
    }
    out.push_str(&line);
    if let Some(rows) = rows {
        out.push_str(" {\n");
        print_rows(out, &format!("{indent}{INDENT}"), rows);
        out.push_str(&format!("{indent}}};"));
    }
    out.push('\n');
}

/// `/// text` for `doc = " text"`.
fn documentation(attribute: TokenStream) -> Option<String> {
    let meta: syn::MetaNameValue = syn::parse2(attribute).ok()?;
    let syn::Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(text),
        ..
    }) = meta.value
    else {
        return None;
    };
    meta.path
        .is_ident("doc")
        .then(|| format!("///{}", text.value()))
}

/// Tokens with blanks where people put them.
fn spell(tokens: TokenStream) -> String {
    let mut out = String::new();
    // Whether the next token stands right behind this one.
    let mut close = true;
    for token in tokens {
        let (text, joins) = match &token {
            TokenTree::Group(group) => {
                let inner = spell(group.stream());
                let text = match group.delimiter() {
                    Delimiter::Parenthesis => format!("({inner})"),
                    Delimiter::Bracket => format!("[{inner}]"),
                    Delimiter::Brace => format!("{{ {inner} }}"),
                    Delimiter::None => inner,
                };
                // The arguments of a call.
                let joins = out.ends_with(|c: char| c.is_alphanumeric() || c == '!');
                (text, joins && group.delimiter() == Delimiter::Parenthesis)
            }
            TokenTree::Punct(punct) => {
                let char = punct.as_char();
                let opens_generics = char == '<' && out.ends_with(char::is_alphanumeric);
                (char.to_string(), ",;:.>!?".contains(char) || opens_generics)
            }
            other => (other.to_string(), false),
        };
        if !(close || joins) {
            out.push(' ');
        }
        out.push_str(&text);
        close = match &token {
            TokenTree::Punct(punct) => {
                punct.spacing() == Spacing::Joint
                    || "&#<.-".contains(punct.as_char())
                    || out.ends_with("::")
                    || out.ends_with("..=")
                    || out.ends_with('!')
            }
            _ => false,
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn print(tokens: TokenStream) -> String {
        of(&syn::parse2(tokens).unwrap()).unwrap()
    }

    #[test]
    fn a_row_is_a_line() {
        let text = print(quote! {
            structure! {
                Tag, TagBuilder, TagParts -> Result: sent, received;
                #[doc = " Words."]
                #[deprecated(note = "no more")]
                "Key" => r#type, set_type, get_type: (required str) as http_date = a::B::from("x, y"), required,
                    range(-1..=5), items(&Constraints::length(1..)), keys(&Constraints::range(..=0.5));
                sensitive "Map" => map, set_map, get_map: (map String, Vec<Option<i32>>);
                A | B: received { #[doc = " Words."] "a" => a: str; };
            }
        });
        let expected = r#"structure! {
    Tag, TagBuilder, TagParts -> Result: sent, received;
    /// Words.
    #[deprecated(note = "no more")]
    "Key" => r#type, set_type, get_type: (required str) as http_date = a::B::from("x, y"), required,
        range(-1..=5), items(&Constraints::length(1..)), keys(&Constraints::range(..=0.5));
    sensitive "Map" => map, set_map, get_map: (map String, Vec<Option<i32>>);
    A | B: received {
        /// Words.
        "a" => a: str;
    };
}
"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn other_items_are_no_tables() {
        for item in [quote! { call!(a); }, quote! { struct A; }] {
            assert_eq!(of(&syn::parse2(item).unwrap()), None);
        }
    }
}

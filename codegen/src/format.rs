//! Tokens to text.

mod table;

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::{Error, Result};

/// Prints a file: header, then items with blank lines between them.
pub(crate) fn format(header: &str, tokens: TokenStream) -> Result<String> {
    let text = tokens.to_string();
    let file: syn::File = syn::parse2(tokens)
        .map_err(|error| Error::new(format!("the emitted code is not Rust: {error}\n{text}")))?;
    let mut out = format!("{header}\n");
    let attributes = syn::File {
        shebang: None,
        attrs: file.attrs,
        items: Vec::new(),
        frontmatter: None,
    };
    if !attributes.attrs.is_empty() {
        out.push('\n');
        out.push_str(&prettyplease::unparse(&attributes));
    }
    let mut previous = None;
    for item in file.items {
        let kind = std::mem::discriminant(&item);
        let compact = matches!(
            item,
            syn::Item::Use(_) | syn::Item::Mod(syn::ItemMod { content: None, .. })
        );
        if !(compact && previous == Some(kind)) {
            out.push('\n');
        }
        previous = Some(kind);
        match table::of(&item) {
            Some(table) => out.push_str(&table),
            None => out.push_str(&prettyplease::unparse(&syn::File {
                shebang: None,
                attrs: Vec::new(),
                items: vec![item],
                frontmatter: None,
            })),
        }
    }
    Ok(out)
}

/// Prints statements, for documentation: those that are not Rust as they are.
pub(crate) fn statements(tokens: TokenStream) -> Vec<String> {
    let Ok(function) = syn::parse2(quote! { async fn f() { #tokens } }) else {
        return vec![tokens.to_string()];
    };
    let text = prettyplease::unparse(&syn::File {
        shebang: None,
        attrs: Vec::new(),
        items: vec![function],
        frontmatter: None,
    });
    let lines: Vec<&str> = text.lines().collect();
    let body = lines.get(1..lines.len() - 1).unwrap_or_default();
    body.iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned())
        .collect()
}

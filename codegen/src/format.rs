//! Tokens to text.

use proc_macro2::TokenStream;

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
        out.push_str(&prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items: vec![item],
            frontmatter: None,
        }));
    }
    Ok(out)
}

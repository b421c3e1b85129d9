//! Examples in the documentation of operations.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::file::ident;
use crate::format;
use crate::ir::{Example, Expression, Operation, SetterCall};

/// The lines of an example.
pub(super) fn lines(operation: &Operation, example: &Example) -> Vec<String> {
    let name = &example.crate_name;
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn f(client: {name}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
        ),
    ];
    lines.extend(imports(example));
    if !example.imports.is_empty() {
        lines.push(String::new());
    }
    lines.extend(statements(operation, example));
    lines.extend(["# Ok(()) }", "```"].map(str::to_owned));
    lines
}

/// The example outside of the documentation.
pub(crate) fn alone(operation: &Operation) -> Option<crate::Example> {
    let example = operation.example.as_ref()?;
    Some(crate::Example {
        imports: imports(example),
        statements: statements(operation, example),
    })
}

/// The `use` items.
fn imports(example: &Example) -> Vec<String> {
    let name = &example.crate_name;
    let item = |(module, names): (&&str, &BTreeSet<String>)| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names[..] {
            [only] => format!("use {name}::{module}::{only};"),
            _ => format!("use {name}::{module}::{{{}}};", names.join(", ")),
        }
    };
    example.imports.iter().map(item).collect()
}

/// The call, and what is done with its output.
fn statements(operation: &Operation, example: &Example) -> Vec<String> {
    let method = ident(&operation.method);
    let setters = setters(&example.setters);
    let call = quote! { client.#method()#setters };
    let reads: Vec<_> = example.reads.iter().map(|field| ident(field)).collect();
    let placeholders = vec!["{:?}"; reads.len()].join(" ");
    let body = match &operation.pagination {
        Some(pagination) if pagination.items.is_some() => quote! {
            let mut items = #call.into_paginator().items().send();
            while let Some(item) = items.try_next().await? {
                println!("{item:?}");
            }
        },
        Some(_) => quote! {
            let mut pages = #call.into_paginator().send();
            while let Some(page) = pages.try_next().await? {
                println!(#placeholders, #(page.#reads()),*);
            }
        },
        None if reads.is_empty() => quote! { #call.send().await?; },
        None => quote! {
            let output = #call.send().await?;
            println!(#placeholders, #(output.#reads()),*);
        },
    };
    format::statements(body)
}

fn setters(calls: &[SetterCall]) -> TokenStream {
    let calls = calls.iter().map(|call| {
        let setter = ident(&call.setter);
        let arguments = call.arguments.iter().map(expression);
        quote! { .#setter(#(#arguments),*) }
    });
    quote! { #(#calls)* }
}

fn expression(value: &Expression) -> TokenStream {
    match value {
        Expression::Boolean(value) => quote! { #value },
        Expression::Integer(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote! { #value }
        }
        Expression::Float(value) => {
            let value = Literal::f64_unsuffixed(*value);
            quote! { #value }
        }
        Expression::Text(text) => quote! { #text },
        Expression::OwnedText(text) => quote! { #text.to_owned() },
        Expression::Parsed(text) => quote! { #text.parse()? },
        Expression::Variant(name, variant, value) => {
            let (name, variant) = (ident(name), ident(variant));
            let value = value.as_deref().map(|value| {
                let value = expression(value);
                quote! { (#value) }
            });
            quote! { #name::#variant #value }
        }
        Expression::Call(name, function, arguments, can_fail) => {
            let (name, function) = (ident(name), ident(function));
            let arguments = arguments.iter().map(expression);
            let mark = question_mark(*can_fail);
            quote! { #name::#function(#(#arguments),*) #mark }
        }
        Expression::Builder(name, calls, can_fail) => {
            let name = ident(name);
            let setters = setters(calls);
            let mark = question_mark(*can_fail);
            quote! { #name::builder()#setters.build()#mark }
        }
        Expression::Boxed(value) => {
            let value = expression(value);
            quote! { Box::new(#value) }
        }
        Expression::List(items) => {
            let items = items.iter().map(expression);
            quote! { vec![#(#items),*] }
        }
        Expression::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let (key, value) = (expression(key), expression(value));
                quote! { (#key, #value) }
            });
            quote! { [#(#entries),*].into() }
        }
        Expression::Option(None) => quote! { None },
        Expression::Option(Some(value)) => {
            let value = expression(value);
            quote! { Some(#value) }
        }
    }
}

fn question_mark(can_fail: bool) -> Option<TokenStream> {
    can_fail.then(|| quote! { ? })
}

//! Prints the endpoint rules as one function.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::endpoint::{
    AuthScheme, Binding, Block, BuiltIn, Condition, DefaultValue, Endpoint, Expr, IfUnset, Outcome,
    ParameterType, Piece, Property, RuleSet, Step,
};

/// Prints the module that resolves the endpoints of a service.
pub(crate) fn emit(rules: &RuleSet) -> TokenStream {
    let mut printer = Printer::default();
    let params = match rules.bindings.is_empty() {
        true => format_ident!("_params"),
        false => format_ident!("params"),
    };
    let bindings: TokenStream = rules.bindings.iter().map(binding).collect();
    let steps = printer.steps(&rules.body.steps);
    let outcome = rules
        .body
        .outcome
        .as_ref()
        .map(|outcome| printer.outcome(outcome));
    let imports = printer.imports();
    quote! {
        #imports

        /// Resolves the endpoint of a request by the rules of the service, the first that applies.
        pub(crate) fn resolve(#params: &Params) -> Result<Endpoint, EndpointError> {
            #bindings
            #steps
            #outcome
        }
    }
}

fn binding(binding: &Binding) -> TokenStream {
    let name = &binding.parameter.name;
    let value = match binding.parameter.built_in {
        Some(BuiltIn::Region) => quote!(params.region()),
        Some(BuiltIn::UseDualStack) => quote!(params.use_dual_stack()),
        Some(BuiltIn::UseFips) => quote!(params.use_fips()),
        Some(BuiltIn::Endpoint) => quote!(params.endpoint()),
        Some(BuiltIn::AccountId) => quote!(params.account_id()),
        Some(BuiltIn::AccountIdEndpointMode) => quote!(params.account_id_endpoint_mode()),
        Some(BuiltIn::CredentialScope) => quote!(params.credential_scope()),
        None => match binding.parameter.ty {
            ParameterType::String => quote!(params.string(#name)),
            ParameterType::Boolean => quote!(params.boolean(#name)),
            ParameterType::StringList => quote!(params.string_list(#name)),
        },
    };
    let value = match &binding.if_unset {
        IfUnset::None => value,
        IfUnset::Default(DefaultValue::String(default)) => quote!(#value.unwrap_or(#default)),
        IfUnset::Default(DefaultValue::Boolean(default)) => quote!(#value.unwrap_or(#default)),
        IfUnset::Default(DefaultValue::StringList(default)) => {
            quote!(#value.unwrap_or_else(|| vec![#(#default),*]))
        }
        IfUnset::Fail => quote!(#value.ok_or_else(|| EndpointError::missing_parameter(#name))?),
    };
    match &binding.variable {
        Some(variable) => {
            let variable = ident(variable);
            quote!(let #variable = #value;)
        }
        None => quote!(#value;),
    }
}

/// Prints code and remembers what the code imports.
#[derive(Default)]
struct Printer {
    runtime: BTreeSet<&'static str>,
    functions: BTreeSet<&'static str>,
    partitions: bool,
}

impl Printer {
    fn imports(&self) -> TokenStream {
        // What the signature of the function names.
        let signature = ["Endpoint", "EndpointError", "Params"];
        let runtime: BTreeSet<_> = self
            .runtime
            .iter()
            .copied()
            .chain(signature)
            .map(ident)
            .collect();
        let runtime = runtime.iter();
        let functions = (!self.functions.is_empty()).then(|| {
            let functions = self.functions.iter().map(|function| ident(function));
            quote!(use crate::runtime::endpoint::functions::{#(#functions),*};)
        });
        let partitions = self.partitions.then(|| {
            quote!(
                use super::partitions::PARTITIONS;
            )
        });
        quote! {
            use crate::runtime::endpoint::{#(#runtime),*};
            #functions
            #partitions
        }
    }

    fn steps(&mut self, steps: &[Step]) -> TokenStream {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, step: &Step) -> TokenStream {
        match step {
            Step::Let { variable, value } => {
                let variable = ident(variable);
                let value = self.expr(value);
                quote!(let #variable = #value;)
            }
            Step::If { conditions, then } => {
                let conditions: Vec<_> = conditions
                    .iter()
                    .map(|condition| self.condition(condition))
                    .collect();
                let steps = self.steps(&then.steps);
                let outcome = self.returned(then);
                quote!(if #(#conditions)&&* { #steps #outcome })
            }
        }
    }

    fn returned(&mut self, block: &Block) -> Option<TokenStream> {
        let outcome = self.outcome(block.outcome.as_ref()?);
        Some(quote!(return #outcome;))
    }

    fn condition(&mut self, condition: &Condition) -> TokenStream {
        match condition {
            Condition::Test(test) => self.operand(test),
            Condition::LetSome { variable, value } => {
                let variable = ident(variable);
                let value = self.expr(value);
                quote!(let Some(#variable) = #value)
            }
        }
    }

    fn outcome(&mut self, outcome: &Outcome) -> TokenStream {
        match outcome {
            Outcome::Endpoint(endpoint) => {
                let endpoint = self.endpoint(endpoint);
                quote!(Ok(#endpoint))
            }
            Outcome::Error(message) => {
                let message = self.expr(message);
                quote!(Err(EndpointError::new(#message)))
            }
            Outcome::NoRuleMatched => quote!(Err(EndpointError::no_rule_matched())),
        }
    }

    fn endpoint(&mut self, endpoint: &Endpoint) -> TokenStream {
        let url = self.expr(&endpoint.url);
        let mut tokens = quote!(Endpoint::new(#url));
        for (name, value) in &endpoint.headers {
            let value = self.expr(value);
            tokens.extend(quote!(.header(#name, #value)));
        }
        for scheme in &endpoint.auth_schemes {
            let scheme = self.auth_scheme(scheme);
            tokens.extend(quote!(.auth_scheme(#scheme)));
        }
        for (name, value) in &endpoint.properties {
            let value = self.property(value);
            tokens.extend(quote!(.property(#name, #value)));
        }
        tokens
    }

    fn auth_scheme(&mut self, scheme: &AuthScheme) -> TokenStream {
        self.runtime.insert("AuthScheme");
        let name = &scheme.name;
        let mut tokens = quote!(AuthScheme::new(#name));
        if let Some(name) = &scheme.signing_name {
            let name = self.expr(name);
            tokens.extend(quote!(.signing_name(#name)));
        }
        if let Some(region) = &scheme.signing_region {
            let region = self.expr(region);
            tokens.extend(quote!(.signing_region(#region)));
        }
        if !scheme.signing_region_set.is_empty() {
            let regions = scheme
                .signing_region_set
                .iter()
                .map(|region| self.expr(region));
            tokens.extend(quote!(.signing_region_set(&[#(#regions),*])));
        }
        if scheme.disable_double_encoding {
            tokens.extend(quote!(.disable_double_encoding()));
        }
        if scheme.disable_normalize_path {
            tokens.extend(quote!(.disable_normalize_path()));
        }
        tokens
    }

    fn property(&mut self, property: &Property) -> TokenStream {
        self.runtime.insert("Property");
        match property {
            Property::Boolean(value) => quote!(Property::Boolean(#value)),
            Property::String(value) => {
                let value = self.expr(value);
                quote!(Property::from(#value))
            }
            Property::List(items) => {
                let items = items.iter().map(|item| self.property(item));
                quote!(Property::List(vec![#(#items),*]))
            }
            Property::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let value = self.property(value);
                    quote!((#key, #value))
                });
                quote!(Property::Map(vec![#(#entries),*]))
            }
        }
    }

    fn expr(&mut self, expr: &Expr) -> TokenStream {
        match expr {
            Expr::String(text) => quote!(#text),
            Expr::Boolean(value) => quote!(#value),
            Expr::Integer(value) => {
                let value = proc_macro2::Literal::usize_unsuffixed(*value);
                quote!(#value)
            }
            Expr::Variable(variable) => {
                let variable = ident(variable);
                quote!(#variable)
            }
            Expr::Field { base, name } => {
                let (base, name) = (self.operand(base), ident(name));
                quote!(#base.#name)
            }
            Expr::Element { .. } => {
                let element = self.borrowed_element(expr);
                quote!(#element.copied())
            }
            Expr::Format(pieces) => self.format(pieces),
            Expr::Call {
                function,
                arguments,
            } => {
                self.functions.insert(function.name());
                let function = ident(function.name());
                let arguments = arguments.iter().map(|argument| self.expr(argument));
                quote!(#function(#(#arguments),*))
            }
            Expr::Partition(region) => {
                self.partitions = true;
                let region = self.expr(region);
                quote!(PARTITIONS.of_region(#region))
            }
            Expr::IsSome(option) => self.is_set(option, true),
            Expr::IsNone(option) => self.is_set(option, false),
            Expr::Not(condition) => {
                let condition = self.operand(condition);
                quote!(!#condition)
            }
            Expr::Equal(left, right) => {
                let (left, right) = (self.operand(left), self.operand(right));
                quote!(#left == #right)
            }
            Expr::NotEqual(left, right) => {
                let (left, right) = (self.operand(left), self.operand(right));
                quote!(#left != #right)
            }
            Expr::IfElse {
                condition,
                then,
                otherwise,
            } => {
                let (condition, then, otherwise) = (
                    self.operand(condition),
                    self.expr(then),
                    self.expr(otherwise),
                );
                quote!(if #condition { #then } else { #otherwise })
            }
            Expr::Or(option, other) => {
                let (option, other) = (self.operand(option), self.expr(other));
                quote!(#option.or(#other))
            }
            Expr::UnwrapOr(option, other) => {
                let (option, value) = (self.operand(option), self.expr(other));
                match other.as_ref() {
                    Expr::Format(_) | Expr::Call { .. } | Expr::ToOwned(_) => {
                        quote!(#option.unwrap_or_else(|| #value))
                    }
                    _ => quote!(#option.unwrap_or(#value)),
                }
            }
            Expr::Some(value) => {
                let value = self.expr(value);
                quote!(Some(#value))
            }
            Expr::Borrow(value) => {
                let value = self.operand(value);
                quote!(&#value)
            }
            Expr::AsStr(string) => {
                let string = self.operand(string);
                quote!(#string.as_str())
            }
            Expr::ToOwned(text) => {
                let text = self.operand(text);
                quote!(#text.to_owned())
            }
            Expr::MapToOwned(option) => {
                let option = self.operand(option);
                quote!(#option.map(str::to_owned))
            }
        }
    }

    /// An expression where an operator or a method binds tighter than its own.
    fn operand(&mut self, expr: &Expr) -> TokenStream {
        let tokens = self.expr(expr);
        match expr {
            Expr::Equal(..) | Expr::NotEqual(..) | Expr::IfElse { .. } => quote!((#tokens)),
            _ => tokens,
        }
    }

    fn is_set(&mut self, option: &Expr, set: bool) -> TokenStream {
        match option {
            Expr::Element {
                list,
                index: 0 | -1,
            } => {
                let list = self.operand(list);
                match set {
                    true => quote!(!#list.is_empty()),
                    false => quote!(#list.is_empty()),
                }
            }
            _ => {
                let option = self.borrowed_element(option);
                match set {
                    true => quote!(#option.is_some()),
                    false => quote!(#option.is_none()),
                }
            }
        }
    }

    /// An operand; if it is an element of a list, as a reference into the list.
    fn borrowed_element(&mut self, expr: &Expr) -> TokenStream {
        let Expr::Element { list, index } = expr else {
            return self.operand(expr);
        };
        let list = self.operand(list);
        let from_end = index.unsigned_abs().saturating_sub(1);
        match index {
            0 => quote!(#list.first()),
            1.. => quote!(#list.get(#index)),
            -1 => quote!(#list.last()),
            _ => quote!(#list.iter().nth_back(#from_end)),
        }
    }

    fn format(&mut self, pieces: &[Piece]) -> TokenStream {
        let mut template = String::new();
        let mut arguments = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => template.push_str(&text.replace('{', "{{").replace('}', "}}")),
                Piece::Value(Expr::Variable(name)) if !name.starts_with("r#") => {
                    template.push_str(&format!("{{{name}}}"));
                }
                Piece::Value(value) => {
                    template.push_str("{}");
                    arguments.push(self.expr(value));
                }
            }
        }
        quote!(format!(#template #(, #arguments)*))
    }
}

fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}

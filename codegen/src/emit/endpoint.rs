//! Prints the endpoint rules as one function.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::file::ident;
use crate::ir::endpoint::{
    AuthScheme, Binding, Block, BuiltIn, Condition, DefaultValue, Endpoint, Expr, IfUnset, Index,
    Outcome, ParameterType, Piece, Property, RuleSet, Step,
};

/// Prints the module that resolves the endpoints of a service.
pub(crate) fn emit(rules: &RuleSet) -> TokenStream {
    let mut printer = Printer::new();
    let params = ident(if rules.bindings.is_empty() {
        "_params"
    } else {
        "params"
    });
    let bindings: TokenStream = rules.bindings.iter().map(binding).collect();
    let steps = printer.steps(&rules.body.steps);
    let outcome = rules
        .body
        .outcome
        .as_ref()
        .map(|outcome| printer.outcome(outcome));
    let imports = printer.imports();
    quote! {
        //! The endpoint rules of the service.

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
struct Printer {
    runtime: BTreeSet<&'static str>,
    functions: BTreeSet<&'static str>,
    partitions: bool,
}

impl Printer {
    fn new() -> Self {
        Self {
            // The signature of the function names these.
            runtime: BTreeSet::from(["Endpoint", "EndpointError", "Params"]),
            functions: BTreeSet::new(),
            partitions: false,
        }
    }

    fn imports(&self) -> TokenStream {
        let runtime = self.runtime.iter().map(|name| ident(name));
        let functions = (!self.functions.is_empty()).then(|| {
            let functions = self.functions.iter().map(|function| ident(function));
            quote!(use crate::runtime::service::endpoint::functions::{#(#functions),*};)
        });
        let partitions = self.partitions.then(|| {
            quote!(
                use super::partitions::PARTITIONS;
            )
        });
        quote! {
            #functions
            use crate::runtime::service::endpoint::{#(#runtime),*};
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
            Condition::Test(test) => self.expr(test),
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
                self.runtime.insert("refuse");
                let message = self.expr(message);
                quote!(refuse(#message))
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
                let value = Literal::usize_unsuffixed(*value);
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
            Expr::IsSome(option) => {
                let option = self.borrowed_element(option);
                quote!(#option.is_some())
            }
            Expr::IsNone(option) => {
                let option = self.borrowed_element(option);
                quote!(#option.is_none())
            }
            Expr::IsEmpty(text) => {
                let text = self.operand(text);
                quote!(#text.is_empty())
            }
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
                let (condition, then, otherwise) =
                    (self.expr(condition), self.expr(then), self.expr(otherwise));
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

    /// An operand; if it is an element of a list, as a reference into the list.
    fn borrowed_element(&mut self, expr: &Expr) -> TokenStream {
        let Expr::Element { list, index } = expr else {
            return self.operand(expr);
        };
        let list = self.operand(list);
        match *index {
            Index::FromStart(0) => quote!(#list.first()),
            Index::FromStart(index) => {
                let index = Literal::usize_unsuffixed(index);
                quote!(#list.get(#index))
            }
            Index::FromEnd(0) => quote!(#list.last()),
            Index::FromEnd(index) => {
                let index = Literal::usize_unsuffixed(index);
                quote!(#list.iter().nth_back(#index))
            }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::lower::endpoint::lower;

    fn module(parameters: Value, rules: Value) -> String {
        let rule_set = json!({"version": "1.1", "parameters": parameters, "rules": rules});
        let rules = lower(&rule_set).expect("the rule set is right");
        let file = syn::parse2(emit(&rules)).expect("the module is Rust");
        prettyplease::unparse(&file)
    }

    /// The generated function, without its signature.
    fn body(parameters: Value, rules: Value) -> String {
        let module = module(parameters, rules);
        let (_, body) = module
            .split_once("-> Result<Endpoint, EndpointError> {\n")
            .expect("a function");
        body.to_owned()
    }

    #[test]
    fn conditions_become_ifs_and_lets() {
        let parameters = json!({
            "Region": {"type": "string", "builtIn": "AWS::Region"},
            "UseFIPS": {"type": "boolean", "builtIn": "AWS::UseFIPS", "required": true, "default": false},
            "Name": {"type": "string", "required": true},
            "Unread": {"type": "string"},
            "UnreadRequired": {"type": "string", "required": true},
        });
        let rules = json!([
            {
                "type": "tree",
                "conditions": [
                    {"fn": "isSet", "argv": [{"ref": "Region"}]},
                    {"fn": "booleanEquals", "argv": [true, {"ref": "UseFIPS"}]},
                    {"fn": "aws.partition", "argv": ["{Region}"], "assign": "Result"},
                    {"fn": "not", "argv": [{"fn": "stringEquals", "argv": ["aws", "{Result#name}"]}]},
                ],
                "rules": [{
                    "type": "endpoint",
                    "conditions": [
                        {"fn": "parseURL", "argv": [{"ref": "Name"}], "assign": "url"},
                        {"fn": "booleanEquals", "argv": [{"fn": "getAttr", "argv": [{"ref": "url"}, "isIp"]}, false]},
                    ],
                    "endpoint": {"url": "{url#scheme}://{Name}"},
                }],
            },
            {"type": "error", "conditions": [], "error": "no {Name}"},
        ]);
        assert_eq!(
            body(parameters, rules),
            r#"    let name = params
        .string("Name")
        .ok_or_else(|| EndpointError::missing_parameter("Name"))?;
    let region = params.region();
    params
        .string("UnreadRequired")
        .ok_or_else(|| EndpointError::missing_parameter("UnreadRequired"))?;
    let use_fips = params.use_fips().unwrap_or(false);
    if let Some(region) = region && use_fips {
        let result = PARTITIONS.of_region(region);
        if result.name != "aws" {
            if let Some(url) = parse_url(name) && !url.is_ip {
                let endpoint_url = format!("{}://{name}", url.scheme);
                return Ok(Endpoint::new(endpoint_url));
            }
            return Err(EndpointError::no_rule_matched());
        }
    }
    refuse(format!("no {name}"))
}
"#
        );
    }

    #[test]
    fn what_cannot_matter_is_left_out() {
        let parameters = json!({
            "Region": {"type": "string"},
            "Keys": {"type": "stringArray"},
        });
        let rules = json!([
            {
                "type": "error",
                "conditions": [
                    {"fn": "isSet", "argv": [{"ref": "Region"}]},
                    {"fn": "isSet", "argv": [{"ref": "Keys"}]},
                    {"fn": "isSet", "argv": [{"ref": "Region"}]},
                    {"fn": "parseURL", "argv": [{"ref": "Region"}], "assign": "unread"},
                    {"fn": "uriEncode", "argv": [{"ref": "Region"}], "assign": "unreadToo"},
                ],
                "error": "some",
            },
            {
                "type": "error",
                "conditions": [{"fn": "stringEquals", "argv": ["never", "equal"]}],
                "error": "never",
            },
            {"type": "tree", "conditions": [], "rules": [{"type": "error", "conditions": [], "error": "always"}]},
            {"type": "error", "conditions": [], "error": "not reached"},
        ]);
        assert_eq!(
            body(parameters, rules),
            r#"    let keys = params.string_list("Keys");
    let region = params.string("Region");
    if let Some(region) = region && keys.is_some() && parse_url(region).is_some() {
        return refuse("some");
    }
    refuse("always")
}
"#
        );
    }

    #[test]
    fn names_of_the_model_hide_nothing() {
        let parameters = json!({
            "type": {"type": "string", "required": true, "default": ""},
            "params": {"type": "string", "required": true, "default": ""},
            "parseURL": {"type": "string", "required": true, "default": ""},
        });
        let rules = json!([
            {
                "type": "error",
                "conditions": [{"fn": "stringEquals", "argv": ["{parseURL}", "{{"]}],
                "error": "{{{type}}} {params}",
            },
        ]);
        assert_eq!(
            body(parameters, rules),
            r#"    let params_ = params.string("params").unwrap_or("");
    let parse_url_ = params.string("parseURL").unwrap_or("");
    let r#type = params.string("type").unwrap_or("");
    if parse_url_ == "{" {
        return refuse(format!("{{{}}} {params_}", r#type));
    }
    Err(EndpointError::no_rule_matched())
}
"#
        );
    }

    #[test]
    fn endpoints_carry_headers_signing_and_properties() {
        let rules = json!([{
            "type": "endpoint",
            "conditions": [],
            "endpoint": {
                "url": {"ref": "Url"},
                "headers": {"x-a": ["b", "{Url}"]},
                "properties": {
                    "authSchemes": [{"name": "sigv4", "signingRegion": "{Url}"}],
                    "metricValues": ["O"],
                },
            },
        }]);
        let parameters = json!({"Url": {"type": "string", "required": true, "default": "a"}});
        assert_eq!(
            body(parameters, rules),
            r#"    let url = params.string("Url").unwrap_or("a");
    Ok(
        Endpoint::new(url)
            .header("x-a", "b")
            .header("x-a", url)
            .auth_scheme(AuthScheme::new("sigv4").signing_region(url))
            .property("metricValues", Property::List(vec![Property::from("O")])),
    )
}
"#
        );
    }

    #[test]
    fn what_is_used_is_imported() {
        let rules = json!([
            {
                "type": "endpoint",
                "conditions": [{"fn": "isValidHostLabel", "argv": ["a", false]}],
                "endpoint": {"url": "a", "properties": {"authSchemes": [{"name": "sigv4"}]}},
            },
            {
                "type": "endpoint",
                "conditions": [{"fn": "aws.partition", "argv": ["a"], "assign": "result"}],
                "endpoint": {"url": "{result#name}"},
            },
        ]);
        assert_eq!(
            module(json!({}), rules),
            r#"//! The endpoint rules of the service.
use crate::runtime::service::endpoint::functions::is_valid_host_label;
use crate::runtime::service::endpoint::{AuthScheme, Endpoint, EndpointError, Params};
use super::partitions::PARTITIONS;
/// Resolves the endpoint of a request by the rules of the service, the first that applies.
pub(crate) fn resolve(_params: &Params) -> Result<Endpoint, EndpointError> {
    if is_valid_host_label("a", false) {
        let url = "a";
        return Ok(Endpoint::new(url).auth_scheme(AuthScheme::new("sigv4")));
    }
    let result = PARTITIONS.of_region("a");
    let url = result.name;
    Ok(Endpoint::new(url))
}
"#
        );
    }

    #[test]
    fn choices_and_lists_read_like_rust() {
        let parameters = json!({
            "A": {"type": "string"},
            "B": {"type": "string"},
            "Flag": {"type": "boolean"},
        });
        let rules = json!([{
            "type": "error",
            "conditions": [
                {"fn": "coalesce", "argv": [{"ref": "Flag"}, true]},
                {"fn": "coalesce", "argv": [{"ref": "A"}, {"ref": "B"}], "assign": "first"},
                {"fn": "coalesce", "argv": [{"ref": "B"}, "b-{first}"], "assign": "second"},
                {"fn": "ite", "argv": [{"fn": "isSet", "argv": [{"ref": "A"}]}, "-a", ""], "assign": "suffix"},
                {"fn": "split", "argv": ["{first}", "-", 0], "assign": "parts"},
                {"fn": "getAttr", "argv": [{"ref": "parts"}, "[0]"], "assign": "start"},
                {"fn": "getAttr", "argv": [{"ref": "parts"}, "[-2]"], "assign": "end"},
                {"fn": "isSet", "argv": [{"fn": "getAttr", "argv": [{"ref": "parts"}, "[2]"]}]},
            ],
            "error": "{second}{suffix}{start}{end}",
        }]);
        assert_eq!(
            body(parameters, rules),
            r#"    let a = params.string("A");
    let b = params.string("B");
    let flag = params.boolean("Flag");
    if flag.unwrap_or(true) && let Some(first) = a.or(b) {
        let second = b.map(str::to_owned).unwrap_or_else(|| format!("b-{first}"));
        let suffix = if a.is_some() { "-a" } else { "" };
        let parts = split(first, "-", 0);
        if let Some(start) = parts.first().copied()
            && let Some(end) = parts.iter().nth_back(1).copied()
            && parts.get(2).is_some()
        {
            return refuse(format!("{second}{suffix}{start}{end}"));
        }
    }
    Err(EndpointError::no_rule_matched())
}
"#
        );
    }
}

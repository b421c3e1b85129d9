//! Endpoint rules: the value of the trait `smithy.rules#endpointRuleSet`.
//!
//! Names, types and optionality are resolved here, conditions that a value's type answers are
//! folded, and what can never run is left out, so that the printed function is what a person would
//! write and compiles without a warning.

mod expression;
pub(super) mod json;
#[cfg(test)]
mod tests;
mod value;

use serde_json::Value as Json;

use self::expression::Scope;
use self::json::Node;
use self::value::{Owner, Type, Value, is_set};
use crate::error::Result;
use crate::ir::endpoint::{
    AuthScheme, Binding, Block, BuiltIn, Condition, DefaultValue, Endpoint, Expr, IfUnset, Outcome,
    Parameter, ParameterType, Property, RuleSet, Step,
};

/// Lowers the rules of a service. Errors name the place in the rule set.
pub(crate) fn lower(rule_set: &Json) -> Result<RuleSet> {
    let root = Node::root(rule_set);
    let version = root.require("version")?;
    // Minor versions add functions, and an unknown function is an error by its own name.
    if !version.string()?.starts_with("1.") {
        return Err(version.error(format!(
            "version {} of the rules language is not supported",
            version.value()
        )));
    }

    let mut scope = Scope::default();
    let mut bindings = Vec::<Binding>::new();
    for (name, node) in root.require("parameters")?.members()? {
        let mut others = bindings.iter().map(|binding| &binding.parameter.name);
        if let Some(other) = others.find(|other| other.eq_ignore_ascii_case(name)) {
            let message = format!("differs from the parameter `{other}` in case only");
            return Err(node.error(message));
        }
        let variable = scope.identifier(name);
        let (parameter, if_unset) = parameter(name, &node)?;
        scope.declare(name, parameter_value(&parameter, &if_unset, &variable));
        bindings.push(Binding {
            parameter,
            variable: Some(variable),
            if_unset,
        });
    }
    let parameters = bindings.iter().map(|binding| binding.parameter.clone());
    let parameters = parameters.collect();

    let body = rules(&root, &mut scope)?;
    bindings.retain_mut(|binding| {
        let is_read = |variable: &String| body.reads(variable);
        binding.variable = binding.variable.take().filter(is_read);
        binding.variable.is_some() || matches!(binding.if_unset, IfUnset::Fail)
    });
    Ok(RuleSet {
        parameters,
        bindings,
        body,
    })
}

fn parameter(name: &str, node: &Node<'_>) -> Result<(Parameter, IfUnset)> {
    node.allow(&[
        "type",
        "builtIn",
        "default",
        "required",
        "documentation",
        "deprecated",
    ])?;
    check_name(node, name)?;
    let ty = node.require("type")?;
    // Older rule sets capitalize the types.
    let ty = match ty.string()?.to_ascii_lowercase().as_str() {
        "string" => ParameterType::String,
        "boolean" => ParameterType::Boolean,
        "stringarray" => ParameterType::StringList,
        other => return Err(ty.error(format!("`{other}` is not a type of a parameter"))),
    };
    let required = match node.get("required") {
        Some(required) => required.boolean()?,
        None => false,
    };
    let if_unset = match node.get("default") {
        Some(default) if required => IfUnset::Default(default_value(ty, &default)?),
        Some(default) => return Err(default.error("a parameter with a default must be required")),
        None if required => IfUnset::Fail,
        None => IfUnset::None,
    };
    let built_in = match node.get("builtIn") {
        Some(built_in) => self::built_in(ty, &built_in)?,
        None => None,
    };
    let name = name.to_owned();
    Ok((Parameter { name, ty, built_in }, if_unset))
}

fn default_value(ty: ParameterType, node: &Node<'_>) -> Result<DefaultValue> {
    Ok(match ty {
        ParameterType::String => DefaultValue::String(node.string()?.to_owned()),
        ParameterType::Boolean => DefaultValue::Boolean(node.boolean()?),
        ParameterType::StringList => {
            let items = node.elements()?;
            let items = items.iter().map(|item| item.string().map(str::to_owned));
            DefaultValue::StringList(items.collect::<Result<_>>()?)
        }
    })
}

/// The built-in, or `None` for those that only one service has: the runtime knows no service, so
/// they are parameters like any other.
fn built_in(ty: ParameterType, node: &Node<'_>) -> Result<Option<BuiltIn>> {
    let (built_in, expected) = match node.string()? {
        "AWS::Region" => (Some(BuiltIn::Region), ParameterType::String),
        "AWS::UseDualStack" => (Some(BuiltIn::UseDualStack), ParameterType::Boolean),
        "AWS::UseFIPS" => (Some(BuiltIn::UseFips), ParameterType::Boolean),
        "SDK::Endpoint" => (Some(BuiltIn::Endpoint), ParameterType::String),
        "AWS::Auth::AccountId" => (Some(BuiltIn::AccountId), ParameterType::String),
        "AWS::Auth::AccountIdEndpointMode" => {
            (Some(BuiltIn::AccountIdEndpointMode), ParameterType::String)
        }
        "AWS::Auth::CredentialScope" => (Some(BuiltIn::CredentialScope), ParameterType::String),
        "AWS::S3::Accelerate"
        | "AWS::S3::DisableMultiRegionAccessPoints"
        | "AWS::S3::ForcePathStyle"
        | "AWS::S3::UseArnRegion"
        | "AWS::S3::UseGlobalEndpoint"
        | "AWS::S3Control::UseArnRegion"
        | "AWS::STS::UseGlobalEndpoint" => (None, ParameterType::Boolean),
        other => return Err(node.error(format!("the built-in `{other}` is not supported"))),
    };
    if ty != expected {
        return Err(node.error("the parameter is not of the type of the built-in"));
    }
    Ok(built_in)
}

fn parameter_value(parameter: &Parameter, if_unset: &IfUnset, variable: &str) -> Value {
    let (ty, owner) = match parameter.ty {
        ParameterType::String => (Type::String, Owner::Nobody),
        ParameterType::Boolean => (Type::Boolean, Owner::Nobody),
        ParameterType::StringList => (Type::StringList, Owner::Place),
    };
    Value {
        expr: Expr::Variable(variable.to_owned()),
        ty,
        optional: matches!(if_unset, IfUnset::None),
        owner,
    }
}

/// The rules of a tree, or of the rule set itself. Such a block always has an outcome.
fn rules(tree: &Node<'_>, scope: &mut Scope) -> Result<Block> {
    let node = tree.require("rules")?;
    let rules = node.elements()?;
    if rules.is_empty() {
        return Err(node.error("there is no rule"));
    }
    let mut block = Block::default();
    for node in &rules {
        let rule = scope.nested(|scope| rule(node, scope))?;
        // A rule after one that always applies is checked, then left out: it is never reached.
        if let Some(rule) = rule.filter(|_| block.outcome.is_none()) {
            block.steps.extend(rule.steps);
            block.outcome = rule.outcome;
        }
    }
    block.outcome.get_or_insert(Outcome::NoRuleMatched);
    Ok(block)
}

/// A rule as a block that falls through where the rule does not apply; `None` if it never does.
fn rule(node: &Node<'_>, scope: &mut Scope) -> Result<Option<Block>> {
    let mut guards = Vec::new();
    for condition in node.require("conditions")?.elements()? {
        guards.push(guard(&condition, scope)?);
    }
    let ty = node.require("type")?;
    let block = match ty.string()? {
        "tree" => {
            node.allow(&["type", "conditions", "documentation", "rules"])?;
            rules(node, scope)?
        }
        "endpoint" => {
            node.allow(&["type", "conditions", "documentation", "endpoint"])?;
            endpoint(&node.require("endpoint")?, scope)?
        }
        "error" => {
            node.allow(&["type", "conditions", "documentation", "error"])?;
            let message = scope.string(&node.require("error")?)?;
            Block::from(Outcome::Error(message.into_text()))
        }
        other => return Err(ty.error(format!("`{other}` is not a type of a rule"))),
    };
    // From the innermost guard outwards, so that each one sees what is behind it.
    Ok(guards.into_iter().rev().try_fold(block, guarded))
}

/// What a condition demands of the code behind it.
enum Guard {
    Always,
    Never,
    If(Condition),
    /// The condition always holds and names its value.
    Let {
        variable: String,
        value: Expr,
    },
}

/// Lowers a condition and declares what it makes known to those after it.
fn guard(node: &Node<'_>, scope: &mut Scope) -> Result<Guard> {
    node.allow(&["fn", "argv", "assign", "documentation"])?;
    let value = scope.call(node)?;
    let assign = match node.get("assign") {
        Some(assign) => Some(new_name(&assign, scope)?),
        None => None,
    };

    if value.ty == Type::Boolean {
        let test = if value.optional {
            let yes = Expr::Some(Box::new(Expr::Boolean(true)));
            Expr::Equal(Box::new(value.expr), Box::new(yes))
        } else {
            value.expr
        };
        let guard = test_guard(test, scope);
        if let Some(name) = assign {
            // Where the variable can be read, the condition has held.
            scope.declare(name, Value::new(Type::Boolean, Expr::Boolean(true)));
        }
        return Ok(guard);
    }

    let Some(name) = assign else {
        return Ok(if value.optional {
            Guard::If(Condition::Test(is_set(value)))
        } else {
            Guard::Always
        });
    };
    let variable = scope.identifier(name);
    let (ty, optional) = (value.ty, value.optional);
    let (value, owner) = value.bind();
    let read = Expr::Variable(variable.clone());
    scope.declare(
        name,
        Value {
            owner,
            ..Value::new(ty, read)
        },
    );
    Ok(if optional {
        Guard::If(Condition::LetSome { variable, value })
    } else {
        Guard::Let { variable, value }
    })
}

/// A boolean condition; one that finds a variable set lets what follows read its value.
fn test_guard(test: Expr, scope: &mut Scope) -> Guard {
    if let Expr::Boolean(value) = test {
        return if value { Guard::Always } else { Guard::Never };
    }
    if let Expr::IsSome(option) = &test
        && let Expr::Variable(variable) = option.as_ref()
    {
        let variable = variable.clone();
        let value = scope.prove_set(&variable);
        return Guard::If(Condition::LetSome { variable, value });
    }
    Guard::If(Condition::Test(test))
}

/// Puts a guard before a block; `None` if it lets nothing through.
fn guarded(mut block: Block, guard: Guard) -> Option<Block> {
    let condition = match guard {
        Guard::Always => return Some(block),
        Guard::Never => return None,
        Guard::Let { variable, value } => {
            if block.reads(&variable) {
                block.steps.insert(0, Step::Let { variable, value });
            }
            return Some(block);
        }
        Guard::If(Condition::LetSome { variable, value }) if !block.reads(&variable) => {
            let option = match value {
                Expr::Borrow(option) => option,
                value => Box::new(value),
            };
            Condition::Test(Expr::IsSome(option))
        }
        Guard::If(condition) => condition,
    };
    // Only guards make a block that falls through, so this is the `if` of the guards behind.
    if let (None, [Step::If { conditions, .. }]) = (&block.outcome, block.steps.as_mut_slice()) {
        conditions.retain(|other| *other != condition);
        conditions.insert(0, condition);
        return Some(block);
    }
    let conditions = vec![condition];
    Some(Block {
        steps: vec![Step::If {
            conditions,
            then: block,
        }],
        outcome: None,
    })
}

fn endpoint(node: &Node<'_>, scope: &Scope) -> Result<Block> {
    node.allow(&["url", "headers", "properties"])?;
    let mut steps = Vec::new();
    let mut url = scope.string(&node.require("url")?)?.into_text();
    if !matches!(url, Expr::Variable(_)) {
        // A line of its own keeps the return statement short.
        let variable = if scope.is_taken("url") {
            "endpoint_url"
        } else {
            "url"
        };
        let variable = scope.identifier(variable);
        let value = std::mem::replace(&mut url, Expr::Variable(variable.clone()));
        steps.push(Step::Let { variable, value });
    }
    let mut endpoint = Endpoint {
        url,
        headers: Vec::new(),
        auth_schemes: Vec::new(),
        properties: Vec::new(),
    };
    if let Some(headers) = node.get("headers") {
        for (name, values) in headers.members()? {
            for value in values.elements()? {
                let value = scope.string(&value)?.into_text();
                endpoint.headers.push((name.to_owned(), value));
            }
        }
    }
    if let Some(properties) = node.get("properties") {
        for (name, value) in properties.members()? {
            if name == "authSchemes" {
                let schemes = value.elements()?;
                let schemes = schemes.iter().map(|scheme| auth_scheme(scheme, scope));
                endpoint.auth_schemes = schemes.collect::<Result<_>>()?;
            } else {
                endpoint
                    .properties
                    .push((name.to_owned(), property(&value, scope)?));
            }
        }
    }
    let outcome = Some(Outcome::Endpoint(endpoint));
    Ok(Block { steps, outcome })
}

fn auth_scheme(node: &Node<'_>, scope: &Scope) -> Result<AuthScheme> {
    let name = node.require("name")?.string()?;
    if ["sigv4", "sigv4a"].contains(&name) {
        node.allow(&[
            "name",
            "signingName",
            "signingRegion",
            "signingRegionSet",
            "disableDoubleEncoding",
            "disableNormalizePath",
        ])?;
    }
    let text = |key| match node.get(key) {
        Some(text) => Ok(Some(scope.string(&text)?.into_text())),
        None => Ok(None),
    };
    let flag = |key| node.get(key).map_or(Ok(false), |flag| flag.boolean());
    let region_set = match node.get("signingRegionSet") {
        Some(regions) => regions.elements()?,
        None => Vec::new(),
    };
    let region_set = region_set
        .iter()
        .map(|region| Ok(scope.string(region)?.into_argument()));
    Ok(AuthScheme {
        name: name.to_owned(),
        signing_name: text("signingName")?,
        signing_region: text("signingRegion")?,
        signing_region_set: region_set.collect::<Result<_>>()?,
        disable_double_encoding: flag("disableDoubleEncoding")?,
        disable_normalize_path: flag("disableNormalizePath")?,
    })
}

/// A property that means nothing to the rules language: booleans and templates, nested at will.
fn property(node: &Node<'_>, scope: &Scope) -> Result<Property> {
    Ok(match node.value() {
        Json::Bool(value) => Property::Boolean(*value),
        Json::String(_) => Property::String(scope.string(node)?.into_text()),
        Json::Array(_) => {
            let items = node.elements()?;
            let items = items.iter().map(|item| property(item, scope));
            Property::List(items.collect::<Result<_>>()?)
        }
        Json::Object(_) => {
            let entries = node.members()?.into_iter();
            let entries =
                entries.map(|(key, value)| Ok((key.to_owned(), property(&value, scope)?)));
            Property::Map(entries.collect::<Result<_>>()?)
        }
        Json::Null | Json::Number(_) => {
            return Err(node.expected("a string, a boolean, an array or an object"));
        }
    })
}

/// The name that a condition gives to its value.
fn new_name<'a>(assign: &Node<'a>, scope: &Scope) -> Result<&'a str> {
    let name = assign.string()?;
    check_name(assign, name)?;
    match scope.find(name) {
        Some(_) => Err(assign.error(format!(
            "`{name}` is taken by a parameter or a variable in scope"
        ))),
        None => Ok(name),
    }
}

fn check_name(node: &Node<'_>, name: &str) -> Result<()> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let continues_well = name
        .chars()
        .all(|char| char.is_ascii_alphanumeric() || char == '_');
    if starts_well && continues_well {
        return Ok(());
    }
    Err(node.error(format!(
        "`{name}` is not a name: letters, digits and `_`, a letter first"
    )))
}

//! Expressions of the rules language: references, templates and function calls, with their types.

use serde_json::Value as Json;

use super::json::Node;
use crate::error::Result;
use crate::ir::endpoint::{Expr, Function, Piece};

/// A type of the rules language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Boolean,
    Integer,
    StringList,
    Partition,
    Url,
    Arn,
}

impl Type {
    fn describe(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::StringList => "a list of strings",
            Self::Partition => "a partition",
            Self::Url => "a URL",
            Self::Arn => "an ARN",
        }
    }
}

/// What Rust may do with a value without copying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is `Copy`: a `bool`, a `&str`, or an `Option` of one.
    Copy,
    /// It stays where it is and is borrowed: a variable or a field that owns its value.
    Place,
    /// It was made for this expression, which owns it.
    Temporary,
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) expr: Expr,
    pub(super) ty: Type,
    /// Whether the Rust type is an `Option`.
    pub(super) optional: bool,
    pub(super) hold: Hold,
}

impl Value {
    pub(super) fn copy(ty: Type, expr: Expr) -> Self {
        Self {
            expr,
            ty,
            optional: false,
            hold: Hold::Copy,
        }
    }

    fn boolean(expr: Expr) -> Self {
        Self::copy(Type::Boolean, expr)
    }

    /// As an argument: a `&str`, or a copy.
    pub(super) fn argument(self) -> Expr {
        match self.hold {
            Hold::Copy => self.expr,
            Hold::Place | Hold::Temporary => Expr::Borrow(Box::new(self.expr)),
        }
    }

    /// As something to convert into a `String`: a place must be left intact, since the same rule
    /// may read it twice.
    pub(super) fn into_text(self) -> Expr {
        match self.hold {
            Hold::Copy | Hold::Temporary => self.expr,
            Hold::Place => Expr::Borrow(Box::new(self.expr)),
        }
    }

    /// As the value of a new variable, with what that variable holds.
    pub(super) fn bind(self) -> (Expr, Hold) {
        match (self.hold, self.ty) {
            (Hold::Copy, _) => (self.expr, Hold::Copy),
            (Hold::Temporary, _) => (self.expr, Hold::Place),
            (Hold::Place, Type::String) => (Expr::AsStr(Box::new(self.expr)), Hold::Copy),
            (Hold::Place, _) => (Expr::Borrow(Box::new(self.expr)), Hold::Place),
        }
    }

    /// As a `String`, an `Option<String>` if the value is optional.
    fn into_owned(self) -> Expr {
        match (self.hold, self.optional) {
            (Hold::Temporary, _) => self.expr,
            (_, false) => Expr::ToOwned(Box::new(self.expr)),
            (_, true) => Expr::MapToOwned(Box::new(self.expr)),
        }
    }
}

/// Gives two strings of a choice one Rust type: `String` if one of them is made on the spot, else
/// `&str`.
fn unify(left: Value, right: Value) -> (Expr, Expr, Hold) {
    if left.hold == Hold::Temporary || right.hold == Hold::Temporary {
        (left.into_owned(), right.into_owned(), Hold::Temporary)
    } else {
        (left.bind().0, right.bind().0, Hold::Copy)
    }
}

/// The parameters and variables that a rule sees, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Scope {
    variables: Vec<(String, Value)>,
}

impl Scope {
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let mut innermost_first = self.variables.iter().rev();
        innermost_first
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    pub(super) fn declare(&mut self, name: impl Into<String>, value: Value) {
        self.variables.push((name.into(), value));
    }

    /// Declares anew, as set, the optional variable of that identifier, and returns what to match
    /// against `Some` for its value.
    pub(super) fn prove_set(&mut self, identifier: &str) -> Expr {
        let variable = Expr::Variable(identifier.to_owned());
        let mut innermost_first = self.variables.iter().rev();
        let Some((name, value)) = innermost_first
            .find(|(_, value)| value.expr == variable)
            .cloned()
        else {
            return variable;
        };
        let option = value.clone().bind().0;
        self.declare(
            name,
            Value {
                optional: false,
                ..value
            },
        );
        option
    }

    /// Runs something whose declarations end with it.
    pub(super) fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let outer = self.variables.len();
        let result = run(self);
        self.variables.truncate(outer);
        result
    }

    /// A Rust identifier for a name of the model that no other name in scope has.
    pub(super) fn identifier(&self, name: &str) -> String {
        let mut identifier = super::identifier(name);
        let is_taken = |identifier: &str| {
            let variable = Expr::Variable(identifier.to_owned());
            self.variables
                .iter()
                .any(|(_, value)| value.expr == variable)
        };
        while is_taken(&identifier) {
            identifier.push('_');
        }
        identifier
    }

    /// Any expression.
    pub(super) fn value(&self, node: &Node<'_>) -> Result<Value> {
        match node.value() {
            Json::String(text) => self.template(node, text),
            Json::Bool(value) => Ok(Value::boolean(Expr::Boolean(*value))),
            Json::Number(number) => {
                let integer = number
                    .as_u64()
                    .and_then(|number| usize::try_from(number).ok());
                let integer = integer
                    .ok_or_else(|| node.error(format!("`{number}` is not a natural number")))?;
                Ok(Value::copy(Type::Integer, Expr::Integer(integer)))
            }
            Json::Object(_) => match node.get("ref") {
                Some(reference) => {
                    node.allow(&["ref"])?;
                    self.reference(node, reference.string()?)
                }
                None => {
                    node.allow(&["fn", "argv"])?;
                    self.call(node)
                }
            },
            Json::Null | Json::Array(_) => {
                Err(node.expected("a value, a reference or a function call"))
            }
        }
    }

    /// An expression that must have a value of the type.
    fn expect(&self, node: &Node<'_>, ty: Type) -> Result<Value> {
        let value = self.value(node)?;
        require(node, &value, ty)?;
        Ok(value)
    }

    pub(super) fn string(&self, node: &Node<'_>) -> Result<Value> {
        self.expect(node, Type::String)
    }

    fn boolean(&self, node: &Node<'_>) -> Result<Expr> {
        Ok(self.expect(node, Type::Boolean)?.expr)
    }

    fn reference(&self, node: &Node<'_>, name: &str) -> Result<Value> {
        let value = self.find(name).cloned();
        value.ok_or_else(|| {
            node.error(format!(
                "`{name}` is neither a parameter nor a variable in scope"
            ))
        })
    }

    /// A string with references in braces; braces that stand for themselves are doubled.
    fn template(&self, node: &Node<'_>, template: &str) -> Result<Value> {
        let mut pieces = Pieces::default();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            let (text, braced) = rest.split_at(at);
            pieces.push_text(text);
            let (brace, after) = braced.split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                pieces.push_text(brace);
                rest = after;
                continue;
            }
            let (reference, after) =
                after
                    .split_once('}')
                    .filter(|_| brace == "{")
                    .ok_or_else(|| {
                        node.error(format!("unmatched `{brace}` in the template `{template}`"))
                    })?;
            pieces.push(self.shorthand(node, reference)?);
            rest = after;
        }
        pieces.push_text(rest);
        Ok(pieces.into_value())
    }

    /// A reference in a template: `name` or `name#path`.
    fn shorthand(&self, node: &Node<'_>, shorthand: &str) -> Result<Value> {
        let value = match shorthand.split_once('#') {
            Some((name, path)) => attribute(node, self.reference(node, name)?, path)?,
            None => self.reference(node, shorthand)?,
        };
        require(node, &value, Type::String)?;
        Ok(value)
    }

    /// A function call; other members of the object, such as `assign`, are the caller's business.
    pub(super) fn call(&self, node: &Node<'_>) -> Result<Value> {
        let name = node.require("fn")?.string()?;
        let argv = node.require("argv")?.elements()?;
        match name {
            "isSet" => {
                let [option] = arguments(node, name, argv)?;
                Ok(Value::boolean(is_set(self.value(&option)?)))
            }
            "not" => {
                let [condition] = arguments(node, name, argv)?;
                Ok(Value::boolean(not(self.boolean(&condition)?)))
            }
            "booleanEquals" => {
                let [left, right] = arguments(node, name, argv)?;
                let (left, right) = (self.boolean(&left)?, self.boolean(&right)?);
                Ok(Value::boolean(booleans_equal(left, right)))
            }
            "stringEquals" => {
                let [left, right] = arguments(node, name, argv)?;
                let (left, right) = (self.string(&left)?, self.string(&right)?);
                Ok(Value::boolean(equal(left.expr, right.expr)))
            }
            "getAttr" => {
                let [value, path] = arguments(node, name, argv)?;
                attribute(&path, self.value(&value)?, path.string()?)
            }
            "coalesce" => self.coalesce(node, &argv),
            "ite" => {
                let [condition, then, otherwise] = arguments(node, name, argv)?;
                let condition = self.boolean(&condition)?;
                let (then, otherwise) = (self.value(&then)?, self.choice(&otherwise)?);
                if then.ty != otherwise.ty {
                    return Err(mismatch(node, then.ty, otherwise.ty));
                }
                Ok(if_else(condition, then, otherwise))
            }
            "aws.partition" => {
                let [region] = arguments(node, name, argv)?;
                let region = self.string(&region)?.argument();
                Ok(Value::copy(
                    Type::Partition,
                    Expr::Partition(Box::new(region)),
                ))
            }
            _ => {
                let signature = signature(name)
                    .ok_or_else(|| node.error(format!("the function `{name}` is not supported")))?;
                self.plain_call(node, name, &signature, &argv)
            }
        }
    }

    /// A call of a function that takes what it is declared to take and is one in the runtime, too.
    fn plain_call(
        &self,
        node: &Node<'_>,
        name: &str,
        signature: &Signature,
        argv: &[Node<'_>],
    ) -> Result<Value> {
        if argv.len() != signature.parameters.len() {
            return Err(wrong_count(
                node,
                name,
                signature.parameters.len(),
                argv.len(),
            ));
        }
        let arguments = argv.iter().zip(signature.parameters).map(|(argument, ty)| {
            let value = self.expect(argument, *ty)?;
            if signature.function == Function::Split && value.hold == Hold::Temporary {
                // The parts borrow from the whole, which would be dropped before they are read.
                return Err(argument.error("a string made on the spot cannot be split"));
            }
            Ok(value.argument())
        });
        Ok(Value {
            expr: Expr::Call {
                function: signature.function,
                arguments: arguments.collect::<Result<_>>()?,
            },
            ty: signature.returns,
            optional: signature.optional,
            hold: signature.hold,
        })
    }

    /// The first argument that has a value, else the last one.
    fn coalesce(&self, node: &Node<'_>, argv: &[Node<'_>]) -> Result<Value> {
        let [first, rest @ ..] = argv else {
            return Err(wrong_count(node, "coalesce", 2, argv.len()));
        };
        if rest.is_empty() {
            return Err(wrong_count(node, "coalesce", 2, argv.len()));
        }
        let mut result = self.choice(first)?;
        for next in rest {
            let value = self.choice(next)?;
            if value.ty != result.ty {
                return Err(mismatch(next, result.ty, value.ty));
            }
            if result.optional {
                result = or(result, value);
            }
        }
        Ok(result)
    }

    /// An alternative of `coalesce` or `ite`: strings and booleans serve every rule set there is;
    /// for anything else the alternatives would have to be borrowed or cloned.
    fn choice(&self, node: &Node<'_>) -> Result<Value> {
        let value = self.value(node)?;
        match value.ty {
            Type::String | Type::Boolean => Ok(value),
            other => Err(node.error(format!(
                "a choice between strings or booleans is supported, not one of {}",
                other.describe()
            ))),
        }
    }
}

/// The parts of a template, with neighbouring texts joined.
#[derive(Default)]
struct Pieces {
    pieces: Vec<Piece>,
    single: Option<Value>,
}

impl Pieces {
    fn push_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn push(&mut self, value: Value) {
        match &value.expr {
            Expr::String(text) => self.push_text(text),
            _ => {
                self.pieces.push(Piece::Value(value.expr.clone()));
                self.single = Some(value);
            }
        }
    }

    fn into_value(self) -> Value {
        match (self.pieces.as_slice(), self.single) {
            ([], _) => Value::copy(Type::String, Expr::String(String::new())),
            ([Piece::Text(text)], _) => Value::copy(Type::String, Expr::String(text.clone())),
            ([Piece::Value(_)], Some(value)) => value,
            _ => Value {
                hold: Hold::Temporary,
                ..Value::copy(Type::String, Expr::Format(self.pieces))
            },
        }
    }
}

/// A function that is one in the runtime, too.
struct Signature {
    function: Function,
    parameters: &'static [Type],
    returns: Type,
    optional: bool,
    hold: Hold,
}

fn signature(name: &str) -> Option<Signature> {
    use Type::{Arn, Boolean, Integer, String, StringList, Url};

    let (function, parameters, returns, optional, hold): (_, &[_], _, _, _) = match name {
        "isValidHostLabel" => (
            Function::IsValidHostLabel,
            &[String, Boolean],
            Boolean,
            false,
            Hold::Copy,
        ),
        "parseURL" => (Function::ParseUrl, &[String], Url, true, Hold::Temporary),
        "split" => (
            Function::Split,
            &[String, String, Integer],
            StringList,
            false,
            Hold::Temporary,
        ),
        "substring" => (
            Function::Substring,
            &[String, Integer, Integer, Boolean],
            String,
            true,
            Hold::Copy,
        ),
        "uriEncode" => (
            Function::UriEncode,
            &[String],
            String,
            false,
            Hold::Temporary,
        ),
        "aws.parseArn" => (Function::ParseArn, &[String], Arn, true, Hold::Temporary),
        "aws.isVirtualHostableS3Bucket" => (
            Function::IsVirtualHostableS3Bucket,
            &[String, Boolean],
            Boolean,
            false,
            Hold::Copy,
        ),
        _ => return None,
    };
    Some(Signature {
        function,
        parameters,
        returns,
        optional,
        hold,
    })
}

/// The member of a structure: its name in Rust, its type and how the structure holds it.
fn field(ty: Type, name: &str) -> Option<(&'static str, Type, Hold)> {
    Some(match (ty, name) {
        (Type::Partition, "name") => ("name", Type::String, Hold::Copy),
        (Type::Partition, "dnsSuffix") => ("dns_suffix", Type::String, Hold::Copy),
        (Type::Partition, "dualStackDnsSuffix") => {
            ("dual_stack_dns_suffix", Type::String, Hold::Copy)
        }
        (Type::Partition, "implicitGlobalRegion") => {
            ("implicit_global_region", Type::String, Hold::Copy)
        }
        (Type::Partition, "supportsFIPS") => ("supports_fips", Type::Boolean, Hold::Copy),
        (Type::Partition, "supportsDualStack") => {
            ("supports_dual_stack", Type::Boolean, Hold::Copy)
        }
        (Type::Url, "scheme") => ("scheme", Type::String, Hold::Copy),
        (Type::Url, "authority") => ("authority", Type::String, Hold::Copy),
        (Type::Url, "path") => ("path", Type::String, Hold::Copy),
        (Type::Url, "normalizedPath") => ("normalized_path", Type::String, Hold::Place),
        (Type::Url, "isIp") => ("is_ip", Type::Boolean, Hold::Copy),
        (Type::Arn, "partition") => ("partition", Type::String, Hold::Copy),
        (Type::Arn, "service") => ("service", Type::String, Hold::Copy),
        (Type::Arn, "region") => ("region", Type::String, Hold::Copy),
        (Type::Arn, "accountId") => ("account_id", Type::String, Hold::Copy),
        (Type::Arn, "resourceId") => ("resource_id", Type::StringList, Hold::Place),
        _ => return None,
    })
}

/// What the path of a `getAttr` leads to: member names between dots, each with an index perhaps.
fn attribute(node: &Node<'_>, mut value: Value, path: &str) -> Result<Value> {
    for part in path.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, Some(index)),
            None => (part, None),
        };
        if !name.is_empty() || index.is_none() {
            require_set(node, &value)?;
            let (name, ty, hold) = field(value.ty, name).ok_or_else(|| {
                node.error(format!("{} has no member `{name}`", value.ty.describe()))
            })?;
            let base = Box::new(value.expr);
            value = Value {
                hold,
                ..Value::copy(ty, Expr::Field { base, name })
            };
        }
        if let Some(index) = index {
            require(node, &value, Type::StringList)?;
            let index = index.strip_suffix(']').and_then(|index| index.parse().ok());
            let index =
                index.ok_or_else(|| node.error(format!("malformed index in the path `{path}`")))?;
            let list = Box::new(value.expr);
            value = Value {
                optional: true,
                ..Value::copy(Type::String, Expr::Element { list, index })
            };
        }
    }
    Ok(value)
}

fn is_set(value: Value) -> Expr {
    if value.optional {
        Expr::IsSome(Box::new(value.expr))
    } else {
        Expr::Boolean(true)
    }
}

/// A negation as a person would write it.
fn not(condition: Expr) -> Expr {
    match condition {
        Expr::Boolean(value) => Expr::Boolean(!value),
        Expr::Not(inner) => *inner,
        Expr::IsSome(option) => Expr::IsNone(option),
        Expr::IsNone(option) => Expr::IsSome(option),
        Expr::Equal(left, right) => Expr::NotEqual(left, right),
        Expr::NotEqual(left, right) => Expr::Equal(left, right),
        other => Expr::Not(Box::new(other)),
    }
}

fn booleans_equal(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Expr::Boolean(true), other) | (other, Expr::Boolean(true)) => other,
        (Expr::Boolean(false), other) | (other, Expr::Boolean(false)) => not(other),
        (Expr::Not(inner), other) | (other, Expr::Not(inner)) => not(booleans_equal(*inner, other)),
        (left, right) => equal(left, right),
    }
}

/// Equality, with a literal on the right.
fn equal(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (left, right) if left == right => Expr::Boolean(true),
        (Expr::String(_), Expr::String(_)) => Expr::Boolean(false),
        (literal @ Expr::String(_), other) => Expr::Equal(Box::new(other), Box::new(literal)),
        (left, right) => Expr::Equal(Box::new(left), Box::new(right)),
    }
}

fn if_else(condition: Expr, then: Value, otherwise: Value) -> Value {
    match (&condition, &then.expr, &otherwise.expr) {
        (Expr::Boolean(true), _, _) => return then,
        (Expr::Boolean(false), _, _) => return otherwise,
        (_, Expr::Boolean(true), Expr::Boolean(false)) => return Value::boolean(condition),
        (_, Expr::Boolean(false), Expr::Boolean(true)) => return Value::boolean(not(condition)),
        (_, left, right) if left == right => return then,
        _ => {}
    }
    let ty = then.ty;
    let (then_optional, otherwise_optional) = (then.optional, otherwise.optional);
    let optional = then_optional || otherwise_optional;
    let (then, otherwise, hold) = unify(then, otherwise);
    let wrap = |value, is_option| match is_option == optional {
        true => Box::new(value),
        false => Box::new(Expr::Some(Box::new(value))),
    };
    Value {
        expr: Expr::IfElse {
            condition: Box::new(condition),
            then: wrap(then, then_optional),
            otherwise: wrap(otherwise, otherwise_optional),
        },
        ty,
        optional,
        hold,
    }
}

/// The value of `option`, else `other`.
fn or(option: Value, other: Value) -> Value {
    let (ty, optional) = (option.ty, other.optional);
    let (option, other, hold) = unify(option, other);
    let (option, other) = (Box::new(option), Box::new(other));
    Value {
        expr: if optional {
            Expr::Or(option, other)
        } else {
            Expr::UnwrapOr(option, other)
        },
        ty,
        optional,
        hold,
    }
}

fn require(node: &Node<'_>, value: &Value, ty: Type) -> Result<()> {
    if value.ty != ty {
        return Err(mismatch(node, ty, value.ty));
    }
    require_set(node, value)
}

fn require_set(node: &Node<'_>, value: &Value) -> Result<()> {
    if value.optional {
        return Err(node.error("this may be unset here; a condition before it must rule that out, by `isSet` or `assign`"));
    }
    Ok(())
}

fn mismatch(node: &Node<'_>, expected: Type, found: Type) -> crate::error::Error {
    node.error(format!(
        "expected {}, found {}",
        expected.describe(),
        found.describe()
    ))
}

/// Exactly as many arguments as the function takes.
fn arguments<'a, const N: usize>(
    node: &Node<'_>,
    function: &str,
    argv: Vec<Node<'a>>,
) -> Result<[Node<'a>; N]> {
    argv.try_into()
        .map_err(|argv: Vec<_>| wrong_count(node, function, N, argv.len()))
}

fn wrong_count(node: &Node<'_>, function: &str, takes: usize, found: usize) -> crate::error::Error {
    node.error(format!("`{function}` takes {takes} arguments, not {found}"))
}

//! Expressions of the rules language: references, templates and function calls, with their types.

use serde_json::Value as Json;

use super::json::Node;
use super::value::{Owner, Type, Value, booleans_equal, if_else, is_set, not, strings_equal};
use crate::error::{Error, Result};
use crate::ir::endpoint::{Expr, Function, Index, Piece};
use crate::lower::names;

/// The parameters and variables that a rule sees, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Scope {
    variables: Vec<(String, Value)>,
}

impl Scope {
    /// The innermost variable of that name.
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.variables.iter().rfind(|(known, _)| known == name)?;
        Some(value)
    }

    pub(super) fn declare(&mut self, name: impl Into<String>, value: Value) {
        self.variables.push((name.into(), value));
    }

    /// Declares anew, as set, the optional variable of that identifier, and returns what to match
    /// against `Some` for its value.
    pub(super) fn prove_set(&mut self, identifier: &str) -> Expr {
        let variable = Expr::Variable(identifier.to_owned());
        let declared = self
            .variables
            .iter()
            .rfind(|(_, value)| value.expr == variable);
        let Some((name, value)) = declared.cloned() else {
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

    /// A Rust identifier for a name of the model: one that hides nothing.
    pub(super) fn identifier(&self, name: &str) -> String {
        let mut identifier = names::value_name(name);
        while self.is_taken(&identifier) {
            identifier.push('_');
        }
        identifier
    }

    /// Whether the identifier means something already: a variable, the function's own parameter or
    /// a function of the runtime.
    pub(super) fn is_taken(&self, identifier: &str) -> bool {
        let variable = Expr::Variable(identifier.to_owned());
        identifier == "params"
            || Function::ALL
                .iter()
                .any(|function| function.name() == identifier)
            || self
                .variables
                .iter()
                .any(|(_, value)| value.expr == variable)
    }

    /// Any expression.
    fn value(&self, node: &Node<'_>) -> Result<Value> {
        match node.value() {
            Json::String(text) => self.template(node, text),
            Json::Bool(value) => Ok(Value::boolean(Expr::Boolean(*value))),
            Json::Number(number) => {
                let integer = number
                    .as_u64()
                    .and_then(|number| usize::try_from(number).ok());
                let integer = integer
                    .ok_or_else(|| node.error(format!("`{number}` is not a natural number")))?;
                Ok(Value::new(Type::Integer, Expr::Integer(integer)))
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

    /// An expression that has a value of the type.
    fn expect(&self, node: &Node<'_>, ty: Type) -> Result<Value> {
        let value = self.value(node)?;
        require(node, &value, ty, &describe(node))?;
        Ok(value)
    }

    pub(super) fn string(&self, node: &Node<'_>) -> Result<Value> {
        self.expect(node, Type::String)
    }

    fn boolean(&self, node: &Node<'_>) -> Result<Expr> {
        Ok(self.expect(node, Type::Boolean)?.expr)
    }

    fn reference(&self, node: &Node<'_>, name: &str) -> Result<Value> {
        self.find(name).cloned().ok_or_else(|| {
            node.error(format!(
                "`{name}` is neither a parameter nor a variable in scope"
            ))
        })
    }

    /// A string with references in braces; braces that stand for themselves are doubled.
    fn template(&self, node: &Node<'_>, template: &str) -> Result<Value> {
        let unmatched = |brace| node.error(format!("unmatched `{brace}` in `{template}`"));
        let mut pieces = Pieces::default();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            let (text, braced) = rest.split_at(at);
            pieces.push_text(text);
            let (brace, after) = braced.split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                pieces.push_text(brace);
                rest = after;
            } else if brace == "{" {
                let (reference, after) = after.split_once('}').ok_or_else(|| unmatched(brace))?;
                pieces.push(self.shorthand(node, reference)?);
                rest = after;
            } else {
                return Err(unmatched(brace));
            }
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
        require(node, &value, Type::String, &format!("`{shorthand}`"))?;
        Ok(value)
    }

    /// A function call. Other members of the object, such as `assign`, are the caller's business.
    pub(super) fn call(&self, node: &Node<'_>) -> Result<Value> {
        let name = node.require("fn")?;
        let argv = node.require("argv")?.elements()?;
        match name.string()? {
            "isSet" => {
                let [option] = arguments(node, argv)?;
                Ok(Value::boolean(is_set(self.value(&option)?)))
            }
            "not" => {
                let [condition] = arguments(node, argv)?;
                Ok(Value::boolean(not(self.boolean(&condition)?)))
            }
            "booleanEquals" => {
                let [left, right] = arguments(node, argv)?;
                let (left, right) = (self.boolean(&left)?, self.boolean(&right)?);
                Ok(Value::boolean(booleans_equal(left, right)))
            }
            "stringEquals" => {
                let [left, right] = arguments(node, argv)?;
                let (left, right) = (self.string(&left)?, self.string(&right)?);
                Ok(Value::boolean(strings_equal(left.expr, right.expr)))
            }
            "getAttr" => {
                let [value, path] = arguments(node, argv)?;
                attribute(&path, self.value(&value)?, path.string()?)
            }
            "coalesce" => self.coalesce(node, &argv),
            "ite" => {
                let [condition, then, otherwise] = arguments(node, argv)?;
                let condition = self.boolean(&condition)?;
                let then = self.alternative(&then)?;
                let otherwise = self.alternative(&otherwise)?;
                require_same(node, &then, &otherwise)?;
                Ok(if_else(condition, then, otherwise))
            }
            "split" => self.split(node, argv),
            "aws.partition" => {
                let [region] = arguments(node, argv)?;
                let region = Box::new(self.string(&region)?.into_argument());
                Ok(Value::new(Type::Partition, Expr::Partition(region)))
            }
            function => {
                let signature = signature(function);
                let signature = signature.ok_or_else(|| {
                    name.error(format!("the function `{function}` is not supported"))
                })?;
                self.plain_call(node, signature, &argv)
            }
        }
    }

    /// A call of a function that the runtime has with the same parameters.
    fn plain_call(
        &self,
        node: &Node<'_>,
        signature: Signature,
        argv: &[Node<'_>],
    ) -> Result<Value> {
        let Signature {
            function,
            parameters,
            returns,
            optional,
        } = signature;
        if argv.len() != parameters.len() {
            return Err(wrong_count(node, parameters.len(), argv.len()));
        }
        let arguments = argv.iter().zip(parameters);
        let arguments = arguments.map(|(node, ty)| Ok(self.expect(node, *ty)?.into_argument()));
        let arguments = arguments.collect::<Result<_>>()?;
        Ok(Value {
            expr: Expr::Call {
                function,
                arguments,
            },
            ty: returns,
            optional,
            owner: match function {
                Function::ParseArn | Function::ParseUrl | Function::UriEncode => Owner::Expression,
                _ => Owner::Nobody,
            },
        })
    }

    fn split(&self, node: &Node<'_>, argv: Vec<Node<'_>>) -> Result<Value> {
        let [value, delimiter, limit] = arguments(node, argv)?;
        let text = self.string(&value)?;
        if text.owner == Owner::Expression {
            // The parts borrow from the whole, which would be gone before they are read.
            return Err(value.error("splitting a string that is made on the spot is not supported"));
        }
        let separator = self.string(&delimiter)?;
        if separator.expr == Expr::String(String::new()) {
            return Err(delimiter.error("the delimiter must not be empty"));
        }
        let limit = self.expect(&limit, Type::Integer)?;
        let arguments = [text, separator, limit].map(Value::into_argument);
        Ok(Value {
            owner: Owner::Expression,
            ..Value::new(
                Type::StringList,
                Expr::Call {
                    function: Function::Split,
                    arguments: arguments.into(),
                },
            )
        })
    }

    /// The first argument that has a value, else the last one.
    fn coalesce(&self, node: &Node<'_>, argv: &[Node<'_>]) -> Result<Value> {
        let [first, rest @ ..] = argv else {
            return Err(wrong_count(node, 2, 0));
        };
        if rest.is_empty() {
            return Err(wrong_count(node, 2, 1));
        }
        rest.iter()
            .try_fold(self.alternative(first)?, |value, next| {
                let other = self.alternative(next)?;
                require_same(next, &value, &other)?;
                Ok(value.or(other))
            })
    }

    /// An alternative of `coalesce` or `ite`. Strings and booleans are what rule sets choose from;
    /// anything else would have to be borrowed or cloned.
    fn alternative(&self, node: &Node<'_>) -> Result<Value> {
        let value = self.value(node)?;
        if let Type::String | Type::Boolean = value.ty {
            return Ok(value);
        }
        let ty = value.ty.describe();
        Err(node.error(format!(
            "{ty} cannot be an alternative, only strings and booleans can"
        )))
    }
}

/// The parts of a template, with neighboring texts joined.
#[derive(Default)]
struct Pieces {
    pieces: Vec<Piece>,
    last_value: Option<Value>,
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
        if let Expr::String(text) = &value.expr {
            self.push_text(text);
        } else {
            self.pieces.push(Piece::Value(value.expr.clone()));
            self.last_value = Some(value);
        }
    }

    fn into_value(self) -> Value {
        match (self.pieces.as_slice(), self.last_value) {
            ([], _) => Value::new(Type::String, Expr::String(String::new())),
            ([Piece::Text(text)], _) => Value::new(Type::String, Expr::String(text.clone())),
            ([Piece::Value(_)], Some(value)) => value,
            _ => Value {
                owner: Owner::Expression,
                ..Value::new(Type::String, Expr::Format(self.pieces))
            },
        }
    }
}

/// A function that the runtime has with the same parameters.
struct Signature {
    function: Function,
    parameters: &'static [Type],
    returns: Type,
    optional: bool,
}

fn signature(name: &str) -> Option<Signature> {
    use Type::{Arn, Boolean, Integer, String, Url};

    let (function, parameters, returns, optional): (_, &[_], _, _) = match name {
        "isValidHostLabel" => (
            Function::IsValidHostLabel,
            &[String, Boolean],
            Boolean,
            false,
        ),
        "parseURL" => (Function::ParseUrl, &[String], Url, true),
        "substring" => (
            Function::Substring,
            &[String, Integer, Integer, Boolean],
            String,
            true,
        ),
        "uriEncode" => (Function::UriEncode, &[String], String, false),
        "aws.parseArn" => (Function::ParseArn, &[String], Arn, true),
        "aws.isVirtualHostableS3Bucket" => (
            Function::IsVirtualHostableS3Bucket,
            &[String, Boolean],
            Boolean,
            false,
        ),
        _ => return None,
    };
    Some(Signature {
        function,
        parameters,
        returns,
        optional,
    })
}

/// What the path of a `getAttr` leads to: member names between dots, each perhaps with an index.
fn attribute(node: &Node<'_>, mut value: Value, path: &str) -> Result<Value> {
    for part in path.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, Some(index)),
            None => (part, None),
        };
        let container = format!("what `{part}` is looked up in");
        if !name.is_empty() || index.is_none() {
            require_set(node, &value, &container)?;
            let ty = value.ty.describe();
            let member = value.member(name);
            value = member.ok_or_else(|| node.error(format!("{ty} has no member `{name}`")))?;
        }
        if let Some(index) = index {
            require(node, &value, Type::StringList, &container)?;
            let index = index.strip_suffix(']').and_then(parse_index);
            let malformed = || node.error(format!("malformed index in the path `{path}`"));
            value = value.element(index.ok_or_else(malformed)?);
        }
    }
    Ok(value)
}

/// An index: `0` for the first element, `-1` for the last one.
fn parse_index(index: &str) -> Option<Index> {
    match index.strip_prefix('-') {
        Some(from_end) => Some(Index::FromEnd(
            from_end.parse::<usize>().ok()?.checked_sub(1)?,
        )),
        None => Some(Index::FromStart(index.parse().ok()?)),
    }
}

/// How an error speaks of an expression.
fn describe(node: &Node<'_>) -> String {
    let name = |key| node.get(key).and_then(|name| name.string().ok());
    match (name("ref"), name("fn")) {
        (Some(reference), _) => format!("`{reference}`"),
        (None, Some(function)) => format!("the result of `{function}`"),
        (None, None) => format!("`{}`", node.value()),
    }
}

fn require(node: &Node<'_>, value: &Value, ty: Type, what: &str) -> Result<()> {
    if value.ty != ty {
        let (found, expected) = (value.ty.describe(), ty.describe());
        return Err(node.error(format!("{what} is {found}, not {expected}")));
    }
    require_set(node, value, what)
}

fn require_set(node: &Node<'_>, value: &Value, what: &str) -> Result<()> {
    if value.optional {
        return Err(node.error(format!(
            "{what} may be unset here; a condition before must rule that out, by `isSet` or `assign`"
        )));
    }
    Ok(())
}

/// Alternatives must be of one type.
fn require_same(node: &Node<'_>, left: &Value, right: &Value) -> Result<()> {
    if left.ty != right.ty {
        let (left, right) = (left.ty.describe(), right.ty.describe());
        return Err(node.error(format!("a choice between {left} and {right} has no type")));
    }
    Ok(())
}

/// Exactly as many arguments as the function takes.
fn arguments<'a, const N: usize>(call: &Node<'_>, argv: Vec<Node<'a>>) -> Result<[Node<'a>; N]> {
    let found = argv.len();
    argv.try_into().map_err(|_| wrong_count(call, N, found))
}

fn wrong_count(call: &Node<'_>, takes: usize, found: usize) -> Error {
    call.error(format!(
        "wrong number of arguments: {found} instead of {takes}"
    ))
}

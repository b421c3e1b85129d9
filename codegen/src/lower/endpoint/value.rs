//! Values of the rules language: Rust expressions with their types, and what is made of them.

use crate::ir::endpoint::{Expr, Index};

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
    pub(super) fn describe(self) -> &'static str {
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

    /// The member of a structure: its name in Rust and its type.
    pub(super) fn member(self, name: &str) -> Option<(&'static str, Self)> {
        Some(match (self, name) {
            (Self::Partition, "name") => ("name", Self::String),
            (Self::Partition, "dnsSuffix") => ("dns_suffix", Self::String),
            (Self::Partition, "dualStackDnsSuffix") => ("dual_stack_dns_suffix", Self::String),
            (Self::Partition, "implicitGlobalRegion") => ("implicit_global_region", Self::String),
            (Self::Partition, "supportsFIPS") => ("supports_fips", Self::Boolean),
            (Self::Partition, "supportsDualStack") => ("supports_dual_stack", Self::Boolean),
            (Self::Url, "scheme") => ("scheme", Self::String),
            (Self::Url, "authority") => ("authority", Self::String),
            (Self::Url, "path") => ("path", Self::String),
            (Self::Url, "normalizedPath") => ("normalized_path", Self::String),
            (Self::Url, "isIp") => ("is_ip", Self::Boolean),
            (Self::Arn, "partition") => ("partition", Self::String),
            (Self::Arn, "service") => ("service", Self::String),
            (Self::Arn, "region") => ("region", Self::String),
            (Self::Arn, "accountId") => ("account_id", Self::String),
            (Self::Arn, "resourceId") => ("resource_id", Self::StringList),
            _ => return None,
        })
    }
}

/// Who owns a value, which decides how Rust passes it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nobody: it is a `bool`, a `&str`, or an `Option` of one, and is copied.
    Nobody,
    /// A variable or a field, which is borrowed from.
    Place,
    /// The expression itself.
    Expression,
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) expr: Expr,
    pub(super) ty: Type,
    /// Whether the Rust type is an `Option`.
    pub(super) optional: bool,
    pub(super) owner: Owner,
}

impl Value {
    /// A value that is set and copied.
    pub(super) fn new(ty: Type, expr: Expr) -> Self {
        Self {
            expr,
            ty,
            optional: false,
            owner: Owner::Nobody,
        }
    }

    pub(super) fn boolean(expr: Expr) -> Self {
        Self::new(Type::Boolean, expr)
    }

    /// The member of a structure, if the structure has it.
    pub(super) fn member(self, name: &str) -> Option<Self> {
        let (name, ty) = self.ty.member(name)?;
        let base = Box::new(self.expr);
        Some(Self {
            // The other members borrow from what the structure was parsed from.
            owner: match name {
                "normalized_path" | "resource_id" => Owner::Place,
                _ => Owner::Nobody,
            },
            ..Self::new(ty, Expr::Field { base, name })
        })
    }

    /// An element of a list.
    pub(super) fn element(self, index: Index) -> Self {
        let list = Box::new(self.expr);
        Self {
            optional: true,
            ..Self::new(Type::String, Expr::Element { list, index })
        }
    }

    /// As an argument: a `&str`, or a copy.
    pub(super) fn into_argument(self) -> Expr {
        match self.owner {
            Owner::Nobody => self.expr,
            Owner::Place | Owner::Expression => Expr::Borrow(Box::new(self.expr)),
        }
    }

    /// As something to make a `String` of.
    pub(super) fn into_text(self) -> Expr {
        match self.owner {
            Owner::Nobody | Owner::Expression => self.expr,
            // The same rule may read it again.
            Owner::Place => Expr::AsStr(Box::new(self.expr)),
        }
    }

    /// As the value of a new variable, with the owner of what is read through that variable.
    pub(super) fn bind(self) -> (Expr, Owner) {
        match (self.owner, self.ty) {
            (Owner::Nobody, _) => (self.expr, Owner::Nobody),
            (Owner::Expression, _) => (self.expr, Owner::Place),
            (Owner::Place, Type::String) => (Expr::AsStr(Box::new(self.expr)), Owner::Nobody),
            (Owner::Place, _) => (Expr::Borrow(Box::new(self.expr)), Owner::Place),
        }
    }

    /// As a `String`, or an `Option<String>` if the value is optional.
    fn into_owned(self) -> Expr {
        match self.owner {
            Owner::Expression => self.expr,
            _ if self.optional => Expr::MapToOwned(Box::new(self.expr)),
            _ => Expr::ToOwned(Box::new(self.expr)),
        }
    }

    /// The value, or `other` if it is not set.
    pub(super) fn or(self, other: Self) -> Self {
        if !self.optional {
            return self;
        }
        let (ty, optional) = (self.ty, other.optional);
        let (option, other, owner) = unify(self, other);
        let (option, other) = (Box::new(option), Box::new(other));
        Self {
            expr: if optional {
                Expr::Or(option, other)
            } else {
                Expr::UnwrapOr(option, other)
            },
            ty,
            optional,
            owner,
        }
    }
}

/// Gives two alternatives one Rust type: `String` if one of them is made on the spot, else `&str`.
fn unify(left: Value, right: Value) -> (Expr, Expr, Owner) {
    if left.owner == Owner::Expression || right.owner == Owner::Expression {
        (left.into_owned(), right.into_owned(), Owner::Expression)
    } else {
        (left.bind().0, right.bind().0, Owner::Nobody)
    }
}

/// One of two values of one type.
pub(super) fn if_else(condition: Expr, then: Value, otherwise: Value) -> Value {
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
    let (then, otherwise, owner) = unify(then, otherwise);
    let wrap = |value, is_option| {
        if is_option == optional {
            Box::new(value)
        } else {
            Box::new(Expr::Some(Box::new(value)))
        }
    };
    Value {
        expr: Expr::IfElse {
            condition: Box::new(condition),
            then: wrap(then, then_optional),
            otherwise: wrap(otherwise, otherwise_optional),
        },
        ty,
        optional,
        owner,
    }
}

/// Whether the value is set, as a person would ask.
pub(super) fn is_set(value: Value) -> Expr {
    match value.expr {
        _ if !value.optional => Expr::Boolean(true),
        Expr::Element {
            list,
            index: Index::FromStart(0) | Index::FromEnd(0),
        } => not(Expr::IsEmpty(list)),
        option => Expr::IsSome(Box::new(option)),
    }
}

/// A negation as a person would write it.
pub(super) fn not(condition: Expr) -> Expr {
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

pub(super) fn booleans_equal(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Expr::Boolean(true), other) | (other, Expr::Boolean(true)) => other,
        (Expr::Boolean(false), other) | (other, Expr::Boolean(false)) => not(other),
        (Expr::Not(inner), other) | (other, Expr::Not(inner)) => not(booleans_equal(*inner, other)),
        (left, right) => equal(left, right),
    }
}

pub(super) fn strings_equal(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Expr::String(left), Expr::String(right)) => Expr::Boolean(left == right),
        (Expr::String(literal), other) | (other, Expr::String(literal)) if literal.is_empty() => {
            Expr::IsEmpty(Box::new(other))
        }
        // A literal reads best on the right.
        (literal @ Expr::String(_), other) => equal(other, literal),
        (left, right) => equal(left, right),
    }
}

fn equal(left: Expr, right: Expr) -> Expr {
    if left == right {
        Expr::Boolean(true)
    } else {
        Expr::Equal(Box::new(left), Box::new(right))
    }
}

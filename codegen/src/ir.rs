//! What is to be emitted, with every decision taken.
//!
//! Names are Rust's and unique where they stand, types are resolved, documentation is lines of
//! Markdown. Emitters print this and decide nothing.

pub(crate) mod endpoint;

use std::collections::{BTreeMap, BTreeSet};

/// A whole SDK.
#[derive(Debug)]
pub(crate) struct Sdk {
    pub(crate) service: Service,
    pub(crate) operations: Vec<Operation>,
    pub(crate) types: Vec<TypeDefinition>,
    pub(crate) errors: Vec<ErrorStructure>,
    pub(crate) endpoint: endpoint::RuleSet,
    pub(crate) partitions: endpoint::Partitions,
}

/// Facts about the service.
#[derive(Debug)]
pub(crate) struct Service {
    /// The service's name for people, such as `AWS CloudTrail`.
    pub(crate) title: String,
    pub(crate) sdk_id: String,
    pub(crate) signing_name: String,
    pub(crate) target_prefix: String,
    pub(crate) content_type: String,
    /// Whether the service once spoke AWS Query, whose error codes its clients still know.
    pub(crate) query_compatible: bool,
    /// The codes of errors that can be retried.
    pub(crate) retryable_errors: Vec<(String, Retryable)>,
    /// The codes of errors that have a hint, and the hint.
    pub(crate) hints: Vec<(String, String)>,
}

/// What the model says of an error that can be retried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Retryable {
    Modeled,
    Throttling,
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name in the model, and on the wire.
    pub(crate) name: String,
    /// The prefix of its types, such as `CreateTrail`.
    pub(crate) type_name: String,
    /// The type that is the operation by its name alone.
    pub(crate) struct_name: String,
    /// Its module and the client's method, such as `create_trail`.
    pub(crate) method: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) input: Structure,
    pub(crate) output: Structure,
    /// The type names of the errors that the model lists.
    pub(crate) errors: Vec<String>,
    /// The documentation of the operation's error.
    pub(crate) error_docs: Vec<String>,
    /// The codes of these errors.
    pub(crate) error_codes: Vec<String>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) example: Option<Example>,
    pub(crate) endpoint: OperationEndpoint,
    /// Whether requests are signed.
    pub(crate) signed: bool,
    /// Whether the service takes compressed requests.
    pub(crate) compressed: bool,
    /// The operation that tells the endpoint, if this one may only be sent there.
    pub(crate) endpoint_operation: Option<String>,
}

/// A call of an operation, for its documentation.
#[derive(Debug)]
pub(crate) struct Example {
    /// What programs call the crate.
    pub(crate) crate_name: String,
    /// What the call needs of the crate's public modules, by module.
    pub(crate) imports: BTreeMap<&'static str, BTreeSet<String>>,
    /// The builder's setters, called.
    pub(crate) setters: Vec<SetterCall>,
    /// The accessors of the output, or of a page, that are worth reading.
    pub(crate) reads: Vec<String>,
}

/// A call of a builder's setter.
#[derive(Debug)]
pub(crate) struct SetterCall {
    pub(crate) setter: String,
    pub(crate) arguments: Vec<Expression>,
}

/// A value as a program writes it.
#[derive(Debug)]
pub(crate) enum Expression {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    /// A string where anything that becomes a `String` will do.
    Text(String),
    /// A string where only a `String` will do.
    OwnedText(String),
    /// A string that is parsed.
    Parsed(String),
    /// `Type::Variant`, with its value if it has one.
    Variant(String, String, Option<Box<Expression>>),
    /// `Type::function(…)`; whether it can fail.
    Call(String, &'static str, Vec<Expression>, bool),
    /// `Type::builder()…build()`; whether that can fail.
    Builder(String, Vec<SetterCall>, bool),
    Boxed(Box<Expression>),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    Option(Option<Box<Expression>>),
}

/// What an operation changes about the endpoint that it is sent to.
#[derive(Debug, Default)]
pub(crate) struct OperationEndpoint {
    /// Parameters of the endpoint rules, in the order in which they are set.
    pub(crate) parameters: Vec<(String, EndpointValue)>,
    /// The input's field that names the endpoint, in place of the configured one.
    pub(crate) url: Option<String>,
    /// What goes before the host, with `{}` for each of the fields.
    pub(crate) host_prefix: Option<(String, Vec<String>)>,
}

/// The value of a parameter of the endpoint rules.
#[derive(Debug)]
pub(crate) enum EndpointValue {
    String(String),
    Boolean(bool),
    StringList(Vec<String>),
    /// A member of the input, however deep.
    Member(Vec<PathStep>, Type),
    /// The keys of a map.
    Keys(Vec<PathStep>),
    /// Members of every item of a list.
    Each(Vec<PathStep>, Vec<Vec<PathStep>>),
}

/// How an operation goes from page to page.
#[derive(Debug)]
pub(crate) struct Pagination {
    /// The type of the token.
    pub(crate) token: Type,
    /// The input's field for the token.
    pub(crate) input_token: String,
    /// Where the output has the token.
    pub(crate) output_token: Vec<PathStep>,
    /// The input's field for the size of a page, if it has one that is an `i32`.
    pub(crate) page_size: Option<String>,
    /// Where the output has the items, and what an item is.
    pub(crate) items: Option<(Vec<PathStep>, Type)>,
}

/// One field on the way to a nested one.
#[derive(Clone, Debug)]
pub(crate) struct PathStep {
    pub(crate) field: String,
    pub(crate) optional: bool,
}

/// A type in `types`.
#[derive(Debug)]
pub(crate) enum TypeDefinition {
    Structure(Structure),
    Union(Union),
    StringEnum(Enum<String>),
    IntegerEnum(Enum<i32>),
}

impl TypeDefinition {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Structure(structure) => &structure.name,
            Self::Union(union) => &union.name,
            Self::StringEnum(def) => &def.name,
            Self::IntegerEnum(def) => &def.name,
        }
    }

    /// The module of the type's file.
    pub(crate) fn module(&self) -> &str {
        match self {
            Self::Structure(structure) => &structure.module,
            Self::Union(union) => &union.module,
            Self::StringEnum(def) => &def.module,
            Self::IntegerEnum(def) => &def.module,
        }
    }
}

/// A structure.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) members: Vec<Member>,
    /// Whether it stands in requests.
    pub(crate) encode: bool,
    /// Whether it stands in responses.
    pub(crate) decode: bool,
}

impl Structure {
    /// Whether every field is an `Option`, so that the structure can be its own builder.
    pub(crate) fn all_optional(&self) -> bool {
        self.members
            .iter()
            .all(|member| matches!(member.presence, Presence::Optional))
    }
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    /// The name on the wire.
    pub(crate) name: String,
    /// The field and the accessor.
    pub(crate) field: String,
    /// The builder's setter that takes an `Option`.
    pub(crate) setter: String,
    /// The builder's getter.
    pub(crate) getter: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
    /// Whether a request without it is refused.
    pub(crate) required: bool,
    pub(crate) constraints: Constraints,
    pub(crate) sensitive: bool,
    pub(crate) idempotency_token: bool,
}

impl Member {
    /// Whether a call has to set it: an idempotency token is made up.
    pub(crate) fn must_be_set(&self) -> bool {
        self.required && !self.idempotency_token
    }
}

/// Whether a field always has a value.
#[derive(Debug)]
pub(crate) enum Presence {
    /// The field is an `Option`.
    Optional,
    /// The builder fails without it.
    Required,
    /// The builder, and a response without it, fill in this value.
    Default(Literal),
}

/// A default value.
#[derive(Debug)]
pub(crate) enum Literal {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(String),
    Blob(Vec<u8>),
    /// An empty string, blob, list or map.
    Empty,
    /// Seconds since 1970, and nanoseconds.
    Timestamp(i64, u32),
    Document(String),
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    String,
    Blob,
    Timestamp(TimestampFormat),
    Document,
    StringEnum(String),
    IntegerEnum(String),
    Structure(String),
    Union(String),
    Boxed(Box<Type>),
    /// A list; sparse ones have `Option` items.
    List {
        item: Box<Type>,
        sparse: bool,
    },
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sparse: bool,
    },
}

impl Type {
    /// The format of the timestamps in the type, if it is not the protocol's.
    pub(crate) fn timestamp_format(&self) -> TimestampFormat {
        match self {
            Self::Timestamp(format) => *format,
            Self::List { item, .. } => item.timestamp_format(),
            Self::Map { value, .. } => value.timestamp_format(),
            _ => TimestampFormat::EpochSeconds,
        }
    }
}

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TimestampFormat {
    EpochSeconds,
    DateTime,
    HttpDate,
}

/// What the model demands of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constraints {
    pub(crate) length: Option<Bounds<u64>>,
    pub(crate) range: Option<Bounds<f64>>,
    pub(crate) items: Option<Box<Constraints>>,
    pub(crate) keys: Option<Box<Constraints>>,
}

impl Constraints {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A least and a greatest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
}

/// A union.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) variants: Vec<UnionVariant>,
    pub(crate) encode: bool,
    pub(crate) decode: bool,
    pub(crate) sensitive: bool,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct UnionVariant {
    pub(crate) name: String,
    pub(crate) variant: String,
    pub(crate) as_method: String,
    pub(crate) is_method: String,
    pub(crate) docs: Vec<String>,
    /// `None` for a variant without a value.
    pub(crate) ty: Option<Type>,
    pub(crate) constraints: Constraints,
}

/// An enum whose values are `V`s.
#[derive(Debug)]
pub(crate) struct Enum<V> {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) variants: Vec<EnumVariant<V>>,
    pub(crate) sensitive: bool,
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct EnumVariant<V> {
    pub(crate) variant: String,
    pub(crate) value: V,
    pub(crate) docs: Vec<String>,
    pub(crate) deprecated: Option<Deprecated>,
}

/// An error that the service can answer with.
#[derive(Debug)]
pub(crate) struct ErrorStructure {
    /// The codes on the wire.
    pub(crate) codes: Vec<String>,
    /// The method that asks an error whether it is this one.
    pub(crate) is_method: String,
    pub(crate) retryable: Option<Retryable>,
    /// What helps against the error.
    pub(crate) hint: Option<String>,
    pub(crate) structure: Structure,
}

/// A shape that should not be used any more.
#[derive(Clone, Debug)]
pub(crate) struct Deprecated {
    pub(crate) note: Option<String>,
}

//! Endpoint rules and partitions, with every decision taken.
//!
//! A rule set is a tree of rules; what stands here is the Rust function that it becomes: blocks of
//! `let` and `if`, and what each block returns. Names are Rust identifiers, types have been
//! checked, and nothing stands after a rule that always applies.

/// The endpoint rules of a service, as one function from parameters to an endpoint.
#[derive(Debug)]
pub(crate) struct RuleSet {
    /// The parameters that the model declares, by name, whether or not a rule reads them: what an
    /// operation may bind.
    #[expect(dead_code, reason = "no operation binds a parameter yet")]
    pub(crate) parameters: Vec<Parameter>,
    /// The parameters that the function reads, each into a variable.
    pub(crate) bindings: Vec<Binding>,
    pub(crate) body: Block,
}

/// A declared parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// The name in the model: `UseFIPS`.
    pub(crate) name: String,
    pub(crate) ty: ParameterType,
    /// Where its value comes from, when not from the operation or the client's configuration.
    pub(crate) built_in: Option<BuiltIn>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterType {
    String,
    Boolean,
    StringList,
}

/// The built-ins that the runtime knows; it has one field for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    Region,
    UseDualStack,
    UseFips,
    Endpoint,
    AccountId,
    AccountIdEndpointMode,
    CredentialScope,
}

/// A parameter that the function reads.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) parameter: Parameter,
    /// `None` where a required parameter is checked and then not read.
    pub(crate) variable: Option<String>,
    pub(crate) if_unset: IfUnset,
}

/// What becomes of a parameter without a value.
#[derive(Debug)]
pub(crate) enum IfUnset {
    /// The variable is an `Option`.
    None,
    Default(DefaultValue),
    /// The parameter is required and has no default.
    Fail,
}

/// The default value of a parameter.
#[derive(Debug)]
pub(crate) enum DefaultValue {
    String(String),
    Boolean(bool),
    StringList(Vec<String>),
}

/// Statements, and what is returned after them.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) steps: Vec<Step>,
    /// `None` if the block falls through to what follows it.
    pub(crate) outcome: Option<Outcome>,
}

#[derive(Debug)]
pub(crate) enum Step {
    /// `let variable = value;`
    Let { variable: String, value: Expr },
    /// `if condition && condition { … }`
    If {
        conditions: Vec<Condition>,
        then: Block,
    },
}

#[derive(Debug, PartialEq)]
pub(crate) enum Condition {
    Test(Expr),
    /// `let Some(variable) = value`
    LetSome {
        variable: String,
        value: Expr,
    },
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Endpoint(Endpoint),
    /// The rules refuse the parameters, with this message.
    Error(Expr),
    /// The rules of a tree are exhausted: the specification forbids going on to the next tree.
    NoRuleMatched,
}

#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: Expr,
    /// Names and values; a name with several values stands several times.
    pub(crate) headers: Vec<(String, Expr)>,
    pub(crate) auth_schemes: Vec<AuthScheme>,
    /// Properties other than `authSchemes`.
    pub(crate) properties: Vec<(String, Property)>,
}

/// What an endpoint changes about signing.
#[derive(Debug)]
pub(crate) struct AuthScheme {
    pub(crate) name: String,
    pub(crate) signing_name: Option<Expr>,
    pub(crate) signing_region: Option<Expr>,
    pub(crate) signing_region_set: Vec<Expr>,
    pub(crate) disable_double_encoding: bool,
    pub(crate) disable_normalize_path: bool,
}

#[derive(Debug)]
pub(crate) enum Property {
    Boolean(bool),
    String(Expr),
    List(Vec<Property>),
    Map(Vec<(String, Property)>),
}

/// A Rust expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    String(String),
    Boolean(bool),
    Integer(usize),
    Variable(String),
    /// `base.name`
    Field {
        base: Box<Expr>,
        name: &'static str,
    },
    /// An element of a list, as an `Option`.
    Element {
        list: Box<Expr>,
        index: Index,
    },
    /// `format!`
    Format(Vec<Piece>),
    Call {
        function: Function,
        arguments: Vec<Expr>,
    },
    /// The partition of a region.
    Partition(Box<Expr>),
    /// `option.is_some()`
    IsSome(Box<Expr>),
    /// `option.is_none()`
    IsNone(Box<Expr>),
    /// `text.is_empty()`, of a list as well
    IsEmpty(Box<Expr>),
    Not(Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    NotEqual(Box<Expr>, Box<Expr>),
    IfElse {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// `option.or(other)`
    Or(Box<Expr>, Box<Expr>),
    /// `option.unwrap_or(value)`
    UnwrapOr(Box<Expr>, Box<Expr>),
    /// `Some(value)`
    Some(Box<Expr>),
    /// `&value`
    Borrow(Box<Expr>),
    /// `string.as_str()`
    AsStr(Box<Expr>),
    /// `text.to_owned()`
    ToOwned(Box<Expr>),
    /// `option.map(str::to_owned)`
    MapToOwned(Box<Expr>),
}

/// Where an element of a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    /// The first element is 0.
    FromStart(usize),
    /// The last element is 0.
    FromEnd(usize),
}

/// A part of a `format!`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Value(Expr),
}

/// The functions of the rules language that the runtime has under a name of their own; the others
/// become operators and methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Function {
    IsValidHostLabel,
    IsVirtualHostableS3Bucket,
    ParseArn,
    ParseUrl,
    Split,
    Substring,
    UriEncode,
}

impl Function {
    pub(crate) const ALL: [Self; 7] = [
        Self::IsValidHostLabel,
        Self::IsVirtualHostableS3Bucket,
        Self::ParseArn,
        Self::ParseUrl,
        Self::Split,
        Self::Substring,
        Self::UriEncode,
    ];

    /// The name in the runtime.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::IsValidHostLabel => "is_valid_host_label",
            Self::IsVirtualHostableS3Bucket => "is_virtual_hostable_s3_bucket",
            Self::ParseArn => "parse_arn",
            Self::ParseUrl => "parse_url",
            Self::Split => "split",
            Self::Substring => "substring",
            Self::UriEncode => "uri_encode",
        }
    }
}

impl From<Outcome> for Block {
    fn from(outcome: Outcome) -> Self {
        Self {
            steps: Vec::new(),
            outcome: Some(outcome),
        }
    }
}

impl Block {
    /// Whether the block reads the variable.
    pub(crate) fn reads(&self, variable: &str) -> bool {
        self.steps.iter().any(|step| step.reads(variable))
            || self
                .outcome
                .as_ref()
                .is_some_and(|outcome| outcome.reads(variable))
    }
}

impl Step {
    fn reads(&self, variable: &str) -> bool {
        match self {
            Self::Let { value, .. } => value.reads(variable),
            Self::If { conditions, then } => {
                conditions.iter().any(|condition| condition.reads(variable)) || then.reads(variable)
            }
        }
    }
}

impl Condition {
    /// Whether the condition reads the variable.
    pub(crate) fn reads(&self, variable: &str) -> bool {
        match self {
            Self::Test(value) | Self::LetSome { value, .. } => value.reads(variable),
        }
    }
}

impl Outcome {
    fn reads(&self, variable: &str) -> bool {
        match self {
            Self::Endpoint(endpoint) => endpoint.reads(variable),
            Self::Error(message) => message.reads(variable),
            Self::NoRuleMatched => false,
        }
    }
}

impl Endpoint {
    fn reads(&self, variable: &str) -> bool {
        let mut headers = self.headers.iter();
        let mut properties = self.properties.iter();
        self.url.reads(variable)
            || headers.any(|(_, value)| value.reads(variable))
            || self
                .auth_schemes
                .iter()
                .any(|scheme| scheme.reads(variable))
            || properties.any(|(_, property)| property.reads(variable))
    }
}

impl AuthScheme {
    fn reads(&self, variable: &str) -> bool {
        let single = self.signing_name.iter().chain(&self.signing_region);
        single
            .chain(&self.signing_region_set)
            .any(|value| value.reads(variable))
    }
}

impl Property {
    fn reads(&self, variable: &str) -> bool {
        match self {
            Self::Boolean(_) => false,
            Self::String(value) => value.reads(variable),
            Self::List(items) => items.iter().any(|item| item.reads(variable)),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.reads(variable)),
        }
    }
}

impl Expr {
    /// Whether the expression reads the variable.
    pub(crate) fn reads(&self, variable: &str) -> bool {
        match self {
            Self::String(_) | Self::Boolean(_) | Self::Integer(_) => false,
            Self::Variable(name) => name == variable,
            Self::Field { base: inner, .. }
            | Self::Element { list: inner, .. }
            | Self::Partition(inner)
            | Self::IsSome(inner)
            | Self::IsNone(inner)
            | Self::IsEmpty(inner)
            | Self::Not(inner)
            | Self::Some(inner)
            | Self::Borrow(inner)
            | Self::AsStr(inner)
            | Self::ToOwned(inner)
            | Self::MapToOwned(inner) => inner.reads(variable),
            Self::Equal(left, right)
            | Self::NotEqual(left, right)
            | Self::Or(left, right)
            | Self::UnwrapOr(left, right) => left.reads(variable) || right.reads(variable),
            Self::IfElse {
                condition,
                then,
                otherwise,
            } => condition.reads(variable) || then.reads(variable) || otherwise.reads(variable),
            Self::Format(pieces) => pieces.iter().any(|piece| match piece {
                Piece::Text(_) => false,
                Piece::Value(value) => value.reads(variable),
            }),
            Self::Call { arguments, .. } => {
                arguments.iter().any(|argument| argument.reads(variable))
            }
        }
    }
}

/// The partitions of AWS.
#[derive(Debug)]
pub(crate) struct Partitions {
    /// The partition of a region that no other one claims.
    pub(crate) default: Partition,
    pub(crate) others: Vec<Partition>,
}

/// A partition, or a region of one whose properties differ from its other regions'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(crate) name: String,
    pub(crate) dns_suffix: String,
    pub(crate) dual_stack_dns_suffix: String,
    pub(crate) implicit_global_region: String,
    pub(crate) supports_fips: bool,
    pub(crate) supports_dual_stack: bool,
    pub(crate) regions: Vec<String>,
    /// What stands before `-WORD-NUMBER` in the names of the regions that are not listed.
    pub(crate) region_prefixes: Vec<String>,
}

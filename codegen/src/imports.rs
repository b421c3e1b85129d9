//! What generated files import besides types of the service: the names of the runtime.
//!
//! Emitters import by this table, and no type of a service gets a name that stands in it.

/// By module.
const IMPORTS: &[(&str, &[&str])] = &[
    (
        "crate::primitives",
        &["Blob", "DateTime", "Document", "Map"],
    ),
    (
        "crate::runtime::codec",
        &[
            "Constraints",
            "Decoded",
            "Formatted",
            "FromMembers",
            "FromValue",
            "Member",
            "MemberSink",
            "MemberValue",
            "Structure",
            "Unit",
            "serde_types",
        ],
    ),
    (
        "crate::runtime::macros",
        &[
            "client",
            "input",
            "integer_enum",
            "operation_facts",
            "output",
            "service_errors",
            "string_enum",
            "structure",
            "union",
        ],
    ),
    (
        "crate::runtime::operation",
        &[
            "Builder",
            "FromErrorResponse",
            "Operation",
            "idempotency_token",
            "read_error",
        ],
    ),
    (
        "crate::runtime::paginator",
        &[
            "ItemPaginator",
            "Items",
            "PageSize",
            "Paginated",
            "Paginator",
        ],
    ),
    ("crate::runtime::client", &["Handle"]),
    ("crate::runtime::endpoint", &["Params"]),
    (
        "crate::error",
        &[
            "BoxError",
            "BuildError",
            "CreateUnhandledError",
            "ErrorMetadata",
            "ProvideErrorMetadata",
            "SdkError",
            "Unhandled",
        ],
    ),
    ("aws_types::request_id", &["RequestId"]),
    ("std", &["fmt"]),
];

/// The module of a name.
pub(crate) fn module_of(name: &str) -> Option<&'static str> {
    IMPORTS
        .iter()
        .find_map(|(module, names)| names.contains(&name).then_some(*module))
}

/// Every name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    IMPORTS.iter().flat_map(|(_, names)| names.iter().copied())
}

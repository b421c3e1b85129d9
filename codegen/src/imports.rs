//! What generated files import besides types of the service: the names of the runtime.
//!
//! Emitters import by this table, and no type of a service gets a name that stands in it.

/// By module.
const IMPORTS: &[(&str, &[&str])] = &[
    (
        "crate::primitives",
        &["Blob", "DateTime", "Document", "Map"],
    ),
    ("crate::runtime::wire::codec", &["Constraints"]),
    (
        "crate::runtime::macros",
        &[
            "client",
            "input",
            "integer_enum",
            "operation",
            "operation_metadata",
            "output",
            "service_errors",
            "string_enum",
            "structure",
            "union",
        ],
    ),
    ("crate::runtime::fluent::builder", &["Builder"]),
    (
        "crate::runtime::service::operation",
        &["Operation", "idempotency_token"],
    ),
    (
        "crate::runtime::fluent::paginator",
        &["ItemPaginator", "Paginator"],
    ),
    (
        "crate::runtime::service::pagination",
        &["Items", "PageSize", "Paginated"],
    ),
    ("crate::runtime::call::client", &["Handle"]),
    ("crate::runtime::service::endpoint", &["Params"]),
];

/// Names that types of a service do not get, although nothing imports them: types that were named
/// around them must keep their names.
const RESERVED: [&str; 18] = [
    "BoxError",
    "BuildError",
    "CreateUnhandledError",
    "Decoded",
    "ErrorMetadata",
    "Formatted",
    "FromErrorResponse",
    "FromMembers",
    "FromValue",
    "Member",
    "MemberSink",
    "MemberValue",
    "ProvideErrorMetadata",
    "RequestId",
    "SdkError",
    "Structure",
    "Unhandled",
    "Unit",
];

/// The module of a name.
pub(crate) fn module_of(name: &str) -> Option<&'static str> {
    IMPORTS
        .iter()
        .find_map(|(module, names)| names.contains(&name).then_some(*module))
}

/// Every name that no type of a service gets.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let imported = IMPORTS.iter().flat_map(|(_, names)| names.iter().copied());
    imported.chain(RESERVED)
}

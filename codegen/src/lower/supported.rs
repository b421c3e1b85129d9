//! Which traits the generator understands.
//!
//! A trait of these namespaces can change what goes over the wire. One that is not in the list is
//! refused by name, so that a client never leaves out silently what its service needs. So is one of
//! the generator's own namespace that it does not know.

use super::closure::members;
use crate::error::{Error, Result};
use crate::model::{Shape, ShapeId, Traits};

/// What helps against an error, in a sentence; `models/README.md` documents it.
pub(super) const HINT: &str = "codegen#hint";

const OWN_NAMESPACE: &str = "codegen";

const WATCHED_NAMESPACES: [&str; 6] = [
    OWN_NAMESPACE,
    "smithy.api",
    "smithy.rules",
    "aws.api",
    "aws.auth",
    "aws.protocols",
];

/// Traits that the generator honors, and traits that an AWS JSON client need not honor: bindings
/// of HTTP and XML, documentation, and facts for servers and for other tools.
const SUPPORTED: &[&str] = &[
    "aws.api#arn",
    "aws.api#arnReference",
    "aws.api#clientDiscoveredEndpoint",
    "aws.api#clientEndpointDiscovery",
    "aws.api#controlPlane",
    "aws.api#data",
    "aws.api#dataPlane",
    "aws.api#service",
    "aws.api#tagEnabled",
    "aws.api#taggable",
    "aws.auth#cognitoUserPools",
    "aws.auth#sigv4",
    "aws.auth#sigv4a",
    "aws.protocols#awsJson1_0",
    "aws.protocols#awsJson1_1",
    "aws.protocols#awsQuery",
    "aws.protocols#awsQueryCompatible",
    "aws.protocols#awsQueryError",
    "aws.protocols#ec2Query",
    "aws.protocols#ec2QueryName",
    "aws.protocols#restJson1",
    "aws.protocols#restXml",
    HINT,
    "smithy.api#addedDefault",
    "smithy.api#auth",
    "smithy.api#authDefinition",
    "smithy.api#box",
    "smithy.api#clientOptional",
    "smithy.api#cors",
    "smithy.api#default",
    "smithy.api#deprecated",
    "smithy.api#documentation",
    "smithy.api#endpoint",
    "smithy.api#enum",
    "smithy.api#enumValue",
    "smithy.api#error",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#hostLabel",
    "smithy.api#http",
    "smithy.api#httpError",
    "smithy.api#httpHeader",
    "smithy.api#httpLabel",
    "smithy.api#httpPayload",
    "smithy.api#httpPrefixHeaders",
    "smithy.api#httpQuery",
    "smithy.api#httpQueryParams",
    "smithy.api#httpResponseCode",
    "smithy.api#idempotencyToken",
    "smithy.api#idempotent",
    "smithy.api#input",
    "smithy.api#internal",
    "smithy.api#jsonName",
    "smithy.api#length",
    "smithy.api#mediaType",
    "smithy.api#mixin",
    "smithy.api#nestedProperties",
    "smithy.api#noReplace",
    "smithy.api#notProperty",
    "smithy.api#optionalAuth",
    "smithy.api#output",
    "smithy.api#paginated",
    "smithy.api#pattern",
    "smithy.api#private",
    "smithy.api#property",
    "smithy.api#protocolDefinition",
    "smithy.api#range",
    "smithy.api#readonly",
    "smithy.api#recommended",
    "smithy.api#references",
    "smithy.api#requestCompression",
    "smithy.api#required",
    "smithy.api#resourceIdentifier",
    "smithy.api#retryable",
    "smithy.api#sensitive",
    "smithy.api#since",
    "smithy.api#sparse",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.api#timestampFormat",
    "smithy.api#title",
    "smithy.api#trait",
    "smithy.api#uniqueItems",
    "smithy.api#unitType",
    "smithy.api#unstable",
    "smithy.api#xmlAttribute",
    "smithy.api#xmlFlattened",
    "smithy.api#xmlName",
    "smithy.api#xmlNamespace",
    "smithy.rules#clientContextParams",
    "smithy.rules#contextParam",
    "smithy.rules#endpointRuleSet",
    "smithy.rules#endpointTests",
    "smithy.rules#operationContextParams",
    "smithy.rules#staticContextParams",
];

/// Refuses a trait that is not supported.
pub(super) fn check(id: &ShapeId, traits: &Traits) -> Result<()> {
    if traits.has(HINT) && !traits.has("smithy.api#error") {
        return Err(Error::at(
            id,
            format!("trait `{HINT}` is for errors, and this is none"),
        ));
    }
    let unsupported = traits.ids().find(|trait_id| {
        WATCHED_NAMESPACES.contains(&namespace(trait_id)) && !SUPPORTED.contains(trait_id)
    });
    match unsupported {
        Some(own) if namespace(own) == OWN_NAMESPACE => Err(Error::at(
            id,
            format!("trait `{own}` is not known; `{HINT}` is"),
        )),
        Some(trait_id) => Err(Error::at(
            id,
            format!("trait `{trait_id}` can change what goes over the wire and is not supported"),
        )),
        None => Ok(()),
    }
}

fn namespace(trait_id: &str) -> &str {
    trait_id.split('#').next().unwrap_or_default()
}

/// Refuses a trait that is not supported, on a shape or on one of its members.
pub(super) fn check_shape(id: &ShapeId, shape: &Shape) -> Result<()> {
    check(id, &shape.traits)?;
    for (name, member) in members(shape) {
        check(&id.with_member(name), &member.traits)?;
    }
    Ok(())
}

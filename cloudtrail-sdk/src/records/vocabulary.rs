//! The values of members that CloudTrail takes from a list.

use super::member::text_enums;
use crate::runtime::macros::string_enum;
use crate::types::InsightType;

string_enum! {
    /// Who made a request: the `type` of a [`UserIdentity`](super::UserIdentity). See [CloudTrail
    /// userIdentity element][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    IdentityType;
    /// The root user of an account.
    Root => "Root";
    /// An IAM user.
    IamUser => "IAMUser";
    /// A session of a role, from AWS STS.
    AssumedRole => "AssumedRole";
    /// A role that services such as AWS Organizations act for.
    Role => "Role";
    /// A federated user with credentials from `GetFederationToken`.
    FederatedUser => "FederatedUser";
    /// A user of a directory service.
    Directory => "Directory";
    /// Another account.
    AwsAccount => "AWSAccount";
    /// A service that acts on its own account.
    AwsService => "AWSService";
    /// A user of IAM Identity Center.
    IdentityCenterUser => "IdentityCenterUser";
    /// A caller of `AssumeRoleWithSAML`.
    SamlUser => "SAMLUser";
    /// A caller of `AssumeRoleWithWebIdentity`.
    WebIdentityUser => "WebIdentityUser";
    /// An identity that CloudTrail cannot determine: the value `Unknown`.
    UnknownValue => "Unknown";
}

string_enum! {
    /// What an event is about. See [CloudTrail record contents][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    EventType;
    /// An API was called.
    AwsApiCall => "AwsApiCall";
    /// A service did something that relates to a trail.
    AwsServiceEvent => "AwsServiceEvent";
    /// Something was done in the console that is not an API call.
    AwsConsoleAction => "AwsConsoleAction";
    /// Somebody signed in to the console.
    AwsConsoleSignIn => "AwsConsoleSignIn";
    /// An Insights event.
    AwsCloudTrailInsight => "AwsCloudTrailInsight";
    /// An event of a VPC endpoint.
    AwsVpceEvent => "AwsVpceEvent";
    /// Network activity of a VPC endpoint.
    AwsVpceEvents => "AwsVpceEvents";
    /// A summary of many events.
    AwsAggregatedEvent => "AwsAggregatedEvent";
}

string_enum! {
    /// The category of an event. The last three are in event data stores alone, see [the schemas of
    /// CloudTrail Lake][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html
    EventCategory;
    /// A management event.
    Management => "Management";
    /// A data event.
    Data => "Data";
    /// Network activity of a VPC endpoint.
    NetworkActivity => "NetworkActivity";
    /// An Insights event.
    Insight => "Insight";
    /// A summary of many events.
    Aggregated => "Aggregated";
    /// A configuration item of AWS Config.
    ConfigurationItem => "ConfigurationItem";
    /// Evidence of AWS Audit Manager.
    Evidence => "Evidence";
    /// An event from outside of AWS.
    ActivityAuditLog => "ActivityAuditLog";
}

string_enum! {
    /// Whether an Insights event begins or ends something unusual.
    InsightState;
    /// It begins.
    Start => "Start";
    /// It is over.
    End => "End";
}

string_enum! {
    /// Why an event came late or again. See [CloudTrail record contents][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    AddendumReason;
    /// The delivery was late.
    DeliveryDelay => "DELIVERY_DELAY";
    /// A field was missing or wrong in the event that was recorded first.
    UpdatedData => "UPDATED_DATA";
    /// A service was not there, or could not record the event in time.
    ServiceOutage => "SERVICE_OUTAGE";
}

text_enums!(
    IdentityType,
    EventType,
    EventCategory,
    InsightState,
    InsightType,
    AddendumReason
);

//! Who made a request.

use std::borrow::Cow;

use super::macros::structure;
use super::vocabulary::IdentityType;
use crate::primitives::DateTime;

structure! {
    /// Who made a request, and with which credentials. See [CloudTrail userIdentity element][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    UserIdentity, UserIdentityBuilder;
    /// The type of the identity; events of services have none at times.
    "type" => r#type, set_type, get_type: (ref IdentityType);
    /// ID of the identity, such as `AROA…:session` for a session of a role.
    "principalId" => principal_id, set_principal_id, get_principal_id: str;
    /// ARN of the identity; its last part is the name of the user, or of the session.
    "arn" => arn, set_arn, get_arn: str;
    /// The account that granted the permissions.
    "accountId" => account_id, set_account_id, get_account_id: str;
    /// The access key that signed the request; can be empty.
    "accessKeyId" => access_key_id, set_access_key_id, get_access_key_id: str;
    /// The friendly name of the identity. Failed sign-ins hide it, since it could be a password.
    "userName" => user_name, set_user_name, get_user_name: str;
    /// The service that made the request for the identity, such as `cloudformation.amazonaws.com`.
    "invokedBy" => invoked_by, set_invoked_by, get_invoked_by: str;
    /// The external identity provider of a SAML or web identity user.
    "identityProvider" => identity_provider, set_identity_provider, get_identity_provider: str;
    /// The credential of a request that was made for a user of IAM Identity Center.
    "credentialId" => credential_id, set_credential_id, get_credential_id: str;
    /// The user of IAM Identity Center for whom the request was made.
    "onBehalfOf" => on_behalf_of, set_on_behalf_of, get_on_behalf_of: (boxed OnBehalfOf);
    /// The resource within which a service made the request.
    "inScopeOf" => in_scope_of, set_in_scope_of, get_in_scope_of: (boxed InScopeOf);
    /// The account that was delegated the access.
    "invokedByDelegate" => invoked_by_delegate, set_invoked_by_delegate, get_invoked_by_delegate:
        (boxed InvokedByDelegate);
    /// The session, for temporary credentials.
    "sessionContext" => session_context, set_session_context, get_session_context:
        (boxed SessionContext);
}

structure! {
    /// The session of temporary credentials.
    SessionContext, SessionContextBuilder;
    /// When and how the session began.
    "attributes" => attributes, set_attributes, get_attributes: (ref SessionAttributes);
    /// Who issued the credentials. Most users' sessions have an empty one; see
    /// [`UserIdentity::session_issuer`].
    "sessionIssuer" => session_issuer, set_session_issuer, get_session_issuer:
        (boxed SessionIssuer);
    /// The web identity that the credentials were given for.
    "webIdFederationData" => web_id_federation_data, set_web_id_federation_data,
        get_web_id_federation_data: (boxed WebIdFederationData);
    /// The source identity, which stays with a session through all roles that it assumes.
    "sourceIdentity" => source_identity, set_source_identity, get_source_identity: str;
    /// Whether it is a session of `AssumeRoot`.
    "assumedRoot" => assumed_root, set_assumed_root, get_assumed_root: (copy bool) as text;
    /// The version of the instance metadata service that delivered the credentials: `1.0` or `2.0`.
    "ec2RoleDelivery" => ec2_role_delivery, set_ec2_role_delivery, get_ec2_role_delivery: str;
    /// The VPC of the instance that the credentials were issued to.
    "ec2IssuedInVpc" => ec2_issued_in_vpc, set_ec2_issued_in_vpc, get_ec2_issued_in_vpc: str;
}

structure! {
    /// When and how a session began.
    SessionAttributes, SessionAttributesBuilder;
    /// When the credentials were issued.
    "creationDate" => creation_date, set_creation_date, get_creation_date: (ref DateTime);
    /// Whether the credentials were got with MFA.
    "mfaAuthenticated" => mfa_authenticated, set_mfa_authenticated, get_mfa_authenticated:
        (copy bool) as text;
    /// Whether the session began in the console.
    "sessionCredentialFromConsole" => session_credential_from_console,
        set_session_credential_from_console, get_session_credential_from_console:
        (copy bool) as text;
}

structure! {
    /// Who issued temporary credentials: for a session of a role, the role.
    SessionIssuer, SessionIssuerBuilder;
    /// The type of the issuer, such as `Role`.
    "type" => r#type, set_type, get_type: (ref IdentityType);
    /// ID of the issuer.
    "principalId" => principal_id, set_principal_id, get_principal_id: str;
    /// ARN of the issuer.
    "arn" => arn, set_arn, get_arn: str;
    /// Account of the issuer.
    "accountId" => account_id, set_account_id, get_account_id: str;
    /// Name of the issuer.
    "userName" => user_name, set_user_name, get_user_name: str;
}

structure! {
    /// The web identity that credentials were given for.
    WebIdFederationData, WebIdFederationDataBuilder;
    /// The identity provider, such as `accounts.google.com`.
    "federatedProvider" => federated_provider, set_federated_provider, get_federated_provider: str;
    /// What the provider says of the application and the user.
    "attributes" => attributes, set_attributes, get_attributes: (map String, String);
}

structure! {
    /// The user of IAM Identity Center for whom a request was made.
    OnBehalfOf, OnBehalfOfBuilder;
    /// ID of the user in the identity store.
    "userId" => user_id, set_user_id, get_user_id: str;
    /// ARN of the identity store.
    "identityStoreArn" => identity_store_arn, set_identity_store_arn, get_identity_store_arn: str;
}

structure! {
    /// The resource within which a service made a request.
    InScopeOf, InScopeOfBuilder;
    /// ARN of the resource.
    "sourceArn" => source_arn, set_source_arn, get_source_arn: str;
    /// Account of the resource.
    "sourceAccount" => source_account, set_source_account, get_source_account: str;
    /// Type of the resource, such as `AWS::Lambda::Function`.
    "issuerType" => issuer_type, set_issuer_type, get_issuer_type: str;
    /// What the credentials were issued to.
    "credentialsIssuedTo" => credentials_issued_to, set_credentials_issued_to,
        get_credentials_issued_to: str;
}

structure! {
    /// The account that was delegated an access.
    InvokedByDelegate, InvokedByDelegateBuilder;
    /// ID of the account.
    "accountId" => account_id, set_account_id, get_account_id: str;
}

impl UserIdentity {
    /// Who it is, as a person would say it.
    ///
    /// | type | name |
    /// |---|---|
    /// | `Root` | `root` |
    /// | `AssumedRole` | role and session, such as `Admin/alice@example.com` |
    /// | `FederatedUser` | what stands behind `federated-user/` in the ARN |
    /// | `AWSService` | the service, such as `ec2.amazonaws.com` |
    /// | `AWSAccount` | the ID of the account |
    /// | `IdentityCenterUser` | the user's name, or ID in the identity store |
    /// | others, and none | the user's name, or what else there is |
    ///
    /// Where what it is made of is missing, it is the first that is there of the user's name, the end
    /// of the ARN, the ID of the principal, the service that called, the user in the identity store,
    /// and the account.
    pub fn principal_name(&self) -> Option<Cow<'_, str>> {
        let name = match self.r#type {
            Some(IdentityType::Root) => return Some(Cow::Borrowed("root")),
            Some(IdentityType::AssumedRole) => {
                let Some(name) = self.after_in_arn("assumed-role/") else {
                    return self.role_and_session();
                };
                Some(name)
            }
            Some(IdentityType::FederatedUser) => self.after_in_arn("federated-user/"),
            Some(IdentityType::AwsService) => set(&self.invoked_by),
            Some(IdentityType::AwsAccount) => set(&self.account_id),
            Some(IdentityType::IdentityCenterUser) => set(&self.user_name).or(self.user_id()),
            _ => None,
        };
        name.or_else(|| self.some_name()).map(Cow::Borrowed)
    }

    /// Who issued the credentials, if it is said: for a session of a role, the role.
    pub fn session_issuer(&self) -> Option<&SessionIssuer> {
        let issuer = self.session_context.as_ref()?.session_issuer.as_deref()?;
        (*issuer != SessionIssuer::default()).then_some(issuer)
    }

    /// Name and session of a role without an ARN, from who issued the credentials and the ID.
    fn role_and_session(&self) -> Option<Cow<'_, str>> {
        let role = self
            .session_issuer()
            .and_then(|issuer| set(&issuer.user_name));
        let session = set(&self.principal_id).and_then(|id| Some(id.split_once(':')?.1));
        match (role, session) {
            (Some(role), Some(session)) => Some(Cow::Owned(format!("{role}/{session}"))),
            (Some(name), None) | (None, Some(name)) => Some(Cow::Borrowed(name)),
            (None, None) => self.some_name().map(Cow::Borrowed),
        }
    }

    fn some_name(&self) -> Option<&str> {
        let end_of_arn = set(&self.arn).and_then(|arn| arn.rsplit(['/', ':']).next());
        set(&self.user_name)
            .or(end_of_arn.filter(|end| !end.is_empty()))
            .or(set(&self.principal_id))
            .or(set(&self.invoked_by))
            .or(self.user_id())
            .or(set(&self.account_id))
    }

    fn user_id(&self) -> Option<&str> {
        set(&self.on_behalf_of.as_ref()?.user_id)
    }

    fn after_in_arn(&self, part: &str) -> Option<&str> {
        let (_, name) = self.arn.as_deref()?.split_once(part)?;
        (!name.is_empty()).then_some(name)
    }
}

/// Text that is not empty: CloudTrail leaves some members empty where it knows nothing.
fn set(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

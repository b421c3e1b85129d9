//! Why a call has no output.

pub use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
pub use aws_smithy_runtime_api::client::result::CreateUnhandledError;
pub use aws_smithy_types::retry::ProvideErrorKind;

pub use crate::runtime::base::boxed::BoxError;
pub use crate::runtime::base::causes::DisplayErrorContext;
pub use crate::runtime::error::build::{BuildError, UnknownVariantError};
pub use crate::runtime::error::builders::{
    ConstructionFailureBuilder, DispatchFailureBuilder, ResponseErrorBuilder, ServiceErrorBuilder,
    TimeoutErrorBuilder,
};
pub use crate::runtime::error::call_info::{CallInfo, TimeLimit};
pub use crate::runtime::error::construction::ConstructionError;
pub use crate::runtime::error::metadata::{
    ErrorMetadata, ErrorMetadataBuilder, ProvideErrorMetadata,
};
pub use crate::runtime::error::modeled::{ErrorBuilder, Unhandled};
pub use crate::runtime::error::sdk_error::{
    ConstructionFailure, DispatchFailure, ResponseError, SdkError, ServiceError, TimeoutError,
};
pub use crate::runtime::wire::http::ConnectorError;

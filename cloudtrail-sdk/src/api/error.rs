//! Why a call has no output.

pub use crate::runtime::error::{
    BoxError, BuildError, CallInfo, ConstructionError, ConstructionFailure, CreateUnhandledError,
    DispatchFailure, DisplayErrorContext, ErrorBuilder, ErrorMetadata, ErrorMetadataBuilder,
    ProvideErrorMetadata, ResponseError, SdkError, ServiceError, TimeLimit, TimeoutError,
    Unhandled, UnknownVariantError,
};
pub use crate::runtime::http::{ConnectorError, HttpResponse};

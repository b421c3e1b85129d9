//! Who calls, told in `user-agent` and `x-amz-user-agent`.

use super::ServiceMetadata;

const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// `{sdk}/{version} ua/2.1 api/{service}/{version} os/{os} lang/rust/{version}`.
pub(super) fn user_agent(service: &ServiceMetadata) -> String {
    let api: String = service.sdk_id.to_lowercase().replace(' ', "");
    let os = match std::env::consts::OS {
        known @ ("linux" | "macos" | "windows" | "android" | "ios") => known,
        _ => "other",
    };
    format!("{NAME}/{VERSION} ua/2.1 api/{api}/{VERSION} os/{os} lang/rust/{RUST_VERSION}")
}

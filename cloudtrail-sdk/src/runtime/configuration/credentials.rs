//! The default credentials: the first provider that is configured gives them.
//!
//! Environment variables, profile, web identity, container, instance metadata: in this order. A
//! provider that is not configured says `CredentialsError::CredentialsNotLoaded`, and the next
//! one is asked. Any other failure ends the search: whoever set up a provider wants its identity
//! and not another one. So does a program that names a profile, for which credentials in
//! environment variables are not looked at.
//!
//! Nothing is cached here but what a provider must keep between two loads; the client caches.
//!
//! Roles that a program names are assumed with what the chain, or a provider of its own, gives.

mod assume_role;
mod cache_file;
mod chain;
mod container;
mod context;
mod document;
mod dpop;
mod endpoint;
mod exchange;
mod failure;
mod imds;
mod login;
mod process;
mod profile;
mod refusal;
mod sso;
mod sts;
mod web_identity;
mod xml;

pub use self::assume_role::AssumeRole;
pub(crate) use self::assume_role::{Assume, assumed};
pub(crate) use self::chain::{DefaultChain, region_from_imds};
pub(crate) use self::context::Context;

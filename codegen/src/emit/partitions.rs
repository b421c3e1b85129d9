//! Prints the table of partitions.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::endpoint::{Partition, Partitions};

/// Prints the module that holds the partitions.
pub(crate) fn emit(partitions: &Partitions) -> TokenStream {
    let default = partition(&partitions.default);
    let others = partitions.others.iter().map(partition);
    quote! {
        //! The partitions of AWS.

        #![allow(dead_code, reason = "the rules of some services ask for no partition")]

        use crate::runtime::service::endpoint::partition::{Partition, Partitions};

        /// Every partition, with its regions.
        pub(crate) static PARTITIONS: Partitions = Partitions {
            default: #default,
            others: &[#(#others),*],
        };
    }
}

fn partition(partition: &Partition) -> TokenStream {
    let Partition {
        name,
        dns_suffix,
        dual_stack_dns_suffix,
        implicit_global_region,
        supports_fips,
        supports_dual_stack,
        regions,
        region_prefixes,
    } = partition;
    quote! {
        Partition {
            name: #name,
            dns_suffix: #dns_suffix,
            dual_stack_dns_suffix: #dual_stack_dns_suffix,
            implicit_global_region: #implicit_global_region,
            supports_fips: #supports_fips,
            supports_dual_stack: #supports_dual_stack,
            regions: &[#(#regions),*],
            region_prefixes: &[#(#region_prefixes),*],
        }
    }
}

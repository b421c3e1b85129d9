//! The operations of the service, each called with no more than its input must have.

use std::error::Error;
use std::fmt::Debug;

use cloudtrail_sdk::Client;
use cloudtrail_sdk::error::{DisplayErrorContext, SdkError};

/// Calls an operation and looks at all of what comes back.
pub type Call = fn(&Client);

macro_rules! operations {
    ($($method:ident($($setter:ident: $value:expr),*),)+) => {
        /// Every operation, in the order of the methods.
        pub const OPERATIONS: &[Call] = &[
            $(|client| examine(crate::run(client.$method()$(.$setter($value))*.send())),)+
        ];
    };
}

fn examine<T: Debug, E: Error + 'static>(result: Result<T, SdkError<E>>) {
    match result {
        Ok(output) => drop(format!("{output:?}")),
        Err(error) => {
            assert!(
                !matches!(error, SdkError::ConstructionFailure(_)),
                "no request was sent: {}",
                DisplayErrorContext(&error)
            );
            drop(format!("{error} {error:?} {}", DisplayErrorContext(&error)));
        }
    }
}

operations! {
    add_tags(resource_id: "x", set_tags_list: Some(vec![])),
    cancel_query(query_id: "x"),
    create_channel(name: "x", source: "x", set_destinations: Some(vec![])),
    create_dashboard(name: "x"),
    create_event_data_store(name: "x"),
    create_trail(name: "x", s3_bucket_name: "x"),
    delete_channel(channel: "x"),
    delete_dashboard(dashboard_id: "x"),
    delete_event_data_store(event_data_store: "x"),
    delete_resource_policy(resource_arn: "x"),
    delete_trail(name: "x"),
    deregister_organization_delegated_admin(delegated_admin_account_id: "x"),
    describe_query(),
    describe_trails(),
    disable_federation(event_data_store: "x"),
    enable_federation(event_data_store: "x", federation_role_arn: "x"),
    generate_query(set_event_data_stores: Some(vec![]), prompt: "x"),
    get_channel(channel: "x"),
    get_dashboard(dashboard_id: "x"),
    get_event_configuration(),
    get_event_data_store(event_data_store: "x"),
    get_event_selectors(trail_name: "x"),
    get_import(import_id: "x"),
    get_insight_selectors(),
    get_query_results(query_id: "x"),
    get_resource_policy(resource_arn: "x"),
    get_trail(name: "x"),
    get_trail_status(name: "x"),
    list_channels(),
    list_dashboards(),
    list_event_data_stores(),
    list_import_failures(import_id: "x"),
    list_imports(),
    list_insights_data(insight_source: "x", data_type: "x".into()),
    list_insights_metric_data(event_source: "x", event_name: "x", insight_type: "x".into()),
    list_public_keys(),
    list_queries(event_data_store: "x"),
    list_tags(set_resource_id_list: Some(vec![])),
    list_trails(),
    lookup_events(),
    put_event_configuration(),
    put_event_selectors(trail_name: "x"),
    put_insight_selectors(set_insight_selectors: Some(vec![])),
    put_resource_policy(resource_arn: "x", resource_policy: "x"),
    register_organization_delegated_admin(member_account_id: "x"),
    remove_tags(resource_id: "x", set_tags_list: Some(vec![])),
    restore_event_data_store(event_data_store: "x"),
    search_sample_queries(search_phrase: "x"),
    start_dashboard_refresh(dashboard_id: "x"),
    start_event_data_store_ingestion(event_data_store: "x"),
    start_import(),
    start_logging(name: "x"),
    start_query(),
    stop_event_data_store_ingestion(event_data_store: "x"),
    stop_import(import_id: "x"),
    stop_logging(name: "x"),
    update_channel(channel: "x"),
    update_dashboard(dashboard_id: "x"),
    update_event_data_store(event_data_store: "x"),
    update_trail(name: "x"),
}

//! What Insights events say.
//!
//! Trails have it in `insightDetails`, event data stores in members of the record itself that begin
//! with `insight`. One [`InsightContext`] serves both, with members of each.

use super::macros::structure;
use super::vocabulary::InsightState;
use crate::types::InsightType;

structure! {
    /// What was unusual, as trails have it. See [CloudTrail Insights insightDetails element][guide].
    ///
    /// [guide]: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-insightDetails.html
    InsightDetails, InsightDetailsBuilder;
    /// Whether it begins or ends.
    "state" => state, set_state, get_state: (ref InsightState);
    /// The service that was called.
    "eventSource" => event_source, set_event_source, get_event_source: str;
    /// What was called.
    "eventName" => event_name, set_event_name, get_event_name: str;
    /// What was measured.
    "insightType" => insight_type, set_insight_type, get_insight_type: (ref InsightType);
    /// The error whose rate is unusual.
    "errorCode" => error_code, set_error_code, get_error_code: str;
    /// What was measured, and whose calls make the difference.
    "insightContext" => insight_context, set_insight_context, get_insight_context:
        (ref InsightContext);
}

structure! {
    /// What was measured, and whose calls make the difference.
    InsightContext, InsightContextBuilder;
    /// The averages and durations, in events of trails.
    "statistics" => statistics, set_statistics, get_statistics: (ref InsightStatistics);
    /// Usual calls per minute, in event data stores.
    "baselineAverage" => baseline_average, set_baseline_average, get_baseline_average: (copy f64);
    /// Calls per minute while it was unusual, in event data stores.
    "insightAverage" => insight_average, set_insight_average, get_insight_average: (copy f64);
    /// Minutes that the usual rate was measured, in event data stores.
    "baselineDuration" => baseline_duration, set_baseline_duration, get_baseline_duration:
        (copy f64);
    /// Minutes that it was unusual, in event data stores.
    "insightDuration" => insight_duration, set_insight_duration, get_insight_duration: (copy f64);
    /// The users, user agents and error codes that were seen most, against what is usual.
    "attributions" => attributions, set_attributions, get_attributions:
        (list InsightAttribution);
}

structure! {
    /// The averages and durations of an Insights event. Events of 2019 have no durations.
    InsightStatistics, InsightStatisticsBuilder;
    /// The usual rate.
    "baseline" => baseline, set_baseline, get_baseline: (ref InsightAverage);
    /// The unusual rate.
    "insight" => insight, set_insight, get_insight: (ref InsightAverage);
    /// Minutes that it was unusual.
    "insightDuration" => insight_duration, set_insight_duration, get_insight_duration: (copy f64);
    /// Minutes that the usual rate was measured.
    "baselineDuration" => baseline_duration, set_baseline_duration, get_baseline_duration:
        (copy f64);
}

structure! {
    /// A rate of calls.
    InsightAverage, InsightAverageBuilder;
    /// Calls per minute.
    "average" => average, set_average, get_average: (copy f64);
}

structure! {
    /// The values of an attribute that were seen most, against what is usual.
    InsightAttribution, InsightAttributionBuilder;
    /// The attribute, such as `userIdentityArn`, `userAgent` or `errorCode`.
    "attribute" => attribute, set_attribute, get_attribute: str;
    /// What was seen while it was unusual.
    "insight" => insight, set_insight, get_insight: (list InsightValue);
    /// What is usual.
    "baseline" => baseline, set_baseline, get_baseline: (list InsightValue);
    /// The value seen most while it was unusual, in older events of event data stores.
    "insightValue" => insight_value, set_insight_value, get_insight_value: str;
    /// Calls per minute with that value.
    "insightAverage" => insight_average, set_insight_average, get_insight_average: (copy f64);
    /// The value that is usual, in older events of event data stores.
    "baselineValue" => baseline_value, set_baseline_value, get_baseline_value: str;
    /// Calls per minute with that value.
    "baselineAverage" => baseline_average, set_baseline_average, get_baseline_average: (copy f64);
}

structure! {
    /// A value of an attribute, and how often it was seen.
    InsightValue, InsightValueBuilder;
    /// The value. Of the attribute `errorCode`, the text `null` is calls without an error.
    "value" => value, set_value, get_value: str;
    /// Calls per minute.
    "average" => average, set_average, get_average: (copy f64);
}

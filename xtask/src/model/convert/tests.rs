use super::*;

/// A service whose parts tests replace.
fn service() -> Value {
    json!({
        "version": "2.0",
        "documentation": "<p>PROSE</p>",
        "metadata": {
            "apiVersion": "2020-01-02",
            "endpointPrefix": "zoo",
            "jsonVersion": "1.1",
            "protocol": "json",
            "protocols": ["json"],
            "serviceFullName": "Amazon Zoo",
            "serviceId": "Zoo Keeper",
            "signatureVersion": "v4",
            "targetPrefix": "com.amazonaws.zoo.v20200102.Zoo_20200102",
            "uid": "zoo-2020-01-02"
        },
        "operations": {
            "Feed": {
                "name": "Feed",
                "documentation": "<p>PROSE</p>",
                "http": { "method": "POST", "requestUri": "/" },
                "input": { "shape": "FeedRequest" },
                "output": { "shape": "FeedResponse" },
                "errors": [{ "shape": "Bitten" }, { "shape": "Bitten" }]
            }
        },
        "shapes": {
            "FeedRequest": {
                "type": "structure",
                "required": ["Animal"],
                "members": {
                    "Food": { "shape": "Text", "documentation": "<p>PROSE</p>" },
                    "Animal": { "shape": "Animal" },
                    "NextToken": { "shape": "Text" },
                    "Limit": { "shape": "Count" }
                }
            },
            "FeedResponse": {
                "type": "structure",
                "members": {
                    "NextToken": { "shape": "Text" },
                    "Animals": { "shape": "Animals" },
                    "Report": { "shape": "Report" }
                }
            },
            "Report": { "type": "structure", "members": { "Animals": { "shape": "Animals" } } },
            "Animals": { "type": "list", "member": { "shape": "Animal" }, "max": 3 },
            "Animal": { "type": "string", "enum": ["ape", "sea lion"], "max": 8 },
            "Count": { "type": "integer", "min": 1, "max": 10, "box": true },
            "Text": { "type": "string", "min": 1, "pattern": "[a-z]+" },
            "Bitten": {
                "type": "structure",
                "members": {},
                "exception": true,
                "documentation": "<p>PROSE</p>"
            }
        }
    })
}

fn convert(service: &Value) -> Result<Conversion> {
    to_smithy(&service.to_string(), None, None)
}

/// The shape `name` of a service in which `pointer` is `value`.
fn shape_with(pointer: &str, value: Value, name: &str) -> Value {
    let model = convert(&with(pointer, value))
        .expect("a good service")
        .model;
    json!(model.shapes[&format!("com.amazonaws.zookeeper#{name}")])
}

fn with(pointer: &str, value: Value) -> Value {
    let mut service = service();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer to a key");
    service
        .pointer_mut(parent)
        .expect("there is such an object")[key] = value;
    service
}

/// What is said about a service in which `pointer` is `value`.
fn error_with(pointer: &str, value: Value) -> String {
    match convert(&with(pointer, value)) {
        Ok(_) => panic!("{pointer} was accepted"),
        Err(error) => format!("{error:#}"),
    }
}

fn paginated_as(pagination: Value) -> Conversion {
    let paginators = json!({ "pagination": { "Feed": pagination } });
    to_smithy(&service().to_string(), Some(&paginators.to_string()), None).expect("good paginators")
}

#[test]
fn a_service_as_a_whole() {
    let conversion = convert(&service()).expect("a good service");
    assert!(conversion.notes.is_empty());
    let id = |name: &str| format!("com.amazonaws.zookeeper#{name}");
    let target = |name: &str| json!({ "target": id(name) });
    let expected = json!({
        "smithy": "2.0",
        "shapes": {
            id("Zoo_20200102"): {
                "type": "service",
                "version": "2020-01-02",
                "operations": [target("Feed")],
                "traits": {
                    "aws.api#service": { "sdkId": "Zoo Keeper", "endpointPrefix": "zoo" },
                    "aws.auth#sigv4": { "name": "zoo" },
                    "aws.protocols#awsJson1_1": {},
                    "smithy.api#title": "Amazon Zoo",
                },
            },
            id("Feed"): {
                "type": "operation",
                "input": target("FeedRequest"),
                "output": target("FeedResponse"),
                "errors": [target("Bitten")],
            },
            id("FeedRequest"): {
                "type": "structure",
                "members": {
                    "Food": target("Text"),
                    "Animal": { "target": id("Animal"), "traits": { "smithy.api#required": {} } },
                    "NextToken": target("Text"),
                    "Limit": target("Count"),
                },
                "traits": { "smithy.api#input": {} },
            },
            id("FeedResponse"): {
                "type": "structure",
                "members": {
                    "NextToken": target("Text"),
                    "Animals": target("Animals"),
                    "Report": target("Report"),
                },
                "traits": { "smithy.api#output": {} },
            },
            id("Report"): { "type": "structure", "members": { "Animals": target("Animals") } },
            id("Animals"): {
                "type": "list",
                "member": target("Animal"),
                "traits": { "smithy.api#length": { "max": 3 } },
            },
            id("Animal"): {
                "type": "enum",
                "members": {
                    "ape": {
                        "target": "smithy.api#Unit",
                        "traits": { "smithy.api#enumValue": "ape" },
                    },
                    "sea_lion": {
                        "target": "smithy.api#Unit",
                        "traits": { "smithy.api#enumValue": "sea lion" },
                    },
                },
            },
            id("Count"): {
                "type": "integer",
                "traits": { "smithy.api#range": { "min": 1, "max": 10 } },
            },
            id("Text"): {
                "type": "string",
                "traits": {
                    "smithy.api#length": { "min": 1 },
                    "smithy.api#pattern": "^[a-z]+$",
                },
            },
            id("Bitten"): {
                "type": "structure",
                "members": {},
                "traits": { "smithy.api#error": "client" },
            },
        },
    });
    assert_eq!(json!(conversion.model), expected);
}

#[test]
fn members_keep_their_order() {
    // Not by way of `Value`, which may sort.
    let service = service().to_string().replace(
        &json!({ "shape": "Report" }).to_string(),
        r#"{"shape":"Report"},"Zebras":{"shape":"Count"},"Apes":{"shape":"Count"}"#,
    );
    let model = to_smithy(&service, None, None)
        .expect("a good service")
        .model;
    let members = model.shapes["com.amazonaws.zookeeper#FeedResponse"]
        .members
        .as_ref();
    let names: Vec<&str> = members
        .expect("a structure")
        .iter()
        .map(|(name, _)| name)
        .collect();
    let position = |name| names.iter().position(|n| *n == name);
    assert!(position("Report") < position("Zebras"));
    assert!(position("Zebras") < position("Apes"));
}

#[test]
fn prose_is_left_out() {
    let rules =
        json!({ "parameters": { "Region": { "type": "string", "documentation": "PROSE" } } });
    let text = service().to_string();
    let model = to_smithy(&text, None, Some(&rules.to_string()))
        .expect("a good service")
        .model;
    let text = serde_json::to_string(&model).expect("a model is JSON");
    assert!(text.contains(r#"{"Region":{"type":"string"}}"#), "{text}");
    assert!(!text.contains("PROSE"), "{text}");
}

#[test]
fn anything_unknown_is_an_error_that_names_it() {
    for (pointer, parts) in [
        (
            "/shapes/Text/xmlAttribute",
            &["`Text`", "`xmlAttribute`"][..],
        ),
        (
            "/shapes/FeedRequest/members/Food/locationName",
            &["`FeedRequest`", "`Food`", "`locationName`"],
        ),
        (
            "/operations/Feed/httpChecksum",
            &["`Feed`", "`httpChecksum`"],
        ),
        ("/metadata/ripsServiceName", &["`ripsServiceName`"]),
        ("/partitions", &["`partitions`"]),
    ] {
        let error = error_with(pointer, json!("x"));
        for part in parts {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
    }
}

#[test]
fn an_unknown_key_is_told_apart_from_what_is_known() {
    let error = error_with("/shapes/FeedRequest/members/Food/locationName", json!("x"));
    let expected = "service-2.json has something that xtask/src/model/botocore.rs does not know: \
        `FeedRequest`: `Food`: unknown field `locationName`, expected one of `shape`, ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn what_cannot_be_is_an_error_that_says_where() {
    for (pointer, value, message) in [
        (
            "/metadata/jsonVersion",
            json!("2.0"),
            "the service itself: `jsonVersion` is `2.0`; only 1.0 and 1.1 are known",
        ),
        (
            "/metadata/signatureVersion",
            json!("s3"),
            "the service itself: `signatureVersion` is `s3`; only `v4` is known",
        ),
        (
            "/metadata/targetPrefix",
            json!("zoo.Feed"),
            "the service `Feed` has the name of a shape, which Smithy does not allow",
        ),
        (
            "/operations/Feed/name",
            json!("Fed"),
            "operation `Feed`: its `name` is `Fed`; it is not clear which of the two the wire \
             needs",
        ),
        (
            "/operations/Feed/http/method",
            json!("GET"),
            "operation `Feed`: awsJson sends `POST /`, not `GET /`",
        ),
        (
            "/operations/Feed/input/shape",
            json!("Text"),
            "operation `Feed`: its input or output `Text` is a string, not a structure",
        ),
        (
            "/operations/Feed/output/shape",
            json!("Meal"),
            "operation `Feed`: there is no shape `Meal`",
        ),
        (
            "/operations/Feed/errors/0/shape",
            json!("FeedRequest"),
            "operation `Feed`: its error `FeedRequest` is a shape without `exception`",
        ),
        (
            "/operations/Feed/authtype",
            json!("v4-unsigned-body"),
            "operation `Feed`: `authtype` \"v4-unsigned-body\" with `auth` [] is not known to this \
             converter",
        ),
        (
            "/shapes/Text/type",
            json!("character"),
            "shape `Text`: a character with `pattern`",
        ),
        (
            "/shapes/Count/type",
            json!("short"),
            "shape `Count`: type `short` is not known to this converter",
        ),
        (
            "/shapes/Count/type",
            json!("boolean"),
            "shape `Count`: a boolean with `min` or `max`",
        ),
        (
            "/shapes/Count/type",
            json!("list"),
            "shape `Count`: a list without `member`",
        ),
        (
            "/shapes/Animals/member/shape",
            json!("Beast"),
            "shape `Animals`: there is no shape `Beast`",
        ),
        (
            "/shapes/FeedRequest/required",
            json!(["Drink"]),
            "shape `FeedRequest`: `required` names `Drink`, which is no member",
        ),
        (
            "/shapes/FeedRequest/members/Food/shape",
            json!("Fruit"),
            "shape `FeedRequest`: member `Food`: there is no shape `Fruit`",
        ),
        (
            "/shapes/FeedRequest/fault",
            json!(true),
            "shape `FeedRequest`: `error`, `fault` or `retryable` without `exception`",
        ),
    ] {
        assert_eq!(error_with(pointer, value), message, "{pointer}");
    }
}

#[test]
fn a_service_without_json_is_refused() {
    let mut service = with("/metadata/protocol", json!("rest-json"));
    service["metadata"]["protocols"] = json!(["rest-json"]);
    let error = convert(&service).err().expect("another protocol");
    assert_eq!(
        format!("{error:#}"),
        "the service itself: it speaks `rest-json`, which is not a JSON protocol that this \
         converter knows"
    );
}

#[test]
fn json_is_found_among_other_protocols() {
    let mut service = with("/metadata/protocol", json!("smithy-rpc-v2-cbor"));
    service["metadata"]["protocols"] = json!(["smithy-rpc-v2-cbor", "json"]);
    let model = convert(&service).expect("a good service").model;
    let traits = &model.shapes["com.amazonaws.zookeeper#Zoo_20200102"].traits;
    assert!(traits.contains_key("aws.protocols#awsJson1_1"));
}

#[test]
fn paginators() {
    let pagination = json!({
        "input_token": "NextToken",
        "output_token": "NextToken",
        "limit_key": "Limit",
        "result_key": ["Report.Animals", "Animals"],
    });
    let conversion = paginated_as(pagination);
    assert_eq!(
        conversion.model.shapes["com.amazonaws.zookeeper#Feed"].traits["smithy.api#paginated"],
        json!({
            "inputToken": "NextToken",
            "outputToken": "NextToken",
            "pageSize": "Limit",
            "items": "Report.Animals",
        })
    );
    assert_eq!(
        conversion.notes,
        [r#"Feed: of its results ["Report.Animals", "Animals"], `Report.Animals` are the items"#]
    );
}

#[test]
fn paginators_that_smithy_cannot_express_are_noted() {
    for (pagination, note) in [
        (
            json!({ "input_token": ["A", "B"], "output_token": ["A", "B"] }),
            "Feed: not paginated: it takes several tokens",
        ),
        (
            json!({ "input_token": "NextToken", "output_token": "Animals[-1]" }),
            "Feed: not paginated: its next token is the expression `Animals[-1]`",
        ),
        (
            json!({
                "input_token": "NextToken",
                "output_token": "NextToken",
                "result_key": "Report",
            }),
            "Feed: no items: `Report` is a structure",
        ),
        (
            json!({
                "input_token": "NextToken",
                "output_token": "NextToken",
                "more_results": "More",
            }),
            "Feed: the pages end where the token does; `More` is not looked at",
        ),
    ] {
        assert_eq!(paginated_as(pagination).notes, [note]);
    }
}

#[test]
fn errors() {
    for (keys, traits) in [
        (
            json!({ "fault": true }),
            json!({ "smithy.api#error": "server" }),
        ),
        (
            json!({ "error": { "httpStatusCode": 503 } }),
            json!({ "smithy.api#error": "server", "smithy.api#httpError": 503 }),
        ),
        (
            json!({ "error": { "httpStatusCode": 429, "senderFault": true, "code": "Ouch" } }),
            json!({
                "smithy.api#error": "client",
                "smithy.api#httpError": 429,
                "aws.protocols#awsQueryError": { "code": "Ouch", "httpResponseCode": 429 },
            }),
        ),
        (
            json!({ "retryable": { "throttling": true } }),
            json!({ "smithy.api#error": "client", "smithy.api#retryable": { "throttling": true } }),
        ),
        (
            json!({ "retryable": { "throttling": false } }),
            json!({ "smithy.api#error": "client", "smithy.api#retryable": {} }),
        ),
    ] {
        let mut shape = json!({ "type": "structure", "members": {}, "exception": true });
        for (key, value) in keys.as_object().expect("an object") {
            shape[key] = value.clone();
        }
        assert_eq!(
            shape_with("/shapes/Bitten", shape, "Bitten")["traits"],
            traits
        );
    }
}

#[test]
fn unions_documents_and_event_streams() {
    let members = json!({ "Text": { "shape": "Text" } });
    for (shape, kind, traits) in [
        (
            json!({ "type": "structure", "members": members, "union": true }),
            "union",
            Value::Null,
        ),
        (
            json!({ "type": "structure", "members": {}, "document": true }),
            "document",
            Value::Null,
        ),
        (
            json!({
                "type": "structure",
                "members": members,
                "eventstream": true,
                "required": ["Text"],
            }),
            "union",
            json!({ "smithy.api#streaming": {} }),
        ),
    ] {
        let shape = shape_with("/shapes/New", shape, "New");
        assert_eq!(shape["type"], kind);
        assert_eq!(shape["traits"], traits);
        assert_eq!(shape["members"]["Text"]["traits"], Value::Null);
    }
}

#[test]
fn traits_of_operations_and_members() {
    for (key, value, trait_id, expected) in [
        (
            "idempotent",
            json!(true),
            "smithy.api#idempotent",
            json!({}),
        ),
        ("readonly", json!(true), "smithy.api#readonly", json!({})),
        (
            "deprecated",
            json!(true),
            "smithy.api#deprecated",
            json!({}),
        ),
        ("authtype", json!("none"), "smithy.api#auth", json!([])),
        (
            "endpoint",
            json!({ "hostPrefix": "data-" }),
            "smithy.api#endpoint",
            json!({ "hostPrefix": "data-" }),
        ),
        (
            "endpointdiscovery",
            json!({}),
            "aws.api#clientDiscoveredEndpoint",
            json!({ "required": false }),
        ),
        (
            "requestcompression",
            json!({ "encodings": ["gzip"] }),
            "smithy.api#requestCompression",
            json!({ "encodings": ["gzip"] }),
        ),
        (
            "staticContextParams",
            json!({ "A": { "value": 1 } }),
            "smithy.rules#staticContextParams",
            json!({ "A": { "value": 1 } }),
        ),
    ] {
        let shape = shape_with(&format!("/operations/Feed/{key}"), value, "Feed");
        assert_eq!(shape["traits"], json!({ trait_id: expected }), "{key}");
    }
    for (key, value, trait_id, expected) in [
        (
            "idempotencyToken",
            json!(true),
            "smithy.api#idempotencyToken",
            json!({}),
        ),
        ("hostLabel", json!(true), "smithy.api#hostLabel", json!({})),
        (
            "contextParam",
            json!({ "name": "A" }),
            "smithy.rules#contextParam",
            json!({ "name": "A" }),
        ),
        (
            "timestampFormat",
            json!("iso8601"),
            "smithy.api#timestampFormat",
            json!("date-time"),
        ),
    ] {
        let pointer = format!("/shapes/FeedRequest/members/Food/{key}");
        let shape = shape_with(&pointer, value, "FeedRequest");
        assert_eq!(
            shape["members"]["Food"]["traits"],
            json!({ trait_id: expected }),
            "{key}"
        );
    }
}

#[test]
fn enum_members_are_identifiers_and_differ() {
    let values = ["a-b", "a.b", "A_B", "2", "", "*", "+", "é"].map(str::to_owned);
    let members = enum_members(&values);
    let names: Vec<&str> = members.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "a_b", "a_b_2", "A_B_3", "_2", "EMPTY", "VALUE", "VALUE_2", "VALUE_3"
        ]
    );
    assert!(names.iter().all(|name| is_identifier(name)));
}

#[test]
fn patterns_describe_the_whole_string() {
    for (pattern, expected) in [
        ("[a-z]+", "^[a-z]+$"),
        ("^[a-z]+$", "^[a-z]+$"),
        ("^[a-z]+", "^[a-z]+$"),
        ("[a-z]+$", "^[a-z]+$"),
        (r"[a-z]+\$", r"^[a-z]+\$$"),
        ("a|b", "^(?:a|b)$"),
        (".*", ".*"),
    ] {
        assert_eq!(anchored(pattern), expected);
    }
}

/// The service of this ID with a structure, which is a union or not.
fn with_structure(service_id: &str, name: &str, union: bool) -> Value {
    let mut service = service();
    service["metadata"]["serviceId"] = json!(service_id);
    service["shapes"][name] = json!({
        "type": "structure",
        "members": { "S": { "shape": "Text" }, "N": { "shape": "Text" } },
        "union": union,
    });
    service
}

#[test]
fn unions_that_botocore_does_not_mark_are_corrected() {
    for (service_id, name, kind) in [
        ("DynamoDB", "AttributeValue", "union"),
        ("DynamoDB Streams", "AttributeValue", "union"),
        ("SageMaker", "TrialComponentParameterValue", "union"),
        ("Zoo Keeper", "AttributeValue", "structure"),
    ] {
        let model = convert(&with_structure(service_id, name, false))
            .expect("it converts")
            .model;
        let mut shapes = model.shapes.iter();
        let suffix = format!("#{name}");
        let found = shapes
            .find(|(id, _)| id.ends_with(&suffix))
            .expect("it is there");
        assert_eq!(found.1.kind, kind, "{service_id}");
    }
}

#[test]
fn a_correction_that_no_longer_applies_is_an_error() {
    let outdated = "xtask/src/model/corrections.rs makes `AttributeValue` of DynamoDB a union, which \
                    is no longer right; delete that line";
    for service in [
        with_structure("DynamoDB", "AttributeValue", true),
        with_structure("DynamoDB", "Value", false),
    ] {
        let error = convert(&service).err().expect("it is refused");
        assert_eq!(error.to_string(), outdated);
    }
}

//! Where botocore is known to say something else than the service.

use anyhow::{Context, Result, ensure};

use super::botocore::Service;

/// Unions that it describes as structures, by service ID and shape. The official Smithy models of
/// these services have them as unions; all other models of AWS JSON services agree with botocore.
/// As a structure, a union could be sent with no member or with several, which the service refuses.
const UNIONS: [(&str, &str); 3] = [
    ("DynamoDB", "AttributeValue"),
    ("DynamoDB Streams", "AttributeValue"),
    ("SageMaker", "TrialComponentParameterValue"),
];

/// Corrects what is known to be wrong in a service. A correction that no longer applies is an error.
pub fn apply(service: &mut Service) -> Result<()> {
    let id = service.metadata.service_id.as_str();
    for (_, name) in UNIONS.iter().filter(|(service, _)| *service == id) {
        let outdated = || {
            format!(
                "xtask/src/model/corrections.rs makes `{name}` of {id} a union, which is no longer \
                 right; delete that line"
            )
        };
        let shape = service.shapes.get_mut(name).with_context(outdated)?;
        ensure!(shape.kind == "structure" && !shape.union, outdated());
        shape.union = true;
    }
    Ok(())
}

//! `models/cloudtrail/overlay.json`, which adds what upstream does not say.

use std::collections::BTreeSet;

use serde_json::Value;

use super::smithy::Model;

/// Leaves out of the overlay what has nothing to apply to in `model`.
///
/// The generator refuses an overlay with such an entry. A newer upstream model is to be compared
/// all the same: that the shape is gone is the news.
pub fn retain_applicable(overlay: &mut Value, model: &Model) {
    let Some(entries) = overlay.get_mut("shapes").and_then(Value::as_object_mut) else {
        return;
    };
    let added: BTreeSet<String> = entries
        .iter()
        .flat_map(|(id, entry)| member_names(entry).map(move |name| format!("{id}${name}")))
        .collect();
    entries.retain(|id, entry| {
        let (id_of_shape, member) = match id.split_once('$') {
            Some((shape, member)) => (shape, Some(member)),
            None => (id.as_str(), None),
        };
        let Some(shape) = model.shapes.get(id_of_shape) else {
            return false;
        };
        let members = shape.members.as_ref();
        if let Some(member) = member {
            let is_there = members.is_some_and(|members| members.get(member).is_some());
            return is_there || added.contains(id);
        }
        // A member that upstream has added in the meantime, and differently, is upstream's.
        if let Some(additions) = entry.get_mut("members").and_then(Value::as_object_mut) {
            additions.retain(|name, addition| {
                let upstream = members.and_then(|members| members.get(name));
                upstream.is_none_or(|upstream| addition["target"] == upstream.target.as_str())
            });
        }
        true
    });
}

fn member_names(entry: &Value) -> impl Iterator<Item = &String> {
    let members = entry["members"].as_object().into_iter();
    members.flat_map(serde_json::Map::keys)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::smithy::{Member, Shape, Traits};
    use super::*;

    #[test]
    fn what_has_nothing_to_apply_to_is_left_out() {
        let id = Member {
            target: "a#Text".into(),
            traits: Traits::new(),
        };
        let bitten = Shape {
            kind: "structure".into(),
            members: Some([("Id".to_owned(), id)].into_iter().collect()),
            ..Shape::default()
        };
        let model = Model {
            smithy: "2.0".into(),
            shapes: BTreeMap::from([
                ("a#Bitten".to_owned(), bitten),
                ("a#Text".to_owned(), Shape::default()),
            ]),
        };
        let traits = json!({ "smithy.api#documentation": "?" });
        let mut overlay = json!({ "shapes": {
            "a#Bitten": {
                "type": "apply",
                "traits": traits,
                "members": { "Id": { "target": "a#Word" }, "Message": { "target": "a#Text" } },
            },
            "a#Bitten$Id": { "type": "apply", "traits": traits },
            "a#Bitten$Message": { "type": "apply", "traits": traits },
            "a#Bitten$Gone": { "type": "apply", "traits": traits },
            "a#Gone": { "type": "apply", "traits": traits },
            "a#Text": { "type": "apply", "traits": traits },
        } });
        retain_applicable(&mut overlay, &model);
        assert_eq!(
            overlay,
            json!({ "shapes": {
                "a#Bitten": {
                    "type": "apply",
                    "traits": traits,
                    "members": { "Message": { "target": "a#Text" } },
                },
                "a#Bitten$Id": { "type": "apply", "traits": traits },
                "a#Bitten$Message": { "type": "apply", "traits": traits },
                "a#Text": { "type": "apply", "traits": traits },
            } })
        );
    }
}

//! Changes JSON so that it stays JSON.

use fastrand::Rng;
use serde_json::{Value, json};

/// Makes a small change to the structure of a JSON text, out of pieces that it has already.
pub fn mutate(text: &[u8], random: &mut Rng) -> Option<Vec<u8>> {
    let mut root: Value = serde_json::from_slice(text).ok()?;
    let mut pieces = Pieces::default();
    pieces.collect(&root, String::new());
    let piece = random.choice(&pieces.values)?.clone();
    let name = random.choice(&pieces.names)?.clone();
    let target = root.pointer_mut(random.choice(&pieces.pointers)?)?;
    match (random.u8(..6), target) {
        (0, target) => *target = piece,
        (1, target) => *target = Value::String(name),
        (2, target) => *target = json!({ name: target.take() }),
        (3, Value::Object(members)) => drop(members.insert(name, piece)),
        (3, Value::Array(items)) => items.push(piece),
        (4, Value::Object(members)) => drop(members.remove(&random_key(members, random)?)),
        (4, Value::Array(items)) => drop(items.pop()),
        (5, Value::Object(members)) => {
            let value = members.remove(&random_key(members, random)?)?;
            members.insert(name, value);
        }
        (_, Value::Number(number)) => *number = random.i64(-3..300).into(),
        (_, Value::Bool(value)) => *value = !*value,
        (_, target) => *target = piece,
    }
    serde_json::to_vec(&root).ok()
}

fn random_key(members: &serde_json::Map<String, Value>, random: &mut Rng) -> Option<String> {
    random.choice(members.keys()).cloned()
}

/// What a JSON value is made of.
#[derive(Default)]
struct Pieces {
    pointers: Vec<String>,
    values: Vec<Value>,
    /// Keys and strings.
    names: Vec<String>,
}

impl Pieces {
    fn collect(&mut self, value: &Value, pointer: String) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    self.names.push(key.clone());
                    let key = key.replace('~', "~0").replace('/', "~1");
                    self.collect(member, format!("{pointer}/{key}"));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.collect(item, format!("{pointer}/{index}"));
                }
            }
            Value::String(text) => self.names.push(text.clone()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        self.pointers.push(pointer);
        self.values.push(value.clone());
    }
}

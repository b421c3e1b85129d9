//! Dotted paths of member names, as traits have them.

use super::Lowering;
use crate::error::{Error, Result};
use crate::ir::{PathStep, Presence, Structure, Type};

impl Lowering<'_> {
    /// The fields that a dotted path of member names leads through, and the type at its end.
    pub(super) fn path(&self, root: &Structure, path: &str) -> Result<(Vec<PathStep>, Type)> {
        let mut steps = Vec::new();
        let mut nested;
        let mut structure = root;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let member = structure
                .members
                .iter()
                .find(|member| member.name == name)
                .ok_or_else(|| {
                    Error::new(format!(
                        "`{path}` names a member that `{}` does not have",
                        root.name
                    ))
                })?;
            steps.push(PathStep {
                field: member.field.clone(),
                optional: matches!(member.presence, Presence::Optional),
            });
            if names.peek().is_none() {
                return Ok((steps, member.ty.clone()));
            }
            let Type::Structure(type_name) = &member.ty else {
                break;
            };
            nested = self.structure_named(type_name)?;
            structure = &nested;
        }
        Err(Error::new(format!(
            "`{path}` leads through something else than structures"
        )))
    }
}

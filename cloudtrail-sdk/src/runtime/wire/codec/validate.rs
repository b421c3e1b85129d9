//! Checks of a request against the model, before anything is sent.

use super::encode::{Encode, EncodeMembers, MemberSink};
use super::member::Member;
use super::violations::Violations;

/// Everything that is wrong with `input`, each with the path of the member.
///
/// `limits` says whether lengths and ranges count; missing required members always do.
pub fn validate(input: &dyn EncodeMembers, limits: bool) -> Vec<String> {
    let mut violations = Violations::new(limits);
    input.members(&mut violations);
    violations.into_texts()
}

impl MemberSink for Violations {
    fn member(&mut self, member: Member<'_>, value: &dyn Encode) {
        let separator = if self.is_at_root() { "" } else { "." };
        self.within(format_args!("{separator}{}", member.name), |at| {
            if !value.is_set() {
                if member.required {
                    at.report(format_args!("is required and missing"));
                }
                return;
            }
            value.check(&member.constraints, at);
        });
    }

    fn unknown_variant(&mut self) {
        self.report(format_args!(
            "is a variant of a union that is not known and cannot be sent"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::member::Constraints;
    use super::*;

    struct Lists(Vec<String>, Vec<String>);

    impl EncodeMembers for Lists {
        fn members(&self, sink: &mut dyn MemberSink) {
            let items = &Constraints::length(36..=36);
            let a = Member::new("a").length(2..=3).items(items);
            sink.member(a, &self.0);
            sink.member(Member::new("b").length(..=0), &self.1);
        }
    }

    #[test]
    fn one_is_told_in_the_singular() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(
            validate(&Lists(texts(&["x"]), texts(&["", ""])), true),
            [
                "`a` has 1 item, but must have between 2 and 3",
                "`a[0]` has 1 character, but must have exactly 36",
                "`b` has 2 items, but must have at most 0",
            ]
        );
        assert_eq!(
            validate(&Lists(texts(&[]), texts(&[""])), true),
            [
                "`a` has 0 items, but must have between 2 and 3",
                "`b` has 1 item, but must have at most 0",
            ]
        );
    }
}

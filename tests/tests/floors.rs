//! The floors of the SDK's runtime: a module imports from its own floor and from those below, and no
//! two modules import each other, on whatever way round.
//!
//! What a file imports is read from its `use` declarations and its paths that begin with `crate::`
//! or `super::`. What stands under `#[cfg(test)]` may import anything, and so may `macros`, which
//! the generated code expands.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The floors, from the ground up.
const FLOORS: [&str; 8] = [
    "base",
    "wire",
    "error",
    "service",
    "policy",
    "configuration",
    "call",
    "fluent",
];

/// What belongs to no floor.
const EXEMPT: &str = "macros";

/// The names of a module and those that it is in, from the crate down.
type Names = Vec<String>;

#[test]
fn the_runtime_is_in_floors() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cloudtrail-sdk/src");
    let crate_ = Crate::read(&source);
    let top: BTreeSet<&str> = crate_.tops();
    let expected: BTreeSet<&str> = FLOORS.into_iter().chain([EXEMPT]).collect();
    assert_eq!(top, expected, "the folders of `runtime/` are the floors");

    let imports = crate_.imports();
    let wrong: Vec<String> = imports
        .iter()
        .filter_map(|(importer, imported)| {
            let why = objection(importer, imported)?;
            Some(format!(
                "{} {why} {}",
                crate_.path(importer),
                crate_.path(imported)
            ))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if let Some(circle) = circle(&imports) {
        let files: Vec<String> = circle.iter().map(|names| crate_.path(names)).collect();
        panic!("these import each other: {}", files.join(" -> "));
    }
}

#[test]
fn imports_are_read_from_any_path() {
    let source = "
        use std::fmt;
        pub(crate) use self::child::{Item, other as Renamed};
        use super::{sibling::Thing, up};
        fn f() { crate::runtime::far::g::<super::near::T>(); }
        mod inner { use super::super::sibling::Other; }
        #[cfg(test)]
        mod tests { use crate::runtime::only_tests; }
        mod child;
    ";
    let here = ["runtime".to_owned(), "floor".to_owned(), "file".to_owned()];
    let mut reader = Reader::default();
    reader.read(source.parse().unwrap(), &here);
    let paths: Vec<String> = reader.paths.iter().map(|path| path.join("/")).collect();
    let expected = [
        "runtime/floor/sibling/Thing",
        "runtime/floor/up",
        "runtime/far/g",
        "runtime/floor/near/T",
        "runtime/floor/sibling/Other",
    ];
    assert_eq!(paths, expected);
    let exports: Vec<String> = reader.exports.keys().cloned().collect();
    assert_eq!(exports, ["Item", "Renamed"]);
    assert_eq!(
        reader.modules,
        [[&here[..], &["child".to_owned()]].concat()]
    );
}

#[test]
fn who_looks_up_is_found() {
    for (source, is_fine) in [
        ("use crate::runtime::base::boxed::BoxError;", true),
        ("use super::sibling::Thing;", true),
        ("use crate::runtime::call::client::Handle;", false),
        ("use crate::runtime::call::*;", false),
        ("use crate::runtime::fluent;", false),
        ("use crate::runtime as everything;", false),
        ("use crate as everything;", false),
        ("use super::super::call;", false),
        ("use crate::runtime::macros::calls;", false),
        ("use crate::error::SdkError;", false),
        ("fn f() { crate::generated::f(); }", false),
    ] {
        let here = ["runtime", "wire", "file"].map(str::to_owned);
        let mut reader = Reader::default();
        reader.read(source.parse().unwrap(), &here);
        let [path] = &reader.paths[..] else {
            panic!("{source}: {:?}", reader.paths);
        };
        assert_eq!(objection(&here, path).is_none(), is_fine, "{source}");
    }
}

#[test]
fn a_circle_is_found() {
    let module = |name: &str| vec!["runtime".to_owned(), name.to_owned()];
    let imports = |pairs: &[(&str, &str)]| -> BTreeSet<(Names, Names)> {
        let pairs = pairs.iter();
        pairs.map(|(a, b)| (module(a), module(b))).collect()
    };
    assert_eq!(
        circle(&imports(&[("a", "b"), ("a", "c"), ("c", "b")])),
        None
    );
    let imports = imports(&[("a", "b"), ("b", "c"), ("b", "d"), ("d", "b")]);
    let found = circle(&imports).unwrap();
    assert_eq!(found, [&module("b"), &module("d"), &module("b")]);
}

/// What is wrong with an import, if anything is.
fn objection(importer: &[String], imported: &[String]) -> Option<&'static str> {
    match (floor_of(importer), floor_of(imported)) {
        (Some(here), Some(there)) => (there > here).then_some("looks up to"),
        // It may lead to any floor.
        (Some(_), None) => Some("imports what stands on no floor:"),
        (None, _) => None,
    }
}

/// The number of a module's floor; none for what belongs to no floor.
fn floor_of(names: &[String]) -> Option<usize> {
    let [runtime, floor, ..] = names else {
        return None;
    };
    let place = FLOORS.iter().position(|known| known == floor);
    place.filter(|_| runtime == "runtime")
}

/// A way that leads back to where it begins.
fn circle(imports: &BTreeSet<(Names, Names)>) -> Option<Vec<&Names>> {
    fn walk<'a>(
        imports: &'a BTreeSet<(Names, Names)>,
        way: &mut Vec<&'a Names>,
        done: &mut BTreeSet<&'a Names>,
    ) -> bool {
        let last = *way.last().unwrap();
        for (_, next) in imports.iter().filter(|(importer, _)| importer == last) {
            let comes_back = way.iter().position(|names| *names == next);
            way.push(next);
            if let Some(start) = comes_back {
                way.drain(..start);
                return true;
            }
            if done.insert(next) && walk(imports, way, done) {
                return true;
            }
            way.pop();
        }
        false
    }
    let mut done = BTreeSet::new();
    imports.iter().find_map(|(importer, _)| {
        let mut way = vec![importer];
        walk(imports, &mut way, &mut done).then_some(way)
    })
}

/// The modules of the runtime that have a file, with what they import.
struct Crate {
    modules: BTreeMap<Names, Module>,
}

struct Module {
    file: PathBuf,
    /// The paths that the file names, from the crate down, but for its exports.
    paths: Vec<Names>,
    /// What it exports of other modules, by the names that it gives it.
    exports: BTreeMap<String, Names>,
}

impl Crate {
    fn read(source: &Path) -> Self {
        let mut crate_ = Self {
            modules: BTreeMap::new(),
        };
        crate_.add(source, vec!["runtime".to_owned()]);
        crate_
    }

    /// Reads the file of a module, and those of the modules that it declares.
    fn add(&mut self, source: &Path, names: Names) {
        let file = PathBuf::from(names.join("/")).with_extension("rs");
        let text = fs::read_to_string(source.join(&file)).unwrap();
        let tokens: TokenStream = text.parse().unwrap();
        let mut reader = Reader::default();
        reader.read(tokens, &names);
        let children = reader.modules;
        let module = Module {
            file,
            paths: reader.paths,
            exports: reader.exports,
        };
        self.modules.insert(names, module);
        for child in children {
            self.add(source, child);
        }
    }

    fn tops(&self) -> BTreeSet<&str> {
        let names = self.modules.keys().filter_map(|names| names.get(1));
        names.map(String::as_str).collect()
    }

    fn path(&self, names: &Names) -> String {
        let module = self.modules.get(names);
        module.map_or_else(
            || names.join("::"),
            |module| module.file.display().to_string(),
        )
    }

    /// Who imports whom.
    fn imports(&self) -> BTreeSet<(Names, Names)> {
        let mut imports = BTreeSet::new();
        for (importer, module) in &self.modules {
            // To export what is in a module within this one is no import.
            let exports = module.exports.values();
            let exports = exports.filter(|path| !path.starts_with(importer));
            for path in module.paths.iter().chain(exports) {
                let imported = self.resolve(path);
                if imported != *importer && importer.get(1).is_some_and(|name| name != EXEMPT) {
                    imports.insert((importer.clone(), imported));
                }
            }
        }
        imports
    }

    /// The module that has what a path names, be it exported by another one.
    fn resolve(&self, path: &[String]) -> Names {
        for length in (1..=path.len()).rev() {
            let (names, rest) = path.split_at(length);
            let Some(module) = self.modules.get(names) else {
                continue;
            };
            return match rest.first().and_then(|item| module.exports.get(item)) {
                Some(path) => self.resolve(path),
                None => names.to_vec(),
            };
        }
        path.to_vec()
    }
}

/// What the tokens of a file say.
#[derive(Default)]
struct Reader {
    paths: Vec<Names>,
    exports: BTreeMap<String, Names>,
    /// The modules that have files of their own.
    modules: Vec<Names>,
}

type Tokens = Peekable<IntoIter<TokenTree>>;

impl Reader {
    /// Reads what stands in the module `here`.
    fn read(&mut self, tokens: TokenStream, here: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut tokens = tokens.into_iter().peekable();
        let mut is_public = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' && is_test(tokens.peek()) => {
                    skip_item(&mut tokens);
                }
                TokenTree::Group(group) => self.read(group.stream(), here),
                TokenTree::Ident(ident) => match ident.to_string().as_str() {
                    "pub" => {
                        tokens.next_if(|token| matches!(token, TokenTree::Group(_)));
                        is_public = true;
                        continue;
                    }
                    "mod" => self.module(&mut tokens, here),
                    "use" => {
                        let mut found = Vec::new();
                        path(&mut tokens, here.to_vec(), true, &mut found);
                        match is_public {
                            true => self.exports.extend(found),
                            false => self.paths.extend(found.into_iter().map(|(_, path)| path)),
                        }
                    }
                    "crate" => self.path_from(&mut tokens, Vec::new()),
                    "super" => self.path_from(&mut tokens, here[..here.len() - 1].to_vec()),
                    _ => {}
                },
                _ => {}
            }
            is_public = false;
        }
    }

    /// A module: within this file, or in one of its own.
    fn module(&mut self, tokens: &mut Tokens, here: &[String]) {
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return;
        };
        let mut names = here.to_vec();
        names.push(name.to_string());
        match tokens.next() {
            Some(TokenTree::Group(content)) => self.read(content.stream(), &names),
            _ => self.modules.push(names),
        }
    }

    /// A path whose first segment was read already, if more follows.
    fn path_from(&mut self, tokens: &mut Tokens, start: Names) {
        if is_punct(tokens.peek(), ':') {
            let mut found = Vec::new();
            path(tokens, start, false, &mut found);
            self.paths.extend(found.into_iter().map(|(_, path)| path));
        }
    }
}

/// Finds the paths in the rest of a path, or of a tree of paths in a `use`, by the names that they
/// give what they lead to. `start` is what the first segment is relative to. With `is_first`, that
/// may be the name of another crate, whose paths are left alone.
fn path(tokens: &mut Tokens, start: Names, is_first: bool, found: &mut Vec<(String, Names)>) {
    let (mut names, mut is_first) = (start, is_first);
    loop {
        while tokens.next_if(|token| is_punct(Some(token), ':')).is_some() {}
        match tokens.peek() {
            Some(TokenTree::Ident(ident)) => {
                match ident.to_string().as_str() {
                    "crate" => names.clear(),
                    "super" => drop(names.pop()),
                    "self" => {}
                    _ if is_first => return,
                    name => names.push(name.to_owned()),
                }
                is_first = false;
                tokens.next();
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let branches: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in branches.split(|token| is_punct(Some(token), ',')) {
                    let mut branch = Vec::from(branch).into_iter().peekable();
                    if branch.peek().is_some() {
                        path(&mut branch, names.clone(), is_first, found);
                    }
                }
                tokens.next();
                return;
            }
            _ => break,
        }
        if !is_punct(tokens.peek(), ':') {
            break;
        }
    }
    let mut name = names.last().cloned().unwrap_or_default();
    if tokens.next_if(|token| token.to_string() == "as").is_some() {
        name = tokens.next().unwrap().to_string();
    }
    found.push((name, names));
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// Whether what follows the `#` is `[cfg(test)]`.
fn is_test(attribute: Option<&TokenTree>) -> bool {
    attribute.is_some_and(|attribute| attribute.to_string().replace(' ', "") == "[cfg(test)]")
}

/// Passes over the attributes of an item, and the item.
fn skip_item(tokens: &mut Tokens) {
    for token in tokens.by_ref() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

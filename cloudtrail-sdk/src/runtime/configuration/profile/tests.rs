use std::fs;
use std::sync::{Arc, Mutex};

use super::*;

/// The files with this content, in a home folder that goes away with the first value.
fn home(config: &[u8], credentials: &[u8]) -> (tempfile::TempDir, Environment) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("home/me/.aws");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config"), config).unwrap();
    fs::write(folder.join("credentials"), credentials).unwrap();
    let environment = Environment::of([("HOME", "/home/me")]).with_root(root.path());
    (root, environment)
}

fn load(config: &[u8], credentials: &[u8]) -> ProfileFiles {
    let (_root, environment) = home(config, credentials);
    ProfileFiles::load(&environment, None)
}

#[test]
fn nested_properties_are_found_by_name() {
    let config = b"[services mine]\n\
        s3 =\n  endpoint_url = http://s3 # here\n  # endpoint_url = http://no\n  other =\n\
        CloudTrail =\n  Endpoint_URL=http://a\n  endpoint_url=http://b\n  endpoint_url=\n\
        plain = value\n";
    let files = load(config, b"");
    let services = files.services("mine").unwrap();
    for (name, sub, value) in [
        ("s3", "endpoint_url", Some("http://s3")),
        ("s3", "other", None),
        ("cloudtrail", "endpoint_url", Some("http://b")),
        ("plain", "value", None),
        ("s3", "plain", None),
        ("ec2", "endpoint_url", None),
    ] {
        assert_eq!(services.nested(name, sub), value, "{name}.{sub}");
    }
    assert!(files.profiles.is_empty());
}

#[test]
fn problems_name_the_file_and_the_line_and_no_value() {
    const SECTION: &str = "Expected a profile definition, such as [default], before this line";
    const EQUALS: &str = "Expected an '=' sign defining a property, as in `region = us-east-1`";
    const UTF8: &str = "This is not UTF-8: save the file as UTF-8";
    for (config, problem) in [
        (
            &b"[default]\n\nregion = x\naws_secret_access_key : SECRET\n= SECRET"[..],
            format!("line 4: {EQUALS}"),
        ),
        (b"[default]\nname = SECRET\xff", format!("line 2: {UTF8}")),
        (b"[default]\nn\xffame = SECRET", format!("line 2: {UTF8}")),
        (b"[default]\nn\xffame SECRET", format!("line 2: {UTF8}")),
        (b"[default]\na = b\n SECRET\xff", format!("line 3: {UTF8}")),
        (
            b"[default]\na =\n b = SECRET\xff",
            format!("line 3: {UTF8}"),
        ),
        (
            b"# a\nSECRET = SECRET\n[default]",
            format!("line 2: {SECTION}"),
        ),
        (
            b"[default] SECRET",
            "line 1: Profile definition must end with ']'".to_owned(),
        ),
    ] {
        let files = load(config, b"");
        let expected = format!("/home/me/.aws/config, {problem}");
        assert_eq!(files.malformed, [expected]);
        assert!(!format!("{files:?}").contains("SECRET"), "{files:?}");
    }
}

#[test]
fn what_can_be_read_counts() {
    let config = b"first = line\n\
        [profile a]\none = 1\nodd\n  continued = 1\ntwo = 2\n\
        [profile b]\n three = 3\nfour = 4\n\
        [profile c # not closed\nfive = 5\n\
        [profile d]\nsix = 6\n";
    let files = load(config, b"[d]\nseven : 7\n[e]\neight = 8");
    let properties = |name: &str| {
        let properties = &files.profile(name).unwrap().properties;
        let shown = properties
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        Vec::from_iter(shown).join(" ")
    };
    for (name, expected, line) in [
        ("a", "one=1 two=2", Some("config, line 4")),
        ("b", "four=4", Some("config, line 8")),
        ("c", "five=5", Some("config, line 10")),
        ("d", "six=6", Some("credentials, line 2")),
        ("e", "eight=8", None),
    ] {
        assert_eq!(properties(name), expected, "{name}");
        let problem = files.profile(name).unwrap().problem.as_deref();
        let starts = problem.map(|problem| problem.split_once(": ").unwrap().0);
        let expected = line.map(|line| format!("/home/me/.aws/{line}"));
        assert_eq!(starts, expected.as_deref(), "{name}");
    }
    assert_eq!(files.malformed.len(), 5, "{:?}", files.malformed);
}

#[test]
fn comments_can_be_in_any_encoding() {
    let config =
        b"# Gr\xfcn\n[default] # Gr\xfcn\nregion = x ; Gr\xfcn\ns3 =\n  # Gr\xfcn\n  a = b # \xfc";
    let files = load(config, b"");
    assert_eq!(files.malformed, [""; 0]);
    let default = files.selected().unwrap();
    assert_eq!(default.get("region"), Some("x"));
    assert_eq!(default.nested("s3", "a"), Some("b"));
    let warning = "/home/me/.aws/config is not all UTF-8: save it as UTF-8";
    assert_eq!(files.passed_over, [warning]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_line() {
    let files = load(b"\xef\xbb\xbf[default]\nregion = x\n", b"");
    assert_eq!(files.selected().unwrap().get("REGION"), Some("x"));
}

#[test]
fn blank_properties_are_not_set() {
    let files = load(
        b"[default]\na = 1\na =\nb =\nc = 1\n",
        b"[default]\nc = \t\n",
    );
    let default = files.selected().unwrap();
    for (name, value) in [("a", Some("1")), ("b", None), ("c", Some("1"))] {
        assert_eq!(default.get(name), value, "{name}");
    }
}

#[test]
fn lines_that_are_wrong_tell_what_they_seem_to_set() {
    let config =
        b"loose = 1\n[default]\n indented = 1\nColon: 1\n nested = 1\ngood = 1\n below = 1\n\
        parent =\n child\n";
    let files = load(config, b"");
    for (name, line) in [
        ("loose", Some("line 1")),
        ("indented", Some("line 3")),
        ("colon", Some("line 4")),
        ("colon.nested", Some("line 5")),
        ("nested", None),
        ("good", None),
        ("below", Some("line 7")),
        ("parent", Some("line 9")),
        ("parent.child", Some("line 9")),
        ("child", None),
    ] {
        let unread = files.unread(name);
        assert_eq!(unread.is_some(), line.is_some(), "{name}: {unread:?}");
        let line = line.unwrap_or_default();
        assert!(
            unread.unwrap_or_default().contains(line),
            "{name}: {unread:?}"
        );
    }
    // A line that continues another is none that is wrong.
    let files = load(b"[default]\ngood = 1\n below = 1\n text\n", b"");
    assert_eq!(files.malformed, [""; 0]);
    assert_eq!(files.unread("text"), None);
}

#[test]
fn a_section_in_pieces_has_the_first_problem_of_any() {
    let config = b"[default]\nodd\n[default]\na = 1\n[profile b]\na = 1\n[profile b]\nodd\nodd";
    let files = load(config, b"[default]\nodd");
    for (name, line) in [("default", "config, line 2"), ("b", "config, line 8")] {
        let problem = files.profile(name).unwrap().problem.clone().unwrap();
        assert!(problem.contains(line), "{problem}");
    }
}

#[test]
fn what_does_not_count_is_warned_about() {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Log {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (_root, environment) = home(b"[default]\nodd\n[a]\n", b"");
    for (name, warnings) in [(None, 2), (Some("default"), 2), (Some("none"), 3)] {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone());
        let files = ProfileFiles::load(&environment, name);
        tracing::subscriber::with_default(subscriber.finish(), || files.warn());
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.matches("WARN").count(), warnings, "{log}");
        assert!(
            log.contains("/home/me/.aws/config, line 2: Expected"),
            "{log}"
        );
        assert!(log.contains("the section [a] is ignored"), "{log}");
        let missing = "there is no profile `none`";
        assert_eq!(log.contains(missing), name == Some("none"), "{log}");
    }
}

#[test]
fn debug_shows_no_values() {
    let files = load(b"", b"[default]\naws_secret_access_key = SECRET\n");
    let debug = format!("{files:?}");
    assert!(debug.contains("aws_secret_access_key"), "{debug}");
    assert!(!debug.contains("SECRET"), "{debug}");
}

#[test]
fn the_profile_is_chosen_by_code_then_environment() {
    for (code, variable, name, no_profile) in [
        (None, None, "default", "there is no profile `default` since"),
        (
            None,
            Some("  "),
            "default",
            "there is no profile `default` since",
        ),
        (
            Some(" "),
            None,
            "default",
            "there is no profile `default` since",
        ),
        (
            None,
            Some("b"),
            "b",
            "there is no profile `b`, which AWS_PROFILE names, since",
        ),
        (
            Some(""),
            Some("b"),
            "b",
            "there is no profile `b`, which AWS_PROFILE names, since",
        ),
        (
            Some("a"),
            Some("b"),
            "a",
            "there is no profile `a`, which the program names, since",
        ),
    ] {
        let environment = Environment::of(variable.map(|value| ("AWS_PROFILE", value)));
        let files = ProfileFiles::load(&environment, code);
        assert_eq!(files.selected_name(), name);
        assert_eq!(files.is_named_in_code(), name == "a");
        assert_eq!(files.is_wanted(), name != "default");
        assert!(files.selected().is_none());
        let places = " no home folder is known to look in: set HOME";
        assert_eq!(files.no_profile(), format!("{no_profile}{places}"));
    }
}

#[test]
fn what_was_passed_over_is_told_with_the_places() {
    let files = load(b"", b"");
    let places = "in /home/me/.aws/config or /home/me/.aws/credentials";
    assert_eq!(files.places(), places);

    let config =
        b"[a]\n[b]\n[profile c]\nin valid = 1\n[profile \"default\"]\n[d]\n[services x y]\n\
        [profile default]\n[default]\n[else x]\n";
    let files = load(config, b"[profile x]");
    let passed_over = [
        "config, line 1: the section [a] is ignored: a profile is written [profile NAME] in this \
         file",
        "config, line 2: the section [b] is ignored: a profile is written [profile NAME] in this \
         file",
        "config, line 4: a property of [profile c] is ignored: a name has letters, digits and _ - \
         / . % @ : + only",
        "config, line 5: the section [profile \"default\"] is ignored: a name has letters, digits \
         and _ - / . % @ : + only",
        "config, line 6: the section [d] is ignored: a profile is written [profile NAME] in this \
         file",
        "config, line 7: the section [services x y] is ignored: a name has letters, digits and _ - \
         / . % @ : + only",
        "config, line 9: the section [default] is ignored: [profile default] replaces it; keep \
         one of them",
        "config, line 10: the section [else x] is ignored: there are profile, sso-session and \
         services sections only",
        "credentials, line 1: the section [profile x] is ignored: this file has only profiles, \
         written [NAME]",
    ]
    .map(|text| format!("/home/me/.aws/{text}"));
    assert_eq!(files.passed_over, passed_over);
    let [first, _, _, quoted, .., replaced, _, _] = &passed_over;
    assert_eq!(
        files.places(),
        format!("{places} (passed over: {quoted}; {replaced}; {first}; and 6 more)")
    );
    let (config, credentials) = (&b"[a]\n\x1b"[..], &b"[b\x1b]"[..]);
    let files = load(config, credentials);
    assert!(!files.places().contains('\x1b'), "{}", files.places());
    let places = files.places();
    assert!(places.contains(r"the section [b\u{1b}]"), "{places}");
    assert!(!places.contains("more"), "{places}");
}

#[test]
fn files_that_are_named_or_cannot_be_read_are_passed_over() {
    let (root, environment) = home(b"[default]\nregion = x\n", b"");
    let path = root.path().join("home/me/.aws/credentials");
    fs::remove_file(&path).unwrap();
    assert_eq!(ProfileFiles::load(&environment, None).passed_over, [""; 0]);
    // A folder cannot be read, whoever runs the test.
    fs::create_dir(&path).unwrap();
    let files = ProfileFiles::load(&environment, None);
    assert_eq!(files.selected().unwrap().get("region"), Some("x"));
    let start = "/home/me/.aws/credentials cannot be read: ";
    assert!(matches!(&*files.passed_over, [why] if why.starts_with(start)));

    let elsewhere = [("HOME", "/home/me"), ("AWS_CONFIG_FILE", "~/none")];
    let environment = Environment::of(elsewhere).with_root(root.path());
    let files = ProfileFiles::load(&environment, None);
    assert!(files.profiles.is_empty());
    let start = "/home/me/none, named by AWS_CONFIG_FILE, cannot be read: ";
    assert!(files.passed_over.iter().any(|why| why.starts_with(start)));
}

#[test]
fn a_section_without_a_name_is_none() {
    let files = load(b"[]\na = b\n[profile ]\na = b\n", b"[]\na = b\n");
    assert!(files.profiles.is_empty());
    assert_eq!(files.passed_over.len(), 3);
}

#[test]
fn the_region_is_looked_for_where_the_credentials_come_from() {
    for (config, region) in [
        ("[default]\nregion = a", Ok(Some("a"))),
        ("[default]\nregion =\nsource_profile =", Ok(None)),
        (
            "[default]\nsource_profile = b\n[profile b]\nregion = b",
            Ok(Some("b")),
        ),
        (
            "[default]\nregion = a\nsource_profile = b\n[profile b]\nregion = b",
            Ok(Some("a")),
        ),
        (
            "[default]\nsource_profile = b\n[profile b]\nregion =\nsource_profile = c\n\
             [profile c]\nregion = c",
            Ok(Some("c")),
        ),
        ("[default]\nsource_profile = default", Ok(None)),
        (
            "[default]\nsource_profile = b\n[profile b]\nsource_profile = c\n[profile c]\n\
             source_profile = b",
            Ok(None),
        ),
        ("[default]\nsource_profile = none", Ok(None)),
        ("", Ok(None)),
        ("[profile other]\nodd\n[default]\nregion = a", Ok(Some("a"))),
        (
            "[default]\nregion = a\nodd",
            Err(
                "the profile `default` has a line that cannot be read: /home/me/.aws/config, line 3",
            ),
        ),
        (
            "[default]\nsource_profile = b\n[profile b]\nregion = b\nodd",
            Err("the profile `b` has a line that cannot be read: /home/me/.aws/config, line 5"),
        ),
        (
            "region = a",
            Err("there is no profile `default` in /home/me/.aws/config or"),
        ),
    ] {
        let files = load(config.as_bytes(), b"");
        match (files.region(), region) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{config}"),
            (Err(found), Err(start)) => assert!(found.starts_with(start), "{found}"),
            (found, _) => panic!("{config}: {found:?}"),
        }
    }
    let (_root, environment) = home(b"[default]\nregion = a", b"");
    let error = ProfileFiles::load(&environment, Some("nope"));
    let start = "there is no profile `nope`, which the program names, in ";
    assert!(error.region().unwrap_err().starts_with(start));
}

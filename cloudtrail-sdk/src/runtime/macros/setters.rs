//! Setters and getters of builders.
//!
//! ```text
//! /// Tags for the trail.
//! "TagsList" => tags_list, set_tags_list, get_tags_list: (list Tag), length(..=200);
//! ```
//!
//! becomes
//!
//! ```text
//! /// Tags for the trail.
//! ///
//! /// Appends an item to those set so far.
//! pub fn tags_list(self, input: Tag) -> Self { … }
//!
//! /// Tags for the trail.
//! ///
//! /// Replaces what was set, or with `None` clears it.
//! pub fn set_tags_list(self, input: Option<Vec<Tag>>) -> Self { … }
//!
//! /// Tags for the trail.
//! ///
//! /// Returns what was set so far.
//! pub fn get_tags_list(&self) -> &Option<Vec<Tag>> { … }
//! ```
//!
//! The first setter of a map takes a key and a value, that of any other kind the value.

/// The setters and getters of a builder.
macro_rules! setters {
    ($(
        $(#[$meta:meta])*
        [$($sensitive:ident)?] $field:ident, $set:ident, $get:ident: $kind:tt $(= $default:expr)?;
    )*) => {
        $(
            $crate::runtime::macros::setter!([$(#[$meta])*] $kind, $field, $set);

            $(#[$meta])*
            ///
            /// Replaces what was set, or with `None` clears it.
            #[inline]
            pub fn $set(
                mut self,
                input: Option<$crate::runtime::macros::value_type!($kind)>,
            ) -> Self {
                self.inner.$field = input;
                self
            }

            $(#[$meta])*
            ///
            /// Returns what was set so far.
            #[inline]
            pub fn $get(&self) -> &Option<$crate::runtime::macros::value_type!($kind)> {
                &self.inner.$field
            }
        )*
    };
}

/// The setter that takes a value, or one more item.
macro_rules! setter {
    ($meta:tt (required str), $field:ident, $set:ident) => {
        $crate::runtime::macros::setter!($meta str, $field, $set);
    };
    ($meta:tt (required $($kind:tt)+), $field:ident, $set:ident) => {
        $crate::runtime::macros::setter!($meta ($($kind)+), $field, $set);
    };
    ([$($meta:tt)*] str, $field:ident, $set:ident) => {
        $($meta)*
        #[inline]
        pub fn $field(self, input: impl Into<String>) -> Self {
            self.$set(Some(input.into()))
        }
    };
    ([$($meta:tt)*] (list str), $field:ident, $set:ident) => {
        $($meta)*
        ///
        /// Appends an item to those set so far.
        #[inline]
        pub fn $field(mut self, input: impl Into<String>) -> Self {
            self.inner.$field.get_or_insert_default().push(input.into());
            self
        }
    };
    ([$($meta:tt)*] (list $item:ty), $field:ident, $set:ident) => {
        $($meta)*
        ///
        /// Appends an item to those set so far.
        #[inline]
        pub fn $field(mut self, input: $item) -> Self {
            self.inner.$field.get_or_insert_default().push(input);
            self
        }
    };
    ([$($meta:tt)*] (map String, $value:ty), $field:ident, $set:ident) => {
        $($meta)*
        ///
        /// Adds an entry to those set so far.
        #[inline]
        pub fn $field(mut self, key: impl Into<String>, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key.into(), value.into());
            self
        }
    };
    ([$($meta:tt)*] (map $key:ty, $value:ty), $field:ident, $set:ident) => {
        $($meta)*
        ///
        /// Adds an entry to those set so far.
        #[inline]
        pub fn $field(mut self, key: $key, value: impl Into<$value>) -> Self {
            self.inner.$field.get_or_insert_default().insert(key, value.into());
            self
        }
    };
    ([$($meta:tt)*] (boxed $type:ty), $field:ident, $set:ident) => {
        $($meta)*
        #[inline]
        pub fn $field(self, input: impl Into<Box<$type>>) -> Self {
            self.$set(Some(input.into()))
        }
    };
    ([$($meta:tt)*] ($how:tt $type:ty), $field:ident, $set:ident) => {
        $($meta)*
        #[inline]
        pub fn $field(self, input: $type) -> Self {
            self.$set(Some(input))
        }
    };
}

pub(crate) use {setter, setters};

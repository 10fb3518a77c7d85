//! [`family!`]: the enum of specs of a family of named things, with its list and its reading.

/// Makes from one list the serde enum, its palette, Keras's names and the dispatch to a trait.
///
/// JSON is `{"L2": {"l2": 0.01}}`; where a person writes it, Keras's short name alone (`"l2"`) is
/// that kind with its default arguments.
macro_rules! family {
    ($(#[$doc:meta])* $family_spec:ident as $def:ident {
        $($kind:ident($spec:ty) = $name:literal | $short:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(remote = "Self")]
        pub enum $family_spec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl $family_spec {
            /// One of each kind, with its default arguments.
            pub fn palette() -> Vec<Self> {
                vec![$(Self::$kind(<$spec>::default())),*]
            }

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(Self::$kind(_) => $name),* }
            }

            /// The kind of this name, Keras's class name or its short one, with default arguments.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name | $short => Some(Self::$kind(<$spec>::default())),)*
                    _ => None,
                }
            }

            fn def(&self) -> &dyn $def {
                match self { $(Self::$kind(spec) => spec),* }
            }
        }

        $(impl From<$spec> for $family_spec {
            fn from(spec: $spec) -> Self { Self::$kind(spec) }
        })*

        impl ::serde::Serialize for $family_spec {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $family_spec {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct NameOrMap;

                impl<'de> ::serde::de::Visitor<'de> for NameOrMap {
                    type Value = $family_spec;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a name or a map of one of ", $("`", $name, "` ",)*))
                    }

                    fn visit_str<E: ::serde::de::Error>(self, name: &str) -> Result<$family_spec, E> {
                        $family_spec::named(name)
                            .ok_or_else(|| E::unknown_variant(name, &[$($name, $short),*]))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, map: A) -> Result<$family_spec, A::Error> {
                        $family_spec::deserialize(::serde::de::value::MapAccessDeserializer::new(map))
                    }
                }

                if deserializer.is_human_readable() {
                    deserializer.deserialize_any(NameOrMap)
                } else {
                    Self::deserialize(deserializer)
                }
            }
        }
    };
}

pub(super) use family;

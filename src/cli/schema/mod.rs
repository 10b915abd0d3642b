//! JSON Schemas of what the program reads and writes. A new JSON output adds its file here and its line in [`SCHEMAS`].

/// A JSON Schema with the name it is asked for by.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name: `waypost schema NAME`.
    pub name: &'static str,
    /// What it describes, in a few words.
    pub says: &'static str,
    /// The schema, as JSON.
    pub json: &'static str,
}

/// Every schema, sorted by name.
pub const SCHEMAS: &[Schema] = &[
    Schema { name: "manifest", says: "waypost.yaml", json: include_str!("manifest.json") },
    Schema { name: "spec", says: "a whole spec, as `export json` writes it", json: include_str!("spec.json") },
];

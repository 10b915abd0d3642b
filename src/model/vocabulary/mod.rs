//! The table of statements: which a block takes, how often, their form, what each says.

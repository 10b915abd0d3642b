//! Event data: files become Arrow record batches, through one [`EventReader`].
//!
//! ```text
//! files ─ globs ─► entries ─ open ─► blocks of text ─► cells ─► columns ─┐
//!                     └──── row groups of Parquet ─────────────► columns ─┴─► RecordBatch, in numbered parts
//! ```
//!
//! Only the columns asked for are decoded. No row is lost silently: the [`Ledger`] counts rows read, rows left out because
//! nobody asked for their event, and each kind of reject with the places of its first five.
mod block;
mod cell;
mod column;
mod csv;
mod error;
mod files;
mod format;
mod lanes;
mod ledger;
mod marks;
mod ndjson;
mod parquet;
mod queue;
mod reader;
mod rows;
mod text;
mod time;

pub use column::{Column, Kind, key};
pub use error::ReadError;
pub use files::Entry;
pub use format::{Compression, Format};
pub use ledger::{FIRST, FileLedger, Ledger, Place, Reject, Rejects};
pub use reader::{EventReader, Part, Request, Step};
pub use time::{Clock, EpochUnit};

//! How far a run is, for whoever waits for it: [`Progress`].
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what a run has done; another thread may look at it at any time. Nothing of it enters a result.
#[derive(Debug, Default)]
pub struct Progress {
    rows: AtomicU64,
    counted: AtomicU64,
}

impl Progress {
    /// Returns how many rows were read.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Returns the share of what was read that is counted, 0 to 1; nothing while the files are read.
    pub fn counted(&self) -> Option<f64> {
        let parts = self.counted.load(Ordering::Relaxed);
        (parts > 0).then_some(parts as f64 / super::PARTITIONS as f64)
    }

    pub(super) fn read(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.counted.store(0, Ordering::Relaxed);
    }

    pub(super) fn walked(&self) {
        self.counted.fetch_add(1, Ordering::Relaxed);
    }
}

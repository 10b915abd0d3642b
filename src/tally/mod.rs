//! Sufficient statistics: what is left of the data once every unit has been counted.

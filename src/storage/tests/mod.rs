//! Tests of the room by cruelty: what a store promises, on disks that fail, tear, stop and lie.

mod behaviour;
#[cfg(feature = "redb")]
mod crash;
#[cfg(feature = "redb")]
mod damage;
#[cfg(feature = "redb")]
mod disk;
#[cfg(feature = "redb")]
mod faults;
#[cfg(feature = "redb")]
mod files;
#[cfg(feature = "redb")]
mod front;
#[cfg(feature = "redb")]
mod measure;
mod model;

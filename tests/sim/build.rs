//! Says that `tokio_unstable` is a configuration that may be set: `./sim` sets it, since only then tokio lets its choices be seeded.
fn main() {
    println!("cargo::rustc-check-cfg=cfg(tokio_unstable)");
}

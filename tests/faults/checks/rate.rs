//! How many images a second are built and written. The bound is far under what was measured: it catches a quadratic
//! slip, not a busy machine.

#![expect(clippy::print_stdout, reason = "a test says what it measured")]

use safeconduct_faults::fs::Files;
use safeconduct_faults::image::CrashImages;
use safeconduct_faults::trace::{FirstSync, Trace};

#[test]
#[expect(clippy::disallowed_methods, reason = "a rate is measured by the clock")]
fn images_of_a_mebibyte_are_written_by_the_hundred_each_second() {
    let memory = || tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let (folder, image_folder) = (memory(), memory());
    let trace = Trace::new(folder.path()).unwrap();
    let files = Files::new(&trace);
    let first = files.create("first", FirstSync::OfFile).unwrap();
    let second = files.create("second", FirstSync::OfFile).unwrap();
    for n in 0..256_u64 {
        let file = if n % 2 == 0 { &first } else { &second };
        file.append(&[n.to_le_bytes()[0]; 4096]).unwrap();
        if n % 8 > 5 {
            file.sync().unwrap();
        }
    }
    for n in 0..300_u64 {
        first.write_all_at(&[n.to_le_bytes()[0]; 3000], n * 131 * 500 % 500_000).unwrap();
        if n % 6 == 0 {
            first.sync().unwrap();
        }
    }

    let began = std::time::Instant::now();
    let built: usize =
        CrashImages::new(&trace).map(|point| point.images(0..4).map(|image| image.bytes().min(1)).sum::<usize>()).sum();
    let building = began.elapsed();
    let began = std::time::Instant::now();
    let (mut points, mut images, mut bytes) = (0, 0, 0);
    for point in CrashImages::new(&trace) {
        points += 1;
        for image in point.images(0..4) {
            image.write_to(image_folder.path()).unwrap();
            images += 1;
            bytes += image.bytes();
        }
    }
    let writing = began.elapsed();

    let rate = f64::from(images) / writing.as_secs_f64();
    println!("crash points: {points}, images: {images}, {} KiB each", bytes / 1024 / usize::try_from(images).unwrap());
    println!("built: {:.0} a second, built and written: {rate:.0} a second", built as f64 / building.as_secs_f64());
    assert!(rate > 100.0);
}

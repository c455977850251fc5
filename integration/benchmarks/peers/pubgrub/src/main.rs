//! Times the PubGrub library on lowered problems (see LoweredProblem.java for the format), with its
//! stock in-memory provider. Prints for each file
//!
//!     name sat|unsat medianMillis firstMillis
//!
//! where the time is CPU time of the solve; reading is not part of it.
//!
//!     pubgrub-peer REPETITIONS FILE...

use pubgrub::{resolve, OfflineDependencyProvider, PubGrubError};
use std::path::Path;

#[cfg(not(feature = "range"))]
type Versions = pubgrub::Ranges<u32>;
#[cfg(feature = "range")]
type Versions = pubgrub::Range<u32>;

type Provider = OfflineDependencyProvider<u32, Versions>;

#[repr(C)]
struct TimeSpec {
    seconds: i64,
    nanos: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut TimeSpec) -> i32;
}

/// CPU time of this process in milliseconds.
fn cpu_millis() -> f64 {
    const PROCESS: i32 = 2;
    let mut now = TimeSpec { seconds: 0, nanos: 0 };
    unsafe { clock_gettime(PROCESS, &mut now) };
    now.seconds as f64 * 1e3 + now.nanos as f64 / 1e6
}

/// `none`, or inclusive intervals of ranks: `0-4,7-7`.
fn versions(text: &str) -> Versions {
    let mut all = Versions::empty();
    for part in text.split(',').filter(|part| *part != "none") {
        let (low, high) = part.split_once('-').expect("an interval");
        let low: u32 = low.parse().expect("a rank");
        let high: u32 = high.parse().expect("a rank");
        all = all.union(&Versions::between(low, high + 1));
    }
    all
}

fn read(text: &str) -> Provider {
    let mut provider = Provider::new();
    let mut package = 0;
    let mut needs: Vec<Vec<(u32, Versions)>> = Vec::new();
    let mut add = |package: u32, needs: &mut Vec<Vec<(u32, Versions)>>| {
        for (rank, of_rank) in needs.drain(..).enumerate() {
            // Two needs on one package are one on what both allow.
            let mut merged: Vec<(u32, Versions)> = Vec::new();
            for (target, set) in of_rank {
                match merged.iter_mut().find(|(other, _)| *other == target) {
                    Some((_, before)) => *before = before.intersection(&set),
                    None => merged.push((target, set)),
                }
            }
            provider.add_dependencies(package, rank as u32, merged);
        }
    };
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "p" => {
                add(package, &mut needs);
                package = words[1].parse().expect("a package");
                needs.resize(words[2].parse().expect("a count"), Vec::new());
            }
            _ => {
                let rank: usize = words[1].parse().expect("a rank");
                // What nothing meets becomes a need on a package that has no versions.
                let (target, set) = match words[3] {
                    "none" => (u32::MAX, Versions::full()),
                    range => (words[2].parse().expect("a package"), versions(range)),
                };
                needs[rank].push((target, set));
            }
        }
    }
    add(package, &mut needs);
    provider
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let repetitions: usize = arguments[1].parse().expect("a count");
    for file in &arguments[2..] {
        let provider = read(&std::fs::read_to_string(file).expect("a file"));
        let mut times = Vec::new();
        let mut answer = "";
        for _ in 0..repetitions {
            let start = cpu_millis();
            let result = resolve(&provider, 0u32, 0u32);
            times.push(cpu_millis() - start);
            answer = match result {
                Ok(_) => "sat",
                Err(PubGrubError::NoSolution(_)) => "unsat",
                Err(_) => "failed",
            };
        }
        let first = times[0];
        times.sort_by(|a, b| a.total_cmp(b));
        let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        println!("{name} {answer} {:.2} {first:.2}", times[repetitions / 2]);
    }
}

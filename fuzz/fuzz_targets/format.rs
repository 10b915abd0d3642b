//! What can be formatted says the same afterwards, and formats to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::source::SourceId;
use waypost::syntax::{Unformatted, decode, format, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else { return };
    match format(&parse(SourceId::default(), &text).tree, &text) {
        Ok(neat) => assert_eq!(format(&parse(SourceId::default(), &neat).tree, &neat).as_deref(), Ok(neat.as_str())),
        Err(Unformatted::Broken) => {}
        Err(Unformatted::Unsound) => panic!("the formatter changed the meaning"),
    }
});

//! Random but sticky: which draw of a lesson's words is played (4.2).

use indexmap::IndexMap;

/// Which draw of the random words of a lesson is played, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Draw(pub usize);

impl Draw {
    /// The draw a seed gives among `count`: the same seed always gives the same.
    pub fn of(seed: u64, count: usize) -> Self {
        Self(usize::try_from(scatter(seed) % u64::try_from(count.max(1)).unwrap_or(1)).unwrap_or(0))
    }
}

/// Spreads a number over all numbers (the finaliser of splitmix64).
pub(super) fn scatter(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number that stands for a text, the same on every machine (FNV-1a).
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The text with `{word}` replaced by the words of a draw; other braces stay.
pub(super) fn drawn(text: &str, words: &IndexMap<String, String>) -> String {
    words.iter().fold(text.to_owned(), |text, (key, value)| text.replace(&format!("{{{key}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_always_gives_the_same_draw_and_seeds_spread() {
        assert_eq!(Draw::of(7, 3), Draw::of(7, 3));
        let seen: std::collections::BTreeSet<usize> = (0..50).map(|seed| Draw::of(seed, 3).0).collect();
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn only_the_words_of_the_draw_are_replaced() {
        let words = IndexMap::from([("app".to_owned(), "app2".to_owned())]);
        assert_eq!(drawn("fail-over app {app} {other} { x }", &words), "fail-over app app2 {other} { x }");
    }
}

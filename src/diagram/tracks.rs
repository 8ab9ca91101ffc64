//! The order of vertical tracks in the gutter: as few crossings as possible, as few tracks as the density allows.

/// A link as the gutter sees it: horizontal stubs joined by one vertical.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    /// Row of each stub and whether it leads left.
    pub stubs: Vec<(i32, bool)>,
    /// First row of the vertical.
    pub top: i32,
    /// Last row of the vertical.
    pub bottom: i32,
}

/// What a crossing of two stubs on one row costs: more than any number of crossings.
const CLASH: u32 = 1_000;
/// Up to this many links the best order is found exactly.
const EXACT: usize = 12;
/// So often every link looks for a better place where there are more.
const ROUNDS: usize = 16;

/// What it costs when `a` runs left of `b`: each stub that leads over the other's vertical.
fn cost(a: &Channel, b: &Channel) -> u32 {
    let over = |stubs: &[(i32, bool)], to_left: bool, other: &Channel| -> u32 {
        let leading = stubs.iter().filter(|(_, left)| *left == to_left);
        leading
            .map(|(row, _)| match *row {
                row if row < other.top || row > other.bottom => 0,
                row if other.stubs.iter().any(|(taken, _)| *taken == row) => CLASH,
                row if row == other.top || row == other.bottom => CLASH,
                _ => 1,
            })
            .sum()
    };
    over(&a.stubs, false, b) + over(&b.stubs, true, a)
}

/// The track of each link, counted from the left, so that links whose verticals come near each other have their own.
///
/// `apart` says whether two links must be kept apart at all, `together` whether they can be there at the same time: only
/// then does it matter that they cross.
pub(crate) fn assign(
    links: &[Channel],
    apart: impl Fn(usize, usize) -> bool,
    together: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let count = links.len();
    let mut costs = vec![vec![0; count]; count];
    let mut near = vec![vec![false; count]; count];
    for i in 0..count {
        for j in 0..count {
            let touching = links[i].top <= links[j].bottom + 1 && links[j].top <= links[i].bottom + 1;
            if i != j && touching && apart(i, j) {
                near[i][j] = true;
                let cost = cost(&links[i], &links[j]);
                costs[i][j] = if cost >= CLASH || together(i, j) { cost } else { 0 };
            }
        }
    }
    let order = if count <= EXACT { exact(&costs) } else { improved(&costs, links) };
    let mut tracks = vec![0; count];
    for (position, link) in order.iter().enumerate() {
        let before = order[..position].iter().filter(|other| near[**other][*link]);
        tracks[*link] = before.map(|other| tracks[*other] + 1).max().unwrap_or(0);
    }
    tracks
}

/// The links that lie on one row with another in this order although they must not, the later ones.
pub(crate) fn clashing(links: &[Channel], tracks: &[usize], apart: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let clashes = |i: usize, j: usize| {
        apart(i, j)
            && match tracks[i].cmp(&tracks[j]) {
                std::cmp::Ordering::Less => cost(&links[i], &links[j]) >= CLASH,
                std::cmp::Ordering::Greater => cost(&links[j], &links[i]) >= CLASH,
                std::cmp::Ordering::Equal => false,
            }
    };
    (0..links.len()).filter(|later| (0..*later).any(|earlier| clashes(earlier, *later))).collect()
}

/// The cheapest linear order over all subsets.
fn exact(costs: &[Vec<u32>]) -> Vec<usize> {
    let count = costs.len();
    let full = 1usize << count;
    let mut best = vec![(u32::MAX, 0usize); full];
    best[0] = (0, 0);
    for set in 0..full {
        if best[set].0 == u32::MAX {
            continue;
        }
        for next in (0..count).filter(|next| set & (1 << next) == 0) {
            let added: u32 = (0..count).filter(|other| set & (1 << other) != 0).map(|other| costs[other][next]).sum();
            let total = best[set].0.saturating_add(added);
            let with = set | (1 << next);
            if total < best[with].0 {
                best[with] = (total, next);
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut set = full - 1;
    while set != 0 {
        let last = best[set].1;
        order.push(last);
        set &= !(1 << last);
    }
    order.reverse();
    order
}

/// A sorted start, in which each link in turn moves to where it costs least, as long as that helps.
fn improved(costs: &[Vec<u32>], links: &[Channel]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..costs.len()).collect();
    order.sort_by_key(|at| {
        let lefts = links[*at].stubs.iter().filter(|(_, left)| *left).count();
        (2 - lefts.min(2), links[*at].bottom - links[*at].top)
    });
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (link, own) in costs.iter().enumerate() {
            let from = order.iter().position(|other| *other == link).unwrap_or(0);
            order.remove(from);
            // What each place costs, beginning with the leftmost.
            let mut sum: i64 = order.iter().map(|other| i64::from(own[*other])).sum();
            let mut places = vec![sum];
            for other in &order {
                sum += i64::from(costs[*other][link]) - i64::from(own[*other]);
                places.push(sum);
            }
            let best = (0..places.len()).min_by_key(|at| (places[*at], at.abs_diff(from))).unwrap_or(from);
            let to = if places[best] < places[from] { best } else { from };
            order.insert(to, link);
            changed |= to != from;
        }
        if !changed {
            break;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(stubs: &[(i32, bool)]) -> Channel {
        let rows = || stubs.iter().map(|(row, _)| *row);
        Channel { stubs: stubs.to_vec(), top: rows().min().unwrap_or(0), bottom: rows().max().unwrap_or(0) }
    }

    fn total(links: &[Channel], order: &[usize]) -> u32 {
        let mut sum = 0;
        for (at, a) in order.iter().enumerate() {
            sum += order[at + 1..].iter().map(|b| cost(&links[*a], &links[*b])).sum::<u32>();
        }
        sum
    }

    fn permutations(items: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == items.len() {
            visit(items);
        }
        for at in from..items.len() {
            items.swap(from, at);
            permutations(items, from + 1, visit);
            items.swap(from, at);
        }
    }

    #[test]
    fn the_exact_order_is_as_good_as_the_best_permutation() {
        // Deterministic scatter of rows and sides over six links.
        for seed in 0..40i32 {
            let links: Vec<Channel> = (0..6)
                .map(|at| {
                    let row = |k: i32| (seed * 7 + at * 13 + k * 29 + at * at * seed) % 23;
                    channel(&[(row(1), (seed + at) % 3 != 0), (row(2) + 23, (seed * at) % 2 == 0)])
                })
                .collect();
            let costs: Vec<Vec<u32>> = links.iter().map(|a| links.iter().map(|b| cost(a, b)).collect()).collect();
            let mut best = u32::MAX;
            permutations(&mut (0..6).collect(), 0, &mut |order| best = best.min(total(&links, order)));
            assert_eq!(total(&links, &exact(&costs)), best, "seed {seed}");
        }
    }

    #[test]
    fn moving_one_link_at_a_time_comes_near_the_exact_order() {
        let (mut good, mut best) = (0, 0);
        for seed in 0..40i32 {
            let links: Vec<Channel> = (0..12)
                .map(|at| {
                    let row = |k: i32| (seed * 7 + at * 13 + k * 29 + at * at * seed) % 41;
                    channel(&[(row(1), (seed + at) % 3 != 0), (row(2) + 41, (seed * at) % 2 == 0)])
                })
                .collect();
            let costs: Vec<Vec<u32>> = links.iter().map(|a| links.iter().map(|b| cost(a, b)).collect()).collect();
            good += total(&links, &improved(&costs, &links));
            best += total(&links, &exact(&costs));
        }
        assert!(best <= good && good * 100 <= best * 105, "{good} against {best}");
    }

    #[test]
    fn links_that_never_meet_share_a_track() {
        let links = [channel(&[(1, true), (4, false)]), channel(&[(8, true), (12, false)])];
        assert_eq!(assign(&links, |_, _| true, |_, _| true), [0, 0]);
    }
}

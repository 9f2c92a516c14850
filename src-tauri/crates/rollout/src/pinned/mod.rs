//! Batches on a plain Deployment.
//!
//! With a practically infinite `minReadySeconds` new pods take traffic as soon as they are ready, but never count as
//! available. The Deployment controller then stops by itself at old = N − U and new = min(N, U + S), where N is
//! `spec.replicas`, S `maxSurge` and U `maxUnavailable`: the Deployment is *pinned*. Each state in which U is small is safe
//! with nobody awake. U is large only while old pods are removed: the *door*.

mod figures;

pub use figures::Figures;
pub use slipway_model::release::{Hold, Left, PINNED_SECONDS};

use slipway_model::group::{Strategy, batches};

/// What was decided for a release in batches, for the count that the Deployment has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The group's own limits as the controller resolves them; not both zero.
    pub surge: u32,
    pub unavailable: u32,
    /// New pods at the end of the batch that is under way, or that is done.
    pub target: u32,
    /// … and of the one after it.
    pub following: Option<u32>,
    /// The release rests after its batch.
    pub rest: Option<Left>,
    /// The count for which the batch was written down.
    pub count: u32,
}

/// One step of a release in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Wait(Wait),
    Write(Write),
    /// The batch is done, and the cluster rests: write that down, with what it left.
    Rest(Left),
    /// A driver that could not write it down has begun the batch that follows: write that down.
    Next,
    /// New pods of the batch that was done are gone: it is under way again; write that down.
    Again,
    /// All pods are of the new version, and the group's own strategy is back.
    Done,
    /// Somebody else changed what holds the release: stop and ask.
    Foreign,
    /// Somebody deleted the `ReplicaSet` of what ran before, which had pods to keep: stop and ask.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The controllers have not seen the newest generation yet.
    Controller,
    /// The controllers still change counts.
    Pods,
    /// New pods are not ready, or not for long enough.
    Ready,
    /// For whoever, or whatever, lets the next batch begin.
    Approval,
}

/// A small merge patch of what holds the Deployment; never of its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    Hold(Hold),
    /// The group's own strategy and timings, not paused: the end.
    Commit,
}

/// Towards more new pods: above the count by `surge`, or in place of so many old ones.
const fn moving(surge: u32, unavailable: u32) -> Hold {
    Hold { paused: false, surge, unavailable, pinned: true }
}

/// Paused with `over` pods above the count: the controller, which keeps the sum at N + S even then, moves nothing.
fn paused(course: &Course, over: u32) -> Hold {
    Hold { paused: true, surge: over, unavailable: course.unavailable.max(1), pinned: true }
}

impl Course {
    /// What a strategy means for so many pods, where batch `at` (from 0) is under way or done.
    pub fn of(strategy: &Strategy, count: u32, at: usize, rest: Option<Left>, counted: u32) -> Self {
        let ends: Vec<u32> = batches(strategy, count)
            .into_iter()
            .scan(0, |sum, size| {
                *sum += size;
                Some(*sum)
            })
            .collect();
        let (surge, unavailable) = strategy.fenceposts(count);
        // With fewer pods there may be fewer batches.
        let at = at.min(ends.len().saturating_sub(1));
        let target = ends.get(at).copied().unwrap_or_default();
        Self { surge, unavailable, target, following: ends.get(at + 1).copied(), rest, count: counted }
    }

    /// The limits with which a release begins that has its first batch before it.
    pub fn begin(&self) -> Hold {
        self.grow(0)
    }

    /// Where a rest may be left to by itself for longer: new pods count as available again, so that nobody is alarmed.
    pub fn honest_rest(&self) -> Hold {
        Hold { pinned: false, ..paused(self, 0) }
    }

    /// Holds what moves where it is. Pods that the controller may be adding just now have their place: else it would take
    /// others away for them. No more than the group allows: what stands there may have been written for a larger count.
    pub fn stop(&self, figures: &Figures) -> Hold {
        let coming = if figures.paused { 0 } else { figures.surge.min(self.surge) };
        paused(self, figures.over().max(coming))
    }

    /// Towards the target: above the count where the group allows that, else in place of old pods.
    fn grow(&self, new: u32) -> Hold {
        let missing = self.target.saturating_sub(new);
        if self.surge > 0 { moving(self.surge.min(missing), 0) } else { moving(0, new + self.unavailable.min(missing)) }
    }
}

/// What to do next. Total: any figures have an answer, and the same figures have the same one.
pub fn next(figures: &Figures, course: &Course) -> Move {
    if !figures.current {
        return Move::Wait(Wait::Controller);
    }
    // The controller has put new pods in their place, or is about to: no approval is invented for them.
    if figures.made && !figures.kept && course.following.is_some() {
        return Move::Lost;
    }
    if figures.paused { at_pause(figures, course) } else { in_motion(figures, course) }
}

fn at_pause(figures: &Figures, course: &Course) -> Move {
    if let Some(left) = course.rest {
        return at_rest(figures, course, left);
    }
    if figures.new > course.target && figures.count == course.count && course.following.is_some() {
        return Move::Next;
    }
    let all_ready = figures.ready >= figures.new;
    if figures.over() > 0 {
        // A door that was closed early, or a count that went down: the old ones go once the new ones carry.
        return if all_ready { contract(figures, course) } else { Move::Wait(Wait::Ready) };
    }
    if figures.new < course.target {
        let missing = figures.sum() < figures.count;
        return if all_ready || missing { expand(figures, course) } else { Move::Wait(Wait::Ready) };
    }
    if !all_ready {
        return Move::Wait(Wait::Ready);
    }
    if figures.old == 0 { Move::Write(Write::Commit) } else { Move::Rest(figures.left()) }
}

/// A rest holds whatever the count becomes; what else moved since is another driver's batch, or pods that somebody took
/// away.
fn at_rest(figures: &Figures, course: &Course, left: Left) -> Move {
    if figures.count != left.count {
        return Move::Rest(figures.left());
    }
    if figures.new == left.new && figures.over() == 0 {
        return Move::Wait(Wait::Approval);
    }
    if figures.new < left.new {
        return Move::Again;
    }
    let begun = course.following.is_some() && figures.new > left.new;
    if begun { Move::Next } else { at_pause(figures, &Course { rest: None, ..*course }) }
}

fn in_motion(figures: &Figures, course: &Course) -> Move {
    if !figures.pinned {
        return if figures.old == 0 && figures.new == figures.count { Move::Done } else { Move::Foreign };
    }
    if !figures.made {
        // It has seen the template: with a count that it noted wrongly, it waits for another one for ever.
        return Move::Wait(Wait::Pods);
    }
    let rest = Move::Write(Write::Hold(paused(course, figures.over())));
    if course.rest.is_some() {
        // Only a driver of ours lets pods above the count in; anything else is somebody's `resume`.
        return if figures.surge > 0 && course.following.is_some() { Move::Next } else { rest };
    }
    if figures.unavailable > 0 { through_the_door(figures, rest) } else { above_the_count(figures, course, rest) }
}

/// Old pods are being removed: S is 0, and U is as many new pods as there are to be.
fn through_the_door(figures: &Figures, close: Move) -> Move {
    let through = figures.sum() == figures.count && figures.new == figures.unavailable;
    // With another count, or as many new pods as do not fit U, it leads elsewhere: nothing is waited for with it open.
    let strayed = figures.new > figures.unavailable || figures.unavailable > figures.count;
    if through || strayed { close } else { Move::Wait(Wait::Pods) }
}

/// New pods are being added: U is 0.
fn above_the_count(figures: &Figures, course: &Course, rest: Move) -> Move {
    let settled = figures.sum() >= figures.count + figures.surge || figures.new >= figures.count;
    if !settled {
        return Move::Wait(Wait::Pods);
    }
    if figures.over() == 0 {
        return rest;
    }
    if figures.ready < figures.new { Move::Wait(Wait::Ready) } else { contract(figures, course) }
}

/// Opens the door: as many old pods go as new ones carry.
fn contract(figures: &Figures, course: &Course) -> Move {
    Move::Write(Write::Hold(if figures.new == 0 {
        // Somebody took the new ones away: the controller brings back as many old ones, and no more.
        paused(course, 0)
    } else {
        moving(0, figures.new)
    }))
}

fn expand(figures: &Figures, course: &Course) -> Move {
    let hold = course.grow(figures.new);
    if hold.surge == 0 && hold.unavailable > 0 && (!figures.pinned || figures.available > 0) {
        // While new pods count as available, the same U would remove as many old ones again.
        let pin = paused(course, 0);
        return if figures.pinned { Move::Wait(Wait::Controller) } else { Move::Write(Write::Hold(pin)) };
    }
    Move::Write(Write::Hold(hold))
}

#[cfg(test)]
mod tests {
    use super::{Course, Figures, Strategy};
    use slipway_model::group::Share;

    #[test]
    fn a_stop_keeps_room_for_what_is_coming_and_no_more_than_the_group_allows_of_its_count() {
        let strategy =
            Strategy { max_surge: Share::Percent(25), max_unavailable: Share::Pods(0), ..Strategy::default() };
        let stop = |count, old, new| {
            let figures = Figures { count, old, new, surge: 2, pinned: true, ..Figures::default() };
            Course::of(&strategy, count, 0, None, 16).stop(&figures).surge
        };
        assert_eq!(stop(16, 16, 1), 2, "the second of two comes just now");
        assert_eq!(stop(1, 1, 1), 1, "somebody scaled it down, and the two were of 16");
        assert_eq!(stop(1, 1, 3), 3, "none is taken away");
    }
}

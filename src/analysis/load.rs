//! How the open activities are spread over their owners.

use chrono::NaiveDate;

use super::schedule::{Schedule, State};

/// At most this many activities on one day are not too many for one person.
const MAX_PEAK: usize = 2;
/// From this share of all open activities, too much rests on one person, if there are at least [`MIN_OPEN`].
const MAX_SHARE: f64 = 0.4;
const MIN_OPEN: usize = 5;

/// The open activities of one owner.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnerLoad {
    /// Name. `None` for activities without an owner.
    pub owner: Option<String>,
    /// Indexes of the open activities.
    pub activities: Vec<usize>,
    /// Largest number of activities on one day.
    pub peak: usize,
}

/// The load of all owners.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Load {
    /// The owners, the busiest first; activities without an owner last.
    pub owners: Vec<OwnerLoad>,
    /// Number of open activities.
    pub open: usize,
}

impl Load {
    /// Returns the load. `dates` are the first and last day of each activity.
    pub fn of(schedule: &Schedule, dates: &[(NaiveDate, NaiveDate)]) -> Self {
        let mut owners: Vec<OwnerLoad> = Vec::new();
        let mut open = 0;
        for (index, activity) in schedule.activities.iter().enumerate() {
            if activity.state == State::Done {
                continue;
            }
            open += 1;
            let same = |other: &OwnerLoad| match (&other.owner, &activity.owner) {
                (Some(a), Some(b)) => a.to_lowercase() == b.to_lowercase(),
                (a, b) => a.is_none() && b.is_none(),
            };
            match owners.iter_mut().find(|other| same(other)) {
                Some(own) => own.activities.push(index),
                None => owners.push(OwnerLoad {
                    owner: activity.owner.clone(),
                    activities: vec![index],
                    peak: 0,
                }),
            }
        }
        for own in &mut owners {
            own.peak = peak(&own.activities, dates);
        }
        // A stable sort: owners with the same load keep their order.
        owners.sort_by_key(|own| (own.owner.is_none(), usize::MAX - own.activities.len()));
        Self { owners, open }
    }

    /// Returns the owner with the most open activities. The first of several counts.
    pub fn busiest(&self) -> Option<&OwnerLoad> {
        self.owners.first().filter(|own| own.owner.is_some())
    }

    /// Returns the number of open activities without an owner.
    pub fn unowned(&self) -> usize {
        let unowned = self.owners.iter().find(|own| own.owner.is_none());
        unowned.map_or(0, |own| own.activities.len())
    }

    /// Returns whether too much rests on an owner.
    pub fn is_overload(&self, own: &OwnerLoad) -> bool {
        let share = own.activities.len() as f64 / self.open.max(1) as f64;
        own.peak > MAX_PEAK || (self.open >= MIN_OPEN && share >= MAX_SHARE)
    }
}

/// Returns the largest number of activities on one day. It is reached on the first day of one of them.
fn peak(activities: &[usize], dates: &[(NaiveDate, NaiveDate)]) -> usize {
    let on = |day: NaiveDate| {
        let running = activities.iter().filter(|index| {
            let (from, to) = dates[**index];
            (from..=to).contains(&day)
        });
        running.count()
    };
    activities
        .iter()
        .map(|index| on(dates[*index].0))
        .max()
        .unwrap_or(0)
}

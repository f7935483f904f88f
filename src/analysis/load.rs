//! How the open activities are spread over their owners.

use std::collections::BTreeSet;

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
    /// Returns the load. `dates` are the first and last day of each activity. An activity of several owners, divided by one
    /// of `separators`, counts for each of them.
    pub fn of(
        schedule: &Schedule,
        dates: &[(NaiveDate, NaiveDate)],
        separators: &[String],
    ) -> Self {
        let all = schedule.activities.iter();
        let names: Vec<&str> = all.filter_map(|own| own.owner.as_deref()).collect();
        let mut owners: Vec<OwnerLoad> = Vec::new();
        let mut open = 0;
        for (index, activity) in schedule.activities.iter().enumerate() {
            if activity.state == State::Done {
                continue;
            }
            open += 1;
            for owner in owners_in(activity.owner.as_deref(), &names, separators) {
                let same = |other: &OwnerLoad| match (&other.owner, owner) {
                    (Some(a), Some(b)) => is_same(a, b),
                    (a, b) => a.is_none() && b.is_none(),
                };
                match owners.iter_mut().find(|other| same(other)) {
                    Some(own) => own.activities.push(index),
                    None => owners.push(OwnerLoad {
                        owner: owner.map(str::to_owned),
                        activities: vec![index],
                        peak: 0,
                    }),
                }
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

    /// Returns the owners who have as many open activities as the busiest one, with it.
    pub fn busiest_owners(&self) -> &[OwnerLoad] {
        let most = self.busiest().map_or(0, |own| own.activities.len());
        let is_tied = |own: &OwnerLoad| own.owner.is_some() && own.activities.len() == most;
        let tied = self.owners.iter().take_while(|own| is_tied(own)).count();
        &self.owners[..tied]
    }

    /// Returns the number of open activities with several owners.
    pub fn shared(&self) -> usize {
        let of_all = || self.owners.iter().flat_map(|own| own.activities.iter());
        let single: BTreeSet<&usize> = of_all().collect();
        let owners_of = |index: &usize| of_all().filter(|own| *own == index).count();
        single
            .into_iter()
            .filter(|index| owners_of(index) > 1)
            .count()
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

fn is_same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Returns the owners of an activity. A company name can contain a separator, so an answer is divided only if one of its
/// parts is also the owner of an activity.
fn owners_in<'o>(
    owner: Option<&'o str>,
    names: &[&str],
    separators: &[String],
) -> Vec<Option<&'o str>> {
    let Some(whole) = owner else {
        return vec![None];
    };
    let mut parts = vec![whole];
    for separator in separators.iter().filter(|own| !own.is_empty()) {
        parts = parts
            .iter()
            .flat_map(|part| part.split(separator.as_str()))
            .collect();
    }
    let parts: Vec<&str> = parts.into_iter().map(str::trim).collect();
    let is_known = |part: &&str| names.iter().any(|name| is_same(name, part));
    let is_divided =
        parts.len() > 1 && parts.iter().all(|part| !part.is_empty()) && parts.iter().any(is_known);
    match is_divided {
        true => parts.into_iter().map(Some).collect(),
        false => vec![Some(whole)],
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

#[cfg(test)]
mod tests {
    use super::*;

    fn owners<'o>(owner: &'o str, names: &[&str]) -> Vec<&'o str> {
        let separators = ["/", "&", " and "].map(str::to_owned);
        let owners = owners_in(Some(owner), names, &separators);
        owners.into_iter().flatten().collect()
    }

    #[test]
    fn an_activity_of_two_owners_counts_for_both() {
        assert_eq!(owners("Bob / Gilles", &["bob", "Kevin"]), ["Bob", "Gilles"]);
        assert_eq!(owners("Ann and Bob", &["Bob"]), ["Ann", "Bob"]);
        assert_eq!(owners_in(None, &["Bob"], &["/".to_owned()]), [None]);
    }

    #[test]
    fn the_name_of_a_company_is_not_divided() {
        for whole in ["Fenwick & Lamb, solicitors", "Bob /", "Alexandra"] {
            assert_eq!(owners(whole, &["Bob", "Tom"]), [whole]);
        }
    }
}

//! The values of a client that other clients are compared with.

use super::ScoreSummary;
use crate::benchmark::dimension_figure;

/// Returns the points of each score that does not rank candidates, and the means of its dimensions that apply, each with
/// its name.
pub fn benchmark_values(scores: &[ScoreSummary]) -> Vec<(String, f64)> {
    let mut values = Vec::new();
    for score in scores.iter().filter(|score| !score.ranked) {
        let Some(client) = score.subjects.first() else {
            continue;
        };
        values.extend(client.points.map(|points| (score.id.clone(), points)));
        let means = client.dimensions.iter().filter_map(|dimension| {
            let mean = dimension.mean.filter(|_| dimension.applies)?;
            Some((dimension_figure(&score.id, &dimension.id), mean))
        });
        values.extend(means);
    }
    values
}

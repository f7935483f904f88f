//! Checks the blocks of the roadmap, gaps, risks, and numbers with the figures of a sample and with hard data.
//!
//! `PLANS_TO=folder cargo test --test suite gallery_roadmap` keeps the pages in that folder for review.

use chrono::{Days, NaiveDate};
use partnerbook::brand::Brand;
use partnerbook::look::Paper;
use partnerbook::pdf::Renderer;
use partnerbook::plan::*;
use partnerbook::questionnaire::Tone;

use crate::common;
use crate::layout::faults;

const LONG: &str = "Integration of the Nordlys crawler controller with the customer's own asset register and its reports";
const WORD: &str = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen";
const JAPANESE: &str = "新しいパートナー向けの研修資料とオンボーディング手順書を作成して公開する";
const ARABIC: &str = "إعداد خطة الشراكة الاستراتيجية مع شركة الأفق للتجارة والتوريدات في المنطقة";
const HARD: [&str; 5] = [LONG, WORD, JAPANESE, ARABIC, "x"];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn section(headline: &str, points: &[&str], blocks: Vec<Block>) -> Section {
    Section {
        id: "gallery".into(),
        title: headline.into(),
        headline: headline.into(),
        question: "What happens when?".into(),
        lead: Some(points.join("\n")).filter(|lead| !lead.is_empty()),
        points: points.iter().map(|&point| point.into()).collect(),
        one_page: false,
        whole: true,
        new_page: true,
        empty: false,
        blocks,
    }
}

/// Renders the sections and checks that no text touches another or leaves the margins.
fn check(name: &str, sections: Vec<Section>) {
    let mut plan = common::plan_of_sample(common::questionnaire(), "halvorsen-sensors");
    plan.sections = sections;
    let found: Vec<String> = [Paper::A4, Paper::LETTER]
        .into_iter()
        .flat_map(|paper| faults(&plan, name, paper))
        .collect();
    let first = found.iter().take(20).cloned().collect::<Vec<_>>();
    assert!(found.is_empty(), "{}:\n{}", found.len(), first.join("\n"));
}

/// Like [`check`], for sections that must each fit on one page, on A4 and Letter.
fn check_sample(name: &str, sections: Vec<Section>) {
    /// The cover.
    const BEFORE: usize = 1;
    let mut plan = common::plan_of_sample(common::questionnaire(), "halvorsen-sensors");
    plan.sections = sections.clone();
    for paper in [Paper::A4, Paper::LETTER] {
        let mut brand = Brand::bundled().unwrap();
        brand.look.paper = paper;
        let pages = Renderer::new(&brand.fonts, &brand.look).text_boxes(&plan);
        assert_eq!(pages.len(), BEFORE + sections.len(), "{name}, {paper:?}");
    }
    check(name, sections);
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.into()).collect()
}

/// Number, name, owner, month, due, first and last day, state.
type Sketch = (
    &'static str,
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static str,
);

const ROWS: [Sketch; 12] = [
    (
        "Partnership strategy finalization",
        "Ingrid Moe Halvorsen",
        0,
        "14 Dec",
        "2026-12-07",
        "2026-12-14",
    ),
    (
        "Target partner identification",
        "Jonas Bakke",
        0,
        "18 Dec",
        "2026-12-14",
        "2026-12-18",
    ),
    (
        "Legal framework development",
        "Solveig Ness, legal",
        0,
        "5 Jan",
        "2026-12-07",
        "2027-01-05",
    ),
    (
        "Enablement material creation",
        "Kari Lunde",
        0,
        "4 Jan",
        "2026-12-17",
        "2027-01-04",
    ),
    (
        "Partner outreach campaign",
        "Jonas Bakke",
        1,
        "15 Jan",
        "2027-01-06",
        "2027-01-15",
    ),
    (
        "Partnership negotiations",
        "Ingrid Moe Halvorsen",
        1,
        "22 Jan",
        "2027-01-14",
        "2027-01-22",
    ),
    (
        "Onboarding process execution",
        "Sindre Aasen",
        1,
        "29 Jan",
        "2027-01-20",
        "2027-01-29",
    ),
    (
        "Initial partner training",
        "Kari Lunde",
        1,
        "4 Feb",
        "2027-01-25",
        "2027-02-04",
    ),
    (
        "Partner program launch",
        "Ingrid Moe Halvorsen",
        2,
        "12 Feb",
        "2027-02-05",
        "2027-02-12",
    ),
    (
        "Performance tracking implementation",
        "Tuva Strand, finance",
        2,
        "19 Feb",
        "2027-02-05",
        "2027-02-19",
    ),
    (
        "Success optimization",
        "Jonas Bakke",
        2,
        "26 Feb",
        "2027-02-15",
        "2027-02-26",
    ),
    (
        "Expansion planning",
        "Ingrid Moe Halvorsen",
        2,
        "5 Mar",
        "2027-02-22",
        "2027-03-05",
    ),
];

fn rows() -> Vec<ScheduleRow> {
    ROWS.iter()
        .enumerate()
        .map(|(i, (label, owner, month, due, from, to))| ScheduleRow {
            number: i + 1,
            label: (*label).into(),
            owner: (*owner).into(),
            owned: true,
            month: *month,
            due_text: (*due).into(),
            expected_text: String::new(),
            late: false,
            bar: (day(from), day(to)),
            planned: None,
            state: match i {
                1 => ActivityState::Done,
                0 | 2 | 3 | 9 => ActivityState::InProgress,
                _ => ActivityState::NotStarted,
            },
            tone: Tone::Plain,
            urgency: String::new(),
        })
        .collect()
}

fn ticks(start: NaiveDate, weeks: u64, every: u64) -> Vec<(NaiveDate, String)> {
    (0..weeks)
        .map(|week| {
            let day = start + Days::new(7 * week);
            let text = day.format("%-d %b").to_string();
            (
                day,
                if week % every == 0 {
                    text
                } else {
                    String::new()
                },
            )
        })
        .collect()
}

fn schedule() -> Schedule {
    let start = day("2026-12-07");
    Schedule {
        title: "The ninety days, 7 December 2026 to 6 March 2027".into(),
        legend: [
            "done",
            "in progress",
            "not started",
            "",
            "arrow: must finish before the next starts",
        ]
        .map(String::from),
        headings: ["Activity and owner", "Due", ""].map(String::from),
        start,
        end: day("2027-03-14"),
        months: vec![
            ("Month 1".into(), start, day("2027-01-04")),
            ("Month 2".into(), day("2027-01-05"), day("2027-02-03")),
            ("Month 3".into(), day("2027-02-04"), day("2027-03-06")),
        ],
        ticks: ticks(start, 14, 2),
        today: Some((day("2026-11-26"), "today 26 Nov".into())),
        reviews: vec![
            (day("2027-01-05"), "Review 1".into(), "Tue 5 Jan".into()),
            (day("2027-02-04"), "Review 2".into(), "Thu 4 Feb".into()),
            (
                day("2027-03-08"),
                "Closing review".into(),
                "Mon 8 Mar".into(),
            ),
        ],
        rows: rows(),
        arrows: vec![(0, 4), (1, 4), (2, 5), (3, 7), (5, 8), (6, 8), (7, 8)],
    }
}

/// The same schedule on 1 February, with a forecast.
fn midterm() -> Schedule {
    let mut schedule = schedule();
    schedule.legend[3] = "first dates".into();
    schedule.headings[2] = "Expected".into();
    schedule.today = Some((day("2027-02-01"), "today 1 Feb".into()));
    schedule.end = day("2027-03-21");
    let expected = [
        ("4 Feb", "2027-02-02", "2027-02-04"),
        ("done", "2026-12-14", "2026-12-18"),
        ("16 Feb", "2027-02-02", "2027-02-16"),
        ("10 Feb", "2027-02-02", "2027-02-10"),
        ("16 Feb", "2027-02-05", "2027-02-16"),
        ("25 Feb", "2027-02-17", "2027-02-25"),
        ("26 Feb", "2027-02-17", "2027-02-26"),
        ("1 Mar", "2027-02-17", "2027-03-01"),
        ("9 Mar", "2027-03-02", "2027-03-09"),
        ("19 Feb", "2027-02-05", "2027-02-19"),
        ("15 Mar", "2027-03-02", "2027-03-15"),
        ("15 Mar", "2027-03-02", "2027-03-15"),
    ];
    for (i, (row, (text, from, to))) in schedule.rows.iter_mut().zip(expected).enumerate() {
        row.expected_text = text.into();
        row.late = i != 1 && i != 9;
        let bar = (day(from), day(to));
        row.planned = (bar != row.bar).then_some(row.bar);
        row.bar = bar;
    }
    schedule.rows[0].tone = Tone::Bad;
    schedule.rows[0].urgency = "urgent".into();
    schedule.rows[5].tone = Tone::Watch;
    schedule.rows[5].urgency = "soon".into();
    schedule
}

fn one(block: Block) -> Vec<Section> {
    vec![section("A page of the gallery", &[], vec![block])]
}

#[test]
fn the_schedule_of_a_sample() {
    let blocks = |schedule| vec![Block::Schedule(Box::new(schedule))];
    let first = section(
        "Twelve activities, three reviews, closing on 8 March 2027",
        &[
            "Nothing here is urgent: keep to the dates.",
            "None of the twelve activities builds the integration: give it an owner and a date.",
            "You say an agreement is signed, yet negotiations are open: is it the same one?",
        ],
        blocks(schedule()),
    );
    let second = section(
        "Day 57 of 90: 6 overdue, finish now expected on 15 March 2027",
        &[
            "Launch is now expected on 9 March 2027, a working day after the closing review.",
            "None of the twelve activities builds the integration: give it an owner and a date.",
            "You say an agreement is signed, yet negotiations are open: is it the same one?",
        ],
        blocks(midterm()),
    );
    check_sample("schedule", vec![first, second]);
}

/// A schedule of this many activities and days, with hard names.
fn hard_schedule(activities: usize, days: u64, owners: bool) -> Schedule {
    let mut schedule = midterm();
    let start = schedule.start;
    schedule.end = start + Days::new(days - 1);
    let months = days.div_ceil(30);
    schedule.months = (0..months)
        .map(|month| {
            let last = (30 * month + 29).min(days - 1);
            let name = format!("Month {}", month + 1);
            (name, start + Days::new(30 * month), start + Days::new(last))
        })
        .collect();
    schedule.ticks = ticks(start, days / 7, 1);
    schedule.today = Some((
        start + Days::new(days / 2),
        "today, in the middle of it all".into(),
    ));
    schedule.reviews = (0..8)
        .map(|i| {
            let day = start + Days::new(days - 1 - (i * 3).min(days - 1));
            (day, HARD[i as usize % 5].into(), day.to_string())
        })
        .collect();
    let step = days / activities as u64;
    let states = [
        ActivityState::Done,
        ActivityState::InProgress,
        ActivityState::NotStarted,
    ];
    schedule.rows = (0..activities)
        .map(|i| {
            let from = start + Days::new(step * i as u64);
            ScheduleRow {
                number: i + 1,
                label: HARD[i % 5].into(),
                owner: if owners {
                    HARD[(i + 1) % 5].into()
                } else {
                    String::new()
                },
                owned: i % 4 != 1,
                month: (step * i as u64 / 30) as usize,
                due_text: ["14 Dec", "14. Dezember 2026", "4 Jan"][i % 3].into(),
                expected_text: "18 Dec".into(),
                late: i % 3 == 0,
                bar: (from, from + Days::new(i as u64 % 17)),
                planned: (i % 2 == 0).then_some((start, from)),
                state: states[i % 3],
                tone: [Tone::Bad, Tone::Watch, Tone::Plain][i % 3],
                urgency: ["urgent", "needs attention", ""][i % 3].into(),
            }
        })
        .collect();
    // All end on one activity, next to some from later to earlier rows.
    schedule.arrows = (0..activities.saturating_sub(1))
        .map(|i| (i, activities / 2))
        .chain((2..activities).step_by(3).map(|i| (i, i - 2)))
        .collect();
    schedule
}

#[test]
fn hard_schedules() {
    let mut sections = Vec::new();
    for (activities, days) in [(1, 30), (3, 90), (12, 365), (25, 180), (60, 365), (8, 30)] {
        for owners in [true, false] {
            let mut schedule = hard_schedule(activities, days, owners);
            if activities == 8 {
                schedule.headings[2] = String::new();
                schedule.title = String::new();
            }
            sections.extend(one(Block::Schedule(Box::new(schedule))));
        }
    }
    let mut empty = schedule();
    empty.rows.clear();
    sections.extend(one(Block::Schedule(Box::new(empty))));
    check("schedule-hard", sections);
}

fn load() -> Load {
    let row = |owner: &str, weeks: &[(usize, usize)], open| {
        let mut cells = vec![Vec::new(); 13];
        for (week, number) in weeks {
            cells[week - 1].push(*number);
        }
        LoadRow {
            owner: owner.into(),
            owned: true,
            weeks: cells,
            open,
            peak: 1,
        }
    };
    let dates = [(0, "7 Dec"), (4, "4 Jan"), (8, "1 Feb"), (12, "1 Mar")];
    Load {
        title: "Who is busy when".into(),
        caption: "Activity numbers as on page 10; target partner identification (2) is done."
            .into(),
        headings: ["Owner", "Open", "At once"].map(String::from),
        week: "Week".into(),
        dates: dates.map(|(week, date)| (week, date.into())).into(),
        weeks: 13,
        rows: vec![
            row(
                "Ingrid Moe Halvorsen",
                &[
                    (1, 1),
                    (2, 1),
                    (6, 6),
                    (7, 6),
                    (9, 9),
                    (10, 9),
                    (12, 12),
                    (13, 12),
                ],
                4,
            ),
            row("Jonas Bakke", &[(5, 5), (6, 5), (11, 11), (12, 11)], 2),
            row(
                "Kari Lunde",
                &[(2, 4), (3, 4), (4, 4), (5, 4), (8, 8), (9, 8)],
                2,
            ),
            row(
                "Solveig Ness, legal",
                &[(1, 3), (2, 3), (3, 3), (4, 3), (5, 3)],
                1,
            ),
            row("Sindre Aasen", &[(7, 7), (8, 7)], 1),
            row("Tuva Strand, finance", &[(9, 10), (10, 10), (11, 10)], 1),
        ],
        total: (
            "Open at some time in the week".into(),
            [2, 3, 2, 2, 3, 2, 2, 2, 3, 2, 2, 2, 1].map(Some).to_vec(),
        ),
        open: 11,
        reviews: vec![
            (4.2, "Review 1, 5 Jan".into()),
            (8.5, "Review 2, 4 Feb".into()),
            (13.0, "Closing review, 8 Mar".into()),
        ],
    }
}

#[test]
fn the_load_of_a_sample() {
    let mut second = load();
    second.title = "Two at once, and nobody for two".into();
    second.rows[0].weeks[5] = vec![6, 12];
    second.rows[0].weeks[6] = vec![6, 12];
    second.rows[0].peak = 2;
    second.rows.truncate(4);
    second.rows[3].owner = "no owner".into();
    second.rows[3].owned = false;
    second.rows[3].weeks[2] = vec![3, 7];
    let blocks = vec![Block::Load(Box::new(load())), Block::Load(Box::new(second))];
    check_sample(
        "load",
        vec![section("Every activity has one owner", &[], blocks)],
    );
}

#[test]
fn hard_loads() {
    let mut sections = Vec::new();
    for (owners, weeks, each) in [(1, 1, 1), (8, 13, 9), (40, 26, 2), (5, 53, 3), (3, 5, 12)] {
        let mut load = load();
        load.weeks = weeks;
        load.week = HARD[owners % 5].into();
        load.dates = (0..weeks)
            .map(|week| (week, "14 December".into()))
            .collect();
        load.headings = [HARD[0], HARD[1], HARD[3]].map(String::from);
        load.total = (LONG.into(), vec![Some(60); weeks]);
        load.rows = (0..owners)
            .map(|i| LoadRow {
                owner: HARD[i % 5].into(),
                owned: i + 1 < owners,
                weeks: (0..weeks)
                    .map(|week| (0..(week + i) % (each + 1)).map(|n| n * 7 + 1).collect())
                    .collect(),
                open: 60,
                peak: 12,
            })
            .collect();
        load.reviews = (0..6)
            .map(|i| (weeks as f32 - 0.3 * i as f32, HARD[i % 5].into()))
            .collect();
        sections.extend(one(Block::Load(Box::new(load))));
    }
    let mut empty = load();
    empty.rows.clear();
    let mut nothing = load();
    (nothing.weeks, nothing.dates, nothing.total.1) = (0, Vec::new(), Vec::new());
    sections.extend(one(Block::Load(Box::new(empty))));
    sections.extend(one(Block::Load(Box::new(nothing))));
    check("load-hard", sections);
}

fn gap(number: usize, name: &str, rating: f64, status: &str, texts: [&str; 4]) -> GapCard {
    let [why, good, first, who] = texts.map(String::from);
    GapCard {
        number,
        name: name.into(),
        rating,
        rating_text: format!("{rating} of 10"),
        status: status.into(),
        tone: if status == "urgent" {
            Tone::Bad
        } else {
            Tone::Watch
        },
        why,
        good,
        first,
        who,
        owned: true,
    }
}

fn gaps() -> Vec<GapCard> {
    vec![
        gap(
            1,
            "Contract",
            3.0,
            "urgent",
            [
                "No partner sells in earnest without a contract.",
                "Good: a standard agreement that counsel has cleared for every country you sell in.",
                "Brief counsel on one standard agreement and your two fallback positions.",
                "Fenwick & Lamb, solicitors, by 5 February 2027",
            ],
        ),
        gap(
            2,
            "Sales material for partners",
            3.0,
            "urgent",
            [
                "Partners cannot sell what they cannot show.",
                "Good: a partner's new salesperson can pitch, demonstrate and quote without calling you.",
                "Make the pitch, the demonstration and the price list; leave the rest for later.",
                "Maisie Hoyle, by 9 February 2027",
            ],
        ),
        gap(
            3,
            "Revenue-sharing model",
            5.0,
            "next",
            [
                "It is the first question in every negotiation.",
                "Good: one page with the rate, what it applies to, the payment date and a worked example.",
                "Fix the rate for the first partner and work out what it costs you.",
                "Priya Ackroyd, by 26 February 2027",
            ],
        ),
        gap(
            4,
            "Partner team",
            4.0,
            "next",
            [
                "Recruiting partners whom nobody looks after costs more than it earns.",
                "Good: one named partner manager with no sales quota of their own.",
                "Name the person and free half their week.",
                "Tom Sutcliffe, by 17 February 2027",
            ],
        ),
        gap(
            5,
            "Partner reporting",
            5.0,
            "next",
            [
                "Day 90 is judged by figures you must keep from day 1.",
                "Good: one page a month: leads, deals, revenue and satisfaction for each partner.",
                "Record today's figures as the baseline.",
                "Dev Chaudhry, by 24 March 2027",
            ],
        ),
    ]
}

fn gap_block(cards: Vec<GapCard>) -> Block {
    Block::GapCards {
        title: "What to fix, in this order".into(),
        headings: [
            "Your rating (tick: 5.5)",
            "Why it matters, and what good looks like",
            "First step, owner, date",
        ]
        .map(String::from),
        mark: 5.5,
        cards,
    }
}

fn grid() -> EffortGrid {
    let item = |number: usize, label: &str, tone| GridItem {
        number: Some(number).filter(|number| *number > 0),
        label: label.into(),
        tone,
    };
    let mut cells: [[Vec<GridItem>; 3]; 3] = Default::default();
    cells[0][0] = vec![item(3, "revenue-sharing model", Tone::Watch)];
    cells[0][1] = vec![
        item(1, "contract", Tone::Bad),
        item(2, "sales material", Tone::Bad),
        item(4, "partner team", Tone::Watch),
        item(0, "partner support", Tone::Plain),
        item(0, "partner management", Tone::Plain),
    ];
    cells[1][0] = vec![
        item(5, "partner reporting", Tone::Watch),
        item(0, "onboarding", Tone::Plain),
    ];
    cells[1][2] = ["capacity to grow", "white-label option", "partner revenue"]
        .map(|label| item(0, label, Tone::Plain))
        .into();
    EffortGrid {
        title: "Where effort pays most".into(),
        caption: "Impact on your plan (high at the top) against effort. Numbered: the cards below."
            .into(),
        rows: ["high", "medium", "low"].map(String::from),
        columns: ["low effort", "medium effort", "high effort"].map(String::from),
        cells,
        words_title: "In your words".into(),
        words: vec![
            (
                "Critical gaps".into(),
                words(&[
                    "“No standard partner contract; each of the four was drafted from scratch by a friend's solicitor”",
                    "“Partners have a login and a PDF from 2023, and ring Tom for everything else”",
                ]),
            ),
            (
                "Priorities".into(),
                words(&[
                    "“One partner contract that a solicitor has signed off, by the end of January”",
                    "“Materials an agent can use without ringing Tom”",
                    "“A half-time partner manager instead of Fridays only”",
                ]),
            ),
        ],
    }
}

#[test]
fn the_gaps_of_a_sample() {
    let blocks = vec![Block::EffortGrid(Box::new(grid())), gap_block(gaps())];
    let headline =
        "Fix the contract, sales material for partners, and the revenue-sharing model first";
    let points = ["Eleven of 25 subjects are below 5.5; two are below 4 and come first."];
    check_sample("gaps", vec![section(headline, &points, blocks)]);
}

#[test]
fn hard_gaps() {
    let mut sections = one(gap_block(Vec::new()));
    let long = [LONG; 6].join(" ");
    let hard = |i: usize| {
        let mut card = gap(
            i + 1,
            HARD[i % 5],
            -3.0 + 4.0 * i as f64,
            HARD[(i + 1) % 5],
            [
                long.as_str(),
                HARD[i % 5],
                HARD[(i + 2) % 5],
                HARD[(i + 3) % 5],
            ],
        );
        card.rating_text = HARD[(i + 2) % 5].into();
        card
    };
    sections.extend(one(gap_block(vec![hard(1)])));
    sections.extend(one(gap_block((0..12).map(hard).collect())));
    for (count, long_words) in [(1, false), (3, true), (60, true)] {
        let mut grid = grid();
        for cell in grid.cells.iter_mut().flatten() {
            *cell = (0..count)
                .map(|i| GridItem {
                    number: (i % 2 == 0).then_some(i + 1),
                    label: HARD[i % 5].into(),
                    tone: Tone::Bad,
                })
                .collect();
        }
        grid.rows = [HARD[1], HARD[2], HARD[3]].map(String::from);
        grid.columns = [HARD[0], HARD[2], HARD[3]].map(String::from);
        if long_words {
            grid.words = (0..4)
                .map(|_| (LONG.into(), vec![long.clone(); count]))
                .collect();
        } else {
            grid.words.clear();
        }
        sections.extend(one(Block::EffortGrid(Box::new(grid))));
    }
    check("gaps-hard", sections);
}

fn risk(title: &str, place: (usize, usize), texts: [&str; 3]) -> RiskItem {
    let [consequence, mitigation, owner] = texts.map(String::from);
    RiskItem {
        title: title.into(),
        consequence,
        mitigation,
        owned: owner != "name one",
        owner,
        likelihood: place.0,
        impact: place.1,
    }
}

fn board() -> RiskBoard {
    RiskBoard {
        grid_title: "Likelihood and impact".into(),
        grid_caption: "Numbers as in the list".into(),
        levels: ["low", "medium", "high"].map(String::from),
        axes: ["likelihood", "impact"].map(String::from),
        list_title: "What to do about them, and who".into(),
        action: "Do:".into(),
        risks: vec![
            risk(
                "The growth does not pay for the program",
                (3, 3),
                [
                    "Growth of £17,600 a month stands against spending of £18,000.",
                    "Release the spending in steps, each tied to signed revenue.",
                    "Priya Ackroyd",
                ],
            ),
            risk(
                "The pipeline does not carry the target",
                (3, 3),
                [
                    "It covers 99% of the revenue you want by day 90.",
                    "Add opportunities, or lower the target before day 1.",
                    "Tom Sutcliffe",
                ],
            ),
            risk(
                "The contract is not ready",
                (3, 3),
                [
                    "Negotiations begin on 18 February 2027 and need it.",
                    "Brief counsel in week 1; keep a two-page letter of intent as a fallback.",
                    "Fenwick & Lamb, solicitors",
                ],
            ),
            risk(
                "Partner commission is missing from the cost",
                (3, 2),
                [
                    "About £2,340 a month would cut your net contribution to £6,660.",
                    "Confirm whether the return is entered after commission; if not, budget for it.",
                    "Priya Ackroyd",
                ],
            ),
            risk(
                "New partners sell after day 90",
                (3, 2),
                [
                    "A deal opened at launch closes around 15 June 2027.",
                    "Tie the day-90 revenue to today's partners; give new ones a pipeline target.",
                    "Priya Ackroyd",
                ],
            ),
            risk(
                "Partner work is a side job",
                (2, 3),
                [
                    "Outreach begins on 10 February 2027 with too few hands to follow up.",
                    "Take the sales quota off the person who looks after partners.",
                    "Tom Sutcliffe",
                ],
            ),
        ],
        more: (
            "Seven more, in appendix D".into(),
            "All of medium likelihood and impact".into(),
            words(&[
                "Payback comes later than you state",
                "The choice is close",
                "Small partners cost more than they bring",
                "The pitch promises more than you pay",
                "The integrations may miss day 90",
                "Part of the return has no source",
                "Partners go live without passing",
            ]),
        ),
        more_places: vec![(2, 2); 7],
        more_word: "more".into(),
    }
}

#[test]
fn the_risks_of_a_sample() {
    let blocks = vec![Block::RiskBoard(Box::new(board()))];
    let points = ["Thirteen risks follow from your answers; these six weigh most."];
    check_sample(
        "risks",
        vec![section(
            "The growth does not pay for the program",
            &points,
            blocks,
        )],
    );
}

#[test]
fn hard_risks() {
    let long = [LONG; 5].join(" ");
    let mut sections = Vec::new();
    for (count, more) in [(0, 0), (1, 0), (0, 3), (40, 3), (3, 90), (30, 60)] {
        let mut board = board();
        board.risks = (0..count)
            .map(|i| {
                let place = if count > 20 { (i % 5, 2) } else { (3, 3) };
                risk(
                    HARD[i % 5],
                    place,
                    [&long, HARD[(i + 1) % 5], HARD[(i + 2) % 5]],
                )
            })
            .collect();
        board.more.2 = (0..more).map(|i| HARD[i % 5].into()).collect();
        board.more_places = (0..more).map(|i| (i % 3 + 1, i % 2 + 1)).collect();
        if count > 0 {
            board.levels = [HARD[0], HARD[2], HARD[3]].map(String::from);
            board.axes = [HARD[1], HARD[3]].map(String::from);
            board.more_word = HARD[count % 5].into();
            board.action = HARD[(count + 3) % 5].into();
        }
        sections.extend(one(Block::RiskBoard(Box::new(board))));
    }
    check("risks-hard", sections);
}

fn tiers() -> TierBars {
    let tier = |label: &str, note: &str, kept: f64, kept_text: &str, left: &str| TierBar {
        label: label.into(),
        note: note.into(),
        kept,
        kept_text: kept_text.into(),
        left_text: left.into(),
        loss: left.starts_with('−'),
    };
    TierBars {
        title: "What each tier leaves you".into(),
        caption: "£ a quarter for a partner exactly at its threshold".into(),
        headings: [
            "Tier and threshold",
            "Kept after commission",
            "Left after cost",
        ]
        .map(String::from),
        tiers: vec![
            tier(
                "Bronze",
                "£5,000 · 10% commission",
                4_500.0,
                "£4,500",
                "−£4,500",
            ),
            tier(
                "Silver",
                "£15,000 · 12% commission",
                13_200.0,
                "£13,200",
                "+£4,200",
            ),
            tier(
                "Gold",
                "£40,000 · 15% commission",
                34_000.0,
                "£34,000",
                "+£25,000",
            ),
            tier(
                "Platinum",
                "£80,000 · 18% commission",
                65_600.0,
                "£65,600",
                "+£56,600",
            ),
        ],
        cost: Some((9_000.0, "£9,000 program cost per partner".into())),
    }
}

fn offer() -> Block {
    let pieces = [
        ("“Expand your portfolio with ", false),
        ("Brightloom Starter, planning for up to 40 looms", true),
        (" that helps your customers ", false),
        ("cut late orders by a third within one season", true),
        (" while earning ", false),
        ("20% margins", true),
        (".”", false),
    ];
    Block::Offer {
        title: "What you offer".into(),
        pieces: pieces.map(|(text, strong)| (text.into(), strong)).into(),
    }
}

#[test]
fn the_deal_of_a_sample() {
    let mut shortfall = tiers();
    shortfall.title = "With a cost over all tiers".into();
    shortfall.cost = Some((
        90_000.0,
        "£90,000 program cost per partner, over all tiers".into(),
    ));
    for tier in &mut shortfall.tiers {
        tier.loss = true;
    }
    let blocks = vec![
        Block::TierBars(Box::new(tiers())),
        offer(),
        Block::TierBars(Box::new(shortfall)),
    ];
    let points = ["Bronze, at £5,000 a quarter, loses £4,500; every higher tier pays."];
    check_sample(
        "deal",
        vec![section(
            "A Bronze partner at its threshold does not cover its cost",
            &points,
            blocks,
        )],
    );
}

#[test]
fn hard_deals() {
    let mut sections = Vec::new();
    for (count, cost) in [
        (0, None),
        (1, Some(0.0)),
        (3, None),
        (5, Some(-4.0)),
        (40, Some(1e12)),
    ] {
        let mut bars = tiers();
        bars.tiers = (0..count)
            .map(|i| TierBar {
                label: HARD[i % 5].into(),
                note: HARD[(i + 1) % 5].into(),
                kept: (i as f64 - 1.0) * 1e9,
                kept_text: "NOK 1,200,000,000".into(),
                left_text: ["−NOK 1,200,000,000", ""][i % 2].into(),
                loss: i % 2 == 0,
            })
            .collect();
        bars.headings = [HARD[0], HARD[1], HARD[3]].map(String::from);
        bars.cost = cost.map(|cost| (cost, LONG.into()));
        sections.extend(one(Block::TierBars(Box::new(bars))));
    }
    let pieces = |count: usize| {
        (0..count)
            .map(|i| (format!("{} ", HARD[i % 5]), i % 2 == 0))
            .collect()
    };
    let mut blocks: Vec<Block> = [0, 1, 2, 8, 400]
        .map(|count| Block::Offer {
            title: "What you offer".into(),
            pieces: pieces(count),
        })
        .into();
    blocks.push(Block::Offer {
        title: String::new(),
        pieces: vec![(" ".into(), true)],
    });
    sections.push(section("Offers", &[], blocks));
    check("deal-hard", sections);
}

fn equation() -> Block {
    let pair = |(number, words): (&str, &str)| (number.into(), words.into());
    Block::Equation {
        title: "Does the pipeline cover it?".into(),
        factors: [
            ("18", "opportunities a month"),
            ("32%", "win rate"),
            ("160,000", "NOK a deal"),
        ]
        .map(pair)
        .into(),
        result: pair(("922,000", "NOK a month")),
    }
}

fn against() -> AgainstTarget {
    let bar = |label: &str, value: f64, text: &str, note: &str| {
        (label.into(), value, text.into(), note.into())
    };
    AgainstTarget {
        bars: vec![
            bar(
                "Your pipeline brings",
                922_000.0,
                "922,000",
                "118% of the target",
            ),
            bar(
                "Partners bring today",
                640_000.0,
                "640,000",
                "82% of the target",
            ),
        ],
        target: (780_000.0, "target 780,000".into()),
    }
}

fn timeline() -> Timeline {
    let row = |label: &str, from: &str, to: &str, start: &str, end: &str| TimelineRow {
        label: label.into(),
        value: String::new(),
        from: day(from),
        to: day(to),
        start_text: start.into(),
        end_text: end.into(),
        limit: None,
    };
    let mut rows = vec![
        row(
            "Nordlys crawler controller",
            "2026-12-25",
            "2027-03-06",
            "start by 25 Dec",
            "10 weeks",
        ),
        row(
            "Assetdeck asset register",
            "2027-01-08",
            "2027-03-06",
            "start by 8 Jan",
            "8 weeks",
        ),
        row(
            "New partner's first deal, 75 days",
            "2027-02-05",
            "2027-04-21",
            "launch 5 Feb",
            "closes 21 Apr",
        ),
    ];
    rows[2].limit = Some(day("2027-03-06"));
    Timeline {
        title: "What can still happen before day 90?".into(),
        caption: String::new(),
        from: day("2026-12-07"),
        to: day("2027-04-25"),
        ticks: ticks(day("2026-12-07"), 20, 4)
            .into_iter()
            .step_by(2)
            .collect(),
        marks: vec![
            (day("2027-01-22"), "negotiations end, 22 Jan".into(), false),
            (day("2027-03-06"), "day 90, 6 Mar".into(), true),
        ],
        rows,
    }
}

#[test]
fn the_numbers_of_a_sample() {
    let mut integrations = timeline();
    integrations.title = "Which integration first".into();
    integrations.caption =
        "Demand, impact, and ease, points of 10; bars begin at the latest start that still meets day 90.".into();
    integrations.rows.truncate(2);
    integrations.to = day("2027-03-08");
    integrations.marks.remove(0);
    integrations.ticks.truncate(1);
    for (row, value) in integrations.rows.iter_mut().zip(["8.0", "6.7"]) {
        row.value = value.into();
    }
    integrations.rows[1].from = day("2027-02-25");
    let blocks = vec![
        equation(),
        Block::AgainstTarget(Box::new(against())),
        Block::Timeline(Box::new(timeline())),
        Block::Timeline(Box::new(integrations)),
    ];
    let points = ["Each new partner must bring NOK 46,700 a month by day 90, or 0.3 deals."];
    let headline =
        "New partners' first deals close after day 90: the target rests on today's partners";
    check_sample("numbers", vec![section(headline, &points, blocks)]);
}

#[test]
fn hard_numbers() {
    let mut sections = Vec::new();
    let equation = |count: usize, number: &str| Block::Equation {
        title: String::new(),
        factors: (0..count)
            .map(|i| (number.into(), HARD[i % 5].into()))
            .collect(),
        result: (number.into(), HARD[count % 5].into()),
    };
    let equations = [
        (0, ""),
        (0, "7"),
        (1, LONG),
        (3, "NOK 1,200,000,000"),
        (12, "9"),
    ];
    let blocks = equations
        .map(|(count, number)| equation(count, number))
        .into();
    sections.push(section("Equations", &[], blocks));
    for (count, target) in [(0, 1.0), (1, 0.0), (3, 5.0), (3, 1e15), (50, 20.0)] {
        let against = AgainstTarget {
            bars: (0..count)
                .map(|i| {
                    let value = i as f64 * 3.0 - 4.0;
                    (
                        HARD[i % 5].into(),
                        value,
                        "NOK −1,200,000,000".into(),
                        HARD[(i + 1) % 5].into(),
                    )
                })
                .collect(),
            target: (target, HARD[count % 5].into()),
        };
        sections.extend(one(Block::AgainstTarget(Box::new(against))));
    }
    for (count, days) in [(0, 90), (1, 0), (7, 90), (70, 365)] {
        let mut timeline = timeline();
        timeline.to = timeline.from + Days::new(days);
        timeline.ticks = ticks(timeline.from, 60, 1);
        timeline.marks = (0..7)
            .map(|i| {
                let day = timeline.from + Days::new(days * i / 6);
                (day, HARD[i as usize % 5].into(), i % 2 == 0)
            })
            .collect();
        timeline.rows = (0..count)
            .map(|i| {
                let from = timeline.from + Days::new(days * i as u64 / count as u64);
                TimelineRow {
                    label: HARD[i % 5].into(),
                    value: ["", "10.0", "NOK 1,200,000,000"][i % 3].into(),
                    from,
                    to: from + Days::new(20 * (i as u64 % 4)),
                    start_text: ["start by 25 Dec", LONG, "", ARABIC][i % 4].into(),
                    end_text: ["10 weeks", "", JAPANESE][i % 3].into(),
                    limit: (i % 2 == 0).then(|| from + Days::new(10)),
                }
            })
            .collect();
        sections.extend(one(Block::Timeline(Box::new(timeline))));
    }
    check("numbers-hard", sections);
}

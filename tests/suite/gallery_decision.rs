//! Draws the blocks of the first pages of the plan with the figures of the sketches and with data that is hard to lay
//! out. No text may overlap another one or leave the margins.
//!
//! `PLANS_TO=folder cargo test --test suite gallery_decision` keeps the plans in that folder for review.

use std::sync::LazyLock;

use partnerbook::brand::Brand;
use partnerbook::look::Paper;
use partnerbook::pdf::{Look, Renderer};
use partnerbook::plan::*;
use partnerbook::questionnaire::Tone;

use crate::common::{self, Random};
use crate::layout::faults;

/// Texts for hard variants: long words, wide letters, Japanese, Arabic, and German.
const HARD: [&str; 5] = [
    "Donaudampfschifffahrtsgesellschaft & Elektrizitätswerkeverwaltung",
    "WWWWWWWWWWWWWWWWWWWW WWWWWWWWWWWWWWWWWWW",
    "株式会社日本電子計測機器製作所海洋調査部門国際提携推進本部東京第一営業部連携課",
    "شركة الأفق للتجارة والتوريدات والخدمات اللوجستية المحدودة",
    "Zusammenarbeit mit Vertriebspartnern in Dänemark",
];

fn plan(sections: Vec<Section>) -> Plan {
    let questionnaire = common::questionnaire();
    let mut plan = common::plan_of_sample(questionnaire, "halvorsen-sensors");
    plan.sections = sections;
    plan
}

fn section(id: &str, question: &str, headline: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: id.into(),
        title: headline.into(),
        headline: headline.into(),
        question: question.into(),
        lead: None,
        points: Vec::new(),
        one_page: true,
        whole: false,
        new_page: true,
        empty: false,
        blocks,
    }
}

fn check(name: &str, sections: Vec<Section>) {
    let plan = plan(sections);
    let mut found = Vec::new();
    for paper in [Paper::A4, Paper::LETTER] {
        found.extend(faults(&plan, &format!("gallery-{name}"), paper));
    }
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Returns the number of pages after the cover, on a paper.
fn pages(plan: &Plan, paper: Paper) -> usize {
    static BRAND: LazyLock<Brand> = LazyLock::new(|| Brand::bundled().unwrap());
    let look = Look {
        paper,
        ..BRAND.look.clone()
    };
    Renderer::new(&BRAND.fonts, &look).text_boxes(plan).len() - 1
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn tile(label: &str, value: &str, unit: &str, note: &str) -> Tile {
    Tile {
        label: label.into(),
        value: value.into(),
        unit: unit.into(),
        note: note.into(),
        tone: Tone::Plain,
        known: true,
    }
}

fn reason(label: &str, text: &str, section: &str) -> Reason {
    Reason {
        label: label.into(),
        text: text.into(),
        section: Some(section.into()),
    }
}

fn step(text: &str, owner: &str, owned: bool, date: &str) -> Move {
    Move {
        text: text.into(),
        owner: owner.into(),
        owned,
        date: common::today(),
        date_text: date.into(),
        activity: None,
    }
}

fn request(text: &str, section: Option<&str>) -> Request {
    Request {
        text: text.into(),
        section: section.map(str::to_owned),
    }
}

fn summary() -> Section {
    let mut missing = tile("Payback", "not enough answers", "", "");
    missing.known = false;
    let blocks = vec![
        Block::Tiles(vec![
            tile("Growth", "560,000", "", "NOK more a month\nat full speed"),
            tile(
                "Growth after cost",
                "80,000",
                "",
                "NOK a month, after\nNOK 480,000 of cost",
            ),
            tile(
                "Return multiple",
                "2.5:1",
                "",
                "all partner revenue\nagainst its cost",
            ),
            missing,
        ]),
        Block::Reasons {
            title: "Why".into(),
            rows: vec![
                reason(
                    "Worth",
                    "Partners bring NOK 640,000 a month today and NOK 1,200,000 at full speed: NOK 560,000 more, for NOK 480,000 a month.",
                    "worth",
                ),
                reason(
                    "Partner",
                    "Nordlys Crawlers leads narrowly, by 0.2: the ratings support the choice, they do not prove it.",
                    "choice",
                ),
                reason(
                    "Readiness",
                    "You score 41 of 50 on readiness and rate nothing below 5.5.",
                    "types",
                ),
            ],
        },
        Block::Moves {
            title: "Three moves".into(),
            moves: vec![
                step(
                    "Split the NOK 480,000 into what you spend today and what is new",
                    "Ingrid Moe Halvorsen",
                    true,
                    "14 December 2026",
                ),
                step(
                    "“Hire a channel manager for Denmark and Germany by February”",
                    "name one",
                    false,
                    "5 January 2027",
                ),
                step(
                    "Agree terms with Nordlys Crawlers",
                    "Ingrid Moe Halvorsen",
                    true,
                    "22 January 2027",
                ),
            ],
        },
        Block::Requests {
            title: "What we need from you".into(),
            requests: vec![
                request("Approve Nordlys Crawlers as first partner", None),
                request("Release NOK 1,440,000 for the ninety days", None),
                request(
                    "Settle the entry tier: a Bronze partner at its threshold does not cover its cost",
                    Some("choice"),
                ),
            ],
        },
        Block::Quiet("Rests on 100 of 100 key answers; none unknown.".into()),
    ];
    section(
        "summary",
        "What should I decide?",
        "Go with Nordlys Crawlers, and establish how much of the spending is new",
        blocks,
    )
}

fn bar(
    label: &str,
    text: &str,
    from: f64,
    to: f64,
    kind: BridgeKind,
    inside: [&str; 2],
) -> BridgeBar {
    BridgeBar {
        label: label.into(),
        text: text.into(),
        from,
        to,
        kind,
        inside: inside.map(str::to_owned),
    }
}

fn bridge(today: f64, full: f64, cost: f64, inside: [&str; 2]) -> Block {
    use BridgeKind::*;
    let rest = full - cost;
    let number = |value: f64| format!("{value}");
    Block::Bridge {
        title: "What changes each month, at full speed".into(),
        caption: "NOK a month".into(),
        bars: vec![
            bar("today", &number(today), 0.0, today, Base, ["", ""]),
            bar(
                "growth",
                &format!("+{}", full - today),
                today,
                full,
                Gain,
                ["", ""],
            ),
            bar(
                "return at full speed",
                &number(full),
                0.0,
                full,
                Total,
                ["", ""],
            ),
            bar(
                "cost of the program",
                &format!("−{cost}"),
                rest,
                full,
                Cost,
                ["", ""],
            ),
            bar(
                "left after cost",
                &number(rest),
                rest.min(0.0),
                rest.max(0.0),
                Rest,
                inside,
            ),
        ],
    }
}

/// Balances from a monthly gain and a cost, with a delay.
fn curve(gain: f64, cost: f64, delay: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let months = (0..=24).map(|month| {
        if month > 0 {
            sum += gain * ((f64::from(month) - delay) / 3.0).clamp(0.0, 1.0) - cost;
        }
        sum
    });
    months.collect()
}

fn panel(title: &str, verdict: &str, note: &str, gain: f64, cost: f64) -> Panel {
    let zero = |curve: &[f64]| {
        let at = curve
            .windows(2)
            .position(|pair| pair[0] < 0.0 && pair[1] >= 0.0)?;
        Some(at as f64 + curve[at] / (curve[at] - curve[at + 1]))
    };
    let (own, fast, slow) = (
        curve(gain, cost, 2.5),
        curve(gain, cost, -1.0),
        curve(gain, cost, 2.2),
    );
    Panel {
        title: title.into(),
        verdict: verdict.into(),
        note: note.into(),
        own_at: zero(&own),
        fast_at: zero(&fast),
        own,
        fast,
        slow,
    }
}

fn balances(panels: Vec<Panel>) -> Balances {
    Balances {
        title: "When it has paid for itself".into(),
        caption: "Return less cost since day 1, NOK million. Bold: your ramp, delayed by your sales cycle; gray: from slow to fast.".into(),
        panels,
        ticks: [(-4.0, "−4 m"), (0.0, "0"), (4.0, "4 m"), (8.0, "8 m")]
            .map(|(value, text)| (value * 1e6, text.to_owned()))
            .to_vec(),
        last_month: "month 24".into(),
        zero: "break-even".into(),
        names: ["fast".into(), "yours".into()],
    }
}

fn gauge(share: f64, figure: &str, text: &str, accent: bool) -> Gauge {
    Gauge {
        share,
        figure: figure.into(),
        text: text.into(),
        accent,
    }
}

fn figures() -> Table {
    let cell = |text: &str| TableCell::text(text);
    Table {
        columns: vec![
            ("Your figures".into(), Align::Left),
            ("You state".into(), Align::Right),
            ("We find".into(), Align::Right),
        ],
        rows: vec![
            vec![
                cell("Return multiple"),
                cell("2.5:1"),
                TableCell::strong("2.5:1"),
            ],
            vec![
                cell("Payback"),
                cell("5 months"),
                TableCell::strong("month 10"),
            ],
        ],
    }
}

const SMALL_PRINT: &str = "All spending is set against the growth; whatever you spend already makes the case better. Growth repays up to NOK 305,000 a month of new spending within a year. Return and cost are your own figures per month; cost runs in full from month 1. Formulas: appendix C.";

fn worth() -> Section {
    let blocks = vec![
        bridge(
            640_000.0,
            1_200_000.0,
            480_000.0,
            ["80,000 more", "than today"],
        ),
        Block::Balances(Box::new(balances(vec![
            panel(
                "Counting all partner revenue:",
                "month 10",
                "month 4 if fast, month 10 if slow",
                1.2e6,
                0.48e6,
            ),
            panel(
                "Counting only the growth:",
                "not within 36 months",
                "month 14 if fast, not at all if slow",
                0.56e6,
                0.48e6,
            ),
        ]))),
        Block::Gauges {
            title: "How much must arrive".into(),
            gauges: vec![
                gauge(0.4, "40%", "of the return covers the cost", false),
                gauge(
                    0.52,
                    "52%",
                    "of the return still pays back within two years",
                    false,
                ),
                gauge(0.86, "86%", "of the growth covers the cost", true),
            ],
            table: Some(figures()),
        },
        Block::Quiet(SMALL_PRINT.into()),
    ];
    let mut section = section(
        "worth",
        "What is it worth?",
        "NOK 560,000 more a month, NOK 80,000 after cost",
        blocks,
    );
    section.points = strings(&[
        "Your sales cycle of 75 days moves payback from month 5 to month 10.",
        "Partner commission of about NOK 148,000 a month is not in your cost.",
        "11% of the return has no revenue stream behind it.",
    ]);
    section
}

fn shortfall() -> Section {
    let blocks = vec![
        bridge(9_400.0, 27_000.0, 18_000.0, ["400 less", "than today"]),
        Block::Balances(Box::new(balances(vec![
            panel(
                "Counting all partner revenue:",
                "month 19",
                "month 6 if fast, month 17 if slow",
                0.58e6,
                0.4e6,
            ),
            panel(
                "Counting only the growth:",
                "not within 36 months",
                "neither fast nor slow",
                0.38e6,
                0.4e6,
            ),
        ]))),
        Block::Gauges {
            title: "How much must arrive".into(),
            gauges: vec![
                gauge(0.67, "67%", "of the return covers the cost", false),
                gauge(
                    1.03,
                    "103%",
                    "of the growth: not even if all of it arrives",
                    true,
                ),
            ],
            table: None,
        },
    ];
    section(
        "shortfall",
        "What is it worth?",
        "The growth is worth £17,600 a month and costs £18,000",
        blocks,
    )
}

fn candidate(name: &str, note: &str, parts: [f64; 4]) -> RankRow {
    let (rank, label) = name.split_once(' ').unwrap();
    RankRow {
        rank: rank.into(),
        label: label.into(),
        note: note.into(),
        dimensions: parts
            .iter()
            .map(|part| (*part, format!("{part:.1}")))
            .collect(),
        total: format!("{:.1}", parts.iter().sum::<f64>()),
    }
}

fn candidates() -> Vec<RankRow> {
    vec![
        candidate("1 Nordlys Crawlers", "Integration", [2.7, 2.0, 1.8, 1.5]),
        candidate("2 Vestkyst Class Survey", "Referral", [2.3, 1.7, 2.1, 1.7]),
        candidate("3 Esbjerg Turbine Care", "Reseller", [2.4, 1.9, 1.8, 1.4]),
        candidate(
            "4 Gdynia Dockyard Circle",
            "Co-marketing",
            [1.9, 1.4, 1.8, 1.5],
        ),
        candidate("5 Assetdeck", "Platform", [2.3, 1.8, 1.2, 1.1]),
        candidate("6 Maré Alta Inspeções", "Reseller", [1.8, 1.5, 1.0, 1.2]),
    ]
}

fn ranking(rows: Vec<RankRow>, apart: Option<&str>) -> Block {
    Block::Ranking {
        title: "Six candidates by your ratings".into(),
        caption: "Points out of 10, rounded, by dimension. If a low rating is better, 10 minus the rating counts.".into(),
        apart: apart.map(str::to_owned),
        legend: ["Strategic fit 30%", "Revenue potential 25%", "Feasibility 25%", "Low risk 20%"]
            .map(|name| name.rsplit_once(' ').unwrap())
            .map(|(name, weight)| (name.into(), weight.into()))
            .into(),
        out_of: 10.0,
        rows,
    }
}

fn card(label: &str, strong: &str, text: &str, large: bool) -> Card {
    Card {
        label: label.into(),
        strong: strong.into(),
        text: text.into(),
        large,
    }
}

fn pair(label: &str, own: f64, other: f64) -> (String, [(f64, String); 2]) {
    (
        label.into(),
        [own, other].map(|value| (value, format!("{value:.1}"))),
    )
}

fn pairs(rows: Vec<(String, [(f64, String); 2])>, quote: bool) -> Block {
    Block::Pairs(Box::new(Pairs {
        title: "Where Nordlys wins, and where not".into(),
        caption: "Your ratings by part, out of 10".into(),
        names: ["Nordlys".into(), "Vestkyst".into()],
        rows,
        quote: quote.then(|| Quote {
            title: "Your reasons".into(),
            quotes: ["“".into(), "”".into()],
            text: "Nordlys already climbs 140 towers a year for the same owners we sell to, and its crews tape a rival's probe to the crawler because nobody offers a proper mount. Our probe fits with ten weeks of bracket and firmware work. Three of their customers have asked for the pair in writing. …".into(),
            note: "In full in appendix A.".into(),
        }),
    }))
}

fn choice() -> Section {
    let blocks = vec![
        ranking(candidates(), Some("0.2 apart")),
        Block::Cards {
            title: "How firm is the lead?".into(),
            cards: vec![
                card(
                    "",
                    "0 of 144",
                    "one-point changes to a rating put anyone else first",
                    true,
                ),
                card(
                    "",
                    "0 of 12",
                    "shifts of 5 weight points put anyone else first",
                    true,
                ),
                card(
                    "",
                    "3 points",
                    "less on Market alignment of Nordlys Crawlers, 9 to 6, would put Vestkyst first",
                    true,
                ),
            ],
        },
        pairs(
            vec![
                pair("Strategic fit", 9.0, 7.7),
                pair("Revenue potential", 8.0, 6.7),
                pair("Feasibility", 7.0, 8.3),
                pair("Low risk", 7.3, 8.3),
            ],
            true,
        ),
    ];
    let mut section = section(
        "choice",
        "Is it the right partner?",
        "Nordlys Crawlers leads narrowly, by 0.2: the ratings support the choice, they do not prove it",
        blocks,
    );
    section.points = strings(&[
        "Your reasons also name Vestkyst Class Survey and Esbjerg Turbine Care: decide whether they follow or wait.",
    ]);
    section
}

fn point(label: &str, x: f64, y: f64, strong: bool) -> QuadrantPoint {
    QuadrantPoint {
        label: label.into(),
        x,
        y,
        strong,
    }
}

fn quadrants(points: Vec<QuadrantPoint>, aside: &[(&str, &str)]) -> Quadrants {
    Quadrants {
        title: "Value against ease".into(),
        caption: "Best candidate of each type. Dashed: equal points.".into(),
        axes: ["ease, points of 10".into(), "value, points of 10".into()],
        middle: 6.5,
        corners: [
            "worth it, but hard",
            "start here",
            "leave for later",
            "easy, small",
        ]
        .map(str::to_owned),
        points,
        line: Some((15.0, "7.5 points".into())),
        aside_title: "What separates them".into(),
        aside: aside
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        note: "Reach and users are never turned into money: each type keeps its own figure below."
            .into(),
    }
}

fn types() -> Section {
    let points = vec![
        point("Integration", 7.0, 8.0, true),
        point("Referral", 8.3, 6.7, true),
        point("Reseller", 7.0, 7.7, false),
        point("Co-marketing", 7.3, 5.7, false),
        point("Platform", 4.7, 7.0, false),
    ];
    let aside = [
        (
            "Integration",
            "is worth more (8.0 of 10) and takes 10 weeks to a first result.",
        ),
        (
            "Referral",
            "is easier (8.3 of 10), yet a first result takes 13 weeks: just after day 90.",
        ),
        (
            "Reseller",
            "needs only 4 days of training and is 0.2 points behind.",
        ),
    ];
    let blocks = vec![
        Block::Quadrants(Box::new(quadrants(points, &aside))),
        Block::Cards {
            title: "Three ways".into(),
            cards: vec![
                card(
                    "Now",
                    "Integration with Nordlys",
                    "Ten weeks to a first result.\nNOK 310,000 a month.",
                    false,
                ),
                card("Next", "Referral with Vestkyst", "Thirteen weeks.", false),
            ],
        },
    ];
    let mut section = section(
        "types",
        "Which kind first?",
        "Integration and Referral share first place",
        blocks,
    );
    section.points = strings(&[
        "Both score 7.5 of 10; Reseller follows 0.2 behind. Joint venture has no rated candidate.",
    ]);
    section
}

#[test]
fn gallery_shows_the_pages_of_the_sketches() {
    let sections = vec![summary(), worth(), shortfall(), choice(), types()];
    let count = sections.len();
    let plan = plan(sections.clone());
    for paper in [Paper::A4, Paper::LETTER] {
        assert_eq!(pages(&plan, paper), count);
    }
    check("sketches", sections);
}

/// Reasons and requests link to the pages of their sections. A section that is not in the plan has no link.
#[test]
fn references_lead_to_the_pages_of_their_sections() {
    let mut first = summary();
    first.blocks.push(Block::Requests {
        title: "More".into(),
        requests: vec![request("Nothing", Some("unknown"))],
    });
    let plan = plan(vec![first, worth(), choice(), types()]);
    let brand = Brand::bundled().unwrap();
    let pdf = Renderer::new(&brand.fonts, &brand.look)
        .render(&plan)
        .unwrap();
    let document = lopdf::Document::load_mem(&pdf).unwrap();
    let pages = document.get_pages();
    let annotations = document.get_page_annotations(pages[&2]).unwrap();
    let targets: Vec<u32> = annotations
        .iter()
        .map(|annotation| {
            let place = annotation.get(b"Dest").unwrap().as_array().unwrap();
            let target = place[0].as_reference().unwrap();
            *pages.iter().find(|(_, id)| **id == target).unwrap().0
        })
        .collect();
    // Worth is on page 3, choice on page 4, and types on page 5.
    assert_eq!(targets, [3, 4, 5, 4]);
}

/// The same texts everywhere: as long as the questionnaire permits, in a wide script.
fn summary_of(sentence: &str, name: &str, figure: &str) -> Section {
    let cut = |text: &str, count: usize| text.chars().take(count).collect::<String>();
    let (sentence, name) = (cut(sentence, 160), cut(name, 40));
    let mut section = summary();
    section.headline.clone_from(&sentence);
    section.question = cut(&sentence, 60);
    section.points = vec![sentence.clone(); 3];
    section.blocks = vec![
        Block::Tiles(vec![tile(&name, figure, &name, &name); 4]),
        Block::Reasons {
            title: name.clone(),
            rows: vec![reason(&name, &sentence, "summary"); 3],
        },
        Block::Moves {
            title: name.clone(),
            moves: vec![step(&sentence, &name, true, "30 September 2027"); 3],
        },
        Block::Requests {
            title: name.clone(),
            requests: vec![request(&sentence, Some("summary")); 4],
        },
        Block::Quiet(sentence),
    ];
    section
}

#[test]
fn the_summary_fits_on_one_page_with_the_longest_texts() {
    let long = |text: &str| text.chars().cycle().take(200).collect::<String>();
    let mut sections: Vec<Section> = HARD
        .iter()
        .map(|text| summary_of(&long(&format!("{text} ")), &long(text), "NOK 1,200,000,000"))
        .collect();
    sections.push(summary_of(
        &"W".repeat(200),
        &"W".repeat(60),
        "NOK −1,200,000,000",
    ));
    sections.push(summary_of(
        &"界".repeat(200),
        &"界".repeat(60),
        "1,200,000,000,000",
    ));
    for section in &sections {
        let plan = plan(vec![section.clone()]);
        for paper in [Paper::A4, Paper::LETTER] {
            assert_eq!(pages(&plan, paper), 1, "{}", section.headline);
        }
    }
    check("summary-hard", sections);
}

/// Replaces the texts of the pages of worth, choice, and types.
fn charts_of(sentence: &str, name: &str) -> Vec<Section> {
    let cut = |text: &str, count: usize| text.chars().take(count).collect::<String>();
    let (sentence, name) = (cut(sentence, 160), cut(name, 40));
    let mut two = balances(vec![panel(&name, &name, &name, 1.2e6, 0.48e6); 2]);
    two.caption.clone_from(&sentence);
    let worth = vec![
        bridge(640_000.0, 1_200_000.0, 480_000.0, [&name, &name]),
        Block::Balances(Box::new(two)),
        Block::Gauges {
            title: name.clone(),
            gauges: vec![gauge(0.4, "40%", &name, false); 3],
            table: Some(figures()),
        },
        Block::Quiet(SMALL_PRINT.into()),
    ];
    let Block::Pairs(mut long) = pairs(vec![pair(&name, 5.5, 5.6); 4], true) else {
        unreachable!()
    };
    long.title.clone_from(&name);
    long.names = [name.clone(), name.clone()];
    let choice = vec![
        ranking(
            vec![candidate(&format!("1 {name}"), &name, [2.7, 2.0, 1.8, 1.5]); 8],
            Some(&name),
        ),
        Block::Cards {
            title: name.clone(),
            cards: vec![card("", "3 points", &sentence, true); 3],
        },
        Block::Pairs(long),
    ];
    let points = (0..7).map(|i| point(&name, f64::from(i), 7.0, i < 2));
    let types = vec![
        Block::Quadrants(Box::new(quadrants(
            points.collect(),
            &[(name.as_str(), sentence.as_str()); 3],
        ))),
        Block::Cards {
            title: name.clone(),
            cards: vec![card(&name, &name, &sentence, false); 4],
        },
    ];
    let sections = [("worth", worth), ("choice", choice), ("types", types)];
    let sections = sections.into_iter().map(|(id, blocks)| {
        let mut section = section(id, &cut(&sentence, 60), &cut(&sentence, 100), blocks);
        section.points = vec![sentence.clone(); 3];
        section
    });
    sections.collect()
}

#[test]
fn pages_of_charts_fit_on_one_page_with_the_longest_texts() {
    let long = |text: &str| text.chars().cycle().take(200).collect::<String>();
    let mut all = Vec::new();
    for text in HARD {
        for section in charts_of(&long(&format!("{text} ")), &long(text)) {
            let plan = plan(vec![section.clone()]);
            for paper in [Paper::A4, Paper::LETTER] {
                assert_eq!(pages(&plan, paper), 1, "{}: {text}", section.id);
            }
            all.push(section);
        }
    }
    check("charts-hard", all);
}

/// Random texts and sections.
struct Sections(Random);

impl Sections {
    /// Returns a text of at most this many characters, in one of several scripts.
    fn text(&mut self, most: usize) -> String {
        let count = 1 + self.0.below(most);
        let source = HARD[self.0.below(HARD.len())];
        let start = self.0.below(20);
        source
            .chars()
            .chain([' '])
            .cycle()
            .skip(start)
            .take(count)
            .collect()
    }

    fn section(&mut self) -> Section {
        let id = "summary";
        let rows = (0..self.0.below(4))
            .map(|_| reason(&self.text(40), &self.text(160), id))
            .collect();
        let moves = (0..self.0.below(4))
            .map(|_| {
                step(
                    &self.text(160),
                    &self.text(40),
                    self.0.below(2) == 0,
                    "30 September 2027",
                )
            })
            .collect();
        let requests = (0..self.0.below(5))
            .map(|_| request(&self.text(160), Some(id)))
            .collect();
        let tiles = (0..self.0.below(5))
            .map(|_| {
                tile(
                    &self.text(40),
                    &self.text(16),
                    &self.text(20),
                    &self.text(60),
                )
            })
            .collect();
        let blocks = vec![
            Block::Tiles(tiles),
            Block::Reasons {
                title: self.text(40),
                rows,
            },
            Block::Moves {
                title: self.text(40),
                moves,
            },
            Block::Requests {
                title: self.text(40),
                requests,
            },
            Block::Quiet(self.text(160)),
        ];
        let mut section = section(id, &self.text(60), &self.text(160), blocks);
        section.points = (0..self.0.below(4)).map(|_| self.text(160)).collect();
        section
    }
}

#[test]
fn a_section_of_one_page_has_one_page_for_random_texts() {
    let mut random = Sections(Random(7));
    let sections: Vec<Section> = (0..200).map(|_| random.section()).collect();
    let all = plan(sections);
    // Letter has the lower pages, so what fits on Letter also fits on A4.
    assert_eq!(pages(&all, Paper::LETTER), 200);
    let some = all.sections[..40].to_vec();
    assert_eq!(pages(&plan(some.clone()), Paper::A4), some.len());
    check("random", some[..20].to_vec());
}

#[test]
fn bridges_and_balances_take_hard_data() {
    use BridgeKind::*;
    let mut without_base = vec![
        bar(
            "return at full speed",
            "NOK 1,200,000,000",
            0.0,
            1.2e9,
            Total,
            ["", ""],
        ),
        bar(
            "cost of the program",
            "−NOK 1,500,000,000",
            -3e8,
            1.2e9,
            Cost,
            ["", ""],
        ),
        bar(
            "left after cost",
            "−NOK 300,000,000",
            -3e8,
            0.0,
            Rest,
            ["300,000,000 less", "than nothing at all"],
        ),
    ];
    let three = Block::Bridge {
        title: "Net".into(),
        caption: String::new(),
        bars: without_base.clone(),
    };
    without_base[1] = bar("cost", "−2", 1.2e9 - 2.0, 1.2e9, Cost, ["", ""]);
    let mut blocks = vec![
        bridge(
            640_000.0,
            1_200_000.0,
            1_700_000.0,
            ["1,140,000 less", "than today"],
        ),
        bridge(
            1_200_000.0,
            1_200_000.0,
            1_190_000.0,
            ["1,190,000 less", "than today"],
        ),
        three,
        Block::Bridge {
            title: "One".into(),
            caption: "NOK".into(),
            bars: without_base[..1].to_vec(),
        },
        Block::Bridge {
            title: "None".into(),
            caption: "NOK".into(),
            bars: Vec::new(),
        },
        Block::Bridge {
            title: "Zero".into(),
            caption: "NOK".into(),
            bars: vec![bar("today", "0", 0.0, 0.0, Base, ["no", "change"])],
        },
    ];
    for text in HARD {
        let five = [Base, Gain, Total, Cost, Rest]
            .map(|kind| bar(text, "NOK 1,200,000,000", 0.0, 1.2e9, kind, [text, text]));
        blocks.push(Block::Bridge {
            title: text.into(),
            caption: text.into(),
            bars: five.to_vec(),
        });
        let mut one = balances(vec![panel(text, text, text, 3e6, 0.1e6)]);
        one.zero = text.into();
        one.names = [text.into(), text.into()];
        one.last_month = text.into();
        one.ticks = vec![(-1e6, text.into()), (0.0, text.into()), (1e6, text.into())];
        blocks.push(Block::Balances(Box::new(one)));
        let mut two = balances(vec![
            panel(text, text, text, 0.0, 0.1e6),
            panel(text, "no", "", 3e6, 3e6),
        ]);
        two.names = [text.into(), text.into()];
        blocks.push(Block::Balances(Box::new(two)));
    }
    let mut empty = balances(vec![panel("Counting all:", "never", "", 0.0, 0.0)]);
    empty.panels[0].own.clear();
    empty.panels[0].fast.clear();
    empty.ticks.clear();
    blocks.push(Block::Balances(Box::new(empty)));
    let mut section = section("hard", "", "Hard bridges", blocks);
    section.one_page = false;
    check("bridges-hard", vec![section]);
}

#[test]
fn gauges_cards_and_pairs_take_hard_data() {
    let mut blocks = vec![
        Block::Gauges {
            title: "None".into(),
            gauges: Vec::new(),
            table: None,
        },
        Block::Gauges {
            title: "Table only".into(),
            gauges: Vec::new(),
            table: Some(figures()),
        },
        Block::Cards {
            title: "None".into(),
            cards: Vec::new(),
        },
        Block::Tiles(Vec::new()),
        pairs(Vec::new(), true),
        pairs(
            vec![
                pair("Same", 10.0, 10.0),
                pair("Close", 9.9, 10.0),
                pair("Far", 0.0, 10.0),
                pair("Low", 0.0, 0.0),
            ],
            false,
        ),
        pairs(vec![pair("Same", 7.0, 7.0), pair("Close", 7.1, 7.0)], true),
    ];
    for text in HARD {
        let mut table = figures();
        table.columns[0].0 = text.into();
        table.rows[0][1] = TableCell::text(text);
        let gauges = vec![
            gauge(12.5, "1,250,000%", text, false),
            gauge(-1.0, text, text, true),
            gauge(f64::NAN, "–", &text.repeat(4), true),
        ];
        blocks.push(Block::Gauges {
            title: text.into(),
            gauges,
            table: Some(table),
        });
        for count in [1, 4, 7] {
            let cards = |large| vec![card(text, text, text, large); count];
            blocks.push(Block::Cards {
                title: text.into(),
                cards: cards(true),
            });
            blocks.push(Block::Cards {
                title: String::new(),
                cards: cards(false),
            });
            let mut tiles = vec![tile(text, "NOK 1,200,000,000", text, text); count];
            tiles[0].known = false;
            tiles[0].value = text.into();
            blocks.push(Block::Tiles(tiles));
        }
        let Block::Pairs(mut long) = pairs(vec![pair(text, 5.5, 5.6), pair(text, 9.0, 10.0)], true)
        else {
            unreachable!()
        };
        long.names = [text.into(), text.into()];
        long.quote.as_mut().unwrap().text = text.repeat(30);
        blocks.push(Block::Pairs(long));
    }
    let mut section = section("hard", "", "Hard gauges", blocks);
    section.one_page = false;
    check("gauges-hard", vec![section]);
}

#[test]
fn rankings_and_quadrants_take_hard_data() {
    let mut blocks = vec![
        ranking(Vec::new(), Some("0.2 apart")),
        ranking(candidates()[..1].to_vec(), Some("0.2 apart")),
        ranking(
            vec![candidate("1 Tiny", "", [0.1, 0.1, 0.1, 0.1]); 14],
            None,
        ),
        ranking(
            vec![candidate("1 Full", "", [3.0, 3.0, 2.0, 2.0]); 2],
            Some("exactly level with each other"),
        ),
    ];
    let mut hard = Vec::new();
    for text in HARD {
        let rows = vec![candidate(&format!("1 {text}"), text, [2.7, 2.0, 1.8, 1.5]); 3];
        let Block::Ranking { out_of, rows, .. } = ranking(rows, None) else {
            unreachable!()
        };
        blocks.push(Block::Ranking {
            title: text.into(),
            caption: text.repeat(3),
            apart: Some(text.into()),
            legend: vec![(text.into(), "25%".into()); 4],
            out_of,
            rows,
        });
        let points = (0..10)
            .map(|i| point(text, 7.0 + f64::from(i % 3) * 0.05, 7.0, i % 2 == 0))
            .collect();
        let mut quadrants = quadrants(points, &[(text, text), (text, &text.repeat(8)), ("A", "b")]);
        quadrants.corners = [text; 4].map(str::to_owned);
        quadrants.axes = [text; 2].map(str::to_owned);
        quadrants.title = text.into();
        hard.push(quadrants);
    }
    let mut edges = quadrants(
        (0..=10)
            .map(|i| point("Edge", f64::from(i), f64::from(10 - i), false))
            .collect(),
        &[],
    );
    edges.note.clear();
    edges.middle = 9.9;
    hard.push(edges);
    let mut empty = quadrants(Vec::new(), &[("Nothing", "is rated.")]);
    empty.middle = 0.0;
    hard.push(empty);
    blocks.extend(
        hard.into_iter()
            .map(|quadrants| Block::Quadrants(Box::new(quadrants))),
    );
    let mut section = section("hard", "", "Hard rankings", blocks);
    section.one_page = false;
    check("rankings-hard", vec![section]);
}

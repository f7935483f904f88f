//! What a workbook says about its cells, in the language of the questionnaire.

use super::diagnostic::Source;
use super::text_sections::{Merge, check_names, names};

/// Declares the texts, and the same texts as a file contains them.
macro_rules! prompts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a workbook says about its cells. Placeholders are filled in by `display::asks_for`.
        #[derive(Debug, Clone)]
        pub struct Prompts { $($(#[$doc])* pub $name: String,)* }

        super::text_sections::texts_in_file! {
            /// Texts that a workbook shows when a cell is selected. A text that is left out is the English one.
            pub PromptsRaw { $($(#[$doc])* $name)* }
        }

        impl Prompts {
            /// Takes the texts of a questionnaire, and the built-in ones instead of those that it leaves out.
            fn merged(own: PromptsRaw, built_in: PromptsRaw, text: Merge) -> Self {
                let mut texts = own.0.merged(built_in.0, text);
                let mut next = || texts.next().unwrap_or_default();
                Self { $($name: next(),)* }
            }
        }
    };
}

prompts! {
    /// A rating: {low}, {high}.
    rating,
    /// A rating of which a low one is better: {low}, {high}, {low_is_better}.
    rating_low,
    /// An amount: {per}.
    money,
    /// A count: {per}.
    count,
    /// What {per} stands for: {period}. Empty for an amount or a count without a period.
    per,
    /// A percentage: {low}, {high}.
    percent,
    /// A part of a split: {low}, {high}.
    share,
    /// A number of a unit: {unit}.
    quantity,
    /// A factor.
    multiple,
    /// A ratio to one.
    ratio,
    /// An option: {options}.
    choice,
    /// A currency: {options}.
    currency,
    /// Several options: {options}.
    choices,
    /// A date.
    date,
    /// An email address.
    email,
    /// A web address.
    url,
    /// A telephone number.
    phone,
    /// A short text.
    text,
    /// A long text.
    long_text,
    /// A calculated cell.
    computed,
    /// On the hidden sheet: what the sheet is for.
    hidden_sheet,
    /// Shown when a cell rejects an entry: {asks}, {not_applicable}, {unknown}.
    rejected,
    /// On the first sheet of a workbook that was handed out, with a due date and a contact: {due}, {contact}.
    return_by,
    /// The same without a contact: {due}.
    return_on,
    /// The same without a due date: {contact}.
    return_to,
    /// Heading of what to look at before the workbook goes back.
    before_you_send,
    /// Shown if no question is open.
    all_answered,
    /// Shown if one question is open.
    open_one,
    /// How many questions are open: {count}.
    open,
    /// Shown for a sheet with a number outside the range of its cell.
    out_of_range,
    /// Shown if no answer contradicts another.
    agrees,
    /// How many contradictions are not listed: {count}.
    more_contradictions,
    /// The foot of a printed page: {page}, {pages}.
    page,
}

impl Prompts {
    /// Combines the texts of a questionnaire with the built-in ones, and reports texts with values that they cannot
    /// contain.
    ///
    /// # Errors
    /// Returns an error if the embedded file is invalid, which the tests rule out.
    pub(super) fn of(source: &Source, own: PromptsRaw) -> Result<Self, String> {
        let built_in = crate::questionnaire::toml_reader::from_str(include_str!(
            "../../../templates/prompts.toml"
        ));
        let built_in = built_in.map_err(|error| error.to_string())?;
        Ok(Self::merged(own, built_in, &|own, built_in| {
            let built_in = built_in.unwrap_or_default();
            if let Some(own) = &own {
                // A rating may name its range in every text.
                let range = ["low", "high"].into_iter();
                check_names(
                    source,
                    own,
                    &range.chain(names(&built_in)).collect::<Vec<_>>(),
                );
            }
            own.unwrap_or(built_in)
        }))
    }
}

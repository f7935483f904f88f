//! `partnerbook completions` and `partnerbook man`: generate their output from the same definitions as `--help`.

use std::path::PathBuf;

use clap::{Command, CommandFactory};

use super::{CommandError, Outcome, counted, print_line};
use crate::output;

#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub struct Man {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Overwrite existing files
    #[arg(long)]
    force: bool,
}

pub fn completions(arguments: &Completions) -> Result<Outcome, CommandError> {
    let mut command = super::Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    print_line(String::from_utf8_lossy(&script).trim_end());
    Ok(Outcome::Fine)
}

pub fn man(arguments: &Man) -> Result<Outcome, CommandError> {
    let mut command = super::Arguments::command();
    command.build();
    let mut pages = 0;
    write_pages(&command, arguments, &mut pages)?;
    let folder = arguments.folder.display();
    print_line(&format!("{} in {folder}", counted(pages, "manual page")));
    Ok(Outcome::Fine)
}

/// Writes the manual page of a command and of its subcommands.
fn write_pages(command: &Command, arguments: &Man, pages: &mut usize) -> Result<(), CommandError> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .map_err(|error| error.to_string())?;
    let path = arguments.folder.join(format!("{name}.1"));
    output::write_new(&path, &text, arguments.force)?;
    *pages += 1;
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .try_for_each(|command| write_pages(command, arguments, pages))
}

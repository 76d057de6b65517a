//! The program `yuanpu`: see [`shell`](../shell) for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    yuanpu::main_program()
}

//! The `waypost` program.

fn main() -> std::process::ExitCode {
    waypost::cli::main()
}

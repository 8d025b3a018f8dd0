/// `spaces`, its subcommands and their options, for people and for scripts.
#pragma once

namespace spaces::app {

/// The process's exit status (exit_status.hpp).
int run_command_line(int count, const char* const* words);

}  // namespace spaces::app

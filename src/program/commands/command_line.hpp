/// `spaces`, its subcommands and their options, for people and for scripts.
#pragma once

namespace spaces::app {

/// Exit statuses of every command, besides those that a command's help names.
namespace exit_status {
inline constexpr int success = 0;
inline constexpr int failure = 1;      ///< said on standard error, in one sentence
inline constexpr int wrong_usage = 2;  ///< flags or variables
inline constexpr int damaged = 4;      ///< spaces check, table verify: it is not as it should be
}  // namespace exit_status

int run_command_line(int count, const char* const* words);

}  // namespace spaces::app

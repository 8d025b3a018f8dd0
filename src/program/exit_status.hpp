/// How a command ended, for scripts.
#pragma once

/// Exit statuses of every command, besides those that a command's help names.
namespace spaces::app::exit_status {
inline constexpr int success = 0;
inline constexpr int failure = 1;        ///< said on standard error, in one sentence
inline constexpr int wrong_usage = 2;    ///< flags or variables
inline constexpr int some_rejected = 3;  ///< spaces import: rows that broke a rule
inline constexpr int damaged = 4;        ///< spaces check, export, table verify and copy: not as it should be
inline constexpr int interrupted = 130;  ///< 128 and SIGINT, as shells have it
}  // namespace spaces::app::exit_status

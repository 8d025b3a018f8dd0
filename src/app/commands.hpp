/// What the subcommands are told, and where each is carried out; command_line.cpp reads the words.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace spaces::app {

/// Flags of settings by their variable (configuration.hpp), as given.
using setting_flags = std::map<std::string, std::string>;

struct token_options {
  std::string user;  ///< UUID; empty: a new one
  std::string type = "seller";
  bool unverified = false;
  std::int64_t minutes = 30;
  bool json = false;
};

struct backup_options {
  std::string folder;
  bool json = false;
};

struct check_options {
  bool json = false;
};

struct stats_options {
  bool json = false;
};

/// Each returns the process's exit status.
int run_serve(const setting_flags& flags);
int run_token(const setting_flags& flags, const token_options& options);
int run_backup(const setting_flags& flags, const backup_options& options);
int run_check(const setting_flags& flags, const check_options& options);
int run_stats(const setting_flags& flags, const stats_options& options);

/// Says a failure in one sentence on standard error; returns the status.
int fail(const std::string& sentence, int status = 1);

}  // namespace spaces::app

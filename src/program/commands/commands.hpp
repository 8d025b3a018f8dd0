/// What the subcommands are told, and where each is carried out; command_line.cpp reads the words.
#pragma once

#include "platform/base/error.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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

struct import_options {
  std::string file;    ///< "-": standard input
  std::string format;  ///< csv or jsonl; empty: by the file's name
  std::string owner;   ///< UUID; empty: the importer's own
  std::string source;  ///< names the file in ids; empty: its name
  std::string key;
  std::string order;
  std::string title;
  std::vector<std::string> map;  ///< ours=theirs
  std::vector<std::string> set;  ///< field=value
  std::string rejected;          ///< empty: FILE.rejected.csv
  bool restore = false;
  bool dry_run = false;
  bool json = false;
};

struct export_options {
  std::string file = "-";  ///< "-": standard output
  std::string format;      ///< csv or jsonl; empty: by the file's name
  std::string owner;
  std::string status;
  bool json = false;
};

struct demo_options {
  std::uint64_t count = 500;
  std::uint64_t seed = 1;
  std::string until;  ///< empty: the fixed moment
  bool add = false;
  bool if_empty = false;
  bool json = false;
};

struct keys_options {
  std::string kid;
  std::int64_t delay_hours = 0;
  bool json = false;
};

struct mail_options {
  std::string to;
  bool as_job = false;
};

/// Each returns the process's exit status.
int run_serve(const setting_flags& flags);
int run_token(const setting_flags& flags, const token_options& options);
int run_backup(const setting_flags& flags, const backup_options& options);
int run_check(const setting_flags& flags, const check_options& options);
int run_stats(const setting_flags& flags, const stats_options& options);
int run_import(const setting_flags& flags, const import_options& options);
int run_export(const setting_flags& flags, const export_options& options);
int run_demo(const setting_flags& flags, const demo_options& options);
int run_keys_generate(const setting_flags& flags, const keys_options& options);
int run_keys_list(const setting_flags& flags, const keys_options& options);
int run_keys_retire(const setting_flags& flags, const keys_options& options);
int run_mail(const setting_flags& flags, const mail_options& options);

/// A failure for the operator: what may be shown and what may not, who runs the command may see both.
std::string sentence_of(const error& why);

/// Says a failure in one sentence on standard error; returns the status.
int fail(const std::string& sentence, int status = 1);

}  // namespace spaces::app

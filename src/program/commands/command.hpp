/// What every command of `spaces` is made of: its words, the settings that it takes as flags, and its work, all in one
/// file, NAME_command.cpp. What they have in common stands here; command_line.cpp lists them.
///
/// A command either shows something or acts, and says which when it is added: there is no third way. What acts (changes
/// something, or makes a token, a key or a copy) leaves a security event (operating.hpp).
/// test/system/test_operators.py runs every command and holds it to what it said.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/base/uuid.hpp"
#include "program/exit_status.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::app {

/// Sets of settings that commands take as flags, by their variables; others count as the environment has them.
using setting_set = std::span<const std::string_view>;
inline constexpr std::string_view data_settings[] = {"SPACES_DATA"};
/// Where a command on the marketplace's table finds it.
inline constexpr std::string_view table_settings[] = {"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE"};
inline constexpr std::string_view key_settings[] = {"SPACES_DATA", "SPACES_JWT_KEYS"};
/// Where a command on the pictures finds them, and how S3 is written to.
inline constexpr std::string_view bucket_settings[] = {"SPACES_BUCKET"};
inline constexpr std::string_view s3_settings[] = {"SPACES_S3_ENCRYPTION", "SPACES_S3_ADDRESSING"};
inline constexpr std::string_view token_settings[] = {"SPACES_ISSUER", "SPACES_AUDIENCE"};
inline constexpr std::string_view mail_settings[] = {"SPACES_DATA",      "SPACES_PUBLIC_URL", "SPACES_MAIL",
                                                     "SPACES_MAIL_FROM", "SPACES_SMTP_URL",   "SPACES_SMTP_CA",
                                                     "SPACES_SMTP_USER"};
using setting_sets = std::initializer_list<setting_set>;

/// What the words of one command line come to.
struct command_choice {
  std::map<std::string, std::string> flags;  ///< of settings, by their variable
  std::function<int()> work;                 ///< returns the process's exit status
};

/// A command's words and what they are read into, which lives as long as its work.
template <class Options>
struct command_words {
  CLI::App& words;
  Options& options;
};

class operator_action;

/// Where commands are added: `spaces` itself, or a word of it that has commands of its own (`spaces keys`).
class command_group {
 public:
  command_group(CLI::App& app, command_choice& choice) : app_(app), choice_(choice) {}

  command_group add_group(const char* name, const char* doc, const char* footer = "");

  /// A command that changes nothing, on the settings that the flags and the environment give. Wrong ones are said, and
  /// its work is not begun.
  template <class Options>
  command_words<Options> add_showing(const char* name, const char* doc, setting_sets settings,
                                     int (*work)(const configuration&, const Options&)) {
    const auto options = std::make_shared<Options>();
    return {
        add_work(name, doc, settings, [options, work](const configuration& given) { return work(given, *options); }),
        *options};
  }
  /// The same of one that needs no settings.
  template <class Options>
  command_words<Options> add_showing(const char* name, const char* doc, int (*work)(const Options&)) {
    const auto options = std::make_shared<Options>();
    return {add_plain_work(name, doc, [options, work] { return work(*options); }), *options};
  }

  /// A command that acts: what it says of its action is a security event at its end.
  template <class Options>
  command_words<Options> add_acting(const char* name, const char* doc, setting_sets settings,
                                    int (*work)(const configuration&, const Options&, operator_action&)) {
    const auto options = std::make_shared<Options>();
    const auto acting = [options, work, words = words_of(name)](const configuration& given) {
      return run_action(words, [&](operator_action& action) { return work(given, *options, action); });
    };
    return {add_work(name, doc, settings, acting), *options};
  }
  /// The same of one that needs no settings.
  template <class Options>
  command_words<Options> add_acting(const char* name, const char* doc, int (*work)(const Options&, operator_action&)) {
    const auto options = std::make_shared<Options>();
    const auto acting = [options, work, words = words_of(name)] {
      return run_action(words, [&](operator_action& action) { return work(*options, action); });
    };
    return {add_plain_work(name, doc, acting), *options};
  }

  /// The server, which all settings are flags of, and which has a log of its own.
  CLI::App& add_server(const char* name, const char* doc, int (*work)(const configuration&));

 private:
  /// "users suspend"
  std::string words_of(const char* name) const;
  static int run_action(const std::string& words, function_ref<int(operator_action&)> work);

  CLI::App& add_work(const char* name, const char* doc, setting_sets settings,
                     std::function<int(const configuration&)> work);
  CLI::App& add_plain_work(const char* name, const char* doc, std::function<int()> work);
  void add_flags(CLI::App& words, setting_set wanted);

  CLI::App& app_;
  command_choice& choice_;
};

/// `--json`.
void add_json(CLI::App& words, bool& json);

/// A failure for the operator: what may be shown and what may not, who runs the command may see both.
std::string sentence_of(const error& why);

/// Says a failure in one sentence on standard error; returns the status.
int fail(const std::string& sentence, int status = exit_status::failure);
/// Says it with its reason.
int fail(const error& why, int status = exit_status::failure);

/// What a flag that names somebody or something gives; an error names the flag.
result<uuid> read_uuid(std::string_view flag, std::string_view text);

/// A text as JSON, and several as a list.
std::string json_text(std::string_view text);
std::string json_list(const std::vector<std::string>& texts);

/// "12.5 MiB".
std::string mebibytes(std::uint64_t bytes);

}  // namespace spaces::app

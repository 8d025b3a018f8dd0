#include "program/commands/command.hpp"

#include "platform/record/json.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

namespace spaces::app {

command_group command_group::add_group(const char* name, const char* doc, const char* footer) {
  CLI::App& group = *app_.add_subcommand(name, doc);
  group.require_subcommand(1);
  group.footer(footer);
  return {group, choice_};
}

CLI::App& command_group::add_server(const char* name, const char* doc, int (*work)(const configuration&)) {
  std::vector<std::string_view> all;
  for (const setting& each : settings()) all.push_back(each.variable);
  return add_work(name, doc, {setting_set(all)}, work);
}

std::string command_group::words_of(const char* name) const {
  // `spaces` itself has no parent.
  return app_.get_parent() ? app_.get_name() + ' ' + name : name;
}

int command_group::run_action(const std::string& words, function_ref<int(operator_action&)> work) {
  operator_action action(words);
  int status = exit_status::failure;
  try {
    status = work(action);
  } catch (...) {
    action.end(status);
    throw;
  }
  action.end(status);
  return status;
}

CLI::App& command_group::add_work(const char* name, const char* doc, setting_sets settings,
                                  std::function<int(const configuration&)> work) {
  CLI::App& words = add_plain_work(name, doc, [&choice = choice_, work = std::move(work)] {
    const auto given = read_configuration(choice.flags);
    if (!given) return fail(given.error().public_text, exit_status::wrong_usage);
    return work(*given);
  });
  for (const setting_set each : settings) add_flags(words, each);
  return words;
}

CLI::App& command_group::add_plain_work(const char* name, const char* doc, std::function<int()> work) {
  CLI::App& words = *app_.add_subcommand(name, doc);
  words.final_callback([&choice = choice_, work = std::move(work)] { choice.work = work; });
  return words;
}

void command_group::add_flags(CLI::App& words, setting_set wanted) {
  for (const setting& each : settings()) {
    const std::string flag(each.flag);
    if (flag.empty() || std::ranges::find(wanted, each.variable) == wanted.end()) continue;
    if (words.get_option_no_throw(flag)) continue;  // of another set, too
    const std::string variable(each.variable);
    words
        .add_option_function<std::string>(
            flag, [&flags = choice_.flags, variable](const std::string& text) { flags[variable] = text; },
            fmt::format("{} [{}; {} unless given]", each.doc, each.allowed, each.initial))
        ->type_name(variable);
  }
}

void add_json(CLI::App& words, bool& json) {
  words.add_flag("--json", json, "One JSON object on standard output, for scripts");
}

std::string sentence_of(const error& why) {
  if (why.kind == error_kind::storage_full) return "The disk is full.";
  std::string said = why.public_text;
  if (!why.private_text.empty()) said += (said.empty() ? "" : " (") + why.private_text + (said.empty() ? "" : ")");
  if (!said.ends_with('.')) said += '.';
  return said;
}

int fail(const std::string& sentence, int status) {
  fmt::print(stderr, "spaces: {}\n", sentence);
  return status;
}

int fail(const error& why, int status) { return fail(sentence_of(why), status); }

result<uuid> read_uuid(std::string_view flag, std::string_view text) {
  const auto read = parse_uuid(text);
  if (read && !read->is_nil()) return *read;
  return malformed(fmt::format("{} is '{}', which is not a UUID of 36 characters.", flag, text));
}

std::string json_text(std::string_view text) {
  std::string out;
  record::append_json_string(out, text);
  return out;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + json_text(text);
  return '[' + out + ']';
}

std::string mebibytes(std::uint64_t bytes) { return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20)); }

}  // namespace spaces::app

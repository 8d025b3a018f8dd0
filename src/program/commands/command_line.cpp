#include "program/commands/command_line.hpp"

#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <cstdio>

/// Every command, in the order in which help shows them: one row each, beside its file NAME_command.cpp, which
/// defines `void add_NAME(command_group& to)`.
// clang-format off: a row a line
#define SPACES_COMMANDS(row) \
  row(serve) \
  row(token) \
  row(backup) \
  row(compact) \
  row(check) \
  row(stats) \
  row(import) \
  row(export) \
  row(demo) \
  row(cost) \
  row(iam) \
  row(table) \
  row(bucket) \
  row(media) \
  row(keys) \
  row(mail) \
  row(reports) \
  row(users) \
  row(listings) \
  row(audit)
// clang-format on

namespace spaces::app {

#define SPACES_DECLARE(name) void add_##name(command_group& to);
SPACES_COMMANDS(SPACES_DECLARE)
#undef SPACES_DECLARE

namespace {

constexpr const char* about =
    "Lifestyle Spaces: the back end of a real-estate marketplace in one program.\n"
    "Start with: spaces demo --data DIR, then spaces serve --data DIR --public-listings true";

#define SPACES_ADDRESS(name) add_##name,
constexpr void (*all_commands[])(command_group& to) = {SPACES_COMMANDS(SPACES_ADDRESS)};
#undef SPACES_ADDRESS

}  // namespace

int run_command_line(int count, const char* const* words) {
  CLI::App app(about, "spaces");
  app.set_version_flag("--version", SPACES_VERSION);
  app.set_help_all_flag("--help-all", "Every command's help");
  app.require_subcommand(1);
  command_choice choice;
  command_group top(app, choice);
  for (const auto add : all_commands) add(top);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp& call) {
    return app.exit(call);
  } catch (const CLI::CallForAllHelp& call) {
    return app.exit(call);
  } catch (const CLI::CallForVersion& call) {
    return app.exit(call);
  } catch (const CLI::ParseError& wrong) {
    return fail(fmt::format("{}; spaces --help shows what there is.", wrong.what()), exit_status::wrong_usage);
  }
  return choice.work ? choice.work() : exit_status::wrong_usage;
}

}  // namespace spaces::app

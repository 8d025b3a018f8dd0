/// The parts of the command line: each adds its commands to the program. What they share.
#pragma once

#include "program/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <initializer_list>
#include <string_view>

namespace spaces::app {

/// What is to be done, once all words are read.
using chosen_run = std::function<int()>;

CLI::App& add_command(CLI::App& to, chosen_run& chosen, const char* name, const char* doc, chosen_run run);

/// Settings as flags: `wanted` names variables, empty means all that have a flag.
void add_settings(CLI::App& command, setting_flags& flags, std::initializer_list<std::string_view> wanted = {});

void add_json(CLI::App& command, bool& json);

/// What running on AWS asks of an operator.
void add_cloud_commands(CLI::App& app, setting_flags& flags, chosen_run& chosen);

/// What people reported.
void add_reports(CLI::App& app, setting_flags& flags, chosen_run& chosen);

}  // namespace spaces::app

#include "app/cloud.hpp"
#include "platform/table/dynamodb/administration.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>
#include <cstdlib>

namespace spaces::app {

namespace {

/// What the table is to be.
struct table_options {
  std::string table;             ///< empty: DYNAMODB_TABLE
  std::uint64_t read_units = 0;  ///< 0: on demand
  std::uint64_t write_units = 0;
  std::string kms_key;
  bool no_recovery = false;
  bool no_deletion_protection = false;
  bool no_stream = false;
  bool json = false;
};

namespace dynamodb = table::dynamodb;
using dynamodb::switched;
using dynamodb::table_facts;

result<dynamodb::table_options> wanted_table(const table_options& options) {
  dynamodb::table_options wanted;
  const char* variable = std::getenv("DYNAMODB_TABLE");
  wanted.table = !options.table.empty() || !variable ? options.table : variable;
  if (wanted.table.empty()) return malformed("Name the table: --name, or the variable DYNAMODB_TABLE.");
  if ((options.read_units == 0) != (options.write_units == 0))
    return malformed("--read-units and --write-units go together; without both the table is on demand.");
  if (options.read_units > 0) wanted.provisioned = table::dynamodb::throughput{options.read_units, options.write_units};
  wanted.recovery = !options.no_recovery;
  wanted.deletion_protection = !options.no_deletion_protection;
  wanted.streams = !options.no_stream;
  wanted.kms_key = options.kms_key;
  return wanted;
}

/// What the three commands begin with.
struct prepared {
  dynamodb::table_options wanted;
  cloud connection;
  std::unique_ptr<aws::service> service;
};

result<prepared> prepare(const table_options& options, const clock& clock) {
  auto wanted = wanted_table(options);
  if (!wanted) return wanted.error();
  auto connection = cloud::connect(clock);
  if (!connection) return connection.error();
  auto service = connection->dynamodb(true);
  if (!service) return service.error();
  return prepared{*std::move(wanted), *std::move(connection), *std::move(service)};
}

std::string capacity_text(const table_facts& facts) {
  if (!facts.provisioned) return "on demand";
  return fmt::format("{} read and {} write units a second, and as many for each index", facts.provisioned->read_units,
                     facts.provisioned->write_units);
}

void print_facts(const table_facts& f) {
  const auto row = [](std::string_view what, const std::string& is) { fmt::print("{:<22}{}\n", what, is); };
  row("Table", f.name + (f.arn.empty() ? "" : "  " + f.arn));
  row("Status", f.status);
  row("Capacity", capacity_text(f));
  row("Items", fmt::format("{} in {} bytes, counted every six hours", grouped(f.items), grouped(f.bytes)));
  row("Expiry", std::string(to_text(f.expiry)) + (f.expiry == switched::on ? ", by " + f.expiring_attribute : ""));
  row("Recovery", std::string(to_text(f.recovery)));
  row("Deletion protection", std::string(to_text(f.deletion_protection)));
  row("Stream", std::string(to_text(f.streams)) + (f.streams == switched::on ? ", " + f.stream_view : ""));
  row("Key", f.kms_key.empty() ? "DynamoDB's own" : f.kms_key);
  for (const auto& one : f.indexes)
    row(one.name, fmt::format("{}, carries {}, {} rows in {} bytes", one.status.empty() ? "?" : one.status,
                              one.projection, grouped(one.items), grouped(one.bytes)));
  for (const std::string& flaw : f.flaws) row("Not ours", flaw);
}

void print_facts_json(const table_facts& f) {
  std::string indexes;
  for (const auto& one : f.indexes)
    indexes += fmt::format("{}{{\"name\":{},\"status\":{},\"carries\":{},\"rows\":{},\"bytes\":{}}}",
                           indexes.empty() ? "" : ",", json_text(one.name), json_text(one.status),
                           json_text(one.projection), one.items, one.bytes);
  fmt::print(
      "{{\"table\":{},\"arn\":{},\"status\":{},\"readUnits\":{},\"writeUnits\":{},\"items\":{},\"bytes\":{},"
      "\"expiry\":\"{}\",\"expiringAttribute\":{},\"recovery\":\"{}\",\"deletionProtection\":\"{}\",\"stream\":\"{}\","
      "\"kmsKey\":{},\"indexes\":[{}],\"flaws\":{}}}\n",
      json_text(f.name), json_text(f.arn), json_text(f.status), f.provisioned ? f.provisioned->read_units : 0,
      f.provisioned ? f.provisioned->write_units : 0, f.items, f.bytes, to_text(f.expiry),
      json_text(f.expiring_attribute), to_text(f.recovery), to_text(f.deletion_protection), to_text(f.streams),
      json_text(f.kms_key), indexes, json_list(f.flaws));
}

/// The table's facts, or a sentence.
result<table_facts> facts_of(prepared& ready) {
  auto facts = dynamodb::describe(*ready.service, ready.wanted.table);
  if (!facts) return facts.error();
  if (!*facts)
    return malformed(fmt::format("There is no table '{}' in {}; spaces table create makes it.", ready.wanted.table,
                                 ready.connection.region()));
  return **std::move(facts);
}

int create(const table_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  auto ready = prepare(options, clock);
  if (!ready) return fail(ready.error(), exit_status::wrong_usage);
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  const auto started = std::chrono::steady_clock::now();
  action.begin("dynamodb:" + ready->wanted.table);
  const auto made = dynamodb::make_table(*ready->service, ready->wanted, [&](std::string_view status) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (show) fmt::print(stderr, "\r{}, {:.0f} s\x1b[K", status, seconds);
    return !interruption::requested();
  });
  if (show) fmt::print(stderr, "\r\x1b[K");
  if (!made) return fail(made.error());
  if (options.json)
    fmt::print("{{\"table\":{},\"made\":{},\"steps\":{}}}\n", json_text(ready->wanted.table), made->made,
               json_list(made->steps));
  else
    for (const std::string& step : made->steps) fmt::print("{}.\n", step);
  return exit_status::success;
}

int describe(const table_options& options) {
  const system_clock clock;
  auto ready = prepare(options, clock);
  if (!ready) return fail(ready.error(), exit_status::wrong_usage);
  const auto facts = facts_of(*ready);
  if (!facts) return fail(facts.error());
  (options.json ? print_facts_json : print_facts)(*facts);
  return exit_status::success;
}

int verify(const table_options& options) {
  const system_clock clock;
  auto ready = prepare(options, clock);
  if (!ready) return fail(ready.error(), exit_status::wrong_usage);
  const auto facts = facts_of(*ready);
  if (!facts) return fail(facts.error());
  const std::vector<std::string> found = dynamodb::deviations(*facts, ready->wanted);
  std::vector<std::string> unknown;
  if (facts->expiry == switched::unknown) unknown.emplace_back("expiry");
  if (facts->recovery == switched::unknown) unknown.emplace_back("point-in-time recovery");
  if (facts->deletion_protection == switched::unknown) unknown.emplace_back("deletion protection");
  if (options.json) {
    fmt::print("{{\"table\":{},\"deviations\":{},\"unknown\":{}}}\n", json_text(facts->name), json_list(found),
               json_list(unknown));
  } else {
    for (const std::string& one : found) fmt::print("{}.\n", one);
    for (const std::string& one : unknown) fmt::print("This endpoint does not tell of {}.\n", one);
    if (found.empty()) fmt::print("The table '{}' is as it should be.\n", facts->name);
  }
  return found.empty() ? exit_status::success : exit_status::damaged;
}

constexpr const char* endpoint_footer =
    "The endpoint, the region and the credentials are found as AWS's tools find them: AWS_ENDPOINT_URL_DYNAMODB,\n"
    "AWS_REGION, AWS_PROFILE, ...";

void add_name(CLI::App& words, table_options& options) {
  words.add_option("--name", options.table, "The table [DYNAMODB_TABLE unless given]")->type_name("TABLE");
  add_json(words, options.json);
}

void add_shape_options(CLI::App& words, table_options& options) {
  constexpr std::uint64_t units_max = 1'000'000'000;
  words.add_option("--read-units", options.read_units, "A second, of the table and of each index [on demand]")
      ->check(CLI::Range(std::uint64_t{1}, units_max));
  words.add_option("--write-units", options.write_units, "The same of writes")
      ->check(CLI::Range(std::uint64_t{1}, units_max));
  words.add_option("--kms-key", options.kms_key, "Id, ARN or alias of the key to encrypt with [DynamoDB's own]")
      ->type_name("KEY");
  words.add_flag("--no-recovery", options.no_recovery, "Without point-in-time recovery");
  words.add_flag("--no-deletion-protection", options.no_deletion_protection, "The table may be deleted");
  words.add_flag("--no-stream", options.no_stream, "Without a stream of changes");
}

}  // namespace

/// `spaces table copy`, in copy_command.cpp.
void add_table_copy(command_group& to);

void add_table(command_group& to) {
  command_group table = to.add_group("table", "Make, look at and fill a DynamoDB table");
  auto [creating, created] = table.add_acting("create", "Make the table and wait until it is active", create);
  add_name(creating, created);
  add_shape_options(creating, created);
  creating.footer(
      std::string("Safe to run again: a table that is there keeps what it is, and only expiry and recovery\n"
                  "are turned on where they are off.\n") +
      endpoint_footer);
  auto [describing, described] = table.add_showing("describe", "Say what the table is", describe);
  add_name(describing, described);
  describing.footer(endpoint_footer);
  auto [verifying, verified] = table.add_showing("verify", "Hold the table to what it should be", verify);
  add_name(verifying, verified);
  add_shape_options(verifying, verified);
  verifying.footer(std::string("Exit status: 0 when it is, 4 when something differs.\n") + endpoint_footer);
  add_table_copy(table);
}

}  // namespace spaces::app

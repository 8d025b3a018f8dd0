#include "app/cloud.hpp"
#include "platform/record/json.hpp"
#include "platform/table/dynamodb/administration.hpp"
#include "program/commands/cloud_commands.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>
#include <cstdlib>

namespace spaces::app {

namespace {

namespace dynamodb = table::dynamodb;
using dynamodb::switched;
using dynamodb::table_facts;

std::string quoted(std::string_view text) {
  std::string out;
  record::append_json_string(out, text);
  return out;
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + quoted(text);
  return '[' + out + ']';
}

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
  auto service = connection->dynamodb();
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
                           indexes.empty() ? "" : ",", quoted(one.name), quoted(one.status), quoted(one.projection),
                           one.items, one.bytes);
  fmt::print(
      "{{\"table\":{},\"arn\":{},\"status\":{},\"readUnits\":{},\"writeUnits\":{},\"items\":{},\"bytes\":{},"
      "\"expiry\":\"{}\",\"expiringAttribute\":{},\"recovery\":\"{}\",\"deletionProtection\":\"{}\",\"stream\":\"{}\","
      "\"kmsKey\":{},\"indexes\":[{}],\"flaws\":{}}}\n",
      quoted(f.name), quoted(f.arn), quoted(f.status), f.provisioned ? f.provisioned->read_units : 0,
      f.provisioned ? f.provisioned->write_units : 0, f.items, f.bytes, to_text(f.expiry), quoted(f.expiring_attribute),
      to_text(f.recovery), to_text(f.deletion_protection), to_text(f.streams), quoted(f.kms_key), indexes,
      list_of(f.flaws));
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

int not_prepared(const error& why) { return fail(sentence_of(why), exit_status::wrong_usage); }

}  // namespace

int run_table_create(const table_options& options) {
  const system_clock clock;
  const interruption watch;
  auto ready = prepare(options, clock);
  if (!ready) return not_prepared(ready.error());
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  const auto started = std::chrono::steady_clock::now();
  const auto made = dynamodb::make_table(*ready->service, ready->wanted, [&](std::string_view status) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (show) fmt::print(stderr, "\r{}, {:.0f} s\x1b[K", status, seconds);
    return !interruption::requested();
  });
  if (show) fmt::print(stderr, "\r\x1b[K");
  if (!made) return fail(sentence_of(made.error()));
  if (options.json)
    fmt::print("{{\"table\":{},\"made\":{},\"steps\":{}}}\n", quoted(ready->wanted.table), made->made,
               list_of(made->steps));
  else
    for (const std::string& step : made->steps) fmt::print("{}.\n", step);
  return exit_status::success;
}

int run_table_describe(const table_options& options) {
  const system_clock clock;
  auto ready = prepare(options, clock);
  if (!ready) return not_prepared(ready.error());
  const auto facts = facts_of(*ready);
  if (!facts) return fail(sentence_of(facts.error()));
  (options.json ? print_facts_json : print_facts)(*facts);
  return exit_status::success;
}

int run_table_verify(const table_options& options) {
  const system_clock clock;
  auto ready = prepare(options, clock);
  if (!ready) return not_prepared(ready.error());
  const auto facts = facts_of(*ready);
  if (!facts) return fail(sentence_of(facts.error()));
  const std::vector<std::string> found = dynamodb::deviations(*facts, ready->wanted);
  std::vector<std::string> unknown;
  if (facts->expiry == switched::unknown) unknown.emplace_back("expiry");
  if (facts->recovery == switched::unknown) unknown.emplace_back("point-in-time recovery");
  if (facts->deletion_protection == switched::unknown) unknown.emplace_back("deletion protection");
  if (options.json) {
    fmt::print("{{\"table\":{},\"deviations\":{},\"unknown\":{}}}\n", quoted(facts->name), list_of(found),
               list_of(unknown));
  } else {
    for (const std::string& one : found) fmt::print("{}.\n", one);
    for (const std::string& one : unknown) fmt::print("This endpoint does not tell of {}.\n", one);
    if (found.empty()) fmt::print("The table '{}' is as it should be.\n", facts->name);
  }
  return found.empty() ? exit_status::success : exit_status::damaged;
}

}  // namespace spaces::app

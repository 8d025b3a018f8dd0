#include "app/open_table.hpp"
#include "marketplace/properties/import/import.hpp"
#include "program/commands/atomic_file.hpp"
#include "program/commands/bulk_load.hpp"
#include "program/commands/import_file.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

namespace spaces::app {

namespace {

struct import_options {
  using texts = std::vector<std::string>;

  std::string file;    ///< "-": standard input
  std::string format;  ///< csv or jsonl; empty: by the file's name
  std::string owner;   ///< UUID; empty: the importer's own
  std::string source;  ///< of keys: empty, they are from one place; of lines: empty, the file's name
  std::string key;
  std::string order;
  bool no_order = false;
  std::string title;
  texts map;            ///< ours=theirs
  texts set, defaults;  ///< field=value
  texts ignore;         ///< columns
  texts statuses;       ///< word=status
  texts units;          ///< field=unit
  texts number_formats;
  std::string date_order;
  std::string rejected;  ///< empty: FILE.rejected.csv
  bool for_spreadsheets = false;
  bool restore = false;
  bool fetch_images = false;
  bool dry_run = false;
  bool json = false;
};

using properties::import_report;

/// Shown on standard error; all of them are in the file.
constexpr std::size_t rejections_shown_max = 5;
/// Whose the listings are when nobody says: one account for all imports, so that the same command
/// finds them again.
constexpr std::string_view importer = "00000000-0000-8000-8000-000000000001";

/// "left=right", split at the first sign.
result<void> read_pairs(properties::mapping_options::pairs& into, const std::vector<std::string>& texts,
                        std::string_view option, std::string_view shape) {
  for (const std::string& text : texts) {
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0) return malformed(fmt::format("{} takes {}, not '{}'", option, shape, text));
    into.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return {};
}

result<properties::import_settings> settings_of(const import_options& options, const import_file& file) {
  properties::import_settings made;
  made.restore = options.restore;
  made.fetch_images = options.fetch_images;
  made.for_spreadsheets = options.for_spreadsheets;
  made.bytes_total = file.bytes();
  properties::mapping_options& mapping = made.mapping;
  const auto owner = read_uuid("--owner", options.owner.empty() ? importer : std::string_view(options.owner));
  if (!owner) return owner.error();
  mapping.owner = *owner;
  mapping.file = file.name();
  mapping.source = options.source;
  mapping.key = options.key;
  mapping.order = options.order;
  mapping.no_order = options.no_order;
  mapping.title = options.title;
  mapping.ignore = options.ignore;
  mapping.number_formats = options.number_formats;
  mapping.date_order = options.date_order;
  if (auto done = read_pairs(mapping.map, options.map, "--map", "FIELD=COLUMN"); !done) return done.error();
  if (auto done = read_pairs(mapping.set, options.set, "--set", "FIELD=VALUE"); !done) return done.error();
  if (auto done = read_pairs(mapping.defaults, options.defaults, "--default", "FIELD=VALUE"); !done)
    return done.error();
  if (auto done = read_pairs(mapping.statuses, options.statuses, "--status", "WORD=STATUS"); !done) return done.error();
  if (auto done = read_pairs(mapping.units, options.units, "--unit", "FIELD=UNIT"); !done) return done.error();
  return made;
}

/// The store that an import goes to; of a dry run the one there is, or none.
class destination {
 public:
  result<void> open(const configuration& settings, bool dry_run, const clock& clock) {
    if (!dry_run) {
      auto opened = bulk_load::open(settings, clock);
      if (!opened) return opened.error();
      written_.emplace(*std::move(opened));
      return {};
    }
    const bool embedded = settings.table.kind == table::engine_kind::lmdb;
    if (embedded && !std::filesystem::exists(std::filesystem::path(settings.table.data) / "table.lmdb")) return {};
    auto opened = open_table(settings, table_use::reading, clock);
    if (!opened) return opened.error();
    looked_at_ = *std::move(opened);
    return {};
  }
  table::single_table* table() { return written_ ? &written_->table() : looked_at_.table.get(); }
  bool is_new() const { return written_ && written_->is_new(); }
  result<void> settle() { return written_ ? written_->settle() : result<void>(); }

 private:
  std::optional<bulk_load> written_;
  opened_table looked_at_;
};

std::string rejected_place(const import_options& options) {
  if (!options.rejected.empty()) return options.rejected;
  return (options.file == "-" ? std::string("stdin") : options.file) + ".rejected.csv";
}

std::string_view name_of(properties::lost what) {
  constexpr std::string_view names[] = {"row", "cell", "leftOut"};
  return names[static_cast<std::size_t>(what)];
}

std::string json_fields(const properties::import_plan& plan) {
  std::string list;
  if (!plan.mapping()) return list;
  for (const properties::field_report& one : plan.mapping()->fields(plan.columns()))
    list += fmt::format("{}{{\"field\":{},\"from\":{},\"sample\":{},\"note\":{}}}", list.empty() ? "" : ",",
                        json_text(one.field), json_text(one.from), json_text(one.sample), json_text(one.note));
  return list;
}

std::string json_reasons(const import_report& report) {
  std::string list;
  for (const properties::reason_total& one : report.reasons)
    list += fmt::format("{}{{\"lost\":\"{}\",\"column\":{},\"reason\":{},\"count\":{},\"line\":{},\"value\":{}}}",
                        list.empty() ? "" : ",", name_of(one.lost), json_text(one.column), json_text(one.reason),
                        one.count, one.line, json_text(one.value));
  return list;
}

void print_json(const import_report& report, const properties::import_plan& plan, double seconds,
                const import_options& options, const uuid& owner, const std::string& rejected) {
  const properties::import_counts& n = report.counts;
  const properties::row_mapping* mapping = plan.mapping();
  fmt::print(
      "{{\"rows\":{},\"created\":{},\"updated\":{},\"unchanged\":{},\"older\":{},\"rejected\":{},\"leftOut\":{},"
      "\"seconds\":{:.3f},\"bytes\":{},\"lastLine\":{},\"dryRun\":{},\"interrupted\":{},\"owner\":{},"
      "\"rejectedFile\":{},\"orderColumn\":{},\"repeatedKeys\":{},\"fields\":[{}],\"reasons\":[{}],\"unusedColumns\":{}"
      ","
      "\"keyLikeColumns\":{},\"failure\":{}}}\n",
      n.rows, n.created, n.updated, n.unchanged, n.older, n.rejected, n.left_out, seconds, n.bytes, n.line,
      options.dry_run, report.interrupted, options.restore ? "null" : json_text(to_text(owner)),
      n.rejected > 0 && !options.dry_run ? json_text(rejected) : "null",
      mapping && !mapping->options().order.empty() ? json_text(mapping->options().order) : "null",
      mapping ? mapping->repeated_keys() : 0, json_fields(plan), json_reasons(report),
      json_list(mapping ? mapping->unused(plan.columns()) : std::vector<std::string>()),
      json_list(mapping && !mapping->has_key() ? mapping->key_like(plan.columns()) : std::vector<std::string>()),
      report.failure ? json_text(sentence_of(*report.failure)) : "null");
}

std::string with_commas(const std::vector<std::string>& names) { return properties::joined(names); }

/// Which column becomes which field, before anything is written.
void print_plan(const properties::import_plan& plan) {
  const properties::row_mapping* mapping = plan.mapping();
  if (!mapping) return;
  for (const properties::field_report& one : mapping->fields(plan.columns())) {
    fmt::print("  {:<14} <- {:<24} {}{}\n", one.field, one.from, one.sample.empty() ? "(empty)" : one.sample,
               one.note.empty() ? "" : fmt::format("  ({})", one.note));
  }
  const std::vector<std::string> unused = mapping->unused(plan.columns());
  if (!unused.empty()) fmt::print("Columns not used: {}\n", with_commas(unused));
}

/// What people should know of how rows were told apart.
void print_identity(const properties::import_plan& plan, const import_report& report) {
  const properties::row_mapping& mapping = *plan.mapping();
  const properties::mapping_options& said = mapping.options();
  if (!mapping.has_key()) {
    const std::vector<std::string> keys = mapping.key_like(plan.columns());
    fmt::print("A house is known by its line in '{}'{}\n", said.source.empty() ? said.file : said.source,
               keys.empty() ? "; no column looks like a key for --key"
                            : "; columns that look like a key for --key: " + with_commas(keys));
    return;
  }
  const std::string times = mapping.time_like().empty() ? "" : " (dates: " + with_commas(mapping.time_like()) + ")";
  if (!said.order.empty())
    fmt::print("Of rows with one {} the later counts, by the column {}\n", said.key, said.order);
  else if (mapping.repeated_keys() > 0)
    fmt::print("{} rows repeat the {} of an earlier row, and the last one counts; --order COLUMN takes the later{}\n",
               grouped(mapping.repeated_keys()), said.key, times);
  if (report.counts.older > 0 && said.order.empty())
    fmt::print("{} rows were passed over: their listings have times from an --order before; --no-order ignores them\n",
               grouped(report.counts.older));
}

void print_reasons(const import_report& report) {
  constexpr std::size_t reasons_shown_max = 20;
  constexpr std::string_view what[] = {"rows rejected", "cells left empty", "rows left out"};
  for (std::size_t i = 0; i < report.reasons.size() && i < reasons_shown_max; ++i) {
    const properties::reason_total& one = report.reasons[i];
    fmt::print("  {} {}: {}{}{}{}\n", grouped(one.count), what[static_cast<std::size_t>(one.lost)], one.column,
               one.column.empty() ? "" : " ", one.reason,
               one.value.empty() ? "" : fmt::format(" ('{}' in line {})", one.value, one.line));
  }
  if (report.reasons.size() > reasons_shown_max)
    fmt::print("  and {} other reasons; --json has them all\n", report.reasons.size() - reasons_shown_max);
}

void print_summary(const import_report& report, const properties::import_plan& plan, double seconds,
                   const import_options& options, const uuid& owner, const std::string& rejected) {
  const properties::import_counts& n = report.counts;
  const double rate = seconds > 0 ? static_cast<double>(n.rows) / seconds : 0;
  fmt::print("{}{} rows in {:.1f} s ({} a second): {} created, {} updated, {} unchanged, {} older, {} rejected{}\n",
             options.dry_run ? "Dry run, nothing was written. " : "", grouped(n.rows), seconds,
             grouped(static_cast<std::uint64_t>(rate)), grouped(n.created), grouped(n.updated), grouped(n.unchanged),
             grouped(n.older), grouped(n.rejected), n.left_out > 0 ? ", " + grouped(n.left_out) + " left out" : "");
  print_reasons(report);
  if (plan.mapping()) print_identity(plan, report);
  if (n.rejected > 0 && !options.dry_run) fmt::print("Rejected rows, with line and reason: {}\n", rejected);
  if (!options.restore && !options.dry_run) fmt::print("Owner: {}\n", to_text(owner));
}

/// Rejected rows on their way into their file, the first of them to standard error too.
class rejections {
 public:
  rejections(const import_options& options, const properties::import_plan& plan, bool tabular, progress& bar)
      : options_(options), plan_(plan), tabular_(tabular), bar_(bar), file_(rejected_place(options)) {}

  result<void> take(const properties::rejected_row& row) {
    if (shown_++ < rejections_shown_max && !options_.json) {
      bar_.clear();
      const std::string column = row.column.empty() ? "" : row.column + " ";
      fmt::print(stderr, "line {}: {}{}\n", row.line, column, row.reason);
    }
    if (options_.dry_run) return {};
    if (shown_ == 1) {
      const std::string header = properties::rejection_header(plan_.columns(), tabular_, options_.for_spreadsheets);
      if (auto begun = file_.write(header); !begun) return begun;
    }
    return file_.write(properties::rejection_line(row, options_.for_spreadsheets));
  }

  /// Puts the file in its place; with nothing rejected an old one goes.
  result<void> finish(bool all_read) {
    if (options_.dry_run) return {};
    if (shown_ > 0) return file_.complete();
    std::error_code ignored;
    if (all_read) std::filesystem::remove(file_.place(), ignored);
    return {};
  }
  std::string place() const { return file_.place().string(); }

 private:
  const import_options& options_;
  const properties::import_plan& plan_;
  bool tabular_;
  progress& bar_;
  atomic_file file_;
  std::size_t shown_ = 0;
};

int status_of(const import_report& report, const import_options& options) {
  const properties::import_counts& n = report.counts;
  if (report.interrupted) {
    if (!options.json)
      fmt::print(stderr, "Stopped behind line {}; the {} rows before it are in. The same command goes on.\n", n.line,
                 grouped(n.completed() - n.rejected));
    return exit_status::interrupted;
  }
  if (report.failure)
    return fail(fmt::format("The import ended at line {}: {} What was counted is in; the same command goes on.", n.line,
                            sentence_of(*report.failure)));
  return n.rejected > 0 ? exit_status::some_rejected : exit_status::success;
}

int stopped_before_writing(const import_options& options) {
  if (!options.json) fmt::print(stderr, "Stopped before anything was written.\n");
  return exit_status::interrupted;
}

int run_import(const configuration& configured, const import_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  import_file file;
  if (const auto opened = file.open(options.file, options.format); !opened) return fail(opened.error());
  auto settings = settings_of(options, file);
  if (!settings) return fail(settings.error(), exit_status::wrong_usage);
  progress looking("rows looked at", options.json), bar("rows", options.json);
  const auto show = [&](properties::import_phase phase, const properties::import_counts& counts) {
    const bool writing = phase == properties::import_phase::writing;
    (writing ? bar : looking).show(counts.rows, counts.bytes, file.bytes());
    return !interruption::requested();
  };
  auto plan = properties::import_plan::make(file.rows(), *settings, show);
  looking.clear();
  if (!plan) return fail(plan.error());
  if (plan->interrupted()) return stopped_before_writing(options);
  if (!options.json) print_plan(*plan);
  destination store;
  if (const auto opened = store.open(configured, options.dry_run, clock); !opened) return fail(opened.error());
  if (!options.dry_run) action.begin(store_name(configured));
  settings->new_store = store.is_new();
  rejections rejected(options, *plan, file.tabular(), bar);
  auto report = properties::import_listings(
      file.rows(), *plan, store.table(), !options.dry_run, clock, *settings,
      [&](const properties::rejected_row& row) { return rejected.take(row); }, show);
  looking.clear();
  bar.clear();
  if (!report) return fail(report.error());
  if (interruption::requested() && report->failure) {
    report->failure.reset();
    report->interrupted = true;
  }
  if (const auto settled = store.settle(); !settled) return fail(settled.error());
  if (const auto kept = rejected.finish(!report->failure && !report->interrupted); !kept && !report->failure)
    report->failure = kept.error();
  const auto print = options.json ? print_json : print_summary;
  print(*report, *plan, looking.seconds(), options, settings->mapping.owner, rejected.place());
  return status_of(*report, options);
}

void add_mapping_words(CLI::App& words, import_options& o) {
  words.add_option("--map", o.map, "FIELD=COLUMN, the column for a field; FIELD= for none; may be repeated")
      ->type_name("FIELD=COLUMN");
  words.add_option("--ignore", o.ignore, "A column that is not used; may be repeated")->type_name("COLUMN");
  words.add_option("--set", o.set, "FIELD=VALUE for all rows, whatever the file has; may be repeated")
      ->type_name("FIELD=VALUE");
  words.add_option("--default", o.defaults, "FIELD=VALUE for rows where the file has none; may be repeated")
      ->type_name("FIELD=VALUE");
  words
      .add_option("--number-format", o.number_formats,
                  "1,234.56 or 1.234,56 for numbers that can be read in two ways; COLUMN=FORMAT for one column")
      ->type_name("FORMAT");
  words.add_option("--unit", o.units, "FIELD=UNIT of an area: sqft, m2, sqyd, acres or hectares; may be repeated")
      ->type_name("FIELD=UNIT");
  words.add_option("--status", o.statuses, "WORD=STATUS for the file's own words; leased leaves a row out")
      ->type_name("WORD=STATUS");
  words.add_option("--title", o.title, "For rows without one: '{bedrooms} bed {propertyType|home} in {city}'")
      ->type_name("TEMPLATE");
}

void add_identity_words(CLI::App& words, import_options& o) {
  words.add_option("--key", o.key, "Column that names the house, so that a changed file updates it")
      ->type_name("COLUMN");
  words
      .add_option("--source", o.source,
                  "Name of where keys are from, when several give the same; of lines, in place "
                  "of the file's name")
      ->type_name("NAME");
  words.add_option("--order", o.order, "Date column that tells which row of a key is later; none unless given")
      ->type_name("COLUMN");
  words.add_flag("--no-order", o.no_order, "Dates that an --order before left on listings do not count");
  words.add_option("--date-order", o.date_order, "ymd, dmy or mdy, for dates that can be read in two ways")
      ->check(CLI::IsMember({"ymd", "dmy", "mdy"}));
}

}  // namespace

void add_import(command_group& to) {
  auto [words, o] =
      to.add_acting("import", "Bring listings in from a CSV or JSON Lines file", {table_settings}, run_import);
  words.add_option("file", o.file, "The file; - is standard input")->required();
  words.add_option("--format", o.format, "Of the file, where its name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  words.add_option("--owner", o.owner, "Whose the listings are; an owner of imports unless given")->type_name("UUID");
  add_mapping_words(words, o);
  add_identity_words(words, o);
  words.add_option("--rejected", o.rejected, "Where rows that break a rule go; FILE.rejected.csv unless given")
      ->type_name("FILE");
  words.add_flag("--for-spreadsheets", o.for_spreadsheets,
                 "An apostrophe before rejected cells that a spreadsheet would calculate");
  words.add_flag(
      "--fetch-images", o.fetch_images,
      "Have the pictures that the file names by their addresses fetched and prepared, by jobs of the server");
  words.add_flag("--restore", o.restore, "The file is from spaces export: keep ids, owners, versions and times");
  words.add_flag("--dry-run", o.dry_run, "Read and check everything, write nothing");
  add_json(words, o.json);
  for (const char* other : {"--map", "--ignore", "--set", "--default", "--number-format", "--unit", "--status",
                            "--title", "--key", "--source", "--order", "--no-order", "--date-order", "--owner"})
    words.get_option("--restore")->excludes(words.get_option(other));
  words.footer(
      "Columns are found by our names, those of the RESO Data Dictionary and short forms (beds, sqft, zip, ...);\n"
      "--dry-run shows which, with a sample. Nothing is guessed: numbers and dates are read as their whole column "
      "tells,\n"
      "and one that can be read in two ways ends the import before anything is written. A cell that cannot be read is\n"
      "left empty and counted where its field may be; a row without price, city, state or postcode is rejected; "
      "houses\n"
      "to let are left out.\n"
      "The same file again updates its listings, by --key or by the file's name and line; what a row does not give\n"
      "stays. With --order a row that is older changes nothing.\n"
      "Exit status: 0 when every row is in or left out, 3 when some were rejected, 130 after Ctrl-C.");
}

}  // namespace spaces::app

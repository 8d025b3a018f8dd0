#include "app/open_table.hpp"
#include "marketplace/properties/import/import.hpp"
#include "program/commands/atomic_file.hpp"
#include "program/commands/bulk_load.hpp"
#include "program/commands/command.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace spaces::app {

namespace {

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

using properties::import_report;

/// Shown on standard error; all of them are in the file.
constexpr std::size_t rejections_shown_max = 5;
/// Whose the listings are when nobody says: one account for all imports, so that the same command
/// finds them again.
constexpr std::string_view importer = "00000000-0000-8000-8000-000000000001";

/// An open file of listings.
struct source_file {
  std::string name;  ///< without its folder
  int descriptor = STDIN_FILENO;
  std::uint64_t bytes = 0;
  bool json_lines = false;

  source_file() = default;
  source_file(const source_file&) = delete;
  source_file& operator=(const source_file&) = delete;
  ~source_file() {
    if (descriptor > STDIN_FILENO) ::close(descriptor);
  }
};

error cannot_read(const std::string& file) {
  return malformed(fmt::format("'{}' cannot be read: {}", file, std::strerror(errno)));
}

result<bool> is_json_lines(const std::string& file, const std::string& format) {
  if (!format.empty()) return format == "jsonl";
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".csv") return false;
  if (ending == ".jsonl" || ending == ".ndjson") return true;
  return malformed(
      fmt::format("The name '{}' does not tell whether it is CSV or JSON Lines; say --format csv or jsonl", file));
}

result<void> open_source(source_file& into, const import_options& options) {
  const auto json_lines = is_json_lines(options.file, options.format);
  if (!json_lines) return json_lines.error();
  into.json_lines = *json_lines;
  if (options.file == "-") {
    into.name = "-";
    return {};
  }
  into.name = std::filesystem::path(options.file).filename().string();
  into.descriptor = ::open(options.file.c_str(), O_RDONLY | O_CLOEXEC);
  if (into.descriptor < 0) return cannot_read(options.file);
  struct stat facts{};
  if (::fstat(into.descriptor, &facts) != 0) return cannot_read(options.file);
  if (S_ISDIR(facts.st_mode)) return malformed(fmt::format("'{}' is a folder, not a file", options.file));
  into.bytes = S_ISREG(facts.st_mode) ? static_cast<std::uint64_t>(facts.st_size) : 0;
  return {};
}

properties::byte_source bytes_of(const source_file& file) {
  return [descriptor = file.descriptor, name = file.name](std::span<char> into) -> result<std::size_t> {
    for (;;) {
      const ssize_t got = ::read(descriptor, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR || interruption::requested()) return cannot_read(name);
    }
  };
}

/// "ours=theirs", split at the first sign.
result<std::vector<std::pair<std::string, std::string>>> pairs_of(const std::vector<std::string>& texts,
                                                                  std::string_view option) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0) return malformed(fmt::format("{} takes FIELD=…, not '{}'", option, text));
    pairs.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return pairs;
}

result<properties::import_settings> settings_of(const import_options& options, const source_file& file) {
  properties::import_settings made;
  made.restore = options.restore;
  made.bytes_total = file.bytes;
  properties::mapping_options& mapping = made.mapping;
  const auto owner = read_uuid("--owner", options.owner.empty() ? importer : std::string_view(options.owner));
  if (!owner) return owner.error();
  mapping.owner = *owner;
  mapping.source = options.source.empty() ? file.name : options.source;
  mapping.key = options.key;
  mapping.order = options.order;
  mapping.title = options.title;
  auto map = pairs_of(options.map, "--map");
  if (!map) return map.error();
  mapping.map = *std::move(map);
  auto set = pairs_of(options.set, "--set");
  if (!set) return set.error();
  mapping.set = *std::move(set);
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
  result<void> settle() { return written_ ? written_->settle() : result<void>(); }

 private:
  std::optional<bulk_load> written_;
  opened_table looked_at_;
};

std::string rejected_place(const import_options& options) {
  if (!options.rejected.empty()) return options.rejected;
  return (options.file == "-" ? std::string("stdin") : options.file) + ".rejected.csv";
}

void print_json(const import_report& report, double seconds, const import_options& options, const uuid& owner,
                const std::string& rejected) {
  const properties::import_counts& n = report.counts;
  fmt::print(
      "{{\"rows\":{},\"created\":{},\"updated\":{},\"unchanged\":{},\"older\":{},\"rejected\":{},\"seconds\":{:.3f},"
      "\"bytes\":{},\"lastLine\":{},\"dryRun\":{},\"interrupted\":{},\"owner\":{},\"rejectedFile\":{},\"orderColumn\":{"
      "},"
      "\"unusedColumns\":{},\"failure\":{}}}\n",
      n.rows, n.created, n.updated, n.unchanged, n.older, n.rejected, seconds, n.bytes, n.line, options.dry_run,
      report.interrupted, options.restore ? "null" : json_text(to_text(owner)),
      n.rejected > 0 && !options.dry_run ? json_text(rejected) : "null",
      report.order_column.empty() ? "null" : json_text(report.order_column), json_list(report.unused),
      report.failure ? json_text(sentence_of(*report.failure)) : "null");
}

void print_summary(const import_report& report, double seconds, const import_options& options, const uuid& owner,
                   const std::string& rejected) {
  const properties::import_counts& n = report.counts;
  const double rate = seconds > 0 ? static_cast<double>(n.rows) / seconds : 0;
  fmt::print("{}{} rows in {:.1f} s ({} a second): {} created, {} updated, {} unchanged, {} older, {} rejected\n",
             options.dry_run ? "Dry run, nothing was written. " : "", grouped(n.rows), seconds,
             grouped(static_cast<std::uint64_t>(rate)), grouped(n.created), grouped(n.updated), grouped(n.unchanged),
             grouped(n.older), grouped(n.rejected));
  if (!report.order_column.empty())
    fmt::print("Of rows with one {} the later counts, by the column {}\n", options.key, report.order_column);
  std::string unused;
  for (const std::string& one : report.unused) unused += (unused.empty() ? "" : ", ") + one;
  if (!unused.empty() && !options.restore) fmt::print("Columns not used: {}\n", unused);
  if (n.rejected > 0 && !options.dry_run) fmt::print("Rejected rows, with line and reason: {}\n", rejected);
  if (!options.restore && !options.dry_run) fmt::print("Owner: {}\n", to_text(owner));
}

/// Rejected rows on their way into their file, the first of them to standard error too.
class rejections {
 public:
  rejections(const import_options& options, const properties::row_source& rows, progress& bar)
      : options_(options), rows_(rows), bar_(bar), file_(rejected_place(options)) {}

  result<void> take(const properties::rejected_row& row) {
    if (shown_++ < rejections_shown_max && !options_.json) {
      bar_.clear();
      const std::string column = row.column.empty() ? "" : row.column + " ";
      fmt::print(stderr, "line {}: {}{}\n", row.line, column, row.reason);
    }
    if (options_.dry_run) return {};
    if (shown_ == 1) {
      if (auto begun = file_.write(properties::rejection_header(rows_)); !begun) return begun;
    }
    return file_.write(properties::rejection_line(row));
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
  const properties::row_source& rows_;
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

int run_import(const configuration& configured, const import_options& options) {
  const system_clock clock;
  const interruption watch;
  source_file file;
  if (const auto opened = open_source(file, options); !opened) return fail(opened.error());
  const auto settings = settings_of(options, file);
  if (!settings) return fail(settings.error(), exit_status::wrong_usage);
  const auto rows =
      file.json_lines ? properties::read_json_lines(bytes_of(file)) : properties::read_csv(bytes_of(file));
  if (const auto opened = rows->open(); !opened) return fail(opened.error());
  if (const auto good = properties::check_columns(*rows, *settings); !good) return fail(good.error());
  destination store;
  if (const auto opened = store.open(configured, options.dry_run, clock); !opened) return fail(opened.error());

  progress bar("rows", options.json);
  rejections rejected(options, *rows, bar);
  auto report = properties::import_listings(
      *rows, store.table(), !options.dry_run, clock, *settings,
      [&](const properties::rejected_row& row) { return rejected.take(row); },
      [&](const properties::import_counts& counts) {
        bar.show(counts.rows, counts.bytes, file.bytes);
        return !interruption::requested();
      });
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
  print(*report, bar.seconds(), options, settings->mapping.owner, rejected.place());
  return status_of(*report, options);
}

}  // namespace

void add_import(command_group& to) {
  auto [words, o] = to.add("import", "Bring listings in from a CSV or JSON Lines file", {table_settings}, run_import);
  words.add_option("file", o.file, "The file; - is standard input")->required();
  words.add_option("--format", o.format, "Of the file, where its name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  words.add_option("--owner", o.owner, "Whose the listings are; an owner of imports unless given")->type_name("UUID");
  words.add_option("--map", o.map, "FIELD=COLUMN, the column for a field; may be repeated")->type_name("FIELD=COLUMN");
  words.add_option("--set", o.set, "FIELD=VALUE for rows where the file has none; may be repeated")
      ->type_name("FIELD=VALUE");
  words.add_option("--title", o.title, "For rows without one: '{bedrooms} bed {propertyType|home} in {city}'")
      ->type_name("TEMPLATE");
  words.add_option("--key", o.key, "Column that names the house, so that a changed file updates it")
      ->type_name("COLUMN");
  words.add_option("--order", o.order, "Date column that tells which row of a key is later; found by its name")
      ->type_name("COLUMN");
  words.add_option("--source", o.source, "Name of where keys and lines are from; the file's name unless given")
      ->type_name("NAME");
  words.add_option("--rejected", o.rejected, "Where rows that break a rule go; FILE.rejected.csv unless given")
      ->type_name("FILE");
  words.add_flag("--restore", o.restore, "The file is from spaces export: keep ids, owners, versions and times");
  words.add_flag("--dry-run", o.dry_run, "Read and check everything, write nothing");
  add_json(words, o.json);
  for (const char* other : {"--map", "--set", "--title", "--key", "--order", "--source", "--owner"})
    words.get_option("--restore")->excludes(words.get_option(other));
  words.footer(
      "Columns are found by our names, those of the RESO Data Dictionary and short forms (beds, sqft, zip, ...).\n"
      "The same file again updates its listings, by --key or by the file's name and line; what a row does not give\n"
      "stays. With --key a row that is older, by its date, changes nothing.\n"
      "Exit status: 0 when every row is in, 3 when some were rejected, 130 after Ctrl-C.");
}

}  // namespace spaces::app

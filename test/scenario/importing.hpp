/// A store, imports into it and exports from it: what tests of both use.
#pragma once

#include "marketplace/properties/import/export.hpp"
#include "marketplace/properties/import/import.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spaces::properties::test {

inline byte_source bytes_of(std::string text) {
  return [text = std::move(text), at = std::size_t{0}](std::span<char> into) mutable -> result<std::size_t> {
    const std::size_t size = std::min(into.size(), text.size() - at);
    std::copy_n(text.data() + at, size, into.data());
    at += size;
    return size;
  };
}

/// A file of this text, as often as it is read.
inline row_opener opener_of(std::string text, bool json) {
  return [text = std::move(text), json]() -> result<std::unique_ptr<row_source>> {
    auto rows = json ? read_json_lines(bytes_of(text)) : read_csv(bytes_of(text));
    if (const auto opened = rows->open(); !opened) return opened.error();
    return rows;
  };
}

inline const uuid owner = *parse_uuid("00000000-0000-8000-8000-000000000009");
inline const uuid stranger = *parse_uuid("00000000-0000-8000-8000-000000000008");

/// A store, and imports into it.
class importing : public testing::Test {
 protected:
  import_counts bring(const std::string& text, mapping_options options = {}, bool restore = false, bool json = false) {
    import_settings settings;
    settings.mapping = std::move(options);
    if (settings.mapping.owner.is_nil()) settings.mapping.owner = owner;
    if (settings.mapping.file.empty()) settings.mapping.file = "homes.csv";
    settings.restore = restore;
    settings.bytes_total = text.size();
    return bring(opener_of(text, json), settings, !json);
  }

  import_counts bring(const row_opener& open, const import_settings& settings, bool tabular) {
    const auto progress = [](import_phase, const import_counts&) { return true; };
    refused_.clear();
    auto plan = import_plan::make(open, settings, progress);
    if (!plan) return refused_ = plan.error().public_text, import_counts{};
    rejected_ = rejection_header(plan->columns(), tabular, settings.for_spreadsheets);
    const auto reject = [&](const rejected_row& row) -> result<void> {
      rejected_ += rejection_line(row, settings.for_spreadsheets);
      return {};
    };
    const auto report = import_listings(open, *plan, &table(), writes_, market_.clock(), settings, reject, progress);
    if (!report) return refused_ = report.error().public_text, import_counts{};
    EXPECT_FALSE(report->failure) << report->failure->public_text << report->failure->private_text;
    EXPECT_EQ(report->counts.completed(), report->counts.rows);
    reasons_ = report->reasons;
    return report->counts;
  }

  std::string out(export_format format) {
    std::string text;
    const auto sink = [&](std::string_view more) -> result<void> { return text += more, result<void>{}; };
    const auto report = export_listings(table(), {format, false, {}, {}}, sink, [](std::uint64_t) { return true; });
    EXPECT_TRUE(report);
    return text;
  }

  std::vector<property> all() {
    std::vector<property> found;
    EXPECT_TRUE(table().walk(std::nullopt, [&](table::key_view key, record::item_view item) {
      if (key.pk.starts_with("PROPERTY#")) found.push_back(*to_property(item));
      return true;
    }));
    std::ranges::sort(found, {}, &property::created_at);
    return found;
  }

  table::single_table& table() { return market_.table(); }
  void forward(std::chrono::milliseconds by) { market_.clock().forward(by); }

  std::string rejected_;
  std::string refused_;  ///< why nothing was done
  std::vector<reason_total> reasons_;
  bool writes_ = true;

 private:
  spaces::test::market market_;
};

inline mapping_options keyed(std::string key) {
  mapping_options made;
  made.key = std::move(key);
  return made;
}

inline const std::string three =
    "mls,price,city,state,zip,beds\n1,100,Kent,WA,98030,3\n2,200,Kent,WA,98030,\n3,300,Tacoma,WA,98402,4\n";

}  // namespace spaces::properties::test

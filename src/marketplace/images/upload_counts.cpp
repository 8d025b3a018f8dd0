#include "marketplace/images/upload_counts.hpp"

#include <fmt/core.h>

namespace spaces::images {

namespace {

using record::value;

constexpr std::string_view bytes_attribute = "bytes";
constexpr std::string_view before_attribute = "bytesBefore";
constexpr std::string_view began_attribute = "dayBegan";
constexpr std::int64_t mebibyte = 1024 * 1024;

value number(std::int64_t n) { return value::of(make_decimal(n, 0)); }

std::int64_t number_of(record::item_view stored, std::string_view attribute) {
  const value held = stored.find(attribute);
  return held.kind == record::value_kind::number ? scaled(held.number, 0).value_or(0) : 0;
}

}  // namespace

table::key upload_counts_key(const uuid& owner) { return {"USER#" + to_text(owner), "UPLOADS"}; }

upload_counts to_upload_counts(const std::optional<record::item>& stored) {
  if (!stored) return {};
  const record::item_view view = stored->view();
  return {number_of(view, bytes_attribute), number_of(view, before_attribute),
          parse_instant(view.find(began_attribute).text)};
}

table::operation count_upload(const uuid& owner, const upload_counts& counts, std::int64_t a_day, std::int64_t bytes,
                              instant now) {
  if (!counts.day_is_over(now)) {
    const std::int64_t most = counts.bytes_before + a_day - bytes;
    return table::add{upload_counts_key(owner),
                      std::string(bytes_attribute),
                      bytes,
                      {table::exists{}, table::below{std::string(bytes_attribute), make_decimal(most + 1, 0)}},
                      {}};
  }
  // A new day: the item is written anew, unless somebody else does so now.
  record::item begun;
  begun.append(table::name::entity_type, value::of(std::string_view("UploadCounts")));
  begun.append(table::name::created_at, value::of(std::string_view(to_text(now))));
  begun.append(bytes_attribute, number(counts.bytes + bytes));
  begun.append(before_attribute, number(counts.bytes));
  begun.append(began_attribute, value::of(std::string_view(to_text(now))));
  std::vector<table::condition> unchanged;
  if (counts.day_began)
    unchanged.emplace_back(table::equals{std::string(bytes_attribute), make_decimal(counts.bytes, 0)});
  else
    unchanged.emplace_back(table::absent{});
  return table::put{upload_counts_key(owner), std::move(begun), std::move(unchanged)};
}

result<void> may_upload(const upload_counts& counts, std::int64_t a_day, std::int64_t bytes, instant now) {
  const std::int64_t so_far = counts.day_is_over(now) ? 0 : counts.bytes - counts.bytes_before;
  if (so_far + bytes <= a_day) return {};
  const instant again = counts.day_began && so_far > 0 ? *counts.day_began + upload_day : now;
  error often = limited(fmt::format("At most {} MiB of photographs may be uploaded in {} hours, and {} MiB are",
                                    a_day / mebibyte, upload_day.count(), so_far / mebibyte),
                        std::chrono::ceil<std::chrono::seconds>(again - now));
  often.rate = rate_limit{"uploads", a_day, upload_day};
  return often;
}

}  // namespace spaces::images

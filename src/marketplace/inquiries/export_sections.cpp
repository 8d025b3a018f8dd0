#include "marketplace/inquiries/export_sections.hpp"

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/inquiry_query.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spaces::inquiries {

namespace {

table::query rows_in(const uuid& person, inquiry_box box) {
  inquiry_query query;
  query.box = box;
  return plan(query, person);
}

template <class Entity>
result<std::string> shown(record::item_view stored) {
  std::string out;
  record::append_object(out, Entity::fields(), stored, record::on_show);
  return out;
}

result<std::string> shown_report(record::item_view stored) {
  std::optional<report> made = to_report(stored);
  if (!made) return table::damaged("a report");
  made->note.reset();  // the operator's own
  std::string out;
  record::append_object(out, report::fields(), &*made, record::on_show);
  return out;
}

table::key itself(const table::key& row) { return row; }

/// The person's reports are behind the inquiries of two boxes: which one a place is in stands before its sort key.
constexpr std::string_view box_marks[] = {"sent#", "received#"};

/// No index has reports by who made them: they are looked for where one may be, at the person's inquiries.
result<table::export_place> report_page(table::single_table& table, const uuid& person,
                                        std::optional<table::position> after, table::export_sink add) {
  const auto key_of = [&](const table::key& row) {
    const auto id = id_of(row);
    return id ? report_key(*id, person) : row;
  };
  const bool sent_done = after && after->sort_key.starts_with(box_marks[1]);
  for (const inquiry_box box : {inquiry_box::sent, inquiry_box::received}) {
    const bool received = box == inquiry_box::received;
    if (!received && sent_done) continue;
    const std::string mark(box_marks[received ? 1 : 0]);
    if (after) after->sort_key.erase(0, mark.size());
    // Nothing behind the mark: the box from its beginning.
    if (after && after->sort_key.empty()) after.reset();
    auto place = table::export_rows(table, rows_in(person, box), after, key_of, &shown_report, add);
    if (!place) return place.error();
    if (place->more) {
      if (!place->after) place->after = table::position{"", {"-", "-"}};
      place->after->sort_key.insert(0, mark);
      return place;
    }
    after.reset();
  }
  return table::export_place{};
}

/// A section whose rows lead to what is shown.
export_section of_rows(std::string_view name, table::single_table& table, std::function<table::query(const uuid&)> rows,
                       result<std::string> (*show)(record::item_view)) {
  return {name, [&table, rows = std::move(rows), show](const uuid& who, const std::optional<table::position>& after,
                                                       table::export_sink add) {
            return table::export_rows(table, rows(who), after, &itself, show, add);
          }};
}

}  // namespace

std::vector<export_section> export_sections(table::single_table& table) {
  const auto box = [](inquiry_box which) { return [which](const uuid& who) { return rows_in(who, which); }; };
  return {
      of_rows("inquiriesSent", table, box(inquiry_box::sent), &shown<inquiry>),
      of_rows("inquiriesReceived", table, box(inquiry_box::received), &shown<inquiry>),
      of_rows("blocks", table, &block_rows_of, &shown<block>),
      {"reports", [&table](const uuid& who, const std::optional<table::position>& after,
                           table::export_sink add) { return report_page(table, who, after, add); }},
  };
}

}  // namespace spaces::inquiries

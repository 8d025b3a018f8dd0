#include "marketplace/inquiries/export_sections.hpp"

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/inquiry_query.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"

#include <string>
#include <utility>
#include <vector>

namespace spaces::inquiries {

namespace {

/// A JSON array of what `append` writes of each item.
template <class Append>
result<std::string> array_of(table::single_table& table, const std::vector<table::key>& keys, Append append) {
  std::string out = "[";
  const auto read = table::read_items(table, keys, [&](record::item_view stored) -> result<void> {
    if (out.back() == '}') out += ',';
    return append(out, stored);
  });
  if (!read) return read.error();
  return out += ']';
}

result<std::vector<table::key>> keys_in(table::single_table& table, const uuid& person, inquiry_box box) {
  inquiry_query query;
  query.box = box;
  return table::keys_of_rows(table, plan(query, person), exported_max);
}

template <class Entity>
result<void> append_shown(std::string& out, record::item_view stored) {
  record::append_object(out, Entity::fields(), stored, record::on_show);
  return {};
}

result<std::string> inquiries_section(table::single_table& table, const uuid& person, inquiry_box box) {
  const auto keys = keys_in(table, person, box);
  if (!keys) return keys.error();
  return array_of(table, *keys, &append_shown<inquiry>);
}

result<std::string> blocks_section(table::single_table& table, const uuid& person) {
  const auto keys = block_keys_of(table, person, exported_max);
  if (!keys) return keys.error();
  return array_of(table, *keys, &append_shown<block>);
}

/// No index has reports by who made them: they are looked for where one may be, at the person's inquiries.
result<std::string> reports_section(table::single_table& table, const uuid& person) {
  std::vector<table::key> keys;
  for (const inquiry_box box : {inquiry_box::sent, inquiry_box::received}) {
    const auto inquiries = keys_in(table, person, box);
    if (!inquiries) return inquiries.error();
    for (const table::key& one : *inquiries)
      if (const auto id = id_of(one)) keys.push_back(report_key(*id, person));
  }
  return array_of(table, keys, [](std::string& out, record::item_view stored) -> result<void> {
    std::optional<report> made = to_report(stored);
    if (!made) return table::damaged("a report");
    made->note.reset();  // the operator's own
    record::append_object(out, report::fields(), &*made, record::on_show);
    return {};
  });
}

}  // namespace

std::vector<export_section> export_sections(table::single_table& table) {
  return {
      {"inquiriesSent", [&table](const uuid& who) { return inquiries_section(table, who, inquiry_box::sent); }},
      {"inquiriesReceived", [&table](const uuid& who) { return inquiries_section(table, who, inquiry_box::received); }},
      {"blocks", [&table](const uuid& who) { return blocks_section(table, who); }},
      {"reports", [&table](const uuid& who) { return reports_section(table, who); }},
  };
}

}  // namespace spaces::inquiries

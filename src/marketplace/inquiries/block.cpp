#include "marketplace/inquiries/block.hpp"

#include "marketplace/accounts/user.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"

#include <algorithm>
#include <limits>

namespace spaces::inquiries {

namespace {

using namespace record;

constexpr std::uint8_t user_tag = 1, created_tag = 2;

constexpr field block_fields[] = {
    of<&block::user_id>("userId", fixed | on_create | on_card,
                        {.required = true,
                         .card_tag = user_tag,
                         .doc = "Whose inquiries are refused from now on",
                         .example = "\"019ab3c4-0000-7000-8000-000000000002\""}),
    of<&block::blocked_by>("blockedBy", on_store, {}),
    of<&block::created_at>("createdAt", fixed | on_card,
                           {.stored_as = table::name::created_at,
                            .card_tag = created_tag,
                            .doc = "UTC",
                            .example = "\"2026-11-22T08:00:00.000Z\""}),
};

constexpr std::string_view count_attribute = "blocks";

constexpr field query_fields[] = {
    of<&block_query::limit>("limit", on_create, table::page_limit_rules),
    of<&block_query::cursor>("cursor", on_create, table::page_cursor_rules),
};

/// Prefix of sort keys in a person's partition, which holds other things than blocks too.
constexpr std::string_view block_prefix = "BLOCK#";

std::string partition_of(const uuid& person) { return "USER#" + to_text(person); }

/// A person's blocks, newest first.
table::query rows_of(const uuid& blocked_by) {
  table::query rows;
  rows.partition = partition_of(blocked_by);
  rows.direction = table::direction::backward;
  rows.from = std::string(block_prefix);
  rows.to = std::string(block_prefix) + '~';  // behind every digit of a time
  return rows;
}

item to_item(const block& b) {
  item made;
  made.append(table::name::entity_type, value::of(block::name));
  append_attributes(made, block::fields(), &b);
  std::string by_date(block_prefix);
  append_instant(by_date, b.created_at);
  table::append_index(made, table::index::gsi1, partition_of(b.blocked_by), by_date + '#' + to_text(b.user_id));
  std::string card;
  append_card(card, block::fields(), &b);
  made.append(table::name::card, value::of_bytes(card));
  return made;
}

std::optional<block> to_block(item_view stored) {
  block b;
  if (!read_attributes(stored, block::fields(), &b, nullptr)) return std::nullopt;
  return b;
}

table::add counted(const uuid& blocked_by, std::int64_t amount, std::vector<table::condition> conditions) {
  item made;
  made.append(table::name::entity_type, value::of(std::string_view("BlockCount")));
  return {block_count_key(blocked_by), std::string(count_attribute), amount, std::move(conditions), std::move(made)};
}

}  // namespace

field_span block::fields() { return block_fields; }
field_span block_query::fields() { return query_fields; }

table::key block_key(const uuid& blocked_by, const uuid& user_id) {
  return {partition_of(blocked_by), std::string(block_prefix) + to_text(user_id)};
}

table::key block_count_key(const uuid& blocked_by) { return {partition_of(blocked_by), "BLOCKS"}; }

table::query block_rows_of(const uuid& blocked_by) { return rows_of(blocked_by); }

result<std::vector<table::key>> block_keys_of(table::single_table& table, const uuid& blocked_by, std::size_t max) {
  return table::keys_of_rows(table, rows_of(blocked_by), max);
}

blocks::blocks(table::single_table& table, const clock& clock, std::string_view store_secret)
    : table_(table), clock_(clock), seal_(store_secret) {}

result<block> blocks::add(const caller& who, const record::draft<block>& request,
                          const std::optional<table::idempotent_request>& idempotency) {
  block made = request.apply({});
  if (made.user_id == who.id) return invalid({{"/userId", "not-a-choice", "must be somebody else"}});
  made.blocked_by = who.id;
  made.created_at = clock_.now();
  const table::key where = block_key(made.blocked_by, made.user_id);
  std::vector<table::operation> operations;
  if (idempotency) operations.emplace_back(table::keep_reference(*idempotency, where, made.created_at));
  const std::size_t behind = operations.size();
  operations.emplace_back(table::put{where, to_item(made), {table::absent{}}});
  operations.emplace_back(table::check{accounts::key_of(made.user_id), {table::exists{}}});
  operations.emplace_back(
      counted(who.id, 1, {table::below{std::string(count_attribute), make_decimal(blocks_max, 0)}}));
  const auto written = table_.write(std::move(operations));
  if (!written) return written.error();
  if (!*written) return made;
  const table::condition_failure& why = **written;
  if (why.operation < behind) {
    const auto earlier = table::made_earlier(table_, *idempotency);
    if (!earlier) return earlier.error();
    if (!*earlier) return unavailable("an idempotency key was kept and is gone");
    return table::to_entity<to_block>(where, (*earlier)->view());
  }
  if (why.operation == behind) {
    if (!why.found) return internal("a block is there and is not");
    return table::to_entity<to_block>(where, why.found->view());
  }
  if (why.operation == behind + 1)
    return invalid({{"/userId", "nobody", "must be the id of somebody who has an account"}});
  return conflict("You block " + std::to_string(blocks_max) + " people, which is the most; unblock somebody first");
}

result<void> blocks::remove(const caller& who, const uuid& user_id) {
  const auto written =
      table_.write({table::remove{block_key(who.id, user_id), {table::exists{}}}, counted(who.id, -1, {})});
  if (!written) return written.error();
  if (*written) return not_found("block");
  return {};
}

result<block_page> blocks::list(const caller& who, const block_query& query) {
  table::query rows = rows_of(who.id);
  const std::string question = "blocks " + to_text(who.id);
  if (const auto resumed = seal_.resume(rows, query.cursor, question); !resumed) return resumed.error();
  block_page page;
  const auto next = table::read_page(
      table_, std::move(rows), static_cast<std::size_t>(query.limit), true, [](const table::row&) { return true; },
      [&](const table::row& row) { page.cards.emplace_back(row.card); });
  if (!next) return next.error();
  if (*next) page.next_cursor = seal_.seal(**next, question);
  return page;
}

result<void> blocks::remove_all_of(const uuid& blocked_by) {
  const auto keys = block_keys_of(table_, blocked_by, std::numeric_limits<std::size_t>::max());
  if (!keys) return keys.error();
  for (std::size_t at = 0; at < keys->size(); at += table::operations_max) {
    std::vector<table::operation> operations;
    const std::size_t end = std::min(keys->size(), at + table::operations_max);
    for (std::size_t i = at; i < end; ++i) operations.emplace_back(table::remove{(*keys)[i], {}});
    if (const auto written = table_.write(std::move(operations)); !written) return written.error();
  }
  if (const auto written = table_.write({table::remove{block_count_key(blocked_by), {}}}); !written)
    return written.error();
  return {};
}

}  // namespace spaces::inquiries

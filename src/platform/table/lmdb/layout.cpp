#include "platform/table/lmdb/layout.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace spaces::table::lmdb {

namespace {

std::uint64_t checksum(std::string_view tree_key, const char* behind, std::size_t size) {
  // The key's own hash as the seed: a value under another's key is then damaged, too.
  return XXH3_64bits_withSeed(behind, size, XXH3_64bits(tree_key.data(), tree_key.size()));
}

/// Cuts `text` up to the next NUL off the front of `rest`; false when there is none.
bool cut(std::string_view& rest, std::string_view& text) {
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return false;
  text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

bool is_last_part(std::string_view text) { return !text.empty() && text.find('\0') == std::string_view::npos; }

}  // namespace

void make_item_key(tree_key& out, key_view key) {
  out.clear();
  out.push(item_prefix);
  out.push(key);
}

void make_row_key(tree_key& out, std::size_t number, std::string_view partition, std::string_view sort_key,
                  key_view key) {
  out.clear();
  out.push(static_cast<char>(row_prefix + static_cast<char>(number)));
  out.push(partition);
  out.push('\0');
  out.push(sort_key);
  out.push('\0');
  out.push(key);
}

void make_expiry_key(tree_key& out, std::int64_t seconds, key_view key) {
  out.clear();
  out.push(expiry_prefix);
  // The sign bit turned, so that times before 1970 come first.
  const std::uint64_t ordered = static_cast<std::uint64_t>(seconds) ^ (std::uint64_t{1} << 63);
  for (int shift = 56; shift >= 0; shift -= 8) out.push(static_cast<char>(ordered >> shift & 0xFF));
  out.push(key);
}

std::optional<key_view> parse_item_key(std::string_view tree_key) {
  if (tree_key.empty() || tree_key.front() != item_prefix) return std::nullopt;
  std::string_view rest = tree_key.substr(1);
  std::string_view pk;
  if (!cut(rest, pk) || pk.empty() || !is_last_part(rest)) return std::nullopt;
  return key_view(pk, rest);
}

std::optional<row_key_parts> parse_row_key(std::string_view tree_key) {
  if (tree_key.empty()) return std::nullopt;
  row_key_parts parts;
  parts.number = static_cast<std::size_t>(static_cast<unsigned char>(tree_key.front()) - row_prefix);
  if (parts.number < 1 || parts.number > indexes) return std::nullopt;
  std::string_view rest = tree_key.substr(1);
  if (!cut(rest, parts.partition) || !cut(rest, parts.sort_key) || !cut(rest, parts.pk) || !is_last_part(rest))
    return std::nullopt;
  parts.sk = rest;
  return parts;
}

std::optional<expiry_key_parts> parse_expiry_key(std::string_view tree_key) {
  if (tree_key.size() < 9 || tree_key.front() != expiry_prefix) return std::nullopt;
  std::uint64_t ordered = 0;
  for (std::size_t i = 1; i <= 8; ++i) ordered = ordered << 8 | static_cast<std::uint8_t>(tree_key[i]);
  expiry_key_parts parts;
  parts.seconds = static_cast<std::int64_t>(ordered ^ (std::uint64_t{1} << 63));
  std::string_view rest = tree_key.substr(9);
  if (!cut(rest, parts.pk) || parts.pk.empty() || !is_last_part(rest)) return std::nullopt;
  parts.sk = rest;
  return parts;
}

std::optional<record_view> open_record(std::string_view tree_key, std::string_view value) {
  if (value.size() < header_bytes) return std::nullopt;
  std::uint64_t stored = 0;
  std::memcpy(&stored, value.data(), sizeof stored);
  if (stored != checksum(tree_key, value.data() + sizeof stored, value.size() - sizeof stored)) return std::nullopt;
  record_view record;
  std::memcpy(&record.expires, value.data() + sizeof stored, sizeof record.expires);
  record.content = value.substr(header_bytes);
  return record;
}

void seal_record(std::string_view tree_key, char* value, std::size_t size, std::int64_t expires) {
  std::memcpy(value + sizeof(std::uint64_t), &expires, sizeof expires);
  const std::uint64_t sum = checksum(tree_key, value + sizeof(std::uint64_t), size - sizeof(std::uint64_t));
  std::memcpy(value, &sum, sizeof sum);
}

item_outline outline_of(record::item_view item) {
  item_outline outline;
  for (const record::attribute& each : item) {
    const std::string_view called = each.name;
    if (called == name::card) {
      outline.card = each.value.text;
    } else if (called == name::ttl) {
      if (each.value.kind == record::value_kind::number) outline.expires = scaled(each.value.number, 0).value_or(never);
    } else if (called.size() == 6 && called.starts_with("GSI") && called[5] == 'K' &&
               each.value.kind == record::value_kind::text) {
      const auto index = static_cast<std::size_t>(called[3] - '1');
      if (index >= indexes) continue;
      if (called[4] == 'P') outline.in[index].partition = each.value.text;
      if (called[4] == 'S') outline.in[index].sort_key = each.value.text;
    }
  }
  return outline;
}

std::string readable(key_view key) { return readable(key.pk) + " / " + readable(key.sk); }

std::string readable(std::string_view tree_key) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char each : tree_key) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte < 0x7F && each != '\\') {
      out.push_back(each);
    } else {
      out.append("\\x").push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

}  // namespace spaces::table::lmdb

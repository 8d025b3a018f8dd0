#include "platform/table/cursor.hpp"

namespace spaces::table {

namespace {

constexpr char format = 1;
constexpr std::size_t mac_bytes = 16;

void append_sized(std::string& out, std::string_view text) {
  out += static_cast<char>(text.size());  // keys are below 256 bytes
  out += text;
}

std::optional<std::string> take_sized(std::string_view& from) {
  if (from.empty()) return std::nullopt;
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(from.front()));
  from.remove_prefix(1);
  if (from.size() < size) return std::nullopt;
  std::string out(from.substr(0, size));
  from.remove_prefix(size);
  return out;
}

}  // namespace

std::string cursor_seal::mac(std::string_view place, std::string_view question) const {
  std::string sealed = "cursor\n" + std::to_string(place.size()) + '\n';
  sealed += place;
  sealed += question;
  const sha256_digest digest = secret_.digest(sealed);
  return std::string(reinterpret_cast<const char*>(digest.data()), mac_bytes);
}

std::string cursor_seal::seal(const position& place, std::string_view question) const {
  std::string bytes(1, format);
  append_sized(bytes, place.sort_key);
  append_sized(bytes, place.key.pk);
  append_sized(bytes, place.key.sk);
  bytes += mac(bytes, question);
  return to_base64url(bytes);
}

std::optional<position> cursor_seal::open(std::string_view cursor, std::string_view question) const {
  if (cursor.size() > cursor_bytes_max) return std::nullopt;
  const auto bytes = from_base64url(cursor);
  if (!bytes || bytes->size() < 1 + mac_bytes || bytes->front() != format) return std::nullopt;
  std::string_view place(*bytes);
  const std::string_view given = place.substr(place.size() - mac_bytes);
  place.remove_suffix(mac_bytes);
  if (!same_secret(given, mac(place, question))) return std::nullopt;
  place.remove_prefix(1);
  const auto sort_key = take_sized(place);
  const auto pk = take_sized(place);
  const auto sk = take_sized(place);
  if (!sort_key || !pk || !sk || !place.empty()) return std::nullopt;
  return position{*sort_key, {*pk, *sk}};
}

result<void> cursor_seal::resume(query& rows, const std::optional<std::string>& cursor,
                                 std::string_view question) const {
  if (!cursor) return {};
  rows.after = open(*cursor, question);
  if (!rows.after)
    return invalid({{"cursor", "bad-cursor", "must be the nextCursor of a page with the same filters and order"}});
  return {};
}

}  // namespace spaces::table

#include "platform/base/uuid.hpp"

#include "platform/base/digest.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string_view>

namespace spaces {

namespace {

/// "000102…ff": both digits of a byte together.
constexpr std::array<char, 512> hex_pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = digits[byte >> 4];
    pairs[2 * byte + 1] = digits[byte & 0x0F];
  }
  return pairs;
}();

/// What a hexadecimal digit stands for; 0xFF for what is none.
constexpr std::array<std::uint8_t, 256> hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(0xFF);
  for (const std::string_view digits : {"0123456789abcdef", "0123456789ABCDEF"})
    for (std::size_t value = 0; value < digits.size(); ++value)
      values[static_cast<unsigned char>(digits[value])] = static_cast<std::uint8_t>(value);
  return values;
}();

/// The bytes between the dashes.
constexpr std::size_t groups[] = {4, 2, 2, 2, 6};

void set_version(uuid& id, unsigned version) {
  id.bytes[6] = static_cast<std::uint8_t>((version << 4) | (id.bytes[6] & 0x0Fu));
  id.bytes[8] = static_cast<std::uint8_t>(0x80u | (id.bytes[8] & 0x3Fu));
}

/// Milliseconds and counter as one number, 48 and 12 bits: the larger of the clock and one more than
/// the last. A counter that runs over, or a clock that steps back, borrows from the next millisecond.
std::uint64_t next_tick(std::uint64_t clock_tick) {
  static std::atomic<std::uint64_t> last{0};
  std::uint64_t before = last.load(std::memory_order_relaxed);
  std::uint64_t tick = 0;
  do {
    tick = std::max(before + 1, clock_tick);
  } while (!last.compare_exchange_weak(before, tick, std::memory_order_relaxed));
  return tick;
}

}  // namespace

void write_uuid(const uuid& id, char* out) {
  std::size_t byte = 0;
  for (const std::size_t group : groups) {
    for (const std::size_t end = byte + group; byte < end; ++byte, out += 2)
      std::memcpy(out, hex_pairs.data() + std::size_t{2} * id.bytes[byte], 2);
    if (byte < id.bytes.size()) *out++ = '-';
  }
}

std::string to_text(const uuid& id) {
  char text[uuid_text_size];
  write_uuid(id, text);
  return std::string(text, uuid_text_size);
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != uuid_text_size) return std::nullopt;
  const auto digit = [&](std::size_t at) { return unsigned{hex_values[static_cast<unsigned char>(text[at])]}; };
  uuid id;
  std::size_t byte = 0;
  std::size_t at = 0;
  unsigned seen = 0;
  for (const std::size_t group : groups) {
    if (byte > 0 && text[at++] != '-') return std::nullopt;
    for (const std::size_t end = byte + group; byte < end; ++byte, at += 2) {
      seen |= digit(at) | digit(at + 1);
      id.bytes[byte] = static_cast<std::uint8_t>(digit(at) << 4 | digit(at + 1));
    }
  }
  if (seen > 0x0F) return std::nullopt;
  return id;
}

uuid make_uuid_v7(instant now) {
  const auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(now.time_since_epoch().count(), 0));
  const std::uint64_t tick = next_tick(milliseconds << 12);
  uuid id;
  for (std::size_t at = 0; at < 6; ++at) id.bytes[at] = static_cast<std::uint8_t>(tick >> (52 - 8 * at));
  id.bytes[6] = static_cast<std::uint8_t>((tick >> 8) & 0x0F);
  id.bytes[7] = static_cast<std::uint8_t>(tick & 0xFF);
  fill_random(std::span(id.bytes).subspan(8));
  set_version(id, 7);
  return id;
}

uuid make_uuid_v8(std::span<const std::string_view> parts) {
  std::string whole;
  for (const std::string_view part : parts) {
    for (int shift = 56; shift >= 0; shift -= 8) whole += static_cast<char>(part.size() >> shift & 0xFF);
    whole += part;
  }
  const sha256_digest digest = sha256(whole);
  uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  set_version(id, 8);
  return id;
}

}  // namespace spaces

/// Nothing but what was sealed opens, and that gives its place back. The first byte says what the rest is:
/// odd, a cursor that somebody made up; even, a place to seal and where to damage it.
#include "platform/table/cursor.hpp"
#include "platform/base/digest.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace spaces;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::string take(std::string_view& from, std::size_t size) {
  size = std::min(size, from.size());
  std::string out(from.substr(0, size));
  from.remove_prefix(size);
  return out;
}

void check_round_trip(const table::cursor_seal& seal, std::string_view rest) {
  const std::size_t at = rest.empty() ? 0 : static_cast<unsigned char>(rest.front());
  rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  table::position place;
  place.sort_key = take(rest, table::sort_key_bytes_max);
  place.key.pk = take(rest, table::partition_key_bytes_max);
  place.key.sk = take(rest, table::sort_key_bytes_max);
  const std::string_view question = rest;
  std::string cursor = seal.seal(place, question);
  require(cursor.size() <= table::cursor_bytes_max, "a cursor is within its bound");
  require(seal.open(cursor, question) == place, "a cursor gives its place back");
  require(!seal.open(cursor, std::string(question) + "x"), "another question's cursor is refused");
  require(!table::cursor_seal("another secret").open(cursor, question), "another store's cursor is refused");
  require(!seal.open(cursor.substr(0, at % cursor.size()), question), "a cut cursor is refused");
  require(!seal.open(cursor + 'A', question), "a lengthened cursor is refused");
  char& damaged = cursor[at % cursor.size()];
  damaged = damaged == 'A' ? 'B' : 'A';
  require(!seal.open(cursor, question), "a damaged cursor is refused");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const table::cursor_seal seal("a secret that the fuzzer does not know");
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    check_round_trip(seal, rest);
  } else {
    require(!seal.open(rest, ""), "what nobody sealed is refused");
    require(!seal.open(to_base64url(rest), ""), "whatever its bytes");
  }
  return 0;
}

/// The bytes that a server answers with must come to the same answer or refusal, whether they are read whole, one
/// at a time or in pieces; and an answer that comes out keeps to its bounds.
#include "platform/net/client/response_parser.hpp"
#include "platform/net/request_syntax.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace spaces;
using progress = net::response_parser::progress;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

struct reading {
  progress outcome = progress::more;
  http::client_response answer;
  std::size_t consumed = 0;
  bool keep_alive = false;

  bool operator==(const reading& other) const {
    return outcome == other.outcome && answer.status == other.answer.status && answer.fields == other.answer.fields &&
           answer.body == other.answer.body && consumed == other.consumed && keep_alive == other.keep_alive;
  }
};

/// Read up to each place in turn, then the connection ends.
reading read_cut(std::string bytes, const std::vector<std::size_t>& cuts, const net::framing_limits& bounds,
                 bool head) {
  net::response_parser parser(bounds);
  parser.reset(head);
  reading made;
  for (const std::size_t cut : cuts) {
    made.outcome = parser.advance(bytes.data(), cut);
    if (made.outcome != progress::more) break;
  }
  if (made.outcome == progress::more) made.outcome = parser.end(bytes.size());
  require(made.outcome != progress::more, "the end of a connection decides");
  require((made.outcome == progress::refused) == !parser.why().empty(), "a refusal has a reason");
  if (made.outcome == progress::refused) return made;
  parser.take(bytes.data(), made.answer);
  made.consumed = parser.consumed();
  made.keep_alive = parser.keep_alive();
  return made;
}

void check_promises(const reading& made, std::size_t size, const net::framing_limits& bounds) {
  if (made.outcome == progress::refused) return;
  require(made.answer.status >= 200 && made.answer.status <= 599, "a final status");
  require(made.answer.body.size() <= bounds.body_bytes, "the body is within its bound");
  require(made.answer.fields.size() <= bounds.header_lines, "the fields are within their bound");
  require(made.consumed > 0 && made.consumed <= size, "it ends within what has come");
  for (const auto& [name, value] : made.answer.fields)
    require(net::is_token(name) && net::is_field_value(value), "names are tokens and values have no controls");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  net::framing_limits small;
  small.header_bytes = 512;
  small.header_lines = 8;
  small.body_bytes = 128;
  small.chunk_extension_bytes = 16;
  small.trailer_bytes = 64;
  for (const net::framing_limits& bounds : {net::framing_limits{}, small}) {
    for (const bool head : {false, true}) {
      const reading whole = read_cut(bytes, {size}, bounds, head);
      check_promises(whole, size, bounds);
      std::vector<std::size_t> singles, pieces;
      for (std::size_t at = 1; at <= size; ++at) singles.push_back(at);
      for (std::size_t at = 1 + data[0] % 31U; at < size; at += 1 + data[at] % 31U) pieces.push_back(at);
      pieces.push_back(size);
      require(read_cut(bytes, singles, bounds, head) == whole, "one byte at a time reads the same");
      require(read_cut(bytes, pieces, bounds, head) == whole, "pieces read the same");
    }
  }
  return 0;
}

/// A stream of bytes must come to the same requests and the same refusal, whether it is read whole, one
/// byte at a time or in pieces; and every request that comes out must keep the parser's promises.
#include "platform/net/request_syntax.hpp"
#include "wire/reading.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace spaces;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// Small bounds, so that a short input can reach each of them.
net::framing_limits small_bounds() {
  net::framing_limits bounds;
  bounds.target_bytes = 64;
  bounds.header_bytes = 512;
  bounds.header_lines = 8;
  bounds.body_bytes = 128;
  bounds.chunk_extension_bytes = 16;
  bounds.trailer_bytes = 64;
  return bounds;
}

void check_promises(std::string bytes, const net::framing_limits& bounds) {
  net::request_parser parser(bounds);
  while (parser.advance(bytes.data(), bytes.size()) == net::request_parser::progress::complete) {
    http::request request;
    parser.describe(bytes.data(), request);
    require(net::is_origin_form(request.target) || request.target == "*", "the target is in origin form");
    require(request.target.size() <= bounds.target_bytes, "the target is within its bound");
    require(request.body.size() <= bounds.body_bytes, "the body is within its bound");
    require(request.fields.size() <= bounds.header_lines, "the fields are within their bound");
    for (const auto& field : request.fields) {
      require(net::is_token(field.name), "a name is a token");
      require(net::is_field_value(field.value), "a value has no control characters");
    }
    require(parser.consumed() > 0 && parser.consumed() <= bytes.size(), "it ends within what has come");
    bytes.erase(0, parser.consumed());
    parser.reset();
    if (bytes.empty()) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const net::framing_limits& bounds : {net::framing_limits{}, small_bounds()}) {
    const net::reading whole = net::read_cut(bytes, {size}, bounds);
    require(net::read_cut(bytes, net::one_at_a_time(size), bounds) == whole, "one byte at a time reads the same");
    std::vector<std::size_t> pieces;
    for (std::size_t at = 1 + data[0] % 31U; at < size; at += 1 + data[at] % 31U) pieces.push_back(at);
    pieces.push_back(size);
    require(net::read_cut(bytes, pieces, bounds) == whole, "pieces read the same");
    net::framing_limits announcing = bounds;
    announcing.announce_bodies = true;
    require(net::read_cut(bytes, pieces, announcing) == whole, "a body that was announced and then held is the same");
    check_promises(std::string(bytes), bounds);
  }
  return 0;
}

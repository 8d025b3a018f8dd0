/// Streams of bytes read by the request parser in pieces, for the tests and the fuzz target.
#pragma once

#include "platform/net/request_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

/// What a stream of bytes came to: the requests in it, written out, and how it ended.
struct reading {
  std::vector<std::string> requests;
  int status = 0;  ///< of what is refused; 0 for none
  bool waits = false;

  friend bool operator==(const reading&, const reading&) = default;
  friend std::ostream& operator<<(std::ostream& out, const reading& r) {
    for (const auto& each : r.requests) out << "[" << each << "] ";
    return out << "status " << r.status << (r.waits ? ", waits for more" : "");
  }
};

inline std::string write_out(const http::request& request, const request_parser& parser) {
  std::string text(http::to_text(request.verb));
  text.append(" ").append(request.target);
  text.append(" path=").append(request.path).append(" query=").append(request.query);
  for (const auto& field : request.fields) text.append("|").append(field.name).append("=").append(field.value);
  text.append("|body=").append(request.body);
  return text + (parser.keep_alive() ? "" : "|close") + (parser.expects_continue() ? "|continue" : "");
}

/// Feeds `bytes` in pieces that end where `cuts` says. Each time the buffer is of exactly the size that
/// has come and at another place: reading past the end, or by an old pointer, shows under asan.
inline reading read_cut(std::string_view bytes, const std::vector<std::size_t>& cuts, const framing_limits& bounds) {
  reading outcome;
  request_parser parser(bounds);
  std::string held;
  std::size_t fed = 0;
  for (const std::size_t cut : cuts) {
    held += bytes.substr(fed, cut - fed);
    fed = cut;
    while (true) {
      const auto exact = std::make_unique<char[]>(held.size());
      std::copy(held.begin(), held.end(), exact.get());
      const auto progress = parser.advance(exact.get(), held.size());
      if (progress == request_parser::progress::refused) {
        outcome.status = parser.why().status;
        return outcome;
      }
      held.assign(exact.get(), held.size());  // decoded in place
      if (progress == request_parser::progress::announced) {
        parser.hold_body();
        continue;
      }
      if (progress == request_parser::progress::more) {
        held.resize(parser.squeeze(held.data(), held.size()));
        break;
      }
      http::request request;
      parser.describe(held.data(), request);
      outcome.requests.push_back(write_out(request, parser));
      held.erase(0, parser.consumed());
      parser.reset();
      if (held.empty()) break;
    }
  }
  outcome.waits = !held.empty();
  return outcome;
}

inline std::vector<std::size_t> one_at_a_time(std::size_t size) {
  std::vector<std::size_t> cuts(size);
  for (std::size_t i = 0; i < size; ++i) cuts[i] = i + 1;
  return cuts;
}

}  // namespace spaces::net

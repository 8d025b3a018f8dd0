#include "platform/record/gathering.hpp"

namespace spaces::record {

void gathering::put_long(std::string_view text) {
  flush();
  if (text.size() > room())
    to_.append(text);
  else
    put(text);
}

void gathering::put_long_json(std::string_view text) {
  flush();
  append_json_string(to_, text);
}

}  // namespace spaces::record

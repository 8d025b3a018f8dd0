#include "platform/record/text_buffer.hpp"

namespace spaces::record {

void text_buffer::put_long(std::string_view text) {
  flush();
  if (text.size() > room())
    to_.append(text);
  else
    put(text);
}

void text_buffer::put_long_json(std::string_view text) {
  flush();
  append_json_string(to_, text);
}

}  // namespace spaces::record

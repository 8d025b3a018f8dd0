#include "marketplace/properties/import/line_reader.hpp"

#include <algorithm>
#include <cstring>

namespace spaces::properties {

namespace {

/// Read in one piece: large enough that the calls cost nothing beside the parsing.
constexpr std::size_t read_bytes = 64 * 1024;
/// Of a line that is too long, for people to recognise it.
constexpr std::size_t cut_bytes_kept = 200;

}  // namespace

/// Reads behind what is there; false at the end of the bytes.
result<bool> line_reader::fill() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + read_bytes) buffer_.resize(end_ + read_bytes);
  const result<std::size_t> got = bytes_(std::span(buffer_).subspan(end_));
  if (!got) return got.error();
  end_ += *got;
  ended_ = *got == 0;
  return !ended_;
}

result<void> line_reader::look_at_start() {
  started_ = true;
  while (end_ - begin_ < 3) {
    const result<bool> more = fill();
    if (!more) return more.error();
    if (!*more) break;
  }
  const std::string_view start(buffer_.data() + begin_, end_ - begin_);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))
    return malformed("The file is UTF-16; save it as UTF-8 and try again");
  if (start.starts_with("\xEF\xBB\xBF")) {
    begin_ += 3;
    taken_ += 3;
  }
  return {};
}

/// Bytes of the line at the front with its end; one more than `row_bytes_max` when it is longer.
result<std::size_t> line_reader::find_end() {
  std::size_t looked = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const std::size_t size = end_ - begin_;
    const char* const at = std::find_if(from + looked, from + size, [](char c) { return c == '\n' || c == '\r'; });
    const auto length = static_cast<std::size_t>(at - from);
    const bool found = length < size;
    // Behind a CR the next byte tells whether an LF belongs to it.
    if (found && (*at == '\n' || length + 1 < size)) return length + (*at == '\r' && at[1] == '\n' ? 2 : 1);
    if (length > row_bytes_max) return row_bytes_max + 1;
    looked = length;
    const result<bool> more = fill();
    if (!more) return more.error();
    if (!*more) return end_ - begin_;
  }
}

/// Takes the rest of a line that is too long.
result<void> line_reader::pass_over() {
  for (;;) {
    const result<std::size_t> part = find_end();
    if (!part) return part.error();
    const std::size_t taken = std::min(*part, row_bytes_max);
    begin_ += taken;
    taken_ += taken;
    if (*part <= row_bytes_max) return {};
  }
}

result<bool> line_reader::next(text_line& line) {
  if (!started_) {
    if (const result<void> good = look_at_start(); !good) return good.error();
  }
  const result<std::size_t> size = find_end();
  if (!size) return size.error();
  if (*size == 0) return false;
  line.number = ++lines_;
  line.cut = *size > row_bytes_max;
  if (!line.cut) {
    line.text = std::string_view(buffer_.data() + begin_, *size);
    begin_ += *size;
    taken_ += *size;
    return true;
  }
  start_.assign(buffer_.data() + begin_, cut_bytes_kept);
  line.text = start_;
  if (const result<void> passed = pass_over(); !passed) return passed.error();
  return true;
}

}  // namespace spaces::properties

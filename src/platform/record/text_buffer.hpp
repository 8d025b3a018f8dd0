/// Short texts on their way into a long one. An entity as JSON is a hundred texts of ten bytes, and
/// appending each to a string costs several times what copying it does.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/decimal.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/json_string.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

namespace spaces::record {

/// Appends to the string at the latest when it ends; until then the string may lack what was put.
class text_buffer {
 public:
  explicit text_buffer(std::string& to) : to_(to) {}
  text_buffer(const text_buffer&) = delete;
  text_buffer& operator=(const text_buffer&) = delete;
  /// Throws where there is no memory for the last of it; while something else is thrown already, nobody wants it.
  ~text_buffer() noexcept(false) {
    if (std::uncaught_exceptions() == thrown_before_) flush();
  }

  void put(char c) {
    need(1);
    *at_++ = c;
  }
  void put(std::string_view text) {
    if (text.size() > room()) return put_long(text);
    copy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void put(decimal number) {
    need(decimal_text_size_max);
    at_ = write_decimal(at_, number);
  }
  /// In quotes, as `append_json_string` does.
  void put_json(std::string_view text) {
    if (char* const at = room_for(json_bytes_max(text)))
      at_ = write_json(at, text);
    else
      put_long_json(text);
  }
  void put_json(instant when) {
    need(instant_text_size + 2);
    *at_++ = '"';
    at_ = write_instant(at_, when);
    *at_++ = '"';
  }
  void put_json(const uuid& id) {
    need(uuid_text_size + 2);
    *at_++ = '"';
    write_uuid(id, at_);
    at_ += uuid_text_size;
    *at_++ = '"';
  }
  void flush() {
    to_.append(bytes_, static_cast<std::size_t>(at_ - bytes_));
    at_ = bytes_;
  }

  /// Where `size` bytes may be written, to be ended by `wrote`; null when they are too many for it.
  char* room_for(std::size_t size) {
    if (size > sizeof bytes_) return nullptr;
    need(size);
    return at_;
  }
  void wrote(char* end) { at_ = end; }

 private:
  std::size_t room() const { return static_cast<std::size_t>(bytes_ + sizeof bytes_ - at_); }
  void need(std::size_t size) {
    if (room() < size) flush();
  }
  void put_long(std::string_view text);
  void put_long_json(std::string_view text);

  /// Two moves that may overlap instead of a call, for the sizes that most texts have.
  static void copy(char* to, const char* from, std::size_t size) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      move<16>(to, from, size);
    } else if (size >= 8) {
      move<8>(to, from, size);
    } else if (size >= 4) {
      move<4>(to, from, size);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  template <std::size_t Half>
  static void move(char* to, const char* from, std::size_t size) {
    std::memcpy(to, from, Half);
    std::memcpy(to + size - Half, from + size - Half, Half);
  }

  std::string& to_;
  char bytes_[8192];
  char* at_ = bytes_;
  const int thrown_before_ = std::uncaught_exceptions();
};

}  // namespace spaces::record

#include "platform/picture/refusal.hpp"

#include <fmt/core.h>

#include <string>

namespace spaces::picture {

namespace {

struct row {
  std::string_view code;
  std::string sentence;
};

row row_of(reason why) {
  constexpr std::string_view taken = "JPEG, PNG, WebP, AVIF and HEIC are taken";
  switch (why) {
    case reason::not_a_picture: return {"not-a-picture", fmt::format("This file is no picture. {}.", taken)};
    case reason::format:
      return {"format",
              fmt::format("This picture is of a format that is not taken. {}: save it as one of these.", taken)};
    case reason::bytes:
      return {"bytes", fmt::format("This file has more than {} MiB, which is the most that a picture may have.",
                                   file_bytes_max / 1024 / 1024)};
    case reason::side:
      return {"side", fmt::format("A side of this picture has more than {} pixels, which is the most.", side_max)};
    case reason::pixels:
      return {"pixels", fmt::format("This picture has more than {} megapixels, which is the most. Save it smaller.",
                                    pixels_max / 1'000'000)};
    case reason::damaged:
      return {"damaged", "This picture is damaged or cut short. Send it again, or another copy of it."};
    case reason::too_slow: break;
  }
  return {"too-slow", "This picture takes too long to prepare. Save it again as a plain JPEG, and send that."};
}

}  // namespace

error refuse(reason why) {
  row told = row_of(why);
  return invalid({{"", std::string(told.code), std::move(told.sentence)}});
}

result<header> sniff(std::string_view bytes) {
  const auto read = read_header(bytes);
  if (const reason* const why = std::get_if<reason>(&read)) return refuse(*why);
  return std::get<header>(read);
}

}  // namespace spaces::picture

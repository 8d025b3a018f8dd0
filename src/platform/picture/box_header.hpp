/// Headers of AVIF and HEIC: boxes (ISO/IEC 14496-12) that hold items (23008-12).
#pragma once

#include "platform/picture/header.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace spaces::picture {

/// Of bytes that begin with a box of type "ftyp". The size is that of the primary item; every other size in the file
/// (of tiles, thumbnails, masks) is held to the same limits.
std::variant<header, reason> read_box_header(std::string_view bytes);

/// The format of such bytes, by the box that they begin with.
std::optional<format> format_of_boxes(std::string_view bytes);

}  // namespace spaces::picture

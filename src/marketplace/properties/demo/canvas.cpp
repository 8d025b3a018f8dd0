#include "marketplace/properties/demo/canvas.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace spaces::properties::demo {

namespace {

/// Each row is looked at so many times, for soft edges.
constexpr int looks = 4;

std::string big_endian(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
  return text;
}

/// ISO/IEC 15948, 5.3.
std::string chunk(std::string_view name, std::string_view content) {
  std::string body(name);
  body += content;
  const auto checksum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(content.size())) + body +
         big_endian(static_cast<std::uint32_t>(checksum));
}

}  // namespace

colour mixed(const colour& one, const colour& other, double share) {
  const auto between = [share](double a, double b) { return a + (b - a) * share; };
  return {between(one.red, other.red), between(one.green, other.green), between(one.blue, other.blue),
          between(one.opaque, other.opaque)};
}

colour shaded(const colour& one, double by) {
  if (by > 1) return mixed(one, {1, 1, 1, one.opaque}, by - 1);
  return {one.red * by, one.green * by, one.blue * by, one.opaque};
}

colour rgb(std::uint32_t value, double opaque) {
  const auto part = [value](int shift) { return static_cast<double>(value >> shift & 0xFF) / 255; };
  return {part(16), part(8), part(0), opaque};
}

canvas::canvas(unsigned width, unsigned height)
    : width_(width), height_(height), pixels_(std::size_t{width} * height * 3, 255), covered_(width) {}

void canvas::cover(double first, double last, double share) {
  first = std::clamp(first, 0.0, static_cast<double>(width_));
  last = std::clamp(last, 0.0, static_cast<double>(width_));
  if (last <= first) return;
  const auto from = static_cast<std::size_t>(first);
  const std::size_t to = std::min<std::size_t>(static_cast<std::size_t>(last), width_ - 1);
  for (std::size_t x = from; x <= to; ++x) {
    const double left = std::max(first, static_cast<double>(x)), right = std::min(last, static_cast<double>(x + 1));
    covered_[x] += std::max(0.0, right - left) * share;
  }
}

void canvas::paint(unsigned y, const colour& with) {
  const std::array<double, 3> parts{with.red * 255, with.green * 255, with.blue * 255};
  for (std::size_t x = 0; x < width_; ++x) {
    const double share = std::min(1.0, covered_[x]) * with.opaque;
    covered_[x] = 0;
    if (share <= 0) continue;
    std::uint8_t* const pixel = &pixels_[(std::size_t{y} * width_ + x) * 3];
    for (std::size_t band = 0; band < 3; ++band)
      pixel[band] = static_cast<std::uint8_t>(std::lround(pixel[band] + (parts[band] - pixel[band]) * share));
  }
}

void canvas::fill(std::span<const point> corners, const colour& top, const colour& bottom) {
  double highest = corners[0].y, lowest = corners[0].y;
  for (const point& one : corners) {
    highest = std::min(highest, one.y);
    lowest = std::max(lowest, one.y);
  }
  const double rows = height_;
  const auto first = static_cast<unsigned>(std::clamp(highest * rows, 0.0, rows));
  const auto last = static_cast<unsigned>(std::clamp(std::ceil(lowest * rows), 0.0, rows));
  std::vector<double> crossings;
  for (unsigned row = first; row < last; ++row) {
    for (int look = 0; look < looks; ++look) {
      const double y = (row + (look + 0.5) / looks) / rows;
      crossings.clear();
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const point& a = corners[i];
        const point& b = corners[(i + 1) % corners.size()];
        if ((a.y <= y) != (b.y <= y)) crossings.push_back((a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) * rows);
      }
      std::sort(crossings.begin(), crossings.end());
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) cover(crossings[i], crossings[i + 1], 1.0 / looks);
    }
    const double share = lowest > highest ? ((row + 0.5) / rows - highest) / (lowest - highest) : 0;
    paint(row, mixed(top, bottom, std::clamp(share, 0.0, 1.0)));
  }
}

void canvas::box(point from, point to, const colour& top, const colour& bottom) {
  const std::array corners{from, point{to.x, from.y}, to, point{from.x, to.y}};
  fill(corners, top, bottom);
}

void canvas::oval(point middle, double across, double down, const colour& top, const colour& bottom) {
  std::array<point, 48> corners;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / corners.size();
    corners[i] = {middle.x + across * std::cos(angle), middle.y + down * std::sin(angle)};
  }
  fill(corners, top, bottom);
}

std::string canvas::png() const {
  // Each line as its difference from the one above (filter 2): most of a drawing is the same.
  std::string lines;
  const std::size_t line = std::size_t{width_} * 3;
  lines.reserve((line + 1) * height_);
  for (std::size_t y = 0; y < height_; ++y) {
    lines += '\2';
    for (std::size_t i = 0; i < line; ++i)
      lines += static_cast<char>(pixels_[y * line + i] - (y > 0 ? pixels_[(y - 1) * line + i] : 0));
  }
  uLongf size = ::compressBound(static_cast<uLong>(lines.size()));
  std::string packed(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
              static_cast<uLong>(lines.size()), 6);
  packed.resize(size);
  return "\x89PNG\r\n\x1A\n" +
         chunk("IHDR", big_endian(width_) + big_endian(height_) + std::string("\x08\x02\0\0\0", 5)) +
         chunk("IDAT", packed) + chunk("IEND", "");
}

}  // namespace spaces::properties::demo

#include "platform/picture/thumb_hash.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace spaces::picture {

namespace {

struct size {
  unsigned x, y;
};

/// What one value for each pixel comes to: its mean, and how it varies, lowest frequencies first.
struct channel {
  double mean = 0;
  double scale = 0;                ///< the largest of the terms
  std::vector<double> terms = {};  ///< 0 to 1; 0.5 is no variation
};

channel transform(const std::vector<double>& values, size of, size frequencies) {
  const double pi = std::numbers::pi;
  channel made;
  std::vector<double> along_x(of.x);
  for (unsigned v = 0; v < frequencies.y; ++v)
    for (unsigned u = 0; u * frequencies.y < frequencies.x * (frequencies.y - v); ++u) {
      for (unsigned x = 0; x < of.x; ++x) along_x[x] = std::cos(pi / of.x * u * (x + 0.5));
      double sum = 0;
      for (unsigned y = 0; y < of.y; ++y) {
        const double along_y = std::cos(pi / of.y * v * (y + 0.5));
        for (unsigned x = 0; x < of.x; ++x) sum += values[x + std::size_t{y} * of.x] * along_x[x] * along_y;
      }
      sum /= double(of.x) * of.y;
      if (u == 0 && v == 0) {
        made.mean = sum;
      } else {
        made.terms.push_back(sum);
        made.scale = std::max(made.scale, std::abs(sum));
      }
    }
  if (made.scale > 0)
    for (double& term : made.terms) term = 0.5 + 0.5 / made.scale * term;
  return made;
}

/// As JavaScript's Math.round, which the reference rounds with.
std::uint32_t rounded(double value) { return static_cast<std::uint32_t>(std::max(0.0, std::floor(value + 0.5))); }

}  // namespace

std::string thumb_hash(unsigned width, unsigned height, std::string_view pixels) {
  const std::size_t count = std::size_t{width} * height;
  std::vector<double> brightness(count), yellow_blue(count), red_green(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = [&](std::size_t band) { return static_cast<unsigned char>(pixels[i * 3 + band]) / 255.0; };
    const double red = at(0), green = at(1), blue = at(2);
    brightness[i] = (red + green + blue) / 3;
    yellow_blue[i] = (red + green) / 2 - blue;
    red_green[i] = red - green;
  }
  const size of{width, height};
  const double longer = std::max(width, height);
  const size fine{std::max(1U, rounded(7 * width / longer)), std::max(1U, rounded(7 * height / longer))};
  const channel l = transform(brightness, of, {std::max(3U, fine.x), std::max(3U, fine.y)});
  const channel p = transform(yellow_blue, of, {3, 3});
  const channel q = transform(red_green, of, {3, 3});

  const bool landscape = width > height;
  const std::uint32_t head = rounded(63 * l.mean) | rounded(31.5 + 31.5 * p.mean) << 6 |
                             rounded(31.5 + 31.5 * q.mean) << 12 | rounded(31 * l.scale) << 18;
  const std::uint32_t more = (landscape ? fine.y : fine.x) | rounded(63 * p.scale) << 3 | rounded(63 * q.scale) << 9 |
                             std::uint32_t{landscape} << 15;
  std::string hash;
  for (const std::uint32_t byte : {head, head >> 8, head >> 16, more, more >> 8}) hash += static_cast<char>(byte);
  bool low = true;
  for (const channel* one : {&l, &p, &q})
    for (const double term : one->terms) {
      const std::uint32_t half = rounded(15 * term);
      if (low)
        hash += static_cast<char>(half);
      else
        hash.back() = static_cast<char>(static_cast<unsigned char>(hash.back()) | half << 4);
      low = !low;
    }
  return hash;
}

}  // namespace spaces::picture

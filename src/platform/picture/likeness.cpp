#include "platform/picture/likeness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace spaces::picture {

namespace {

constexpr std::size_t side = likeness_side;
constexpr std::size_t kept = 8;

/// Terms as large as this (of 0 to 255) are of what an encoder does to an even surface.
constexpr double nothing_seen = 0.25;

/// cos(pi / 32 * (f + 1) * (x + 1/2)): the frequencies from 1 to 8.
std::array<std::array<double, side>, kept> waves() {
  std::array<std::array<double, side>, kept> made{};
  for (std::size_t f = 0; f < kept; ++f)
    for (std::size_t x = 0; x < side; ++x)
      made[f][x] = std::cos(std::numbers::pi / side * static_cast<double>(f + 1) * (static_cast<double>(x) + 0.5));
  return made;
}

}  // namespace

std::uint64_t likeness_of(std::string_view pixels) {
  static const auto wave = waves();
  std::array<std::array<double, side>, kept> rows{};  // transformed along x
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t f = 0; f < kept; ++f)
      for (std::size_t x = 0; x < side; ++x)
        rows[f][y] += static_cast<unsigned char>(pixels[y * side + x]) * wave[f][x];
  std::array<double, kept * kept> terms{};
  for (std::size_t v = 0; v < kept; ++v)
    for (std::size_t u = 0; u < kept; ++u)
      for (std::size_t y = 0; y < side; ++y) terms[v * kept + u] += rows[u][y] * wave[v][y];
  const auto largest = std::max_element(terms.begin(), terms.end(),
                                        [](double one, double other) { return std::abs(one) < std::abs(other); });
  if (std::abs(*largest) < nothing_seen * side * side / 4) return 0;
  auto sorted = terms;
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[sorted.size() / 2 - 1] + sorted[sorted.size() / 2]) / 2;
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (terms[i] > median) hash |= std::uint64_t{1} << i;
  return hash;
}

}  // namespace spaces::picture

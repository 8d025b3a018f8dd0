/// Chance that is the same everywhere: the standard library's distributions differ between vendors.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

namespace spaces::properties::demo {

/// SplitMix64 (Steele, Lea and Flood 2014), begun anew for each listing.
class dice {
 public:
  dice(std::uint64_t seed, std::uint64_t n) : state_(mixed(mixed(seed + increment) ^ (n * 0xD1342543DE82EF95u + 1))) {}

  std::uint64_t next() { return mixed(state_ += increment); }

  /// 0 to `bound` - 1. The bias of the multiplication is below 2^-32 for what is drawn here.
  std::uint64_t below(std::uint64_t bound) {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>(wide{next()} * bound >> 64);
  }
  bool percent(unsigned chance) { return below(100) < chance; }

  /// Mean 0, deviation 1, within 6: the sum of twelve even ones (whole numbers, so exact everywhere).
  double normal() {
    std::uint64_t sum = 0;
    for (int i = 0; i < 12; ++i) sum += next() >> 32;
    return static_cast<double>(sum) / 4294967296.0 - 6.0;
  }
  double log_normal(double median, double deviation) { return median * std::exp(deviation * normal()); }

  template <class Row>
  const Row& pick(std::span<const Row> rows) {
    return rows[below(rows.size())];
  }

 private:
  static constexpr std::uint64_t increment = 0x9E3779B97F4A7C15u;
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace spaces::properties::demo

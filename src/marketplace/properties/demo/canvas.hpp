/// A picture that is drawn: shapes with soft edges on a raster, and PNG.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spaces::properties::demo {

/// 0 to 1 each; what is below shows through where it is not opaque.
struct colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  double opaque = 1;
};

/// Of two colours, so much of the second.
colour mixed(const colour& one, const colour& other, double share);
/// Darker below 1, lighter above.
colour shaded(const colour& one, double by);
colour rgb(std::uint32_t value, double opaque = 1);

/// The unit is the picture's height: y is 0 at the top and 1 at the bottom.
struct point {
  double x = 0;
  double y = 0;
};

class canvas {
 public:
  canvas(unsigned width, unsigned height);

  /// The right end.
  double width() const { return static_cast<double>(width_) / height_; }

  /// A closed shape, whose colour goes from its top's to its bottom's.
  void fill(std::span<const point> corners, const colour& top, const colour& bottom);
  void fill(std::span<const point> corners, const colour& all) { fill(corners, all, all); }
  void box(point from, point to, const colour& top, const colour& bottom);
  void box(point from, point to, const colour& all) { box(from, to, all, all); }
  void oval(point middle, double across, double down, const colour& top, const colour& bottom);
  void oval(point middle, double across, double down, const colour& all) { oval(middle, across, down, all, all); }

  std::string png() const;

 private:
  void cover(double first, double last, double share);
  void paint(unsigned y, const colour& with);

  unsigned width_;
  unsigned height_;
  std::vector<std::uint8_t> pixels_;
  std::vector<double> covered_;  ///< of each pixel of the row that is being drawn
};

}  // namespace spaces::properties::demo

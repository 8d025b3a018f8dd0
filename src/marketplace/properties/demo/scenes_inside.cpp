#include "marketplace/properties/demo/scenes.hpp"

#include <array>
#include <cmath>

namespace spaces::properties::demo {

namespace {

constexpr std::uint32_t paints[] = {0xEDE6DA, 0xDDE3DF, 0xE8DCCB, 0xD5DDE4, 0xF0ECE4, 0xCFD8CC, 0xE6D5CC, 0xD9D4E0};
constexpr std::uint32_t woods[] = {0xB98A5E, 0x9A6B44, 0xC9A57A, 0x7D5638, 0xA88463};
constexpr std::uint32_t cloths[] = {0x5B7482, 0x8A5A4E, 0x6E7F5C, 0xC2A36B, 0x4E5A78, 0xA8705A, 0x7A6A86, 0x3F6B66};

constexpr double floor_line = 0.68;

colour pick(dice& roll, std::span<const std::uint32_t> from) { return rgb(roll.pick(from)); }
double between(dice& roll, double low, double high) {
  return low + (high - low) * static_cast<double>(roll.below(1000)) / 999;
}

/// Wall, skirting and boards that run to the back.
void room(canvas& on, dice& roll) {
  const colour wall = pick(roll, paints), wood = pick(roll, woods);
  on.box({0, 0}, {on.width(), floor_line}, shaded(wall, 1.02), shaded(wall, 0.93));
  on.box({0, 0}, {on.width(), 0.03}, shaded(wall, 1.3));
  on.box({0, floor_line}, {on.width(), 1}, shaded(wood, 0.9), shaded(wood, 1.12));
  const double far = on.width() / 2;
  for (int i = -14; i <= 14; ++i) {
    const double x = far + i * 0.085, near = far + i * 0.2;
    const std::array joint{point{x, floor_line}, point{x + 0.002, floor_line}, point{near + 0.005, 1}, point{near, 1}};
    on.fill(joint, {0, 0, 0, 0.2});
  }
  on.box({0, floor_line - 0.025}, {on.width(), floor_line}, rgb(0xF7F5F0), rgb(0xE2DED6));
}

/// With a sky, trees, curtains, and its light on the floor.
void window(canvas& on, dice& roll, point from, point to) {
  const std::array shine{point{from.x, floor_line + 0.03}, point{to.x, floor_line + 0.03}, point{to.x + 0.25, 1},
                         point{from.x + 0.12, 1}};
  on.fill(shine, {1, 0.97, 0.85, 0.24}, {1, 0.97, 0.85, 0.1});
  on.box({from.x - 0.018, from.y - 0.018}, {to.x + 0.018, to.y + 0.026}, rgb(0xFBFAF7), rgb(0xE9E6DF));
  on.box(from, to, rgb(0x8FC3E6), rgb(0xE6F1F4));
  const double hill = from.y + (to.y - from.y) * 0.72;
  for (int i = 0; i < 6; ++i) {
    const double x = from.x + (to.x - from.x) * (0.08 + 0.168 * i), size = (to.y - from.y) * between(roll, 0.1, 0.16);
    on.oval({x, hill}, size * 0.9, size, rgb(0x7FA662), rgb(0x587F4C));
  }
  on.box({from.x, hill + 0.01}, to, rgb(0x8DB06A), rgb(0x769A58));
  const colour frame = rgb(0xFBFAF7);
  const double middle = (from.x + to.x) / 2, across = from.y + (to.y - from.y) * 0.42;
  on.box({middle - 0.006, from.y}, {middle + 0.006, to.y}, frame);
  on.box({from.x, across - 0.004}, {to.x, across + 0.004}, frame);
  const colour cloth = shaded(pick(roll, paints), 0.94);
  for (const bool left : {true, false})
    for (int i = 0; i < 5; ++i) {
      const double x = left ? from.x - 0.05 + i * 0.018 : to.x + 0.05 - (i + 1) * 0.018;
      on.box({x, from.y - 0.05}, {x + 0.018, floor_line - 0.03}, shaded(cloth, i % 2 == 0 ? 1.04 : 0.92),
             shaded(cloth, i % 2 == 0 ? 0.98 : 0.86));
    }
  on.box({from.x - 0.08, from.y - 0.058}, {to.x + 0.08, from.y - 0.048}, rgb(0x4A4038));
}

void picture(canvas& on, dice& roll, point from, point to) {
  on.box({from.x + 0.006, from.y + 0.01}, {to.x + 0.01, to.y + 0.014}, {0, 0, 0, 0.15});
  on.box(from, to, pick(roll, woods));
  const point in{from.x + 0.012, from.y + 0.012}, out{to.x - 0.012, to.y - 0.012};
  on.box(in, out, rgb(0xF4F0E6));
  const point a{in.x + 0.015, in.y + 0.015}, b{out.x - 0.015, out.y - 0.015};
  const colour cloth = pick(roll, cloths);
  on.box(a, b, shaded(cloth, 1.5), shaded(cloth, 1.2));
  const std::array hill{point{a.x, b.y}, point{a.x + (b.x - a.x) * 0.35, a.y + (b.y - a.y) * 0.4},
                        point{a.x + (b.x - a.x) * 0.6, a.y + (b.y - a.y) * 0.7}, point{b.x, a.y + (b.y - a.y) * 0.5},
                        b};
  on.fill(hill, cloth, shaded(cloth, 0.7));
  on.oval({b.x - (b.x - a.x) * 0.25, a.y + (b.y - a.y) * 0.25}, 0.014, 0.014, rgb(0xF6E2A8));
}

void plant(canvas& on, dice& roll, double x, double foot, double height) {
  on.oval({x, foot}, height * 0.16, height * 0.03, {0, 0, 0, 0.2});
  const colour leaf = rgb(roll.percent(50) ? 0x4F7F55 : 0x6B9455);
  for (int i = -4; i <= 4; ++i) {
    const double lean = i * 0.22, top = foot - height * (1 - 0.07 * std::abs(i)), tip = x + lean * height * 0.42;
    const std::array blade{point{x - 0.006, foot - height * 0.28},
                           point{tip - height * 0.06, (foot + top) / 2 - height * 0.1}, point{tip, top},
                           point{tip + height * 0.06, (foot + top) / 2 - height * 0.05},
                           point{x + 0.006, foot - height * 0.28}};
    on.fill(blade, shaded(leaf, i % 2 == 0 ? 1.15 : 0.95), shaded(leaf, 0.75));
  }
  const colour pot = pick(roll, cloths);
  const std::array sides{point{x - height * 0.13, foot - height * 0.3}, point{x + height * 0.13, foot - height * 0.3},
                         point{x + height * 0.1, foot}, point{x - height * 0.1, foot}};
  on.fill(sides, shaded(pot, 1.15), shaded(pot, 0.8));
}

void lamp(canvas& on, double x, double foot, double height) {
  for (int i = 5; i > 0; --i) on.oval({x, foot - height}, 0.05 * i, 0.05 * i, {1, 0.93, 0.7, 0.05});
  on.box({x - 0.004, foot - height}, {x + 0.004, foot}, rgb(0x4A4038));
  on.oval({x, foot}, 0.05, 0.01, rgb(0x4A4038));
  const std::array shade{point{x - 0.045, foot - height - 0.05}, point{x + 0.045, foot - height - 0.05},
                         point{x + 0.075, foot - height + 0.06}, point{x - 0.075, foot - height + 0.06}};
  on.fill(shade, rgb(0xFBF1D8), rgb(0xF3DFB0));
}

void rug(canvas& on, dice& roll, double left, double right) {
  const colour cloth = pick(roll, cloths);
  const auto corners = [&](double in) {
    return std::array{point{left + 0.08 + in, 0.8 + in * 0.6}, point{right - 0.08 - in, 0.8 + in * 0.6},
                      point{right - in, 0.96 - in * 0.6}, point{left + in, 0.96 - in * 0.6}};
  };
  on.fill(corners(0), shaded(cloth, 1.35));
  on.fill(corners(0.02), shaded(cloth, 0.95));
  on.fill(corners(0.035), shaded(cloth, 1.25));
}

void sofa(canvas& on, dice& roll, double left, double right) {
  const colour cloth = pick(roll, cloths);
  on.oval({(left + right) / 2, 0.855}, (right - left) * 0.54, 0.03, {0, 0, 0, 0.22});
  on.box({left + 0.02, 0.5}, {right - 0.02, 0.75}, shaded(cloth, 1.12), shaded(cloth, 0.95));
  const double third = (right - left - 0.12) / 3;
  for (int i = 0; i < 3; ++i) {
    const double x = left + 0.06 + third * i;
    on.box({x + 0.004, 0.53}, {x + third - 0.004, 0.7}, shaded(cloth, 1.22), shaded(cloth, 1.02));
    on.box({x + 0.004, 0.69}, {x + third - 0.004, 0.76}, shaded(cloth, 1.28), shaded(cloth, 1.08));
  }
  on.box({left + 0.02, 0.76}, {right - 0.02, 0.83}, shaded(cloth, 0.92), shaded(cloth, 0.76));
  for (const double x : {left, right - 0.065})
    on.box({x, 0.6}, {x + 0.065, 0.84}, shaded(cloth, 1.1), shaded(cloth, 0.8));
  for (const double x : {left + 0.02, right - 0.035}) on.box({x, 0.84}, {x + 0.015, 0.862}, rgb(0x4A3626));
  const double pillow = left + 0.09;
  const colour other = pick(roll, cloths);
  const std::array corners{point{pillow, 0.58}, point{pillow + 0.12, 0.565}, point{pillow + 0.135, 0.69},
                           point{pillow + 0.01, 0.7}};
  on.fill(corners, shaded(other, 1.3), shaded(other, 0.95));
}

void cupboards(canvas& on, const colour& front, double left, double right, double top, double bottom, int doors) {
  on.box({left, top}, {right, bottom}, shaded(front, 0.82));
  const double each = (right - left) / doors;
  for (int i = 0; i < doors; ++i) {
    const double x = left + each * i;
    on.box({x + 0.004, top + 0.004}, {x + each - 0.004, bottom - 0.004}, shaded(front, 1.06), shaded(front, 0.96));
    on.box({x + 0.02, top + 0.02}, {x + each - 0.02, bottom - 0.02}, shaded(front, 0.97), shaded(front, 1.02));
    const double knob = i % 2 == 0 ? x + each - 0.014 : x + 0.014;
    on.oval({knob, top + (bottom - top) * 0.5}, 0.005, 0.005, rgb(0xB9A36A));
  }
}

}  // namespace

void draw_living_room(canvas& on, dice& roll) {
  room(on, roll);
  const double glass = between(roll, 0.12, 0.2);
  window(on, roll, {glass, 0.12}, {glass + between(roll, 0.34, 0.44), 0.56});
  const double left = between(roll, 0.68, 0.76);
  picture(on, roll, {left + 0.08, 0.14}, {left + 0.28, 0.36});
  picture(on, roll, {left + 0.34, 0.19}, {left + 0.46, 0.36});
  rug(on, roll, 0.28, 1.4);
  sofa(on, roll, left - 0.05, left + 0.6);
  lamp(on, left - 0.12, 0.82, 0.42);
  plant(on, roll, 0.09, 0.9, between(roll, 0.38, 0.5));
  const colour wood = pick(roll, woods);
  on.oval({0.72, 0.93}, 0.16, 0.02, {0, 0, 0, 0.2});
  for (const double x : {0.6, 0.83}) on.box({x, 0.86}, {x + 0.012, 0.93}, shaded(wood, 0.7));
  on.oval({0.72, 0.86}, 0.17, 0.028, shaded(wood, 1.15), shaded(wood, 0.9));
}

void draw_kitchen(canvas& on, dice& roll) {
  room(on, roll);
  const colour front = roll.percent(50) ? rgb(0xF2EFE9) : shaded(pick(roll, cloths), 1.12);
  const colour stone = rgb(roll.percent(50) ? 0xE9E6E1 : 0x55565A), wood = pick(roll, woods);
  const double end = on.width() - between(roll, 0.2, 0.3);
  for (double y = 0.33; y < 0.5; y += 0.034)
    for (double x = 0.06; x < end; x += 0.07)
      on.box({x, y}, {std::min(x + 0.067, end), y + 0.031}, rgb(0xF6F4EF), rgb(0xE9E5DC));
  const double glass = 0.46;
  window(on, roll, {glass, 0.1}, {glass + 0.3, 0.42});
  cupboards(on, front, 0.06, glass - 0.07, 0.08, 0.33, 3);
  cupboards(on, front, glass + 0.37, end, 0.08, 0.33, 3);
  cupboards(on, front, 0.06, end, 0.52, 0.75, 9);
  on.box({0.05, 0.495}, {end + 0.012, 0.522}, shaded(stone, 1.06), shaded(stone, 0.88));
  on.box({glass + 0.08, 0.4}, {glass + 0.092, 0.5}, rgb(0xB8BCC0));
  on.box({glass + 0.08, 0.4}, {glass + 0.15, 0.41}, rgb(0xC8CCD0));
  const double oven = glass + 0.4;
  on.box({oven, 0.53}, {oven + 0.18, 0.75}, rgb(0x2E3136), rgb(0x1F2226));
  on.box({oven + 0.015, 0.585}, {oven + 0.165, 0.7}, rgb(0x4A4F57), rgb(0x2A2D32));
  on.box({oven + 0.02, 0.56}, {oven + 0.16, 0.567}, rgb(0xC8CCD0));
  on.box({end + 0.02, 0.14}, {end + 0.18, 0.78}, rgb(0xD5D8DA), rgb(0xB2B6BA));
  on.box({end + 0.02, 0.36}, {end + 0.18, 0.366}, rgb(0x80858A));
  for (const double y : {0.26, 0.4}) on.box({end + 0.034, y}, {end + 0.04, y + 0.08}, rgb(0x80858A));
  on.oval({0.7, 0.97}, 0.5, 0.03, {0, 0, 0, 0.2});
  on.box({0.3, 0.76}, {1.1, 0.97}, shaded(front, 0.98), shaded(front, 0.82));
  on.box({0.27, 0.735}, {1.13, 0.765}, shaded(wood, 1.18), shaded(wood, 0.95));
  for (const double x : {0.42, 0.66, 0.9}) {
    on.box({x - 0.004, 0}, {x + 0.004, 0.2}, rgb(0x3C3A38));
    for (int i = 4; i > 0; --i) on.oval({x, 0.25}, 0.035 * i, 0.035 * i, {1, 0.92, 0.68, 0.07});
    const std::array shade{point{x - 0.015, 0.19}, point{x + 0.015, 0.19}, point{x + 0.06, 0.25},
                           point{x - 0.06, 0.25}};
    on.fill(shade, rgb(0x3F4A4C), rgb(0x2C3436));
    on.oval({x, 0.25}, 0.045, 0.01, rgb(0xFFF2CC));
    on.box({x - 0.05, 0.83}, {x + 0.05, 0.85}, shaded(wood, 0.85));
    for (const double leg : {-0.04, 0.034}) on.box({x + leg, 0.85}, {x + leg + 0.008, 0.99}, rgb(0x3C3A38));
  }
  for (const double x : {0.5, 0.535, 0.57}) on.oval({x, 0.727}, 0.02, 0.019, rgb(x < 0.55 ? 0xC8552F : 0xE0A13A));
}

void draw_bedroom(canvas& on, dice& roll) {
  room(on, roll);
  window(on, roll, {0.1, 0.13}, {between(roll, 0.36, 0.42), 0.54});
  const double left = between(roll, 0.56, 0.64), right = left + 0.66;
  picture(on, roll, {(left + right) / 2 - 0.16, 0.1}, {(left + right) / 2 + 0.16, 0.3});
  const colour wood = pick(roll, woods), cloth = pick(roll, cloths), sheet = rgb(0xF5F2EC);
  rug(on, roll, left - 0.24, right + 0.2);
  on.box({left, 0.38}, {right, 0.72}, shaded(wood, 1.1), shaded(wood, 0.85));
  const std::array top{point{left + 0.02, 0.58}, point{right - 0.02, 0.58}, point{right + 0.05, 0.8},
                       point{left - 0.05, 0.8}};
  on.fill(top, shaded(sheet, 0.98), sheet);
  const std::array cover{point{left - 0.008, 0.665}, point{right + 0.008, 0.665}, point{right + 0.055, 0.81},
                         point{left - 0.055, 0.81}};
  on.fill(cover, shaded(cloth, 1.3), shaded(cloth, 1.12));
  on.box({left - 0.055, 0.81}, {right + 0.055, 0.92}, shaded(cloth, 1.08), shaded(cloth, 0.8));
  for (const double x : {left + 0.06, left + 0.36}) {
    on.oval({x + 0.12, 0.585}, 0.13, 0.055, rgb(0xFFFDF8), rgb(0xDAD5CB));
    on.oval({x + 0.12, 0.605}, 0.09, 0.04, shaded(cloth, 1.45), shaded(cloth, 1.2));
  }
  for (const double x : {left - 0.2, right + 0.06}) {
    on.box({x, 0.62}, {x + 0.14, 0.82}, shaded(wood, 1.05), shaded(wood, 0.8));
    on.box({x + 0.01, 0.66}, {x + 0.13, 0.73}, shaded(wood, 1.16));
    on.oval({x + 0.07, 0.695}, 0.006, 0.006, rgb(0xD9B45A));
    lamp(on, x + 0.07, 0.62, 0.14);
  }
}

}  // namespace spaces::properties::demo

#include "marketplace/properties/demo/scenes.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace spaces::properties::demo {

namespace {

struct light {
  colour sky_top, sky_bottom, sun, lawn, window;
  double shade;  ///< of everything else
};

const std::array<light, 5> lights{{
    {rgb(0x6FB1E0), rgb(0xDCEEF7), rgb(0xFFF6D8), rgb(0x7FA85A), rgb(0xBFD9E8), 1.0},   // a clear day
    {rgb(0x9CC4DE), rgb(0xF7E9D2), rgb(0xFFE9B0), rgb(0x88A35C), rgb(0xD8E3E6), 1.0},   // a morning
    {rgb(0xA9B8C2), rgb(0xDDE4E6), rgb(0xEEF1F2), rgb(0x75925C), rgb(0xC4D2D8), 0.94},  // clouds
    {rgb(0x5E6FA8), rgb(0xF5B88A), rgb(0xFFD49A), rgb(0x6F8A55), rgb(0xFFE2A6), 0.86},  // an evening
    {rgb(0x2E3F6E), rgb(0xC98AA0), rgb(0xF6C4B0), rgb(0x4E6A4C), rgb(0xFFDD94), 0.72},  // dusk
}};

constexpr std::uint32_t walls[] = {0xF2E8D8, 0xD9C7A8, 0xB8C6C8, 0xE3D3C0, 0xA65A48, 0xC9B28F,
                                   0x8FA39A, 0xF4F1EA, 0xB4705A, 0x9DB0C4, 0xD8B98A, 0x7E8C99};
constexpr std::uint32_t roofs[] = {0x5B4A45, 0x3F4650, 0x7A4234, 0x4A5548, 0x6B5A4A, 0x2F3A45};
constexpr std::uint32_t doors[] = {0x8C3B2E, 0x2F5D62, 0x3A3F58, 0x6D4C2F, 0xC08A2E, 0x24485E, 0x5A2A3C};
constexpr std::uint32_t leaves[] = {0x4F7F45, 0x6B9A4A, 0x3E6B4B, 0x8BA651, 0xB9843F, 0x5A8A5E};

constexpr double ground = 0.74;

colour pick(dice& roll, std::span<const std::uint32_t> from) { return rgb(roll.pick(from)); }
double between(dice& roll, double low, double high) {
  return low + (high - low) * static_cast<double>(roll.below(1000)) / 999;
}

/// A ridge along the horizon.
void hills(canvas& on, dice& roll, double height, const colour& with) {
  std::vector<point> line{{0, ground}};
  const double first = between(roll, 0, 6), second = between(roll, 0, 6);
  for (int i = 0; i <= 40; ++i) {
    const double x = on.width() * i / 40;
    line.push_back({x, ground - height * (0.6 + 0.3 * std::sin(3 * x + first) + 0.1 * std::sin(11 * x + second))});
  }
  line.push_back({on.width(), ground});
  on.fill(line, with);
}

void cloud(canvas& on, dice& roll, const colour& with) {
  const double x = between(roll, 0, on.width()), y = between(roll, 0.06, 0.3), size = between(roll, 0.03, 0.06);
  for (int i = -2; i <= 2; ++i)
    on.oval({x + i * size, y - (i % 2 == 0 ? size * 0.3 : 0)}, size * between(roll, 0.8, 1.5), size * 0.55, with);
}

void tree(canvas& on, dice& roll, double x, double foot, double height, const light& by) {
  const colour trunk = shaded(rgb(0x6B5038), by.shade);
  on.box({x - height * 0.03, foot - height * 0.45}, {x + height * 0.03, foot}, shaded(trunk, 1.1), shaded(trunk, 0.8));
  const colour leaf = shaded(pick(roll, leaves), by.shade);
  on.oval({x, foot}, height * 0.26, height * 0.025, {0, 0, 0, 0.18});
  if (roll.percent(30)) {  // a fir
    for (int i = 0; i < 4; ++i) {
      const double top = foot - height * (1 - 0.2 * i), half = height * (0.1 + 0.045 * i);
      const std::array corners{point{x, top}, point{x + half, top + height * 0.3}, point{x - half, top + height * 0.3}};
      on.fill(corners, shaded(leaf, 0.95 - 0.04 * i), shaded(leaf, 0.75));
    }
    return;
  }
  for (int i = 0; i < 9; ++i) {
    const double turn = i * 0.7, out = i == 8 ? 0 : height * 0.15;
    on.oval({x + out * std::cos(turn), foot - height * 0.68 + out * 0.9 * std::sin(turn)}, height * 0.15, height * 0.14,
            shaded(leaf, i % 2 == 0 ? 1.08 : 0.98), shaded(leaf, 0.82));
  }
}

void bushes(canvas& on, dice& roll, double from, double to, double foot, const light& by) {
  for (double x = from; x < to; x += between(roll, 0.035, 0.06)) {
    const colour leaf = shaded(pick(roll, leaves), by.shade);
    const double size = between(roll, 0.022, 0.04);
    on.oval({x, foot - size * 0.7}, size * 1.2, size, shaded(leaf, 1.05), shaded(leaf, 0.78));
  }
}

void window(canvas& on, point from, point to, const light& by, int across, int down) {
  const colour frame = shaded(rgb(0xF6F4EE), by.shade);
  const double rim = 0.006;
  on.box({from.x - rim * 1.6, from.y - rim * 1.6}, {to.x + rim * 1.6, to.y + rim * 2.4}, {0, 0, 0, 0.16});
  on.box({from.x - rim, from.y - rim}, {to.x + rim, to.y + rim}, frame);
  on.box(from, to, shaded(by.window, 1.0), shaded(by.window, 0.84));
  const std::array shine{point{from.x + (to.x - from.x) * 0.1, to.y}, point{from.x + (to.x - from.x) * 0.45, from.y},
                         point{from.x + (to.x - from.x) * 0.7, from.y}, point{from.x + (to.x - from.x) * 0.35, to.y}};
  on.fill(shine, {1, 1, 1, 0.16});
  for (int i = 1; i < across; ++i) {
    const double x = from.x + (to.x - from.x) * i / across;
    on.box({x - 0.002, from.y}, {x + 0.002, to.y}, frame);
  }
  for (int i = 1; i < down; ++i) {
    const double y = from.y + (to.y - from.y) * i / down;
    on.box({from.x, y - 0.002}, {to.x, y + 0.002}, frame);
  }
}

void door(canvas& on, dice& roll, double middle, double foot, double height, const light& by) {
  const colour wood = shaded(pick(roll, doors), by.shade), frame = shaded(rgb(0xF3EFE6), by.shade);
  const double half = height * 0.24;
  on.box({middle - half - 0.01, foot - height - 0.01}, {middle + half + 0.01, foot}, frame);
  on.box({middle - half, foot - height}, {middle + half, foot}, shaded(wood, 1.08), shaded(wood, 0.86));
  for (const double side : {-0.5, 0.5})
    for (const double part : {0.3, 0.72})
      on.box({middle + half * side - half * 0.3, foot - height * (part + 0.14)},
             {middle + half * side + half * 0.3, foot - height * (part - 0.14)}, shaded(wood, 0.9));
  on.oval({middle + half * 0.75, foot - height * 0.46}, 0.005, 0.005, rgb(0xD9B45A));
  on.box({middle - half * 1.8, foot}, {middle + half * 1.8, foot + 0.014}, shaded(rgb(0xB9B2A6), by.shade));
}

void path(canvas& on, double middle, const light& by) {
  const colour stone = shaded(rgb(0xCFC6B6), by.shade);
  const std::array corners{point{middle - 0.04, ground + 0.012}, point{middle + 0.04, ground + 0.012},
                           point{middle + 0.14, 1}, point{middle - 0.1, 1}};
  on.fill(corners, shaded(stone, 0.92), stone);
}

void gable(canvas& on, double left, double right, double eaves, double top, const colour& roof) {
  const double middle = (left + right) / 2, over = 0.035;
  const std::array corners{point{left - over, eaves + 0.012}, point{middle, top}, point{right + over, eaves + 0.012}};
  on.fill(corners, shaded(roof, 1.12), shaded(roof, 0.88));
  for (int i = 1; i < 7; ++i) {
    const double share = i / 7.0, y = top + (eaves - top) * share, half = (right - left) / 2 * share;
    on.box({middle - half, y}, {middle + half, y + 0.0025}, {0, 0, 0, 0.12});
  }
}

void cottage(canvas& on, dice& roll, const light& by) {
  const colour wall = shaded(pick(roll, walls), by.shade), roof = shaded(pick(roll, roofs), by.shade);
  const double left = between(roll, 0.26, 0.36), right = left + between(roll, 0.66, 0.8);
  const double eaves = between(roll, 0.4, 0.46), top = eaves - between(roll, 0.17, 0.24);
  const double wing = right - (right - left) * between(roll, 0.32, 0.42);
  on.box({left + 0.07, top + 0.01}, {left + 0.13, eaves}, shaded(rgb(0x9A5B48), by.shade),
         shaded(rgb(0x7E4739), by.shade));
  on.box({left, eaves}, {right, ground + 0.01}, shaded(wall, 1.02), shaded(wall, 0.9));
  for (double y = eaves + 0.02; y < ground; y += 0.018) on.box({left, y}, {right, y + 0.002}, {0, 0, 0, 0.06});
  gable(on, left, right, eaves, top, roof);
  on.box({wing, eaves + 0.03}, {right + 0.03, ground + 0.012}, shaded(wall, 1.07), shaded(wall, 0.94));
  gable(on, wing, right + 0.03, eaves + 0.03, eaves - 0.09, shaded(roof, 1.06));
  window(on, {wing + 0.07, eaves + 0.09}, {right - 0.04, ground - 0.07}, by, 2, 2);
  const double middle = left + (wing - left) * 0.5;
  path(on, middle, by);
  door(on, roll, middle, ground + 0.012, 0.2, by);
  for (const double x : {left + 0.04, wing - 0.14}) window(on, {x, eaves + 0.08}, {x + 0.1, ground - 0.1}, by, 2, 2);
  window(on, {middle - 0.035, eaves - 0.08}, {middle + 0.035, eaves - 0.02}, by, 2, 1);
  bushes(on, roll, left, middle - 0.08, ground + 0.03, by);
  bushes(on, roll, middle + 0.09, right, ground + 0.03, by);
}

void modern(canvas& on, dice& roll, const light& by) {
  const colour wall = shaded(pick(roll, walls), by.shade), dark = shaded(pick(roll, roofs), by.shade);
  const colour wood = shaded(rgb(0xA9764A), by.shade);
  const double left = between(roll, 0.2, 0.3), right = left + between(roll, 0.85, 0.95), floor = 0.5;
  const double back = left + between(roll, 0.16, 0.26);
  on.box({left, floor}, {right, ground + 0.01}, shaded(wall, 1.03), shaded(wall, 0.9));
  on.box({back, 0.27}, {right + 0.05, floor + 0.012}, shaded(wall, 1.1), shaded(wall, 0.96));
  on.box({back - 0.02, 0.25}, {right + 0.08, 0.275}, shaded(dark, 1.1), dark);
  on.box({left - 0.02, floor - 0.012}, {back, floor + 0.012}, dark);
  on.box({back, floor + 0.012}, {right + 0.05, floor + 0.03}, {0, 0, 0, 0.2}, {0, 0, 0, 0});
  window(on, {back + 0.05, 0.32}, {back + 0.3, 0.46}, by, 3, 1);
  window(on, {right - 0.2, 0.32}, {right + 0.01, 0.46}, by, 2, 1);
  for (double x = back + 0.34; x < right - 0.24; x += 0.012)
    on.box({x, 0.275}, {x + 0.008, floor + 0.012}, wood, shaded(wood, 0.85));
  window(on, {left + 0.04, floor + 0.05}, {left + 0.34, ground - 0.02}, by, 4, 1);
  const double middle = left + 0.45;
  path(on, middle, by);
  door(on, roll, middle, ground + 0.012, 0.19, by);
  const colour gate = shaded(rgb(0xE4E1DA), by.shade);
  on.box({right - 0.3, floor + 0.06}, {right - 0.05, ground + 0.01}, gate, shaded(gate, 0.9));
  for (double y = floor + 0.09; y < ground; y += 0.03)
    on.box({right - 0.3, y}, {right - 0.05, y + 0.003}, {0, 0, 0, 0.15});
  bushes(on, roll, left + 0.02, left + 0.36, ground + 0.035, by);
}

void row_houses(canvas& on, dice& roll, const light& by) {
  const int houses = 3 + static_cast<int>(roll.below(2));
  const double each = on.width() * 0.86 / houses, first = on.width() * 0.07;
  for (int i = 0; i < houses; ++i) {
    const colour wall = shaded(pick(roll, walls), by.shade), roof = shaded(pick(roll, roofs), by.shade);
    const double left = first + each * i, right = left + each, top = between(roll, 0.18, 0.24);
    on.box({left, top}, {right, ground + 0.01}, shaded(wall, 1.05), shaded(wall, 0.88));
    for (double y = top + 0.02; y < ground; y += 0.014) on.box({left, y}, {right, y + 0.0015}, {0, 0, 0, 0.07});
    on.box({left - 0.006, top - 0.03}, {right + 0.006, top + 0.012}, shaded(roof, 1.15), roof);
    for (const double y : {top + 0.06, top + 0.2})
      for (const double part : {0.2, 0.62})
        window(on, {left + each * part, y}, {left + each * (part + 0.2), y + 0.1}, by, 1, 2);
    path(on, left + each * 0.3, by);
    door(on, roll, left + each * 0.3, ground + 0.012, 0.17, by);
    window(on, {left + each * 0.58, ground - 0.15}, {left + each * 0.86, ground - 0.03}, by, 2, 1);
    on.box({right - 0.003, top}, {right + 0.003, ground}, {0, 0, 0, 0.2});
  }
}

void tower(canvas& on, dice& roll, const light& by) {
  const colour wall = shaded(pick(roll, walls), by.shade), rail = shaded(rgb(0x4A525A), by.shade);
  const int floors = 5 + static_cast<int>(roll.below(4)), bays = 4 + static_cast<int>(roll.below(3));
  const double left = between(roll, 0.26, 0.4), right = left + between(roll, 0.7, 0.82),
               top = between(roll, 0.08, 0.14);
  const std::array side{point{right, top}, point{right + 0.12, top + 0.05}, point{right + 0.12, ground - 0.01},
                        point{right, ground + 0.01}};
  on.fill(side, shaded(wall, 0.8), shaded(wall, 0.68));
  on.box({left, top}, {right, ground + 0.01}, shaded(wall, 1.06), shaded(wall, 0.9));
  on.box({left - 0.01, top - 0.018}, {right + 0.01, top + 0.004}, shaded(wall, 0.75));
  const double height = (ground - 0.13 - top) / floors, wide = (right - left) / bays;
  for (int f = 0; f < floors; ++f)
    for (int b = 0; b < bays; ++b) {
      light here = by;
      if (by.shade > 0.9 || roll.percent(45))
        here.window = mixed(by.window, rgb(0x55687A), by.shade > 0.9 ? 0.25 : 0.75);
      const point at{left + wide * b, top + 0.02 + height * f};
      window(on, {at.x + wide * 0.2, at.y + height * 0.12}, {at.x + wide * 0.8, at.y + height * 0.82}, here, 2, 1);
      if ((b + f) % 3 == 0) continue;
      on.box({at.x + wide * 0.1, at.y + height * 0.86}, {at.x + wide * 0.9, at.y + height * 0.92}, rail);
      for (int i = 0; i < 7; ++i) {
        const double x = at.x + wide * (0.1 + 0.8 * i / 6);
        on.box({x - 0.001, at.y + height * 0.52}, {x + 0.001, at.y + height * 0.88}, rail);
      }
      on.box({at.x + wide * 0.1, at.y + height * 0.5}, {at.x + wide * 0.9, at.y + height * 0.53}, rail);
    }
  const double middle = (left + right) / 2;
  path(on, middle, by);
  on.box({left + 0.05, ground - 0.1}, {right - 0.05, ground + 0.01}, shaded(rgb(0x3C4650), by.shade));
  window(on, {left + 0.07, ground - 0.085}, {middle - 0.1, ground - 0.005}, by, 3, 1);
  window(on, {middle + 0.1, ground - 0.085}, {right - 0.07, ground - 0.005}, by, 3, 1);
  door(on, roll, middle, ground + 0.012, 0.1, by);
}

}  // namespace

void draw_front(canvas& on, dice& roll, front what) {
  const light& by = lights[roll.below(lights.size())];
  on.box({0, 0}, {on.width(), ground + 0.02}, by.sky_top, by.sky_bottom);
  const point sun{between(roll, 0.1, on.width() - 0.1), between(roll, 0.08, 0.3)};
  for (int i = 6; i > 0; --i) on.oval(sun, 0.03 + 0.03 * i, 0.03 + 0.03 * i, mixed({1, 1, 1, 0.06}, by.sun, 0.04));
  on.oval(sun, 0.04, 0.04, by.sun);
  for (std::uint64_t i = roll.below(4); i > 0; --i) cloud(on, roll, {1, 1, 1, 0.55 * by.shade});
  hills(on, roll, between(roll, 0.14, 0.26), mixed(by.sky_bottom, by.lawn, 0.35));
  hills(on, roll, between(roll, 0.06, 0.14), mixed(by.sky_bottom, by.lawn, 0.65));
  on.box({0, ground}, {on.width(), 1}, shaded(by.lawn, 1.06), shaded(by.lawn, 0.8));
  for (int i = 0; i < 3; ++i)
    tree(on, roll, between(roll, 0.02, on.width() - 0.02), ground + 0.01, between(roll, 0.3, 0.5), by);
  switch (what) {
    case front::cottage: cottage(on, roll, by); break;
    case front::modern: modern(on, roll, by); break;
    case front::rows: row_houses(on, roll, by); break;
    case front::tower: tower(on, roll, by); break;
  }
  tree(on, roll, roll.percent(50) ? between(roll, 0.04, 0.14) : on.width() - between(roll, 0.04, 0.14), ground + 0.14,
       between(roll, 0.5, 0.62), by);
  bushes(on, roll, 0, on.width() * 0.12, 0.97, by);
  bushes(on, roll, on.width() * 0.86, on.width(), 0.985, by);
}

}  // namespace spaces::properties::demo

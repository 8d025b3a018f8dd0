#include "marketplace/properties/demo/demo_picture.hpp"

#include "marketplace/properties/demo/canvas.hpp"
#include "marketplace/properties/demo/demo_random.hpp"
#include "marketplace/properties/demo/scenes.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace spaces::properties {

namespace {

/// As wide as a page shows it, and a third less high.
constexpr unsigned drawn_width = 1280, drawn_height = 853;

demo::front front_of(const property& of, demo::dice& roll) {
  const std::string kind = of.property_type.value_or("");
  if (kind == "Condominium") return demo::front::tower;
  if (kind == "Townhouse") return demo::front::rows;
  return of.year_built.value_or(1970) > 1995 || roll.percent(20) ? demo::front::modern : demo::front::cottage;
}

/// The same for one listing everywhere, another for each.
demo::dice dice_of(const uuid& id) {
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : id.bytes) seed = seed * 257 + byte;
  return {seed, 0};
}

}  // namespace

std::vector<demo_picture> draw_demo_pictures(const property& of, std::size_t count) {
  struct scene {
    std::string_view name, alt;
    void (*draw)(demo::canvas& on, demo::dice& roll);
  };
  constexpr std::array<scene, 3> rooms{
      {{"living-room.png", "The living room, with a sofa by the window", demo::draw_living_room},
       {"kitchen.png", "The kitchen, with an island", demo::draw_kitchen},
       {"bedroom.png", "A bedroom", demo::draw_bedroom}}};
  demo::dice roll = dice_of(of.id);
  std::vector<demo_picture> drawn;
  demo::canvas outside(drawn_width, drawn_height);
  const demo::front front = front_of(of, roll);
  demo::draw_front(outside, roll, front);
  drawn.push_back({"front.png",
                   front == demo::front::tower ? "The building from the street" : "The house from the street",
                   outside.png()});
  for (const scene& one : rooms) {
    if (drawn.size() >= count) break;
    demo::canvas inside(drawn_width, drawn_height);
    one.draw(inside, roll);
    drawn.push_back({one.name, std::string(one.alt), inside.png()});
  }
  return drawn;
}

}  // namespace spaces::properties

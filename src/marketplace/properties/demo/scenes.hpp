/// What there is to draw: a house, a building, a living room, a kitchen, a bedroom.
#pragma once

#include "marketplace/properties/demo/canvas.hpp"
#include "marketplace/properties/demo/demo_random.hpp"

namespace spaces::properties::demo {

enum class front { cottage, modern, rows, tower };

void draw_front(canvas& on, dice& roll, front what);
void draw_living_room(canvas& on, dice& roll);
void draw_kitchen(canvas& on, dice& roll);
void draw_bedroom(canvas& on, dice& roll);

}  // namespace spaces::properties::demo

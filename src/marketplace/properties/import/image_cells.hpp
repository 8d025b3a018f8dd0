/// Addresses of photographs in a file's cells: kept with the listing as outside pictures.
#pragma once

#include "marketplace/properties/import/row_source.hpp"
#include "marketplace/properties/listing_images.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Reads a cell: RESO's Media (an array of objects with MediaURL, Order, ShortDescription and MediaCategory), an array
/// of addresses, or addresses with anything that is no part of one between them. The first `images_max` in their order;
/// what is no address of http or https is passed over. False, with a problem, where none is left.
bool accept_images(image_list& into, const cell& from, std::string_view column, std::vector<problem>& problems);

/// What becomes of a listing's pictures when an import names these: outside ones come and go with the file, in its
/// order, and what is fetched already or was added by the owner stays. The ids are of listing and address.
std::vector<listing_image> merge_outside(const uuid& listing, std::vector<listing_image> there,
                                         const std::vector<listing_image>& named);

}  // namespace spaces::properties

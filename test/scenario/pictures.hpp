/// Photographs in scenarios: announcing and uploading one, and a preparer that answers as it is told, in place of the
/// workers, whose own tests and those of the whole server have real pictures.
#pragma once

#include "marketplace/properties/listing_images.hpp"
#include "platform/base/error.hpp"
#include "platform/picture/preparer.hpp"
#include "scenario/scenario.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::test {

/// A ready one of 12 megapixels, of what all of a telephone's have.
inline properties::listing_image photograph() {
  properties::listing_image made;
  made.status = properties::image_status::ready;
  made.name.fill(0x5A);
  made.width = 4032;
  made.height = 3024;
  made.placeholder = std::string(21, 'x');
  for (const auto type : {properties::source_type::jpeg, properties::source_type::webp, properties::source_type::avif})
    for (const unsigned width : properties::image_widths) made.sources.push_back({type, width, width * 3 / 4, 90'000});
  return made;
}

/// A "picture" is a text: its likeness is what it begins with, and it is 1000 wide and 750 high.
class scripted_preparer final : public picture::preparer {
 public:
  result<picture::prepared> prepare(int original, std::uint64_t bytes, picture::stage what) override;

  std::optional<error> failure;                     ///< what every picture meets
  std::function<void(picture::stage what)> before;  ///< called with each, before it is prepared
  std::vector<std::string> asked;
};

/// The body that announces a picture of this content.
std::string announcing(std::string_view bytes, std::string_view more = "");

/// The images of {loft}.
inline constexpr const char* lofts_images = "/api/v1/properties/{loft}/images";

/// Keeps how to send a picture that was announced, for `upload`.
expectation keep_upload(const std::string& name);

/// Announces a picture as somebody's and keeps its id under this name.
scenario& announce(scenario& s, const std::string& name, std::string_view bytes, const std::string& who = "ann",
                   std::string_view more = "");

/// Sends bytes to where those of the picture go, on the disk to the marketplace, else to the bucket: the status.
int upload(scenario& s, const std::string& name, std::string_view bytes);

/// Says that it is there.
call uploaded(const std::string& name, const std::string& who = "ann");

/// All three.
scenario& add_picture(scenario& s, const std::string& name, std::string_view bytes, const std::string& who = "ann",
                      std::string_view more = "");

}  // namespace spaces::test

#include "program/media/pixels.hpp"

#include <vips/vips8>

#include <cstdint>
#include <utility>
#include <vector>

namespace spaces::media {

namespace {

using vips::VImage;

/// As photographs on pages usually are; measured beside each other in docs/BENCHMARKS.md.
constexpr int jpeg_quality = 80;
constexpr int webp_quality = 80;
constexpr int webp_effort = 2;
constexpr int avif_quality = 60;
constexpr int avif_effort = 1;

std::string taken(VipsBlob* blob) {
  std::size_t size = 0;
  const void* const bytes = vips_blob_get(blob, &size);
  std::string made(static_cast<const char*>(bytes), size);
  vips_area_unref(VIPS_AREA(blob));
  return made;
}

std::uint32_t little32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i > 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

/// The WebP with its pixels' chunk alone (RFC 9649, 2.5): libvips puts EXIF of its own beside it, asked to strip or
/// not.
std::string simple_webp(std::string_view whole) {
  constexpr std::size_t file_head = 12, chunk_head = 8;
  for (std::size_t at = file_head; at + chunk_head <= whole.size();) {
    const std::size_t size = little32(whole.substr(at + 4, 4));
    const std::size_t padded = chunk_head + size + size % 2;
    if (padded > whole.size() - at) break;
    if (whole.substr(at, 4) != "VP8 ") {
      at += padded;
      continue;
    }
    std::string made = "RIFF0000WEBP";
    made += whole.substr(at, padded);
    for (std::size_t i = 0; i < 4; ++i) made[4 + i] = static_cast<char>((padded + 4) >> (8 * i));
    return made;
  }
  throw vips::VError("webp: no chunk of pixels");
}

}  // namespace

void pixels::freed::operator()(char* bytes) const { g_free(bytes); }

pixels::pixels(const VImage& from)
    : width_(static_cast<unsigned>(from.width())),
      height_(static_cast<unsigned>(from.height())),
      bands_(static_cast<unsigned>(from.bands())) {
  bytes_.reset(static_cast<char*>(from.write_to_memory(&size_)));
}

VImage pixels::view() const {
  return VImage::new_from_memory(bytes_.get(), size_, static_cast<int>(width_), static_cast<int>(height_),
                                 static_cast<int>(bands_), VIPS_FORMAT_UCHAR)
      .copy(VImage::option()->set("interpretation", bands_ == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB));
}

pixels pixels::read(std::string_view encoded, unsigned width, unsigned height, bool own_colours) {
  VipsBlob* const blob = vips_blob_new(nullptr, encoded.data(), encoded.size());
  const std::unique_ptr<VipsBlob, void (*)(VipsBlob*)> held(blob,
                                                            [](VipsBlob* one) { vips_area_unref(VIPS_AREA(one)); });
  // That a cut picture is an error goes by the loader's own options: the argument for it is ignored where a buffer is
  // read (libvips, issue 5195).
  auto* const options = VImage::option()
                            ->set("height", static_cast<int>(height))
                            ->set("size", VIPS_SIZE_FORCE)
                            ->set("option_string", "[fail_on=truncated]");
  // Not for others: libvips takes a picture without a profile for one of another gamma then.
  if (own_colours) options->set("export_profile", "srgb");
  VImage made = VImage::thumbnail_buffer(blob, static_cast<int>(width), options);
  if (made.interpretation() != VIPS_INTERPRETATION_sRGB) made = made.colourspace(VIPS_INTERPRETATION_sRGB);
  if (made.has_alpha()) made = made.flatten(VImage::option()->set("background", std::vector<double>{255, 255, 255}));
  if (made.format() != VIPS_FORMAT_UCHAR) made = made.cast(VIPS_FORMAT_UCHAR);
  if (made.bands() > 3) made = made.extract_band(0, VImage::option()->set("n", 3));
  return pixels(made);
}

pixels pixels::gradient(unsigned width, unsigned height) {
  const VImage place = VImage::xyz(static_cast<int>(width), static_cast<int>(height));
  const VImage third = (place.extract_band(0) + place.extract_band(1)) / 3;
  return pixels(place.bandjoin(third).cast(VIPS_FORMAT_UCHAR));
}

pixels pixels::scaled(unsigned width, unsigned height) const {
  return pixels(
      view().thumbnail_image(static_cast<int>(width),
                             VImage::option()->set("height", static_cast<int>(height))->set("size", VIPS_SIZE_FORCE)));
}

pixels pixels::grey(unsigned side) const {
  const pixels square = scaled(side, side);
  return pixels(square.view().colourspace(VIPS_INTERPRETATION_B_W));
}

std::string pixels::jpeg() const {
  return taken(view().jpegsave_buffer(VImage::option()
                                          ->set("Q", jpeg_quality)
                                          ->set("optimize_coding", true)
                                          ->set("interlace", true)
                                          ->set("strip", true)));
}

std::string pixels::webp() const {
  return simple_webp(taken(view().webpsave_buffer(
      VImage::option()->set("Q", webp_quality)->set("effort", webp_effort)->set("strip", true))));
}

std::string pixels::avif() const {
  return taken(view().heifsave_buffer(VImage::option()
                                          ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
                                          ->set("Q", avif_quality)
                                          ->set("effort", avif_effort)
                                          ->set("bitdepth", 8)
                                          ->set("strip", true)));
}

std::string pixels::png() const {
  return taken(view().pngsave_buffer(VImage::option()->set("compression", 1)->set("strip", true)));
}

}  // namespace spaces::media

/// Pixels in memory and nothing else: what a picture brought along (places, names, profiles) has no way into its files.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vips {
class VImage;
}

namespace spaces::media {

/// 8 bits of sRGB in three bands, or of grey in one. What goes wrong is a vips::VError.
class pixels {
 public:
  pixels() = default;

  /// The first frame of an encoded picture, turned the right way up, on white where it is transparent, of exactly this
  /// size. Colours are converted where they are its own; others are sRGB already. Cut bytes are an error.
  static pixels read(std::string_view encoded, unsigned width, unsigned height, bool own_colours);
  /// Something to warm up with.
  static pixels gradient(unsigned width, unsigned height);

  unsigned width() const { return width_; }
  unsigned height() const { return height_; }
  std::string_view bytes() const { return {bytes_.get(), size_}; }

  pixels scaled(unsigned width, unsigned height) const;
  /// A square of grey.
  pixels grey(unsigned side) const;

  std::string jpeg() const;
  std::string webp() const;
  std::string avif() const;
  std::string png() const;

 private:
  struct freed {
    void operator()(char* bytes) const;
  };
  explicit pixels(const vips::VImage& from);
  vips::VImage view() const;

  std::unique_ptr<char, freed> bytes_;
  std::size_t size_ = 0;
  unsigned width_ = 0;
  unsigned height_ = 0;
  unsigned bands_ = 0;
};

}  // namespace spaces::media

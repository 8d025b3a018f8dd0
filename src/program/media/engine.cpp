#include "program/media/engine.hpp"

#include "platform/picture/likeness.hpp"
#include "platform/picture/limits.hpp"
#include "platform/picture/sizes.hpp"
#include "platform/picture/thumb_hash.hpp"
#include "program/media/pixels.hpp"

#include <vips/vips8>
// Does not stand alone.
#include <vips/vector.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace spaces::media {

namespace {

using namespace picture;
using vips::VError;
using vips::VImage;

/// The only loaders that may run, by `format`.
constexpr const char* loaders[] = {"VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer",
                                   "VipsForeignLoadHeifBuffer", "VipsForeignLoadHeifBuffer"};

/// Whatever libvips would make of the bytes by itself: they are read as what we took them for, or not at all.
void allow_only(format kind) {
  vips_operation_block_set("VipsForeignLoad", TRUE);
  vips_operation_block_set(loaders[static_cast<std::size_t>(kind)], FALSE);
}

/// What a failed decoder says of the picture.
reason reason_of(const VError& failure) {
  const std::string_view text = failure.what();
  const bool memory =
      text.find("out of memory") != std::string_view::npos || text.find("emory allocation") != std::string_view::npos;
  return memory ? reason::too_slow : reason::damaged;
}

size upright_size(const VImage& head) {
  const auto width = static_cast<unsigned>(head.width()), height = static_cast<unsigned>(head.height());
  return vips_image_get_orientation_swap(head.get_image()) != 0 ? size{height, width} : size{width, height};
}

/// Whether its numbers mean another colour than sRGB says: with a profile of its own, or inks.
bool has_own_colours(const VImage& head) {
  return head.get_typeof(VIPS_META_ICC_NAME) != 0 || head.interpretation() == VIPS_INTERPRETATION_CMYK;
}

std::vector<file> encode_all(const pixels& largest, const std::vector<size>& sizes, stage what, pixels& smallest) {
  std::vector<file> first, second;
  pixels scaled;
  const pixels* from = &largest;
  // Each size is made of the next larger one: a third of the time that making each of the largest takes.
  for (auto one = sizes.rbegin(); one != sizes.rend(); ++one) {
    if (one != sizes.rbegin()) {
      scaled = from->scaled(one->width, one->height);
      from = &scaled;
    }
    if (what == stage::avif) {
      first.push_back({"image/avif", one->width, one->height, from->avif()});
      continue;
    }
    first.push_back({"image/jpeg", one->width, one->height, from->jpeg()});
    second.push_back({"image/webp", one->width, one->height, from->webp()});
  }
  std::reverse(first.begin(), first.end());
  std::reverse(second.begin(), second.end());
  std::move(second.begin(), second.end(), std::back_inserter(first));
  smallest = from == &largest ? largest.scaled(largest.width(), largest.height()) : std::move(scaled);
  return first;
}

/// The largest that a ThumbHash is made of.
size thumb_size(size original) {
  const unsigned longer = std::max(original.width, original.height);
  if (longer <= thumb_hash_side_max) return original;
  const auto scaled = [&](unsigned side) { return std::max(1U, side * thumb_hash_side_max / longer); };
  return {scaled(original.width), scaled(original.height)};
}

void finish(prepared& made, const pixels& largest, const std::vector<size>& sizes, stage what) {
  pixels smallest;
  made.files = encode_all(largest, sizes, what, smallest);
  if (what == stage::avif) return;
  const size small = thumb_size({smallest.width(), smallest.height()});
  const pixels thumb = smallest.scaled(small.width, small.height);
  made.placeholder = thumb_hash(small.width, small.height, thumb.bytes());
  made.likeness = likeness_of(smallest.grey(likeness_side).bytes());
}

/// What libraries would write to standard error, which leads nowhere.
GLogWriterOutput write_nothing(GLogLevelFlags, const GLogField*, gsize, gpointer) { return G_LOG_WRITER_HANDLED; }

/// In a Lambda layer (scripts/media-layer) libvips' modules lie beside the program, not where Debian has them.
void find_modules() {
  std::error_code failed;
  const auto home = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path().parent_path();
  if (failed || home.filename() != "spaces") return;
  ::setenv("VIPSHOME", (home / "lib").c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before threads
}

}  // namespace

bool start_engine(const char* program) {
  find_modules();
  g_log_set_writer_func(write_nothing, nullptr, nullptr);
  if (VIPS_INIT(program) != 0) return false;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  // It would write machine code into memory, and open files for it.
  vips_vector_set_enabled(FALSE);
  vips_block_untrusted_set(TRUE);
  return true;
}

std::variant<prepared, reason> prepare(std::string_view bytes, stage what) {
  const auto read = read_header(bytes);
  if (const reason* const why = std::get_if<reason>(&read)) return *why;
  allow_only(std::get<header>(read).kind);
  prepared made;
  pixels largest;
  std::vector<size> sizes;
  try {
    const VImage head = VImage::new_from_buffer(bytes.data(), bytes.size(), "");  // reads no pixels yet
    const size upright = upright_size(head);
    // Once more by what the decoder says: of AVIF and HEIC, it may see what our own header did not.
    if (const auto over = beyond_limits(upright.width, upright.height)) return *over;
    made.width = upright.width;
    made.height = upright.height;
    sizes = what == stage::avif ? avif_sizes_of(upright) : sizes_of(upright);
    largest = pixels::read(bytes, sizes.back().width, sizes.back().height, has_own_colours(head));
  } catch (const VError& failure) {
    vips_error_clear();
    return reason_of(failure);
  }
  try {
    finish(made, largest, sizes, what);
  } catch (const VError&) {
    // Every format has worked in the warm-up: this picture takes more than there is.
    vips_error_clear();
    return reason::too_slow;
  }
  return made;
}

bool warm_up() {
  const pixels drawn = pixels::gradient(400, 300);
  const std::string originals[] = {drawn.jpeg(), drawn.png(), drawn.webp(), drawn.avif()};
  for (const std::string& one : originals)
    for (const stage what : {stage::first, stage::avif})
      if (!std::holds_alternative<prepared>(prepare(one, what))) return false;
  return true;
}

}  // namespace spaces::media

#include "platform/picture/box_header.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace spaces::picture {

namespace {

/// Reads numbers from the front of some bytes; once there are too few, it has failed and gives 0.
class cursor {
 public:
  explicit cursor(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(std::size_t bytes) {
    if (bytes > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (const char c : rest_.substr(0, bytes)) value = value << 8 | static_cast<unsigned char>(c);
    rest_.remove_prefix(bytes);
    return value;
  }
  std::string_view text(std::uint64_t bytes) {
    failed_ = failed_ || bytes > rest_.size();
    const std::string_view taken = failed_ ? std::string_view() : rest_.substr(0, bytes);
    rest_ = failed_ ? std::string_view() : rest_.substr(bytes);
    return taken;
  }
  std::string_view rest() const { return rest_; }
  bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct box {
  std::string_view type;
  std::string_view content;
};

/// The next box of these; none at their end, or where one is longer than what holds it.
std::optional<box> next_box(cursor& from) {
  if (from.rest().empty()) return std::nullopt;
  const std::size_t before = from.rest().size();
  std::uint64_t size = from.number(4);
  const std::string_view type = from.text(4);
  if (size == 1) size = from.number(8);
  const std::size_t head = before - from.rest().size();
  if (size == 0) size = before;  // up to the end
  if (size < head) return std::nullopt;
  const std::string_view content = from.text(size - head);
  if (from.failed()) return std::nullopt;
  return box{type, content};
}

std::optional<std::string_view> find_box(std::string_view inside, std::string_view type) {
  cursor at(inside);
  while (const auto one = next_box(at))
    if (one->type == type) return one->content;
  return std::nullopt;
}

struct extent {
  unsigned width = 0;
  unsigned height = 0;
};

/// The item properties, by their place; those that are no size are 0 x 0.
struct attribute_list {
  std::array<extent, attributes_max> sizes{};
  std::size_t count = 0;
};

/// The reason against them, if there is one.
std::optional<reason> read_attributes(std::string_view ipco, attribute_list& into) {
  cursor at(ipco);
  while (const auto one = next_box(at)) {
    if (into.count == into.sizes.size()) return reason::damaged;
    extent& size = into.sizes.at(into.count++);
    if (one->type != "ispe") continue;
    cursor fields(one->content);
    fields.number(4);  // version and flags
    size.width = static_cast<unsigned>(fields.number(4));
    size.height = static_cast<unsigned>(fields.number(4));
    if (fields.failed()) return reason::damaged;
    if (const auto over = beyond_limits(size.width, size.height)) return over;
  }
  return at.rest().empty() && !at.failed() ? std::nullopt : std::optional(reason::damaged);
}

/// The size among the properties of an item.
std::optional<extent> size_of(std::uint64_t item, std::string_view ipma, const attribute_list& attributes) {
  cursor at(ipma);
  const auto version_and_flags = at.number(4);
  const std::size_t id_bytes = version_and_flags >> 24 < 1 ? 2 : 4;
  const bool wide = (version_and_flags & 1) != 0;
  for (auto left = at.number(4); left > 0 && !at.failed(); --left) {
    const bool mine = at.number(id_bytes) == item;
    for (auto associations = at.number(1); associations > 0 && !at.failed(); --associations) {
      const std::uint64_t index = at.number(wide ? 2 : 1) & (wide ? 0x7FFF : 0x7F);  // the highest bit: essential
      if (!mine || index == 0 || index > attributes.count) continue;
      const extent& size = attributes.sizes.at(index - 1);
      if (size.width > 0) return size;
    }
  }
  return std::nullopt;
}

std::optional<format> format_by_brands(std::string_view ftyp) {
  cursor at(ftyp);
  const std::string_view major = at.text(4);
  at.number(4);
  constexpr std::string_view avif[] = {"avif", "avis"};
  constexpr std::string_view heic[] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};
  const auto is_one_of = [](std::string_view brand, const auto& brands) {
    for (const std::string_view one : brands)
      if (brand == one) return true;
    return false;
  };
  if (is_one_of(major, avif)) return format::avif;
  if (is_one_of(major, heic)) return format::heic;
  for (; at.rest().size() >= 4;) {
    const std::string_view brand = at.text(4);
    if (is_one_of(brand, avif)) return format::avif;
    if (is_one_of(brand, heic)) return format::heic;
  }
  return std::nullopt;
}

}  // namespace

std::optional<format> format_of_boxes(std::string_view bytes) {
  const auto ftyp = find_box(bytes, "ftyp");
  return ftyp ? format_by_brands(*ftyp) : std::nullopt;
}

std::variant<header, reason> read_box_header(std::string_view bytes) {
  const auto ftyp = find_box(bytes, "ftyp");
  if (!ftyp) return reason::damaged;
  const auto kind = format_by_brands(*ftyp);
  if (!kind) return reason::format;  // a film, or a camera's raw picture
  const auto meta = find_box(bytes, "meta");
  if (!meta || meta->size() < 4) return reason::damaged;
  const std::string_view boxes = meta->substr(4);  // behind version and flags
  const auto pitm = find_box(boxes, "pitm");
  const auto iprp = find_box(boxes, "iprp");
  const auto ipco = iprp ? find_box(*iprp, "ipco") : std::nullopt;
  if (!pitm || !ipco) return reason::damaged;
  attribute_list attributes;
  if (const auto against = read_attributes(*ipco, attributes)) return *against;

  cursor primary(*pitm);
  const bool wide = primary.number(4) >> 24 != 0;
  const std::uint64_t item = primary.number(wide ? 4 : 2);
  if (primary.failed()) return reason::damaged;
  cursor at(*iprp);
  while (const auto one = next_box(at))
    if (one->type == "ipma")
      if (const auto size = size_of(item, one->content, attributes)) return header{*kind, size->width, size->height};
  return reason::damaged;
}

}  // namespace spaces::picture

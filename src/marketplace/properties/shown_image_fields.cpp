// How pictures are documented: the members that properties/shown_images.cpp writes, which a test holds to this.
#include "marketplace/properties/listing_images.hpp"

namespace spaces::properties {

namespace {

using namespace record;

/// What is written elsewhere and only documented here.
struct only_shown {
  static std::string_view packed() { return {}; }
  static bool unpack(const value&) { return false; }
};
struct shown_sources : only_shown {};
struct shown_widths : only_shown {};

struct shown_source {
  source_type type{};
  std::int64_t width = 0, height = 0, bytes = 0;
  std::string url;
};

constexpr field source_fields[] = {
    of<&shown_source::type>("type", on_show, {.example = "\"image/webp\""}),
    of<&shown_source::width>("width", on_show, {.example = "640"}),
    of<&shown_source::height>("height", on_show, {.example = "480"}),
    of<&shown_source::bytes>("bytes", on_show, {.doc = "Of the file", .example = "48213"}),
    of<&shown_source::url>("url", on_show,
                           {.doc = "May be kept for good: another content has another address",
                            .example = "\"https://example.com/media/71/019ab3c4…/5a1c…-640.webp\""}),
};

constexpr packed_form sources_form{[]() -> field_span { return source_fields; }, true};
constexpr packed_form widths_form{nullptr, true};

}  // namespace

}  // namespace spaces::properties

template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::properties::shown_sources> =
    &spaces::properties::sources_form;
template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::properties::shown_widths> =
    &spaces::properties::widths_form;

namespace spaces::properties {

namespace {

struct shown_image {
  uuid id;
  image_status status{};
  std::optional<std::string> reason;
  std::optional<std::int64_t> width, height;
  std::optional<std::string> alt, placeholder, url;
  shown_sources sources;
};

constexpr field image_fields[] = {
    of<&shown_image::id>("id", on_show, {.example = "\"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071\""}),
    of<&shown_image::status>("status", on_show,
                             {.doc = "awaiting its upload, preparing, ready or refused; outside: an address of an "
                                     "import. Others than the owner see ready and outside ones",
                              .example = "\"ready\""}),
    of<&shown_image::reason>("reason", on_show,
                             {.length_max = image_reason_max, .doc = "Why it was refused", .example = "null"}),
    of<&shown_image::width>("width", on_show, {.doc = "Of the original, turned the right way up", .example = "4032"}),
    of<&shown_image::height>("height", on_show, {.example = "3024"}),
    of<&shown_image::alt>("alt", on_show,
                          {.length_max = alt_max,
                           .doc = "For who cannot see it",
                           .example = "\"The kitchen, with a window to the garden\""}),
    of<&shown_image::placeholder>("placeholder", on_show,
                                  {.doc = "A ThumbHash in base64: what to show until it is there",
                                   .example = "\"3OcRJYB4d3h/iIeHeEh3eIhw+j2w\""}),
    of<&shown_image::url>("url", on_show,
                          {.doc = "For who wants one address: a JPEG for a page's width, or that of an outside one",
                           .example = "\"https://example.com/media/71/019ab3c4…/5a1c…-1280.jpg\""}),
    of<&shown_image::sources>("sources", on_show,
                              {.doc = "The files, as HTML's <picture> takes them: AVIF first, where it is ready "
                                      "already, then WebP and JPEG; none of an outside one",
                               .example = R"([{"type": "image/webp", "width": 640, "height": 480, "bytes": 48213,)"
                                          R"( "url": "https://example.com/media/71/019ab3c4…/5a1c…-640.webp"}])"}),
};

struct shown_cover {
  std::int64_t width = 0, height = 0;
  std::optional<std::string> placeholder;
  std::string url;
  shown_widths widths;
  std::vector<std::string> types;
};

constexpr field cover_fields[] = {
    of<&shown_cover::width>("width", on_show, {.doc = "Of the original", .example = "4032"}),
    of<&shown_cover::height>("height", on_show, {.example = "3024"}),
    of<&shown_cover::placeholder>("placeholder", on_show,
                                  {.doc = "A ThumbHash in base64", .example = "\"3OcRJYB4d3h/iIeHeEh3eIhw+j2w\""}),
    of<&shown_cover::url>("url", on_show,
                          {.doc = "Of each file, with one of `widths` and of `types` put in: "
                                  "\"…-{width}.{type}\" is \"…-640.webp\"",
                           .example = "\"https://example.com/media/71/019ab3c4…/5a1c…-{width}.{type}\""}),
    of<&shown_cover::widths>("widths", on_show, {.example = "[320, 640, 1280, 2048]"}),
    of<&shown_cover::types>("types", on_show, {.items_max = 3, .example = "[\"webp\", \"jpg\"]"}),
};

}  // namespace

field_span shown_image_fields() { return image_fields; }

field_span shown_cover_fields() { return cover_fields; }

}  // namespace spaces::properties

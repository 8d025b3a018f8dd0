/// The documentation page at /docs: swagger-ui and our own page around it, compressed when the
/// program is built and carried inside the binary, so that it needs no network and no folder.
#pragma once

#include <span>
#include <string_view>

namespace spaces::app {

/// One file of the page, as it is sent to a client that accepts gzip; every browser does.
struct docs_file {
  std::string_view path;          ///< of the URL: "/docs" (the page itself), "/docs/init.js", …
  std::string_view content_type;  ///< with its charset
  std::string_view gzip;          ///< the body under Content-Encoding: gzip; inflate it for other clients
  std::string_view etag;          ///< strong, of the gzip bytes: `"<16 hex digits>-gzip"`, quotes included;
                                  ///< what is inflated carries it without "-gzip"
};

/// All files of the page, in the order of their paths. They stand as long as the program.
std::span<const docs_file> docs_files();

/// What the page's answers carry as Content-Security-Policy: files and calls of this server and
/// nothing else; swagger-ui draws its own icons as data: pictures, and homes have pictures in a bucket or elsewhere.
inline constexpr std::string_view docs_content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace spaces::app

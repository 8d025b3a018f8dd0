# The rooms and the arrows between them; test/tidy holds the #include lines to the same.
spaces_room(base LINKS fmt::fmt-header-only OpenSSL::Crypto PkgConfig::UTF8PROC Boost::headers)
spaces_room(record LINKS spaces_base Boost::json)
spaces_room(telemetry LINKS spaces_record)
spaces_room(http LINKS spaces_record ZLIB::ZLIB)
spaces_room(table LINKS spaces_record)
spaces_room(table/lmdb LINKS spaces_table PkgConfig::LMDB Threads::Threads)
spaces_room(identity LINKS spaces_table)
spaces_room(identity/local LINKS spaces_identity Boost::json)
include(cmake/libcsv.cmake)
spaces_room(properties LINKS spaces_http spaces_identity spaces_table spaces_telemetry CSV::CSV)
spaces_room(net LINKS spaces_http spaces_telemetry Threads::Threads)
spaces_room(app LINKS spaces_net spaces_properties spaces_table_lmdb spaces_identity_local spaces_docs_page
  CLI11::CLI11)

// The part of DuckDB for browsers that the page Ask calls. `make ask-engine` writes ask_engine/duckdb.js from it.
export { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } from "@duckdb/duckdb-wasm";

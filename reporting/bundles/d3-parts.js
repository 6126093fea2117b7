// The parts of D3 that the drawings use, as one script. `make bundles` writes static/vendor/d3-parts.min.js from it.
export { scaleLinear, scaleBand } from "d3-scale";
export { line, area, curveMonotoneX } from "d3-shape";
export { select, create } from "d3-selection";
export { group, groups, rollup, max, min, sum, extent, median, quantile, range, sort, greatest } from "d3-array";
export { sankey, sankeyLeft, sankeyLinkHorizontal } from "d3-sankey";

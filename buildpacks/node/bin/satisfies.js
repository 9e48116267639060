// usage: node satisfies.js VERSION RANGE. Ends with 0 when the version is in the range (node-semver's grammar, without
// pre-releases), or the range is none that can be read; with 1 when it is not.
const [version, range] = process.argv.slice(2);
const numbers = (text) => text.replace(/^[v=]+/, "").split(/[.+-]/).slice(0, 3);
const isAny = (part) => part === undefined || part === "" || /^[xX*]$/.test(part);
const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

// The lowest version of a partial one such as 18.x, and the lowest one above all that it covers.
const low = (parts) => [0, 1, 2].map((i) => (isAny(parts[i]) ? 0 : Number(parts[i])));
const above = (parts, fixed) => {
    if (isAny(parts[0])) return [Infinity, 0, 0];
    const next = low(parts);
    next[fixed - 1] += 1;
    return next.map((n, i) => (i < fixed ? n : 0));
};
const given = (parts) => (isAny(parts[1]) ? 1 : isAny(parts[2]) ? 2 : 3);
const covers = (version, least, end) => compare(version, least) >= 0 && compare(version, end) < 0;
// How many numbers ^ keeps: those up to the first that is not zero, as far as they are given.
const leading = (least, count) => (least[0] > 0 ? 1 : Math.min(count, least[1] > 0 ? 2 : 3));

function holds(comparator) {
    const [, operator, text] = comparator.match(/^(>=|<=|>|<|\^|~>?|=)?\s*(.*)$/);
    const parts = numbers(text);
    if (parts.some((part) => !isAny(part) && !/^\d+$/.test(part))) return true;
    const has = low(numbers(version));
    const least = low(parts), end = above(parts, given(parts));
    switch (operator) {
        case ">=": return compare(has, least) >= 0;
        case ">": return compare(has, end) >= 0;
        case "<": return compare(has, least) < 0;
        case "<=": return compare(has, end) < 0;
        case "^": return covers(has, least, above(parts, leading(least, given(parts))));
        case "~": case "~>": return covers(has, least, above(parts, Math.min(given(parts), 2)));
        default: return covers(has, least, end);
    }
}

const alternatives = range.split("||").map((text) => text.trim()
    .replace(/^(\S+)\s+-\s+(\S+)$/, ">=$1 <=$2")
    .replace(/(>=|<=|>|<|\^|~>?|=)\s+/g, "$1")
    .split(/\s+/).filter(Boolean));
process.exit(alternatives.some((all) => all.every(holds)) ? 0 : 1);

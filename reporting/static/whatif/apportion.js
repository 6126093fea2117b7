// The apportionment of the warehouse, again, in whole pence and whole-number weights: nothing passes through a float.
// A test compares it with the models on random changes, to the penny.
(() => {
  const FULL = 1_000_000_000_000n;
  const MILLION = 1_000_000n;
  const TIERS = ["primary", "secondary", "tertiary", "reactive", "enabling", "out_of_scope", "unclassified"];
  const size = (n) => (n < 0n ? -n : n);
  const least = (...values) => values.reduce((a, b) => (b < a ? b : a));
  const most = (...values) => values.reduce((a, b) => (b > a ? b : a));

  // A share written as per cent, such as "12.5", as whole million-millionths of the whole; null where it is none.
  function weightOf(text) {
    const found = /^(\d{1,3})(?:\.(\d{1,10}))?$/.exec(String(text).trim());
    if (!found) return null;
    const weight = BigInt(found[1]) * (FULL / 100n) + BigInt((found[2] || "").padEnd(10, "0"));
    return weight > FULL ? null : weight;
  }
  // Per cent of a weight with as many places as it has.
  function percentOf(weight) {
    const text = weight.toString().padStart(11, "0");
    const rest = text.slice(-10).replace(/0+$/, "");
    return rest ? `${text.slice(0, -10)}.${rest}` : text.slice(0, -10);
  }
  // A weight in parts per million, half up, as ranges are kept.
  const ppm = (weight) => (weight + 500_000n) / MILLION;

  // Whole pence for each recipient, by largest remainder; ties to the one that comes first; the sign is restored last.
  function largestRemainder(pence, recipients, order) {
    const whole = recipients.reduce((sum, r) => sum + r.weight, 0n);
    const ranked = recipients.map((r) => {
      const product = size(pence) * r.weight;
      return { r, given: product / whole, rest: product % whole };
    });
    let left = size(pence) - ranked.reduce((sum, { given }) => sum + given, 0n);
    const queue = [...ranked].sort((a, b) => (a.rest === b.rest ? order(a.r, b.r) : a.rest > b.rest ? -1 : 1));
    for (const one of queue) { if (left <= 0n) break; one.given += 1n; left -= 1n; }
    return ranked.map(({ r, given }) => ({ ...r, pence: pence < 0n ? -given : given }));
  }

  const byCode = (a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : 0);
  const byTier = (a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier);

  // One line: `rules` are {service, weight, low, high} as weights; `tiersOf` gives a service's {tier, weight, low, high,
  // home} rules. What they leave is unclassified. Cells carry pence and their own bounds, as absolute amounts.
  function line(pence, rules, tiersOf) {
    const recipients = rules.map((r) => {
      const central = r.weight / MILLION;
      return { ...r, lowPpm: most(0n, least(central, ppm(r.low))), highPpm: least(MILLION, most(central, ppm(r.high))) };
    });
    const left = FULL - recipients.reduce((sum, r) => sum + r.weight, 0n);
    if (left > 0n) {
      const lows = recipients.reduce((sum, r) => sum + r.lowPpm, 0n);
      const highs = recipients.reduce((sum, r) => sum + r.highPpm, 0n);
      recipients.push({ service: "unclassified", weight: left, lowPpm: most(0n, MILLION - highs), highPpm: most(0n, MILLION - lows), isRest: true });
    }
    return largestRemainder(pence, recipients, byCode).flatMap((service) => {
      const tiers = service.isRest ? [] : (tiersOf(service.service) || []).map((t) => {
        const central = ppm(t.weight);
        return { ...t, lowPpm: most(0n, least(central, ppm(t.low))), highPpm: least(MILLION, most(central, ppm(t.high))) };
      });
      const rest = FULL - tiers.reduce((sum, t) => sum + t.weight, 0n);
      if (rest > 0n) {
        const open = { lowPpm: most(0n, MILLION - tiers.reduce((sum, t) => sum + t.highPpm, 0n)), highPpm: most(0n, MILLION - tiers.reduce((sum, t) => sum + t.lowPpm, 0n)) };
        tiers.push({ tier: "unclassified", weight: rest, ...(tiers.length ? open : { lowPpm: MILLION, highPpm: MILLION }), home: false });
      }
      return largestRemainder(service.pence, tiers, byTier).map((t) => {
        const bound = (a, b, up) => (size(pence) * a * b + (up ? FULL - 1n : 0n)) / FULL;
        return {
          service: service.service, tier: t.tier, home: Boolean(t.home), pence: t.pence,
          low: least(size(t.pence), bound(service.lowPpm, t.lowPpm, false)), high: most(size(t.pence), bound(service.highPpm, t.highPpm, true)),
        };
      });
    });
  }

  // What a line gives to a perimeter: central, least and most, the line's total standing whatever moves inside it.
  function perimeter(pence, cells, takes) {
    const sum = (list, pick) => list.reduce((total, c) => total + pick(c), 0n);
    const [lineLow, lineHigh] = [sum(cells, (c) => c.low), sum(cells, (c) => c.high)];
    const mine = cells.filter(takes);
    if (!mine.length) return { central: 0n, low: 0n, high: 0n };
    const [central, low, high] = [sum(mine, (c) => c.pence), sum(mine, (c) => c.low), sum(mine, (c) => c.high)];
    const must = size(pence) - (lineHigh - high);
    const can = size(pence) - (lineLow - low);
    return pence < 0n ? { central, low: -least(high, can), high: -most(low, must) } : { central, low: most(low, must), high: least(high, can) };
  }

  const PERIMETERS = {
    narrow: (c) => c.tier === "primary" || c.tier === "secondary",
    wide: (c) => PERIMETERS.narrow(c) || (c.tier === "tertiary" && !c.home),
    camden: (c) => PERIMETERS.narrow(c) || c.tier === "tertiary",
  };

  globalThis.apportion = { FULL, PERIMETERS, TIERS, largestRemainder, line, percentOf, perimeter, weightOf };
})();

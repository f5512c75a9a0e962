/**
 * Length of a domain's label as DNS has it: itself in ASCII, else `xn--` and what RFC 3492 makes of it. The full stops
 * of East Asia split it, as in any domain (RFC 3490 §3.1). https://www.rfc-editor.org/rfc/rfc3492#section-6.3
 */
export function encodedLength(label: string): number {
  const parts = label.split(/[\u3002\uFF0E\uFF61]/);
  return parts.reduce((sum, part) => sum + partLength(part), parts.length - 1);
}

const BASE = 36;
const LEAST = 1;
const MOST = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 0x80;
/** Every further character takes a digit at least: what is longer than any label need not be encoded. */
const LONGEST_WORTH_ENCODING = 63;

function partLength(part: string): number {
  const codes = [...part].map((character) => character.codePointAt(0) ?? 0);
  const ascii = codes.filter((code) => code < FIRST_CODE).length;
  if (ascii === codes.length || codes.length > LONGEST_WORTH_ENCODING) return codes.length;
  let length = 'xn--'.length + ascii + (ascii > 0 ? '-'.length : 0);
  let [handled, delta, bias] = [ascii, 0, FIRST_BIAS];
  let reached = FIRST_CODE;
  for (const code of [...new Set(codes)].filter((one) => one >= FIRST_CODE).sort((a, b) => a - b)) {
    delta += (code - reached) * (handled + 1);
    for (const other of codes) {
      if (other < code) delta += 1;
      if (other !== code) continue;
      length += digits(delta, bias);
      bias = adapted(delta, handled + 1, handled === ascii);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    reached = code + 1;
  }
  return length;
}

/** How many digits the number takes. */
function digits(number: number, bias: number): number {
  let count = 1;
  let rest = number;
  for (let weight = BASE; ; weight += BASE) {
    const threshold = Math.min(Math.max(weight - bias, LEAST), MOST);
    if (rest < threshold) return count;
    rest = Math.floor((rest - threshold) / (BASE - threshold));
    count += 1;
  }
}

function adapted(delta: number, points: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / points);
  let weight = 0;
  for (; rest > ((BASE - LEAST) * MOST) / 2; weight += BASE) rest = Math.floor(rest / (BASE - LEAST));
  return weight + Math.floor(((BASE - LEAST + 1) * rest) / (rest + SKEW));
}

/** Letters that run from right to left, and the marks that turn a line round. */
const TURNS =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u061C\u200E\u200F]/u;
const CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * A text from outside that leaves the direction of what stands around it alone: set apart by FSI and PDI
 * (https://unicode.org/reports/tr9/), which plain text, HTML and subjects all know. Without the controls that could
 * break out of that.
 */
export function isolated(text: string): string {
  const plain = text.replace(CONTROLS, '');
  return TURNS.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** Channel and network, once when they are the same. */
export function placeOf({ channel, network }: { channel: string; network?: string }): string {
  return network === undefined || channel === network
    ? isolated(channel)
    : `${isolated(channel)} · ${network}`;
}

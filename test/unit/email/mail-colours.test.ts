import { describe, expect, it } from 'vitest';
import { renderAlert } from '../../../shared/email/alert-mail.ts';
import { DUE_AT } from '../../support/builders.ts';

const line = { kind: 'failed', where: 'Bakery', at: DUE_AT, url: 'https://social.example/' } as const;
const { html } = renderAlert([line], {
  brandName: 'Bakery',
  timeZone: 'UTC',
  locale: 'en',
  unsubscribeUrl: 'https://api.example/u',
});

/** Relative luminance and contrast by WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [one, other].map(luminance).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const dark = (name: string): string =>
  new RegExp(`\\.${name}\\{[a-z-]+:(#[0-9a-f]{6})`).exec(html)?.[1] ?? '';
const LIGHT = {
  card: '#ffffff',
  text: '#1f2a30',
  muted: '#55636b',
  link: '#0b6470',
  bar: '#1d7f8c',
  trouble: '#b45309',
  track: '#e3eaec',
  note: '#e6f1f3',
  request: '#fdf1d8',
};
const DARK = Object.fromEntries(Object.keys(LIGHT).map((name) => [name, dark(name)])) as typeof LIGHT;

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s colours of a mail', (_, colours) => {
  it.each(['text', 'muted', 'link'] as const)('let %s be read (WCAG AA: 4.5)', (name) => {
    expect(contrast(colours[name], colours.card)).toBeGreaterThanOrEqual(4.5);
  });

  it('let text be read in a note and a request', () => {
    expect(contrast(colours.text, colours.note)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours.text, colours.request)).toBeGreaterThanOrEqual(4.5);
  });

  it('let bars and the edge of what went wrong be seen (3)', () => {
    expect(contrast(colours.bar, colours.track)).toBeGreaterThanOrEqual(3);
    expect(contrast(colours.trouble, colours.card)).toBeGreaterThanOrEqual(3);
  });
});

it('uses the light colours that are tested here', () => {
  for (const name of ['card', 'text', 'muted', 'link', 'trouble'] as const)
    expect(html).toContain(LIGHT[name]);
});
